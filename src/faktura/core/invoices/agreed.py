"""What a contact and the account have agreed on about the electronic invoices of a document."""

from collections.abc import Mapping

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.e_invoices import EInvoice, Profile
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account


def profile_for(books: Books, invoice: Invoice) -> Profile:
    """By whose rules a UBL of it is written where nobody names others."""
    contact = books.look_up(Contact, id=invoice.contact_id)
    return (contact and contact.e_invoice_profile) or books.account.e_invoice_profile


def e_invoices_for(account: Account, contact: Contact | None) -> tuple[EInvoice, ...]:
    """What letters carry for programs: what the contact says counts more than the account."""
    usual: Mapping[EInvoice, bool] = {
        "isdoc_in_pdf": account.embeds_isdoc,
        "isdoc": account.attach_isdoc,
        "ubl": account.attach_ubl,
    }
    said = {} if contact is None else _said(contact)
    return tuple(name for name, is_on in usual.items() if said.get(name, is_on))


def _said(contact: Contact) -> dict[EInvoice, bool]:
    switches: Mapping[EInvoice, str] = {
        "isdoc_in_pdf": contact.embed_isdoc,
        "isdoc": contact.attach_isdoc,
        "ubl": contact.attach_ubl,
    }
    return {name: switch == "on" for name, switch in switches.items() if switch != "inherit"}
