"""A document that was issued is changed; what somebody else changed since it was opened is kept, or shown beside."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from flask import make_response, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given, WrongState
from faktura.core.invoices.drafts import drop_draft
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.merge import Merged, as_it_was, change_since, merge
from faktura.core.invoices.record import Invoice
from faktura.web.documents import pages
from faktura.web.documents.drafts import draft_named
from faktura.web.documents.editor import LONGEST_FORM, page, posted, with_a_spare_line
from faktura.web.documents.fields import Desk, change_told, desk_of, editor, shown_of
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Choice, Words
from faktura.web.forms.form import Filled
from faktura.web.forms.saving import save
from faktura.web.forms.sentences import reason


@pages.get("/<slug>/invoices/<id:invoice_id>/edit")
def edit(slug: str, invoice_id: int) -> Response:
    def work(books: Books) -> tuple[Desk, Invoice]:
        invoice = find_invoice(books, invoice_id)
        return desk_of(books, invoice.taxable_on or invoice.issued_on), invoice

    desk, invoice = read_books(slug, work, "invoices", "write")
    filled = editor(desk).filled(**shown_of(invoice))
    if invoice.locked_at is not None:
        return make_response(page(slug, filled.saying(reason(WrongState("locked")))), HTTPStatus.CONFLICT)
    return make_response(page(slug, filled))


@pages.post("/<slug>/invoices/<id:invoice_id>/edit")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def change(slug: str, invoice_id: int) -> Response:
    filled = posted(slug).having("changes", str(invoice_id))
    return save(
        slug,
        filled,
        lambda books, given: _changed(books, invoice_id, given, filled.once),
        then=lambda _: url_for("invoices.show", slug=slug, invoice_id=invoice_id),
        again=lambda refused: page(slug, read_books(slug, lambda books: _met(books, invoice_id, refused), "invoices")),
        done=lazy_gettext("The document was changed."),
        scope="invoices",
    )


def _changed(books: Books, invoice_id: int, given: Given, once: str) -> Invoice:
    now = find_invoice(books, invoice_id)
    version, values = given.get("version") or now.version, change_told(given, now)
    kept = change_since(books, invoice_id, version, values, confirmed=given["confirmed"])
    if (draft_id := draft_named(books, given.get("draft"), once)) is not None:
        drop_draft(books, draft_id)
    return kept


def _met(books: Books, invoice_id: int, filled: Filled) -> Filled:
    """The form with what somebody else changed since; where both changed the same, it says so."""
    now, given = find_invoice(books, invoice_id), filled.given()
    if given.get("version") in {None, now.version}:
        return filled
    was = as_it_was(books, now, given["version"])
    merged = merge(was, now, change_told(given, now))
    fresh = filled.form.filled(**shown_of(now))
    mine = {*merged.given, *merged.given.unread, "draft"} - {"lines"}
    typed = {name: filled.typed[name] if name in mine else there for name, there in fresh.typed.items()}
    typed["lines"] = list(_rows(with_a_spare_line(filled), fresh, merged, {line.id for line in was.lines}))
    met = Filled(filled.form, typed, filled.once, filled.problems, filled.said)
    return met.telling({**{name: (_now(fresh, name),) for name in merged.theirs}, **_lines_now(fresh, was, merged)})


def _rows(filled: Filled, fresh: Filled, merged: Merged, before: set[int]) -> Iterator[dict[str, Any]]:
    """Those that were typed otherwise than they were, of the others what there is now; then what was added since."""
    typed, there = filled.typed["lines"], {row["id"]: row for row in fresh.typed["lines"]}
    mine = {str(line.get("id")) for line in merged.given.get("lines", ()) if len(line) > 1}
    gone = {str(line_id) for line_id, line in merged.lines.items() if line is None}
    for row in typed:
        if row["id"] in gone:
            yield row | {"id": ""}
        elif not row["id"] or row["id"] in mine:
            yield row
        elif row["id"] in there:
            yield there[row["id"]]
    ids = {row["id"] for row in typed}
    yield from (row for line_id, row in there.items() if line_id not in ids and int(line_id) not in before)


def _now(fresh: Filled, name: str) -> Words:
    box = fresh[name]
    words = dict(box.field.options()).get(box.typed, box.typed) if isinstance(box.field, Choice) else box.typed
    return gettext("Now it is “%(value)s”; what you typed stands here.", value=getattr(words, "words", words))


def _lines_now(fresh: Filled, was: Invoice, merged: Merged) -> Mapping[str, tuple[Words, ...]]:
    rows = {row["id"]: row for row in fresh.typed["lines"]}
    names = {line.id: line.name for line in was.lines}
    said = [_line_now(names[line_id], rows.get(str(line_id))) for line_id in merged.lines]
    return {"lines": tuple(said)} if said else {}


def _line_now(name: str, row: Mapping[str, str] | None) -> Words:
    if row is None:
        return gettext("“%(name)s” was taken away.", name=name)
    now = f"{row['name']}, {row['quantity']} {row['unit']} × {row['unit_price']}"
    return gettext("“%(name)s” is “%(now)s” now; what you typed stands here.", name=name, now=now)
