"""By what number a registry is asked about a contact, where there is one that could be right."""

from typing import TYPE_CHECKING, NamedTuple

from stdnum.exceptions import ValidationError

from faktura.core.countries.numbers import Reading, read_dic, read_ico, read_nip

if TYPE_CHECKING:
    from faktura.core.contacts import Contact


class FirmNumber(NamedTuple):
    """The number that firms of a country are found by."""

    country: str
    number: str


def firm_number(contact: "Contact", home: str) -> FirmNumber | None:
    """Of a Czech firm its IČO, of a Polish one its NIP; `home` is where a contact is that names no country."""
    match contact.country or home:
        case "CZ":
            number = _read(read_ico, contact.registration_no)
            return FirmNumber("CZ", number) if number else None
        case "PL":
            number = nip_of(contact.vat_no)
            return FirmNumber("PL", number) if number else None
    return None


def payer_number(vat_no: str | None) -> str:
    """Of a Czech payer of VAT the digits of its DIČ, or an empty text."""
    return _read(read_dic, vat_no).removeprefix("CZ")


def nip_of(vat_no: str | None) -> str:
    """Of a Polish payer the ten digits, or an empty text."""
    return _read(read_nip, vat_no).removeprefix("PL")


def _read(reading: Reading, text: str | None) -> str:
    try:
        return reading(text) if text else ""
    except ValidationError:
        return ""
