"""What kinds, states and events are called in the language of the reader.

Tables in templates would ask for the translation of every entry each time that one is needed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask_babel import get_locale, gettext, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from faktura.core.accounts.missing import Missing
from faktura.core.books.history import EventName
from faktura.core.countries.pl.lists import cost_categories
from faktura.core.ksef.mark import SendingState
from faktura.core.papers.record import PaperKind
from faktura.core.people.accounts import ReminderStep
from faktura.core.people.users import Permission
from faktura.core.todos import TodoName
from faktura.outputs.words.words import events_in, todos_in

KINDS = {
    "invoice": lazy_gettext("Invoice"),
    "proforma": lazy_gettext("Proforma invoice"),
    "correction": lazy_gettext("Credit note"),
    "tax_document": lazy_gettext("Tax document"),
    "final_invoice": lazy_gettext("Final invoice"),
    "margin_invoice": lazy_gettext("Margin invoice"),
    "oss_invoice": lazy_gettext("OSS invoice"),
    "oss_correction": lazy_gettext("OSS credit note"),
}

EXPENSE_KINDS = {
    "invoice": KINDS["invoice"],
    "bill": lazy_gettext("Receipt"),
    "other": lazy_gettext("Other document"),
}

PAPER_KINDS: dict[PaperKind, LazyString] = {
    "daily_revenue": lazy_gettext("Daily revenue"),
    "fiscal_report": lazy_gettext("Cash register report"),
    "internal_invoice": lazy_gettext("Internal invoice"),
    "internal_evidence": lazy_gettext("Internal voucher"),
}

CLASSIFICATIONS = {"sold": lazy_gettext("Something sold"), "salary": lazy_gettext("A salary")}

PAPER_STAGES = {
    "draft": lazy_gettext("Draft"),
    "printed": lazy_gettext("Done"),
    "paid": lazy_gettext("Paid"),
}

ACCOUNTINGS = {
    "open": lazy_gettext("Not in the books"),
    "accounted": lazy_gettext("In the books"),
    "rejected": lazy_gettext("Sent back"),
    "to_clarify": lazy_gettext("To be cleared up"),
}
"""How an expense stands in the books."""


def categories() -> list[tuple[str, str]]:
    """What is bought, by its code."""
    return [(code, one.name) for code, one in cost_categories().items()]


NUMBERED: dict[str, LazyString] = {**KINDS, "expense": lazy_gettext("Expense")} | {**PAPER_KINDS}
"""What series of numbers are of."""

STATUSES = {
    "open": lazy_gettext("Open"),
    "sent": lazy_gettext("Sent"),
    "overdue": lazy_gettext("Overdue"),
    "paid": lazy_gettext("Paid"),
    "cancelled": lazy_gettext("Cancelled"),
    "uncollectible": lazy_gettext("Uncollectible"),
}

LETTERS = {"waiting": lazy_gettext("Waiting"), "sent": lazy_gettext("Sent"), "failed": lazy_gettext("Failed")}

KSEF_STATES: Mapping[SendingState, LazyString] = {
    "waiting": lazy_gettext("Waits for KSeF"),
    "sending": lazy_gettext("At KSeF"),
    "sent": lazy_gettext("At KSeF"),
    "accepted": lazy_gettext("In KSeF"),
    "rejected": lazy_gettext("Refused by KSeF"),
    "failed": lazy_gettext("Not taken by KSeF"),
}

MISSING: Mapping[Missing, LazyString] = {
    "registration_no": lazy_gettext("Registration number"),
    "vat_no": lazy_gettext("VAT number"),
    "street": lazy_gettext("Street and number"),
    "city": lazy_gettext("City"),
    "postcode": lazy_gettext("Postcode"),
    "bank_account": lazy_gettext("Bank account"),
}

PERMISSIONS: Mapping[Permission, LazyString] = {
    "owner": lazy_gettext("Owner"),
    "write": lazy_gettext("Reads and writes"),
    "accountant": lazy_gettext("Accountant: reads and locks"),
    "read": lazy_gettext("Reads only"),
}


def set_up(app: Flask) -> None:
    """Filters by which templates ask for a name; what has none stands for itself."""
    tables: dict[str, Mapping[Any, LazyString | str]] = {
        "kind_name": {**EXPENSE_KINDS, **NUMBERED},
        "status_name": STATUSES,
        "paper_stage": PAPER_STAGES,
        "classification_name": CLASSIFICATIONS,
        "accounting_name": ACCOUNTINGS,
        "category_name": dict(categories()),
        "letter_state": LETTERS,
        "ksef_state": KSEF_STATES,
        "missing_name": MISSING,
        "permission_name": PERMISSIONS,
    }
    app.jinja_env.filters["step_name"] = step_name
    app.jinja_env.filters["event_name"] = event_name
    app.jinja_env.filters["todo_name"] = todo_name
    for name, table in tables.items():
        app.jinja_env.filters[name] = _namer(table)


def _namer(table: Mapping[Any, LazyString | str]) -> Callable[[str], str]:
    return lambda value: str(table.get(value, value))


def event_name(name: EventName) -> str:
    """In the language of the page."""
    return events_in(str(get_locale()))[name]


def todo_name(name: TodoName) -> str:
    return todos_in(str(get_locale()))[name]


def step_name(step: ReminderStep) -> str:
    """When a step of the reminders comes, in the language of the page."""
    if not step.days:
        return gettext("On the due date")
    if step.is_before:
        return ngettext("%(num)d day before the due date", "%(num)d days before the due date", -step.days)
    return ngettext("%(num)d day after the due date", "%(num)d days after the due date", step.days)
