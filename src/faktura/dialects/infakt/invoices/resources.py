"""Five endpoints that clients, products, bank accounts and papers have alike: list, create, read, change, delete."""

from collections.abc import Callable
from typing import Any, NamedTuple

from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.paging import FIELDS, LIST
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape

Serve = Callable[[Call], Answer]


class Scopes(NamedTuple):
    """What a key needs for reading and for changing (1.2)."""

    read: str
    write: str


INVOICES = Scopes("api:invoices:read", "api:invoices:write")
BANK_ACCOUNTS = Scopes("api:sensitive:bank_accounts:read", "api:sensitive:bank_accounts:write")


class Servers(NamedTuple):
    list: Serve
    create: Serve
    read: Serve
    change: Serve
    delete: Serve


class Refuses(NamedTuple):
    """Statuses that only some resources answer to a create and to a delete."""

    create: tuple[int, ...] = ()
    delete: tuple[int, ...] = ()


NOTHING_MORE = Refuses()


def five_endpoints(
    path: str,
    shape: Shape[Any, Any],
    scopes: Scopes,
    serve: Servers,
    refuses: Refuses = NOTHING_MORE,
    *,
    named: str = "id",
) -> tuple[Endpoint, ...]:
    one, many = shape.name.replace("_", " "), path.strip("/").replace("_", " ")
    each = f"{path}/{{{named}}}.json"
    return (
        Endpoint(
            method="GET",
            path=f"{path}.json",
            serve=serve.list,
            about=f"List {many}",
            parameters=LIST,
            answers={200: [shape]},
            scope=scopes.read,
            searches=True,
        ),
        Endpoint(
            method="POST",
            path=f"{path}.json",
            serve=serve.create,
            about=f"Create a {one}",
            takes=shape,
            answers={201: shape},
            refuses=refuses.create,
            scope=scopes.write,
        ),
        Endpoint(
            method="GET",
            path=each,
            serve=serve.read,
            about=f"Read a {one}",
            parameters=(FIELDS,),
            answers={200: shape},
            scope=scopes.read,
        ),
        Endpoint(
            method="PUT",
            path=each,
            serve=serve.change,
            about=f"Change a {one}",
            takes=shape,
            answers={200: shape},
            scope=scopes.write,
        ),
        Endpoint(
            method="DELETE",
            path=each,
            serve=serve.delete,
            about=f"Delete a {one}",
            answers={204: None},
            refuses=refuses.delete,
            scope=scopes.write,
        ),
    )
