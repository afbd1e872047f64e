"""An owner says what the firm is, how its documents look and are numbered, and where it is paid."""

import pytest
from flask import Flask

from faktura.core.accounts.missing import require_whole
from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.number_formats import formats_of
from faktura.core.people.accounts import Account
from faktura.core.people.users import User, join
from faktura.store.database import Database
from faktura.web.settings.account import ACCOUNT
from faktura.web.tests.conftest import Browser, in_books, in_office, issue
from faktura.web.tests.test_setup import picture, send_logo
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

SETTINGS = "/applecorp/settings"
OF_OWNERS = (
    "account",
    "look",
    "numbers",
    "texts",
    "e-invoices",
    "mail",
    "bank_accounts/new",
    "numbers/new",
    "reminders",
    "reminders/new",
)


def account(service: Service) -> Account:
    return in_office(service, lambda office: office.find(Account, slug="applecorp"))


def banks(service: Service, firm: Firm) -> list[BankAccount]:
    return in_books(service, firm, lambda books: books.all(BankAccount))


def typed(service: Service) -> dict[str, str]:
    """The form of the account as it is shown."""
    return {name: text for name, text in ACCOUNT.filled(account(service)).typed.items() if text}


@pytest.fixture
def reader(app: Flask, service: Service, database: Database, firm: Firm) -> Browser:
    """Somebody who only reads in the account."""
    other = open_firm(database, service.clock, "pearcorp", language="en")
    in_books(service, firm, lambda books: join(books, Office(books.tx, books.now).find(User, id=other.user.id), "read"))
    browser = Browser(app)
    browser.sign_in(other.user.email)
    return browser


def test_every_page_of_settings_is_linked_and_opens(owner: Browser) -> None:
    index = owner.get(SETTINGS).text
    for page in ("account", "look", "numbers", "texts", "e-invoices", "mail", "reminders", "bank_accounts"):
        assert f'href="{SETTINGS}/{page}"' in index
        assert owner.get(f"{SETTINGS}/{page}").status_code == 200
    assert f'href="{SETTINGS}"' in owner.get("/applecorp/subjects").text


def test_who_only_reads_sees_no_verb_and_is_refused(reader: Browser, service: Service, firm: Firm) -> None:
    index = reader.get(SETTINGS).text
    assert f'href="{SETTINGS}/bank_accounts"' in index
    assert f'href="{SETTINGS}/account"' not in index
    assert "New bank account" not in reader.get(f"{SETTINGS}/bank_accounts").text
    for page in OF_OWNERS:
        assert reader.get(f"{SETTINGS}/{page}").status_code == 403, page
        refused = reader.post(f"{SETTINGS}/{page}", number="19-2000145399/0800").status_code
        assert refused == (405 if page in {"numbers", "reminders"} else 403), page
    assert banks(service, firm) == []


def test_what_a_firm_is_is_changed_and_what_is_wrong_stays_typed(owner: Browser, service: Service) -> None:
    owner.get(f"{SETTINGS}/account")
    right = typed(service) | {"street": "Krátká 2", "due_days": "30", "vat_mode": "non_vat_payer"}
    refused = owner.post(f"{SETTINGS}/account", **(right | {"registration_no": "12345678", "city": "Brno <b>"}))
    assert refused.status_code == 422
    assert '<a href="#registration_no">' in refused.text
    assert 'value="Brno &lt;b&gt;"' in refused.text
    assert account(service).due_days == 14

    assert owner.post(f"{SETTINGS}/account", **right).location == SETTINGS
    kept = account(service)
    assert (kept.street, kept.due_days, kept.vat_mode) == ("Krátká 2", 30, "non_vat_payer")


def test_the_country_stays_once_a_document_rests_on_it(owner: Browser, service: Service, firm: Firm) -> None:
    issued = issue(service, firm)
    owner.get(f"{SETTINGS}/account")
    refused = owner.post(f"{SETTINGS}/account", **(typed(service) | {"country": "PL"}))
    assert refused.status_code == 422
    assert f"Document {issued.number} rests on this." in refused.text


