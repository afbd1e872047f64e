"""Who sold it and how they are paid, copied when it is entered: later changes of the contact leave expenses alone."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, contact_named, street_line, tax_digits
from faktura.core.documents.record import Seller
from faktura.core.errors import Problems


def supplier_named(books: Books, contact_id: int | None, problems: Problems) -> Contact | None:
    """The contact, or what follows for an expense without one."""
    contact = contact_named(books, contact_id, problems)
    if contact is None:
        problems.add("seller_name", "blank")
    return contact


def supplier_of(contact: Contact) -> dict[str, Any]:
    """The attributes of an expense that say who sold it and where the money goes."""
    return {
        "contact_id": contact.id,
        "seller": Seller(
            name=contact.name,
            vat_mode=contact.vat_mode or "vat_payer",
            street=street_line(contact),
            city=contact.city,
            postcode=contact.postcode,
            country=contact.country or "",
            registration_no=contact.registration_no,
            vat_no=contact.vat_no,
            local_vat_no=contact.local_vat_no,
        ),
        "seller_tax_digits": tax_digits(contact.vat_no),
        "bank_account": contact.bank_account,
        "iban": contact.iban,
        "bic": contact.bic,
    }
