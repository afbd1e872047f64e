"""The month of an accountant: documents by the day that decides, and what was received, for another program."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.bookkeeping import SORTS, Period, Sort, order_period, sums_of, sums_received
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.invoices.batches import MOST, TOLD, Batch, Verb
from faktura.core.invoices.debts import InCurrency
from faktura.core.people.accounts import Account
from faktura.web.documents.confirmed import MOVED, seen
from faktura.web.documents.list import verbs_of
from faktura.web.documents.periods import months_beside, periods
from faktura.web.door.books import may, read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.export import pages
from faktura.web.export.words import spelling
from faktura.web.forms.fields import Choice, Date, Text, Words, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import Wrong, save

SORT_NAMES: Mapping[Sort, Words] = {
    "invoices": lazy_gettext("Invoices"),
    "corrections": lazy_gettext("Credit notes"),
    "tax_documents": lazy_gettext("Tax documents on payments"),
    "proformas": lazy_gettext("Proforma invoices"),
    "received": lazy_gettext("Received invoices"),
}

ASKED = Form(
    Date("since", lazy_gettext("From")),
    Date("until", lazy_gettext("To")),
    *(YesNo(sort, words) for sort, words in SORT_NAMES.items()),
)


def formats() -> Iterable[tuple[str, Words]]:
    """Those of the account that the page is about."""
    return [(verb, words) for verb, words in verbs_of(g.seat.account).items() if verb in TOLD]


FILE = Form(
    Choice(
        "verb",
        lazy_gettext("Format"),
        options=formats,
        hint=lazy_gettext("What was received is told to Pohoda alone."),
    ),
    Text("seen", ""),
)


class Found(NamedTuple):
    """What there is of a period."""

    account: Account
    today: dt.date
    sums: Sequence[InCurrency]
    received: Sequence[InCurrency]


@pages.get("/<slug>/export/accountant")
def accountant(slug: str) -> str | Response:
    """The month that is over with all but proformas, where the address asks for nothing."""
    if not request.args:
        today = read_books(slug, lambda books: books.today, "invoices", "export")
        last = periods(today)[1]
        asked: dict[str, Any] = {"since": last.since, "until": last.until}
        asked |= dict.fromkeys((sort for sort in SORTS if sort != "proformas"), "yes")
        return redirect(url_for("export.accountant", slug=slug, **asked), HTTPStatus.SEE_OTHER)
    return _page(slug, FILE.filled(verb="pohoda"))


@pages.post("/<slug>/export/accountant")
@keeps_typed
def order_month(slug: str) -> Response:
    filled, period, words = FILE.posted(), _period_asked(slug), spelling()
    return save(
        slug,
        filled,
        lambda books, given: order_file_of(books, period, given, words),
        then=lambda batch_id: url_for("export.result", slug=slug, batch_id=batch_id),
        again=lambda filled: _page(slug, filled),
        scope="invoices",
        deed="export",
    )


def order_file_of(books: Books, period: Period, given: Given, words: Mapping[str, object]) -> Batch:
    """As long as the documents are those that were looked at."""
    if seen([*sums_of(books, period), *sums_received(books, period)]) != given.get("seen"):
        raise Wrong("seen", MOVED)
    verb: Verb = next((verb for verb in TOLD if verb == given.get("verb")), "isdoc")
    return order_period(books, period, verb, {**words, "period": named(period)})


def named(period: Period) -> str:
    """What files of it are called: a whole month by the month."""
    last = calendar.monthrange(period.since.year, period.since.month)[1]
    is_month = period.since.day == 1 and period.until == period.since.replace(day=last)
    return str(period.since)[: len("2026-11")] if is_month else f"{period.since}-{period.until}"


def _period_asked(slug: str) -> Period:
    """Without a day that can be read there is nothing in it; what was received is for whoever may see it."""
    read_books(slug, lambda _: None, "invoices", "export")
    given = ASKED.asked().given()
    sorts = frozenset(sort for sort in SORTS if given.get(sort) and (sort != "received" or may("expenses")))
    return Period(given.get("since") or dt.date.max, given.get("until") or dt.date.min, sorts)


def _page(slug: str, filled: Filled) -> str:
    period = _period_asked(slug)

    def work(books: Books) -> Found:
        return Found(books.account, books.today, sums_of(books, period), sums_received(books, period))

    found = read_books(slug, work, "invoices", "export")
    return render_template(
        "export/accountant.html",
        **found._asdict(),
        asked=ASKED.asked(),
        filled=filled,
        sorts=SORTS,
        count=sum(one.documents for one in (*found.sums, *found.received)),
        seen=seen([*found.sums, *found.received]),
        most=MOST,
        periods=[*periods(found.today), *months_beside(period.since, period.until)],
        is_now=lambda one: (one.since, one.until) == (period.since, period.until),
    )
