"""Each folder here is one dialect, somebody else's API; delete the folder, lose the dialect."""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from faktura.wire.service import Service

WsgiApplication = Callable[[dict[str, Any], Callable[..., Any]], Any]


class Dialect(msgspec.Struct, frozen=True, kw_only=True):
    """What a dialect's package says of itself, under the name DIALECT.

    `mounts` are the path prefixes it answers under at every host; `hosts` the host names whose requests are its own,
    with the prefixes that clients use there. `rate_limits` are the defaults, requests a minute and address by kind of
    request. `openapi` makes the document of what it answers, for the address it is served at.
    """

    name: str
    title: str
    mounts: tuple[str, ...]
    hosts: Mapping[str, tuple[str, ...]]
    rate_limits: Mapping[str, int]
    application: Callable[[Service], WsgiApplication]
    openapi: Callable[[str], dict[str, Any]]


@functools.cache
def installed() -> tuple[Dialect, ...]:
    """The dialects whose folders are there, by name."""
    packages = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
    return tuple(importlib.import_module(f"{__name__}.{name}").DIALECT for name in packages)
