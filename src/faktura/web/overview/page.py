"""The first page of an account: figures that lead to the lists they add up."""

import datetime as dt
from typing import NamedTuple

from flask import render_template

from faktura.core.accounts.missing import Missing, what_is_missing
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.contacts import Contact
from faktura.core.invoices.debts import (
    MONTHS,
    UNPAID,
    Debt,
    by_age,
    by_month,
    overdue,
    owed,
    paid_between,
    total,
    worst_debts,
)
from faktura.core.invoices.drafts import count_drafts
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.duty import Outside, outside_ksef
from faktura.core.people.accounts import Account
from faktura.core.todos import Todo, todos_seen
from faktura.web.door.books import read_books
from faktura.web.door.lists import some_of
from faktura.web.forms.form import NOTHING
from faktura.web.history.events import Done, done_in
from faktura.web.history.list import events_seen
from faktura.web.overview import pages
from faktura.web.overview.chart import YEAR, Age, Group, ageing, monthly
from faktura.web.todos.list import Shown, seen, shown

LAST_EVENTS = 10

LAST_TODOS = 5


class Figures(NamedTuple):
    """What stands on the page; sums are in the books' currency."""

    account: Account
    missing: tuple[Missing, ...]
    unpaid: Debt
    overdue: Debt
    paid: Debt
    drafts: int
    is_empty: bool
    month: tuple[dt.date, dt.date]
    months: list[Group]
    ages: list[Age]
    worst: list[tuple[Contact, Debt]]
    events: list[Done]
    to_do: int
    todos: list[Shown]
    outside: Outside | None


@pages.get("/<account:slug>")
def show(slug: str) -> str:
    found = read_books(slug, figures, "invoices")
    return render_template("overview/page.html", **found._asdict(), once=NOTHING.filled().once)


def figures(books: Books) -> Figures:
    today = books.today
    month = today.replace(day=1), today
    to_do = todos_seen(seen(), done=False)
    unpaid = owed(books, UNPAID)
    return Figures(
        books.account,
        what_is_missing(books),
        unpaid,
        owed(books, overdue(today)),
        total(books, paid_between(*month)),
        count_drafts(books),
        not (unpaid.documents or books.count(Invoice)),
        month,
        monthly(by_month(books, MONTHS + YEAR)),
        ageing(by_age(books)),
        _named(books, worst_debts(books)),
        done_in(books, some_of(books, Happening, events_seen(), LAST_EVENTS)),
        books.count(Todo, to_do),
        shown(books, some_of(books, Todo, to_do, LAST_TODOS)),
        outside_ksef(books),
    )


def _named(books: Books, debts: list[tuple[int, Debt]]) -> list[tuple[Contact, Debt]]:
    contacts = {contact.id: contact for contact in books.some(Contact, [contact_id for contact_id, _ in debts])}
    return [(contacts[contact_id], debt) for contact_id, debt in debts if contact_id in contacts]
