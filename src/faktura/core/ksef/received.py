"""What KSeF holds for the firm: invoices of its suppliers, and those of its own that were issued elsewhere."""

import datetime as dt
from decimal import Decimal

import msgspec

from faktura.core.books.books import Books
from faktura.core.ksef.addresses import Environment
from faktura.core.ksef.connection import Side
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant, changed, index, record, unique


class Metadata(msgspec.Struct, frozen=True):
    """What KSeF says of an invoice besides its bytes."""

    number: str
    kind: str
    issued_on: dt.date
    seller_name: str
    seller_tax_no: str
    buyer_name: str
    buyer_tax_no: str
    net_total: Decimal
    vat_total: Decimal
    gross_total: Decimal
    currency: str
    schema: str


@record(
    "ksef_received",
    unique("account_id", "environment", "ksef_number"),
    index("account_id", "environment", "side", "issued_on", "id"),
    index("account_id", "expense_id", where_set="expense_id"),
    paged=False,
    remembers={"expense_id": "expenses"},
)
class KsefReceived(Tenant):
    """An invoice as it was fetched; `stored_at` is when KSeF kept it for good, `issued_on` that of its metadata.

    `expense_id` is what it became in the books.
    """

    environment: Environment
    ksef_number: str
    side: Side
    issued_on: dt.date
    stored_at: dt.datetime
    metadata: Metadata
    xml: bytes
    expense_id: int | None = None


def note_booked(books: Books, scan_id: int, expense_id: int) -> None:
    """What stood in the inbox as a scan is an expense that was there before."""
    for one in books.all(KsefReceived, Selection((Condition("expense_id", "eq", scan_id),))):
        books.change(one, changed(one, expense_id=expense_id))
