"""What kinds, states and events are called in the language of the reader.

Tables in templates would ask for the translation of every entry each time that one is needed.
"""

from collections.abc import Callable

from flask import Flask
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

KINDS = {
    "invoice": lazy_gettext("Invoice"),
    "proforma": lazy_gettext("Proforma invoice"),
    "correction": lazy_gettext("Credit note"),
    "tax_document": lazy_gettext("Tax document"),
    "final_invoice": lazy_gettext("Final invoice"),
}

STATUSES = {
    "open": lazy_gettext("Open"),
    "sent": lazy_gettext("Sent"),
    "overdue": lazy_gettext("Overdue"),
    "paid": lazy_gettext("Paid"),
    "cancelled": lazy_gettext("Cancelled"),
    "uncollectible": lazy_gettext("Uncollectible"),
}

LETTERS = {"waiting": lazy_gettext("Waiting"), "sent": lazy_gettext("Sent"), "failed": lazy_gettext("Failed")}

EVENTS = {
    "invoice_issued": lazy_gettext("Issued"),
    "invoice_changed": lazy_gettext("Changed"),
    "invoice_printed": lazy_gettext("Printed"),
    "invoice_sent": lazy_gettext("Sent by e-mail"),
    "invoice_marked_as_sent": lazy_gettext("Marked as sent"),
    "invoice_seen": lazy_gettext("Opened by the customer"),
    "invoice_reminded": lazy_gettext("Reminded"),
    "invoice_restated": lazy_gettext("Its status was brought up to date"),
    "invoice_paid": lazy_gettext("Paid"),
    "invoice_payment_added": lazy_gettext("A part was paid"),
    "invoice_payment_removed": lazy_gettext("A payment was taken back"),
    "invoice_cancelled": lazy_gettext("Cancelled"),
    "invoice_cancellation_removed": lazy_gettext("The cancellation was taken back"),
    "invoice_locked": lazy_gettext("Locked"),
    "invoice_unlocked": lazy_gettext("Unlocked"),
    "invoice_uncollectible": lazy_gettext("Given up as uncollectible"),
    "invoice_uncollectible_removed": lazy_gettext("Hoped for again"),
}


def set_up(app: Flask) -> None:
    """Filters by which templates ask for a name; what has none stands for itself."""
    tables = {"kind_name": KINDS, "status_name": STATUSES, "letter_state": LETTERS, "event_name": EVENTS}
    for name, table in tables.items():
        app.jinja_env.filters[name] = _namer(table)


def _namer(table: dict[str, LazyString]) -> Callable[[str], str]:
    return lambda value: str(table.get(value, value))
