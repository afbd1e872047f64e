"""A server on which nobody has an account is set up in the browser, in four steps that are each saved."""

import io
from collections.abc import Callable
from typing import TypeVar

import pytest
from flask import Flask
from PIL import Image
from werkzeug.test import TestResponse

from faktura.core.accounts.missing import what_is_missing
from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.numbering import next_number
from faktura.core.people.accounts import Account
from faktura.core.people.first_run import expect_somebody, nobody_is_here
from faktura.core.people.users import User
from faktura.web.tests.conftest import Browser, in_office
from faktura.wire.service import Service
from tests.firm import PASSWORD

SECRET = "printed where the server was started"
JAN = {"full_name": "Jan Novák", "email": "Jan@Firma.example", "password": PASSWORD, "language": "en"}
FIRM = {
    "country": "CZ",
    "registration_no": "123 45 679",
    "vat_no": "CZ12345679",
    "name": "Moje firma s.r.o.",
    "street": "Dlouhá 1",
    "city": "Praha",
    "postcode": "110 00",
    "vat_mode": "vat_payer",
}


@pytest.fixture
def newcomer(browser: Browser, service: Service) -> Browser:
    """The server printed its secret, and somebody looks at it for the first time."""
    assert in_office(service, lambda office: expect_somebody(office, SECRET))
    return browser


@pytest.fixture
def jan(newcomer: Browser) -> Browser:
    """The first person, who is signed in."""
    newcomer.get(f"/setup?secret={SECRET}")
    assert newcomer.post("/setup", **JAN).location == "/setup/firm"
    return newcomer


@pytest.fixture
def founder(jan: Browser) -> Browser:
    """The first person, whose firm is there."""
    jan.get("/setup/firm")
    assert jan.post("/setup/firm", **FIRM).location == "/setup/money"
    return jan


T = TypeVar("T")


def in_first_books(service: Service, work: Callable[[Books], T]) -> T:
    return in_office(service, lambda office: work(Books(office.tx, office.find(Account, id=1), None, office.now)))


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (300, 100), "#0a6e5c").save(file, kind)
    return file.getvalue()


def send_logo(visitor: Browser, path: str, content: bytes, name: str = "logo.png", **fields: str) -> TestResponse:
    return visitor.send_file(path, content=content, filename=name, under="logo", **fields)


def test_the_first_page_leads_to_the_set_up_while_nobody_is_there(newcomer: Browser) -> None:
    assert newcomer.get("/").location == "/setup"
    closed = newcomer.get("/setup")
    assert closed.status_code == 403
    assert "The server printed an address when it was started." in closed.text
    assert newcomer.get("/setup?secret=guessed").status_code == 403


def test_only_who_has_the_secret_becomes_the_first_person(newcomer: Browser, service: Service) -> None:
    newcomer.get(f"/setup?secret={SECRET}")
    assert newcomer.post("/setup", **(JAN | {"secret": "guessed"})).status_code == 404
    assert in_office(service, nobody_is_here)


def test_four_steps_lead_from_nothing_to_a_firm_that_can_issue(founder: Browser, service: Service) -> None:
    founder.get("/setup/money")
    money = {"number": "19-2000145399/0800", "bank_name": "", "currency": "CZK", "due_days": "21"}
    assert founder.post("/setup/money", **money).location == "/setup/look"

    page = founder.get("/setup/look").text
    assert 'value="#yyyy#-#dddd#"' in page
    last = send_logo(founder, "/setup/look", picture(), colour="#0A6E5C", pattern="FV#yyyy#-#dddd#", next="144")
    assert last.status_code == 303

    user = in_office(service, lambda office: office.find(User, id=1))
    account = in_office(service, lambda office: office.find(Account, slug="moje-firma-s-r-o"))
    assert (user.email, user.full_name, user.language) == ("jan@firma.example", "Jan Novák", "en")
    assert (account.name, account.registration_no, account.vat_no) == ("Moje firma s.r.o.", "12345679", "CZ12345679")
    assert (account.colour, account.due_days, account.logo is not None) == ("#0a6e5c", 21, True)
    assert in_first_books(service, what_is_missing) == ()
    [bank] = in_first_books(service, lambda books: books.all(BankAccount))
    assert (bank.iban, bank.name, bank.default) == ("CZ6508000000192000145399", "Česká spořitelna, a.s.", True)
    number = in_first_books(service, lambda books: next_number(books, "invoice", books.today))
    assert str(number).startswith("FV")
    assert str(number).endswith("-0144")


def test_the_set_up_is_closed_as_soon_as_somebody_is_there(founder: Browser, app: Flask) -> None:
    stranger = Browser(app)
    assert stranger.get(f"/setup?secret={SECRET}").location == "/"
    assert stranger.get("/").location.startswith("/sign-in")
    stranger.get("/sign-in")
    assert stranger.post("/setup", secret=SECRET, **JAN).status_code == 404
    assert founder.get("/setup/firm").location == "/"
    founder.get("/setup/money")
    assert founder.post("/setup/firm", **FIRM).status_code == 403


