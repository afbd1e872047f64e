"""The record of a paper that came in: an expense, from its scan on."""

import datetime as dt
from typing import ClassVar, Literal

import msgspec

from faktura.core.documents.record import MAY_BE_GONE, SHOWN_IDS, Direction, Document, leads_of
from faktura.core.people.accounts import VatMode
from faktura.core.received.extraction import NOTHING_READ, Extraction, Unread
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.core.received.standing import Accounting, Standing, settled_by
from faktura.core.texts import Paragraphs
from faktura.store.kept_sums import KeptSums
from faktura.store.records import index, record, unique

ExpenseKind = Literal["invoice", "bill", "other"]

Progress = Literal["scan", "entered"]

Reading = Literal["waiting", "begun", "read", "failed", "refused"]

Source = Literal["entered", "uploaded", "ksef"]

NoteKind = Literal["general", "rejected_reason"]


class Note(msgspec.Struct, frozen=True):
    """What somebody said of a paper among those who work with it."""

    id: int
    content: Paragraphs
    author_id: int | None
    created_at: dt.datetime
    kind: NoteKind = "general"


_CHOSEN_BY = ("version", "kind", "status")
_LISTED = (
    *("version", "reading", "source", "currency"),
    *("net_total", "vat_total", "received_on", "category", "accounted_on"),
)
_SORTED_BY = ("version", "progress", "kind", "number", "id", "issued_on", "gross_total")
"""What stands in indexes so that a list is chosen and sorted from them, and the expenses of one page are read."""


# Lists show what is entered, the newest first: each index has the id behind what it finds, so that nothing is sorted.
# Where two filters meet, SQLite takes the index that has both: of a supplier there are fewer than in a status.
@record(
    "expenses",
    unique("account_id", "uuid"),
    unique("account_id", "number_format_id", "period", "counter"),
    index("account_id", "progress", "id", covers=_LISTED),
    index("account_id", "number", "progress", "id", covers=("version",)),
    index("account_id", "variable_symbol", "progress", "id", covers=("version",)),
    index("account_id", "contact_id", "progress", "id", covers=("version", "status", "kind")),
    index("account_id", "custom_id", "progress", "id", covers=("version",)),
    index("account_id", "status", "progress", "id", covers=("version",)),
    index("account_id", "kind", "progress", "id", covers=("version",)),
    index("account_id", "kind", "status", "progress", "id", covers=("version", "contact_id")),
    index("account_id", "original_number", "contact_id", where_set="original_number"),
    index("account_id", "original_uuid", where_set="original_uuid"),
    index("account_id", "status", "due_on", covers=_SORTED_BY),
    index(
        "account_id", "progress", "issued_on", "number", "id", covers=(*_CHOSEN_BY, "due_on", "gross_total", "source")
    ),
    index("account_id", "progress", "due_on", "number", "id", covers=_CHOSEN_BY),
    index("account_id", "progress", "gross_total", "number", "id", covers=_CHOSEN_BY),
    index("account_id", "standing", "id", covers=("version",)),
    index("account_id", "category", "progress", "id", covers=("version", "standing"), where_set="category"),
    index("account_id", "seller_tax_digits", where_set="seller_tax_digits"),
    index("account_id", "ksef_number", where_set="ksef_number"),
    index("account_id", "created_at"),
    index("account_id", "updated_at"),
    searched=(
        *("number", "variable_symbol", "original_number", "seller_name", "seller_registration_no"),
        *("seller_vat_no", "description", "private_note", "line_texts"),
    ),
    paged=False,
    refers={"contact_id": "contacts", **leads_of("expenses")},
    remembers=MAY_BE_GONE | {"added_by_id": "users", "notes.author_id": "users"},
    copied=SHOWN_IDS,
    sums=KeptSums(by=("progress", "kind", "status"), days=("issued_on",)),
)
class Expense(Document):
    """A paper that came in, whose seller is the supplier as the contact was when it was entered.

    `progress` is how far it has come: of a `scan` only files are there, what is `entered` has a supplier, lines and a
    number of its own; `original_number` is the supplier's, and so is `original_uuid`, by which programs know it.
    `reading` says whether a scan is read, and `paper` what was found in it; `told` is what the file tells programs, and
    `unread` why it tells them nothing. Bank account and variable symbol say how the supplier is paid. `received_on`
    decides in which period its VAT is deducted, of which `deductible_percent` is. VAT is counted where the account was
    a payer then (`own_vat_mode`); for any other firm it is a part of the price. `category` is a code of
    `cost_categories`, and `accounting` what whoever keeps the books says of it. `standing` is what lists choose by.
    `ksef_number` is by what KSeF knows the supplier's invoice.
    """

    noun = "expense"
    is_bought: ClassVar[bool] = True
    found_by: ClassVar[tuple[str, ...]] = ("gross_total", "tag_lines", "ksef_number")

    kind: ExpenseKind = "invoice"
    progress: Progress = "entered"
    contact_id: int | None = None
    original_number: str | None = None
    original_uuid: str | None = None
    description: Paragraphs | None = None
    received_on: dt.date = dt.date.min
    remind_due: bool = True
    deductible_percent: int = 100
    tax_deductible: bool = True
    own_vat_mode: VatMode = "vat_payer"
    reading: Reading | None = None
    reading_asked_at: dt.datetime | None = None
    reading_ended_at: dt.datetime | None = None
    paper: Extraction = NOTHING_READ
    told: ReceivedInvoice | None = None
    unread: Unread | None = None
    seller_tax_digits: str | None = None
    source: Source = "entered"
    added_by_id: int | None = None
    category: str | None = None
    accounting: Accounting = "open"
    accounted_on: dt.date | None = None
    notes: tuple[Note, ...] = ()
    standing: Standing = "unpaid, open"
    ksef_number: str | None = None

    def settle(self) -> None:
        entered = self.progress == "entered"
        self.standing = settled_by(self.accounting, self.paid_on, self.paid_amount, entered=entered)

    @property
    def goods(self) -> Direction | None:
        return "in"

    @property
    def vat_mode(self) -> VatMode:
        """Of whoever decides whether VAT is counted on it: the account that pays."""
        return self.own_vat_mode

    @property
    def seller_name(self) -> str:
        return self.seller.name

    @property
    def seller_registration_no(self) -> str | None:
        return self.seller.registration_no

    @property
    def seller_vat_no(self) -> str | None:
        return self.seller.vat_no
