"""Section 2: what every kind of document is called, how it is numbered, and what can be done with it."""

from typing import Any, NamedTuple

import pytest
from falcon import testing

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import NOON, Json, issue
from faktura.dialects.infakt.tests.papers.writing import PAPERS, enter
from tests import needs


class Kind(NamedTuple):
    """A row of the first table: `read` and `numbered` are the words for it, empty where it says none."""

    path: str
    read: str
    numbered: str
    pattern: str
    body: Json


KINDS = (
    Kind("invoices", "vat", "vat", "{n}/{month}", {}),
    Kind("invoices", "proforma", "proforma", "{n}/PROF/{month}", {"kind": "proforma"}),
    Kind("corrective_invoices", "correction", "corrective_invoice", "{n}/KOR/{month}", {}),
    Kind("margin_invoices", "margin", "margin_invoice", "{n}/MAR/{month}", {}),
    Kind("advance_invoices", "advance", "advance", "{n}/ZAL/{month}", {}),
    Kind("final_invoices", "final", "final", "{n}/RZL/{month}", {}),
    Kind("oss_invoices", "", "", "{n}/OSS/{month}", {}),
    Kind("corrective_oss_invoices", "", "", "{n}/OSS-KOR/{month}", {}),
    Kind("internal_invoices", "internal", "internal", "{n}/FW/{month}", {}),
    Kind("fiscal_reports", "fiscal_report", "fiscal_report", "RO/{n}/{month}", {}),
    Kind("internal_evidences", "", "internal_evidence", "{n}/DW/{month}", {}),
    Kind("daily_revenues", "", "daily_revenue", "{n}/UD/{month}", {}),
)

each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.read or kind.path)


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def make(client: Client, path: str, **values: Any) -> Json:
    """One of the kind, of today."""
    path = f"/{path}"
    return enter(client, path, **values) if path in PAPERS else issue(client, path, **values)


def next_number(client: Client, kind: Kind, day: str = "") -> Json:
    asked = {"kind": kind.numbered} if kind.path == "invoices" else {}
    answer = client.get(f"/{kind.path}/next_number.json", params=asked | ({"date": day} if day else {}))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json
    return found


@each_kind
def test_a_kind_is_read_by_its_word(client: Client, kind: Kind) -> None:
    assert make(client, kind.path, **kind.body).get("kind", "") == kind.read


@each_kind
def test_the_next_number_is_that_of_the_kind_and_of_the_month(client: Client, kind: Kind) -> None:
    spelled = {"invoice_kind": kind.numbered} if kind.numbered else {}
    for n in (1, 2):
        told = next_number(client, kind)
        assert (
            told == {"next_number": kind.pattern.format(n=n, month="11/2026"), "invoice_date": "2026-11-21"} | spelled
        )
        assert make(client, kind.path, **kind.body)["number"] == told["next_number"]
    later = next_number(client, kind, "2027-02-01")
    assert later == {"next_number": kind.pattern.format(n=1, month="02/2027"), "invoice_date": "2027-02-01"} | spelled


@each_kind
def test_no_other_kind_counts_with_it(client: Client, kind: Kind) -> None:
    make(client, kind.path, **kind.body)

    for other in KINDS:
        # An advance comes before each final invoice.
        n = 2 if other == kind or (kind.read, other.read) == ("final", "advance") else 1
        assert next_number(client, other)["next_number"] == other.pattern.format(n=n, month="11/2026"), other.path


CROSSES = """
list          x x x x x x x x x x x
create        x x x x x x x x x x x
create later  x x x x x x x x x x x
change        x x x x x - - x x x x
delete        x x x x x x x x x x x
print         x x x x x x x - - x x
mail          x x x x x x - - - - -
pay           x x x x x - - - - - -
pay later     x - - - - - - - - - -
number        x x x x x x x x x x x
ksef          x x x x x - - - - - -
share         x - - - - - - - - - -
account       x - - - - - - x x - -
"""
"""The second table, in the order of the paths below."""

PATHS = tuple(dict.fromkeys(kind.path for kind in KINDS))

ROUTES = {
    "list": [("GET", "/{path}.json"), ("GET", "/{path}/{uuid}.json")],
    "create": [("POST", "/{path}.json")],
    "create later": [("POST", "/async/{path}.json"), ("GET", "/async/{path}/status/{task}.json")],
    "change": [("PUT", "/{path}/{uuid}.json")],
    "delete": [("DELETE", "/{path}/{uuid}.json")],
    "print": [("GET", "/{path}/{uuid}/pdf.json?document_type=original")],
    "mail": [("POST", "/{path}/{uuid}/deliver_via_email.json")],
    "pay": [("POST", "/{path}/{uuid}/paid.json")],
    "pay later": [("POST", "/async/{path}/{uuid}/paid.json")],
    "number": [("GET", "/{path}/next_number.json")],
    "ksef": [("POST", "/{path}/{uuid}/send_to_ksef.json"), ("GET", "/{path}/{uuid}/download_xml.json")],
    "share": [
        *((method, "/{path}/{uuid}/share_links.json") for method in ("POST", "GET", "DELETE")),
        *((method, "/{path}/{uuid}/quick_payments.json") for method in ("POST", "GET", "DELETE")),
        ("GET", "/{path}/{uuid}/attachments.json"),
    ],
    "account": [("PUT", "/{path}/{uuid}/mark_as_accounted.json")],
}
"""By row, the routes that it stands for."""


def crossed() -> dict[str, dict[str, bool]]:
    rows = (line.rsplit(maxsplit=len(PATHS)) for line in CROSSES.strip().splitlines())
    return {name.strip(): dict(zip(PATHS, (mark == "x" for mark in marks), strict=True)) for name, *marks in rows}


def take_payments(client: Client) -> None:
    given = Given({"payment_page": "https://pay.example/{number}"})
    client.service.database.write(lambda tx: change_account(Books(tx, client.firm.account, None, NOON), given))


def ask(client: Client, document: Json, method: str, route: str, told: Json) -> testing.Result:
    """`told` is what the request before it was answered with, which may name a task."""
    named = {"uuid": document.get("uuid", document["id"]), "task": told.get("invoice_task_reference_number", "none")}
    address, _, query = route.format(**named).partition("?")
    return client.call(method, address, {} if method in {"POST", "PUT"} else None, query_string=query)


@needs.ONE_ENGINE
@pytest.mark.parametrize("path", PATHS)
def test_what_has_a_cross_is_answered_and_what_has_none_is_not_there(client: Client, path: str) -> None:
    client.service.modes.rate_limits.clear()
    take_payments(client)
    table = crossed()
    assert table.keys() == ROUTES.keys()
    for verb, routes in ROUTES.items():
        document = make(client, path)
        told: Json = {}
        for method, route in routes:
            answer = ask(client, document, method, route.replace("{path}", path), told)
            told = answer.json if answer.status_code == CREATED else {}
            expected = ANSWERED if table[verb][path] else {404}
            assert answer.status_code in expected, (verb, method)


CREATED = 201

ANSWERED = {200, 201, 202, 204, 400, 422}
"""What a route of a kind says of itself: of what it has done, or of what was wrong with an empty body."""
