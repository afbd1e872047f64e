"""How far a document has come on its way to KSeF, and what to do about it, for people who know nothing of sessions."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import format_datetime, gettext, lazy_gettext, ngettext

from faktura.core.books.books import Books
from faktura.core.ksef.connection import KsefConnection, subject_of
from faktura.core.ksef.pace import rests_until
from faktura.core.ksef.sendings import KsefSending
from faktura.web.forms.fields import Words

A_MINUTE, AN_HOUR = 30, 180
"""Documents that are handed over one by one in so long, at most."""

IN_A_BATCH = 100
"""More of them are handed over together."""

USED_NUMBER = 440
"""KSeF has another document by this number."""

WHAT_TO_DO: Mapping[int, Words] = {
    USED_NUMBER: lazy_gettext(
        "KSeF holds another document by this number, and never takes a number twice. Cancel this one and issue a copy"
        " of it, which gets the next number."
    ),
}

OTHERWISE = lazy_gettext("Nothing was issued there. Correct what it says, and send it again.")


class Stage(NamedTuple):
    """What is said of a document: what is so, and what comes next or is to be done."""

    so: str
    next: str = ""
    details: tuple[str, ...] = ()


def rest_of(books: Books, connection: KsefConnection | None) -> dt.datetime | None:
    """Before when KSeF is asked for nothing, as it wanted."""
    return None if connection is None else rests_until(books.tx, subject_of(connection), books.now)


def stage_of(
    sending: KsefSending, connection: KsefConnection | None, until: dt.datetime | None, now: dt.datetime
) -> Stage:
    """Nothing is asked of KSeF `until` then."""
    match sending.state:
        case "waiting":
            return Stage(gettext("It waits to be sent."), _why_waiting(sending, connection, until, now))
        case "sending" | "sent":
            return Stage(
                gettext("It is at KSeF, which usually takes a minute."), _why_still(sending, connection, until, now)
            )
        case "accepted":
            return Stage(gettext("KSeF took it."))
        case "rejected" if sending.code is None and not sending.text:
            return Stage(gettext("KSeF would refuse it. Its page says for what."), str(OTHERWISE))
        case "rejected":
            said = gettext("KSeF refused it: %(reason)s", reason=_said(sending))
            return Stage(said, str(WHAT_TO_DO.get(sending.code or 0, OTHERWISE)), sending.details)
        case "failed":
            again = gettext("Nothing is lost, and nothing arrives twice: send it again.")
            return Stage(gettext("KSeF could not take it for a whole day: %(reason)s", reason=_said(sending)), again)


def expected(waiting: int) -> str:
    """By when so many have been handed over."""
    if waiting > IN_A_BATCH:
        return gettext("So many are handed over together, which takes KSeF up to an hour.")
    minutes = -(-waiting // A_MINUTE)
    return ngettext(
        "They are handed over in about %(num)d minute.", "They are handed over in about %(num)d minutes.", minutes
    )


def clock_of(moment: dt.datetime) -> str:
    return str(format_datetime(moment, "short"))


def _why_waiting(
    sending: KsefSending, connection: KsefConnection | None, until: dt.datetime | None, now: dt.datetime
) -> str:
    """The first thing that keeps it."""
    if stands := _stands(connection, until):
        return stands
    if sending.not_before > now:
        at = clock_of(sending.not_before)
        return gettext("It leaves at %(time)s. Until then it can be taken back.", time=at)
    if sending.failures:
        return gettext("KSeF did not answer. The next try is at %(time)s.", time=clock_of(sending.next_at))
    if sending.next_at > now:
        return gettext("Its turn comes at %(time)s.", time=clock_of(sending.next_at))
    return gettext("Its turn comes in a moment.")


def _why_still(
    sending: KsefSending, connection: KsefConnection | None, until: dt.datetime | None, now: dt.datetime
) -> str:
    if stands := _stands(connection, until):
        return stands
    if sending.next_at > now + dt.timedelta(minutes=1):
        return gettext("It takes longer than usual. It is asked again at %(time)s.", time=clock_of(sending.next_at))
    return ""


def _stands(connection: KsefConnection | None, until: dt.datetime | None) -> str:
    if connection is None or not connection.active:
        return gettext("The connection to KSeF does not work. It goes on as soon as that is put right.")
    if until is not None:
        return gettext("KSeF asked for a pause until %(time)s.", time=clock_of(until))
    return ""


def _said(sending: KsefSending) -> str:
    return f"{sending.text} ({sending.code})" if sending.code and sending.text else sending.text or str(sending.code)
