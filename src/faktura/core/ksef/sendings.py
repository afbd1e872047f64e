"""A document on its way to KSeF: what was sent, where it has got, and what became of it."""

import datetime as dt

import msgspec

from faktura.core.books.books import Books
from faktura.core.ksef.mark import Mode, SendingState
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, index, record, unique


class Prepared(msgspec.Struct, frozen=True):
    """A document as KSeF takes it; `kind` is its RodzajFaktury, `digest` the SHA-256 of the bytes in base64."""

    kind: str
    number: str
    xml: bytes
    digest: str


class Wanted(msgspec.Struct, frozen=True):
    """The letter that goes out once it is accepted."""

    print_as: str
    recipient: str | None = None
    language: str | None = None
    send_copy: bool = False
    content: str | None = None


@record(
    "ksef_sendings",
    unique("account_id", "uuid"),
    unique("account_id", "live_invoice_id"),
    unique("account_id", "accepted_as"),
    index("account_id", "invoice_id", "id"),
    index("account_id", "state", "id"),
    index("account_id", "ksef_number", where_set="ksef_number"),
    paged=False,
    belongs={"invoice_id": "invoices", "live_invoice_id": "invoices"},
)
class KsefSending(Tenant):
    """One attempt, with its own bytes. A document has at most one that lives (`live_invoice_id` is then its id).

    `accepted_as` is what KSeF takes once: seller, kind and number, of what was accepted. `session_ref` is written
    before the bytes leave and `invoice_ref` once KSeF has named them, so that what died in between is found again by
    `digest`. It leaves no earlier than `not_before`, and is looked after next at `next_at`. `deadline` is by when what
    was issued offline must have arrived. `corrected_digest` is of bytes that KSeF refused and these replace.
    """

    uuid: str
    invoice_id: int
    attempt: int
    kind: str
    number: str
    xml: bytes
    digest: str
    state: SendingState
    not_before: dt.datetime
    next_at: dt.datetime
    mode: Mode = "online"
    live_invoice_id: int | None = None
    accepted_as: str | None = None
    session_ref: str | None = None
    invoice_ref: str | None = None
    polls: int = 0
    failures: int = 0
    code: int | None = None
    text: str = ""
    details: tuple[str, ...] = ()
    ksef_number: str | None = None
    upo: bytes | None = None
    sent_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    deadline: dt.datetime | None = None
    corrected_digest: str | None = None
    letter: Wanted | None = None


def latest_sending(books: Books, invoice_id: int) -> KsefSending | None:
    """The last attempt of a document."""
    chosen = Selection((Condition("invoice_id", "eq", invoice_id),), order=(Order("id", descending=True),))
    return next(iter(books.some_in_order(KsefSending, chosen, limit=1)), None)
