"""Numbers and days are not parted by the end of a line, and account numbers stand in groups."""

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.contacts import change_contact
from faktura.core.errors import Given
from faktura.web.door.unbroken import unbroken
from faktura.web.tests.conftest import Browser, add, in_books
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm

pytestmark = needs.ONE_ENGINE

IBAN = "CZ6508000000192000145399"


@pytest.mark.parametrize("number", ["2026-0013", "19-2000145399/0800", "FV/2026/11/0144", "1-2026-0003", "5/2026"])
def test_a_number_with_a_hyphen_or_a_slash_is_whole(number: str) -> None:
    assert f'<span class="whole">{number}</span>' in unbroken(f"Zaplatit {number}, prosím")


@pytest.mark.parametrize("day", ["28. 11. 2026", "28 lis 2026", "28 Nov 2026", "Nov 28, 2026"])
def test_a_day_has_no_spaces_that_break(day: str) -> None:
    assert unbroken(f"od {day} dál") == f"od {day.replace(' ', chr(0xA0))} dál"


@pytest.mark.parametrize("text", ["Žlutý kůň-truhlář", "https://x.example/a-1", "a" * 20 + "-2026-" + "0" * 20])
def test_names_addresses_and_what_is_too_long_may_break(text: str) -> None:
    assert unbroken(text) == text


def test_what_is_no_markup_is_none_afterwards() -> None:
    assert "<b>" not in unbroken("<b>2026-0013</b>")


def test_an_iban_stands_in_groups_on_every_page_that_shows_it(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Odběratel")
    in_books(service, firm, lambda books: change_contact(books, contact.id, Given({"iban": IBAN})))
    given = Given({"name": "Hlavní", "number": "19-2000145399/0800"})
    in_books(service, firm, lambda books: add_bank_account(books, given))

    checked = "/applecorp/settings/bank_accounts/check?number=19-2000145399/0800"
    for path in ("/applecorp/settings/bank_accounts", f"/applecorp/subjects/{contact.id}", checked):
        assert "CZ65 0800 0000 1920 0014 5399" in owner.get(path).text, path
