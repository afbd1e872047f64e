"""Numbers of bank accounts as people type them: their check digits, the IBAN, and which bank it is."""

import re
from typing import Any, NamedTuple

from stdnum import bic, iban
from stdnum.cz import bankaccount
from stdnum.exceptions import InvalidChecksum, InvalidFormat, ValidationError

from faktura.core.bank_accounts import compact_number, iban_of
from faktura.core.countries.numbers import why_not
from faktura.core.errors import Given, Problem


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


_WEIGHTS = (6, 3, 7, 9, 10, 5, 8, 4, 2, 1)
_DIGITS = re.compile(r"[0-9]+")
_CZECH = re.compile(r"(?:[0-9]{1,6}-)?[0-9]{2,10}/[0-9]{4}")
_CZECH_IBAN = re.compile(r"(?:CZ|SK)[0-9]{2}(?P<bank>[0-9]{4})(?P<prefix>[0-9]{6})(?P<root>[0-9]{10})")
_POLISH = re.compile(r"[0-9]{26}")
