"""Papers without a buyer in the pages: written down, changed, accounted for, printed, deleted."""

import csv
import datetime as dt
import functools
import io
from decimal import Decimal

import pytest

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.papers.enter import enter_paper
from faktura.core.papers.record import Paper, PaperKind
from faktura.core.people.accounts import Account
from faktura.store.records import changed
from faktura.web.door.names import PAPER_KINDS
from faktura.web.tests.conftest import Browser, in_books
from faktura.wire.service import Service
from tests.firm import Firm

LIST = "/applecorp/papers"
NEW = LIST + "/new?kind={}"

TYPED: dict[PaperKind, dict[str, str]] = {
    "daily_revenue": {"lines-0-unit_price": "482,50"},
    "fiscal_report": {"lines-0-vat": "8", "lines-0-gross": "108", "lines-1-vat": "23", "lines-1-gross": "123"},
    "internal_invoice": {"transaction_kind": "nonaccounting_sales", "lines-0-vat": "23", "lines-0-net": "100"},
    "internal_evidence": {"classification": "sold", "name": "Złom", "unit_price": "50", "quantity": "2"},
}
TOTALS = {"daily_revenue": "482.50", "fiscal_report": "231", "internal_invoice": "123", "internal_evidence": "100"}


@pytest.fixture(autouse=True)
def polish(service: Service, firm: Firm) -> None:
    def move(books: Books) -> Account:
        moved = changed(books.account, country="PL", currency="PLN", version=books.account.version + 1)
        books.tx.replace(books.account, moved)
        return moved

    in_books(service, firm, move)


def all_papers(service: Service, firm: Firm) -> list[Paper]:
    return in_books(service, firm, lambda books: books.all(Paper))


def test_the_menu_of_a_polish_firm_offers_all_kinds(owner: Browser) -> None:
    page = owner.get(LIST).text
    for kind in PAPER_KINDS:
        assert f"/applecorp/papers/new?kind={kind}" in page


@pytest.mark.parametrize("kind", PAPER_KINDS)
def test_a_paper_is_typed_looked_at_changed_and_deleted(
    owner: Browser, service: Service, firm: Firm, kind: PaperKind
) -> None:
    owner.get(NEW.format(kind))
    added = owner.post(NEW.format(kind), issued_on="2026-11-20", **TYPED[kind])
    assert added.status_code == 303, added.text
    [paper] = all_papers(service, firm)
    assert (paper.kind, paper.gross_total) == (kind, Decimal(TOTALS[kind]))
    assert paper.number in owner.get(added.location).text
    assert paper.number in owner.get(LIST).text

    edit = f"{LIST}/{paper.id}/edit"
    owner.get(edit)
    owner.post(edit, issued_on="2026-11-21", note="Poznámka", number=paper.number, **TYPED[kind])
    [kept] = all_papers(service, firm)
    assert (kept.note, kept.number, kept.gross_total) == ("Poznámka", paper.number, paper.gross_total)

    assert "cannot be brought back" in owner.get(f"{LIST}/{paper.id}/delete").text
    owner.post(f"{LIST}/{paper.id}/delete")
    assert all_papers(service, firm) == []


@pytest.mark.parametrize(("kind", "stage"), [("fiscal_report", "paid"), ("internal_invoice", "printed")])
def test_a_paper_is_put_into_the_accounts(
    owner: Browser, service: Service, firm: Firm, kind: PaperKind, stage: str
) -> None:
    owner.get(NEW.format(kind))
    added = owner.post(NEW.format(kind), issued_on="2026-11-20", **TYPED[kind])
    assert "Put into the accounts" in owner.get(added.location).text
    owner.post(f"{added.location}/account")
    assert [paper.stage for paper in all_papers(service, firm)] == [stage]
    assert "Put into the accounts" not in owner.get(added.location).text


@pytest.mark.parametrize("kind", ["daily_revenue", "internal_evidence"])
def test_a_paper_is_printed(owner: Browser, service: Service, firm: Firm, kind: PaperKind) -> None:
    owner.get(NEW.format(kind))
    added = owner.post(NEW.format(kind), issued_on="2026-11-20", **TYPED[kind])
    owner.get(added.location)
    printed = owner.post(f"{added.location}/print")
    assert owner.get(printed.location).data.startswith(b"%PDF")
    assert [paper.stage for paper in all_papers(service, firm)] == ["printed"]


