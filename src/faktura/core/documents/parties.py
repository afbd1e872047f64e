"""Who sells and who buys, copied on the day of issue: later changes of account and contact leave documents alone."""

from typing import Any

import sqlalchemy as sa

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.contacts import STREET_LINE, Contact, tax_digits
from faktura.core.documents.record import Document, Seller
from faktura.core.people.accounts import Account
from faktura.core.people.users import owner_name
from faktura.store.statements import Query
from faktura.store.transaction import columns_of


def seller_of(books: Books) -> Seller:
    account = books.account
    return Seller(
        name=account.name,
        vat_mode=account.vat_mode,
        street=account.street,
        city=account.city,
        postcode=account.postcode,
        country=account.country,
        registration_no=account.registration_no,
        vat_no=account.vat_no,
        local_vat_no=account.local_vat_no,
        contact_name=owner_name(books),
    )


def buyer_of(contact: Contact) -> dict[str, Any]:
    """The attributes of a document that tell its buyer."""
    return {
        "contact_id": contact.id,
        "buyer_name": contact.name,
        "buyer_uuid": contact.uuid,
        "buyer_custom_id": contact.custom_id,
        "buyer_activity_kind": contact.activity_kind,
        "buyer_first_name": contact.first_name,
        "buyer_last_name": contact.last_name,
        "buyer_street": contact.street,
        "buyer_street_number": contact.street_number,
        "buyer_flat_number": contact.flat_number,
        "buyer_city": contact.city,
        "buyer_postcode": contact.postcode,
        "buyer_country": contact.country,
        "buyer_registration_no": contact.registration_no,
        "buyer_vat_no": contact.vat_no,
        "buyer_local_vat_no": contact.local_vat_no,
    } | delivery_of(contact)


def delivery_of(contact: Contact) -> dict[str, Any]:
    return {
        "has_delivery_address": contact.has_delivery_address,
        "delivery_name": contact.delivery_name,
        "delivery_street": contact.delivery_street,
        "delivery_city": contact.delivery_city,
        "delivery_postcode": contact.delivery_postcode,
        "delivery_country": contact.delivery_country,
    }


def terms_of(account: Account, contact: Contact) -> dict[str, Any]:
    """What account and contact have agreed on, where the document says nothing else."""
    return {
        "due_days": account.due_days if contact.due_days is None else contact.due_days,
        "language": contact.language or account.invoice_language,
        "currency": contact.currency or account.currency,
        "payment_method": contact.payment_method or account.payment_method or "bank",
        "note": contact.invoice_note or account.invoice_note,
        "footer_note": account.footer_note,
        "paypal": account.paypal_enabled,
        "gopay": account.gopay_enabled,
        "price_mode": "without_vat" if account.vat_price_mode == "without_vat" else "from_total_with_vat",
    }


def bank_of(bank_account: BankAccount) -> dict[str, Any]:
    return {
        "bank_account_id": bank_account.id,
        "bank_account": bank_account.number,
        "bank_name": bank_account.bank_name,
        "iban": bank_account.iban,
        "bic": bank_account.bic,
    }


def usual_bank_account(books: Books, currency: str) -> BankAccount | None:
    """The one in the document's currency, the default before others; else the default one; else any."""
    found = books.tx.records(BankAccount, _BANK_ACCOUNTS, account_id=books.account.id)
    return max(found, key=lambda b: (b.currency == currency, b.default, -b.id), default=None)


_BANK_ACCOUNTS = Query(
    sa.select(*columns_of(BankAccount)).where(BankAccount.table.c.account_id == sa.bindparam("account_id"))
)


def tidy_buyer(document: Document) -> None:
    """What is derived from the buyer's attributes; no delivery address where there is none."""
    document.buyer_tax_digits = tax_digits(document.buyer_vat_no)
    document.buyer_country = (document.buyer_country or "").upper() or None
    if not document.has_delivery_address:
        document.delivery_name = document.delivery_street = document.delivery_city = None
        document.delivery_postcode = document.delivery_country = None


def buyer_street_line(document: Document) -> str | None:
    """Street and numbers as they stand on a letter."""
    numbers = "/".join(filter(None, (document.buyer_street_number, document.buyer_flat_number)))
    return f"{document.buyer_street or ''} {numbers}".strip() if numbers else document.buyer_street


def read_street_line(values: dict[str, Any], old: Document | None = None) -> None:
    """A street given as one line, as `street_line`, replaces street and numbers unless it says what they say."""
    if STREET_LINE not in values:
        return
    line = values.pop(STREET_LINE)
    if old is None or line != buyer_street_line(old):
        values |= {"buyer_street": line, "buyer_street_number": None, "buyer_flat_number": None}
