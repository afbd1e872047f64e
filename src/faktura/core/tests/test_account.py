"""What a firm says of itself, and what it still lacks."""

from decimal import Decimal

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.accounts.missing import Incomplete, require_whole, what_is_missing
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.issue import issue_invoice
from faktura.core.people.accounts import RESERVED, Account, open_account
from faktura.core.tests.conftest import Firm, a_firm
from faktura.store.database import Database


def codes(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, list[str]]:
    return {name: [problem.code for problem in found] for name, found in refused.value.problems.items()}


def refusals(firm: Firm, **values: object) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        firm.do(change_account, Given(values))
    return codes(refused)


def kept(firm: Firm) -> Account:
    return firm.database.read(lambda tx: Office(tx, firm.clock.now()).find(Account, id=firm.account.id))


@pytest.mark.parametrize("slug", [*sorted(RESERVED), "otherapi"])
def test_nobody_opens_an_account_under_an_address_of_the_servers_own(firm: Firm, slug: str) -> None:
    with pytest.raises(Invalid) as refused:
        firm.do(lambda books: open_account(Office(books.tx, books.now), slug, "Firma", mounts={"otherapi"}))
    assert codes(refused) == {"slug": ["reserved"]}


def test_what_a_firm_says_of_itself_is_kept_and_the_history_says_from_what_to_what(firm: Firm) -> None:
    changed = firm.do(change_account, Given({"registration_no": "1234 5679", "street": "Dlouhá 1", "due_days": 30}))

    assert (changed.registration_no, changed.street, changed.due_days) == ("12345679", "Dlouhá 1", 30)
    assert changed == kept(firm)
    happened = firm.do(lambda books: books.all(Happening))[-1]
    assert (happened.name, happened.kind, happened.record_id) == ("account_changed", "accounts", firm.account.id)
    assert happened.details == {
        "registration_no": (None, "12345679"),
        "street": (None, "Dlouhá 1"),
        "due_days": (14, 30),
    }


def test_a_change_that_changes_nothing_is_no_event(firm: Firm) -> None:
    before = len(firm.do(lambda books: books.all(Happening)))
    assert firm.do(change_account, Given({"due_days": 14})).version == firm.account.version
    assert len(firm.do(lambda books: books.all(Happening))) == before


def test_a_none_and_an_empty_text_take_a_value_away(firm: Firm) -> None:
    firm.account = firm.do(change_account, Given({"street": "Dlouhá 1", "due_days": 30}))
    emptied = firm.do(change_account, Given({"street": " ", "due_days": None}))
    assert (emptied.street, emptied.due_days) == (None, 14)


@pytest.mark.parametrize(
    ("country", "name", "written", "expected"),
    [
        ("CZ", "registration_no", "27082440", "27082440"),
        ("CZ", "registration_no", "6947", "00006947"),
        ("CZ", "vat_no", "cz 2708 2440", "CZ27082440"),
        ("CZ", "vat_no", "27082440", "CZ27082440"),
        ("SK", "registration_no", "36421928", "36421928"),
        ("SK", "vat_no", "SK2022749619", "SK2022749619"),
        ("PL", "vat_no", "123-456-32-18", "1234563218"),
        ("PL", "vat_no", "PL 1234563218", "PL1234563218"),
        ("PL", "registration_no", "192598184", "192598184"),
        ("DE", "vat_no", "136 695 976", "DE136695976"),
        ("US", "vat_no", "any text", "any text"),
    ],
)
def test_numbers_of_firms_are_kept_in_one_form(
    database: Database, country: str, name: str, written: str, expected: str
) -> None:
    firm = a_firm(database, country=country)
    assert getattr(firm.do(change_account, Given({name: written})), name) == expected


