"""The page that a customer opens: what stands on it, who may open it, and when it counts as seen."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.clock import Clock
from faktura.core.contacts import change_contact
from faktura.core.errors import Given
from faktura.core.invoices.attachments import GivenFile
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.settle import add_payment
from faktura.core.office import Office
from faktura.store.database import Database
from faktura.web.document_words import LANGUAGES, WORDS
from faktura.web.tests.conftest import Browser, add, again, in_books, in_office, issue
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

SCRIPT = "<script>alert(1)</script>"
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
    assert '<html lang="en">' in page.text
    assert f"<h1>Invoice {invoice.number}</h1>" in page.text
    for text in ("Applecorp s.r.o.", "Žlutý kůň s.r.o.", "27082440", "Dlouhá 12", "Nov 21, 2026", "Dec 5, 2026"):
        assert text in page.text
    for text in (
        "1.5 h",
        "CZK\u00a0833.675",
        "CZK\u00a01,250.51",
        "12&nbsp;%",
        "CZK\u00a03,490.51",
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
        ("en", "en", ("Invoice", "Buyer", "CZK\u00a0121.00")),
        ("de", "de", ("Rechnung", "Käufer", "121,00\u00a0CZK")),
        ("fr", "en", ("Invoice", "Buyer")),
    ],
)
def test_the_page_speaks_the_language_of_the_document(
    browser: Browser, service: Service, firm: Firm, language: str, shown: str, words: tuple[str, ...]
) -> None:
    invoice = issue(service, firm, language=language)
    page = browser.get(address(invoice), **{"Accept-Language": "it"}).text

    assert f'<html lang="{shown}">' in page
    for word in words:
        assert word in page, word


def test_every_word_is_there_in_every_language() -> None:
    assert {len(told) for told in WORDS.values()} == {len(LANGUAGES)}
    assert all(all(told) for told in WORDS.values())


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
    assert '<span class="badge warning">Cancelled</span>' in page


def test_what_was_paid_is_counted_off(browser: Browser, service: Service, firm: Firm) -> None:
    invoice = issue(service, firm, language="en")
    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given({"amount": Decimal(21)})))
    assert "<dt>Left to pay</dt><dd>CZK\u00a0100.00</dd>" in browser.get(address(invoice)).text

    in_books(service, firm, lambda books: add_payment(books, invoice.id, Given()))
    paid = browser.get(address(invoice)).text
    assert "<dt>Left to pay</dt><dd>CZK\u00a00.00</dd>" in paid
    assert '<span class="badge">Paid</span>' in paid


def test_a_document_past_its_day_is_overdue_at_once(
    browser: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    clock.stand_at(NOON)
    invoice = issue(service, firm, language="en", due_days=1)
    assert "Overdue" not in browser.get(address(invoice)).text

    clock.stand_at(NOON + dt.timedelta(days=2))
    assert "Overdue" in browser.get(address(invoice)).text


def test_a_credit_note_says_what_is_to_be_returned(browser: Browser, service: Service, firm: Firm) -> None:
    original = issue(service, firm)
    line = Given({"name": "Discount", "unit_price": Decimal(-10), "vat_rate": Decimal(21)})
    credit = issue(service, firm, kind="correction", corrected_id=original.id, lines=[line], language="en")
    page = browser.get(address(credit)).text

    assert f"<dt>Corrects document</dt><dd>{original.number}" in page
    assert "<dt>To be returned</dt><dd>CZK\u00a012.10</dd>" in page
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
    page = browser.get(address(final)).text

    assert f"<dt>Advances deducted {final.deductions[0].number}</dt><dd>-CZK\u00a0121.00</dd>" in page
    assert "<dt>Left to pay</dt><dd>CZK\u00a0242.00</dd>" in page


def test_who_pays_no_vat_shows_none(browser: Browser, service: Service, database: Database, clock: Clock) -> None:
    small = open_firm(database, clock, "small", vat_mode="non_vat_payer")
    page = browser.get(address(issue(service, small, language="en"), "small")).text

    assert "Not registered for VAT" in page
    assert "VAT summary" not in page
    assert "Date of supply" not in page


def test_where_the_customer_owes_the_vat_the_document_says_so(browser: Browser, service: Service, firm: Firm) -> None:
    page = browser.get(address(issue(service, firm, language="en", reverse_charge=True))).text

    assert "Reverse charge: the customer accounts for the VAT." in page
    assert "Date of supply" in page
    assert "VAT summary" not in page


def test_a_foreign_currency_has_its_rate_and_vat_in_the_sellers_own(
    browser: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm, language="en", currency="EUR", exchange_rate=Decimal("25.135"))
    page = browser.get(address(invoice)).text

    for text in ("€121.00", "25.135 CZK/EUR", "CZK\u00a0527.84"):
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
