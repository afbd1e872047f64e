"""Contacts are brought in from a table: first it is tried and each row says its result, then it is done."""

import functools
from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus
from typing import NamedTuple

from flask import make_response, render_template, url_for
from flask_babel import force_locale, gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.errors import Given
from faktura.core.importing import OnlyTried, Row, import_contacts, try_import
from faktura.inputs.tables import Unreadable, read_table, write_table
from faktura.store.search import folded
from faktura.web.contacts import pages
from faktura.web.contacts.form import CONTACT
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books, write_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.languages import LANGUAGES
from faktura.web.forms.fields import Choice, File, Text, Words, given_of
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.forms.sentences import sentence

MOST_BYTES = 2_000_000

TABLE = Form(
    File("file", lazy_gettext("File"), accept=".csv,.xlsx", hint=lazy_gettext("CSV or Excel, up to 1000 rows.")),
    Text("table", lazy_gettext("Table")),
)


REASONS = {
    "not_a_table": lazy_gettext("This is neither a CSV file nor an Excel file."),
    "too_many_rows": lazy_gettext("The table has more than 1000 rows. Bring it in by parts."),
}


class Tried(NamedTuple):
    """A row of the table with its result, and what is wrong with it in words."""

    row: Row
    problems: list[str]


@pages.get("/<slug>/subjects/import")
def bring_in(slug: str) -> str:
    return _page(slug, TABLE.filled())


@pages.post("/<slug>/subjects/import")
@takes_up_to(MOST_BYTES)
@keeps_typed
def bring_in_now(slug: str) -> Response:
    """What comes back from the trial is done; a file is tried."""
    filled = TABLE.posted()
    if not filled.typed["table"]:
        return _try(slug, filled)
    rows = _given(read_table(filled.typed["table"].encode()))
    return save(
        slug,
        filled,
        lambda books, _: _done(import_contacts(books, rows)),
        then=lambda _: url_for("contacts.show_all", slug=slug, sort="-added"),
        again=lambda filled: _page(slug, filled),
        done=lazy_gettext("The contacts were brought in."),
    )


def _done(_: list[Row]) -> None:
    """No record by itself comes out of it."""


def _try(slug: str, filled: Filled) -> Response:
    file = filled.typed["file"]
    if file is None:
        return _refused(slug, filled, gettext("Choose a file."))
    try:
        table = read_table(file.content)
    except Unreadable as unreadable:
        return _refused(slug, filled, REASONS[unreadable.reason])
    if not table or not any(attribute_of(head) for head in table[0]):
        return _refused(slug, filled, gettext("The first row has to name the columns: Name, E-mail, City …"))
    rows = _given(table)
    try:
        write_books(slug, lambda books: try_import(books, rows))
    except OnlyTried as tried:
        kept = Filled(TABLE, {"file": None, "table": write_table(table)}, filled.once)
        found = [Tried(row, _words(row)) for row in tried.rows]
        return make_response(_page(slug, kept, found, [head for head in table[0] if not attribute_of(head)]))
    raise AssertionError


def _refused(slug: str, filled: Filled, words: Words) -> Response:
    return make_response(_page(slug, filled.wrong_at("file", words)), HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(slug: str, filled: Filled, tried: Sequence[Tried] = (), unknown: Sequence[str] = ()) -> str:
    account = read_books(slug, lambda books: books.account, deed="write")
    results = Counter(one.row.result for one in tried)
    return render_template(
        "contacts/import.html", account=account, filled=filled, tried=tried, unknown=unknown, results=results
    )


def _words(row: Row) -> list[str]:
    fields = CONTACT.fields
    return [
        f"{fields[name].label if name in fields else name}: {sentence(problem)}"
        for name, problems in row.problems.items()
        for problem in problems
    ]


def _given(table: list[dict[str, str]]) -> list[Given]:
    """An empty cell says nothing about its contact."""
    rows = ({attribute_of(head): value for head, value in row.items() if value} for row in table)
    return [
        given_of(CONTACT.fields.values(), {name: _chosen(name, value) for name, value in row.items() if name})
        for row in rows
    ]


def _chosen(name: str, value: str) -> str:
    """What a list calls its values may stand in the table instead of them."""
    field = CONTACT.fields[name]
    options = field.options() if isinstance(field, Choice) else ()
    return next((code for code, words in options if folded(str(words)) == folded(value)), value)


def attribute_of(head: str) -> str:
    """What a column is about, by its name in any language of the pages or in the core; an empty text where unknown."""
    return _heads().get(folded(head).strip(" *:"), "")


@functools.cache
def _heads() -> dict[str, str]:
    heads = {name: name for name in CONTACT.fields}
    for language in LANGUAGES:
        with force_locale(language):
            heads |= {folded(str(field.label)): name for name, field in CONTACT.fields.items()}
    return heads
