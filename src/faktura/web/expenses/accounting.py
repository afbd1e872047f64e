"""How an expense or a scan stands in the books is said, what was bought, and what there is to note."""

from collections.abc import Callable
from typing import NamedTuple

from flask import render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.received.accounting import account_for
from faktura.core.received.find import find_expense, is_entered
from faktura.core.received.record import Expense
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.names import ACCOUNTINGS, categories
from faktura.web.expenses import pages
from faktura.web.expenses.page import address_of
from faktura.web.forms.fields import Choice, Paragraphs
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

FORM = Form(
    Choice("accounting", lazy_gettext("Books"), options=ACCOUNTINGS.items, first=True),
    Choice(
        "category",
        lazy_gettext("Category"),
        options=categories,
        empty="–",
    ),
    Paragraphs("content", lazy_gettext("Note"), hint=lazy_gettext("The supplier never sees it.")),
)


class Desk(NamedTuple):
    """Where it is said: how a paper is found by its id, and the page that is shown afterwards."""

    find: Callable[[Books, int], Expense]
    back: Callable[[str, int], str]


@pages.get("/<slug>/expenses/<id:expense_id>/accounting")
def say_accounting(slug: str, expense_id: int) -> str:
    return accounting_asked(DESK, slug, expense_id)


@pages.post("/<slug>/expenses/<id:expense_id>/accounting")
@keeps_typed
def keep_accounting(slug: str, expense_id: int) -> Response:
    return accounting_said(DESK, slug, expense_id)


def accounting_asked(desk: Desk, slug: str, paper_id: int) -> str:
    paper = read_books(slug, lambda books: desk.find(books, paper_id), "expenses", "write")
    return _page(desk, slug, paper_id, FORM.filled(accounting=paper.accounting, category=paper.category))


def accounting_said(desk: Desk, slug: str, paper_id: int) -> Response:
    return save(
        slug,
        FORM.posted(),
        lambda books, given: _kept(books, desk.find(books, paper_id), given),
        then=lambda _: desk.back(slug, paper_id),
        again=lambda filled: _page(desk, slug, paper_id, filled),
        done=lazy_gettext("It was written down."),
        scope="expenses",
    )


def _kept(books: Books, paper: Expense, given: Given) -> Expense:
    said = str(given.get("accounting") or paper.accounting)
    return account_for(books, paper, said, given.get("content") or "", given.get("category") or None)


def _page(desk: Desk, slug: str, paper_id: int, filled: Filled) -> str:
    def work(books: Books) -> tuple[Account, Expense]:
        return books.account, desk.find(books, paper_id)

    account, paper = read_books(slug, work, "expenses", "write")
    name = paper.number if is_entered(paper) else paper.attachments[0].filename
    back = desk.back(slug, paper_id)
    return render_template("expenses/accounting.html", account=account, name=name, filled=filled, back=back)


DESK = Desk(find_expense, address_of)