def test_who_went_away_after_the_first_step_goes_on_with_the_second(jan: Browser) -> None:
    assert jan.get("/").location == "/setup/firm"
    assert jan.get("/setup/money").location == "/"


def test_steps_may_be_left_for_later(founder: Browser, service: Service) -> None:
    founder.get("/setup/money")
    left = founder.post("/setup/money", number="", bank_name="", currency="CZK", due_days="14")
    assert left.location == "/setup/look"
    assert "bank_account" in str(in_first_books(service, what_is_missing))
    assert 'href="/moje-firma-s-r-o' in founder.get("/setup/look").text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"full_name": " "}, "Fill this in."),
        ({"email": "nobody"}, "This is no e-mail address."),
        ({"password": "short"}, "It needs 10 letters or more."),
        ({"password": "jan@firma.example"}, "It is easily guessed"),
        ({"language": "xx"}, "Choose one from the list."),
    ],
)
def test_the_first_person_is_told_what_is_wrong_and_nothing_is_stored(
    newcomer: Browser, service: Service, wrong: dict[str, str], words: str
) -> None:
    newcomer.get(f"/setup?secret={SECRET}")
    refused = newcomer.post("/setup", **(JAN | wrong))
    assert refused.status_code == 422
    assert words in refused.text
    assert PASSWORD not in refused.text
    assert 'value="Jan' in refused.text or "full_name" in wrong
    assert in_office(service, nobody_is_here)
    assert newcomer.post("/setup", **JAN).location == "/setup/firm"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"registration_no": "12345678"}, "The check digit does not fit"),
        ({"vat_no": "CZ12345678"}, "The check digit does not fit"),
        ({"name": ""}, "Fill this in."),
        ({"country": "XX"}, "Choose one from the list."),
        ({"slug": "settings"}, "This name is kept for the program."),
        ({"slug": "somewhere"}, "This name is kept for the program."),
        ({"slug": "Moje firma"}, "This is not written as it should be."),
    ],
)
def test_a_firm_is_refused_at_its_field_and_nothing_is_stored(
    jan: Browser, service: Service, wrong: dict[str, str], words: str
) -> None:
    service.mounts = frozenset({"somewhere"})
    jan.get("/setup/firm")
    refused = jan.post("/setup/firm", **(FIRM | wrong))
    assert refused.status_code == 422
    assert words in refused.text
    assert in_office(service, lambda office: office.look_up(Account, id=1)) is None


def test_a_polish_firm_has_its_own_country(jan: Browser, service: Service) -> None:
    jan.get("/setup/firm")
    polish = FIRM | {"country": "PL", "registration_no": "", "vat_no": "526-00-01-246", "name": "Łódź Sp. z o.o."}
    assert jan.post("/setup/firm", **polish).location == "/setup/money"
    account = in_office(service, lambda office: office.find(Account, slug="lodz-sp-z-o-o"))
    assert (account.currency, account.invoice_language, account.vat_no) == ("PLN", "pl", "5260001246")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("19-2000145398/0800", "The check digit does not fit"),
        ("19-2000145399/9999", "There is no bank with this code."),
    ],
)
def test_a_wrong_bank_account_is_refused_with_what_was_typed(
    founder: Browser, service: Service, number: str, words: str
) -> None:
    founder.get("/setup/money")
    refused = founder.post("/setup/money", number=number, bank_name="", currency="CZK", due_days="30")
    assert refused.status_code == 422
    assert words in refused.text
    assert f'value="{number}"' in refused.text
    assert in_office(service, lambda office: office.find(Account, id=1)).due_days == 14


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a", picture()[:60]])
def test_what_is_no_picture_is_no_logo(founder: Browser, service: Service, content: bytes) -> None:
    founder.get("/setup/look")
    refused = send_logo(founder, "/setup/look", content, colour="", pattern="F#yyyy#-#dd#", next="")
    assert refused.status_code == 422
    assert "This is no picture that can be read." in refused.text
    assert 'value="F#yyyy#-#dd#"' in refused.text
    assert in_office(service, lambda office: office.find(Account, id=1)).logo is None


def test_the_form_that_stood_open_for_too_long_keeps_what_was_typed(newcomer: Browser, service: Service) -> None:
    newcomer.get(f"/setup?secret={SECRET}")
    expired = newcomer.post("/setup", **(JAN | {"csrf_token": "old"}))
    assert expired.status_code == 400
    assert 'value="Jan Novák"' in expired.text
    assert in_office(service, nobody_is_here)


def test_a_firm_that_is_there_is_not_set_up_again(owner: Browser, service: Service) -> None:
    assert owner.get("/setup").location == "/"
    assert owner.get("/setup/firm").location == "/"
    assert not in_office(service, lambda office: expect_somebody(Office(office.tx, office.now), SECRET))
