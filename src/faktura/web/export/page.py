"""Documents of a month, a quarter or any filter of the list leave as a file."""

import datetime as dt
from collections.abc import Iterable, Sequence
from http import HTTPStatus

from flask import g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.invoices.batches import FILES, MOST, MOST_IN_FILE, Batch, Verb, order_batch
from faktura.core.invoices.debts import InCurrency, by_currency
from faktura.core.people.accounts import Account
from faktura.store.queries import Selection
from faktura.web.documents.confirmed import check_seen, seen
from faktura.web.documents.list import Asked, asked_for, selection, verbs_of
from faktura.web.documents.periods import Period, months_beside, periods
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.export import pages
from faktura.web.export.words import spelling
from faktura.web.forms.fields import Choice, Text, Words
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save


def formats() -> Iterable[tuple[str, Words]]:
    """Those of the account that the page is about."""
    return [(verb, words) for verb, words in verbs_of(g.seat.account).items() if verb in FILES]


EXPORT = Form(Choice("verb", lazy_gettext("Format"), options=formats), Text("seen", ""))


@pages.get("/<slug>/export")
def show(slug: str) -> str | Response:
    """The month that is over, where the address asks for nothing."""
    if not request.args:
        today = read_books(slug, lambda books: books.today, "invoices", "export")
        last = periods(today)[1]
        return redirect(url_for("export.show", slug=slug, since=last.since, until=last.until), HTTPStatus.SEE_OTHER)
    return _page(slug, EXPORT.filled(verb="xlsx"))


@pages.post("/<slug>/export")
@keeps_typed
def order(slug: str) -> Response:
    filled, asked, words = EXPORT.posted(), asked_for(), spelling()
    return save(
        slug,
        filled,
        lambda books, given: order_file(books, selection(books, asked), given, words),
        then=lambda batch_id: url_for("export.result", slug=slug, batch_id=batch_id),
        again=lambda filled: _page(slug, filled),
        scope="invoices",
        deed="export",
    )


def order_file(books: Books, chosen: Selection, given: Given, words: dict[str, object]) -> Batch:
    """As long as the documents are those that were looked at."""
    check_seen(books, chosen, given)
    verb: Verb = next((verb for verb in FILES if verb == given.get("verb")), "xlsx")
    return order_batch(books, chosen, verb, words)


def _page(slug: str, filled: Filled) -> str:
    asked = asked_for()

    def work(books: Books) -> tuple[Account, Sequence[InCurrency], dt.date]:
        return books.account, by_currency(books, selection(books, asked)), books.today

    account, sums, today = read_books(slug, work, "invoices", "export")
    count = sum(one.documents for one in sums)
    return render_template(
        "export/page.html",
        account=account,
        asked=asked,
        filled=filled,
        sums=sums,
        count=count,
        seen=seen(sums),
        most=MOST,
        in_file=MOST_IN_FILE,
        periods=[*periods(today), *months_beside(asked.filters.since, asked.filters.until)],
        is_now=lambda period: _is_chosen(asked, period),
    )


def _is_chosen(asked: Asked, period: Period) -> bool:
    return (asked.filters.since, asked.filters.until) == (period.since, period.until)