def test_texts_are_kept(owner: Browser, service: Service) -> None:
    owner.get(f"{SETTINGS}/texts")
    kept = owner.post(f"{SETTINGS}/texts", invoice_note="Děkujeme.\r\nNashle.", footer_note="", unit_name="ks")
    assert kept.location == SETTINGS
    assert (account(service).invoice_note, account(service).unit_name) == ("Děkujeme.\nNashle.", "ks")


def test_a_logo_is_kept_shown_and_taken_away(owner: Browser, service: Service) -> None:
    owner.get(f"{SETTINGS}/look")
    assert send_logo(owner, f"{SETTINGS}/look", picture("JPEG"), colour="#0a6e5c").status_code == 303
    assert f'src="{SETTINGS}/logo?v=' in owner.get(f"{SETTINGS}/look").text
    logo = owner.get(f"{SETTINGS}/logo")
    assert (logo.mimetype, logo.data[:4]) == ("image/png", b"\x89PNG")

    owner.get(f"{SETTINGS}/look")
    assert owner.post(f"{SETTINGS}/look", without_logo="yes", colour="").status_code == 303
    assert (account(service).logo, account(service).colour) == (None, None)
    assert owner.get(f"{SETTINGS}/logo").status_code == 404


def test_a_bank_account_is_added_changed_and_deleted(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{SETTINGS}/bank_accounts/new")
    new = {"number": "CZ65 0800 0000 1920 0014 5399", "currency": "CZK", "name": "", "bank_name": "", "iban": ""}
    assert owner.post(f"{SETTINGS}/bank_accounts/new", **new).location == f"{SETTINGS}/bank_accounts"
    [bank] = banks(service, firm)
    assert (bank.number, bank.bic, bank.default) == ("19-2000145399/0800", "GIBACZPX", True)
    assert "19-2000145399/0800" in owner.get(f"{SETTINGS}/bank_accounts").text

    shown = owner.get(f"{SETTINGS}/bank_accounts/{bank.id}").text
    assert 'value="CZ6508000000192000145399"' in shown
    other = {"number": "2000145399/0300", "currency": "CZK", "default": "yes"}
    kept = {"iban": bank.iban or "", "bic": bank.bic or "", "bank_name": bank.bank_name or "", "name": bank.name}
    changed = owner.post(f"{SETTINGS}/bank_accounts/{bank.id}", **(kept | other))
    assert changed.location == f"{SETTINGS}/bank_accounts"
    [bank] = banks(service, firm)
    assert (bank.number, bank.iban) == ("2000145399/0300", "CZ6603000000002000145399")
    assert (bank.name, bank.bic) == ("Československá obchodní banka, a. s.", "CEKOCZPP")

    assert "Delete the bank account 2000145399/0300" in owner.get(f"{SETTINGS}/bank_accounts/{bank.id}/delete").text
    assert owner.post(f"{SETTINGS}/bank_accounts/{bank.id}/delete").location == f"{SETTINGS}/bank_accounts"
    assert banks(service, firm) == []


def test_what_follows_from_a_number_is_said_while_it_is_typed(owner: Browser) -> None:
    for number, words in (
        ("19-2000145399/0800", "Česká spořitelna, a.s. · CZ65 0800 0000 1920 0014 5399 · GIBACZPX"),
        ("19-2000145398/0800", "The check digit does not fit"),
        ("", ""),
    ):
        part = owner.get(f"{SETTINGS}/bank_accounts/check?number={number}").text
        assert words in part
        assert "<html" not in part


def test_formats_are_added_changed_set_aside_and_brought_back(owner: Browser, service: Service, firm: Firm) -> None:
    assert "#yyyy#-#dddd#" in owner.get(f"{SETTINGS}/numbers").text
    owner.get(f"{SETTINGS}/numbers/new")
    new = {"kind": "invoice", "pattern": "FV#yyyy#-#dddd#", "next": "144", "default": "yes"}
    assert owner.post(f"{SETTINGS}/numbers/new", **new).location == f"{SETTINGS}/numbers"
    [first] = in_books(service, firm, lambda books: formats_of(books, "invoice"))
    assert "-0144</span>, " in owner.get(f"{SETTINGS}/numbers").text

    owner.get(f"{SETTINGS}/numbers/{first.id}")
    refused = owner.post(f"{SETTINGS}/numbers/{first.id}", pattern="FV", next="")
    assert refused.status_code == 422
    assert "The format needs a place for the counter." in refused.text
    assert issue(service, firm).number.startswith("FV")
    owner.get(f"{SETTINGS}/numbers/{first.id}")
    assert "rests on this." in owner.post(f"{SETTINGS}/numbers/{first.id}", pattern="X#yyyy#-#dd#", next="").text

    owner.get(f"{SETTINGS}/numbers/{first.id}/archive")
    assert owner.post(f"{SETTINGS}/numbers/{first.id}/archive").status_code == 409
    owner.get(f"{SETTINGS}/numbers/new")
    owner.post(f"{SETTINGS}/numbers/new", kind="invoice", pattern="B#yyyy#-#dddd#", next="")
    owner.get(f"{SETTINGS}/numbers/{first.id}/archive")
    assert owner.post(f"{SETTINGS}/numbers/{first.id}/archive").location == f"{SETTINGS}/numbers"
    assert "Use it again" in owner.get(f"{SETTINGS}/numbers").text
    assert owner.post(f"{SETTINGS}/numbers/{first.id}/bring-back").location == f"{SETTINGS}/numbers"
    assert "Use it again" not in owner.get(f"{SETTINGS}/numbers").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("pattern=F%23yyyy%23-%23dd%23&next=7", "-07</span>, "),
        ("pattern=%23%23%23&next=x", ""),
        ("", ""),
        ("next=-1", ""),
    ],
)
def test_the_next_numbers_are_shown_while_a_format_is_typed(owner: Browser, query: str, words: str) -> None:
    shown = owner.get(f"{SETTINGS}/numbers/preview?{query}")
    assert shown.status_code == 200
    assert words in shown.text


