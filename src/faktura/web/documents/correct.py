"""A credit note on one page: what is taken back is chosen, seen with its totals, and issued."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from flask import make_response, render_template, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.countries.known import country_of
from faktura.core.documents.record import CORRECTIONS
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.choices import Choice, choices
from faktura.core.invoices.compose import Composition, compose_invoice
from faktura.core.invoices.correct import correction_of, find_correctable
from faktura.core.invoices.corrected import Corrected, corrected
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.outputs.words.words import labels_in
from faktura.web.documents import pages
from faktura.web.documents.page import address_of
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Money, Paragraphs, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

QUANTITIES = "quantities."

UNFIT = HTTPStatus.UNPROCESSABLE_ENTITY


class Desk(NamedTuple):
    """A document to be corrected, as earlier corrections left it, and what can be chosen of it."""

    account: Account
    invoice: Invoice
    now: Corrected
    offered: Mapping[int, Choice]


@pages.get("/<slug>/invoices/<id:invoice_id>/correct")
def correct(slug: str, invoice_id: int) -> Response:
    desk = _desk(slug, invoice_id)
    text = labels_in(desk.invoice.language)["discount"]
    return _looked(desk, _form(desk).filled({"text": text} | dict.fromkeys(_names(desk)) | _EMPTY))


@pages.post("/<slug>/invoices/<id:invoice_id>/correct")
@keeps_typed
def correct_now(slug: str, invoice_id: int) -> Response:
    """It is issued once its total was seen."""
    desk = _desk(slug, invoice_id)
    filled = _form(desk).posted()
    seen = read_books(slug, lambda books: _composed(books, invoice_id, filled.given()))
    if request.form.get("seen") != str(seen.invoice.gross_total):
        return _looked(desk, filled, seen)
    return save(
        slug,
        filled,
        lambda books, given: issue_invoice(books, correction_of(books, invoice_id, _chosen(given))),
        then=lambda made: address_of(slug, made),
        again=lambda filled: _page(desk, filled, seen),
        done=lazy_gettext("The credit note was issued."),
        scope="invoices",
    )


def _desk(slug: str, invoice_id: int) -> Desk:
    def work(books: Books) -> Desk:
        invoice = find_correctable(books, invoice_id)
        now = corrected(books, invoice)
        return Desk(books.account, invoice, now, choices(books, invoice, now))

    return read_books(slug, work, "invoices", "write")


def _looked(desk: Desk, filled: Filled, seen: Composition | None = None) -> Response:
    """What is wrong with what was chosen is said; before anything is, nothing is wrong."""
    problems = seen.problems if seen else {}
    filled = filled.refused(Invalid(problems)) if problems else filled
    return make_response(_page(desk, filled, None if problems else seen), UNFIT if problems else HTTPStatus.OK)


def _page(desk: Desk, filled: Filled, seen: Composition | None) -> str:
    return render_template(
        "documents/correct.html",
        **desk._asdict(),
        puts_back=desk.invoice.kind in CORRECTIONS,
        filled=filled,
        seen=seen.invoice if seen else None,
        says_why=country_of(desk.invoice.seller.country).correction_says_why,
    )


def _composed(books: Books, invoice_id: int, given: Given) -> Composition:
    return compose_invoice(books, correction_of(books, invoice_id, _chosen(given)))


def _form(desk: Desk) -> Form:
    lines = [Money(name, choice.line.name) for name, choice in zip(_names(desk), desk.offered.values(), strict=True)]
    amount = Money("amount", lazy_gettext("Amount with VAT"))
    text = Text("text", lazy_gettext("What it is for"))
    return Form(*lines, amount, text, Paragraphs("reason", lazy_gettext("Reason")))


def _names(desk: Desk) -> list[str]:
    return [f"{QUANTITIES}{line_id}" for line_id in desk.offered]


_EMPTY = dict.fromkeys(("amount", "reason"))


def _chosen(given: Given) -> Given:
    """The quantities by the ids of their lines."""
    found = {int(n.removeprefix(QUANTITIES)): value for n, value in given.items() if n.startswith(QUANTITIES)}
    others = {name: value for name, value in given.items() if not name.startswith(QUANTITIES)}
    return Given(others | {"quantities": found}, given.unread)
