"""The bank accounts that an account is paid on."""

import re
from typing import Any

from stdnum import iban

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.codes import is_currency
from faktura.core.errors import Given, Problems
from faktura.core.texts import check_texts
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant, changed, defaults_of, record


@record("bank_accounts")
class BankAccount(Tenant):
    """`name` is what its owner calls it, the bank's name where nothing better was said; at most one is the default.

    `pairing` and `expense_pairing` match incoming and outgoing payments with documents by themselves.
    """

    name: str
    currency: str
    number: str
    iban: str | None = None
    bic: str | None = None
    pairing: bool = False
    expense_pairing: bool = False
    payment_adjustment: bool = False
    default: bool = False
    bank_name: str | None = None


def find_bank_account(books: Books, bank_account_id: int) -> BankAccount:
    return books.find(BankAccount, bank_account_id)


def add_bank_account(books: Books, given: Given) -> BankAccount:
    """Add a bank account; a None among the given values is the attribute's default.

    Raises:
        Invalid: a value breaks a rule.

    """
    values: dict[str, Any] = {"name": "", "number": "", "currency": books.account.currency}
    values |= {name: value for name, value in given.items() if value is not None}
    new = BankAccount(books.account.id, 0, 1, books.now, books.now, **values)
    _tidy(new, books.account.country)
    _check(books, new, given)
    if new.default:
        _let_no_other_be_default(books)
    kept = books.add_new(new)
    books.note_event(Event("bank_account_added", kept))
    return kept


def change_bank_account(books: Books, bank_account_id: int, given: Given) -> BankAccount:
    """Change the given values; a None takes a value away.

    Raises:
        NotFound: there is no such bank account.
        Invalid: a value breaks a rule.

    """
    old = books.find(BankAccount, bank_account_id)
    empty = {"name": "", "number": "", "currency": books.account.currency} | defaults_of(BankAccount)
    new = changed(old, **{name: empty[name] if value is None else value for name, value in given.items()})
    if old.name == old.bank_name and "name" not in given:
        new.name = ""
    if new.number != old.number and "iban" not in given:
        new.iban = None
    _tidy(new, books.account.country)
    _check(books, new, given, old.currency)
    if new.default and not old.default:
        _let_no_other_be_default(books)
    kept = books.change(old, new)
    if kept is not old:
        books.note_event(Event("bank_account_changed", kept, differences(old, kept)))
    return kept


def delete_bank_account(books: Books, bank_account_id: int) -> None:
    """Delete a bank account; documents keep what they say.

    Raises:
        NotFound: there is no such bank account.

    """
    bank_account = books.find(BankAccount, bank_account_id)
    books.note_event(Event("bank_account_deleted", bank_account))
    books.remove(bank_account)


def compact_number(text: str) -> str:
    """A number as it is kept: without blanks, letters in capitals."""
    return _BLANKS.sub("", text).upper()


def spellings_of(text: str) -> tuple[str, ...]:
    """The number as it may be kept: a Polish one with the letters of its country, and without."""
    number = compact_number(text)
    bare = number.replace("-", "").removeprefix("PL")
    return (bare, f"PL{bare}") if _POLISH.fullmatch(bare) else (number,)


def iban_of(number: str, country: str) -> str | None:
    """The IBAN that an account's number is, or that follows from it.

    Poland puts its letters before the number; Czech and Slovak numbers are written prefix-number/bank.
    """
    if country == "PL" and _POLISH.fullmatch(number):
        number = f"PL{number}"
    elif country in {"CZ", "SK"} and (found := _CZECH.fullmatch(number)):
        bban = f"{found['bank']}{found['prefix'] or '':0>6}{found['number']:0>10}"
        number = f"{country}{iban.calc_check_digits(f'{country}00{bban}')}{bban}"
    return number.upper() if number[:2].isalpha() and iban.is_valid(number) else None


def _tidy(bank_account: BankAccount, country: str) -> None:
    bank_account.number = compact_number(bank_account.number)
    bank_account.iban = bank_account.iban or iban_of(bank_account.number, country)
    bank_account.currency = bank_account.currency.strip().upper()
    bank_account.name = bank_account.name or bank_account.bank_name or ""


def _check(books: Books, bank_account: BankAccount, given: Given, before: str | None = None) -> None:
    problems = Problems(given.unread)
    check_texts(BankAccount, given, problems)
    if not bank_account.name.strip() and "bank_name" not in problems:
        problems.add("name", "blank")
    if not bank_account.number and "number" not in problems:
        problems.add("number", "blank")
    if bank_account.currency != before and not is_currency(bank_account.currency, books.today):
        problems.add("currency", "not_in_list")
    problems.refuse()


def _let_no_other_be_default(books: Books) -> None:
    for other in books.all(BankAccount, Selection((Condition("default", "eq", value=True),))):
        books.change(other, changed(other, default=False))


_BLANKS = re.compile(r"\s+")
_CZECH = re.compile(r"(?:(?P<prefix>[0-9]{1,6})-)?(?P<number>[0-9]{2,10})/(?P<bank>[0-9]{4})")
_POLISH = re.compile(r"[0-9]{26}")