def test_days_are_written_down_one_after_the_other(owner: Browser, service: Service, firm: Firm) -> None:
    values = {"lines": [Given({"unit_price": Decimal(100)})]}
    in_books(
        service,
        firm,
        lambda books: enter_paper(books, "daily_revenue", Given({"issued_on": books.today.replace(day=1), **values})),
    )
    today = in_books(service, firm, lambda books: books.today)
    expected = min(today, today.replace(day=2))
    assert f'value="{expected.isoformat()}"' in owner.get(NEW.format("daily_revenue")).text


def test_what_is_wrong_is_said_at_its_field_and_stays_typed(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW.format("fiscal_report"))
    refused = owner.post(NEW.format("fiscal_report"), issued_on="2026-11-20")
    assert refused.status_code == 422
    assert "Amounts by rate" in refused.text
    assert all_papers(service, firm) == []


def test_lines_that_stand_as_they_were_are_not_computed_again(owner: Browser, service: Service, firm: Firm) -> None:
    line = Given({"gross": Decimal("0.05"), "vat_rate": Decimal(23), "vat_treatment": "taxed"})
    paper = in_books(service, firm, lambda books: enter_paper(books, "internal_invoice", _internal(line)))
    edit = f"{LIST}/{paper.id}/edit"
    owner.get(edit)
    typed = {"transaction_kind": "nonaccounting_sales", "lines-0-vat": "23", "lines-0-net": "0,04"}
    owner.post(edit, issued_on=paper.issued_on.isoformat(), note="x", **typed)
    [kept] = all_papers(service, firm)
    assert (kept.note, kept.lines) == ("x", paper.lines)


def exported(owner: Browser, query: str = "") -> list[list[str]]:
    """The rows of the table, without its head."""
    answer = owner.get(f"{LIST}/export.csv{query}")
    assert answer.headers["Content-Disposition"] == "attachment; filename=applecorp-papers.csv"
    return [*csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))][1:]


def test_what_the_list_shows_leaves_as_a_table_by_rate(owner: Browser, service: Service, firm: Firm) -> None:
    rates = [
        Given({"gross": Decimal(108), "vat_rate": Decimal(8)}),
        Given({"gross": Decimal(9), "vat_treatment": "exempt"}),
    ]
    report = Given({"lines": rates, "issued_on": dt.date(2026, 11, 30), "note": "=1+1"})
    gift = _internal(Given({"net": Decimal(100), "vat_rate": Decimal(23)}))
    in_books(service, firm, lambda books: enter_paper(books, "fiscal_report", report))
    in_books(
        service,
        firm,
        lambda books: enter_paper(books, "internal_invoice", Given(gift | {"issued_on": dt.date(2026, 10, 5)})),
    )

    of_gift, *of_report = exported(owner)
    assert of_gift[:9] == [
        *("1/FW/10/2026", "Internal invoice", "Draft", "2026-10-05", "", "Sprzedaż bezrachunkowa", "", "23 %", ""),
    ]
    assert [row[7:12] for row in of_report] == [
        ["8 %", "", "100.00", "8.00", "108.00"],
        ["", "Exempt", "9.00", "0.00", "9.00"],
    ]
    assert {row[-1] for row in of_report} == {"'=1+1"}
    assert exported(owner, "?kind=internal_invoice") == exported(owner, "?until=2026-10-31") == [of_gift]
    assert owner.get(f"{LIST}/export.xlsx").data.startswith(b"PK")
    for ending in ("csv", "xlsx"):
        assert (
            f'href="/applecorp/papers/export.{ending}?since=2026-11-01"' in owner.get(f"{LIST}?since=2026-11-01").text
        )
    assert owner.get(f"{LIST}/export.pdf").status_code == 404


def test_more_than_fit_into_a_file_are_to_be_narrowed(
    owner: Browser, service: Service, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("list", "export"):
        monkeypatch.setattr(f"faktura.web.papers.{name}.MOST_IN_FILE", 1)
    for day in (1, 2):
        takings = Given({"issued_on": dt.date(2026, 11, day), "lines": [Given({"unit_price": Decimal(day)})]})
        in_books(service, firm, functools.partial(enter_paper, kind="daily_revenue", given=takings))

    refused = owner.get(f"{LIST}/export.csv?since=2026-11-01")
    assert (refused.status_code, refused.location) == (302, f"{LIST}?since=2026-11-01")
    assert "A file has 1 papers at most. Narrow the days." in owner.get(refused.location).text
    assert len(exported(owner, "?since=2026-11-02")) == 1


def _internal(line: Given) -> Given:
    return Given({"transaction_kind": "nonaccounting_sales", "lines": [line]})
