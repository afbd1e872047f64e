"""Invoices that come with others: in a ZIP, attached to a PDF, and files that are written down in an invoice."""

import zipfile
import zlib
from collections.abc import Callable

import pytest

from faktura.core.received.received_invoice import Enclosed
from faktura.inputs.e_invoices.packed import plain_name
from faktura.inputs.tests.hostile import ISDOC, NS, a_pdf, changed, example, packed, read, refused
from tests import needs

pytestmark = needs.ONE_ENGINE

AN_ISDOC = example(ISDOC)


def manifest(main: str) -> bytes:
    return f'<manifest xmlns="{NS}/manifest"><maindocument filename="{main}"/></manifest>'.encode()


@pytest.mark.parametrize("named", [{"manifest.xml": manifest("b.isdoc")}, {}])
def test_a_zip_is_read_by_its_manifest_or_by_the_only_isdoc_at_its_top(named: dict[str, bytes]) -> None:
    pdf = a_pdf()
    files = named | {
        "folder/a.isdoc": b"no xml",
        "b.isdoc": AN_ISDOC,
        "../../c.pdf": pdf,
        "d.zip": packed({"e": b"f" * 9}),
    }
    found = read(packed(files))

    assert found.invoice == read(AN_ISDOC).invoice
    assert {one.filename: one.media_type for one in found.enclosed} == {
        "a.isdoc": "application/octet-stream",
        "c.pdf": "application/pdf",
        "d.zip": "application/octet-stream",
    }
    assert Enclosed("c.pdf", "application/pdf", pdf) in found.enclosed


def test_a_manifest_is_read_as_carefully_as_an_invoice() -> None:
    assert refused(packed({"manifest.xml": b"<!DOCTYPE a><a/>", "b.isdoc": AN_ISDOC})) == "doctype"


def test_a_file_of_a_zip_that_is_damaged_is_left_out() -> None:
    whole = packed({"a.isdoc": AN_ISDOC, "c.pdf": b"abcdefgh"}, zipfile.ZIP_STORED)
    found = read(whole.replace(b"abcdefgh", b"abcdefgX"))

    assert found.enclosed == ()
    assert [(warned.doubt, warned.detail.endswith("c.pdf")) for warned in found.invoice.warnings] == [
        ("file_left_out", True)
    ]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.pdf", "b.pdf"),
        ("/a/", "a"),
        ("..", ""),
        ("a\0\nb\u202e.pdf", "ab.pdf"),
        ("x" * 300 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_leads_into_no_folder(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_files_written_down_inside_are_given_with_what_they_are() -> None:
    found = read(example("en16931/examples-ubl/ubl-tc434-example2.xml"))

    assert found.enclosed == (Enclosed("test.pdf", "application/pdf", b"Testing Base64 encoding"),)
    [warned] = found.invoice.warnings
    assert (warned.doubt, warned.detail) == ("file_left_out", "40: URI: http://www.suppliersite.eu/sheet001.html")


def test_a_file_written_down_wrongly_is_left_out() -> None:
    found = read(
        changed(example("en16931/examples-ubl/ubl-tc434-example2.xml"), ("VGVzdGluZyBCYXNlNjQgZW5jb2Rpbmc=", "%%%"))
    )

    assert found.enclosed == ()
    assert [warned.detail.rpartition(" ")[2] for warned in found.invoice.warnings] == [
        "http://www.suppliersite.eu/sheet001.html",
        "test.pdf",
    ]


@pytest.mark.parametrize(
    "name", ["invoice.isdoc", "factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "xrechnung.xml"]
)
@pytest.mark.parametrize("make", [a_pdf, lambda files: a_pdf((), files)], ids=["embedded", "associated"])
def test_a_pdf_carries_an_invoice_under_a_name(name: str, make: Callable[[list[tuple[str, bytes]]], bytes]) -> None:
    assert read(make([("terms.xml", b"<a/>"), (name, AN_ISDOC)])).invoice.number == "2026-0001"


def test_an_isdoc_comes_before_others_and_what_belongs_to_the_document_before_what_lies_in_it() -> None:
    other = changed(AN_ISDOC, ("<ID>2026-0001", "<ID>2026-0002"))

    assert read(a_pdf([("factur-x.xml", other), ("invoice.isdoc", AN_ISDOC)])).invoice.number == "2026-0001"
    assert read(a_pdf([("a.isdoc", other)], [("b.isdoc", AN_ISDOC)])).invoice.number == "2026-0001"
    assert read(a_pdf([("a.isdoc", AN_ISDOC)], [("factur-x.xml", other)])).invoice.number == "2026-0001"


def test_a_pdf_that_unpacks_to_more_than_memory_ends_its_own_process_alone() -> None:
    packing, spaces = zlib.compressobj(9), b" " * 10_000_000
    begun, block = (packing.compress(spaces) + packing.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    bomb = begun + block * 300
    objects = b"<< /Type /EmbeddedFile /Filter /FlateDecode /Length %d >>\nstream\n" % len(bomb) + bomb + b"\nendstream"
    catalog = (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /AF [3 0 R] >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Filespec /F (a.isdoc) /UF (a.isdoc) /EF << /F 4 0 R >> >>\nendobj\n"
        b"4 0 obj\n" + objects + b"\nendobj\ntrailer\n<< /Root 1 0 R >>\n"
    )

    assert refused(catalog) in {"damaged", "too_large"}
