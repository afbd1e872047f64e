"""A registry is asked by a person who waits before a page, and what it says is kept."""

from collections.abc import Callable

from flask import flash, redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.people.users import Scope
from faktura.core.received.risks import Question
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.checks import Check
from faktura.outside.http import Unanswered
from faktura.web.door.books import read_books, write_books
from faktura.web.door.database import service
from faktura.web.forms.looking_up import is_too_often
from faktura.web.registries.proofs import proofs_of

Keep = Callable[[Books, RegistryAnswer], Check | None]


def may_ask(asked: Question | None) -> bool:
    registries = service().registries
    return asked is not None and registries is not None and registries.has(asked.registry)


def answer_now(asked: Question) -> RegistryAnswer | str:
    """What a registry says before somebody has waited for long, or in words why it says nothing."""
    registries = service().registries
    if registries is None or is_too_often():
        return gettext("Wait a moment before you ask again.")
    try:
        return service().look_ups.wait_for(lambda: registries.ask(*asked, waits=True))
    except Unanswered:
        return gettext("The registry does not answer as it should. Ask again later.")


def asked_now(
    slug: str, question: Callable[[Books], Question | None], keep: Keep, back: str, scope: Scope | None = None
) -> Response:
    """Back to a page, which says what the registry said."""
    asked = read_books(slug, question, scope, "write")
    if asked is not None and may_ask(asked):
        answer = answer_now(asked)
        flash(answer if isinstance(answer, str) else _kept(slug, keep, answer, scope))
    return redirect(back, 303)


def _kept(slug: str, keep: Keep, answer: RegistryAnswer, scope: Scope | None) -> str:
    check = write_books(slug, lambda books: keep(books, answer), scope, "write")
    return ". ".join(f"{one.registry}: {one.says}" for one in proofs_of([check] if check else []))
