"""The documents of one contact, for whoever has a link of theirs: what is to be paid, and how it is paid together."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import render_template, request
from flask_babel import force_locale

from faktura.core.books.office import Office
from faktura.core.contact_links import mark_link_opened, opened_by_secret
from faktura.core.contacts import Contact
from faktura.core.invoices.balance import unpaid_of
from faktura.core.invoices.debts import InCurrency, by_currency
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.outputs.reading.context import look_of
from faktura.outputs.reading.payment import transfers_for
from faktura.outputs.reading.tongue import Tongue
from faktura.outputs.words.words import printed_language
from faktura.store.queries import Condition, Selection
from faktura.web.documents.showing import Asked, Entry, asked_by, entries_of, picture_of
from faktura.web.door.customers import books_of, count, is_member, is_opened, language_asked
from faktura.web.door.database import read, write
from faktura.web.door.lists import NEWEST_FIRST, Paging, Rows, rows_asked
from faktura.web.portal import pages

UNPAID = Paging("unpaid_before", "unpaid_after", most=20)
"""So many are offered to be paid together, those first that are due first."""

pages.before_request(count)


class Opened(NamedTuple):
    """What the page shows: `debts` are the `unpaid` documents of it, and `chosen` are those that `payments` pay."""

    account: Account
    contact: Contact
    logo: str
    sums: Sequence[InCurrency]
    unpaid: Rows[Invoice]
    debts: Sequence[Entry]
    chosen: Sequence[Invoice]
    payments: Sequence[Asked]
    rows: Rows[Invoice]
    entries: Sequence[Entry]
    tongue: Tongue


@pages.get("/<slug>/c/<secret>")
def show(slug: str, secret: str) -> str:
    """A link that was ended opens nothing, as does one of another account."""
    opened = read(lambda office: _opened(office, slug, secret))
    if is_opened() and not is_member(slug):
        write(lambda office: _mark_opened(office, slug, secret), turn=opened.account.id)
    language = printed_language(opened.tongue.language)
    with force_locale(language):
        return render_template("portal/page.html", **opened._asdict(), slug=slug, word=opened.tongue.labels)


def _mark_opened(office: Office, slug: str, secret: str) -> None:
    books = books_of(office, slug)
    mark_link_opened(books, opened_by_secret(books, secret)[0])


def _opened(office: Office, slug: str, secret: str) -> Opened:
    books = books_of(office, slug)
    contact = opened_by_secret(books, secret)[1]
    language = language_asked() or contact.language or books.account.invoice_language
    sums = by_currency(books, unpaid_of(contact.id))
    unpaid = rows_asked(books, Invoice, unpaid_of(contact.id), sum(one.documents for one in sums), UNPAID)
    chosen = _chosen(unpaid.records)
    rows = rows_asked(books, Invoice, _of(contact))
    return Opened(
        account=books.account,
        contact=contact,
        logo=picture_of(look_of(books).logo),
        sums=sums,
        unpaid=unpaid,
        debts=entries_of(books, unpaid.records),
        chosen=chosen,
        payments=[asked_by(together, language, books.today) for together in transfers_for(chosen)],
        rows=rows,
        entries=entries_of(books, rows.records),
        tongue=Tongue(language),
    )


def _chosen(unpaid: Sequence[Invoice]) -> list[Invoice]:
    """Those that the address names; all of them where it names none."""
    named = set(request.args.getlist("pay"))
    return [invoice for invoice in unpaid if str(invoice.id) in named] or list(unpaid)


def _of(contact: Contact) -> Selection:
    return Selection((Condition("contact_id", "eq", contact.id),), order=NEWEST_FIRST)
