"""The page on which a template is typed: its form, and beside it its next document as the core makes it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import render_template, request

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid
from faktura.core.generators.change import find_generator
from faktura.core.generators.compose import Ahead, compose_generator, compose_generator_change
from faktura.core.generators.record import Generator
from faktura.core.people.accounts import Account
from faktura.web.documents.editor import agreed_of, sums_of, with_customers
from faktura.web.documents.showing import Shown, shown
from faktura.web.door.books import read_books
from faktura.web.forms.form import Filled
from faktura.web.generators.fields import became, changed_told, generator_form, table_of, told


class Seen(NamedTuple):
    """A form, what it comes to, and the template that it changes; `preview` where that is asked for."""

    account: Account
    filled: Filled
    ahead: Ahead
    changes: Generator | None
    preview: Shown | None


def page(slug: str, filled: Filled, template: str = "generators/form.html") -> str:
    previews = "preview" in request.form
    seen = read_books(slug, lambda books: _seen(books, filled, previews=previews), "invoices", "write")
    return render_template(template, **_context(seen))


def posted(slug: str) -> Filled:
    table = read_books(slug, table_of, "invoices", "write")
    return generator_form(table, recurring=bool(request.form.get("recurring"))).posted()


def _seen(books: Books, filled: Filled, *, previews: bool) -> Seen:
    filled = with_customers(books, filled)
    ahead, changes = _composed(books, filled.given())
    invoice = ahead.document.invoice
    preview = shown(books, invoice, invoice.language) if previews else None
    return Seen(books.account, filled, ahead, changes, preview)


def _composed(books: Books, given: Given) -> tuple[Ahead, Generator | None]:
    """What would be added, or what a template would be changed to, and that template."""
    if (generator_id := given.get("changes")) is None:
        return compose_generator(books, told(given)), None
    old = find_generator(books, generator_id)
    return compose_generator_change(books, old.id, changed_told(given, old)), old


def _context(seen: Seen) -> Mapping[str, Any]:
    ahead, invoice = seen.ahead, seen.ahead.document.invoice
    return {
        "account": seen.account,
        "filled": seen.filled,
        "generator": ahead.generator,
        "composed": invoice,
        "days": ahead.days,
        "became": became(ahead.generator, invoice),
        "agreed": agreed_of(seen.filled, ahead.generator),
        "refused": seen.filled.refused(Invalid(ahead.problems or ahead.document.problems)).wrong,
        "line_sums": sums_of(seen.filled, invoice.lines),
        "changes": seen.changes,
        "preview": seen.preview,
    }
