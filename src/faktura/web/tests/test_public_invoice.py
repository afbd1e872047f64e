"""The page that a customer opens: what stands on it, who may open it, and when it counts as seen."""

import base64
import datetime as dt
import re
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import change_contact
from faktura.core.documents.attachments import GivenFile
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import share, stop_sharing
from faktura.outputs.printing.printer import Printer
from faktura.outputs.reading.qr import Transfer, spayd, svg
from faktura.outputs.reading.tongue import Tongue
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, add, again, in_books, in_office, issue, without_wholes
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE

SCRIPT = "<script>alert(1)</script>"
IBAN = "CZ6508000000192000145399"
NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)


def address(invoice: Invoice, slug: str = "applecorp") -> str:
    return f"/{slug}/p/{invoice.token}/{invoice.number}"


def test_the_page_tells_the_whole_document_to_whoever_has_its_address(
    browser: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    clock.stand_at(NOON)
    in_books(service, firm, lambda books: add_bank_account(books, Given({"name": "CZK", "number": "123/0100"})))
    contact = add(service, firm, "Žlutý kůň s.r.o.", registration_no="27082440", street="Dlouhá 12", city="Praha")
    lines = [
        Given({"name": "Servis", "quantity": Decimal("1.5"), "unit": "h", "unit_price": Decimal("833.675")}),
        Given({"name": "Mošt", "unit_price": Decimal(2000), "vat_rate": Decimal(12)}),
    ]
    invoice = issue(service, firm, contact, lines=lines, language="en", note="Thanks!", private_note="Late payer")
    page = browser.get(address(invoice))

    assert page.status_code == 200
    assert '<html lang="en"' in page.text
    assert f"<h1>VAT invoice {invoice.number}</h1>" in without_wholes(page.text)
    for text in (
        "Applecorp s.r.o.",
        "Žlutý kůň s.r.o.",
        "27082440",
        "Dlouhá 12",
        "21\xa0Nov\xa02026",
        "5\xa0Dec\xa02026",
    ):
        assert text in page.text
    for text in (
        "1.5 h",
        "833.675",
        "1,250.51",
        "12\u00a0%",
        "3,490.51",
        "123/0100",
        "Thanks!",
    ):
        assert text in page.text, text
    assert "Awaiting payment" in page.text
    assert "Late payer" not in page.text
    assert '<meta name="robots" content="noindex">' in page.text


@pytest.mark.parametrize(
    ("language", "shown", "words"),
    [
        ("cs", "cs", ("Faktura", "Odběratel", "121,00\u00a0Kč")),
        ("sk", "sk", ("Faktúra", "Odberateľ", "Prejsť na obsah")),
        ("pl", "pl", ("Faktura", "Nabywca", "Do zapłaty")),
        ("en", "en", ("VAT invoice", "Buyer", "121.00\u00a0CZK")),
        ("de", "de", ("Rechnung", "Käufer", "121,00\u00a0CZK")),
        ("fr", "en", ("VAT invoice", "Buyer")),
    ],
)
def test_the_page_speaks_the_language_of_the_document(
    browser: Browser, service: Service, firm: Firm, language: str, shown: str, words: tuple[str, ...]
) -> None:
    invoice = issue(service, firm, language=language)
    page = browser.get(address(invoice), **{"Accept-Language": "it"}).text

    assert f'<html lang="{shown}"' in page
    for word in words:
        assert word in page, word


def test_a_number_with_slashes_opens_as_the_door_spells_it(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, number="1/11/2026")

    for number in ("1/11/2026", "1%2F11%2F2026"):
        assert browser.get(f"/applecorp/p/{invoice.token}/{number}").status_code == 200


@pytest.mark.parametrize("number", ["//", "../x", "./1", "a//b", "/7", "č. 7?#%"])
def test_whatever_its_number_the_token_alone_opens_it(
    browser: Browser, service: Service, firm: Firm, number: str
) -> None:
    invoice = issue(service, firm, number=number)

    assert browser.get(f"/applecorp/p/{invoice.token}").status_code == 200


def test_a_wrong_number_leads_to_the_document(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    led = browser.get(f"/applecorp/p/{invoice.token}/2020-0001")

    assert (led.status_code, led.location) == (302, f"/applecorp/p/{invoice.token}")
    assert again(service, firm, invoice).seen_on is None


def test_unknown_addresses_are_all_alike(
    browser: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    other = open_firm(database, clock, "pearcorp")
    own, foreign = issue(service, firm), issue(service, other)

    missing = [
        browser.get(path)
        for path in (
            f"/applecorp/p/{foreign.token}/{foreign.number}",
            f"/pearcorp/p/{own.token}/{own.number}",
            f"/nobody/p/{own.token}/{own.number}",
            f"/applecorp/p/{own.token[:-1]}/{own.number}",
            f"/applecorp/p/{own.token.swapcase()}/{own.number}",
            f"/applecorp/p/aaaaaaaaaa/{own.number}",
            "/applecorp/p/aaaaaaaaaa",
            "/applecorp/p/%F0%9F%92%A9%27--",
        )
    ]
    assert {page.status_code for page in missing} == {404}
    assert len({page.text for page in missing}) == 1


def test_a_deleted_document_is_not_found(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    in_books(service, firm, lambda books: delete_invoice(books, invoice.id))

    assert browser.get(address(invoice)).status_code == 404


def test_a_cancelled_document_says_so(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, language="en")
    in_books(service, firm, lambda books: fire(books, invoice.id, "cancel"))
    page = browser.get(address(invoice)).text

    assert "This document was cancelled and is not valid." in page
    assert '<span class="badge cancelled warning">Cancelled</span>' in page


def test_what_was_paid_is_counted_off(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, language="en")
    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given({"amount": Decimal(21)})))
    assert "<dt>To pay</dt><dd>100.00\u00a0CZK</dd>" in browser.get(address(invoice)).text

    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given()))
    paid = browser.get(address(invoice)).text
    assert "<dt>To pay</dt><dd>0.00\u00a0CZK</dd>" in paid
    assert '<span class="badge paid">Paid</span>' in paid


