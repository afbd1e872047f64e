"""Documents leave as a file: what is confirmed is what is in it, and only whoever asked gets it."""

import csv
import datetime as dt
import io
import re
from html import unescape

import pytest
from flask import Flask

from faktura.core.clock import Clock
from faktura.core.people.users import User, join
from faktura.jobs import Reach, handlers
from faktura.store.database import Database
from faktura.web.documents.periods import periods
from faktura.web.tests.conftest import Browser, add, in_books, in_office, issue
from faktura.wire.service import Service
from faktura.worker import Worker
from tests.firm import Firm, open_firm

NOVEMBER = "/applecorp/export?since=2026-11-01&until=2026-11-30"


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(dt.datetime(2026, 12, 5, 9, tzinfo=dt.UTC))
    return clock


def work(service: Service) -> None:
    jobs = {name: handler for name, handler in handlers().items() if handler.every is None}
    worker = Worker(service.database, service.clock, jobs, Reach(printer=service.printer))
    while worker.do_next():
        pass


def signed_in(app: Flask, firm: Firm) -> Browser:
    browser = Browser(app)
    assert browser.sign_in(firm.user.email).status_code == 303
    return browser


def test_the_month_that_is_over_is_offered_first(owner: Browser) -> None:
    asked = owner.get("/applecorp/export")
    assert (asked.status_code, asked.location) == (303, "/applecorp/export?since=2026-11-01&until=2026-11-30")


def test_a_blocked_account_may_still_export(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, add(service, firm, "Karel"))
    in_office(service, lambda office: office.change(office.find(type(firm.account), id=firm.account.id), blocked=True))

    assert owner.get("/applecorp/invoices").status_code == 402
    page = owner.get("/applecorp/export?since=2026-12-01&until=2026-12-31")
    assert page.status_code == 200
    ordered = owner.post(page.request.full_path, verb="csv")
    assert ordered.status_code == 303
    work(service)
    assert owner.get(ordered.location or "").status_code == 200
    assert "Karel" in owner.get(f"{ordered.location}/file").text
    assert owner.post("/applecorp/subjects/new", name="Petr").status_code == 402


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (
            "2026-12-05",
            ["2026-12-01 2026-12-31", "2026-11-01 2026-11-30", "2026-10-01 2026-12-31", "2026-07-01 2026-09-30"],
        ),
        (
            "2027-01-01",
            ["2027-01-01 2027-01-31", "2026-12-01 2026-12-31", "2027-01-01 2027-03-31", "2026-10-01 2026-12-31"],
        ),
        (
            "2028-03-31",
            ["2028-03-01 2028-03-31", "2028-02-01 2028-02-29", "2028-01-01 2028-03-31", "2027-10-01 2027-12-31"],
        ),
    ],
)
def test_months_and_quarters_begin_and_end_as_the_calendar_has_them(day: str, said: list[str]) -> None:
    assert [f"{one.since} {one.until}" for one in periods(dt.date.fromisoformat(day))] == said


def test_the_file_holds_the_documents_that_were_confirmed(owner: Browser, service: Service, firm: Firm) -> None:
    inside = [issue(service, firm, f"=Kupec {day}", issued_on=dt.date(2026, 11, day)) for day in (1, 30)]
    issue(service, firm, issued_on=dt.date(2026, 12, 1))
    page = owner.get(NOVEMBER)
    assert "<output>2 documents</output>" in page.text
    assert "242.00" in page.text

    made = owner.post(NOVEMBER, verb="csv")
    assert made.status_code == 303
    assert "0 of 2 documents are done" in owner.get(made.location).text
    assert owner.get(f"{made.location}/file").status_code == 404
    work(service)
    assert "2 documents are done" in owner.get(made.location).text
    file = owner.get(f"{made.location}/file")

    assert file.headers["Content-Disposition"].startswith("attachment; filename=applecorp-2026-12-05-")
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))
    assert sorted(row["Number"] for row in rows) == sorted(one.number for one in inside)
    assert {(row["Kind"], row["Status"], row["Total"]) for row in rows} == {
        ("Invoice", "Overdue", "121.00"),
        ("Invoice", "Open", "121.00"),
    }
    assert all(row["Customer"].startswith("'=") for row in rows)


def test_what_was_changed_since_it_was_looked_at_is_shown_again(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, issued_on=dt.date(2026, 11, 1))
    owner.get(NOVEMBER)
    issue(service, firm, issued_on=dt.date(2026, 11, 2))
    refused = owner.post(NOVEMBER, verb="zip")

    assert refused.status_code == 422
    assert "Other documents fit by now" in refused.text
    assert "<output>2 documents</output>" in refused.text
    assert '<option value="zip" selected>' in refused.text
    assert owner.post(NOVEMBER, verb="zip").status_code == 303


def test_a_form_that_is_sent_twice_makes_one_file(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, issued_on=dt.date(2026, 11, 1))
    owner.get(NOVEMBER)
    form = owner.hidden | {"verb": "pdf"}
    first, second = owner.post_bare(NOVEMBER, **form), owner.post_bare(NOVEMBER, **form)
    assert first.location == second.location


def test_only_whoever_asked_sees_and_downloads_it(
    owner: Browser, service: Service, firm: Firm, app: Flask, database: Database, clock: Clock
) -> None:
    other = open_firm(database, clock, "pearcorp")
    user = in_office(service, lambda office: office.find(User, id=other.user.id))
    in_books(service, firm, lambda books: join(books, user, "owner"))
    issue(service, firm, issued_on=dt.date(2026, 11, 1))
    owner.get(NOVEMBER)
    made = owner.post(NOVEMBER, verb="xlsx").location
    work(service)
    assert owner.get(f"{made}/file").data.startswith(b"PK")
    partner = signed_in(app, other)
    assert partner.get("/applecorp/export?part=all").status_code == 200
    for path in (made, f"{made}/file"):
        assert partner.get(path).status_code == 404
        assert owner.get(path.replace("applecorp", "pearcorp")).status_code == 404


def test_whoever_may_only_read_takes_files_away(service: Service, app: Flask, database: Database, clock: Clock) -> None:
    firm = open_firm(database, clock, "readers", permission="read", language="en")
    issue(service, firm, issued_on=dt.date(2026, 11, 1))
    reader = signed_in(app, firm)
    address = NOVEMBER.replace("applecorp", "readers")
    reader.get(address)
    assert reader.post(address, verb="csv").status_code == 303


def test_filters_of_the_list_narrow_what_leaves(owner: Browser, service: Service, firm: Firm) -> None:
    buyer = add(service, firm, "Karel")
    issue(service, firm, buyer)
    issue(service, firm, kind="proforma")
    for narrowed in ("kind=invoice", f"subject={buyer.id}", "part=unpaid", "query=karel"):
        page = owner.get(f"/applecorp/export?{narrowed}")
        assert "<output>1 document</output>" in page.text, narrowed
        action = re.search(r'class="form" method="post" action="([^"]*)"', page.text)
        assert action is not None
        assert narrowed in unescape(action[1])


def test_nothing_is_made_of_nothing(owner: Browser) -> None:
    assert "No document fits" in owner.get(NOVEMBER).text
    assert owner.post(NOVEMBER, seen="-", verb="csv").status_code == 422
