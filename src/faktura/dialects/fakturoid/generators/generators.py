"""Generators (2.14): templates listed, added, changed and deleted."""

from faktura.core.documents.checks import Rules
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator, change_generator, delete_generator, find_generator
from faktura.core.generators.record import Generator
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.paging import PAGE, SINCE, UPDATED_SINCE, filters_of
from faktura.dialects.fakturoid.generators.fields import GENERATOR, RECURRING_GENERATOR
from faktura.dialects.fakturoid.parts.seeking import SUBJECT_ID, sought
from faktura.dialects.fakturoid.parts.terms import keep_method, require_bank_account
from faktura.store.queries import Condition, Order, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint
from faktura.wire.fields import Shape

RULES = Rules(rate_required=True)

NEWEST_FIRST = (Order("id", descending=True),)


TEMPLATES = Condition("recurring", "eq", value=False)


def list_generators(call: Call) -> Answer:
    chosen = (TEMPLATES, *filters_of(call.query), *sought(call.query))
    return call.page(GENERATOR, Selection(chosen, order=NEWEST_FIRST))


def read_generator(call: Call) -> Answer:
    return call.one(_shape_of(find_generator(call.books, call.id)), call.id)


def create_generator(call: Call) -> Answer:
    require_bank_account(call, of_generator=True)
    return call.created(GENERATOR, add_generator(call.books, call.given(GENERATOR), RULES))


def update_generator(call: Call) -> Answer:
    old = find_generator(call.books, call.id)
    shape = _shape_of(old)
    given = with_method(old, call.given(shape))
    return call.shown(shape, change_generator(call.books, call.id, given, RULES))


def with_method(old: Generator, given: Given) -> Given:
    """A method of payment that is shown as a custom one and comes back like that stays what it is."""
    if given.get("payment_method") == "custom":
        keep_method(old, given)
    return given


def remove_generator(call: Call) -> Answer:
    delete_generator(call.books, call.id)
    return NO_CONTENT


def _shape_of(generator: Generator) -> Shape[Generator, View]:
    """The address of a recurring one is that of a template (C9)."""
    return RECURRING_GENERATOR if generator.recurring else GENERATOR


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
        # The address is that of a recurring one, too, which has these attributes and more (C9).
        takes=RECURRING_GENERATOR,
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
