"""Each folder here is one dialect, somebody else's API; delete the folder, lose the dialect."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS, Teller
from faktura.core.books.office import Office
from faktura.core.books.tasks import Task
from faktura.core.people.accounts import Account
from faktura.core.people.users import User
from faktura.wire.service import Service

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Any]


class Head(msgspec.Struct, frozen=True):
    """What of a request is known before its body is read; names of headers are small."""

    headers: Mapping[str, str]
    query: Mapping[str, str]


class Example(msgspec.Struct, frozen=True):
    """Two firms of one country in the sandbox, by country: the owner of the first has no access to the other."""

    office: Office
    account: Account
    owner: User
    foreign_account: Account
    foreign_owner: User


def _no_credentials(_examples: Mapping[str, Example], _known: Mapping[str, Any]) -> dict[str, Any]:
    return {}


def _no_secret(_head: Head) -> str:
    return ""


def _gave_nothing(_office: Office, _secret: str) -> bool:
    return False


def _no_tasks(_books: Books, task: Task) -> str:
    raise LookupError(task.action)


def _no_sentences(_task: Task, _error: Exception) -> dict[str, list[str]]:
    return {}


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """What a dialect's package says of itself, under the name DIALECT.

    `mounts` are the path prefixes it answers under at every host; `hosts` the host names whose requests are its own,
    with the prefixes that clients use there. `rate_limits` are the defaults, requests a minute and address by kind of
    request, or what an endpoint counts by itself. `secret_of` is what a request proves with whose it is, or names the
    program by, and nothing where its head has no such thing; `gave_out` says whether that was given out here. `openapi`
    makes the document of what it answers, for the address it is served at. `sandbox` adds its credentials to the
    example data, and gives back its part of sandbox.json; `curl` makes arguments of curl for a first request from that
    part and its `base_url`. `key_scopes` are what its API keys may be let into, `reading_scopes` those of them by which
    nothing is written. `do_task` does a task that it accepted, in the hands of who handed it in, and gives the uuid of
    what the task was about; `why_not` says for each attribute why a task was not done. `tell` has its words for those
    who subscribed there to what happens.
    """

    name: str
    title: str
    mounts: tuple[str, ...]
    hosts: Mapping[str, tuple[str, ...]]
    rate_limits: Mapping[str, int]
    application: Callable[[Service], WsgiApplication]
    openapi: Callable[[str], dict[str, Any]]
    secret_of: Callable[[Head], str] = _no_secret
    gave_out: Callable[[Office, str], bool] = _gave_nothing
    sandbox: Callable[[Mapping[str, Example], Mapping[str, Any]], dict[str, Any]] = _no_credentials
    curl: Callable[[Mapping[str, Any]], str] | None = None
    key_scopes: tuple[str, ...] = ()
    reading_scopes: tuple[str, ...] = ()
    do_task: Callable[[Books, Task], str] = _no_tasks
    why_not: Callable[[Task, Exception], dict[str, list[str]]] = _no_sentences
    tell: Teller | None = None


@functools.cache
def installed() -> tuple[Dialect, ...]:
    """The dialects whose folders are there, by name; from then on the core tells by them what happens."""
    packages = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    found: tuple[Dialect, ...] = tuple(importlib.import_module(f"{__name__}.{name}").DIALECT for name in packages)
    TELLERS.update({dialect.name: dialect.tell for dialect in found if dialect.tell is not None})
    return found


def mounts() -> frozenset[str]:
    """The first words of the addresses that dialects answer at, which no firm may have for its own."""
    found = (path for dialect in installed() for paths in (dialect.mounts, *dialect.hosts.values()) for path in paths)
    return frozenset(path.split("/")[1] for path in found)


def key_rights() -> dict[str, tuple[str, ...]]:
    """The scopes of a key that may read and write, and of one that may only read, at all doors together."""
    return {
        "write": tuple(scope for dialect in installed() for scope in dialect.key_scopes),
        "read": tuple(scope for dialect in installed() for scope in dialect.reading_scopes),
    }


def usual_rate_limits() -> dict[str, dict[str, int]]:
    """By dialect and kind of request, the requests that are allowed in a minute from an address."""
    return {dialect.name: dict(dialect.rate_limits) for dialect in installed()}
