"""The switches of the panel, each as the patch that its button sends and that a program may send itself."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from flask_babel import gettext

from faktura.wire.switches import Switches

PRAGUE = ZoneInfo("Europe/Prague")
"""Warsaw has the same time."""

Patch = Mapping[str, Any]


class Switch(NamedTuple):
    """A button, and the JSON that it sends."""

    label: str
    patch: str
    is_on: bool = False


class Group(NamedTuple):
    """Buttons of one sort under a title."""

    title: str
    switches: list[Switch]


def groups(switches: Switches, state: Mapping[str, Any], now: dt.datetime) -> list[Group]:
    off: Patch = {"rate_limits": {door: dict.fromkeys(kinds) for door, kinds in switches.usual_limits.items()}}
    usual: Patch = {"rate_limits": switches.usual_limits}
    is_off = not any(state["rate_limits"].values())
    return [
        Group(gettext("Clock"), [_switch(words, {"clock": at}) for words, at in _instants(switches, now)]),
        Group(gettext("Maintenance, when only reads are served"), _on_off(state, "read_only")),
        Group(gettext("Overloaded search"), _on_off(state, "busy_search")),
        Group(
            gettext("Limits of requests"),
            [_switch(gettext("As usual"), usual, is_on=not is_off), _switch(gettext("None"), off, is_on=is_off)],
        ),
        Group(
            "KSeF",
            [_switch(words, {"ksef": {"state": at}}, is_on=state["ksef"]["state"] == at) for words, at in _ksef()],
        ),
    ]


def blocking(slug: str, *, blocked: bool) -> str:
    """The patch that blocks an account, or no longer does."""
    return _json({"accounts": {slug: {"blocked": blocked}}})


def limiting(slug: str, most: int = 5) -> str:
    """The patch that lets an account have so many contacts."""
    return _json({"accounts": {slug: {"contact_limit": most}}})


REFUSALS = (
    "550 5.1.1 There is nobody of this name here",
    "552 5.2.2 The mailbox is full",
    "451 4.7.1 Come again later",
)
"""What a mail server may answer; what begins with a 4 is tried again."""


def failing(sentence: str | None = REFUSALS[0]) -> str:
    """The patch that has the next letter refused with that sentence, or taken."""
    return _json({"fail_next_mail": sentence})


def deaf(most: int = 3, status: int = 500, seconds: int = 0) -> str:
    """The patch that has the next webhooks told in vain."""
    return _json({"webhooks": {"fail_next": most, "status": status, "hang_seconds": seconds}})


def patch_of(form: Mapping[str, str]) -> Patch:
    """What a button or a field of the panel asks for.

    Raises:
        ValueError: it asks for nothing that there is.

    """
    if day := form.get("day"):
        return {"clock": f"{dt.date.fromisoformat(day)}T12:00:00Z"}
    if slug := form.get("account"):
        limit = form.get("contact_limit", "").strip()
        return {"accounts": {slug: {"contact_limit": int(limit) if limit else None}}}
    if "sentence" in form:
        return {"fail_next_mail": form["sentence"].strip() or None}
    try:
        return msgspec.json.decode(form.get("patch", ""), type=dict[str, Any])
    except msgspec.DecodeError as wrong:
        raise ValueError(str(wrong)) from None


def _instants(switches: Switches, now: dt.datetime) -> Iterator[tuple[str, str | None]]:
    yield gettext("The real time"), None
    yield gettext("A day later"), _text(now + dt.timedelta(days=1))
    yield gettext("30 days later"), _text(now + dt.timedelta(days=30))
    midnight = dt.datetime.combine(now.astimezone(PRAGUE).date() + dt.timedelta(days=1), dt.time(0, 1), PRAGUE)
    yield gettext("Past the next midnight"), _text(midnight)
    if (due := switches.next_due()) is not None:
        noon = dt.datetime.combine(due + dt.timedelta(days=1), dt.time(12), PRAGUE)
        yield gettext("Past the next due date"), _text(noon)


def _ksef() -> Iterator[tuple[str, str]]:
    yield gettext("As usual"), "ok"
    yield gettext("Answers after five seconds"), "slow"
    yield gettext("Does not answer"), "down"
    yield gettext("Is being maintained"), "maintenance"


def _on_off(state: Mapping[str, Any], name: str) -> list[Switch]:
    return [
        _switch(gettext("On"), {name: True}, is_on=state[name]),
        _switch(gettext("Off"), {name: False}, is_on=not state[name]),
    ]


def _switch(label: str, patch: Patch, *, is_on: bool = False) -> Switch:
    return Switch(label, _json(patch), is_on)


def _text(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _json(patch: Patch) -> str:
    return msgspec.json.encode(patch).decode()
