"""A cost field by field (20.2): in lists, and whole."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from faktura.core.countries.pl.lists import cost_categories
from faktura.core.documents.record import ZERO, AttachedFile
from faktura.core.people.users import Member, Members, User
from faktura.core.received.find import is_entered
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.core.received.record import Expense, Note
from faktura.dialects.infakt.account import uuid_of
from faktura.dialects.infakt.costs.statuses import SYMBOLS, shown_statuses
from faktura.dialects.infakt.door.values import BOOLEAN, DATE, INSTANT, INTEGER, MONEY, TEXT, show_instant, show_moment
from faktura.dialects.infakt.entries import Entry, Law, entry
from faktura.wire.fields import Field, Kind, Shape, list_of, read_only
from faktura.wire.values import choice, read_text

INVOICE, CUSTOM = 21, 20
"""Kinds of attachments: what the cost was scanned from, and whatever else lies beside it."""

KINDS = {"scan": "document_scan", "entered": "cost"}
"""By progress of the core; the other kinds of the contract are costs of accounts that this server does not keep."""

ALL_KINDS = (*KINDS.values(), "internal_evidence", "work_fund_evidence", "health_fee_evidence")

SOURCES = {"entered": "infakt", "uploaded": "upload", "ksef": "ksef"}


@entry("cost_categories", Law(cost_categories, {"name": "name"}))
class CostCategory(Entry, frozen=True):
    """What was bought, as whoever keeps the books sorts it (20.4)."""

    name: str


class View(NamedTuple):
    """Where the addresses of files begin, the people who are named, and the ids of costs that are there twice."""

    address: str
    people: Members
    duplicates: frozenset[int]


class Written(NamedTuple):
    """A note, and who wrote it."""

    note: Note
    author: Member | None


class Kept(NamedTuple):
    """A file and the paper that it lies beside."""

    file: AttachedFile
    paper: Expense


def _of_author(value: Callable[[User], str | None]) -> Callable[[Written, View], str | None]:
    """Of a note by nobody, or by somebody who left, that is not known."""
    return lambda written, _view: (value(written.author.user) or None) if written.author else None


NOTE: Shape[Written, View] = Shape(
    "note",
    Written,
    (
        read_only("kind", choice("general", "rejected_reason"), "note.kind", nullable=False),
        read_only("content", TEXT, "note.content", nullable=False),
        read_only("created_by", TEXT, showing=_of_author(uuid_of)),
        read_only("author_first_name", TEXT, showing=_of_author(lambda user: user.full_name.partition(" ")[0])),
        read_only("author_last_name", TEXT, showing=_of_author(lambda user: user.full_name.partition(" ")[2])),
        read_only("author_avatar", TEXT, showing=_of_author(lambda user: user.avatar_url)),
        read_only(
            "created_at", INSTANT, nullable=False, showing=lambda written, _: show_instant(written.note.created_at)
        ),
    ),
)


def file_url(kept: Kept, address: str) -> str:
    """It opens with a key that may read costs."""
    return f"{address}/documents/costs/{kept.paper.uuid}/attachments/{kept.file.id}.json"


ATTACHMENT: Shape[Kept, View] = Shape(
    "attachment",
    Kept,
    (
        read_only("kind_id", INTEGER, nullable=False, showing=lambda kept, _: _kind_of(kept)),
        read_only("file_name", TEXT, "file.filename", nullable=False),
        read_only("document_scan_uuid", TEXT, "paper.uuid", nullable=False),
        read_only("file_url", TEXT, nullable=False, showing=lambda kept, view: file_url(kept, view.address)),
        read_only("download_url", TEXT, nullable=False, showing=lambda kept, view: file_url(kept, view.address)),
    ),
)


def _kind_of(kept: Kept) -> int:
    is_first = kept.paper.attachments[0].id == kept.file.id
    return INVOICE if is_first and kept.paper.source == "uploaded" else CUSTOM


def number_of(paper: Expense) -> str:
    """The supplier's, or our own where nobody said it; a scan goes by the name of its file."""
    if is_entered(paper):
        return paper.original_number or paper.number
    return paper.attachments[0].filename if paper.attachments else ""


TOLD: Mapping[str, Callable[[ReceivedInvoice], Any]] = {
    "net_total": lambda told: sum((rate.net for rate in told.rates), ZERO),
    "vat_total": lambda told: sum((rate.vat for rate in told.rates), ZERO),
    "gross_total": lambda told: told.total,
    "currency": lambda told: told.currency or None,
    "issued_on": lambda told: told.issued_on,
    "due_on": lambda told: told.due_on,
    "seller_name": lambda told: told.supplier.name or None,
    "seller_vat_no": lambda told: told.supplier.vat_no or None,
}
"""By attribute of a cost what an e-invoice says of it before anybody enters it."""