@pytest.mark.parametrize(
    ("country", "name", "written", "code"),
    [
        ("CZ", "registration_no", "27082441", "wrong_check_digit"),
        ("CZ", "registration_no", "00000000", "wrong_check_digit"),
        ("CZ", "registration_no", "270824401", "malformed"),
        ("CZ", "registration_no", "2708244x", "malformed"),
        ("CZ", "vat_no", "CZ27082441", "wrong_check_digit"),
        ("PL", "vat_no", "1234563219", "wrong_check_digit"),
        ("PL", "vat_no", "0000000000", "wrong_check_digit"),
        ("PL", "registration_no", "192598183", "wrong_check_digit"),
        ("DE", "vat_no", "DE136695977", "wrong_check_digit"),
    ],
)
def test_a_number_with_a_digit_wrong_is_refused_at_its_attribute(
    database: Database, country: str, name: str, written: str, code: str
) -> None:
    firm = a_firm(database, country=country)
    assert refusals(firm, **{name: written}) == {name: [code]}
    assert kept(firm) == firm.account


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"name": " "}, {"name": ["blank"]}),
        ({"currency": "XXX", "country": "QQ"}, {"currency": ["not_in_list"], "country": ["not_in_list"]}),
        ({"vat_mode": "payer"}, {"vat_mode": ["not_in_list"]}),
        ({"vat_rate": 17}, {"vat_rate": ["not_in_list"]}),
        ({"due_days": -1}, {"due_days": ["malformed"]}),
        ({"invoice_email": "a@"}, {"invoice_email": ["malformed_email"]}),
        ({"web": "javascript:alert(1)"}, {"web": ["malformed"]}),
        ({"colour": "red"}, {"colour": ["malformed"]}),
        ({"hide_bank_account_for": ("card", "bank")}, {"hide_bank_account_for": ["not_in_list"]}),
        ({"street": "Dlouhá\n1"}, {"street": ["malformed"]}),
        ({"vat_code_abroad": "UD zahr"}, {"vat_code_abroad": ["malformed"]}),
        ({"vat_code_abroad": "U" * 11}, {"vat_code_abroad": ["malformed"]}),
        ({"plan_price": 0, "slug": "other"}, {"plan_price": ["immutable"], "slug": ["immutable"]}),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_kept(
    firm: Firm, values: dict[str, object], expected: dict[str, list[str]]
) -> None:
    assert refusals(firm, **values) == expected
    assert kept(firm) == firm.account


def test_the_country_stays_from_the_first_document_on_and_the_currency_does_not(firm: Firm) -> None:
    firm.account = firm.do(change_account, Given({"country": "sk"}))
    assert (firm.account.country, firm.account.currency, firm.account.vat_rate) == ("SK", "EUR", 23)
    firm.account = firm.do(change_account, Given({"country": "CZ", "currency": "EUR"}))
    assert (firm.account.country, firm.account.currency, firm.account.vat_rate) == ("CZ", "EUR", 21)
    invoice = firm.issue()

    with pytest.raises(Invalid) as refused:
        firm.do(change_account, Given({"country": "SK"}))

    [problem] = refused.value.problems["country"]
    assert (problem.code, problem.number) == ("relied_on", invoice.number)
    assert firm.do(change_account, Given({"currency": "CZK", "country": "CZ"})).currency == "CZK"


def test_in_another_country_the_numbers_must_be_numbers_of_it(firm: Firm) -> None:
    firm.account = firm.do(change_account, Given({"registration_no": "27082440"}))
    assert refusals(firm, country="PL") == {"registration_no": ["malformed"]}


def test_a_new_firm_lacks_what_its_documents_must_name(firm: Firm) -> None:
    everything: tuple[str, ...] = ("registration_no", "vat_no", "street", "city", "postcode", "bank_account")
    assert firm.do(what_is_missing) == everything
    with pytest.raises(Incomplete) as refused:
        firm.do(require_whole)
    assert refused.value.missing == everything

    line = Given({"name": "Práce", "unit_price": Decimal(100)})
    asked = Given({"contact_id": firm.contact.id, "lines": [line]})
    with pytest.raises(Incomplete):
        firm.do(issue_invoice, asked, Rules(whole_seller=True))
    assert firm.do(issue_invoice, asked).number.endswith("-0001")

    firm.account = firm.do(change_account, Given({"vat_mode": "non_vat_payer", "street": "Dlouhá 1"}))
    assert firm.do(what_is_missing) == ("registration_no", "city", "postcode", "bank_account")

    rest = {"registration_no": "27082440", "city": "Praha", "postcode": "110 00"}
    firm.account = firm.do(change_account, Given(rest))
    firm.do(add_bank_account, Given({"name": "Účet", "number": "19-2000145399/0800"}))
    assert firm.do(what_is_missing) == ()
    firm.do(require_whole)
    assert firm.do(issue_invoice, asked, Rules(whole_seller=True)).number.endswith("-0002")


def test_a_polish_firm_is_known_by_its_nip_alone(database: Database) -> None:
    firm = a_firm(database, country="PL")
    assert "registration_no" not in firm.do(what_is_missing)
    assert firm.do(what_is_missing)[0] == "vat_no"
