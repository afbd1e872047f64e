"""Something is done to many documents: first their count and sums are shown, then a job does it, one by one."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from flask import render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given, Invalid, NotAllowed
from faktura.core.invoices.batches import DEEDS, MOST, Batch, Verb, order_batch, these
from faktura.core.invoices.debts import InCurrency, by_currency
from faktura.core.invoices.letters import without_address
from faktura.core.people.accounts import Account
from faktura.store.queries import Selection
from faktura.web.documents import pages
from faktura.web.documents.confirmed import check_seen, seen
from faktura.web.documents.list import VERBS, asked_for, selection
from faktura.web.door.addresses import site
from faktura.web.door.books import may_write, read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import LARGEST_ID, ROWS
from faktura.web.export.words import spelling
from faktura.web.forms.fields import Date, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

BULK = Form(
    Date("paid_on", lazy_gettext("Paid on"), hint=lazy_gettext("Empty means today.")),
    Text("tag", lazy_gettext("Tag")),
    Text("seen", ""),
)

MOST_NAMED = 20


class Chosen(NamedTuple):
    """What is shown before it is done; those `without` an address get no letter."""

    account: Account
    sums: Sequence[InCurrency]
    without: Sequence[Contact]


@pages.get("/<slug>/invoices/bulk")
def bulk(slug: str) -> str:
    return _page(slug, BULK.filled())


@pages.post("/<slug>/invoices/bulk")
@keeps_typed
def order_bulk(slug: str) -> Response:
    filled, verb, more = BULK.posted(), verb_asked(), _more(slug)
    choose = chosen_asked()
    return save(
        slug,
        filled,
        lambda books, given: _order(books, choose(books), verb, given, more),
        then=lambda batch_id: url_for("export.result", slug=slug, batch_id=batch_id),
        again=lambda filled: _page(slug, filled),
        scope="invoices",
        deed=DEEDS[verb],
    )


def verb_asked() -> Verb:
    return next((verb for verb in VERBS if verb == request.args.get("verb")), "pdf")


def chosen_asked() -> Callable[[Books], Selection]:
    """The documents that were ticked, or all that the filters of the address find."""
    if request.args.get("all"):
        asked = asked_for()
        return lambda books: selection(books, asked)
    numbers = [text for text in request.args.getlist("id")[:ROWS] if text.isascii() and text.isdecimal()]
    ids = [int(text) for text in numbers if len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID]
    return lambda _: these(ids or [0])


def _order(books: Books, chosen: Selection, verb: Verb, given: Given, more: dict[str, Any]) -> Batch:
    if given.unread:
        raise Invalid(given.unread)
    check_seen(books, chosen, given)
    paid_on = given.get("paid_on")
    said = {"tag": given.get("tag"), "paid_on": paid_on.isoformat() if paid_on else None}
    return order_batch(books, chosen, verb, more | {name: value for name, value in said.items() if value})


def _more(slug: str) -> dict[str, Any]:
    """What the job needs to know that only a request does."""
    return spelling() | {"public": f"{site()}/{slug}/p"}


def _page(slug: str, filled: Filled) -> str:
    verb, choose = verb_asked(), chosen_asked()

    def work(books: Books) -> Chosen:
        chosen = choose(books)
        sums = by_currency(books, chosen)
        fits = verb in {"send", "remind"} and sum(one.documents for one in sums) <= MOST
        return Chosen(books.account, sums, without_address(books, chosen) if fits else ())

    found = read_books(slug, work, "invoices")
    if not may_write(DEEDS[verb]):
        raise NotAllowed(DEEDS[verb])
    return render_template(
        "documents/bulk.html",
        **found._asdict(),
        verb=verb,
        word=VERBS[verb],
        filled=filled,
        count=sum(one.documents for one in found.sums),
        seen=seen(found.sums),
        most=MOST,
        most_named=MOST_NAMED,
    )
