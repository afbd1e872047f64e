"""What a firm and its customers have to fill in before their invoices can be written by the rules of a profile."""

from collections.abc import Mapping
from typing import get_args

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.countries.vat import charges_vat
from faktura.core.documents.parties import seller_of
from faktura.core.e_invoices import Profile
from faktura.core.errors import Reason
from faktura.core.invoices.buyer import buyer_of
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.parties import buyer_lacks, seller_lacks, trade_party
from faktura.outputs.reading.settling import buyer_firm, seller_firm

Lacking = Mapping[Profile, tuple[Reason, ...]]

PROFILES: tuple[Profile, ...] = get_args(Profile)


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
