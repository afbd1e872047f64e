"""Recurring generators (2.15): as generators, and paused and activated."""

from faktura.core.generators.change import add_generator, change_generator, delete_generator
from faktura.core.generators.recur import activate, find_recurring, pause
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import PAGE, SINCE, UPDATED_SINCE, filters_of
from faktura.dialects.fakturoid.generators.fields import NEXT_OCCURRENCE, RECURRING_GENERATOR
from faktura.dialects.fakturoid.generators.generators import NEWEST_FIRST, RULES, with_method
from faktura.dialects.fakturoid.parts.seeking import SUBJECT_ID, sought
from faktura.dialects.fakturoid.parts.terms import require_bank_account
from faktura.store.queries import Condition, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint

RECURRING = Condition("recurring", "eq", value=True)


def list_recurring(call: Call) -> Answer:
    chosen = (RECURRING, *filters_of(call.query), *sought(call.query))
    return call.page(RECURRING_GENERATOR, Selection(chosen, order=NEWEST_FIRST))


def read_recurring(call: Call) -> Answer:
    find_recurring(call.books, call.id)
    return call.one(RECURRING_GENERATOR, call.id)


def create_recurring(call: Call) -> Answer:
    require_bank_account(call, of_generator=True)
    given = call.given(RECURRING_GENERATOR)
    given["recurring"] = True
    return call.created(RECURRING_GENERATOR, add_generator(call.books, given, RULES))


def update_recurring(call: Call) -> Answer:
    given = with_method(find_recurring(call.books, call.id), call.given(RECURRING_GENERATOR))
    return call.shown(RECURRING_GENERATOR, change_generator(call.books, call.id, given, RULES))


def pause_recurring(call: Call) -> Answer:
    return call.shown(RECURRING_GENERATOR, pause(call.books, call.id))


def activate_recurring(call: Call) -> Answer:
    return call.shown(RECURRING_GENERATOR, activate(call.books, call.id, call.given(NEXT_OCCURRENCE)))


def remove_recurring(call: Call) -> Answer:
    delete_generator(call.books, find_recurring(call.books, call.id).id)
    return NO_CONTENT


MANY = "/accounts/{slug}/recurring_generators.json"
ONE = "/accounts/{slug}/recurring_generators/{id}.json"
SCOPE = "invoices"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_recurring,
        about="List recurring generators",
        parameters=(SINCE, UPDATED_SINCE, SUBJECT_ID, PAGE),
        answers={200: [RECURRING_GENERATOR]},
        scope=SCOPE,
    ),
    Endpoint(
        method="GET",
        path=ONE,
        serve=read_recurring,
        about="Read a recurring generator",
        answers={200: RECURRING_GENERATOR},
        scope=SCOPE,
    ),
    Endpoint(
        method="POST",
        path=MANY,
        serve=create_recurring,
        about="Create a recurring generator",
        takes=RECURRING_GENERATOR,
        answers={201: RECURRING_GENERATOR},
        scope=SCOPE,
    ),
    Endpoint(
        method="PATCH",
        path=ONE,
        serve=update_recurring,
        about="Change a recurring generator",
        takes=RECURRING_GENERATOR,
        answers={200: RECURRING_GENERATOR},
        scope=SCOPE,
    ),
    Endpoint(
        method="PATCH",
        path="/accounts/{slug}/recurring_generators/{id}/pause.json",
        serve=pause_recurring,
        about="Pause a recurring generator",
        answers={200: RECURRING_GENERATOR},
        refuses=(422,),
        scope=SCOPE,
    ),
    Endpoint(
        method="PATCH",
        path="/accounts/{slug}/recurring_generators/{id}/activate.json",
        serve=activate_recurring,
        about="Activate a recurring generator",
        takes=NEXT_OCCURRENCE,
        answers={200: RECURRING_GENERATOR},
        scope=SCOPE,
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=remove_recurring,
        about="Delete a recurring generator",
        answers={204: None},
        scope=SCOPE,
    ),
)
