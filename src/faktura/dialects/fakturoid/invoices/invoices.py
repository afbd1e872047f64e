"""Invoices (2.6): every issued document, proformas and corrections too."""

import re
from typing import Any

import msgspec

from faktura.core.bank_accounts import BankAccount
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, Problem
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.issue import issue_invoice
from faktura.dialects.fakturoid.door import errors
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.paging import (
    CUSTOM_ID,
    PAGE,
    SINCE,
    SOUGHT,
    UNTIL,
    UPDATED_SINCE,
    UPDATED_UNTIL,
    filters_of,
)
from faktura.dialects.fakturoid.door.values import INTEGER, TEXT
from faktura.dialects.fakturoid.invoices.attachments import MOST_BYTES
from faktura.dialects.fakturoid.invoices.fields import INVOICE, METHODS, STATUS, method_label, read_tags
from faktura.store.queries import Condition, Order, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, Parameter
from faktura.wire.fields import Field, Kind, Shape, Unreadable
from faktura.wire.requests import parse_query
from faktura.wire.values import choice, read_integer

RULES = Rules(number_fits_format=True, rate_required=True)

ISSUED = ("invoice", "proforma", "correction", "final_invoice")
"""The types that a client may issue; tax documents come from payments, legacy ones and estimates from nowhere."""

NEWEST_FIRST = (Order("issued_on", descending=True), Order("number", descending=True), Order("id", descending=True))

TYPES: dict[str, tuple[str, ...]] = {
    "regular": ("invoice", "final_invoice", "correction", "tax_document"),
    "proforma": ("proforma",),
    "correction": ("correction",),
    "tax_document": ("tax_document",),
}
"""By value of the filter, the kinds of the core."""


def _read_sought_id(value: Any) -> int | None:
    """What is no id is nobody's."""
    try:
        return read_integer(value)
    except Unreadable:
        return 0


SUBJECT_ID = Parameter(
    "subject_id", Kind({"anyOf": [{"type": "integer"}, {"type": "string"}]}, _read_sought_id), "Of this subject"
)
NUMBER = Parameter("number", SOUGHT, "With this number")
STATUS_IS = Parameter("status", Kind(STATUS.schema, TEXT.read), "In this status")
DOCUMENT_TYPE = Parameter("document_type", choice(*TYPES), "Of this type; `regular` is all but proformas")
QUERY = Parameter("query", TEXT, "Words to find in numbers, variable symbols, client names, notes and lines")
TAGS = Parameter("tags", TEXT, "Tags that a document must all have, with commas between them; or several parameters")
RELATED_ID = Parameter("related_id", INTEGER, "The proforma that the invoice follows, unless the body names one")

EVENT: Shape[str, View] = Shape("invoice_event", str, (Field("event", TEXT, access="write"),))


def list_invoices(call: Call) -> Answer:
    return call.page(INVOICE, Selection((*filters_of(call.query), *_own_filters(call.query)), order=NEWEST_FIRST))


def search_invoices(call: Call) -> Answer:
    tagged = tuple(Condition("tag_lines", "holds", f"\n{tag}\n") for tag in sought_tags(call.request.query_string))
    return call.page(INVOICE, Selection(tagged, call.query.get("query", ""), NEWEST_FIRST))


def read_invoice(call: Call) -> Answer:
    return call.one(INVOICE, call.id)


def create_invoice(call: Call) -> Answer:
    if not call.books.stamps(BankAccount, Selection(), limit=1, offset=0):
        raise errors.no_bank_account(f"{call.view.web_url}/settings/bank_accounts")
    given = call.given(INVOICE)
    _choose_kind(given, call.attributes(INVOICE))
    if given.get("related_id") is None and "related_id" not in given.unread:
        given["related_id"] = call.query.get("related_id")
    return call.created(INVOICE, issue_invoice(call.books, given, RULES))


def update_invoice(call: Call) -> Answer:
    given = call.given(INVOICE)
    _keep_method(call, given)
    return call.shown(INVOICE, change_invoice(call.books, call.id, given, RULES))


def remove_invoice(call: Call) -> Answer:
    delete_invoice(call.books, call.id)
    return NO_CONTENT


def fire_event(call: Call) -> Answer:
    """The query counts more than the body (C17)."""
    event = call.query.get("event") or call.given(EVENT).get("event")
    fire(call.books, call.id, event or "")
    return NO_CONTENT


def sought_tags(query: str) -> tuple[str, ...]:
    """`tags[]=a&tags[]=b`, `tags[0]=a&tags[1]=b`, `tags=a&tags=b`, `tags=a,b` and `tags=["a","b"]` (1.5)."""
    found: list[Any] = []
    for name, text in parse_query(query):
        if name == "tags" and text.startswith("["):
            try:
                found += msgspec.json.decode(text, type=list[str])
            except msgspec.DecodeError:
                found.append(text)
        elif name == "tags":
            found += text.split(",")
        elif _BRACKETED.fullmatch(name):
            found.append(text)
    return read_tags(found)


def _own_filters(query: dict[str, Any]) -> list[Condition]:
    named = (("subject_id", "contact_id"), ("number", "number"), ("status", "status"))
    conditions = [Condition(core, "eq", query[name]) for name, core in named if query.get(name) not in {None, ""}]
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


def _keep_method(call: Call, given: Given) -> None:
    """A method that this contract does not know is shown as a custom one; sent back like that, it stays what it is."""
    if given.get("payment_method") == "custom":
        old = find_invoice(call.books, call.id)
        label = given.get("custom_payment_method", method_label(old))
        if old.payment_method not in METHODS and label == method_label(old):
            del given["payment_method"]
            given.pop("custom_payment_method", None)


_BRACKETED = re.compile(r"tags\[\d*\]")

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
        parameters=(Parameter("event", TEXT, "`mark_as_sent`, `lock`, `cancel` …, unless the body names it"),),
        takes=EVENT,
        answers={204: None},
        scope=SCOPE,
    ),
)
