"""What a file is follows from what is in it, and a name or a type that says otherwise is a lie."""

import io
import zipfile

import pytest

from faktura.core.documents.media_types import ISDOCX, JPEG, PDF, PNG, XML, is_honest, media_type_of
from tests import lying_files
from tests.lying_files import LIES, Sent

BEGUN = {
    PDF: (b"%PDF-1.7", b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n%PDF-1.4", b"\xef\xbb\xbf%PDF-1.4"),
    PNG: (lying_files.PNG,),
    JPEG: (lying_files.JPEG,),
    XML: (
        b"<?xml version='1.0'?><Faktura/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <svg/> --><?xml-stylesheet href='x'?><ns:Invoice xmlns:ns='x'/>",
    ),
}


def zipped(*names: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return packed.getvalue()


def test_a_zip_is_a_paper_where_an_invoice_is_in_it() -> None:
    packed = zipped("manifest.xml", "Faktura 7.ISDOC", "sken.pdf")

    assert media_type_of(packed) == ISDOCX
    for other in (zipped("faktura.xml"), packed + b"x", packed[:-1], packed[:4] + b"x" + packed[4:], b"PK\x03\x04"):
        assert media_type_of(other) is None


@pytest.mark.parametrize("media_type", BEGUN)
def test_papers_and_pictures_of_them_are_known(media_type: str) -> None:
    assert {media_type_of(content) for content in BEGUN[media_type]} == {media_type}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_lies_is_no_paper_or_another(lie: Sent) -> None:
    found = media_type_of(lie.content)
    assert found is None or not is_honest(found, lie.filename, lie.declared) or len(lie.content) > 15_000_000


def test_a_zip_inside_of_a_paper_is_no_second_content() -> None:
    """Invoices carry files within them; only what ends the file decides how it opens."""
    packed = LIES["a PDF that is a ZIP too"].content
    assert media_type_of(packed + b"\nendstream\n%%EOF\n") == PDF
    assert media_type_of(packed[:-2] + b"\x05\x00%%EOF") is None


@pytest.mark.parametrize(
    ("media_type", "filename", "declared"),
    [
        (PDF, "FV 12.2026", ""),
        (PDF, "", "application/octet-stream"),
        (PDF, "FV.PDF", "Application/PDF; name=x"),
        (JPEG, "a.jpeg", "image/jpg"),
        (XML, "a.isdoc", "text/xml"),
        (XML, "a.isdoc", "application/x-isdoc"),
        (ISDOCX, "a.isdocx", "application/zip"),
        (ISDOCX, "", "application/x-isdocx"),
        (PNG, "a", "text/plain"),
    ],
)
def test_what_says_nothing_of_the_type_lies_about_nothing(media_type: str, filename: str, declared: str) -> None:
    assert is_honest(media_type, filename, declared)


def test_no_head_is_looked_for_without_end() -> None:
    assert media_type_of(b"<?xml version='1.0'?>" + b"<?a?>" * 200_000 + b"<!--") is None
