"""Latarnia, which says how KSeF is, when it stands and when it does not."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from faktura.sandbox.outside.ksef.calls import Answer, spelled, told
from faktura.sandbox.outside.ksef.standing import Announced
from faktura.sandbox.outside.ksef.system import Asked, System

HEAVIEST = ("TOTAL_FAILURE", "FAILURE", "MAINTENANCE")

BEFORE = dt.timedelta(days=1)
"""What is planned is told so long before."""


def status(system: System, asked: Asked) -> Answer:
    lasting = [one for one in system.standing.announced if _lasts(one, asked.now)]
    found = next((word for word in HEAVIEST if any(one.category == word for one in lasting)), "AVAILABLE")
    if found == "AVAILABLE" and system.standing.state == "maintenance":
        found = "MAINTENANCE"
    messages = [row for one in lasting for row in _told(system, one, asked.now)]
    return told({"status": found, "messages": messages or None})


def messages(system: System, asked: Asked) -> Answer:
    return told([row for one in system.standing.announced for row in _told(system, one, asked.now)])


def _lasts(one: Announced, now: dt.datetime) -> bool:
    return one.start <= now and (one.end is None or now < one.end)


def _told(system: System, one: Announced, now: dt.datetime) -> Iterator[dict[str, Any]]:
    """What is planned in one message, with both its ends; of a failure its begin, and its end once that has come."""
    event = system.standing.announced.index(one) + 1
    shown = {"eventId": event, "category": one.category, "title": one.title, "text": one.text, "version": 1}
    end = one.end and spelled(one.end)
    if one.category == "MAINTENANCE":
        published = one.start - BEFORE
        if published <= now:
            row = {"id": f"{event}-1", "type": "MAINTENANCE_ANNOUNCEMENT", "start": spelled(one.start), "end": end}
            yield {**shown, **row, "published": spelled(published)}
        return
    if one.start <= now:
        row = {"id": f"{event}-1", "type": "FAILURE_START", "start": spelled(one.start)}
        yield {**shown, **row, "published": spelled(one.start)}
    if one.end is not None and one.end <= now:
        row = {"id": f"{event}-2", "type": "FAILURE_END", "start": spelled(one.start), "end": end}
        yield {**shown, **row, "published": spelled(one.end)}
