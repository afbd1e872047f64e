"""What is to be done and what was, the last first; a todo is done by one press, which can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from flask import render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.people.accounts import Account
from faktura.core.people.users import EVERY_SCOPE, Scope
from faktura.core.todos import Todo, TodoName, find_todo, todos_seen, toggle
from faktura.web.door.books import may, read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import Rows, rows_asked
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import Undoable, save
from faktura.web.forms.sentences import REASONS
from faktura.web.history.records import called, page_of
from faktura.web.todos import pages

PARTS: Mapping[str, tuple[bool, LazyString]] = {
    "open": (False, lazy_gettext("To do")),
    "done": (True, lazy_gettext("Done")),
}
"""By what the address asks for, whether it is done, and its words."""


OWN_PAGES: Mapping[TodoName, tuple[str, str]] = {"ksef_not_connected": ("KSeF", "ksef.show_all")}
"""What is about the firm itself: what its page is called, and the endpoint."""


class Shown(NamedTuple):
    """A todo with what the record is called that it is about, where its page is, and why it is there."""

    todo: Todo
    subject: str
    address: str
    why: Sequence[str] = ()


class Listed(NamedTuple):
    """A page of the list."""

    account: Account
    rows: Rows[Todo]
    todos: list[Shown]


@pages.get("/<slug>/todos")
def show_all(slug: str) -> str:
    return _page(slug, NOTHING.filled())


@pages.post("/<slug>/todos/<id:todo_id>/toggle")
@keeps_typed
def toggle_now(slug: str, todo_id: int) -> Response:
    """Done or to do again, whatever it is not; whoever undoes it comes back to the list."""
    filled = NOTHING.posted()
    back = url_for("overview.show", slug=slug) if request.args.get("at") == "overview" else _list(slug)
    undone = url_for("todos.toggle_now", slug=slug, todo_id=todo_id)
    scope = read_books(slug, lambda books: find_todo(books, todo_id).scope)
    return save(
        slug,
        filled,
        lambda books, _: toggle(books, todo_id),
        then=lambda _: back,
        again=lambda filled: _page(slug, filled),
        done=Undoable(lazy_gettext("The list is changed."), lambda _: undone),
        scope=scope,
    )


def seen() -> tuple[Scope, ...]:
    return tuple(scope for scope in EVERY_SCOPE if may(scope))


def shown(books: Books, todos: Iterable[Todo]) -> list[Shown]:
    todos = list(todos)
    names = called(books, [(todo.kind, todo.record_id) for todo in todos])
    slug = books.account.slug

    def one(todo: Todo) -> Shown:
        if todo.name in OWN_PAGES:
            subject, endpoint = OWN_PAGES[todo.name]
            return Shown(todo, subject, url_for(endpoint, slug=slug))
        key = todo.kind, todo.record_id
        return Shown(todo, names.get(key, ""), page_of(slug, *key), why(todo))

    return [one(todo) for todo in todos]


def why(todo: Todo) -> Sequence[str]:
    """What stands in the way, or which rules are broken, each in its own words."""
    if said := todo.params.get("said"):
        return (said,)
    if todo.name == "ksef_refused":
        return (gettext("Its page says for what."),)
    reason = next((said() for name, said in REASONS.items() if name == todo.params.get("reason")), None)
    return todo.params.get("rules", "").splitlines() if reason is None else (reason,)


def _list(slug: str) -> str:
    return url_for("todos.show_all", slug=slug)


def _page(slug: str, filled: Filled) -> str:
    part = "done" if request.args.get("part") == "done" else "open"

    def work(books: Books) -> Listed:
        rows = rows_asked(books, Todo, todos_seen(seen(), done=PARTS[part][0]))
        return Listed(books.account, rows, shown(books, rows.records))

    listed = read_books(slug, work)
    return render_template("todos/list.html", **listed._asdict(), filled=filled, part=part, parts=PARTS)
