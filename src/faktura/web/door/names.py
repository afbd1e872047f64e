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
from faktura.core.people.accounts import ReminderStep
from faktura.core.people.users import Permission
from faktura.outputs.words.words import events_in

KINDS = {
    "invoice": lazy_gettext("Invoice"),
    "proforma": lazy_gettext("Proforma invoice"),
    "correction": lazy_gettext("Credit note"),
    "tax_document": lazy_gettext("Tax document"),
    "final_invoice": lazy_gettext("Final invoice"),
}

EXPENSE_KINDS = {
    "invoice": KINDS["invoice"],
    "bill": lazy_gettext("Receipt"),
    "other": lazy_gettext("Other document"),
}

NUMBERED = {**KINDS, "expense": lazy_gettext("Expense")}
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

EVENTS: Mapping[EventName, LazyString] = {
    "contact_added": lazy_gettext("Contact added"),
    "contact_changed": lazy_gettext("Contact changed"),
    "contact_deleted": lazy_gettext("Contact deleted"),
    "contact_link_made": lazy_gettext("Customer link made"),
    "contact_link_opened": lazy_gettext("Customer link opened"),
    "contact_link_ended": lazy_gettext("Customer link ended"),
    "product_added": lazy_gettext("Product added"),
    "product_changed": lazy_gettext("Product changed"),
    "product_deleted": lazy_gettext("Product deleted"),
    "bank_account_added": lazy_gettext("Bank account added"),
    "bank_account_changed": lazy_gettext("Bank account changed"),
    "bank_account_deleted": lazy_gettext("Bank account deleted"),
    "account_changed": lazy_gettext("Account changed"),
    "number_format_added": lazy_gettext("Number format added"),
    "number_format_changed": lazy_gettext("Number format changed"),
    "invoice_issued": lazy_gettext("Issued"),
    "invoice_changed": lazy_gettext("Changed"),
    "invoice_deleted": lazy_gettext("Deleted"),
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
    "expense_entered": lazy_gettext("Expense entered"),
    "expense_changed": lazy_gettext("Expense changed"),
    "expense_deleted": lazy_gettext("Expense deleted"),
    "expense_restated": lazy_gettext("The status of an expense was brought up to date"),
    "expense_paid": lazy_gettext("Expense paid"),
    "expense_payment_added": lazy_gettext("A part of an expense was paid"),
    "expense_payment_removed": lazy_gettext("A payment of an expense was taken back"),
    "expense_locked": lazy_gettext("Expense locked"),
    "expense_unlocked": lazy_gettext("Expense unlocked"),
    "generator_added": lazy_gettext("Template added"),
    "generator_changed": lazy_gettext("Template changed"),
    "generator_deleted": lazy_gettext("Template deleted"),
    "generator_issued": lazy_gettext("A document was issued of a template by itself"),
    "generator_run": lazy_gettext("The next document of a template was issued by hand"),
    "generator_skipped": lazy_gettext("A date of a recurring template was skipped"),
    "generator_failed": lazy_gettext("The document of a template could not be issued"),
    "generator_finished": lazy_gettext("A recurring template has come to its end"),
    "generator_paused": lazy_gettext("A recurring template was paused"),
    "generator_activated": lazy_gettext("A recurring template goes on"),
    "member_invited": lazy_gettext("Somebody invited"),
    "invitation_withdrawn": lazy_gettext("Invitation withdrawn"),
    "member_joined": lazy_gettext("Member joined"),
    "member_changed": lazy_gettext("Rights of a member changed"),
    "member_left": lazy_gettext("Member left"),
    "password_changed": lazy_gettext("Password changed"),
    "consent_given": lazy_gettext("Application let in"),
    "consent_ended": lazy_gettext("Application let in no longer"),
    "application_added": lazy_gettext("Application added"),
    "application_secret_renewed": lazy_gettext("Secret of an application renewed"),
    "application_ended": lazy_gettext("Application ended"),
    "api_key_added": lazy_gettext("API key added"),
    "api_key_ended": lazy_gettext("API key ended"),
    "job_given_up": lazy_gettext("Background job given up after many tries"),
}


def set_up(app: Flask) -> None:
    """Filters by which templates ask for a name; what has none stands for itself."""
    tables: dict[str, Mapping[Any, LazyString]] = {
        "kind_name": {**EXPENSE_KINDS, **NUMBERED},
        "status_name": STATUSES,
        "letter_state": LETTERS,
        "missing_name": MISSING,
        "permission_name": PERMISSIONS,
    }
    app.jinja_env.filters["step_name"] = step_name
    app.jinja_env.filters["event_name"] = event_name
    for name, table in tables.items():
        app.jinja_env.filters[name] = _namer(table)


def _namer(table: Mapping[Any, LazyString]) -> Callable[[str], str]:
    return lambda value: str(table.get(value, value))


def event_name(name: EventName) -> str:
    """In the language of the page."""
    return events_in(str(get_locale()))[name]


def step_name(step: ReminderStep) -> str:
    """When a step of the reminders comes, in the language of the page."""
    if not step.days:
        return gettext("On the due date")
    if step.is_before:
        return ngettext("%(num)d day before the due date", "%(num)d days before the due date", -step.days)
    return ngettext("%(num)d day after the due date", "%(num)d days after the due date", step.days)
