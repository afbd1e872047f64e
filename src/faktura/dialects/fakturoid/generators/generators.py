"""Generators (2.14): templates listed, added, changed and deleted."""

from faktura.core.documents.checks import Rules
from faktura.core.generators.change import add_generator, change_generator, delete_generator, find_generator
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import PAGE, SINCE, UPDATED_SINCE, filters_of
from faktura.dialects.fakturoid.generators.fields import GENERATOR
from faktura.dialects.fakturoid.parts.seeking import SUBJECT_ID, sought
from faktura.dialects.fakturoid.parts.terms import keep_method, require_bank_account
from faktura.store.queries import Order, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint

RULES = Rules(rate_required=True)

NEWEST_FIRST = (Order("id", descending=True),)


def list_generators(call: Call) -> Answer:
    return call.page(GENERATOR, Selection((*filters_of(call.query), *sought(call.query)), order=NEWEST_FIRST))


def read_generator(call: Call) -> Answer:
    return call.one(GENERATOR, call.id)


def create_generator(call: Call) -> Answer:
    require_bank_account(call, of_generator=True)
    return call.created(GENERATOR, add_generator(call.books, call.given(GENERATOR), RULES))


def update_generator(call: Call) -> Answer:
    given = call.given(GENERATOR)
    if given.get("payment_method") == "custom":
        keep_method(find_generator(call.books, call.id), given)
    return call.shown(GENERATOR, change_generator(call.books, call.id, given, RULES))


def remove_generator(call: Call) -> Answer:
    delete_generator(call.books, call.id)
    return NO_CONTENT


MANY = "/accounts/{slug}/generators.json"
ONE = "/accounts/{slug}/generators/{id}.json"
SCOPE = "invoices"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_generators,
        about="List generators",
        parameters=(SINCE, UPDATED_SINCE, SUBJECT_ID, PAGE),
        answers={200: [GENERATOR]},
        scope=SCOPE,
    ),
    Endpoint(
        method="GET", path=ONE, serve=read_generator, about="Read a generator", answers={200: GENERATOR}, scope=SCOPE
    ),
    Endpoint(
        method="POST",
        path=MANY,
        serve=create_generator,
        about="Create a generator",
        takes=GENERATOR,
        answers={201: GENERATOR},
        scope=SCOPE,
    ),
    Endpoint(
        method="PATCH",
        path=ONE,
        serve=update_generator,
        about="Change a generator",
        takes=GENERATOR,
        answers={200: GENERATOR},
        scope=SCOPE,
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=remove_generator,
        about="Delete a generator",
        answers={204: None},
        scope=SCOPE,
    ),
)
