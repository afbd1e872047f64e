"""`/sandbox/worlds`: throw-away worlds are made, shown and removed."""

import datetime as dt
from typing import Annotated, Any, TypeVar

import falcon
import msgspec
from msgspec import Meta

from faktura.core.clock import Clock
from faktura.sandbox.control.bodies import read_options
from faktura.sandbox.control.state import Wrong, read_instant
from faktura.sandbox.worlds.keeping import AlreadyKept, keep
from faktura.sandbox.worlds.world import Plan
from faktura.sandbox.worlds.worlds import Taken, TooMany, Unknown, Worlds

LONGEST_SEED = 100

T = TypeVar("T", bound=msgspec.Struct)


class Order(msgspec.Struct, forbid_unknown_fields=True):
    """What may be said about a new world."""

    name: str = ""
    seed: Annotated[str, Meta(max_length=LONGEST_SEED)] | int = ""
    clock: str | None = None
    hours: Annotated[int, Meta(ge=1, le=168)] = 24
    empty: bool = False


class Keeping(msgspec.Struct, forbid_unknown_fields=True):
    """Whose the firm is from now on; without an account it is that of the first API, or the first there is."""

    email: str
    account: str = ""


def mount_worlds(app: falcon.App[Any, Any], worlds: Worlds) -> None:
    app.add_route("/worlds", _WorldsResource(worlds))
    app.add_route("/worlds/{name}", _WorldResource(worlds))
    app.add_route("/worlds/{name}/keep", _KeepResource(worlds))
    app.add_error_handler(Unknown, _not_found)
    app.add_error_handler(Taken, _conflict)
    app.add_error_handler(AlreadyKept, _conflict)
    app.add_error_handler(TooMany, _too_many)


def plan_of(order: dict[str, Any]) -> Plan:
    """The plan of the world that is wanted.

    Raises:
        Wrong: there is no such thing to be said, or its value is none.

    """
    wanted, now = read(order, Order), Clock().now()
    return Plan(
        name=wanted.name,
        created_at=now,
        expires_at=now + dt.timedelta(hours=wanted.hours),
        clock=read_instant(wanted.clock),
        seed=str(wanted.seed),
        empty=wanted.empty,
    )


def read(sent: dict[str, Any], cls: type[T]) -> T:
    """What was sent, as one of those.

    Raises:
        Wrong: there is no such thing to be said, or its value is none.

    """
    try:
        return msgspec.convert(sent, cls)
    except msgspec.ValidationError as error:
        known = ", ".join(field.name for field in msgspec.structs.fields(cls))
        raise Wrong(f"{error}; what may be said is {known}") from None


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


class _KeepResource:
    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def on_post(self, req: falcon.Request, resp: falcon.Response, name: str) -> None:
        world = self._worlds.named(name)
        asked = read(read_options(req), Keeping)
        kept = keep(world, asked.account or next(iter(world.control.state()["accounts"])), asked.email)
        resp.status = falcon.HTTP_CREATED
        resp.media = {
            "database": str(kept.file.resolve()),
            "database_url": f"sqlite:///{kept.file.resolve()}",
            "account": kept.account.slug,
            "invitation": f"/invite/{kept.secret}",
        }


def _not_found(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPNotFound(description=str(error))


def _conflict(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPConflict(description=str(error))


def _too_many(_req: falcon.Request, _resp: falcon.Response, error: Exception, _params: Any) -> None:
    raise falcon.HTTPTooManyRequests(description=str(error))
