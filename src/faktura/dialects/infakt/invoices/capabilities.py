"""What a kind of documents can do, as its resource declares it, and the endpoints that follow from it."""

from collections.abc import Callable, Mapping
from typing import Protocol

from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.events import mark_printed
from faktura.dialects.infakt.async_tasks import create_and_ask, hand_in
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.paging import FIELDS, LIST
from faktura.dialects.infakt.door.values import TEXT
from faktura.dialects.infakt.invoices.documents import (
    DATE_ASKED,
    PAYING,
    Capability,
    Resource,
    change,
    creation,
    found,
    issue,
    pay,
    paying,
    shown,
)
from faktura.dialects.infakt.invoices.printing import DOCUMENT_TYPE, LOCALE, PDF, mail_one, print_one
from faktura.dialects.infakt.invoices.resources import INVOICES, Serve
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, File, Parameter
from faktura.wire.rendered import encode


class Outline(Protocol):
    """What the endpoints of a resource are named after."""

    @property
    def path(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def numbered(self) -> str | None: ...


class Numbered(Protocol):
    """What can be put into the accounts."""

    @property
    def uuid(self) -> str: ...

    @property
    def number(self) -> str: ...


def endpoints(resource: Resource) -> tuple[Endpoint, ...]:
    """Those of every kind (2), and those of what this one can do."""
    return (
        *_always(resource),
        *create_and_ask(resource.path, creation(resource)),
        *(endpoint_of(resource) for capability, endpoint_of in _ENDPOINTS.items() if capability in resource.can),
    )


def _always(resource: Resource) -> tuple[Endpoint, ...]:
    one, many = words(resource)
    each, shape, listing = f"{resource.path}/{{uuid}}.json", resource.shape, resource.listing()
    named = Named(resource)
    return (
        Endpoint(
            method="GET",
            path=f"{resource.path}.json",
            serve=named("list_{many}", lambda call: call.page(listing)),
            about=f"List {many}",
            parameters=LIST,
            answers={200: [listing.shape]},
            scope=INVOICES.read,
            searches=True,
        ),
        Endpoint(
            method="POST",
            path=f"{resource.path}.json",
            serve=named("create_{one}", lambda c: shown(c, resource, issue(c.books, c.parameters, resource), 201)),
            about=f"Create a {one}",
            takes=shape,
            answers={201: shape},
            refuses=(402,),
            scope=INVOICES.write,
        ),
        Endpoint(
            method="GET",
            path=each,
            serve=named("read_{one}", lambda call: shown(call, resource, found(call, resource))),
            about=f"Read a {one}, by uuid or id",
            parameters=(FIELDS,),
            answers={200: shape},
            scope=INVOICES.read,
        ),
        Endpoint(
            method="DELETE",
            path=each,
            serve=named("delete_{one}", lambda call: _delete(call, resource)),
            about=f"Delete a {one}",
            answers={204: None},
            refuses=(422, 423),
            scope=INVOICES.write,
        ),
    )


def _change(resource: Resource) -> Endpoint:
    (one, _), shape, named = words(resource), resource.shape, Named(resource)
    return Endpoint(
        method="PUT",
        path=f"{resource.path}/{{uuid}}.json",
        serve=named(
            "change_{one}",
            lambda c: shown(c, resource, change(c.books, found(c, resource), c.parameters, resource)),
        ),
        about=f"Change a {one}; services that are sent replace all lines",
        takes=shape,
        answers={200: shape},
        refuses=(423,),
        scope=INVOICES.write,
    )


def _pay(resource: Resource) -> Endpoint:
    (one, _), named = words(resource), Named(resource)
    return Endpoint(
        method="POST",
        path=f"{resource.path}/{{uuid}}/paid.json",
        serve=named("pay_{one}", lambda call: _paid(call, resource)),
        about=f"Mark a {one} as paid",
        parameters=PAYING,
        answers={204: None},
        refuses=(422,),
        scope=INVOICES.write,
    )


def _pay_later(resource: Resource) -> Endpoint:
    path = f"/async{resource.path}/{{uuid}}/paid.json"
    return hand_in(path, paying(resource), lambda call: found(call, resource).uuid, PAYING)


def _account(resource: Resource) -> Endpoint:
    return account_endpoint(resource, lambda call: _accounted(call, resource))


def account_endpoint(resource: Outline, serve: Serve) -> Endpoint:
    one, _ = words(resource)
    return Endpoint(
        method="PUT",
        path=f"{resource.path}/{{uuid}}/mark_as_accounted.json",
        serve=Named(resource)("mark_{one}_as_accounted", serve),
        about=f"Put an {one} into the accounts",
        answers={200: ACCOUNTED},
        scope=INVOICES.write,
    )


def _print(resource: Resource) -> Endpoint:
    parameters = (LOCALE,) if resource.printed_as else (DOCUMENT_TYPE, LOCALE)
    return print_endpoint(resource, lambda call: print_one(call, resource), parameters)


def print_endpoint(resource: Outline, serve: Serve, parameters: tuple[Parameter, ...]) -> Endpoint:
    one, _ = words(resource)
    return Endpoint(
        method="GET",
        path=f"{resource.path}/{{uuid}}/pdf.json",
        serve=Named(resource)("print_{one}", serve),
        about=f"Print a {one}, which is a draft no longer",
        parameters=parameters,
        answers={200: File(PDF)},
        refuses=(422, 503),
        scope=INVOICES.read,
        marks=True,
    )


def _mail(resource: Resource) -> Endpoint:
    (one, _), named = words(resource), Named(resource)
    return Endpoint(
        method="POST",
        path=f"{resource.path}/{{uuid}}/deliver_via_email.json",
        serve=named("mail_{one}", lambda call: mail_one(call, resource)),
        about=f"Send a {one} by e-mail",
        answers={202: None},
        refuses=(422,),
        scope=INVOICES.write,
    )


_ENDPOINTS: Mapping[Capability, Callable[[Resource], Endpoint]] = {
    "change": _change,
    "pay": _pay,
    "pay_later": _pay_later,
    "account": _account,
    "print": _print,
    "mail": _mail,
}


def number_endpoint(resource: Outline, serve: Serve, *parameters: Parameter) -> Endpoint:
    return Endpoint(
        method="GET",
        path=f"{resource.path}/next_number.json",
        serve=Named(resource)("tell_next_number_of_{many}", serve),
        about="Tell the number that the next document would get",
        parameters=(*parameters, DATE_ASKED),
        answers={200: NEXT_NUMBER if resource.numbered else NEXT_NUMBER_ALONE},
        scope=INVOICES.read,
    )


def _delete(call: Call, resource: Resource) -> Answer:
    delete_invoice(call.books, found(call, resource).id)
    return NO_CONTENT


def _paid(call: Call, resource: Resource) -> Answer:
    pay(call.books, found(call, resource), call.parameters, resource.name)
    return NO_CONTENT


def _accounted(call: Call, resource: Resource) -> Answer:
    """A draft is one no longer."""
    kept = mark_printed(call.books, found(call, resource))
    return put_away(kept, kept.stage)


def put_away(document: Numbered, status: str) -> Answer:
    entity = {"uuid": document.uuid, "number": document.number, "status": status}
    return Answer(200, encode({"success": True, "entities": [entity]}))


def words(resource: Outline) -> tuple[str, str]:
    """What one is called, and many."""
    return resource.name.replace("_", " "), resource.path.strip("/").replace("_", " ")


class Named:
    """Gives what serves an endpoint a name of its own, and the file of its resource."""

    def __init__(self, resource: Outline) -> None:
        self.one = resource.name
        self.many = resource.path.strip("/")

    def __call__(self, name: str, serve: Serve) -> Serve:
        def served(call: Call) -> Answer:
            return serve(call)

        served.__name__ = name.format(one=self.one, many=self.many)
        served.__module__ = f"{__package__}.{self.many}"
        return served


ACCOUNTED = {
    "type": "object",
    "properties": {"success": {"type": "boolean"}, "entities": {"type": "array", "items": {"type": "object"}}},
    "required": ["success", "entities"],
}

NEXT_NUMBER = {
    "type": "object",
    "properties": {
        "next_number": {"type": "string"},
        "invoice_date": {"type": "string", "format": "date"},
        "invoice_kind": TEXT.schema,
    },
    "required": ["next_number", "invoice_date", "invoice_kind"],
}

NEXT_NUMBER_ALONE = {
    "type": "object",
    "properties": {"next_number": {"type": "string"}, "invoice_date": {"type": "string", "format": "date"}},
    "required": ["next_number", "invoice_date"],
}
