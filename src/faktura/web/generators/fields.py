"""What is typed of a template: the fields of its form, and what they are in words of the core."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from flask_babel import lazy_gettext

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.number_formats import formats_of
from faktura.core.documents.numbering import NumberFormat
from faktura.core.errors import Given
from faktura.core.generators.record import Generator
from faktura.core.generators.words import filled
from faktura.core.invoices.record import Invoice
from faktura.web.documents.fields import (
    Desk,
    change_told,
    copy_of,
    desk_of,
    editor,
    lines_of,
    new_lines,
    shown_line,
    usual,
)
from faktura.web.documents.fields import told as told_of_document
from faktura.web.door.names import KINDS
from faktura.web.forms.fields import Choice, ChoiceOfId, Date, Field, Pick, Text, Whole, Words, YesNo
from faktura.web.forms.form import Form

MADE: Mapping[str, Words] = {kind: KINDS[kind] for kind in ("invoice", "proforma")}

_OF_DOCUMENTS = (
    *("price_mode", "due_days", "payment_method", "bank_account_id", "currency", "exchange_rate", "note"),
    *("footer_note", "order_number", "language", "tags", "round_total", "reverse_charge"),
)
"""Fields that a template has as its documents have them."""

_HIDDEN = (Whole("changes", ""), Whole("version", ""), YesNo("recurring", ""))
"""The template that is changed, the version that was seen, and whether it issues by itself."""


class Table(NamedTuple):
    """What there is to choose from: as for documents, and the formats that those are numbered by."""

    desk: Desk
    formats: Sequence[NumberFormat]


def table_of(books: Books) -> Table:
    return Table(desk_of(books), [one for one in formats_of(books) if one.kind in MADE])


def generator_form(table: Table, *, recurring: bool) -> Form:
    """The form, with the choices of the account."""
    of_documents = editor(table.desk).fields
    terms = [of_documents[name] for name in _OF_DOCUMENTS if name in of_documents]
    plan = _plan() if recurring else ()
    tax_date, numbers = _tax_date(table.desk), _numbers(table.formats)
    return Form(*_HIDDEN, *_head(), lines_of(table.desk), *plan, tax_date, *terms, *numbers)


def _head() -> Iterable[Field]:
    hint = lazy_gettext("It stands on no document.")
    yield Text("name", lazy_gettext("Name of the template"), required=True, first=True, hint=hint)
    yield Pick("contact_id", lazy_gettext("Customer"), required=True, endpoint="contacts.pick")
    yield Choice("kind", lazy_gettext("What it makes"), options=MADE.items)


def _plan() -> Iterable[Field]:
    yield Date("start_on", lazy_gettext("First date"), required=True)
    yield Whole("months", lazy_gettext("Months between documents"), required=True)
    yield Date("end_on", lazy_gettext("Until"), hint=lazy_gettext("Empty means without an end."))
    yield Date("next_on", lazy_gettext("Next document"), hint=lazy_gettext("Empty means as it follows from the rest."))
    yield YesNo("on_last_day", lazy_gettext("Always on the last day of the month"))
    yield YesNo("send_email", lazy_gettext("Send each by e-mail"))


def _tax_date(desk: Desk) -> Field:
    charged = lazy_gettext("Taxable supply on the last day of the month before")
    free = lazy_gettext("Day of sale on the last day of the month before")
    return YesNo("taxed_at_end_of_last_month", charged if desk.charges else free)


def _numbers(formats: Sequence[NumberFormat]) -> Iterable[Field]:
    """Nothing is to be chosen where each kind has one."""
    if len(formats) > len({one.kind for one in formats}):
        named = [(str(one.id), f"{one.pattern} · {MADE[one.kind]}") for one in formats]
        label, usual_one = lazy_gettext("Number format"), lazy_gettext("The usual one")
        yield ChoiceOfId("number_format_id", label, options=lambda: named, empty=usual_one)


def usual_of(desk: Desk, *, recurring: bool, contact: Contact | None = None) -> dict[str, Any]:
    """What a new template has at first."""
    first = {name: value for name, value in usual(desk).items() if name in {"kind", "price_mode"}}
    plan = {"months": 1, "start_on": desk.today} if recurring else {}
    return {**first, **plan, "recurring": recurring, "contact_id": contact}


def shown_of(generator: Generator, contact: Contact) -> dict[str, Any]:
    """A template in the fields of its form."""
    return msgspec.structs.asdict(generator) | {
        "changes": generator.id,
        "contact_id": contact,
        "kind": "proforma" if generator.proforma else "invoice",
        "tags": ", ".join(generator.tags),
        "lines": [shown_line(line) for line in generator.lines],
        "exchange_rate": generator.exchange_rate if generator.exchange_rate_given else None,
    }


def of_document(invoice: Invoice) -> dict[str, Any]:
    """What a template has of a document that it is made of."""
    values = copy_of(invoice)
    kind = invoice.kind if invoice.kind in MADE else "invoice"
    first = invoice.lines[0].name.partition("\n")[0] if invoice.lines else ""
    return values | {"kind": kind, "name": " – ".join(filter(None, (invoice.buyer_name, first)))}


def told(given: Given) -> Given:
    """In words of the core: a new template, whose lines have no ids yet."""
    return _kind_told(new_lines(told_of_document(given)))


def changed_told(given: Given, old: Generator) -> Given:
    """The same of a change; whether it issues by itself stays."""
    values = _kind_told(change_told(given, old))
    values.pop("recurring", None)
    if values.get("next_on") is None:
        values.pop("next_on", None)
    return values


def _kind_told(values: Given) -> Given:
    if (kind := values.pop("kind", None)) is not None:
        values["proforma"] = kind == "proforma"
    return values


class Became(NamedTuple):
    """A text with words for the day, and what it becomes."""

    typed: str
    said: str


def became(generator: Generator, document: Invoice) -> list[Became]:
    """Of each text that says something else on the next document than it was typed."""
    lines = zip(generator.lines, document.lines, strict=False)
    texts = [(line.name, made.name) for line, made in lines]
    texts += [(text, filled(text, document.issued_on)) for text in (generator.note, generator.footer_note) if text]
    return [Became(typed, said) for typed, said in texts if typed != said]
