"""Who sells, and by which account it is paid, copied on the day of issue: later changes leave documents alone."""

from typing import Any

import sqlalchemy as sa

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.documents.record import Seller
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
        phone=account.phone,
        email=account.invoice_email,
        register_note=account.register_note,
        electronic_scheme=account.electronic_scheme,
        electronic_address=account.electronic_address,
        selfbilling=account.selfbilling,
    )


def bank_of(bank_account: BankAccount) -> dict[str, Any]:
    return {
        "bank_account_id": bank_account.id,
        "bank_account": bank_account.number,
        "bank_name": bank_account.bank_name,
        "iban": bank_account.iban,
        "bic": bank_account.bic,
    }


def bank_accounts(books: Books) -> list[BankAccount]:
    """All of them; whether there is any is asked so, too, for whoever issues a document asks both."""
    account_id = books.account.id
    return books.tx.once(
        (BankAccount, account_id), lambda: books.tx.records(BankAccount, _BANK_ACCOUNTS, account_id=account_id)
    )


def usual_bank_account(books: Books, currency: str) -> BankAccount | None:
    """The one in the document's currency, the default before others; else the default one; else any."""
    return max(bank_accounts(books), key=lambda b: (b.currency == currency, b.default, -b.id), default=None)


_BANK_ACCOUNTS = Query(
    sa.select(*columns_of(BankAccount)).where(BankAccount.table.c.account_id == sa.bindparam("account_id"))
)
