"""An expense is entered or changed, and what it comes to is seen while it is typed."""

from http import HTTPStatus
from typing import NamedTuple

from flask import make_response, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.documents.attachments import MOST_MEGABYTES
from faktura.core.errors import Given, WrongState
from faktura.core.people.accounts import Account
from faktura.core.received.change import change_expense
from faktura.core.received.compose import compose_change, compose_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.find import find_expense
from faktura.core.received.propose import entered_before, proposed_for
from faktura.core.received.record import Expense
from faktura.core.received.scans import find_scan
from faktura.web.documents.editor import sums_of, with_a_spare_line, with_customers
from faktura.web.documents.fields import desk_of
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import id_asked
from faktura.web.door.sizes import is_part
from faktura.web.expenses import pages
from faktura.web.expenses.fields import change_told, expense_form, shown_of, shown_proposal, told, usual
from faktura.web.expenses.page import address_of
from faktura.web.expenses.picture import picture_of
from faktura.web.forms.form import Filled
from faktura.web.forms.saving import save
from faktura.web.forms.sentences import reason

LONGEST_FORM = (MOST_MEGABYTES + 1) * 1_000_000


class Seen(NamedTuple):
    """A form, what it comes to, the expense that it changes, the scan that it is made of, and the same paper."""

    account: Account
    filled: Filled
    composed: Expense
    changes: Expense | None
    scan: Expense | None
    before: Expense | None


@pages.get("/<slug>/expenses/new")
def new(slug: str) -> str:
    scan_id = id_asked("scan")
    return _page(slug, read_books(slug, lambda books: _begun(books, scan_id), "expenses", "write"))


@pages.post("/<slug>/expenses/new")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def add(slug: str) -> Response:
    return save(
        slug,
        _posted(slug),
        lambda books, given: enter_expense(books, told(given)),
        then=lambda expense_id: address_of(slug, expense_id),
        again=lambda filled: _page(slug, filled),
        done=lazy_gettext("The expense was entered."),
        scope="expenses",
    )


@pages.get("/<slug>/expenses/<id:expense_id>/edit")
def edit(slug: str, expense_id: int) -> Response:
    def work(books: Books) -> tuple[Filled, Expense]:
        expense = find_expense(books, expense_id)
        desk = desk_of(books, expense.taxable_on or expense.issued_on)
        return expense_form(desk).filled(**shown_of(expense)), expense

    filled, expense = read_books(slug, work, "expenses", "write")
    if expense.locked_at is not None:
        return make_response(_page(slug, filled.saying(reason(WrongState("locked")))), HTTPStatus.CONFLICT)
    return make_response(_page(slug, filled))


@pages.post("/<slug>/expenses/<id:expense_id>/edit")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def change(slug: str, expense_id: int) -> Response:
    return save(
        slug,
        _posted(slug).having("changes", str(expense_id)),
        lambda books, given: change_expense(books, expense_id, change_told(given, find_expense(books, expense_id))),
        then=lambda _: address_of(slug, expense_id),
        again=lambda filled: _page(slug, filled),
        done=lazy_gettext("The expense was changed."),
        scope="expenses",
    )


@pages.post("/<slug>/expenses/totals")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def totals(slug: str) -> Response:
    """What it comes to as it is typed; without a script that is the whole page again, with one more line to fill."""
    filled = _posted(slug)
    if is_part():
        return make_response(_page(slug, filled, "expenses/totals.html"))
    return make_response(_page(slug, with_a_spare_line(filled, request.form.get("without", "")).unread()))


def _begun(books: Books, scan_id: int | None) -> Filled:
    """The form with what is usual, and what a scan says."""
    desk = desk_of(books)
    if scan_id is None:
        return expense_form(desk).filled(**usual(desk))
    scan = find_scan(books, scan_id)
    given = proposed_for(books, scan)
    composed = compose_expense(books, Given(usual(desk) | given)).expense
    return expense_form(desk).filled(**shown_proposal(composed, given, scan))


def _posted(slug: str) -> Filled:
    return expense_form(read_books(slug, desk_of, "expenses", "write")).posted()


def _page(slug: str, filled: Filled, template: str = "expenses/form.html") -> str:
    seen = read_books(slug, lambda books: _seen(books, filled), "expenses", "write")
    cancel = url_for("expenses.show_all", slug=slug) if seen.changes is None else address_of(slug, seen.changes.id)
    sums, picture = sums_of(seen.filled, seen.composed.lines), picture_of(slug, seen.scan or seen.changes)
    return render_template(template, **seen._asdict(), line_sums=sums, cancel=cancel, picture=picture)


def _seen(books: Books, filled: Filled) -> Seen:
    filled = with_customers(books, filled)
    given = filled.given()
    composed, changes = _composed(books, given)
    scan = None if changes or given.get("scan_id") is None else find_scan(books, given["scan_id"])
    before = entered_before(books, composed.contact_id or None, composed.original_number, changes.id if changes else 0)
    return Seen(books.account, filled, composed, changes, scan, before)


def _composed(books: Books, given: Given) -> tuple[Expense, Expense | None]:
    """What would be entered, or what an expense would be changed to, and that expense; files come to nothing."""
    given = Given({name: value for name, value in given.items() if name != "file"}, given.unread)
    if (expense_id := given.get("changes")) is None:
        return compose_expense(books, told(given)).expense, None
    old = find_expense(books, expense_id)
    return compose_change(books, old.id, change_told(given, old)).expense, old
