"""The record of a paper without a buyer."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from faktura.core.documents.record import ZERO, Line, VatSum
from faktura.core.people.accounts import VatMode
from faktura.core.texts import Paragraphs
from faktura.store.records import Tenant, index, record, unique

PaperKind = Literal[
    "internal_invoice",
    "fiscal_report",
    "internal_evidence",
    "daily_revenue",
]

PaperStage = Literal["draft", "printed", "paid"]

Classification = Literal["sold", "salary"]

ACCOUNTED: Mapping[PaperKind, PaperStage] = {
    "internal_invoice": "printed",
    "fiscal_report": "paid",
}
"""The stage of those that are put into the accounts: what a cash register counted was paid there."""

PRINTED: frozenset[PaperKind] = frozenset({"internal_evidence", "daily_revenue"})
"""Those that have a print."""

WITH_VAT: frozenset[PaperKind] = frozenset({"internal_invoice", "fiscal_report"})
"""Those whose lines are of a rate of VAT; the others are of firms, and of things, that none is charged on."""


@record(
    "papers",
    unique("account_id", "uuid"),
    unique("account_id", "number_format_id", "period", "counter"),
    index("account_id", "number"),
    index("account_id", "kind", "id", covers=("version",)),
    index("account_id", "kind", "issued_on", "id", covers=("version",)),
    index("account_id", "kind", "number", "id", covers=("version",)),
    index("account_id", "kind", "stage", "id", covers=("version",)),
    index("account_id", "kind", "gross_total", "id", covers=("version",)),
    paged=False,
    refers={"number_format_id": "number_formats"},
    remembers={"lines.product_id": "products"},
)
class Paper(Tenant):
    """What a firm writes down for its own books, which nobody gets.

    An internal invoice is tax on what was no sale, as its `transaction_kind` says; a fiscal report is what a cash
    register counted; an internal evidence is one thing sold or paid as a salary (`classification`), without VAT; a
    daily revenue is what came in on a day where no VAT is charged, for the reason of `vat_exemption`. Kind of
    transaction and reason are codes of the lists of Polish law. Amounts are of the account's currency.

    `counter` and `period` are its place in the series of its number format. `issued_on` is the day that it is of, and
    `taxable_on` that of the supply where it is another. `quantity` and `unit_price` are those of the one thing that an
    internal evidence is of, by which a list of them is searched. `vat_mode` is the account's then; `stage` what became
    of it.
    """

    kind: PaperKind
    uuid: str = ""
    number: str = ""
    stage: PaperStage = "draft"
    number_format_id: int | None = None
    period: str | None = None
    counter: int | None = None
    issued_on: dt.date = dt.date.min
    taxable_on: dt.date | None = None
    transaction_kind: str | None = None
    classification: Classification | None = None
    vat_exemption: str | None = None
    description: Paragraphs | None = None
    note: Paragraphs | None = None
    vat_mode: VatMode = "vat_payer"
    lines: tuple[Line, ...] = ()
    line_texts: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    net_total: Decimal = ZERO
    vat_total: Decimal = ZERO
    gross_total: Decimal = ZERO
    vat_sums: tuple[VatSum, ...] = ()
