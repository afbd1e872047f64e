"""Latarnia, where the ministry says when KSeF is down: read without signing in."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from faktura.core.ksef.deadlines import Outage
from faktura.outside.http import Client, Unanswered

OK = 200

Category = Literal["MAINTENANCE", "FAILURE", "TOTAL_FAILURE"]

SORTS: dict[str, Literal["maintenance", "failure", "total_failure"]] = {
    "MAINTENANCE": "maintenance",
    "FAILURE": "failure",
    "TOTAL_FAILURE": "total_failure",
}


class Message(msgspec.Struct, rename="camel"):
    """One that was published; of a later `version` of it the earlier ones are of no account."""

    event_id: int
    category: str
    type: str
    start: dt.datetime
    end: dt.datetime | None = None
    version: int = 0


def outages_told(client: Client, status_url: str) -> list[Outage]:
    """Every outage of which messages are still published, planned ones among them.

    Raises:
        Unanswered: nothing was said, or not as agreed.

    """
    answer = client.get(f"{status_url}/messages")
    if answer.status != OK:
        message = f"Latarnia answers {answer.status}"
        raise Unanswered(message)
    try:
        messages = msgspec.json.decode(answer.body, type=list[Message])
    except msgspec.MsgspecError as error:
        message = f"Latarnia does not answer as agreed: {error}"
        raise Unanswered(message) from None
    return list(_outages(messages))


def _outages(messages: Sequence[Message]) -> Iterator[Outage]:
    """A failure begins in one message, and ends in another of the same event."""
    ordered = sorted((one for one in messages if one.category in SORTS), key=lambda one: (one.version, bool(one.end)))
    by_event = {one.event_id: [other for other in ordered if other.event_id == one.event_id] for one in ordered}
    for event, told in by_event.items():
        last = told[-1]
        yield Outage(event, SORTS[last.category], _aware(last.start), _aware(last.end) if last.end else None)


def _aware(moment: dt.datetime) -> dt.datetime:
    """One that names no zone is in UTC, as all of KSeF's."""
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
