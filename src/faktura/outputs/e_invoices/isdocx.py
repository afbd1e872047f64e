"""An ISDOC with everything beside it in one ZIP: a manifest, the file, the document on paper, its attachments."""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterable

from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.reading.settled import Settled
from faktura.outputs.tables.packing import zipped
from faktura.xml import Node

MEDIA_TYPE = "application/zip"
MANIFEST = "http://isdoc.cz/namespace/2013/manifest"

RESERVED = "manifest.xml"


def isdocx(settled: Settled, name: str, printed: bytes, attachments: Iterable[tuple[str, bytes]]) -> bytes:
    """The same for the same document; `name` is what its file and its print are called, without an ending."""
    main, day = f"{name}.isdoc", settled.facts.issued_on
    beside = named_apart([(RESERVED, b""), (main, b""), (f"{name}.pdf", printed), *attachments])[2:]
    digests = [(called, _digest(content)) for called, content in beside]
    files = [(RESERVED, _manifest(main)), (main, isdoc(settled, digests)), *beside]
    return zipped(files, dt.datetime.combine(day, dt.time(), dt.UTC))


def named_apart(files: Iterable[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """Files as they are called in an archive that has no folders."""
    found: dict[str, tuple[str, bytes]] = {}
    for wanted, content in files:
        plain = wanted.replace("/", "-").replace("\\", "-")
        called, number = plain, 1
        while called.casefold() in found:
            number += 1
            called = f"{number}-{plain}"
        found[called.casefold()] = called, content
    return list(found.values())


def _digest(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def _manifest(main: str) -> bytes:
    root = Node.root("manifest", {"": MANIFEST})
    root.add("maindocument", filename=main)
    return root.written()
