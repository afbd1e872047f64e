"""The documents of an account: looked for, and looked at by its members."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.documents.attachments import GivenFile
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.events import FIRINGS, fire, mark_printed, mark_seen, mark_sent
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment, remove_payment
from faktura.core.messages import Outgoing, write_message
from faktura.core.people.users import Membership
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed
from faktura.web.tests.conftest import Browser, add, again, in_books, issue, without_wholes
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

SCRIPT = "<script>alert(1)</script>"
NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)


def test_the_address_of_a_document_opens_for_a_member(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Žlutý kůň s.r.o.")
    file = GivenFile("plan.pdf", "application/pdf", b"x")
    invoice = issue(service, firm, contact, files=[file], private_note="Late payer", tags=("vip",), language="cs")
    page = owner.get(f"/applecorp/invoices/{invoice.id}")

    assert page.status_code == 200
    assert '<html lang="en"' in page.text
    for text in (f"<h1>Invoice {invoice.number}</h1>", "Late payer", "vip", "121.00\u00a0CZK", "plan.pdf", "Seller"):
        assert text in without_wholes(page.text), text
    assert f'href="/applecorp/subjects/{contact.id}"' in page.text
    assert f'href="/applecorp/p/{invoice.token}/{invoice.number}"' in page.text


def test_a_member_leaves_a_document_as_it_is(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    owner.get(f"/applecorp/invoices/{invoice.id}")

    assert again(service, firm, invoice) == invoice


def test_its_payments_letters_and_history_are_told(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)

    def live(books: Books) -> None:
        add_payment(books, invoice.id, Given({"amount": Decimal("20.5"), "paid_on": NOON.date()}))
        add_payment(books, invoice.id, Given())
        write_message(books, invoice, Outgoing("buyer@example.com", "Your invoice", "Hello"))

    in_books(service, firm, live)
    page = owner.get(f"/applecorp/invoices/{invoice.id}").text

    assert "<dt>Nov\u00a021,\u00a02026</dt><dd>CZK\u00a020.50</dd>" in page
    assert "Your invoice" in page
    assert "buyer@example.com" in page
    history = page[page.index("<h2>History</h2>") :]
    assert history.index("<li>Paid ") < history.index("<li>A part was paid ") < history.index("<li>Issued ")
    assert "Jan Novák" in history


def test_everything_that_can_happen_has_a_name(owner: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)

    def live(books: Books) -> None:
        for event in FIRINGS:
            fire(books, invoice.id, event)
        change_invoice(books, invoice.id, Given({"note": "x"}))
        for mark in (mark_printed, mark_sent, mark_seen):
            mark(books, find_invoice(books, invoice.id))
        late = find_invoice(books, invoice.id)
        mark_sent(books, books.change(late, changed(late, status="overdue")))
        paid = add_payment(books, invoice.id, Given({"amount": Decimal(1)}))
        remove_payment(books, invoice.id, paid.payment.id)
        add_payment(books, invoice.id, Given())

    in_books(service, firm, live)
    history = owner.get(f"/applecorp/invoices/{invoice.id}").text
    assert "Its status" not in history
    assert "<li>Hoped for again" in history
    assert "<li>invoice_" not in history


def test_documents_that_belong_together_are_linked(owner: Browser, service: Service, firm: Firm) -> None:
    buyer = add(service, firm, "Karel")
    original = issue(service, firm, buyer)
    line = Given({"name": "Sleva", "unit_price": Decimal(-10), "vat_rate": Decimal(21)})
    correction = issue(service, firm, buyer, kind="correction", corrected_id=original.id, lines=[line])

    for one, other in ((original, correction), (correction, original)):
        page = owner.get(f"/applecorp/invoices/{one.id}").text
        assert f'href="/applecorp/invoices/{other.id}">{other.number}</a>' in page
    assert "To be returned" in page
    second = issue(service, firm, buyer, kind="correction", corrected_id=original.id, lines=[line])
    page = owner.get(f"/applecorp/invoices/{original.id}").text
    assert all(f'href="/applecorp/invoices/{other.id}">' in page for other in (correction, second))


def test_the_documents_ask_for_a_sign_in_first(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    for path in ("/applecorp/invoices", f"/applecorp/invoices/{invoice.id}", "/nobody/invoices/1"):
        asked = browser.get(path)
        assert (asked.status_code, asked.location) == (302, f"/sign-in?next={path}")


def test_the_documents_of_others_are_not_found(
    owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    other = open_firm(database, clock, "pearcorp")
    own, foreign = issue(service, firm), issue(service, other, "Foreign")

    for path in (
        f"/pearcorp/invoices/{foreign.id}",
        f"/pearcorp/invoices/{own.id}",
        f"/applecorp/invoices/{foreign.id}",
        "/applecorp/invoices/2147483648",
        "/pearcorp/invoices",
        "/nobody/invoices",
    ):
        missing = owner.get(path)
        assert missing.status_code == 404, path
        assert "Foreign" not in missing.text


def test_whom_documents_are_closed_to_sees_none(app: Any, service: Service, database: Database, clock: Clock) -> None:
    firm = open_firm(database, clock, "closed", language="en")
    contact = add(service, firm, "Karel")
    invoice = issue(service, firm, contact)

    def close(books: Books) -> None:
        (member,) = books.all(Membership, Selection((Condition("user_id", "eq", firm.user.id),)))
        books.change(member, changed(member, scopes=("expenses",)))

    in_books(service, firm, close)
    reader = Browser(app)
    reader.sign_in(firm.user.email)
    assert reader.get("/closed/invoices").status_code == 403
    assert reader.get(f"/closed/invoices/{invoice.id}").status_code == 403
    assert invoice.number not in reader.get(f"/closed/subjects/{contact.id}").text
    assert "/closed/invoices" not in reader.get("/me/accounts").text


def test_what_stands_in_a_document_is_text_and_never_markup(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, SCRIPT)
    values = dict.fromkeys(("note", "footer_note", "private_note", "number", "custom_id", "order_number"), SCRIPT)
    invoice = issue(service, firm, contact, tags=(SCRIPT,), files=[GivenFile(SCRIPT, "text/plain", b"x")], **values)
    in_books(service, firm, lambda books: write_message(books, invoice, Outgoing("a@b.example", SCRIPT, SCRIPT)))

    for path in (f"/applecorp/invoices/{invoice.id}", "/applecorp/invoices", f"/applecorp/subjects/{contact.id}"):
        page = owner.get(path)
        assert page.status_code == 200
        assert "&lt;script&gt;" in page.text
        assert "<script>" not in page.text


def test_documents_are_listed_the_newest_first_in_pages_of_50(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    for n in range(51):
        issue(service, firm, contact, number=f"D{n:02}", issued_on=dt.date(2026, 1, 1) + dt.timedelta(days=n))

    first = owner.get("/applecorp/invoices").text
    assert [f">D{n:02}<" in first for n in range(51)] == [False] + [True] * 50
    assert first.index(">D50<") < first.index(">D01<")
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = owner.get(following).text
    assert ">D00<" in second
    assert ">D01<" not in second
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


def test_each_document_of_a_list_shows_what_became_of_it(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    clock.stand_at(NOON)
    contact = add(service, firm, "Karel")
    events = ("cancel", "mark_as_sent", "mark_as_uncollectible")
    issued = [issue(service, firm, contact, due_days=30) for _ in events]
    in_books(service, firm, lambda books: [fire(books, i.id, e) for i, e in zip(issued, events, strict=True)])
    paid = issue(service, firm, contact)
    in_books(service, firm, lambda books: add_payment(books, paid.id, Given()))
    issue(service, firm, contact, due_days=1)
    issue(service, firm, contact, due_days=30)
    clock.stand_at(NOON + dt.timedelta(days=2))
    page = owner.get("/applecorp/invoices").text

    shown = re.findall(r'class="badge([^"]*)">(\w+)<', page)
    warnings = {word for extra, word in shown if "warning" in extra}
    assert {word for _, word in shown} == {"Cancelled", "Sent", "Uncollectible", "Paid", "Overdue", "Open"}
    assert warnings == {"Cancelled", "Uncollectible", "Overdue"}


def test_documents_are_found_by_words_without_accents(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, "Žlutý kůň s.r.o.")
    issue(service, firm, "Jiná firma")

    found = owner.get("/applecorp/invoices?query=zluty+kun").text
    assert "Žlutý kůň s.r.o." in found
    assert "Jiná firma" not in found
    assert "No document fits “nothing”." in owner.get("/applecorp/invoices?query=nothing").text


def test_a_contact_leads_to_its_documents(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    own, other = issue(service, firm, contact, number="OWN-1"), issue(service, firm, "Jiná firma", number="OTHER-1")

    page = owner.get(f"/applecorp/subjects/{contact.id}").text
    assert f'href="/applecorp/invoices/{own.id}">OWN-1</a>' in page
    assert other.number not in page
    theirs = owner.get(f"/applecorp/invoices?subject={contact.id}").text
    assert "OWN-1" in theirs
    assert "OTHER-1" not in theirs


@pytest.mark.parametrize("subject", ["x", "-1", "2147483648", "99999999999999999999", ""])
def test_what_is_no_contact_leaves_all_documents(owner: Browser, service: Service, firm: Firm, subject: str) -> None:
    issue(service, firm, number="OWN-1")

    assert "OWN-1" in owner.get(f"/applecorp/invoices?subject={subject}").text


def test_months_and_quarters_are_one_press_away_and_each_month_leads_to_those_beside_it(owner: Browser) -> None:
    page = owner.get("/applecorp/invoices?part=all&since=2026-02-01&until=2026-02-28").text
    found = re.findall(r'<a class="chip" href="([^"]*)">([^<]*)</a>', unescape(page))
    said = {words: address for address, words in found}

    assert list(said)[:4] == ["This month", "Last month", "This quarter", "Last quarter"]
    assert said["January 2026"].endswith("since=2026-01-01&until=2026-01-31")
    assert said["March 2026"].endswith("since=2026-03-01&until=2026-03-31")
    assert "January 2026" not in owner.get("/applecorp/invoices?since=2026-02-02&until=2026-02-28").text


def test_the_first_page_leads_to_the_documents(owner: Browser) -> None:
    assert 'href="/applecorp/invoices"' in owner.get("/me/accounts").text
    assert "There are no documents yet." in owner.get("/applecorp/invoices").text


def test_the_list_adds_up_everything_that_fits(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", city="Brno")
    first = issue(service, firm, contact)
    issue(service, firm, contact, currency="EUR", exchange_rate=Decimal(25))
    in_books(service, firm, lambda books: add_payment(books, first.id, Given({"amount": Decimal(21)})))

    foot = owner.get("/applecorp/invoices").text.partition("<tfoot>")[2]
    for text in ("1 document in CZK", "CZK\u00a0121.00", "CZK\u00a0100.00", "1 document in EUR", "€121.00"):
        assert text in foot, text
    assert "1 document in EUR" not in owner.get("/applecorp/invoices?currency=czk").text


def test_heads_of_the_list_count_and_lead_to_their_documents(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, number="OPEN-1")
    proforma = issue(service, firm, number="ASKS-1", kind="proforma")
    line = Given({"name": "Sleva", "unit_price": Decimal(-10), "vat_rate": Decimal(21)})
    credit = issue(service, firm, number="BACK-1", kind="correction", corrected_number="X", lines=[line])

    page = owner.get("/applecorp/invoices").text
    counted = dict(re.findall(r'href="([^"]+)"[^>]*>[^<]+<span class="faint">(\d+)</span>', page))
    unpaid, proformas, corrections = (f"/applecorp/invoices?part={p}" for p in ("unpaid", "proformas", "corrections"))
    assert counted == {
        "/applecorp/invoices": "3",
        unpaid: "1",
        "/applecorp/invoices?part=overdue": "0",
        "/applecorp/invoices?part=paid": "0",
        proformas: "1",
        corrections: "1",
        "/applecorp/invoices/drafts": "0",
    }
    for path, number in ((unpaid, "OPEN-1"), (proformas, proforma.number), (corrections, credit.number)):
        listed = owner.get(path).text
        assert re.findall(r'<th scope="row"[^>]*>.*?<a href="[^"]+">([^<]+)<', listed) == [number]
        assert 'aria-current="page">' in listed
    assert "To return" in owner.get(corrections).text


@pytest.mark.parametrize("text", ["121", "121,00", "1 234,50", "Brno", "12345678"])
def test_documents_are_found_by_amount_city_and_registration_number(
    owner: Browser, service: Service, firm: Firm, text: str
) -> None:
    line = Given({"name": "Práce", "unit_price": Decimal("1234.5"), "vat_rate": Decimal(0)})
    brno = add(service, firm, "Karel", city="Brno", registration_no="12345678")
    issue(
        service,
        firm,
        brno,
        number="FOUND-1",
        lines=[line] if "34" in text else [Given(line | {"unit_price": Decimal(121)})],
    )
    issue(service, firm, "Jiná firma", number="OTHER-1", lines=[Given(line | {"unit_price": Decimal(9)})])

    found = owner.get(f"/applecorp/invoices?query={text}").text
    assert "FOUND-1" in found
    assert "OTHER-1" not in found


def test_filters_stand_in_the_address_and_can_be_taken_away(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, number="OLD-1", issued_on=dt.date(2026, 1, 31), tags=("web",))
    issue(service, firm, number="NEW-1", issued_on=dt.date(2026, 2, 1))

    page = owner.get("/applecorp/invoices?since=2026-02-01&kind=invoice").text
    assert "NEW-1" in page
    assert "OLD-1" not in page
    assert "Kind: Invoice" in page
    assert 'class="chip" href="/applecorp/invoices?kind=invoice"' in page
    assert "OLD-1" in owner.get("/applecorp/invoices?tag=web&least=100&most=200").text
    assert "No document fits." in owner.get("/applecorp/invoices?tag=web&least=200").text


def test_a_filter_that_makes_no_sense_says_so_and_filters_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, number="OWN-1")
    page = owner.get("/applecorp/invoices?since=yesterday&least=much").text

    assert "OWN-1" in page
    assert "From: There is no such day." in page
    assert "This is no number." in page


@pytest.mark.parametrize("sort", ["number", "customer", "issued", "due", "total"])
def test_documents_are_sorted_both_ways(owner: Browser, service: Service, firm: Firm, sort: str) -> None:
    for n, name in enumerate(("Adam", "Beata"), 1):
        line = Given({"name": "Práce", "unit_price": Decimal(100 * n), "vat_rate": Decimal(0)})
        issue(service, firm, name, number=f"S-{n}", issued_on=dt.date(2026, 1, n), lines=[line])

    for asked, first, last in ((sort, "S-1", "S-2"), (f"-{sort}", "S-2", "S-1")):
        page = owner.get(f"/applecorp/invoices?sort={asked}").text
        assert page.index(f">{first}<") < page.index(f">{last}<")


def test_a_script_gets_the_rows_alone(owner: Browser, service: Service, firm: Firm) -> None:
    issue(service, firm, number="OWN-1")
    part = owner.get("/applecorp/invoices?query=own", **{"HX-Request-Type": "partial"})

    assert "OWN-1" in part.text
    assert "<html" not in part.text
    assert "HX-Request-Type" in part.headers["Vary"]