def _said_of(paper: Expense, attribute: str) -> Any:
    """Of a scan what its file tells programs; what people would read in it is a proposal."""
    if is_entered(paper):
        return getattr(paper, attribute)
    return TOLD[attribute](paper.told) if paper.told is not None and attribute in TOLD else None


def _of_cost(name: str, kind: Kind, attribute: str) -> Field:
    spell: Callable[[Any], Any] = kind.show or (lambda value: value)

    def shown(paper: Expense, _view: View) -> Any:
        value = _said_of(paper, attribute)
        return None if value is None else spell(value)

    return read_only(name, kind, attribute, showing=shown)


def _added_by(paper: Expense, view: View) -> str:
    member = view.people.get(paper.added_by_id)
    return member.user.full_name if member else ""


def _category(paper: Expense, _view: View) -> str | None:
    found = cost_categories().get(paper.category or "")
    return found.name if found else None


def _seller_bank_account(paper: Expense, _view: View) -> str | None:
    said = paper if is_entered(paper) else paper.told
    return None if said is None else said.iban or said.bank_account or ""


def _note(note: Note, view: View) -> dict[str, Any]:
    return NOTE.show(Written(note, view.people.get(note.author_id)), view)


def _attachments(paper: Expense, view: View) -> list[dict[str, Any]]:
    return [ATTACHMENT.show(Kept(file, paper), view) for file in paper.attachments]


STATUSES = Kind(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"symbol": {"type": "string", "enum": SYMBOLS}, "name": TEXT.schema, "group": TEXT.schema},
        },
    },
    read_text,
)
OBJECT = Kind({"type": "object"}, read_text)
MOMENT = Kind(TEXT.schema, INSTANT.read, show_moment)

_LISTED: tuple[Field, ...] = (
    read_only("uuid", TEXT, nullable=False),
    read_only("number", TEXT, nullable=False, showing=lambda paper, _: number_of(paper)),
    _of_cost("net_price", MONEY, "net_total"),
    _of_cost("gross_price", MONEY, "gross_total"),
    _of_cost("tax_price", MONEY, "vat_total"),
    _of_cost("currency", TEXT, "currency"),
    read_only("accounted_at", DATE, "accounted_on"),
    _of_cost("issue_date", DATE, "issued_on"),
    _of_cost("received_date", DATE, "received_on"),
    _of_cost("due_date", DATE, "due_on"),
    _of_cost("seller_name", TEXT, "seller_name"),
    _of_cost("seller_tax_code", TEXT, "seller_vat_no"),
    read_only("seller_bank_account", TEXT, showing=_seller_bank_account),
    read_only("description", TEXT),
    read_only("added_by", TEXT, nullable=False, showing=_added_by),
    read_only("category", TEXT, showing=_category),
    read_only("kind", choice(*ALL_KINDS), nullable=False, showing=lambda paper, _: KINDS[paper.progress]),
    read_only("notes_count", INTEGER, nullable=False, showing=lambda paper, _: len(paper.notes)),
    read_only("newest_note", OBJECT, showing=lambda paper, view: _note(paper.notes[-1], view) if paper.notes else None),
    read_only("duplicated", BOOLEAN, nullable=False, showing=lambda paper, view: paper.id in view.duplicates),
    read_only("created_at", MOMENT, nullable=False),
    read_only("source", choice(*SOURCES.values()), showing=lambda paper, _: SOURCES[paper.source]),
    read_only("reconciliation_id", INTEGER, showing=lambda _, __: None),
    read_only("statuses", STATUSES, nullable=False, showing=lambda paper, _: shown_statuses(paper)),
)

_WHOLE: tuple[Field, ...] = (
    read_only("attachments", list_of(ATTACHMENT), nullable=False, showing=_attachments),
    read_only("related_internal_note", OBJECT, showing=lambda _, __: None),
    read_only(
        "notes", list_of(NOTE), nullable=False, showing=lambda paper, view: [_note(one, view) for one in paper.notes]
    ),
    read_only(
        "related_exchange_differences_internal_evidences",
        Kind({"type": "array", "items": {"type": "object"}}, read_text),
        showing=lambda _, __: None,
    ),
)

LISTED: Shape[Expense, View] = Shape("listed_cost", Expense, _LISTED)
COST: Shape[Expense, View] = Shape("cost", Expense, (*_LISTED, *_WHOLE))
