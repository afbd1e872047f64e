"""Bank accounts as Czech and Slovak programs write them: a number with its prefix, and the code of the bank."""

from typing import NamedTuple


class Domestic(NamedTuple):
    number: str
    bank_code: str


def domestic(account: str, iban: str) -> Domestic:
    """By the number that is known, else by the IBAN, which holds it in both countries."""
    if account:
        number, _, bank_code = account.partition("/")
        return Domestic(number.strip(), bank_code.strip())
    if iban[:2] not in {"CZ", "SK"}:
        return Domestic("", "")
    prefix, number = iban[8:14].lstrip("0"), iban[14:24].lstrip("0")
    return Domestic("-".join(filter(None, (prefix, number))), iban[4:8])
