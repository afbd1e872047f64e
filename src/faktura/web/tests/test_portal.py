"""The page of one contact: who may open it, what it says, how several documents are paid together."""

import datetime as dt
import re
from decimal import Decimal
from html import unescape

from flask import Flask

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contact_links import end_contact_link, links_of_contact, make_contact_link
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.invoices.follow_up import add_payment
from faktura.outputs.reading.qr import Transfer, spayd
from faktura.outputs.reading.qr import svg as drawn
from faktura.store.chance import SYSTEM
from faktura.store.database import Database
from faktura.web.documents.showing import _address
from faktura.web.tests.conftest import Browser, add, in_books, in_office, issue, without_wholes
from faktura.wire.rate_limit import PUBLIC
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
IBAN = "CZ6508000000192000145399"


def link(service: Service, firm: Firm, contact: Contact) -> str:
    """The address of a page of the contact's."""
    secret = SYSTEM.letters("contact_links", 32)
    in_books(service, firm, lambda books: make_contact_link(books, contact.id, secret))
    return f"/{firm.account.slug}/c/{secret}"


def with_bank(service: Service, firm: Firm, **values: str) -> None:
    given = Given({"name": "CZK", "number": "19-2000145399/0800", "iban": IBAN} | values)
    in_books(service, firm, lambda books: add_bank_account(books, given))


def tapped(page: str) -> list[str]:
    """What is copied out of the fields that one tap selects: groups have no blanks between them."""
    found = re.findall(r'<span class="tap">((?:<span>[^<]*</span>)+)</span>', without_wholes(page))
    return [unescape(re.sub("<[^>]*>", "", field)) for field in found]


