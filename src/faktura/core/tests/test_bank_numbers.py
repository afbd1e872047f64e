"""Numbers of bank accounts as people type them; programs are asked by their contract alone."""

import pytest

from faktura.core.bank_accounts import add_bank_account, change_bank_account
from faktura.core.bank_numbers import with_bank
from faktura.core.errors import Given, Invalid
from faktura.core.tests.conftest import Firm

CZECH, CZECH_IBAN = "19-2000145399/0800", "CZ6508000000192000145399"
POLISH = "61109010140000071219812874"


@pytest.mark.parametrize(
    ("typed", "country", "number", "iban"),
    [
        (CZECH, "CZ", CZECH, CZECH_IBAN),
        (" 19-2000145399 / 0800 ", "CZ", CZECH, CZECH_IBAN),
        ("CZ65 0800 0000 1920 0014 5399", "CZ", CZECH, CZECH_IBAN),
        ("CZ65 0800 0000 1920 0014 5399", "PL", CZECH_IBAN, CZECH_IBAN),
        ("61 1090 1014 0000 0712 1981 2874", "PL", POLISH, f"PL{POLISH}"),
        (f"pl{POLISH}", "PL", POLISH, f"PL{POLISH}"),
        ("19-8742637541/1200", "SK", "19-8742637541/1200", "SK3112000000198742637541"),
        ("DE89 3704 0044 0532 0130 00", "CZ", "DE89370400440532013000", "DE89370400440532013000"),
        ("1234", "US", "1234", None),
    ],
)
def test_the_iban_follows_from_a_number_and_the_number_from_an_iban(
    typed: str, country: str, number: str, iban: str | None
) -> None:
    read = with_bank(Given({"number": typed}), country)
    assert (read["number"], read["iban"], read.unread) == (number, iban, {})


def test_a_czech_number_says_which_bank_it_is() -> None:
    read = with_bank(Given({"number": CZECH}), "CZ")
    assert (read["bic"], read["bank_name"]) == ("GIBACZPX", "Česká spořitelna, a.s.")
    assert with_bank(Given({"number": CZECH, "bank_name": "Spořka"}), "CZ")["bank_name"] == "Spořka"


@pytest.mark.parametrize(
    ("typed", "country", "code"),
    [
        ("19-2000145398/0800", "CZ", "wrong_check_digit"),
        ("18-2000145399/0800", "CZ", "wrong_check_digit"),
        ("19-2000145399/9999", "CZ", "unknown_bank"),
        ("0000000000/0800", "CZ", "malformed"),
        ("2000145399", "CZ", "malformed"),
        ("19-8742637542/1200", "SK", "wrong_check_digit"),
        ("61109010140000071219812875", "PL", "wrong_check_digit"),
        ("6110901014000007121981287", "PL", "malformed"),
        ("CZ6508000000192000145398", "CZ", "wrong_check_digit"),
        ("DE89370400440532013001", "CZ", "wrong_check_digit"),
    ],
)
def test_a_number_that_no_bank_gave_is_refused_at_its_attribute(
    firm: Firm, typed: str, country: str, code: str
) -> None:
    read = with_bank(Given({"number": typed, "name": "Účet"}), country)
    with pytest.raises(Invalid) as refused:
        firm.do(add_bank_account, read)
    assert [problem.code for problem in refused.value.problems["number"]] == [code]


def test_an_iban_or_a_bic_that_contradicts_the_number_is_refused() -> None:
    other = "CZ7908000000002000145399"
    read = with_bank(Given({"number": CZECH, "iban": other, "bic": "GIBA"}), "CZ")
    assert {name: found[0].code for name, found in read.unread.items()} == {"iban": "not_together", "bic": "malformed"}


def test_with_another_number_the_bank_is_another(firm: Firm) -> None:
    added = firm.do(add_bank_account, with_bank(Given({"number": CZECH}), "CZ"))
    polish = with_bank(Given({"number": f"PL{POLISH}", "name": "Polsko"}), "CZ")
    changed = firm.do(change_bank_account, added.id, polish)
    assert (changed.iban, changed.bic, changed.bank_name) == (f"PL{POLISH}", None, None)


def test_a_program_may_keep_what_its_contract_lets_it(firm: Firm) -> None:
    assert firm.do(add_bank_account, Given({"name": "Účet", "number": "free text"})).number == "FREETEXT"
