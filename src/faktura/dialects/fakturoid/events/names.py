"""What the contract calls the events of the history (2.16), or that it has no word for one."""

import contextlib
import functools
from collections.abc import Callable, Mapping
from typing import Any, get_type_hints

import msgspec

from faktura.core.books.history import EventName, Happening
from faktura.core.generators.record import Generator
from faktura.dialects.fakturoid.account import ACCOUNT
from faktura.dialects.fakturoid.bank_accounts import BANK_ACCOUNT
from faktura.dialects.fakturoid.expenses.fields import EXPENSE
from faktura.dialects.fakturoid.generators.fields import RECURRING_GENERATOR
from faktura.dialects.fakturoid.invoices.fields import INVOICE
from faktura.dialects.fakturoid.number_formats import NUMBER_FORMAT
from faktura.dialects.fakturoid.parts.related import Params
from faktura.dialects.fakturoid.subjects import SUBJECT
from faktura.wire.fields import Field, Shape

Name = str | Callable[[Happening], str]

CHANGES: Mapping[EventName, Shape[Any, Any]] = {
    "contact_changed": SUBJECT,
    "bank_account_changed": BANK_ACCOUNT,
    "account_changed": ACCOUNT,
    "number_format_changed": NUMBER_FORMAT,
    "invoice_changed": INVOICE,
    "expense_changed": EXPENSE,
    # Templates have some of the attributes of recurring ones, and one name with them.
    "generator_changed": Shape("generator", Generator, RECURRING_GENERATOR.fields),
}
"""What is called after the attribute that changed."""


def of_change(happening: Happening) -> str:
    """`{model}_{attribute}_on`, `_off` or `_changed`; of several attributes the first one of the resource counts."""
    shape = CHANGES[happening.name]
    attribute, (_, new) = _changed(happening)
    if isinstance(new, bool):
        return f"{shape.name}_{shape.spelled(attribute)}_{'on' if new else 'off'}"
    return f"{shape.name}_{shape.spelled(attribute)}_changed"


def params_of_change(happening: Happening) -> Params:
    """What the attribute held and holds; a list of parts has no text."""
    attribute, values = _changed(happening)
    fields = _fields(CHANGES[happening.name])
    old, new = (_text(happening, fields.get(attribute), attribute, value) for value in values)
    return {} if isinstance(values[1], bool) else {"old": old, "new": new}


def _of_account(happening: Happening) -> str:
    became = (happening.details or {}).get("vat_mode", (None, None))[1]
    return "vat_payer" if became == "vat_payer" else of_change(happening)


