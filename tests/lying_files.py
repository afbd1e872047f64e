"""Files that are not what they say, as they come to every place that takes papers."""

import io
import zipfile
from collections.abc import Mapping
from typing import NamedTuple

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20

PAGE = b"<html><script>alert(1)</script></html>"
PICTURE_THAT_RUNS = b'<?xml version="1.0"?><!-- a picture --><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'


class Sent(NamedTuple):
    filename: str
    declared: str
    content: bytes


def _zipped(before: bytes = b"") -> bytes:
    """A ZIP, behind the bytes of another file."""
    packed = io.BytesIO(before)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("run.js", "alert(1)")
    return packed.getvalue()


LIES: Mapping[str, Sent] = {
    "a page called a PDF": Sent("faktura.pdf", "application/pdf", PAGE),
    "a page that mentions a PDF": Sent("faktura.pdf", "application/pdf", PAGE + PDF),
    "a script that mentions a PDF": Sent("faktura.pdf", "application/pdf", b"#!/bin/sh\n" + PDF),
    "a program": Sent("faktura.pdf", "application/pdf", b"MZ\x90\0" + PDF),
    "a ZIP called a picture": Sent("paragon.png", "image/png", _zipped()),
    "a PDF that is a ZIP too": Sent("faktura.pdf", "application/pdf", _zipped(PDF)),
    "a picture that is a ZIP too": Sent("paragon.png", "image/png", _zipped(PNG)),
    "a drawing that runs": Sent("paragon.png", "image/png", PICTURE_THAT_RUNS),
    "a drawing called a drawing": Sent("paragon.svg", "image/svg+xml", PICTURE_THAT_RUNS),
    "a page called an invoice in XML": Sent("faktura.xml", "text/xml", b'<?xml version="1.0"?><x:html xmlns:x="y"/>'),
    "an XML that declares entities": Sent(
        "faktura.xml", "text/xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Invoice/>'
    ),
    "a picture called a PDF": Sent("paragon.pdf", "application/pdf", PNG),
    "a picture of another sort": Sent("paragon.png", "image/png", JPEG),
    "a PDF called a picture": Sent("faktura.jpg", "image/jpeg", PDF),
    "a PDF called a page": Sent("faktura.html", "text/html", PDF),
    "nothing": Sent("faktura.pdf", "application/pdf", b""),
    "too much": Sent("faktura.pdf", "application/pdf", PDF + b"\0" * 15_000_000),
}
