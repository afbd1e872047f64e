"""The record of a move: so much of a product came in, or went out."""

import datetime as dt
from decimal import Decimal

from faktura.core.documents.record import Direction
from faktura.core.texts import Paragraphs
from faktura.store.records import KindIn, Tenant, index, record


@record(
    "stock_moves",
    index("account_id", "product_id", "id", covers=("version",)),
    index("account_id", "product_id", "direction", "moved_on", "id"),
    index("account_id", "document_id", "document_kind", where_set="document_id"),
    index("account_id", "created_at"),
    index("account_id", "updated_at"),
    refers={"product_id": "products"},
    belongs={"document_id": KindIn("document_kind")},
)
class StockMove(Tenant):
    """How many came in or went out on a day, and the price of one of them, without VAT.

    `native` prices are in the account's currency; `native_value` is the purchase price of all of them. One that
    the line of a document made is the document's alone to change.
    """

    product_id: int
    direction: Direction
    moved_on: dt.date
    quantity_change: Decimal
    purchase_price: Decimal
    purchase_currency: str
    native_purchase_price: Decimal
    native_value: Decimal
    retail_price: Decimal | None = None
    retail_currency: str = ""
    native_retail_price: Decimal | None = None
    private_note: Paragraphs | None = None
    document_kind: str | None = None
    document_id: int | None = None
    line_id: int | None = None

    @property
    def change(self) -> Decimal:
        """What it does to the stock."""
        return self.quantity_change if self.direction == "in" else -self.quantity_change
