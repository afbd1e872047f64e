"""What is done with an expense by one press: it is locked and unlocked, and checked; and it is thrown away."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.received.change import delete_expense, let_happen_to_expense
from faktura.core.received.find import find_expense
from faktura.core.received.risks import note_before_payment, question_before_payment
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.expenses import pages
from faktura.web.expenses.page import address_of, expense_page
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import Undoable, save
from faktura.web.registries.asking import asked_now

DONE = {"lock": lazy_gettext("The expense is locked."), "unlock": lazy_gettext("The expense is unlocked.")}
OPPOSITES = {"lock": "unlock", "unlock": "lock"}


@keeps_typed
def fire_now(slug: str, expense_id: int, event: str) -> Response:
    back = url_for("expenses.fire", slug=slug, expense_id=expense_id, event=OPPOSITES[event])
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: let_happen_to_expense(books, expense_id, event),
        then=lambda _: address_of(slug, expense_id),
        again=lambda filled: expense_page(slug, expense_id, filled),
        done=Undoable(DONE[event], lambda _: back),
        scope="expenses",
        deed="lock",
    )


for name in DONE:
    pages.add_url_rule(
        f"/<slug>/expenses/<id:expense_id>/{name}", "fire", fire_now, methods=["POST"], defaults={"event": name}
    )


@pages.post("/<slug>/expenses/<id:expense_id>/check")
def check(slug: str, expense_id: int) -> Response:
    return asked_now(
        slug,
        lambda books: question_before_payment(books, find_expense(books, expense_id)),
        lambda books, answer: note_before_payment(books, expense_id, answer),
        address_of(slug, expense_id),
        "expenses",
    )


@pages.get("/<slug>/expenses/<id:expense_id>/delete")
def delete(slug: str, expense_id: int) -> str:
    return _before_deleting(slug, expense_id, NOTHING.filled())


@pages.post("/<slug>/expenses/<id:expense_id>/delete")
@keeps_typed
def delete_now(slug: str, expense_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_expense(books, expense_id),
        then=lambda _: url_for("expenses.show_all", slug=slug),
        again=lambda filled: _before_deleting(slug, expense_id, filled),
        done=lazy_gettext("The expense was deleted."),
        scope="expenses",
    )


def _before_deleting(slug: str, expense_id: int, filled: Filled) -> str:
    account, expense = read_books(
        slug, lambda books: (books.account, find_expense(books, expense_id)), "expenses", "write"
    )
    return render_template("expenses/delete.html", account=account, expense=expense, filled=filled)
