"""What a sandbox holds of its world beside the database, each part of which can be kept and brought back."""

import copy
from collections.abc import Mapping
from typing import Any, Protocol

from faktura.wire.service import Service


class Part(Protocol):
    """Something that a checkpoint keeps; what is kept changes no more, and may be brought back many times."""

    def keep(self) -> Any: ...

    def bring_back(self, kept: Any, /) -> None: ...


Parts = Mapping[str, Part]


class Switched:
    """The clock, and the modes that can be switched."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def keep(self) -> Any:
        return self._service.clock.standing, copy.deepcopy(self._service.modes)

    def bring_back(self, kept: Any) -> None:
        standing, modes = kept
        self._service.clock.stand_at(standing)
        self._service.modes = copy.deepcopy(modes)


def keep(parts: Parts) -> dict[str, Any]:
    return {name: part.keep() for name, part in parts.items()}


def bring_back(parts: Parts, kept: Mapping[str, Any]) -> None:
    for name, part in parts.items():
        part.bring_back(kept[name])
