"""What programs propose, the last first, and what people decided about it."""

from collections.abc import Mapping

from flask import render_template
from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.books.books import Books
from faktura.core.people.accounts import Account
from faktura.core.proposals.record import Proposal, State
from faktura.core.proposals.verbs import proposals_seen
from faktura.web.door.books import read_books
from faktura.web.door.lists import Rows, rows_asked
from faktura.web.proposals import pages
from faktura.web.todos.list import seen

DEEDS: Mapping[str, LazyString] = {
    "issue_invoice": lazy_gettext("Issue a document"),
    "enter_expense": lazy_gettext("Enter an expense"),
    "add_contact": lazy_gettext("Add a contact"),
    "change_contact": lazy_gettext("Change a contact"),
    "pay_invoice": lazy_gettext("Write down a payment"),
    "pay_expense": lazy_gettext("Write down what was paid"),
    "send_letter": lazy_gettext("Send a letter"),
}

STATES: Mapping[State, LazyString] = {
    "open": lazy_gettext("waits for you"),
    "confirmed": lazy_gettext("confirmed"),
    "refused": lazy_gettext("refused"),
    "expired": lazy_gettext("expired"),
}


@pages.get("/<slug>/proposals")
def show_all(slug: str) -> str:
    def work(books: Books) -> tuple[Account, Rows[Proposal], list[tuple[Proposal, State]]]:
        rows = rows_asked(books, Proposal, proposals_seen(seen()))
        return books.account, rows, [(one, one.state(books.now)) for one in rows.records]

    account, rows, proposals = read_books(slug, work)
    return render_template(
        "proposals/list.html", account=account, rows=rows, proposals=proposals, deeds=DEEDS, states=STATES
    )