def test_the_customer_sees_all_documents_and_what_is_to_be_paid_in_each_currency(
    browser: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    clock.stand_at(NOON)
    contact, other = add(service, firm, "Karel", language="en"), add(service, firm, "Eva")
    first, second = issue(service, firm, contact), issue(service, firm, contact)
    foreign = issue(service, firm, contact, currency="EUR")
    secret = issue(service, firm, other)
    in_books(service, firm, lambda books: add_payment(books, second.id, Given({"amount": Decimal(100)})))
    page = browser.get(link(service, firm, contact))

    assert page.status_code == 200
    assert '<html lang="en"' in page.text
    assert re.findall(r'<p class="answer">([^<]*)</p>', page.text)[:2] == ["142.00\u00a0CZK", "121.00\u00a0€"]
    for invoice in (first, second, foreign):
        assert f'href="/applecorp/p/{invoice.token}"' in page.text
    assert secret.number not in page.text
    assert "21.00\u00a0CZK" in page.text
    assert "Set-Cookie" not in page.headers
    assert "<script" not in page.text


def test_chosen_documents_are_paid_by_one_code(browser: Browser, service: Service, firm: Firm, clock: Clock) -> None:
    clock.stand_at(NOON)
    with_bank(service, firm)
    contact = add(service, firm, "Karel", language="cs")
    first, second, third = (issue(service, firm, contact) for _ in range(3))
    address = link(service, firm, contact)
    transfer = Transfer(
        amount=Decimal(242),
        currency="CZK",
        iban=IBAN,
        recipient="Applecorp s.r.o.",
        message=f"{first.number}, {third.number}",
        due_on=first.due_on,
        payer_country="CZ",
    )
    page = browser.get(f"{address}?pay={first.id}&pay={third.id}").text

    assert tapped(page) == ["242,00", "19-2000145399/0800", f"{first.number}, {third.number}"]
    assert re.findall(r'class="qr" src="([^"]*)"', page) == [_address("image/svg+xml", drawn(spayd(transfer)).encode())]
    assert "363,00" in tapped(browser.get(address).text)
    alone = tapped(browser.get(f"{address}?pay={second.id}").text)
    assert alone == ["121,00", "19-2000145399/0800", second.variable_symbol]


def test_what_is_of_another_currency_or_account_has_a_payment_of_its_own(
    browser: Browser, service: Service, firm: Firm
) -> None:
    with_bank(service, firm)
    with_bank(service, firm, name="EUR", currency="EUR", number="2000145399/0800", iban="CZ7908000000002000145399")
    contact = add(service, firm, "Karel", language="cs", variable_symbol="4711")
    for currency in ("CZK", "CZK", "EUR"):
        issue(service, firm, contact, currency=currency)
    page = browser.get(link(service, firm, contact)).text

    assert page.count('class="qr"') == 2
    assert tapped(page)[:3] == ["242,00", "19-2000145399/0800", "4711"]
    assert "CZ7908000000002000145399" in tapped(page)


def test_an_address_that_names_documents_of_others_chooses_none_of_them(
    browser: Browser, service: Service, firm: Firm
) -> None:
    with_bank(service, firm)
    contact = add(service, firm, "Karel", language="cs")
    own, foreign = issue(service, firm, contact), issue(service, firm)
    page = browser.get(f"{link(service, firm, contact)}?pay={foreign.id}&pay=%C2%BD&pay=").text

    assert tapped(page)[0] == "121,00"
    assert own.number in page
    assert foreign.number not in page


def test_it_speaks_the_language_that_is_asked_for_without_a_cookie(
    browser: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    issue(service, firm, contact)
    address = link(service, firm, contact)

    for language, words in (("cs", "Vaše doklady"), ("pl", "Twoje dokumenty"), ("de", "Ihre Belege")):
        page = browser.get(f"{address}?language={language}")
        assert f'<html lang="{language}"' in page.text
        assert f"<h1>{words}</h1>" in page.text
        assert "Set-Cookie" not in page.headers
    assert '<html lang="cs"' in browser.get(f"{address}?language=xx").text


def test_a_customer_with_a_question_writes_to_the_seller(browser: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", language="en")
    invoice = issue(service, firm, contact, language="en")
    paths = (link(service, firm, contact), f"/applecorp/p/{invoice.token}")
    assert "mailto:" not in browser.get(paths[0]).text

    in_office(service, lambda office: office.change(firm.account, invoice_email="billing@applecorp.example"))
    for path in paths:
        assert 'href="mailto:billing%40applecorp.example?subject=' in browser.get(path).text


def test_nothing_to_pay_and_nothing_sent_are_said(browser: Browser, service: Service, firm: Firm) -> None:
    page = browser.get(link(service, firm, add(service, firm, "Karel", language="en"))).text

    assert "There is nothing to pay." in page
    assert "There are no documents yet." in page


def test_documents_come_in_pages(browser: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", language="en")
    numbers = {issue(service, firm, contact).number for _ in range(60)}
    page = browser.get(f"{link(service, firm, contact)}?language=de").text
    assert "60" not in re.findall(r'<p class="answer">([^<]*)</p>', page)
    (address,) = re.findall(r'rel="next" href="([^"]*[?;]after=[^"]*)"', page)
    second = browser.get(unescape(address)).text

    listed = [re.findall(r'">(\d{4}-\d+)</a> <span class="faint">', without_wholes(one)) for one in (page, second)]
    assert [len(found) for found in listed] == [50, 10]
    assert {number for found in listed for number in found} == numbers
    assert '<html lang="de"' in second


def test_what_is_unpaid_comes_in_pages_and_its_sum_is_of_all(browser: Browser, service: Service, firm: Firm) -> None:
    with_bank(service, firm)
    contact = add(service, firm, "Karel", language="en")
    issued = [issue(service, firm, contact) for _ in range(45)]
    pages, addresses = [], [link(service, firm, contact)]
    while addresses:
        pages.append(browser.get(unescape(addresses[0])).text)
        addresses = re.findall(r'rel="next" href="([^"]*unpaid_after=[^"]*)"', pages[-1])
    offered = [re.findall(r'name="pay" value="(\d+)"', page) for page in pages]

    assert [len(ids) for ids in offered] == [20, 20, 5]
    assert [int(one) for ids in offered for one in ids] == [invoice.id for invoice in issued]
    assert {re.findall(r'<p class="answer">([^<]*)</p>', page)[0] for page in pages} == {"5,445.00\u00a0CZK"}
    assert [tapped(page)[0] for page in pages] == ["2420.00", "2420.00", "605.00"]
    (back,) = re.findall(r'rel="prev" href="([^"]*unpaid_before=[^"]*)"', pages[2])
    assert re.findall(r'name="pay" value="(\d+)"', browser.get(unescape(back)).text) == offered[1]
    assert len(pages[0]) < 40_000


def test_the_chosen_of_a_further_page_are_paid_on_that_page(browser: Browser, service: Service, firm: Firm) -> None:
    with_bank(service, firm)
    contact = add(service, firm, "Karel", language="en")
    issued = [issue(service, firm, contact) for _ in range(22)]
    address = f"{link(service, firm, contact)}?unpaid_after={issued[19].id}"

    assert f'type="hidden" name="unpaid_after" value="{issued[19].id}"' in browser.get(address).text
    assert tapped(browser.get(f"{address}&pay={issued[21].id}").text)[2] == issued[21].variable_symbol


def test_no_link_opens_what_is_not_its_own(
    browser: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    other = open_firm(database, clock, "pearcorp")
    own = link(service, firm, add(service, firm, "Karel"))
    secret = own.rpartition("/")[2]
    link(service, other, add(service, other, "Eva"))
    paths = [
        f"/pearcorp/c/{secret}",
        f"/nobody/c/{secret}",
        f"/applecorp/c/{secret[:-1]}",
        f"/applecorp/c/{secret.swapcase()}",
        "/applecorp/c/%F0%9F%92%A9",
    ]
    answers = [browser.get(path) for path in paths]

    assert [answer.status_code for answer in answers] == [404] * len(paths)
    assert browser.get(own).status_code == 200


def test_customers_of_a_blocked_account_still_see_what_they_owe(browser: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", language="en")
    issue(service, firm, contact)
    address = link(service, firm, contact)

    def block(office: Office) -> None:
        office.change(office.find(type(firm.account), id=firm.account.id), blocked=True)

    in_office(service, block)
    assert "121.00" in browser.get(address).text


def test_only_so_many_are_opened_a_minute(browser: Browser, service: Service, firm: Firm, clock: Clock) -> None:
    clock.stand_at(NOON)
    address = link(service, firm, add(service, firm, "Karel"))
    service.modes.rate_limits[PUBLIC] = {"all": 2}

    assert [browser.get(path).status_code for path in (address, "/applecorp/c/wrong", address)] == [200, 404, 429]


def test_it_counts_as_opened_once_the_customer_looks(owner: Browser, app: Flask, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    address = link(service, firm, contact)

    def opened_on() -> dt.date | None:
        return in_books(service, firm, lambda books: links_of_contact(books, contact.id))[0].opened_on

    customer = Browser(app)
    owner.get(address)
    customer.head(address)
    customer.get(address, **{"Sec-Purpose": "prefetch"})
    assert opened_on() is None
    customer.get(address)
    assert opened_on() is not None


# What members do


def test_a_link_is_made_shown_once_and_ended_on_the_page_of_the_contact(
    owner: Browser, app: Flask, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    links = f"/applecorp/subjects/{contact.id}/links"
    assert f'href="{links}"' in owner.get(f"/applecorp/subjects/{contact.id}").text
    owner.get(links)
    form = dict(owner.hidden)
    made = owner.post(links)
    assert (made.status_code, made.location) == (303, links)
    owner.hidden = form
    assert owner.post(links).location == links

    (address,) = re.findall(r'class="tap" href="http://faktura.example([^"]*)"', owner.get(links).text)
    page = owner.get(links).text
    assert "/c/" not in page
    assert Browser(app).get(address).status_code == 200
    (kept,) = in_books(service, firm, lambda books: links_of_contact(books, contact.id))

    assert owner.post(f"{links}/{kept.id}/end").location == links
    assert Browser(app).get(address).status_code == 404


def test_members_who_only_read_or_see_no_documents_make_no_link(
    app: Flask, service: Service, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, "readers", permission="read", language="en")
    contact = add(service, firm, "Karel")
    reader = Browser(app)
    reader.sign_in(firm.user.email)
    links = f"/readers/subjects/{contact.id}/links"

    assert "<button>" not in reader.get(links).text
    assert reader.post(links).status_code == 403
    assert in_books(service, firm, lambda books: links_of_contact(books, contact.id)) == []


def test_links_of_another_account_are_unknown(
    owner: Browser, service: Service, firm: Firm, database: Database, clock: Clock
) -> None:
    other = open_firm(database, clock, "pearcorp")
    contact = add(service, other, "Eva")
    own = add(service, firm, "Karel")
    link(service, other, contact)
    (foreign,) = in_books(service, other, lambda books: links_of_contact(books, contact.id))
    owner.get(f"/applecorp/subjects/{own.id}/links")
    hidden = dict(owner.hidden)

    assert owner.get(f"/applecorp/subjects/{contact.id}/links").status_code == 404
    for path in (f"{contact.id}/links", f"{own.id}/links/{foreign.id}/end"):
        owner.hidden = hidden
        assert owner.post(f"/applecorp/subjects/{path}").status_code == 404
    in_books(service, other, lambda books: end_contact_link(books, contact.id, foreign.id))
