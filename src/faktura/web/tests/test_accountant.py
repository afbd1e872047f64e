"""The month of an accountant: what is looked at is what is in the file, told in the words of whoever asks."""

import csv
import datetime as dt
import hashlib
import io
import json
import zipfile
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask import Flask
from lxml import etree

from faktura.core.bookkeeping import Period
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.events import fire
from faktura.core.people.users import Membership
from faktura.core.received.enter import enter_expense
from faktura.core.received.record import Expense
from faktura.outputs.accounting.pohoda import NAMESPACES
from faktura.outputs.e_invoices.checking import faults_in
from faktura.store.database import Database
from faktura.web.export.accountant import named
from faktura.web.tests.conftest import Browser, add, in_books, issue
from faktura.web.tests.test_export import signed_in, work
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

MONTH = "since=2026-11-01&until=2026-11-30"
ALL = f"/applecorp/export/accountant?{MONTH}&invoices=yes&corrections=yes&tax_documents=yes&proformas=yes&received=yes"
IN_NOVEMBER: dict[str, Any] = {"issued_on": dt.date(2026, 11, 5), "taxable_on": dt.date(2026, 11, 5)}


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(dt.datetime(2026, 12, 5, 9, tzinfo=dt.UTC))
    return clock


def receive(service: Service, firm: Firm, **values: Any) -> Expense:
    def enter(books: Books) -> Expense:
        contact = add_contact(books, Given({"name": "Papírna a.s."}))
        paper = Given({"name": "Papír", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
        days = {"received_on": dt.date(2026, 11, 7), "original_number": "17/2026"}
        return enter_expense(books, Given({"contact_id": contact.id, "lines": [paper]} | days | values))

    return in_books(service, firm, enter)


def file_of(owner: Browser, service: Service, verb: str, address: str = ALL) -> Any:
    owner.get(address)
    ordered = owner.post(address, verb=verb)
    assert ordered.status_code == 303, ordered.text
    work(service)
    return owner.get(f"{ordered.location}/file")


def test_the_month_that_is_over_is_offered_without_proformas(owner: Browser) -> None:
    asked = owner.get("/applecorp/export/accountant")
    assert asked.location == (
        f"/applecorp/export/accountant?{MONTH}&invoices=yes&corrections=yes&tax_documents=yes&received=yes"
    )
    assert "/applecorp/export/accountant" in owner.get("/applecorp/export?kind=invoice").text


def test_each_isdoc_of_the_month_is_valid_and_in_the_manifest(owner: Browser, service: Service, firm: Firm) -> None:
    made = [issue(service, firm, **IN_NOVEMBER) for _ in range(3)]
    issue(service, firm, issued_on=dt.date(2026, 12, 1), taxable_on=dt.date(2026, 12, 1))
    receive(service, firm)
    answer = file_of(owner, service, "isdoc")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=applecorp-2026-11-")
    assert answer.headers["Content-Disposition"].endswith("-isdoc.zip")
    assert answer.headers["Content-Length"] == str(len(answer.data))

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        manifest = json.loads(archive.read("MANIFEST.json"))["sha256"]
        files = {name: archive.read(name) for name in archive.namelist() if name != "MANIFEST.json"}
    assert sorted(files) == sorted(f"{one.number}.isdoc" for one in made)
    assert manifest == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    assert [faults_in(content, "isdoc") for content in files.values()] == [[], [], []]


def test_what_cannot_be_told_is_listed_in_the_file_and_on_the_page(
    owner: Browser, service: Service, firm: Firm
) -> None:
    kept, cancelled = (issue(service, firm, **IN_NOVEMBER) for _ in range(2))
    odd = issue(service, firm, **IN_NOVEMBER, number="=1+1", currency="EUR", exchange_rate=Decimal(25))
    for one in (cancelled, odd):
        in_books(service, firm, partial(fire, invoice_id=one.id, event="cancel"))
    owner.get(ALL)
    ordered = owner.post(ALL, verb="isdoc").location
    work(service)
    page = owner.get(ordered or "").text
    assert "1 document is done" in page
    assert "2 documents were left out" in page
    assert "The document is cancelled." in page

    with zipfile.ZipFile(io.BytesIO(owner.get(f"{ordered}/file").data)) as archive:
        assert archive.namelist() == [f"{kept.number}.isdoc", "Left out.csv", "MANIFEST.json"]
        rows = list(csv.reader(io.StringIO(archive.read("Left out.csv").decode("utf-8-sig"))))
    assert rows[0] == ["Number", "Reason"]
    assert sorted(rows[1:]) == sorted([number, "The document is cancelled."] for number in ("'=1+1", cancelled.number))


def test_numbers_that_look_alike_in_file_names_do_not_clash(owner: Browser, service: Service, firm: Firm) -> None:
    for number in ("2026/1", "2026-1", "2026.1"):
        issue(service, firm, **IN_NOVEMBER, number=number)
    with zipfile.ZipFile(io.BytesIO(file_of(owner, service, "isdoc").data)) as archive:
        names = set(archive.namelist())
    assert names == {"2026-1.isdoc", "2026-1 (2).isdoc", "2026-1 (3).isdoc", "MANIFEST.json"}


def test_pohoda_is_told_what_was_issued_and_received(owner: Browser, service: Service, firm: Firm) -> None:
    made, paper = issue(service, firm, **IN_NOVEMBER), receive(service, firm)
    page = owner.get(ALL).text
    assert "<output>2 documents</output>" in page
    answer = file_of(owner, service, "pohoda")
    assert answer.headers["Content-Type"] == "application/xml"
    pack = etree.fromstring(answer.data)
    assert pack.get("id") == "faktura-2026-11"
    assert [item.get("id") for item in pack] == [made.number, paper.number]
    types = [found.text for found in pack.iterfind(".//inv:invoiceType", NAMESPACES)]
    assert types == ["issuedInvoice", "receivedInvoice"]


def test_other_documents_than_were_looked_at_are_not_told(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, **IN_NOVEMBER)
    owner.get(ALL)
    receive(service, firm)
    refused = owner.post(ALL, verb="pohoda")
    assert refused.status_code == 422
    assert "Other documents fit by now" in refused.text


def test_a_period_that_cannot_be_read_has_nothing_in_it(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, **IN_NOVEMBER)
    for odd in (
        "since=x&until=2026-11-30&invoices=yes",
        "invoices=yes",
        f"{MONTH}",
        "since=9999-12-31&until=9999-12-31",
    ):
        page = owner.get(f"/applecorp/export/accountant?{odd}")
        assert page.status_code == 200, odd
        assert "No document fits" in page.text, odd


@pytest.mark.parametrize(
    ("since", "until", "name"),
    [
        ("2026-11-01", "2026-11-30", "2026-11"),
        ("2028-02-01", "2028-02-29", "2028-02"),
        ("2026-11-01", "2026-12-31", "2026-11-01-2026-12-31"),
        ("2026-11-01", "9999-12-31", "2026-11-01-9999-12-31"),
        ("9999-12-01", "9999-12-31", "9999-12"),
    ],
)
def test_a_whole_month_gives_its_file_a_name(since: str, until: str, name: str) -> None:
    assert named(Period(dt.date.fromisoformat(since), dt.date.fromisoformat(until), frozenset())) == name


def test_whoever_may_not_see_expenses_is_told_none(
    service: Service, app: Flask, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, "readers", permission="read", language="en")
    issue(service, firm, **IN_NOVEMBER)
    receive(service, firm)

    def close(books: Books) -> None:
        [membership] = books.all(Membership)
        books.change(membership, type(membership)(**{**_values(membership), "scopes": ("invoices",)}))

    in_books(service, firm, close)
    reader = signed_in(app, firm)
    address = ALL.replace("applecorp", "readers")
    assert "<output>1 document</output>" in reader.get(address).text
    answer = file_of(reader, service, "pohoda", address)
    assert b"receivedInvoice" not in answer.data


def _values(membership: Membership) -> dict[str, Any]:
    return {name: getattr(membership, name) for name in membership.__struct_fields__}


def test_programs_of_a_country_are_offered_there_alone(
    service: Service, app: Flask, database: Database, clock: Clock
) -> None:
    polish = open_firm(database, clock, "jabluszko", language="en", country="PL")
    issue(service, polish, add(service, polish, "Karol"))
    browser = signed_in(app, polish)
    page = browser.get("/jabluszko/export?kind=invoice").text
    assert "For the accountant" not in page
    assert 'value="csv"' in page
    assert "pohoda" not in page
    assert "pohoda" not in browser.get("/jabluszko/invoices").text
