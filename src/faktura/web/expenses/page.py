"""An expense by itself, with its files, its payments and all that happened to it."""

import io
from typing import NamedTuple

from flask import render_template, send_file, url_for
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.documents.attachments import Attachment, find_attachment
from faktura.core.documents.events import LOCKS, allowed_now
from faktura.core.documents.status import status_of
from faktura.core.people.accounts import Account
from faktura.core.people.users import Members, members_by_id
from faktura.core.received.find import find_expense
from faktura.core.received.record import Expense
from faktura.core.received.risks import question_before_payment, risks_of
from faktura.core.registries.checks import last_checks
from faktura.outputs.reading.payment import code_to_pay, title_to_pay
from faktura.store.queries import Condition, Order, Selection
from faktura.web.documents.showing import drawn
from faktura.web.door.books import read_books
from faktura.web.expenses import pages
from faktura.web.expenses.picture import picture_of
from faktura.web.forms.fields import Words
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.history.events import Done, done_in
from faktura.web.registries.asking import may_ask
from faktura.web.registries.proofs import RISKS, Proof, proofs_of

MOST_EVENTS = 100


class Looked(NamedTuple):
    """An expense as a member sees it; `possible` are the events that may happen to it now.

    `code` is the address of the picture by which it is paid, or empty, and `title` what the payment is to be called;
    `authors` wrote notes.
    """

    account: Account
    expense: Expense
    status: str
    possible: list[str]
    happened: list[Done]
    code: str
    title: str
    authors: Members
    risks: list[Words]
    found: list[Proof]
    may_ask: bool


@pages.get("/<slug>/expenses/<id:expense_id>")
def show(slug: str, expense_id: int) -> str:
    return expense_page(slug, expense_id, NOTHING.filled())


def expense_page(slug: str, expense_id: int, filled: Filled) -> str:
    """The page, also after a verb that has no page of its own was refused."""

    def work(books: Books) -> Looked:
        expense = find_expense(books, expense_id)
        happened = books.some_in_order(Happening, _about(expense), MOST_EVENTS)
        status, possible = status_of(expense, books.today), allowed_now(expense, LOCKS)
        code = code_to_pay(expense, books.account.country)
        shown = drawn(code.payload) if code else ""
        authors = members_by_id(books) if expense.notes else {}
        risks = [RISKS[risk] for risk in risks_of(books, expense)]
        found = proofs_of(last_checks(books, expense.contact_id or 0, expense))
        done = done_in(books, happened)
        asks = may_ask(question_before_payment(books, expense))
        title = title_to_pay(expense)
        return Looked(books.account, expense, status, possible, done, shown, title, authors, risks, found, asks)

    looked = read_books(slug, work, "expenses")
    picture = picture_of(slug, looked.expense)
    return render_template("expenses/page.html", **looked._asdict(), filled=filled, picture=picture)


@pages.get("/<slug>/expenses/<id:expense_id>/files/<id:attachment_id>")
def download(slug: str, expense_id: int, attachment_id: int) -> Response:
    def work(books: Books) -> Attachment:
        return find_attachment(books, find_expense(books, expense_id), attachment_id)

    return sent_as_file(read_books(slug, work, "expenses"))


def sent_as_file(kept: Attachment) -> Response:
    """To be downloaded, and never shown in its place."""
    content, name = io.BytesIO(kept.content), kept.filename
    return send_file(content, kept.content_type, as_attachment=True, download_name=name, etag=False)


def address_of(slug: str, expense_id: int) -> str:
    return url_for("expenses.show", slug=slug, expense_id=expense_id)


def _about(expense: Expense) -> Selection:
    named = Condition("kind", "eq", Expense.table_name), Condition("record_id", "eq", expense.id)
    return Selection(named, order=(Order("id", descending=True),))
