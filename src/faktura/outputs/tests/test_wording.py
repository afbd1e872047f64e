"""Letters count days as their language does."""

import datetime as dt

import pytest
from babel import Locale

from faktura.core.contacts import change_contact
from faktura.core.errors import Given
from faktura.core.tests.conftest import a_firm
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.words.words import LANGUAGES, WORDS, days_in
from faktura.store.database import Database
from tests import needs

pytestmark = needs.ONE_ENGINE

DAYS = {
    "cs": {1: "den", 2: "dny", 4: "dny", 5: "dnů", 11: "dnů", 12: "dnů", 21: "dnů", 22: "dnů", 100: "dnů"},
    "sk": {1: "deň", 2: "dni", 4: "dni", 5: "dní", 11: "dní", 12: "dní", 21: "dní", 22: "dní", 100: "dní"},
    "pl": {1: "dzień", 2: "dni", 4: "dni", 5: "dni", 11: "dni", 12: "dni", 21: "dni", 22: "dni", 100: "dni"},
    "en": {1: "day", 2: "days", 5: "days", 11: "days", 21: "days", 101: "days"},
    "de": {1: "Tag", 2: "Tagen", 5: "Tagen", 11: "Tagen", 21: "Tagen", 101: "Tagen"},
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_have_the_form_of_their_number(language: str) -> None:
    assert {number: days_in(language, number) for number in DAYS[language]} == {
        number: f"{number} {noun}" for number, noun in DAYS[language].items()
    }
    assert all(days_in(language, number).startswith(f"{number} ") for number in range(4000))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_forms_that_whole_numbers_take_in_it(language: str) -> None:
    forms = {form for form, words in WORDS["days"].items() if language in words}

    assert forms == {Locale(language).plural_form(number) for number in range(200)}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("cs", ["je 1 den po splatnosti", "je 3 dny po splatnosti", "je 7 dnů po splatnosti"]),
        ("sk", ["je 1 deň po splatnosti", "je 3 dni po splatnosti", "je 7 dní po splatnosti"]),
        ("pl", ["minął 1 dzień temu", "minął 3 dni temu", "minął 7 dni temu"]),
        ("en", ["is 1 day overdue", "is 3 days overdue", "is 7 days overdue"]),
        ("de", ["ist seit 1 Tag überfällig", "ist seit 3 Tagen überfällig", "ist seit 7 Tagen überfällig"]),
    ],
)
def test_a_reminder_counts_the_days_in_its_language(database: Database, language: str, words: list[str]) -> None:
    firm = a_firm(database)
    firm.do(change_contact, firm.contact.id, Given({"email": "ucetni@odberatel.example"}))
    today = firm.clock.now().date()
    for days, expected in zip((1, 3, 7), words, strict=True):
        late = {"issued_on": today - dt.timedelta(days=days), "due_days": 0, "language": language}
        letter = firm.do(send_invoice, firm.issue(**late).id, Given({}), "https://faktura.example/p")

        assert expected in letter.body
