"""Invoices (2.6): every issued document, proformas and corrections too."""

from typing import Any

from faktura.core.documents.checks import Rules
from faktura.core.documents.record import CORRECTIONS
from faktura.core.errors import Given, Problem
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.oss import said_by_correction
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import (
    CUSTOM_ID,
    PAGE,
    SINCE,
    UNTIL,
    UPDATED_SINCE,
    UPDATED_UNTIL,
    filters_of,
)
from faktura.dialects.fakturoid.door.values import INTEGER, TEXT
from faktura.dialects.fakturoid.invoices.fields import INVOICE, STATUS
from faktura.dialects.fakturoid.parts.attachments import MOST_BYTES
from faktura.dialects.fakturoid.parts.events import event_named, event_parameter, event_shape
from faktura.dialects.fakturoid.parts.seeking import NUMBER, SUBJECT_ID, TAGS, sought, tagged
from faktura.dialects.fakturoid.parts.terms import keep_method, require_bank_account
from faktura.store.queries import Condition, Order, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, Parameter
from faktura.wire.fields import Kind
from faktura.wire.values import choice

RULES = Rules(number_fits_format=True, rate_required=True)

ISSUED = ("invoice", "proforma", "correction", "final_invoice")
"""The types that a client may issue; tax documents come from payments, legacy ones and estimates from nowhere."""

NEWEST_FIRST = (Order("issued_on", descending=True), Order("number", descending=True), Order("id", descending=True))

TYPES: dict[str, tuple[str, ...]] = {
    "regular": ("invoice", "final_invoice", "margin_invoice", "oss_invoice", *CORRECTIONS, "tax_document"),
    "invoice": ("invoice", "margin_invoice", "oss_invoice"),
    "proforma": ("proforma",),
    "correction": tuple(sorted(CORRECTIONS)),
    "tax_document": ("tax_document",),
}
"""By value of the filter, the kinds of the core."""


STATUS_IS = Parameter("status", Kind(STATUS.schema, TEXT.read), "In this status")
DOCUMENT_TYPE = Parameter("document_type", choice(*TYPES), "Of this type; `regular` is all but proformas")
QUERY = Parameter("query", TEXT, "Words to find in numbers, variable symbols, client names, notes and lines")
RELATED_ID = Parameter("related_id", INTEGER, "The proforma that the invoice follows, unless the body names one")

EVENT = event_shape("invoice_event")


def list_invoices(call: Call) -> Answer:
    return call.page(INVOICE, Selection((*filters_of(call.query), *_own_filters(call.query)), order=NEWEST_FIRST))


def search_invoices(call: Call) -> Answer:
    return call.page(INVOICE, Selection(tagged(call.request.query_string), call.query.get("query", ""), NEWEST_FIRST))


def read_invoice(call: Call) -> Answer:
    return call.one(INVOICE, call.id)


def create_invoice(call: Call) -> Answer:
    require_bank_account(call)
    given = call.given(INVOICE)
    _choose_kind(given, call.attributes(INVOICE))
    _take_over(call, given)
    if given.get("related_id") is None and "related_id" not in given.unread:
        given["related_id"] = call.query.get("related_id")
    return call.created(INVOICE, issue_invoice(call.books, given, RULES))


def update_invoice(call: Call) -> Answer:
    given = call.given(INVOICE)
    if given.get("payment_method") == "custom":
        keep_method(find_invoice(call.books, call.id), given)
    return call.shown(INVOICE, change_invoice(call.books, call.id, given, RULES))


def remove_invoice(call: Call) -> Answer:
    delete_invoice(call.books, call.id)
    return NO_CONTENT


def fire_event(call: Call) -> Answer:
    fire(call.books, call.id, event_named(call))
    return NO_CONTENT


def _own_filters(query: dict[str, Any]) -> list[Condition]:
    conditions = sought(query)
    if kind := query.get("document_type"):
        conditions.append(Condition("kind", "in", TYPES[kind]))
    return conditions


def _choose_kind(given: Given, body: dict[str, Any]) -> None:
    """The type that is asked for, or that one of the flags of version 2 stands for (C36)."""
    kind = given.get("kind")
    if kind is None and "kind" not in given.unread:
        given["kind"] = next(
            (flag for flag in ("correction", "proforma") if body.get(flag) in (True, "true", "1")), None
        )
    elif kind is not None and kind not in ISSUED:
        given.unread["kind"] = [Problem("not_in_list")]


def _take_over(call: Call, given: Given) -> None:
    """A correction is of the sort of what it corrects, for which the contract has one word."""
    corrected_id = given.get("corrected_id")
    if given.get("kind") != "correction" or corrected_id is None:
        return
    if (original := call.books.look_up(Invoice, id=corrected_id)) is not None:
        said = said_by_correction(original)
        given.update({name: said[name] for name in said if name == "kind" or given.get(name) is None})


MANY = "/accounts/{slug}/invoices.json"
ONE = "/accounts/{slug}/invoices/{id}.json"
SCOPE = "invoices"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_invoices,
        about="List invoices",
        parameters=(
            *(
                SINCE,
                UNTIL,
                UPDATED_SINCE,
                UPDATED_UNTIL,
                SUBJECT_ID,
                CUSTOM_ID,
                NUMBER,
                STATUS_IS,
                DOCUMENT_TYPE,
                PAGE,
            ),
        ),
        answers={200: [INVOICE]},
        scope=SCOPE,
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/search.json",
        serve=search_invoices,
        about="Search invoices",
        parameters=(QUERY, TAGS, PAGE),
        answers={200: [INVOICE]},
        searches=True,
        scope=SCOPE,
    ),
    Endpoint(method="GET", path=ONE, serve=read_invoice, about="Read an invoice", answers={200: INVOICE}, scope=SCOPE),
    Endpoint(
        method="POST",
        path=MANY,
        serve=create_invoice,
        about="Create an invoice",
        parameters=(RELATED_ID,),
        takes=INVOICE,
        answers={201: INVOICE},
        scope=SCOPE,
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        method="PATCH",
        path=ONE,
        serve=update_invoice,
        about="Change an invoice",
        takes=INVOICE,
        answers={200: INVOICE},
        scope=SCOPE,
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=remove_invoice,
        about="Delete an invoice",
        answers={204: None},
        refuses=(422,),
        scope=SCOPE,
    ),
    Endpoint(
        method="POST",
        path="/accounts/{slug}/invoices/{id}/fire.json",
        serve=fire_event,
        about="Let an event happen to an invoice",
        parameters=(event_parameter("`mark_as_sent`, `lock`, `cancel` …"),),
        takes=EVENT,
        answers={204: None},
        scope=SCOPE,
    ),
)
