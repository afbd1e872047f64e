"""What a firm, its customers and a document lack before a format or the rules of a profile can be kept."""

from collections.abc import Mapping
from typing import Literal, get_args

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.countries.vat import charges_vat
from faktura.core.documents.parties import seller_of
from faktura.core.e_invoices import Profile
from faktura.core.errors import Reason, WrongState
from faktura.core.invoices.agreed import profile_for
from faktura.core.invoices.buyer import buyer_of
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.en16931 import standard
from faktura.outputs.e_invoices.parties import buyer_lacks, seller_lacks, trade_party
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import Unbalanced, buyer_firm, seller_firm, settled_in

Lacking = Mapping[Profile, tuple[Reason, ...]]

Format = Literal["isdoc", "ubl", "cii"]
"""A Factur-X is a CII, and an ISDOCX an ISDOC."""

PROFILES: tuple[Profile, ...] = get_args(Profile)


def why_not(books: Books, invoice: Invoice) -> Mapping[Format, Reason]:
    """By format that the document cannot have, what hinders it."""
    try:
        settled = settled_in(books, invoice)
    except WrongState as refusal:
        return dict.fromkeys(get_args(Format), refusal.reason)
    except Unbalanced:
        return dict.fromkeys(get_args(Format), "rounding_too_large")
    hindered: dict[Format, Reason | None] = {
        "ubl": _refusal(settled, profile_for(books, invoice)),
        "cii": _refusal(settled, "en16931"),
    }
    return {name: reason for name, reason in hindered.items() if reason}


def _refusal(settled: Settled, profile: Profile) -> Reason | None:
    try:
        standard(settled, profile)
    except WrongState as refusal:
        return refusal.reason
    return None


def firm_lacks(books: Books) -> Lacking:
    """What the account itself has to say on every document."""
    seller = seller_of(books)
    is_payer = charges_vat(seller.vat_mode, reverse_charge=False)
    party = trade_party(seller_firm(seller), is_outside=not is_payer, by_law=True)
    without: tuple[Reason, ...] = ("without_vat_no",) if is_payer and not party.vat_no else ()
    return {profile: (*without, *seller_lacks(party, profile)) for profile in PROFILES}


def customer_lacks(books: Books, contact: Contact) -> Lacking:
    """What is to be said of a contact, unless a document of its own says it."""
    trial = Invoice(contact.account_id, 0, 1, books.now, books.now, seller=seller_of(books), **buyer_of(contact))
    party = trade_party(buyer_firm(trial), is_outside=False, by_law=False)
    return {profile: (*buyer_lacks(party, profile), *_unnamed(contact, profile)) for profile in PROFILES}


def _unnamed(contact: Contact, profile: Profile) -> tuple[Reason, ...]:
    return () if profile == "en16931" or contact.buyer_reference else ("without_buyer_reference",)
