"""Who sells, buys and is named besides, as FA(3) has it: Podmiot1, Podmiot2, Podmiot3."""

from collections.abc import Iterator

from faktura.core.countries.pl import lists
from faktura.core.countries.vat import EU
from faktura.core.documents.third_parties import LocalUnit, ThirdParty
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.fa3.rates import SERVICE_IN_EU, WITHIN_EU
from faktura.outputs.e_invoices.fa3.told import Told, sums_of
from faktura.outputs.reading.settled import Address, Firm
from faktura.outputs.reading.settling import buyer_firm, seller_firm
from faktura.outputs.reading.texts import in_one_line
from faktura.xml import Node

NIP_LENGTH = 10

ISSUING_UNIT, RECEIVING_UNIT, MEMBER_OF_GROUP = "7", "8", "10"
"""Roles (Rola) of a unit of local government, and of a member of a VAT group that buys."""


def add_parties(root: Node, told: Told) -> None:
    invoice = told.invoice
    _add_seller(root.add("Podmiot1"), told)
    others = list(others_of(invoice))
    roles = {role for _, role, _ in others}
    _add_buyer(root.add("Podmiot2"), invoice, roles)
    for firm, role, internal_no in others:
        party = root.add("Podmiot3")
        _add_identity(party, firm, internal_no)
        _add_address(party, firm.address)
        party.add("Rola", role)


def others_of(invoice: Invoice) -> Iterator[tuple[Firm, str, str]]:
    """Third parties and units of local government: each with its role, and the number that its own firm gave it."""
    roles = list(lists.third_party_roles())
    for party in invoice.third_parties:
        yield _firm(party), str(roles.index(party.role) + 1), internal_id(party.internal_no)
    if invoice.recipient_unit is not None:
        yield _firm(invoice.recipient_unit), RECEIVING_UNIT, ""
    if invoice.seller_unit is not None:
        yield _firm(invoice.seller_unit), ISSUING_UNIT, ""


def nip_in(vat_no: str | None) -> str:
    """The ten digits of a Polish number, without the letters of its country."""
    return "".join(filter(str.isalnum, vat_no or "")).upper().removeprefix("PL")


def is_polish(firm: Firm) -> bool:
    """Whether its number is a NIP: one with the letters of Poland is, wherever the firm is."""
    return firm.vat_no.upper().startswith("PL") or firm.address.country == "PL"


def eu_number(firm: Firm) -> tuple[str, str] | None:
    """The letters of a country of the EU, and the number: Greece and Northern Ireland have letters of their own."""
    bare, country = "".join(filter(str.isalnum, firm.vat_no)).upper(), firm.address.country
    letters = "XI" if country in {"GB", "XI"} and bare.startswith("XI") else {"GR": "EL"}.get(country, country)
    return (letters, bare.removeprefix(letters)) if country in EU or letters == "XI" else None


def internal_id(internal_no: str | None) -> str:
    digits = "".join(filter(str.isdigit, internal_no or ""))
    return f"{digits[:NIP_LENGTH]}-{digits[NIP_LENGTH:]}" if digits else ""


def address_lines(address: Address) -> list[str]:
    """As on an envelope: the street, if there is one, and the town."""
    town = " ".join(filter(None, (address.postcode, address.city)))
    return [line for line in (address.line, town) if line]


def _add_seller(party: Node, told: Told) -> None:
    """With the letters of Poland where the firm writes them and sells within the EU (art. 97 (10))."""
    firm = seller_firm(told.invoice.seller)
    if firm.vat_no.upper().startswith("PL") and {WITHIN_EU, SERVICE_IN_EU} & sums_of(told).keys():
        party.add("PrefiksPodatnika", "PL")
    identity = party.add("DaneIdentyfikacyjne")
    identity.add("NIP", nip_in(firm.vat_no))
    identity.add("Nazwa", firm.name)
    _add_address(party, firm.address)
    _add_contact(party, firm)


def _add_buyer(party: Node, invoice: Invoice, roles: set[str]) -> None:
    firm = buyer_firm(invoice)
    _add_identity(party, firm)
    _add_address(party, firm.address)
    _add_contact(party, firm)
    party.add("JST", "1" if RECEIVING_UNIT in roles else "2")
    party.add("GV", "1" if MEMBER_OF_GROUP in roles else "2")


def _add_identity(party: Node, firm: Firm, internal_no: str = "") -> None:
    identity = party.add("DaneIdentyfikacyjne")
    if internal_no:
        identity.add("IDWew", internal_no)
    elif not firm.vat_no:
        identity.add("BrakID", "1")
    elif is_polish(firm):
        identity.add("NIP", nip_in(firm.vat_no))
    elif number := eu_number(firm):
        for name, part in zip(("KodUE", "NrVatUE"), number, strict=True):
            identity.add(name, part)
    else:
        identity.add("KodKraju", in_one_line(firm.address.country))
        identity.add("NrID", firm.vat_no)
    identity.add_known("Nazwa", firm.name)


def _add_address(party: Node, address: Address) -> None:
    """Whoever has none is named without."""
    if lines := address_lines(address):
        node = party.add("Adres")
        node.add("KodKraju", in_one_line(address.country))
        for place, line in enumerate(lines, 1):
            node.add(f"AdresL{place}", line)


def _add_contact(party: Node, firm: Firm) -> None:
    if firm.email or firm.phone:
        contact = party.add("DaneKontaktowe")
        contact.add_known("Email", firm.email)
        contact.add_known("Telefon", firm.phone)


def _firm(party: ThirdParty | LocalUnit) -> Firm:
    house = "/".join(filter(None, (party.street_number, party.flat_number)))
    address = Address(
        street=in_one_line(party.street),
        house=in_one_line(house),
        city=in_one_line(party.city),
        postcode=in_one_line(party.postcode),
        country=party.country or "PL",
    )
    return Firm(name=in_one_line(party.name), address=address, vat_no=in_one_line(party.tax_no))
