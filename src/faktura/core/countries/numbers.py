"""The numbers that firms go by in each country: how they are kept, and whether their check digits fit."""

from collections.abc import Callable

from stdnum.cz import dic
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.pl import nip, regon
from stdnum.sk import dph

from faktura.core.errors import Code

Reading = Callable[[str], str]
"""From a number as somebody writes it to the one that is kept; raises ValidationError where there is no such number."""

ICO_LENGTH = 8


def read_ico(text: str) -> str:
    """Czech and Slovak firms' number, which may be written without the zeros that it begins with.

    Raises:
        ValidationError: it is none.

    """
    digits = "".join(text.split())
    if not (digits.isascii() and digits.isdecimal()):
        raise InvalidFormat
    if len(digits) > ICO_LENGTH:
        raise InvalidLength
    digits = digits.zfill(ICO_LENGTH)
    weighed = sum(weight * int(digit) for weight, digit in zip(range(ICO_LENGTH, 1, -1), digits, strict=False))
    if (11 - weighed % 11) % 10 != int(digits[-1]) or not int(digits):
        raise InvalidChecksum
    return digits


def read_dic(text: str) -> str:
    return f"CZ{dic.validate(text)}"


def read_ic_dph(text: str) -> str:
    return f"SK{dph.validate(text)}"


def read_nip(text: str) -> str:
    """With the letters of its country where it was written so, as trade within the EU wants it.

    Raises:
        ValidationError: it is none.

    """
    digits = nip.validate(text)
    if not int(digits):
        raise InvalidChecksum
    return f"PL{digits}" if text.strip().upper().startswith("PL") else digits


def read_regon(text: str) -> str:
    return str(regon.validate(text))


def read_vat_no_of(country: str) -> Reading:
    """A VAT number of another member state, by the letters that it begins with everywhere."""
    prefix = "EL" if country == "GR" else country

    def read(text: str) -> str:
        number = "".join(text.split()).upper()
        return str(eu_vat.validate(number if number.startswith(prefix) else prefix + number))

    return read


def why_not(error: ValidationError) -> Code:
    """What is wrong with a number that could not be read."""
    match error:
        case InvalidChecksum():
            return "wrong_check_digit"
        case InvalidComponent():
            return "unknown_bank"
    return "malformed"
