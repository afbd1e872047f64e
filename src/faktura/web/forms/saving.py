"""A form is saved: its verb is done once, and what the core refuses is shown in the form, with all that was typed."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

from flask import flash, g, make_response, redirect, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from faktura.core.accounts.missing import Incomplete
from faktura.core.books.books import Books
from faktura.core.books.kept_answers import KeyReused, keep_answer, kept_answer
from faktura.core.errors import Clash, Given, InUse, Invalid, LimitReached, WrongState
from faktura.core.people.members import LastOwner
from faktura.core.people.roles import Deed
from faktura.core.people.users import Scope
from faktura.web.door.books import write_books
from faktura.web.forms.fields import Words
from faktura.web.forms.form import Filled
from faktura.web.forms.missing import what_to_fill_in
from faktura.web.forms.sentences import reason

LONGEST_ONCE = 64


class Wrong(Exception):  # noqa: N818 (says what is wrong)
    """A page itself refuses what was typed into a field, in its own words."""

    def __init__(self, name: str, words: Words) -> None:
        super().__init__(name)
        self.name = name
        self.words = words


class Made(Protocol):
    """What a verb made or changed."""

    @property
    def id(self) -> int: ...


class Undoable(NamedTuple):
    """What is said of something that was done, and the address that undoes it, by the id of what was made."""

    words: Words
    undo: Callable[[int], str]


Verb = Callable[[Books, Given], Made | None]


def save(
    slug: str,
    filled: Filled,
    verb: Verb,
    *,
    then: Callable[[int], str],
    again: Callable[[Filled], str],
    done: Words | Undoable = "",
    scope: Scope | None = None,
    deed: Deed = "write",
) -> Response:
    """Do the verb with what was typed and lead on to an address, or show the form `again`.

    A form that was sent twice leads to what was made the first time: `then` takes the id of the record that the verb
    gives back, or a 0. `done` is what is said where it leads to, perhaps beside a button that undoes it; `deed` is what
    the person must be allowed to do. The view has to be one that `keeps_typed`.

    Raises:
        Refusal: whatever cannot be mended in a form, which the error pages say.

    """
    path = request.path

    def do() -> str:
        made = write_books(slug, lambda books: _once(books, filled, path, verb), scope, deed)
        if isinstance(done, Undoable):
            flash(str(done.words), done.undo(made))
        return then(made)

    return lead_on(do, filled, again=again, done="" if isinstance(done, Undoable) else done)


def lead_on(do: Callable[[], str], filled: Filled, *, again: Callable[[Filled], str], done: Words = "") -> Response:
    """Do what comes back with an address or raises `Wrong`, and lead there or show the form with what is wrong."""
    try:
        address = do()
    except Wrong as wrong:
        return _shown(again(filled.wrong_at(wrong.name, wrong.words)), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Invalid as invalid:
        return _shown(again(filled.refused(invalid)), HTTPStatus.UNPROCESSABLE_ENTITY)
    except Incomplete as incomplete:
        return _shown(again(filled.saying(what_to_fill_in(incomplete.missing))), HTTPStatus.CONFLICT)
    except (Clash, InUse, LastOwner, LimitReached, WrongState) as refusal:
        return _shown(again(filled.saying(reason(refusal))), HTTPStatus.CONFLICT)
    except CSRFError:
        g.expired = None
        expired = gettext("The page stood open for too long. Nothing is lost: look it through and send it again.")
        return _shown(again(filled.saying(expired)), HTTPStatus.BAD_REQUEST)
    if done:
        flash(str(done))
    return redirect(address, HTTPStatus.SEE_OTHER)


def _once(books: Books, filled: Filled, path: str, verb: Verb) -> int:
    """The id of what was made, which is kept for a day; no key of a program has a space in it."""
    key, fingerprint = key_of(filled), hashlib.sha256(path.encode()).hexdigest()
    fit = 0 < len(filled.once) <= LONGEST_ONCE
    try:
        kept = kept_answer(books, key, fingerprint) if fit else None
    except KeyReused:
        fit, kept = False, None
    if kept is not None:
        return int(kept.body)
    made = verb(books, filled.given())
    made_id = 0 if made is None else made.id
    if fit:
        keep_answer(books, key, fingerprint, (HTTPStatus.SEE_OTHER, str(made_id).encode(), None, None))
    return made_id


def key_of(filled: Filled) -> str:
    """Under which it is known what was made of the form."""
    return f"page {filled.once}"


def secret_of(filled: Filled, key: str, what: str = "secret") -> str:
    """A secret for what the form makes: nobody else can know it, and a form that was sent twice has the same one.

    `what` tells apart several that one form makes, and those of several people where its address is one for all.
    """
    once = filled.once or secrets.token_urlsafe()
    made = hmac.digest(key.encode(), f"{what} {request.path} {once}".encode(), "sha256")
    return urlsafe_b64encode(made).decode().rstrip("=")


def _shown(page: Any, status: int) -> Response:
    return make_response(page, status)
