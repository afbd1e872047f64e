"""Seller and buyer in the terms of the European standard, and what a profile wants to know of them besides."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from faktura.core.e_invoices import Profile
from faktura.core.errors import Reason
from faktura.outputs.reading.settled import Address, Firm


class Endpoint(NamedTuple):
    """Where a party receives files: a scheme of the list of electronic addresses, and a number in it (BT-34, BT-49)."""

    scheme: str
    value: str


class TradeParty(msgspec.Struct, frozen=True, kw_only=True):
    """Seller or buyer (BG-4, BG-7), with numbers as the standard wants them."""

    firm: Firm
    endpoint: Endpoint | None
    vat_no: str
    legal_no: str


def trade_party(firm: Firm, *, is_outside: bool, by_law: bool) -> TradeParty:
    """Where something is no matter of VAT, nobody's VAT number may be said (BR-O-02 to 04)."""
    vat_no = _vat_no(firm)
    legal_no = firm.registration_no or (vat_no.removeprefix("PL") if firm.address.country == "PL" else "")
    return TradeParty(
        firm=firm,
        endpoint=_endpoint(firm, "" if is_outside else vat_no, legal_no, by_law=by_law),
        vat_no="" if is_outside else vat_no,
        legal_no=legal_no,
    )


def seller_lacks(seller: TradeParty, profile: Profile) -> Iterator[Reason]:
    """What the profile wants to know of whoever sells, and nobody said."""
    if not (seller.vat_no or seller.legal_no):
        yield "without_registration_no"
    if profile != "en16931" and seller.endpoint is None:
        yield "without_address"
    if profile == "xrechnung":
        if not _is_reachable(seller.firm):
            yield "without_seller_contact"
        if not _is_placed(seller.firm.address):
            yield "without_place"


def buyer_lacks(buyer: TradeParty, profile: Profile) -> Iterator[Reason]:
    """The same of whoever buys."""
    if profile != "en16931" and buyer.endpoint is None:
        yield "without_buyer_address"
    if profile == "xrechnung" and not _is_placed(buyer.firm.address):
        yield "without_buyer_place"


def _vat_no(firm: Firm) -> str:
    """With the letters of its country, which for Greece are its own (BR-CO-09)."""
    bare = "".join(firm.vat_no.split()).upper()
    if not bare or bare[:2].isalpha():
        return bare
    return {"GR": "EL"}.get(firm.address.country, firm.address.country) + bare


def _endpoint(firm: Firm, vat_no: str, legal_no: str, *, by_law: bool) -> Endpoint | None:
    """As the firm says; or else by the lists of Peppol a seller by its register's number, a buyer by its VAT first."""
    if firm.electronic_address:
        return Endpoint(firm.electronic_scheme, firm.electronic_address)
    country = firm.address.country
    if country == "SK" and firm.local_vat_no:
        return Endpoint("0245", firm.local_vat_no)
    of_vat = Endpoint(_VAT_SCHEMES[vat_no[:2]], vat_no) if vat_no[:2] in _VAT_SCHEMES else None
    of_law = Endpoint(_LEGAL_SCHEMES[country], legal_no) if legal_no and country in _LEGAL_SCHEMES else None
    return (of_law or of_vat) if by_law else (of_vat or of_law)


_VAT_SCHEMES = {"CZ": "9929", "SK": "9950", "PL": "9945", "DE": "9930", "AT": "9914"}
_LEGAL_SCHEMES = {"CZ": "0154"}


def _is_reachable(firm: Firm) -> bool:
    return bool(firm.contact_name and firm.phone and firm.email)


def _is_placed(address: Address) -> bool:
    return bool(address.city and address.postcode)
