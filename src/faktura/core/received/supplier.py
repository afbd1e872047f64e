"""Who sold it and how they are paid, copied when it is entered: later changes of the contact leave expenses alone."""

from collections.abc import Iterator
from typing import Any

import msgspec

from faktura.core.books.books import Books
from faktura.core.contacts import LONGEST_POSTCODE, Contact, contact_named, is_email, street_line, tax_digits
from faktura.core.documents.record import Seller
from faktura.core.e_invoices import ADDRESS, check_address, tidy_address
from faktura.core.errors import Given, Problems
from faktura.core.names import sought
from faktura.core.received.received_invoice import Named, ReceivedInvoice
from faktura.store.queries import Condition, Selection
from faktura.store.records import LONGEST_INDEXED


class _Told(msgspec.Struct):
    """Where a file says that its supplier receives e-invoices."""

    electronic_scheme: str | None
    electronic_address: str | None


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


def supplier_known(books: Books, named: Named) -> Contact | None:
    """The contact that goes by the number of VAT, by that of the register, or by the name, where it is the only one.

    A name is no sign where both have numbers, and other ones.
    """
    for chosen in _ways_to_find(named):
        found = books.some_in_order(Contact, chosen, 2)
        if len(found) == 1 and not _is_another(found[0], named):
            return found[0]
    return None


def supplier_told(told: ReceivedInvoice) -> Given:
    """The contact that is added where nobody goes by that; what cannot be kept of it is left out."""
    named = told.supplier
    values: dict[str, Any] = {
        "name": named.name.strip()[:LONGEST_INDEXED] or named.vat_no or named.registration_no,
        "role": "supplier",
        "street": named.street,
        "city": named.city,
        "postcode": named.postcode if len(named.postcode) <= LONGEST_POSTCODE else "",
        "country": named.country,
        "registration_no": named.registration_no,
        "vat_no": named.vat_no,
        "local_vat_no": named.local_vat_no,
        "email": named.email if is_email(named.email) else "",
        "phone": named.phone,
        "bank_account": told.bank_account,
        "iban": told.iban,
        "bic": told.bic,
        **_electronic(named),
    }
    return Given({name: value for name, value in values.items() if value})


def _electronic(named: Named) -> dict[str, str | None]:
    """Where it receives e-invoices, as far as that is an address of a known scheme."""
    told, problems = _Told(named.electronic_scheme, named.electronic_address), Problems()
    tidy_address(told)
    check_address(told, ADDRESS, problems)
    return {} if problems.by_attribute() else msgspec.structs.asdict(told)


def _ways_to_find(named: Named) -> Iterator[Selection]:
    """By the words of the search, too, where an attribute has no index of its own."""
    if digits := tax_digits(named.vat_no):
        yield Selection((Condition("tax_digits", "eq", digits),))
    if number := named.registration_no:
        yield Selection((Condition("registration_no", "eq", number),), number)
    if name := sought(named.name.strip()):
        yield Selection((Condition("sought_name", "eq", name),))


def _is_another(contact: Contact, named: Named) -> bool:
    """Whether numbers of the same sort differ, and none is the same."""
    pairs = ((tax_digits(contact.vat_no), tax_digits(named.vat_no)), (contact.registration_no, named.registration_no))
    both = [ours == theirs for ours, theirs in pairs if ours and theirs]
    return bool(both) and not any(both)