def test_records_of_another_account_are_not_found(owner: Browser, service: Service, database: Database) -> None:
    other = open_firm(database, service.clock, "pearcorp")
    other_browser_paths = []

    def work(books: Books) -> None:
        bank = books.add(BankAccount, name="Cizí", currency="CZK", number="1")
        issued = formats_of(books)
        other_browser_paths.extend([f"bank_accounts/{bank.id}", f"bank_accounts/{bank.id}/delete"])
        other_browser_paths.extend(f"numbers/{found.id}" for found in issued)

    issue(service, other)
    in_books(service, other, work)
    assert len(other_browser_paths) == 3
    for path in other_browser_paths:
        assert owner.get(f"{SETTINGS}/{path}").status_code == 404, path
        assert owner.get(f"/pearcorp/settings/{path}").status_code == 404, path


def test_what_is_missing_is_named_by_links_to_the_very_fields(owner: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form whose verb asks for a whole firm, as that which issues a document does."""
    monkeypatch.setattr("faktura.web.settings.of_account.change_account", lambda books, _: require_whole(books))
    owner.get(f"{SETTINGS}/texts")
    refused = owner.post(f"{SETTINGS}/texts", unit_name="ks")
    assert refused.status_code == 409
    places = [f"{SETTINGS}/account#registration_no", f"{SETTINGS}/bank_accounts/new"]
    for place in places:
        assert f'<a href="{place}">' in refused.text
    assert 'id="registration_no"' in owner.get(f"{SETTINGS}/account").text
