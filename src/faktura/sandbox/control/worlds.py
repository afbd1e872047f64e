"""`/sandbox/worlds`: throw-away worlds are made, shown and removed."""

import datetime as dt
from typing import Annotated, Any

import falcon
import msgspec
from msgspec import Meta

from faktura.core.clock import Clock
from faktura.sandbox.control.bodies import read_options
from faktura.sandbox.control.state import Wrong, read_instant
from faktura.sandbox.worlds.world import Plan
from faktura.sandbox.worlds.worlds import Taken, TooMany, Unknown, Worlds

LONGEST_SEED = 100


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """What may be said about a new world."""

    name: str = ""
    seed: Annotated[str, Meta(max_length=LONGEST_SEED)] | int = ""
    clock: str | None = None
    hours: Annotated[int, Meta(ge=1, le=168)] = 24
    empty: bool = False


def mount_worlds(app: falcon.App[Any, Any], worlds: Worlds) -> None:
    app.add_route("/worlds", _WorldsResource(worlds))
    app.add_route("/worlds/{name}", _WorldResource(worlds))
    app.add_error_handler(Unknown, _not_found)
    app.add_error_handler(Taken, _conflict)
    app.add_error_handler(TooMany, _too_many)


def plan_of(order: dict[str, Any]) -> Plan:
    """The plan of the world that is wanted.

    Raises:
        Wrong: there is no such thing to be said, or its value is none.

    """
    try:
        read = msgspec.convert(order, Order)
    except msgspec.ValidationError as error:
        known = ", ".join(Order.__struct_fields__)
        raise Wrong(f"{error}; what may be said is {known}") from None
    now = Clock().now()
    return Plan(
        name=read.name,
        created_at=now,
        expires_at=now + dt.timedelta(hours=read.hours),
        clock=read_instant(read.clock),
        seed=str(read.seed),
        empty=read.empty,
    )


class _WorldsResource:
    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"worlds": [world.shown() for world in self._worlds.all()]}

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        world = self._worlds.make(plan_of(read_options(req)))
        resp.status = falcon.HTTP_CREATED
        resp.location = f"{self._worlds.main.manifest['control_url']}/worlds/{world.name}"
        resp.media = world.shown()


class _WorldResource:
    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def on_get(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        resp.media = self._worlds.named(name).shown()

    def on_delete(self, _req: falcon.Request, resp: falcon.Response, name: str) -> None:
        self._worlds.remove(name)
        resp.status = falcon.HTTP_NO_CONTENT


def _not_found(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPNotFound(description=str(error))


def _conflict(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPConflict(description=str(error))


def _too_many(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPTooManyRequests(description=str(error))
