"""What happened to an account's records, by whose hand and through what: append-only, one row for each event."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

import msgspec

from faktura.store.records import KindIn, Record, Shared, Tenant, differing, index, record

EventName = Literal[
    "contact_added",
    "contact_changed",
    "contact_deleted",
    "contact_merged",
    "contact_link_made",
    "contact_link_opened",
    "contact_link_ended",
    "product_added",
    "product_changed",
    "product_deleted",
    "product_archived",
    "product_unarchived",
    "stock_move_added",
    "stock_move_changed",
    "stock_move_deleted",
    "bank_account_added",
    "bank_account_changed",
    "bank_account_deleted",
    "account_changed",
    "number_format_added",
    "number_format_changed",
    "invoice_issued",
    "invoice_changed",
    "invoice_deleted",
    "invoice_printed",
    "invoice_sent",
    "invoice_marked_as_sent",
    "invoice_seen",
    "invoice_reminded",
    "invoice_overdue",
    "invoice_restated",
    "invoice_paid",
    "invoice_thanked",
    "invoice_payment_added",
    "invoice_payment_removed",
    "invoice_cancelled",
    "invoice_cancellation_removed",
    "invoice_locked",
    "invoice_unlocked",
    "invoice_uncollectible",
    "invoice_uncollectible_removed",
    "invoice_queued_for_ksef",
    "invoice_withdrawn_from_ksef",
    "invoice_accepted_by_ksef",
    "invoice_refused_by_ksef",
    "expense_entered",
    "expense_changed",
    "expense_deleted",
    "expense_overdue",
    "expense_restated",
    "expense_paid",
    "expense_payment_added",
    "expense_payment_removed",
    "expense_locked",
    "expense_unlocked",
    "paper_entered",
    "paper_changed",
    "paper_printed",
    "paper_accounted",
    "paper_deleted",
    "scan_added",
    "scan_asked_to_be_read",
    "scan_changed",
    "scan_read",
    "scan_reading_failed",
    "scan_reading_refused",
    "scan_entered",
    "scan_deleted",
    "generator_added",
    "generator_changed",
    "generator_deleted",
    "generator_issued",
    "generator_run",
    "generator_skipped",
    "generator_failed",
    "generator_finished",
    "generator_paused",
    "generator_activated",
    "member_invited",
    "invitation_withdrawn",
    "member_joined",
    "member_changed",
    "member_left",
    "password_changed",
    "consent_given",
    "consent_ended",
    "application_added",
    "application_secret_renewed",
    "application_ended",
    "api_key_added",
    "api_key_ended",
    "webhook_added",
    "webhook_changed",
    "webhook_deleted",
    "task_done",
    "task_refused",
    "ksef_connected",
    "ksef_changed",
    "ksef_disconnected",
    "job_given_up",
]
"""Everything that the history can say: doors and pages have their own words for each."""

EVENT_NAMES: tuple[EventName, ...] = get_args(EventName)

DocumentEvent = Literal[
    "issued",
    "entered",
    "changed",
    "deleted",
    "printed",
    "sent",
    "marked_as_sent",
    "seen",
    "reminded",
    "overdue",
    "restated",
    "paid",
    "thanked",
    "payment_added",
    "payment_removed",
    "cancelled",
    "cancellation_removed",
    "locked",
    "unlocked",
    "uncollectible",
    "uncollectible_removed",
    "queued_for_ksef",
    "withdrawn_from_ksef",
    "accepted_by_ksef",
    "refused_by_ksef",
]
"""What can happen to a document; the noun of its sort stands before it: invoice_paid."""

DELETIONS = tuple(name for name in EVENT_NAMES if name.endswith("_deleted"))
"""What is gone afterwards, so that its last state is kept with the event."""

PASSING = frozenset({"invitations", "ksef_connections"})
"""Kinds whose records end without a deletion: an invitation that was accepted or withdrawn, or that nobody wanted; a
connection that was ended."""

Way = Literal["api", "browser"]
"""By what door whoever did it came in; jobs and commands came in by none."""

Differences = Mapping[str, tuple[Any, Any]]
"""By attribute, what it held before and what it holds now."""


class Event(msgspec.Struct, frozen=True):
    """Something that happens to a record now.

    `number` is that of a deleted document, which stays taken; `letter_id` names the letter that it happened by.
    `made` is the record that came of it, which programs are told with it and the history has an event of its own for.
    """

    name: EventName
    record: Tenant | Shared
    details: Differences | None = None
    number: str | None = None
    letter_id: int | None = None
    made: Tenant | None = None


@record(
    "history",
    index("account_id", "kind", "record_id", "id", covers=("version",)),
    index("account_id", "number", where_set="number"),
    index("account_id", "name", "created_at", "id"),
    index("account_id", "contact_id", "name", "created_at", "id", where_set="contact_id"),
    paged=False,
    refers={"user_id": "users"},
    remembers={"record_id": KindIn("kind"), "contact_id": "contacts", "letter_id": "messages"},
)
class Happening(Tenant):
    """An event that happened; `kind` is the table of the record, `snapshot` what was deleted, whole.

    A person did it (`user_id`), by themselves or through a `program`: the name of an application, a key or a job. What
    has neither was done by somebody outside, such as the customer. `way` is how the request came. `record_version` is
    the version of the record with what happened in it; `contact_id` whose contact's it is, so that all that happened
    around a contact is found.
    """

    name: EventName
    kind: str
    record_id: int
    record_version: int = 0
    user_id: int | None = None
    program: str | None = None
    way: Way | None = None
    details: dict[str, tuple[Any, Any]] | None = None
    snapshot: dict[str, Any] | None = None
    number: str | None = None
    contact_id: int | None = None
    letter_id: int | None = None


def named_event(noun: str, happened: DocumentEvent) -> EventName:
    """What the history calls it.

    Raises:
        KeyError: it cannot happen to that sort of document.

    """
    return _NAMES[f"{noun}_{happened}"]


_NAMES: dict[str, EventName] = {name: name for name in EVENT_NAMES}


def written(event: Event) -> dict[str, Any]:
    """What the row of an event says of it."""
    return {
        "name": event.name,
        "kind": event.record.table_name,
        "record_id": event.record.id,
        "record_version": event.record.version,
        "details": dict(event.details) if event.details else None,
        "snapshot": msgspec.to_builtins(event.record, str_keys=True) if event.name in DELETIONS else None,
        "number": event.number,
        "contact_id": _contact_of(event.record),
        "letter_id": event.letter_id,
    }


def _contact_of(record: Tenant | Shared) -> int | None:
    return record.id if record.table_name == _CONTACTS else getattr(record, "contact_id", None)


def differences(old: Record, new: Record) -> Differences:
    """What the states of a record before and after differ in; of lists of parts only the parts that differ."""
    names = (name for name in differing(old, new) if name not in _WITH_EVERY_CHANGE)
    return {name: _apart(getattr(old, name), getattr(new, name)) for name in names}


def _apart(old: Any, new: Any) -> tuple[Any, Any]:
    """A document has up to a thousand lines, of which one is changed."""
    if not (isinstance(old, tuple) and isinstance(new, tuple) and all(hasattr(part, "id") for part in (*old, *new))):
        return old, new
    before, after = {part.id: part for part in old}, {part.id: part for part in new}
    return (
        [part for part in old if part != after.get(part.id)],
        [part for part in new if part != before.get(part.id)],
    )


_CONTACTS = "contacts"

_WITH_EVERY_CHANGE = frozenset({"version", "updated_at"})
