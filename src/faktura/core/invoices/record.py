"""The record of an issued document."""

import datetime as dt
from typing import Literal

from faktura.core.books import Books
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant, index, record


@record("invoices", index("account_id", "contact_id"))
class Invoice(Tenant):
    """A document in the trash has the instant in `deleted_at`."""

    kind: Literal["invoice", "proforma", "correction", "tax_document", "final_invoice"]
    number: str
    contact_id: int
    deleted_at: dt.datetime | None = None


def is_used_by_documents(books: Books, contact_id: int) -> bool:
    """Whether a document that is not in the trash names the contact."""
    naming = (Condition("contact_id", "eq", contact_id), Condition("deleted_at", "null", value=True))
    return bool(books.stamps(Invoice, Selection(naming), limit=1, offset=0))
