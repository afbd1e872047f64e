"""The overview: its figures are those of the lists that they lead to."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape

import pytest
from flask import Flask

from faktura.core.bank_accounts import add_bank_account
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.debts import Debt, OfMonth
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.people.users import Membership
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed
from faktura.web.overview.chart import HEIGHT, ageing, monthly
from faktura.web.tests.conftest import Browser, add, in_books, issue
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


def figures(page: str) -> list[tuple[str, str, str]]:
    """Of each figure where it leads to, its amount and of how many documents it is."""
    found = re.findall(
        r'class="card figure" href="([^"]+)">\s*<span>[^<]+</span>\s*<strong class="answer">([^<]+)</strong>\s*'
        r'<span class="faint">(\d+) ',
        page,
    )
    return [(unescape(address), amount, count) for address, amount, count in found]


def pay(service: Service, firm: Firm, invoice: Invoice, amount: int) -> None:
    given = Given({"amount": Decimal(amount)})
    in_books(service, firm, lambda books: add_payment(books, invoice.id, given))


def ready(service: Service, firm: Firm, database: Database) -> None:
    """A firm that said all that its documents must name."""
    in_books(
        service, firm, lambda books: add_bank_account(books, Given({"name": "CZK", "number": "19-2000145399/0800"}))
    )
    said = changed(
        firm.account, registration_no="27082440", vat_no="CZ27082440", street="A 1", city="B", postcode="11000"
    )
    database.write(lambda tx: tx.replace(firm.account, changed(said, version=2)))


def test_each_figure_equals_the_list_that_it_leads_to(owner: Browser, service: Service, firm: Firm) -> None:
    late = issue(service, firm, issued_on=dt.date(2026, 9, 1), due_days=14)
    issue(service, firm, kind="proforma")
    paid = issue(service, firm)
    line = Given({"name": "Práce", "unit_price": Decimal(1000), "vat_rate": Decimal(21)})
    issue(service, firm, lines=[line])
    pay(service, firm, late, 21)
    pay(service, firm, paid, 121)

    shown = figures(owner.get("/applecorp").text)
    assert [(amount, count) for _, amount, count in shown] == [
        ("CZK\u00a01,310.00", "2"),
        ("CZK\u00a0100.00", "1"),
        ("CZK\u00a0121.00", "1"),
    ]
    for address, shown_amount, count in shown:
        listed = owner.get(address).text
        assert f"<output>{count} document" in listed, address
        assert shown_amount in listed.partition("<tfoot>")[2], address


def test_money_without_a_known_rate_is_left_out_and_said_so(owner: Browser, service: Service, firm: Firm) -> None:
    assert "whose rate is not known" not in owner.get("/applecorp").text
    issue(service, firm, currency="EUR", exchange_rate=Decimal(25))
    assert "whose rate is not known" in owner.get("/applecorp").text


def test_every_bar_says_its_month_and_amount_and_stands_in_the_table(
    owner: Browser, service: Service, firm: Firm
) -> None:
    issue(service, firm, issued_on=dt.date(2026, 3, 5))
    page = owner.get("/applecorp").text

    assert "<title>March 2026: issued CZK\u00a0121.00</title>" in page
    assert re.search(r'<th scope="row">March 2026</th><td class="number">CZK\u00a0121.00</td>', page)
    assert page.count('class="paid" x=') == 13


def test_what_a_firm_has_to_say_first_is_named_until_it_is_said(
    owner: Browser, service: Service, firm: Firm, database: Database
) -> None:
    page = owner.get("/applecorp").text
    assert "Before the first document" in page
    assert "Bank account" in page
    ready(service, firm, database)
    assert "Before the first document" not in owner.get("/applecorp").text


def test_who_owes_most_leads_to_what_they_owe(owner: Browser, service: Service, firm: Firm) -> None:
    assert "Nobody is late." in owner.get("/applecorp").text
    contact = add(service, firm, "Pozdní s.r.o.")
    late = issue(service, firm, contact, issued_on=dt.date(2026, 9, 1), due_days=14)
    address = f"/applecorp/invoices?part=overdue&subject={contact.id}"
    assert address in unescape(owner.get("/applecorp").text)
    assert late.number in owner.get(address).text


def test_whom_documents_are_closed_to_sees_no_sums(
    app: Flask, service: Service, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, "closed", language="en")
    (member,) = in_books(
        service, firm, lambda books: books.all(Membership, Selection((Condition("user_id", "eq", firm.user.id),)))
    )
    in_books(service, firm, lambda books: books.change(member, changed(member, scopes=("expenses",))))
    reader = Browser(app)
    reader.sign_in(firm.user.email)
    assert reader.get("/closed").status_code == 403
    assert reader.get("/nobody").status_code == 404


def test_bars_have_the_proportion_of_their_amounts() -> None:
    months = [OfMonth(f"2025-{n:02}", Decimal(50), Decimal(0)) for n in range(1, 13)]
    months.append(OfMonth("2026-01", Decimal(100), Decimal(-5)))
    (group,) = monthly(months)
    assert [(bar.sort, bar.height, bar.y) for bar in group.bars] == [
        ("before", HEIGHT // 2, HEIGHT // 2),
        ("issued", HEIGHT, 0),
        ("paid", 0, HEIGHT),
    ]


def test_the_strip_of_ages_is_whole() -> None:
    ages = ageing(
        [Debt(1, Decimal(25)), Debt(0, Decimal(0)), Debt(1, Decimal(50)), Debt(0, Decimal(0)), Debt(1, Decimal(25))]
    )
    assert [(age.x, age.width, age.since, age.until) for age in ages] == [
        (0, 25, 0, 0),
        (25, 0, 1, 30),
        (25, 50, 31, 60),
        (75, 0, 61, 90),
        (75, 25, 91, None),
    ]
    assert all(age.width == 0 for age in ageing([Debt(0, Decimal(0))] * 5))


def test_drafts_are_counted_and_led_to(owner: Browser) -> None:
    assert '<strong class="answer">0</strong>' in owner.get("/applecorp").text
    owner.get("/applecorp/invoices/new")
    owner.post("/applecorp/invoices/drafts", kind="invoice")

    assert (
        '<a class="card figure" href="/applecorp/invoices/drafts"><span>Drafts</span> <strong class="answer">1</strong>'
        in owner.get("/applecorp").text
    )


def test_an_overview_of_nothing_leads_to_the_first_document(
    owner: Browser, service: Service, firm: Firm, database: Database
) -> None:
    assert "There are no documents yet." not in owner.get("/applecorp").text
    ready(service, firm, database)
    empty = owner.get("/applecorp").text.partition("<main")[2]
    assert "There are no documents yet." in empty
    assert 'href="/applecorp/invoices/new"' in empty
    issue(service, firm)
    assert "There are no documents yet." not in owner.get("/applecorp").text
