"""Numbers of bank accounts as people type them: their check digits, the IBAN, and which bank it is."""

import re
from typing import Any, NamedTuple

from stdnum import bic, iban
from stdnum.cz import bankaccount
from stdnum.exceptions import InvalidChecksum, InvalidFormat, ValidationError

from faktura.core.bank_accounts import BankAccount, add_bank_account, change_bank_account, compact_number, iban_of
from faktura.core.books.books import Books
from faktura.core.countries.numbers import why_not
from faktura.core.errors import Given, Problem
from faktura.store.queries import EVERYTHING


class Known(NamedTuple):
    """What follows from a number."""

    number: str
    iban: str | None = None
    bic: str | None = None
    bank_name: str | None = None


def look_through(text: str, country: str) -> Known:
    """The account of this number, which is an IBAN or written as banks of the country write it.

    Raises:
        ValidationError: there can be no such account.

    """
    number = compact_number(text)
    if number[:2].isalpha():
        number = _at_home(iban.validate(number), country)
    if number[:2].isalpha():
        return Known(number, number)
    if country in {"CZ", "SK"}:
        return _czech_or_slovak(number, country)
    if country == "PL":
        return _polish(number)
    return Known(number)


def with_bank(given: Given, country: str) -> Given:
    """The values of a bank account with what follows from its number, for who types them; what is no number is unread.

    What was given beside it counts more. Programs may say what they like: they are asked by their contract alone.
    """
    values: dict[str, Any] = dict(given)
    known = Known("")
    unread = dict(given.unread)
    if values.get("number") and "number" not in unread:
        try:
            known = look_through(values["number"], country)
        except ValidationError as error:
            unread["number"] = [Problem(why_not(error))]
        else:
            follows = known._asdict()
            values = follows | {name: value for name, value in values.items() if value} | {"number": known.number}
    for name, reading in (("iban", iban.validate), ("bic", bic.validate)):
        if (text := given.get(name)) and name not in unread:
            try:
                values[name] = reading(text)
            except ValidationError as error:
                unread[name] = [Problem(why_not(error))]
    if known.iban and values["iban"] != known.iban and "iban" not in unread:
        unread["iban"] = [Problem("not_together")]
    return Given(values, unread)


def add_typed_bank_account(books: Books, given: Given) -> BankAccount:
    """Add a bank account as people type one: what follows from its number is filled in, and the first is the default.

    Raises:
        Invalid: there can be no such account, or a value breaks a rule.

    """
    whole = with_bank(given, books.account.country)
    is_first = not books.stamps(BankAccount, EVERYTHING, limit=1, offset=0)
    whole["default"] = bool(given.get("default")) or is_first
    return add_bank_account(books, _named(whole))


def change_typed_bank_account(books: Books, bank_account_id: int, given: Given) -> BankAccount:
    """Change one in the same way: what followed from the number before follows from the new one.

    Raises:
        NotFound: there is no such bank account.
        Invalid: there can be no such account, or a value breaks a rule.

    """
    old = books.find(BankAccount, bank_account_id)
    if compact_number(given.get("number") or "") != old.number:
        stays = {n: value for n, value in given.items() if n not in _FOLLOW or value != getattr(old, n)}
        given = Given(stays, given.unread)
    whole = with_bank(given, books.account.country)
    for name, value in given.items():
        whole.setdefault(name, value)
    return change_bank_account(books, bank_account_id, _named(whole))


def _named(whole: Given) -> Given:
    """Where nobody says what it is called, and the bank is not known, its number is its name."""
    if not (whole.get("name") or whole.get("bank_name")):
        whole["name"] = whole.get("number") or ""
    return whole


def _at_home(number: str, country: str) -> str:
    """An IBAN of the firm's own country as the country's banks write it."""
    if not number.startswith(country):
        return number
    if country == "PL":
        return number.removeprefix("PL")
    if found := _CZECH_IBAN.fullmatch(number):
        prefix, root = found["prefix"].lstrip("0"), found["root"].lstrip("0")
        return f"{prefix}-{root}/{found['bank']}" if prefix else f"{root}/{found['bank']}"
    return number


def _czech_or_slovak(number: str, country: str) -> Known:
    """Both write prefix-number/bank, with weights of decree 169/2011; of Slovak banks there is no list here."""
    if not _CZECH.fullmatch(number) or not int("".join(_DIGITS.findall(number.partition("/")[0]))):
        raise InvalidFormat
    if country == "CZ":
        bankaccount.validate(number)
        bank = bankaccount.info(number)
        return Known(number, iban_of(number, country), bank.get("bic"), bank.get("bank"))
    prefix, _, root = number.partition("/")[0].rpartition("-")
    if any(_weighed(part) % 11 for part in (prefix, root)):
        raise InvalidChecksum
    return Known(number, iban_of(number, country))


def _polish(number: str) -> Known:
    if not _POLISH.fullmatch(number):
        raise InvalidFormat
    found = iban_of(number, "PL")
    if found is None:
        raise InvalidChecksum
    return Known(number, found)


def _weighed(digits: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits.zfill(len(_WEIGHTS)), strict=True))


_FOLLOW = {"iban", "bic", "bank_name", "name"}
_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_DIGITS = re.compile(r"[0-9]+")
_CZECH = re.compile(r"(?:[0-9]{1,6}-)?[0-9]{2,10}/[0-9]{4}")
_CZECH_IBAN = re.compile(r"(?:CZ|SK)[0-9]{2}(?P<bank>[0-9]{4})(?P<prefix>[0-9]{6})(?P<root>[0-9]{10})")
_POLISH = re.compile(r"[0-9]{26}")
