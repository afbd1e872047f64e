"""An endpoint is declared once: its route, what it takes, what it answers."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, wait
from typing import Any, Literal, Protocol

import falcon
import msgspec

from faktura.wire.arrival import Arrival, WaitFor
from faktura.wire.fields import Kind, Shape

Method = Literal["GET", "POST", "PATCH", "PUT", "DELETE"]


class Parameter(msgspec.Struct, frozen=True):
    """A query parameter; the endpoint itself refuses to go without one that is `required`.

    An `extension` is ours: the contract does not have it.
    """

    name: str
    kind: Kind
    about: str
    required: bool = False
    extension: bool = False


class File(msgspec.Struct, frozen=True):
    """An answer that is no JSON; its media type may be a range."""

    media_type: str = "*/*"


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """`path` is a Falcon template below the door's mount.

    `answers` says for each status what comes back: a shape for one resource, a list with a shape in it for many, a
    File, a JSON schema for anything else, or None for an empty body; `refuses` are the statuses of refusals that do not
    follow from the rest. `forms` tells that a body may as well be a form. `scope` is what the caller must have been let
    into, besides the account. `searches` marks what a busy search refuses. `public` endpoints ask for no access token.
    An endpoint that `marks` is read by GET and writes down that it was, but not in maintenance. An `extension` is ours:
    the contract does not have it.
    """

    method: Method
    path: str
    serve: Callable[[Any], Any]
    about: str
    takes: Shape[Any, Any] | None = None
    parameters: tuple[Parameter, ...] = ()
    answers: Mapping[int, Any] = {}
    refuses: tuple[int, ...] = ()
    forms: bool = False
    scope: str = ""
    searches: bool = False
    public: bool = False
    marks: bool = False
    extension: bool = False
    most_bytes: int = 1_000_000

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def sends_file(self) -> bool:
        return any(isinstance(what, File) for what in self.answers.values())


class Answer(msgspec.Struct, frozen=True):
    """What an endpoint gives back: rendered JSON, a file of a type that it names, or nothing.

    `show` renders it from what is at hand, in the transaction or after it. `finish` makes the real answer of it once
    the transaction is over, for what takes its time or must see what was committed; that may again be one to be
    finished. Where it `waits_for` something, it is finished when that is done, or else after `patience` seconds.
    """

    status: int
    body: bytes = b""
    location: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    content_type: str | None = None
    show: "Callable[[], Answer] | None" = None
    finish: "Callable[[], Answer] | None" = None
    waits_for: Future[Any] | None = None
    patience: float = 0.0

    def shown(self) -> "Answer":
        return self if self.show is None else self.show()

    def finished(self, arrival: Arrival | None = None) -> "Answer":
        """The real answer; this thread waits for it where the request has not arrived through a server of ours.

        Raises:
            WaitFor: it waits without a thread.

        """
        if self.finish is None:
            return self.shown()
        if self.waits_for is not None and not self.waits_for.done():
            if arrival is not None:
                raise WaitFor(self.waits_for, self.patience, self.finish)
            wait((self.waits_for,), self.patience)
        return self.finish().finished(arrival)


NO_CONTENT = Answer(204)

Respond = Callable[..., None]


class Door(Protocol):
    """What answers the requests of a dialect."""

    def respond(
        self, endpoint: Endpoint, request: falcon.Request, response: falcon.Response, ids: dict[str, str]
    ) -> None: ...


def mount(
    app: falcon.App[Any, Any], door: Door, endpoints: Iterable[Endpoint], aliases: Mapping[Method, Method]
) -> None:
    """Route the endpoints to the door; a method in `aliases` works as the one it names."""
    paths: dict[str, dict[str, Respond]] = {}
    for endpoint in endpoints:
        responders = paths.setdefault(endpoint.path, {})
        for method in (endpoint.method, *(alias for alias, real in aliases.items() if real == endpoint.method)):
            responders.setdefault(f"on_{method.lower()}", _responder(door, endpoint))
    for path, served in paths.items():
        refusing = dict.fromkeys((f"on_{method.lower()}" for method in falcon.HTTP_METHODS), _not_allowed(served))
        responders = refusing | served
        app.add_route(path, type("Route", (), {name: staticmethod(r) for name, r in responders.items()})())


def _responder(door: Door, endpoint: Endpoint) -> Respond:
    def respond(request: falcon.Request, response: falcon.Response, **ids: str) -> None:
        door.respond(endpoint, request, response, ids)

    return respond


def _not_allowed(served: Iterable[str]) -> Respond:
    """For every other method: left to itself, Falcon would answer OPTIONS past the door, and name it in Allow."""
    allowed = [name.removeprefix("on_").upper() for name in served]

    def respond(*_: Any, **__: Any) -> None:
        raise falcon.HTTPMethodNotAllowed(allowed)

    return respond