def test_a_document_past_its_day_is_overdue_at_once(
    browser: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    clock.stand_at(NOON)
    invoice = issue(service, firm, language="en", due_days=1)
    assert "Overdue" not in browser.get(address(invoice)).text

    clock.stand_at(NOON + dt.timedelta(days=2))
    assert "Overdue" in browser.get(address(invoice)).text


def test_a_credit_note_says_what_is_to_be_returned(browser: Browser, service: Service, firm: Firm) -> None:
    buyer = add(service, firm, "Karel")
    original = issue(service, firm, buyer)
    line = Given({"name": "Discount", "unit_price": Decimal(-10), "vat_rate": Decimal(21)})
    credit = issue(service, firm, buyer, kind="correction", corrected_id=original.id, lines=[line], language="en")
    page = without_wholes(browser.get(address(credit)).text)

    assert f"<dt>Corrects document</dt><dd>{original.number}" in page
    assert "<dt>To be returned</dt><dd>12.10\u00a0CZK</dd>" in page
    assert "Awaiting payment" not in page


def test_advances_are_taken_off(browser: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    proforma = issue(service, firm, contact, kind="proforma", follow_up="tax_document", language="en")
    paid = in_books(service, firm, lambda books: add_payment(books, proforma.id, Given()))
    tax_document = again(service, firm, paid.invoice).payments[0].tax_document_id
    lines = [Given({"name": "All", "unit_price": Decimal(300), "vat_rate": Decimal(21)})]
    final = issue(
        service, firm, contact, kind="final_invoice", tax_document_ids=(tax_document,), lines=lines, language="en"
    )
    page = without_wholes(browser.get(address(final)).text)
    paid_on = Tongue("en").date(final.issued_on).replace(" ", "\xa0")

    assert f"<dt>Advances deducted: {final.deductions[0].number}, {paid_on}</dt><dd>-121.00\u00a0CZK</dd>" in page
    assert "<dt>To pay</dt><dd>242.00\u00a0CZK</dd>" in page


def test_who_pays_no_vat_shows_none(browser: Browser, service: Service, database: Database, clock: Clock) -> None:
    small = open_firm(database, clock, "small", vat_mode="non_vat_payer")
    page = browser.get(address(issue(service, small, language="en"), "small")).text

    assert "Not registered for VAT" in page
    assert "VAT summary" not in page
    assert "Date of supply" not in page


def test_where_the_customer_owes_the_vat_the_document_says_so(browser: Browser, service: Service, firm: Firm) -> None:
    page = browser.get(address(issue(service, firm, language="en", reverse_charge=True))).text

    assert "Reverse charge." in page
    assert "Date of supply" in page
    assert "VAT summary" not in page


def test_a_foreign_currency_has_its_rate_and_vat_in_the_sellers_own(
    browser: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm, language="en", currency="EUR", exchange_rate=Decimal("25.135"))
    page = browser.get(address(invoice)).text

    for text in ("121.00\u00a0€", "1 EUR = 25.135 CZK", "527.84"):
        assert text in page, text


def test_what_stands_in_a_document_is_text_and_never_markup(browser: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, SCRIPT, street=SCRIPT, city=SCRIPT, vat_no=SCRIPT)
    line = Given({"name": SCRIPT, "unit": SCRIPT, "unit_price": Decimal(1)})
    values = dict.fromkeys(("note", "footer_note", "order_number", "variable_symbol", "bank_account", "number"), SCRIPT)
    file = GivenFile(SCRIPT, "text/plain", b"x")
    invoice = issue(
        service,
        firm,
        contact,
        lines=[line],
        files=[file],
        payment_method="custom",
        custom_payment_method="<b>&",
        **values,
    )
    page = browser.get(f"/applecorp/p/{invoice.token}").text

    assert page.count("&lt;script&gt;") >= 12
    assert "&lt;b&gt;&amp;" in page
    assert "<script" not in page


def test_nothing_of_the_account_but_the_document_is_told(
    browser: Browser, service: Service, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, "quiet", invoice_email="boss@quiet.example", phone="+420 111", plan="Na dno")
    page = browser.get(address(issue(service, firm), "quiet")).text

    for text in ("boss@quiet.example", "+420 111", "Na dno", "Jan Novák", "csrf_token"):
        assert text not in page


def test_a_renumbered_document_opens_under_its_old_address(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    old = address(invoice)
    in_books(service, firm, lambda books: change_invoice(books, invoice.id, Given({"number": "2026-0099"})))

    assert "2026-0099" in browser.get(browser.get(old).location).text


def test_a_link_of_some_time_opens_the_document_and_tells_no_other(
    browser: Browser, service: Service, firm: Firm
) -> None:
    file = GivenFile("plan.txt", "text/plain", b"x")
    invoice = issue(service, firm, files=[file])
    link = in_books(service, firm, lambda books: share(books, invoice))
    page = browser.get(f"/applecorp/p/{link.secret}")

    assert page.status_code == 200
    assert f'href="/applecorp/files/{link.secret}/{invoice.attachments[0].id}"' in page.text
    assert invoice.token not in page.text
    assert again(service, firm, invoice).seen_on is not None
    in_books(service, firm, lambda books: stop_sharing(books, invoice))
    for path in (
        f"p/{link.secret}",
        f"p/{link.secret}/{invoice.number}.pdf",
        f"files/{link.secret}/{invoice.attachments[0].id}",
    ):
        assert browser.get(f"/applecorp/{path}").status_code == 404


# The code that banks' applications scan


def code_on(page: str) -> str:
    """The picture, to be held against one drawn from what it should say."""
    found = re.search(r'<img class="qr" src="data:image/svg\+xml;base64,([^"]+)"', page)
    return base64.b64decode(found[1]).decode() if found else ""


def bank_in(service: Service, firm: Firm, iban: str, currency: str = "CZK") -> None:
    given = Given({"name": currency, "number": iban[4:], "iban": iban, "currency": currency})
    in_books(service, firm, lambda books: add_bank_account(books, given))


def test_what_is_left_to_pay_can_be_scanned(browser: Browser, service: Service, firm: Firm) -> None:
    bank_in(service, firm, IBAN)
    invoice = issue(service, firm, number="2026-0007", variable_symbol="20260007", due_on=dt.date(2027, 1, 31))
    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given({"amount": Decimal(21)})))
    transfer = Transfer(
        amount=Decimal(100),
        currency="CZK",
        iban=IBAN,
        recipient="Applecorp s.r.o.",
        bic=invoice.bic or "",
        variable_symbol="20260007",
        message="2026-0007",
        due_on=dt.date(2027, 1, 31),
        payer_country="CZ",
    )

    assert code_on(browser.get(address(invoice)).text) == svg(spayd(transfer))


def test_euros_and_zlotys_have_the_codes_of_their_banks(
    browser: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    bank_in(service, firm, "DE89370400440532013000", "EUR")
    euros = issue(service, firm, add(service, firm, "GmbH", country="DE"), currency="EUR", exchange_rate=Decimal(25))
    polish = open_firm(database, clock, "jabluszko", country="PL", currency="PLN")
    bank_in(service, polish, "PL61109010140000071219812874", "PLN")

    for page in (address(euros), address(issue(service, polish), "jabluszko")):
        assert code_on(browser.get(page).text).startswith("<svg")


def test_nothing_is_scanned_where_nothing_is_to_be_sent(browser: Browser, service: Service, firm: Firm) -> None:
    bank_in(service, firm, IBAN)
    cancelled, paid = issue(service, firm), issue(service, firm)
    in_books(service, firm, lambda books: fire(books, cancelled.id, "cancel"))
    in_books(service, firm, lambda books: add_payment(books, paid.id, Given()))
    cash, hidden = issue(service, firm, payment_method="cash"), issue(service, firm, hide_bank_account=True)
    nowhere = issue(service, firm, iban="CZ00 nonsense")

    assert code_on(browser.get(address(issue(service, firm))).text)
    for invoice in (cancelled, paid, cash, hidden, nowhere):
        assert not code_on(browser.get(address(invoice)).text)


# Seen


def test_the_first_opening_is_written_down_once(browser: Browser, service: Service, firm: Firm, clock: Clock) -> None:
    clock.stand_at(NOON)
    invoice = issue(service, firm)
    browser.get(address(invoice))
    seen = again(service, firm, invoice)
    assert (seen.seen_on, seen.version) == (NOON.date(), invoice.version + 1)

    clock.stand_at(NOON + dt.timedelta(days=3))
    browser.get(address(invoice))
    assert again(service, firm, invoice) == seen


def test_the_history_says_that_a_browser_opened_it(browser: Browser, service: Service, firm: Firm) -> None:
    browser.get(address(issue(service, firm)))

    happened = in_books(service, firm, lambda books: books.all(Happening))
    assert [(h.name, h.way) for h in happened][-2:] == [("invoice_issued", None), ("invoice_seen", "browser")]


def test_a_locked_document_is_seen_as_well(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    in_books(service, firm, lambda books: fire(books, invoice.id, "lock"))
    browser.get(f"/applecorp/p/{invoice.token}")

    assert again(service, firm, invoice).seen_on is not None


def test_members_leave_it_unseen_and_other_people_do_not(
    app: Any, owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    invoice = issue(service, firm)
    assert owner.get(address(invoice)).status_code == 200
    assert again(service, firm, invoice) == invoice

    stranger = Browser(app)
    stranger.sign_in(open_firm(database, clock, "pearcorp").user.email)
    assert stranger.get(address(invoice)).status_code == 200
    assert again(service, firm, invoice).seen_on is not None


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}])
def test_a_browser_that_fetches_ahead_has_not_seen_it(
    browser: Browser, service: Service, firm: Firm, headers: dict[str, str]
) -> None:
    invoice = issue(service, firm)
    assert browser.get(address(invoice), **headers).status_code == 200
    assert browser.head(address(invoice)).status_code == 200

    assert again(service, firm, invoice) == invoice


def test_in_maintenance_it_opens_and_nothing_is_written(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)
    service.modes.read_only = True

    assert browser.get(address(invoice)).status_code == 200
    assert again(service, firm, invoice) == invoice


# Files


def test_the_document_is_downloaded_as_pdf(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, number="1/11/2026", language="en")
    path = f"{address(invoice)}.pdf"
    assert f'href="{path}">Download PDF</a>' in browser.get(address(invoice)).text
    seen = again(service, firm, invoice)

    paper = browser.get(path)
    assert (paper.status_code, paper.content_type) == (200, "application/pdf")
    assert paper.data.startswith(b"%PDF-")
    assert paper.headers["Content-Disposition"] == "attachment; filename=1-11-2026.pdf"
    assert paper.headers["X-Robots-Tag"] == "noindex"
    assert again(service, firm, invoice) == seen
    assert browser.get(f"/applecorp/p/{invoice.token}/9.pdf").location == f"/applecorp/p/{invoice.token}"
    assert browser.get(f"/applecorp/p/aaaaaaaaaa/{invoice.number}.pdf").status_code == 404


def test_a_document_that_cannot_be_printed_now_asks_for_patience(
    browser: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm)
    service.printer = Printer(1)
    service.printer.close()
    refused = browser.get(f"{address(invoice)}.pdf")

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")


def test_files_are_downloaded_by_their_document_alone(browser: Browser, service: Service, firm: Firm) -> None:
    file = GivenFile('plán "A".html', "text/html", b"<script>alert(1)</script>")
    invoice, other = issue(service, firm, files=[file]), issue(service, firm)
    path = f"/applecorp/files/{invoice.token}/{invoice.attachments[0].id}"
    assert f'href="{path}"' in browser.get(address(invoice)).text

    kept = browser.get(path)
    assert (kept.status_code, kept.data) == (200, file.content)
    assert kept.headers["Content-Disposition"].startswith("attachment; ")
    assert "filename*=UTF-8''pl%C3%A1n%20%22A%22.html" in kept.headers["Content-Disposition"]
    assert kept.headers["X-Robots-Tag"] == "noindex"
    for wrong in (
        f"/applecorp/files/{other.token}/{invoice.attachments[0].id}",
        f"/applecorp/files/{invoice.token}/999",
        f"/nobody/files/{invoice.token}/{invoice.attachments[0].id}",
    ):
        assert browser.get(wrong).status_code == 404


def test_customers_of_a_blocked_account_still_see_what_they_owe(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm)

    def block(office: Office) -> None:
        office.change(office.find(type(firm.account), id=firm.account.id), blocked=True)

    in_office(service, block)
    assert browser.get(address(invoice)).status_code == 200


def test_the_buyer_is_the_one_of_the_day_of_issue(browser: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Before")
    invoice = issue(service, firm, contact)
    in_books(service, firm, lambda books: change_contact(books, contact.id, Given({"name": "After"})))
    page = browser.get(address(invoice)).text

    assert "Before" in page
    assert "After" not in page
