"""Doors that are built once a process: to build one costs more than all that a test asks of it."""

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from faktura.dialects import WsgiApplication
from faktura.wire.service import Service

Build = Callable[[Service], WsgiApplication]

_built: dict[Build, tuple[Service, WsgiApplication]] = {}


def built_once(build: Build, service: Service) -> WsgiApplication:
    """What `build(service)` gives, but built for the first test that asked.

    The door stands on a service of its own, whose parts are replaced by the given one's at every request; a test may
    have several services. tests/test_built_once.py shows that the door keeps none of the parts itself.
    """
    if build not in _built:
        standing = msgspec.structs.replace(service)
        _built[build] = standing, build(standing)
    standing, door = _built[build]

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        for part in Service.__struct_fields__:
            setattr(standing, part, getattr(service, part))
        answer: Iterable[bytes] = door(environ, start_response)
        return answer

    return serve
