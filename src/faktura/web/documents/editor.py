"""The page on which a document is typed: its form, and beside it what the core makes of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.record import Draft, Line
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.compose import Composition, compose_change, compose_invoice
from faktura.core.invoices.correct import is_correctable
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.merge import is_with_customer
from faktura.core.invoices.oss import unlisted_rates
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.web.contacts.pick import contacts_offered
from faktura.web.documents.fields import Desk, change_told, desk_of, desk_of_oss, editor, new_lines, told
from faktura.web.documents.showing import Shown, shown
from faktura.web.door.books import read_books
from faktura.web.forms.fields import Choice, Date, Lines, Pick, Unread, Words, given_of
from faktura.web.forms.form import Box, Filled
from faktura.web.ksef.before import AtKsef, WouldRefuse, at_ksef, would_refuse

LONGEST_FORM = 1024 * 1024
"""Bytes of a form: more than those of a thousand lines."""


AGREED = ("due_days", "payment_method", "currency", "language", "buyer_country")
"""Left empty, they are as the customer has them."""


class Seen(NamedTuple):
    """A form, what it comes to, and the document that it changes; where words fit no customer, those they may mean.

    `preview` is the document as its customer will see it, where that is asked for; `ksef` what becomes of it there.
    """

    account: Account
    filled: Filled
    composed: Composition
    changes: Invoice | None
    preview: Shown | None
    ksef: AtKsef | None


def page(slug: str, filled: Filled, template: str = "documents/form.html") -> str:
    previews = "preview" in request.form
    seen = read_books(slug, lambda books: _seen(books, filled, previews=previews), "invoices", "write")
    return render_template(template, **_context(seen))


def posted(slug: str) -> Filled:
    return typed_in(slug, request.form, request.form.get("once", ""))


def typed_in(slug: str, sent: MultiDict[str, str], once: str) -> Filled:
    """The form with what was typed, and with the VAT rates of the day that it says."""
    days = (sent.get(name, "").strip() for name in ("taxable_on", "issued_on"))
    try:
        day = next((Date("", "").read(typed) for typed in days if typed), None)
    except Unread:
        day = None
    desk = read_books(slug, lambda books: _desk(books, sent, day), "invoices", "write")
    filled = editor(desk).typed(sent, once)
    return filled if not desk.of_oss else _with_usual_rate(filled, desk.rates)


def _desk(books: Books, sent: MultiDict[str, str], day: dt.date | None) -> Desk:
    """Under the one-stop shop the customer says the country, where nobody said another."""
    if "oss" not in sent:
        return desk_of(books, day, of_margin="margin_kind" in sent)
    country, picked = sent.get("buyer_country"), Pick("contact_id", "", endpoint="contacts.pick")
    if not country:
        contact_id = given_of([picked], {"contact_id": picked.take(sent)}).get("contact_id")
        contact = None if contact_id is None else books.look_up(Contact, id=contact_id)
        country = contact.country if contact else None
    return desk_of_oss(books, country, day)


def _with_usual_rate(filled: Filled, rates: Sequence[Decimal]) -> Filled:
    """Rows that had no rates to choose from have the first of them, as if they had been offered."""
    first = str(rates[0]) if rates else ""
    return filled.having("lines", [row | {"vat_rate": row["vat_rate"] or first} for row in filled.typed["lines"]])


def with_a_spare_line(filled: Filled, without: str = "") -> Filled:
    """Without rows in which nothing was typed, and without the one at that place: an empty one stands at the end."""
    field = _lines_of(filled)
    rows = [row for place, row in enumerate(filled.typed["lines"]) if str(place) != without]
    return filled.having("lines", [row for row in rows if field.is_something(row)])


def _seen(books: Books, filled: Filled, *, previews: bool) -> Seen:
    filled = with_customers(books, filled)
    composed, changes = composed_of(books, filled.given())
    invoice = composed.invoice
    preview = shown(books, invoice, invoice.language) if previews else None
    return Seen(
        books.account, filled, composed, changes, preview, at_ksef(books, invoice, is_ready=_is_ready(composed))
    )


def composed_of(books: Books, given: Given) -> tuple[Composition, Invoice | None]:
    """What would be issued, or what a document would be changed to, and that document."""
    if (invoice_id := given.get("changes")) is None:
        return compose_invoice(books, new_lines(told(given))), None
    old = find_invoice(books, invoice_id)
    return compose_change(books, old.id, change_told(given, old)), old


def _context(seen: Seen) -> Mapping[str, Any]:
    return {
        "account": seen.account,
        "filled": seen.filled,
        "composed": seen.composed.invoice,
        "lacks_vat_no": seen.composed.lacks_vat_no,
        "agreed": agreed_of(seen.filled, seen.composed.invoice),
        "refused": seen.filled.refused(Invalid(seen.composed.problems)).wrong,
        "line_sums": sums_of(seen.filled, seen.composed.invoice.lines),
        "unlisted": unlisted_rates(seen.composed.invoice),
        "rates_offered": rates_offered(seen.filled),
        "changes": seen.changes,
        "asks": seen.changes is not None and is_with_customer(seen.changes),
        "correctable": seen.changes is not None and is_correctable(seen.changes),
        "preview": seen.preview,
        "ksef": seen.ksef,
        "refused_by_ksef": _refused_by_ksef(seen),
    }


def _is_ready(composed: Composition) -> bool:
    """Whether it could be issued as it stands."""
    return bool(composed.invoice.lines) and not composed.problems


def _refused_by_ksef(seen: Seen) -> Sequence[WouldRefuse]:
    problems = seen.ksef.problems if seen.ksef else {}
    fields = seen.filled.form.fields
    return would_refuse(problems, seen.account.slug, seen.composed.invoice.contact_id, fields)


def agreed_of(filled: Filled, paper: Draft) -> Mapping[str, Words]:
    """What fields that were left empty come to, since the customer or the account has it so."""
    fields = filled.form.fields
    left = [name for name in AGREED if name in fields and not filled.typed[name]]
    values = {name: value for name in left if (value := getattr(paper, name)) is not None}
    named = {name: dict(field.options()) for name in left if isinstance(field := fields[name], Choice)}
    return {name: named.get(name, {}).get(value, str(value)) for name, value in values.items()}


def rates_offered(filled: Filled) -> Mapping[str, Box]:
    """By the id of its field, the rate of each row that was sent, where another country has other rates."""
    if "oss" not in filled.form.fields:
        return {}
    rows = zip(filled["lines"].rows, filled.typed["lines"], strict=False)
    return {row["vat_rate"].id: row["vat_rate"] for row, _ in rows}


def sums_of(filled: Filled, lines: Sequence[Line]) -> Mapping[int, Line]:
    """By the place of the row: one in which nothing was typed has none."""
    field = _lines_of(filled)
    rows = [place for place, row in enumerate(filled.typed["lines"] or ()) if field.is_something(row)]
    return dict(zip(rows, lines, strict=False))


def with_customers(books: Books, filled: Filled) -> Filled:
    """Where words were typed for a customer that nobody chose, with those who may be meant."""
    customer = filled.typed["contact_id"]
    if not customer.words.strip() or customer.id:
        return filled
    return filled.offering("contact_id", contacts_offered(books, customer.words.strip()))


def _lines_of(filled: Filled) -> Lines:
    return cast("Lines", filled.form.fields["lines"])
