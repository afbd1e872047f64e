"""Packages of KSeF are unpacked within limits, and hold just what they say."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from faktura.outside.ksef.failures import Unreachable
from faktura.outside.ksef.packages import LARGEST_INVOICE, METADATA, MOST_INVOICES, unpacked
from faktura.outside.ksef.receiving import digest_of, key_of, window_from
from tests import needs
from tests.ksef_received import NOON

pytestmark = needs.ONE_ENGINE

XML = b"<Faktura/>"


def said(serial: int, xml: bytes = XML, **more: Any) -> dict[str, Any]:
    minute = f"{serial % 60:02}"
    return {
        "ksefNumber": f"1111111111-20261120-{serial:012X}-00",
        "invoiceNumber": f"{serial}/11/2026",
        "issueDate": "2026-11-20",
        "permanentStorageDate": f"2026-11-20T10:{minute}:00.1234567+00:00",
        "seller": {"nip": "1111111111", "name": "Dostawca"},
        "buyer": {"identifier": {"type": "Nip", "value": "1234563218"}, "name": "Nabywca"},
        "netAmount": 100.1,
        "vatAmount": 23.02,
        "grossAmount": 123.12,
        "currency": "PLN",
        "invoiceType": "Vat",
        "formCode": {"systemCode": "FA (3)", "schemaVersion": "1-0E", "value": "FA"},
        "invoiceHash": digest_of(xml),
    } | more


def archive(
    rows: list[dict[str, Any]], files: Mapping[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED
) -> io.BytesIO:
    """Of invoices that all look alike, unless files are named."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in (files or {f"{row['ksefNumber']}.xml": XML for row in rows}).items():
            packed.writestr(name, content)
        packed.writestr(METADATA, json.dumps({"invoices": rows}))
    return out


def refused(content: io.BytesIO, words: str) -> None:
    with pytest.raises(Unreachable, match=words):
        list(unpacked(content, "1234563218", "Subject2"))


def test_invoices_come_as_they_were_stored_with_what_is_said_of_them() -> None:
    found = list(unpacked(archive([said(9), said(2)]), "1234563218", "Subject2"))

    assert [entry.metadata.number for entry, _ in found] == ["2/11/2026", "9/11/2026"]
    entry, xml = found[0]
    assert (xml, entry.is_cost, entry.stored_at.microsecond) == (XML, True, 123456)
    assert (str(entry.metadata.net_total), str(entry.metadata.gross_total)) == ("100.1", "123.12")
    assert (entry.metadata.seller_name, entry.metadata.buyer_tax_no) == ("Dostawca", "1234563218")
    assert (entry.metadata.kind, entry.metadata.schema) == ("Vat", "FA (3)")


def test_another_file_than_the_one_that_is_meant_is_refused() -> None:
    refused(archive([said(1, b"<Other/>")]), "another digest")


def test_what_lacks_an_invoice_is_refused() -> None:
    refused(archive([said(1), said(2)], {f"{said(1)['ksefNumber']}.xml": XML}), "lacks")


def test_what_does_not_say_what_it_holds_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.xml", XML)
    refused(out, "does not say")


def test_what_grows_when_it_is_unpacked_is_refused() -> None:
    refused(archive([said(1)], {"bomb": b"0" * (200 << 20)}), "too large once")
    large = b"<!--" + bytes(range(48, 58)) * (LARGEST_INVOICE // 10) + b"-->"
    refused(archive([said(1, large)], {f"{said(1)['ksefNumber']}.xml": large}, zipfile.ZIP_STORED), "is too large")


def test_more_files_than_a_package_may_have_are_refused_before_they_are_listed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(MOST_INVOICES + 2):
            packed.writestr(f"{number:0500}", b"")
    refused(out, "lists too much")


def test_a_method_that_may_ask_for_any_memory_is_refused() -> None:
    refused(archive([said(1)], method=zipfile.ZIP_LZMA), "damaged")


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>", b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    refused(io.BytesIO(content), "damaged|lists too much")


@pytest.mark.parametrize(
    "row", [{"ksefNumber": None}, {"issueDate": "x"}, {"permanentStorageDate": ""}, {"seller": None}, {"buyer": 7}]
)
def test_what_is_said_in_no_way_that_was_agreed_is_refused(row: dict[str, Any]) -> None:
    refused(archive([said(1) | row]), "damaged|lacks")


def test_an_archive_that_was_changed_on_its_way_is_refused() -> None:
    content = bytearray(archive([said(1), said(2)]).getvalue())
    content[45] ^= 255
    refused(io.BytesIO(bytes(content)), "damaged|another digest")


def test_a_key_follows_from_its_salt() -> None:
    assert key_of("server", "00" * 16) == key_of("server", "00" * 16)
    assert key_of("server", "00" * 16) != key_of("server", "01" * 16) != key_of("other", "01" * 16)
    assert list(map(len, key_of("server", "00" * 16))) == [32, 16]


def test_three_months_are_looked_through_at_once() -> None:
    long_ago = NOON.replace(month=2)
    assert window_from(NOON, NOON).end is None
    assert (window_from(long_ago, NOON).end or NOON) - long_ago < NOON - long_ago
    assert window_from(long_ago, NOON).settled(NOON.isoformat()) == window_from(long_ago, NOON).end
    assert window_from(NOON, NOON).settled(None) == NOON
