"""What is done with papers without a buyer, of whatever kind: the endpoints of sections 13 to 16."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.tasks import Task
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given
from faktura.core.papers.change import account_for_paper, change_paper, delete_paper
from faktura.core.papers.enter import enter_paper
from faktura.core.papers.find import find_paper
from faktura.core.papers.record import ACCOUNTED, Paper, PaperKind
from faktura.core.papers.record import PRINTED as WITH_A_PRINT
from faktura.dialects.infakt.async_tasks import Work, create_and_ask
from faktura.dialects.infakt.door.door import Call, given_in
from faktura.dialects.infakt.door.searching import Listing
from faktura.dialects.infakt.invoices.capabilities import (
    Named,
    account_endpoint,
    number_endpoint,
    print_endpoint,
    put_away,
)
from faktura.dialects.infakt.invoices.documents import tell_next_number
from faktura.dialects.infakt.invoices.resources import INVOICES, Servers, five_endpoints
from faktura.dialects.infakt.papers.fields import DAILY_REVENUE, FISCAL_REPORT, INTERNAL_EVIDENCE, INTERNAL_INVOICE
from faktura.dialects.infakt.papers.printing import PRINTING, print_one
from faktura.store.queries import Condition
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint
from faktura.wire.fields import Shape
from faktura.wire.rendered import encode
from faktura.wire.requests import read_id


def _as_given(_given: Given, _old: Paper | None) -> None:
    """What is sent is what is kept."""


class Resource(msgspec.Struct, frozen=True, eq=False):
    """What stands under one path: papers of one kind, `numbered` by a word in answers about the next number.

    `prepare` makes of what is given what the core takes, for a new paper or, with the old one, for a change.
    """

    path: str
    kind: PaperKind
    shape: Shape[Paper, None]
    numbered: str
    prepare: Callable[[Given, Paper | None], None] = _as_given

    @property
    def name(self) -> str:
        return self.shape.name

    def listing(self) -> Listing:
        return Listing(self.shape, only=(Condition("kind", "eq", self.kind),))


def enter(books: Books, parameters: Mapping[str, Any], resource: Resource) -> Paper:
    """Write a paper down, as a request or as a task."""
    given = given_in(parameters, resource.shape)
    rules = _rules(given)
    resource.prepare(given, None)
    return enter_paper(books, resource.kind, given, rules)


def change(books: Books, old: Paper, parameters: Mapping[str, Any], resource: Resource) -> Paper:
    given = given_in(parameters, resource.shape)
    rules = _rules(given)
    resource.prepare(given, old)
    return change_paper(books, old.id, given, rules)


def found(call: Call, resource: Resource) -> Paper:
    """The paper that the path names, by uuid or by id (D7).

    Raises:
        NotFound: there is none of this kind.

    """
    text = call.ids["uuid"]
    return find_paper(call.books, resource.kind, read_id(text) if text.isdecimal() else text)


def shown(call: Call, resource: Resource, paper: Paper, status: int = 200) -> Answer:
    """The paper, or the part of it that `fields` asks for."""
    part, tag = call.part(resource.shape), (("ETag", call.tag(paper.version)),)
    return Answer(status, show=lambda: Answer(status, encode(part.show(paper, None)), headers=tag))


def creation(resource: Resource) -> Work:
    def create(books: Books, task: Task) -> str:
        return enter(books, task.parameters, resource).uuid

    return Work("create_invoice", resource.name, resource.shape, create)


def endpoints(resource: Resource) -> Iterator[Endpoint]:
    yield from five_endpoints(resource.path, resource.shape, INVOICES, _servers(resource), named="uuid")
    yield from create_and_ask(resource.path, creation(resource))
    yield number_endpoint(resource, lambda call: tell_next_number(call, resource.kind, resource.numbered))
    if resource.kind in ACCOUNTED:
        yield account_endpoint(resource, lambda call: _accounted(call, resource))
    if resource.kind in WITH_A_PRINT:
        yield print_endpoint(resource, lambda call: print_one(call, found(call, resource)), PRINTING)


def _servers(resource: Resource) -> Servers:
    named, listing = Named(resource), resource.listing()

    def delete(call: Call) -> Answer:
        delete_paper(call.books, found(call, resource).id)
        return NO_CONTENT

    return Servers(
        list=named("list_{many}", lambda call: call.page(listing)),
        create=named(
            "create_{one}", lambda call: shown(call, resource, enter(call.books, call.parameters, resource), 201)
        ),
        read=named("read_{one}", lambda call: shown(call, resource, found(call, resource))),
        change=named(
            "change_{one}",
            lambda call: shown(call, resource, change(call.books, found(call, resource), call.parameters, resource)),
        ),
        delete=named("delete_{one}", delete),
    )


def _accounted(call: Call, resource: Resource) -> Answer:
    """The status is that of the action, and not of the paper."""
    return put_away(account_for_paper(call.books, found(call, resource).id), "success")


def _rules(given: Given) -> Rules:
    return Rules(number_may_repeat=not given.pop("check_duplicate_number", False))


def one_line(given: Given, old: Paper | None) -> None:
    """What stands on an internal evidence itself is its one line; what is not sent of it stays."""
    said = {name: given.pop(attribute) for attribute, name in _OF_A_LINE.items() if attribute in given}
    said = {name: value for name, value in said.items() if value is not None}
    if old is not None and not said:
        return
    line = {} if old is None else _said_before(old, said.keys())
    given["lines"] = [Given(line | said)]


def _said_before(old: Paper, said: Any) -> dict[str, Any]:
    """A total that was told holds until the price or the quantity is another."""
    line = old.lines[0]
    kept = {name: getattr(line, name) for name in ("name", "quantity", "lump_sum_rate")}
    kept["unit_price"] = line.unit_net_price
    return kept | ({"net": line.net} if line.basis == "net" and not said & {"quantity", "unit_price"} else {})


_OF_A_LINE = {
    "line_texts": "name",
    "quantity": "quantity",
    "unit_price": "unit_price",
    "gross_total": "net",
    "lump_sum_rate": "lump_sum_rate",
}
"""By attribute of what was read, that of a line."""

RESOURCES = (
    Resource("/internal_invoices", "internal_invoice", INTERNAL_INVOICE, "internal"),
    Resource("/fiscal_reports", "fiscal_report", FISCAL_REPORT, "fiscal_report"),
    Resource("/internal_evidences", "internal_evidence", INTERNAL_EVIDENCE, "internal_evidence", one_line),
    Resource("/daily_revenues", "daily_revenue", DAILY_REVENUE, "daily_revenue"),
)

ENDPOINTS = tuple(endpoint for resource in RESOURCES for endpoint in endpoints(resource))
