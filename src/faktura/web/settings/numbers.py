"""The formats that documents are numbered by, each with the next three numbers."""

from typing import NamedTuple

from flask import render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.documents.number_formats import (
    LARGEST_COUNTER,
    LONGEST_PATTERN,
    add_number_format,
    archive_number_format,
    bring_back_number_format,
    change_number_format,
    formats_of,
    preview_numbers,
)
from faktura.core.documents.numbering import NumberFormat, first_patterns
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.names import NUMBERED
from faktura.web.forms.fields import Choice, Text, Whole, YesNo, given_of
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages
from faktura.web.settings.confirm import asked

PATTERN = Text(
    "pattern",
    lazy_gettext("Format of numbers"),
    hint=lazy_gettext("#yyyy# or #yy# is the year, #mm# the month, #dddd# the counter with four digits."),
)
NEXT = Whole(
    "next", lazy_gettext("Next counter"), hint=lazy_gettext("Where you counted elsewhere; empty means that it goes on.")
)
DEFAULT = YesNo("default", lazy_gettext("Documents are numbered by it, unless they name another"))

NEW = Form(Choice("kind", lazy_gettext("Kind"), options=NUMBERED.items), PATTERN, NEXT, DEFAULT)
CHANGED = Form(PATTERN, NEXT, DEFAULT)


class Series(NamedTuple):
    """A format and the next numbers that it gives."""

    number_format: NumberFormat
    numbers: tuple[str, ...]


@pages.get("/<slug>/settings/numbers")
def numbers(slug: str) -> str:
    def work(books: Books) -> tuple[Account, list[Series], list[NumberFormat]]:
        found = [Series(used, preview_numbers(books, used)) for used in formats_of(books)]
        return books.account, found, formats_of(books, archived=True)

    account, found, archived = read_books(slug, work, deed="manage")
    first = {kind: p for kind, p in first_patterns(account.country).items() if kind not in {s[0].kind for s in found}}
    return render_template("settings/numbers.html", account=account, found=found, archived=archived, first=first)


@pages.get("/<slug>/settings/numbers/new")
def new_number_format(slug: str) -> str:
    return _form(slug, NEW.filled(kind="invoice"))


@pages.post("/<slug>/settings/numbers/new")
@keeps_typed
def add_format(slug: str) -> Response:
    return save(
        slug,
        NEW.posted(),
        add_number_format,
        then=lambda _: url_for("settings.numbers", slug=slug),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The format was added."),
        deed="manage",
    )


@pages.get("/<slug>/settings/numbers/<id:format_id>")
def number_format(slug: str, format_id: int) -> str:
    found = read_books(slug, lambda books: books.find(NumberFormat, format_id), deed="manage")
    return _form(slug, CHANGED.filled(pattern=found.pattern, default=found.default), format_id)


@pages.post("/<slug>/settings/numbers/<id:format_id>")
@keeps_typed
def change_format(slug: str, format_id: int) -> Response:
    return save(
        slug,
        CHANGED.posted(),
        lambda books, given: change_number_format(books, format_id, given),
        then=lambda _: url_for("settings.numbers", slug=slug),
        again=lambda filled: _form(slug, filled, format_id),
        done=lazy_gettext("The format was changed."),
        deed="manage",
    )


@pages.get("/<slug>/settings/numbers/<id:format_id>/archive")
def archive(slug: str, format_id: int) -> str:
    return _before_archiving(slug, format_id, NOTHING.filled())


@pages.post("/<slug>/settings/numbers/<id:format_id>/archive")
@keeps_typed
def archive_now(slug: str, format_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: archive_number_format(books, format_id),
        then=lambda _: url_for("settings.numbers", slug=slug),
        again=lambda filled: _before_archiving(slug, format_id, filled),
        done=lazy_gettext("The format was set aside."),
        deed="manage",
    )


@pages.post("/<slug>/settings/numbers/<id:format_id>/bring-back")
def bring_back(slug: str, format_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: bring_back_number_format(books, format_id),
        then=lambda _: url_for("settings.numbers", slug=slug),
        again=lambda filled: _before_archiving(slug, format_id, filled),
        done=lazy_gettext("The format is in use again."),
        deed="manage",
    )


@pages.get("/<slug>/settings/numbers/preview")
def preview(slug: str) -> str:
    """The next three numbers of a format while it is typed."""
    given = given_of((PATTERN, NEXT), {name: request.args.get(name, "") for name in ("pattern", "next")})
    shown = read_books(slug, lambda books: numbers_shown(books, given))
    return render_template("settings/next_numbers.html", numbers=shown)


def usual_pattern(books: Books) -> str:
    """By which invoices are numbered where they name no other."""
    used = formats_of(books, "invoice")
    return next((f.pattern for f in used if f.default), first_patterns(books.account.country)["invoice"])


def numbers_shown(books: Books, given: Given) -> tuple[str, ...]:
    """The next three numbers of what is typed, which need not be right yet."""
    pattern, following = given.get("pattern") or "", given.get("next")
    if not pattern or len(pattern) > LONGEST_PATTERN or not 0 <= (following or 0) <= LARGEST_COUNTER:
        return ()
    used = next((f for f in formats_of(books) if f.pattern == pattern), pattern)
    return preview_numbers(books, used, following)


def _before_archiving(slug: str, format_id: int, filled: Filled) -> str:
    found = read_books(slug, lambda books: books.find(NumberFormat, format_id), deed="manage")
    return asked(
        slug,
        filled,
        gettext("Set the format %(pattern)s aside", pattern=found.pattern),
        gettext("No more documents are numbered by it; those that it numbered keep their numbers."),
        gettext("Set it aside"),
        url_for("settings.numbers", slug=slug),
    )


def _form(slug: str, filled: Filled, format_id: int | None = None) -> str:
    typed = filled.given()

    def work(books: Books) -> tuple[Account, NumberFormat | None, tuple[str, ...]]:
        found = None if format_id is None else books.find(NumberFormat, format_id)
        return books.account, found, numbers_shown(books, typed)

    account, found, shown = read_books(slug, work, deed="manage")
    return render_template(
        "settings/number_format.html", account=account, number_format=found, filled=filled, numbers=shown
    )
