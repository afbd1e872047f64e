"""Subjects (2.5): the core's contacts."""

from typing import Any

from faktura.core.contacts import (
    STREET_LINE,
    Contact,
    add_contact,
    change_contact,
    delete_contact,
    follows_registry,
    street_line,
)
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.names import check_name
from faktura.dialects.fakturoid.door.paging import CUSTOM_ID, PAGE, SINCE, UPDATED_SINCE, filters_of
from faktura.dialects.fakturoid.door.values import (
    BOOLEAN,
    CURRENCY,
    INHERIT_SWITCH,
    INTEGER,
    LANGUAGE,
    MOMENT,
    TEXT,
    VAT_MODE,
)
from faktura.store.queries import Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, Parameter
from faktura.wire.fields import Field, Shape
from faktura.wire.values import choice


def _ares_update(contact: Contact, view: View) -> bool:
    """The older twin of the switch; what is inherited is the account's setting."""
    return follows_registry(view.account, contact)


def _from_ares_update(value: bool | None) -> dict[str, Any]:  # noqa: FBT001 (a value off the wire)
    return {} if value is None else {"update_from_registry": "on" if value else "off"}


SUBJECT: Shape[Contact, View] = Shape(
    "subject",
    Contact,
    (
        Field("id", INTEGER, access="read", nullable=False),
        Field("custom_id", TEXT),
        Field("user_id", INTEGER, "created_by", access="read"),
        Field("type", choice("customer", "supplier", "both"), "role", nullable=False),
        Field("name", TEXT, nullable=False, required=True),
        Field("full_name", TEXT),
        Field("email", TEXT),
        Field("email_copy", TEXT),
        Field("phone", TEXT),
        Field("web", TEXT),
        Field("street", TEXT, STREET_LINE, showing=lambda contact, _: street_line(contact)),
        Field("city", TEXT),
        Field("zip", TEXT, "postcode"),
        Field("country", TEXT),
        Field("has_delivery_address", BOOLEAN, nullable=False),
        Field("delivery_name", TEXT),
        Field("delivery_street", TEXT),
        Field("delivery_city", TEXT),
        Field("delivery_zip", TEXT, "delivery_postcode"),
        Field("delivery_country", TEXT),
        Field("due", INTEGER, "due_days"),
        Field("currency", CURRENCY),
        Field("language", LANGUAGE),
        Field("private_note", TEXT),
        Field("registration_no", TEXT),
        Field("vat_no", TEXT),
        Field("local_vat_no", TEXT),
        Field("unreliable", BOOLEAN, access="read"),
        Field("unreliable_checked_at", MOMENT, access="read"),
        Field("legal_form", TEXT),
        Field("vat_mode", VAT_MODE),
        Field("bank_account", TEXT),
        Field("iban", TEXT),
        Field("swift_bic", TEXT, "bic"),
        Field("variable_symbol", TEXT),
        Field("ares_update", BOOLEAN, nullable=False, showing=_ares_update, reading=_from_ares_update),
        Field("setting_update_from_ares", INHERIT_SWITCH, "update_from_registry", nullable=False),
        Field("setting_invoice_pdf_attachments", INHERIT_SWITCH, "attach_invoice_pdf", nullable=False),
        Field("setting_estimate_pdf_attachments", INHERIT_SWITCH, "attach_estimate_pdf", nullable=False),
        Field("setting_invoice_send_reminders", INHERIT_SWITCH, "send_reminders", nullable=False),
        Field("setting_invoice_send_due_date_reminders", INHERIT_SWITCH, "send_due_date_reminders", nullable=False),
        Field("suggestion_enabled", BOOLEAN, "suggested", nullable=False),
        Field("custom_email_text", TEXT),
        Field("overdue_email_text", TEXT),
        Field("due_date_reminder_email_text", TEXT),
        Field("invoice_from_proforma_email_text", TEXT),
        Field("thank_you_email_text", TEXT),
        Field("custom_estimate_email_text", TEXT),
        Field("webinvoice_history", choice("disabled", "recent", "client_portal"), "invoice_history"),
        Field(
            "html_url", TEXT, access="read", nullable=False, showing=lambda c, view: f"{view.web_url}/subjects/{c.id}"
        ),
        Field(
            "url", TEXT, access="read", nullable=False, showing=lambda c, view: f"{view.api_url}/subjects/{c.id}.json"
        ),
        Field("created_at", MOMENT, access="read", nullable=False),
        Field("updated_at", MOMENT, access="read", nullable=False),
    ),
)

QUERY = Parameter("query", TEXT, "Words to find in names, e-mails, registration and VAT numbers and the private note")


def list_subjects(call: Call) -> Answer:
    return call.page(SUBJECT, Selection(filters_of(call.query)))


def search_subjects(call: Call) -> Answer:
    return call.page(SUBJECT, Selection(text=call.query.get("query", "")))


def read_subject(call: Call) -> Answer:
    return call.one(SUBJECT, call.id)


def create_subject(call: Call) -> Answer:
    given = call.given(SUBJECT)
    given.setdefault("name", None)
    check_name(given)
    return call.created(SUBJECT, add_contact(call.books, given))


def change_subject(call: Call) -> Answer:
    given = call.given(SUBJECT)
    check_name(given)
    return call.shown(SUBJECT, change_contact(call.books, call.id, given))


def delete_subject(call: Call) -> Answer:
    delete_contact(call.books, call.id)
    return NO_CONTENT


MANY = "/accounts/{slug}/subjects.json"
ONE = "/accounts/{slug}/subjects/{id}.json"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_subjects,
        about="List subjects",
        parameters=(SINCE, UPDATED_SINCE, CUSTOM_ID, PAGE),
        answers={200: [SUBJECT]},
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/subjects/search.json",
        serve=search_subjects,
        about="Search subjects",
        parameters=(QUERY, PAGE),
        answers={200: [SUBJECT]},
        searches=True,
    ),
    Endpoint(method="GET", path=ONE, serve=read_subject, about="Read a subject", answers={200: SUBJECT}),
    Endpoint(
        method="POST", path=MANY, serve=create_subject, about="Create a subject", takes=SUBJECT, answers={201: SUBJECT}
    ),
    Endpoint(
        method="PATCH", path=ONE, serve=change_subject, about="Change a subject", takes=SUBJECT, answers={200: SUBJECT}
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=delete_subject,
        about="Delete a subject",
        answers={204: None},
        refuses=(422,),
    ),
)
