"""The state of a sandbox as its control address shows it, and a merge patch of it that is checked."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from faktura.sandbox.outside.ksef.standing import Handed, Standing
from faktura.sandbox.outside.receiver import Failing
from faktura.sandbox.outside.registries import World, usual_world

MOST = 2**31 - 1

FIRST_YEAR = 1970
LAST_YEAR = 2999


class AccountState(msgspec.Struct, forbid_unknown_fields=True):
    blocked: bool
    contact_limit: Annotated[int, Meta(ge=0, le=MOST)] | None = None


class State(msgspec.Struct, forbid_unknown_fields=True):
    """A limit that is not there is off; a clock that is not there goes; `fail_next_mail` is what SMTP answers once.

    What is in `ksef_inbox` is handed in to KSeF's double, and is then no longer there.
    """

    read_only: bool
    busy_search: bool
    accounts: dict[str, AccountState]
    rate_limits: dict[str, dict[str, Annotated[int, Meta(ge=0, le=MOST)]]] = {}
    clock: str | None = None
    fail_next_mail: Annotated[str, Meta(pattern=r"\A[45]\d\d [\x20-\x7e]{1,200}\Z")] | None = None
    webhooks: Failing = msgspec.field(default_factory=Failing)
    registries: World = msgspec.field(default_factory=usual_world)
    ksef: Standing = msgspec.field(default_factory=Standing)
    ksef_inbox: Annotated[tuple[Handed, ...], Meta(max_length=1000)] = ()


class Wrong(ValueError):  # noqa: N818 (says what a patch is)
    """A key or a value of the patch; the text says which."""


def merged(target: Any, patch: Any) -> Any:
    """RFC 7396: a null removes, an object goes into an object, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def check_keys(patch: Mapping[str, Any], known: Mapping[str, Any], place: str = "") -> None:
    """Do nothing where the patch has known keys only, even those that it removes.

    Raises:
        Wrong: it has another.

    """
    for name, value in patch.items():
        if name not in known:
            raise Wrong(f"There is no {place}{name}; there are {', '.join(known)}")
        if isinstance(value, dict) and isinstance(known[name], dict):
            check_keys(value, known[name], f"{place}{name}.")


def read_state(value: Any) -> State:
    """The state that the value describes.

    Raises:
        Wrong: something is not of its kind.

    """
    try:
        return msgspec.convert(value, State)
    except msgspec.ValidationError as error:
        raise Wrong(str(error)) from None


def read_instant(text: str | None) -> dt.datetime | None:
    """The instant of an ISO 8601 text with an offset.

    Raises:
        Wrong: it is no such text, or out of the years that can be counted in.

    """
    if text is None:
        return None
    try:
        instant = dt.datetime.fromisoformat(text)
        if instant.tzinfo is not None and FIRST_YEAR <= instant.astimezone(dt.UTC).year <= LAST_YEAR:
            return instant
    except (ValueError, OverflowError):
        pass
    message = f"clock must be an ISO 8601 instant with an offset, such as 2026-11-21T12:00:00Z, not {text!r}"
    raise Wrong(message)
