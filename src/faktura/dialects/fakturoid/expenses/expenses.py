"""Expenses (2.9): listed, searched, entered, changed, locked and thrown away."""

from typing import Any

from faktura.core.documents.checks import Rules
from faktura.core.received.change import change_expense, delete_expense, let_happen_to_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.find import find_expense, is_entered
from faktura.core.received.listing import ENTERED, NEWEST_FIRST
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import CUSTOM_ID, PAGE, SINCE, UPDATED_SINCE, filters_of
from faktura.dialects.fakturoid.door.values import TEXT
from faktura.dialects.fakturoid.expenses.fields import EXPENSE, KIND, STATUS
from faktura.dialects.fakturoid.parts.attachments import MOST_BYTES, download
from faktura.dialects.fakturoid.parts.events import event_named, event_parameter, event_shape
from faktura.dialects.fakturoid.parts.seeking import NUMBER, SUBJECT_ID, TAGS, VARIABLE_SYMBOL, sought, tagged
from faktura.dialects.fakturoid.parts.terms import keep_method
from faktura.store.queries import Condition, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, File, Parameter
from faktura.wire.fields import Kind

RULES = Rules(number_fits_format=True, rate_required=True)

STATUS_IS = Parameter("status", Kind(STATUS.schema, TEXT.read), "In this status")
DOCUMENT_TYPE = Parameter("document_type", KIND, "Of this type")
QUERY = Parameter(
    "query",
    TEXT,
    "Words to find in numbers, variable symbols, what is said of suppliers, descriptions, notes and lines",
)

EVENT = event_shape("expense_event")


def list_expenses(call: Call) -> Answer:
    chosen = (ENTERED, *filters_of(call.query), *_own_filters(call.query))
    return call.page(EXPENSE, Selection(chosen, order=NEWEST_FIRST))


def search_expenses(call: Call) -> Answer:
    chosen = (ENTERED, *tagged(call.request.query_string))
    return call.page(EXPENSE, Selection(chosen, call.query.get("query", ""), NEWEST_FIRST))


def read_expense(call: Call) -> Answer:
    return call.one(EXPENSE, call.id, is_entered)


def download_expense_attachment(call: Call) -> Answer:
    return download(call, find_expense(call.books, call.id))


def create_expense(call: Call) -> Answer:
    return call.created(EXPENSE, enter_expense(call.books, call.given(EXPENSE), RULES))


def update_expense(call: Call) -> Answer:
    given = call.given(EXPENSE)
    if given.get("payment_method") == "custom":
        keep_method(find_expense(call.books, call.id), given)
    return call.shown(EXPENSE, change_expense(call.books, call.id, given, RULES))


def remove_expense(call: Call) -> Answer:
    delete_expense(call.books, call.id)
    return NO_CONTENT


def fire_expense_event(call: Call) -> Answer:
    let_happen_to_expense(call.books, call.id, event_named(call))
    return NO_CONTENT


def _own_filters(query: dict[str, Any]) -> list[Condition]:
    kind = query.get("document_type")
    return [*sought(query), *([Condition("kind", "eq", kind)] if kind else [])]


MANY = "/accounts/{slug}/expenses.json"
ONE = "/accounts/{slug}/expenses/{id}.json"
SCOPE = "expenses"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_expenses,
        about="List expenses",
        parameters=(
            *(SINCE, UPDATED_SINCE, SUBJECT_ID, CUSTOM_ID, NUMBER, VARIABLE_SYMBOL, STATUS_IS, DOCUMENT_TYPE, PAGE),
        ),
        answers={200: [EXPENSE]},
        scope=SCOPE,
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/expenses/search.json",
        serve=search_expenses,
        about="Search expenses",
        parameters=(QUERY, TAGS, PAGE),
        answers={200: [EXPENSE]},
        searches=True,
        scope=SCOPE,
    ),
    Endpoint(method="GET", path=ONE, serve=read_expense, about="Read an expense", answers={200: EXPENSE}, scope=SCOPE),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/expenses/{id}/attachments/{attachment_id}/download",
        serve=download_expense_attachment,
        about="Download a file beside an expense",
        answers={200: File()},
        scope=SCOPE,
    ),
    Endpoint(
        method="POST",
        path=MANY,
        serve=create_expense,
        about="Create an expense",
        takes=EXPENSE,
        answers={201: EXPENSE},
        scope=SCOPE,
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        method="PATCH",
        path=ONE,
        serve=update_expense,
        about="Change an expense",
        takes=EXPENSE,
        answers={200: EXPENSE},
        scope=SCOPE,
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=remove_expense,
        about="Delete an expense",
        answers={204: None},
        refuses=(422,),
        scope=SCOPE,
    ),
    Endpoint(
        method="POST",
        path="/accounts/{slug}/expenses/{id}/fire.json",
        serve=fire_expense_event,
        about="Let an event happen to an expense",
        parameters=(event_parameter("`lock` or `unlock`"),),
        takes=EVENT,
        answers={204: None},
        scope=SCOPE,
    ),
)
