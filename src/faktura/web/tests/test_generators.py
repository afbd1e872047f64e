"""The page of a template, to which answers of the APIs lead."""

import datetime as dt
from decimal import Decimal
from typing import Any

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import pause
from faktura.web.tests.conftest import Browser, add, in_books
from faktura.wire.service import Service
from tests.firm import Firm

START = dt.date(2027, 1, 31)


def template(service: Service, firm: Firm, **values: Any) -> Generator:
    line = Given({"name": "Nájem", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    contact = add(service, firm, "Nájemce <b>")
    given = {"name": "Měsíční nájem", "contact_id": contact.id, "lines": [line], **values}
    return in_books(service, firm, lambda books: add_generator(books, Given(given)))


def monthly(service: Service, firm: Firm) -> Generator:
    return template(service, firm, recurring=True, start_on=START, months=1)


def test_it_shows_for_whom_it_is_and_what_it_comes_to(owner: Browser, service: Service, firm: Firm) -> None:
    page = owner.get(f"/applecorp/generators/{template(service, firm).id}")

    assert page.status_code == 200
    assert "Nájemce &lt;b&gt;" in page.text
    assert "121.00" in page.text
    assert "Next document" not in page.text


def test_a_recurring_one_says_when_it_issues_next_and_that_it_is_paused(
    owner: Browser, service: Service, firm: Firm
) -> None:
    made = monthly(service, firm)
    address = f"/applecorp/recurring_generators/{made.id}"
    running = owner.get(address).text
    assert "Next document" in running
    assert "Paused" not in running

    in_books(service, firm, lambda books: pause(books, made.id))
    assert "Paused" in owner.get(address).text


def test_one_that_does_not_recur_has_no_page_among_those_that_do(owner: Browser, service: Service, firm: Firm) -> None:
    assert owner.get(f"/applecorp/recurring_generators/{template(service, firm).id}").status_code == 404


def test_who_charges_no_vat_sees_none(owner: Browser, service: Service, firm: Firm) -> None:
    address = f"/applecorp/generators/{template(service, firm).id}"
    assert ">21" in owner.get(address).text

    def give_up_vat(books: Books) -> None:
        change_account(books, Given({"vat_mode": "non_vat_payer"}))

    in_books(service, firm, give_up_vat)
    assert "VAT" not in owner.get(address).text.partition("<main")[2]