NAMES: Mapping[EventName, Name | None] = {
    "contact_added": None,
    "contact_changed": of_change,
    "contact_deleted": "subject_removed",
    "contact_merged": "subject_merged",
    "contact_link_made": None,
    "contact_link_opened": None,
    "contact_link_ended": None,
    "product_added": None,
    "product_changed": None,
    "product_deleted": None,
    "product_archived": None,
    "product_unarchived": None,
    "stock_move_added": None,
    "stock_move_changed": None,
    "stock_move_deleted": None,
    "bank_account_added": None,
    "bank_account_changed": of_change,
    "bank_account_deleted": None,
    "account_changed": _of_account,
    "number_format_added": None,
    "number_format_changed": of_change,
    "invoice_issued": None,
    "invoice_changed": of_change,
    "invoice_deleted": "invoice_removed",
    "invoice_printed": None,
    "invoice_sent": "invoice_sent",
    "invoice_marked_as_sent": "invoice_marked_as_sent",
    "invoice_seen": None,
    "invoice_reminded": "invoice_reminder_sent",
    "invoice_overdue": "invoice_overdue",
    "invoice_restated": None,
    "invoice_paid": "invoice_paid",
    # It is told with what was paid.
    "invoice_thanked": None,
    "invoice_payment_added": None,
    "invoice_payment_removed": "invoice_payment_removed",
    "invoice_cancelled": "invoice_cancelled",
    "invoice_cancellation_removed": "invoice_undo_cancelled",
    "invoice_locked": None,
    "invoice_unlocked": None,
    "invoice_uncollectible": None,
    "invoice_uncollectible_removed": None,
    "invoice_queued_for_ksef": None,
    "invoice_withdrawn_from_ksef": None,
    "invoice_accepted_by_ksef": None,
    "invoice_refused_by_ksef": None,
    "expense_entered": None,
    "expense_changed": of_change,
    "expense_deleted": None,
    "expense_overdue": "expense_overdue",
    "expense_restated": None,
    "expense_paid": "expense_paid",
    "expense_payment_added": None,
    "expense_payment_removed": "expense_payment_removed",
    "expense_locked": None,
    "expense_unlocked": None,
    "paper_entered": None,
    "paper_changed": None,
    "paper_printed": None,
    "paper_accounted": None,
    "paper_deleted": None,
    "scan_added": "inbox_file_added",
    "scan_asked_to_be_read": None,
    "scan_changed": None,
    "scan_read": None,
    "scan_reading_failed": None,
    "scan_reading_refused": None,
    "scan_entered": None,
    "scan_deleted": None,
    "generator_added": None,
    "generator_changed": of_change,
    "generator_deleted": "generator_removed",
    "generator_issued": "invoice_generated",
    "generator_run": "invoice_generated",
    "generator_skipped": "generator_skipped",
    "generator_failed": None,
    "generator_finished": None,
    "generator_paused": "generator_paused",
    "generator_activated": "generator_activated",
    "member_invited": "invitation_sent",
    "invitation_withdrawn": None,
    "member_joined": "user_added_to_account",
    "member_changed": None,
    "member_left": None,
    "password_changed": "password_changed",
    "consent_given": None,
    "consent_ended": None,
    "application_added": None,
    "application_secret_renewed": None,
    "application_ended": None,
    "api_key_added": None,
    "api_key_ended": None,
    "webhook_added": None,
    "webhook_changed": None,
    "webhook_deleted": None,
    "task_done": None,
    "task_refused": None,
    "ksef_connected": None,
    "ksef_changed": None,
    "ksef_disconnected": None,
    "job_given_up": None,
}
"""By event of the history; None where the contract has no word for it."""

TOLD: tuple[EventName, ...] = tuple(name for name, said in NAMES.items() if said is not None)
PAID: tuple[EventName, ...] = ("invoice_paid", "expense_paid")
GENERATED: tuple[EventName, ...] = ("generator_issued", "generator_run")


def name_of(happening: Happening, *, of_proforma: bool = False, thanked: bool = False) -> str:
    """A proforma has a word of its own for being paid, an invoice one for being paid with thanks."""
    if happening.name == "invoice_paid" and of_proforma:
        return "proforma_paid"
    if happening.name == "invoice_paid" and thanked:
        return "invoice_paid_with_thank_you_note"
    said = NAMES[happening.name]
    return said(happening) if callable(said) else str(said)


def _changed(happening: Happening) -> tuple[str, tuple[Any, Any]]:
    """The first of the changed attributes that the resource has, else the first; what only moved has none."""
    details = happening.details or {"updated_at": (None, None)}
    fields = _fields(CHANGES[happening.name])
    return next((change for change in details.items() if change[0] in fields), next(iter(details.items())))


@functools.cache
def _fields(shape: Shape[Any, Any]) -> Mapping[str, Field]:
    return {field.attribute: field for field in shape.fields if field.access != "write"}


@functools.cache
def _hints(shape: Shape[Any, Any]) -> Mapping[str, Any]:
    return get_type_hints(shape.record)


def _text(happening: Happening, field: Field | None, attribute: str, kept: Any) -> str | None:
    """A value of the history as the resource shows it, as text; what it was kept as where it fits no longer."""
    if kept is None or isinstance(kept, list | dict):
        return None
    hint = _hints(CHANGES[happening.name]).get(attribute)
    if hint is not None and field is not None and field.kind.show is not None:
        with contextlib.suppress(msgspec.ValidationError):
            kept = field.kind.show(msgspec.convert(kept, hint, strict=False))
    return str(kept).lower() if isinstance(kept, bool) else str(kept)
