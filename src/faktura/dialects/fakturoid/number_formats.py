"""Number formats (2.4), which the API only reads."""

import datetime as dt

import msgspec

from faktura.core.documents.number_formats import formats_of
from faktura.core.documents.numbering import NumberFormat, last_counter, number
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import PAGE, PAGE_LENGTH, offset_of
from faktura.dialects.fakturoid.door.values import BOOLEAN, INTEGER, MOMENT, PRAGUE, TEXT
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape, read_only


def preview(pattern: str, today: dt.date) -> str:
    """The first two numbers that a document issued today could get, and the last."""
    first, second, last = (number(pattern, counter, today) for counter in (1, 2, last_counter(pattern)))
    return f"{first}, {second}, ..., {last}"


# The preview moves with the year, so these answers are not kept rendered: what they are looked at from is a day.
NUMBER_FORMAT: Shape[NumberFormat, dt.date] = Shape(
    "number_format",
    NumberFormat,
    (
        read_only("id", INTEGER, nullable=False),
        read_only("format", TEXT, "pattern", nullable=False),
        read_only("preview", TEXT, nullable=False, showing=lambda f, today: preview(f.pattern, today)),
        read_only("default", BOOLEAN, nullable=False),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)


def list_invoice_formats(call: Call) -> Answer:
    offset = offset_of(call.query)
    formats = formats_of(call.books, "invoice")[offset : offset + PAGE_LENGTH]
    today = call.books.now.astimezone(PRAGUE).date()
    return Answer(200, msgspec.json.encode([NUMBER_FORMAT.show(found, today) for found in formats]))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/number_formats/invoices.json",
        serve=list_invoice_formats,
        about="List the number formats of invoices",
        parameters=(PAGE,),
        answers={200: [NUMBER_FORMAT]},
    ),
)
