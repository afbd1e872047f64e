"""What payments of documents have in common (2.7, 2.10)."""

from typing import NamedTuple

from faktura.core.documents.record import Document, Payment
from faktura.core.errors import Given, Problem
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import BOOLEAN, DATE, DECIMAL, INTEGER, MOMENT, TEXT
from faktura.wire.endpoints import Answer
from faktura.wire.fields import Field, Shape, read_only
from faktura.wire.rendered import encode
from faktura.wire.values import show_decimal


class Paid(NamedTuple):
    """A payment, and the document that it is for."""

    payment: Payment
    document: Document


AMOUNTS: tuple[Field, ...] = (
    read_only("id", INTEGER, "payment.id", nullable=False),
    Field("paid_on", DATE, nullable=False, showing=lambda paid, _: paid.payment.paid_on.isoformat()),
    read_only("currency", TEXT, "document.currency", nullable=False),
    Field("amount", DECIMAL, nullable=False, showing=lambda paid, _: show_decimal(paid.payment.amount)),
    Field("native_amount", DECIMAL, nullable=False, showing=lambda paid, _: show_decimal(paid.payment.native_amount)),
    Field("mark_document_as_paid", BOOLEAN, "mark_as_paid", access="write"),
)

ACCOUNTS: tuple[Field, ...] = (
    Field("variable_symbol", TEXT, showing=lambda paid, _: paid.payment.variable_symbol),
    Field("bank_account_id", INTEGER, showing=lambda paid, _: paid.payment.bank_account_id),
)

MOMENTS: tuple[Field, ...] = (
    read_only("created_at", MOMENT, "payment.created_at", nullable=False),
    read_only("updated_at", MOMENT, "payment.updated_at", nullable=False),
)


def given_payment(call: Call, shape: Shape[Paid, View]) -> Given:
    """An amount that is no amount makes none in the account's currency either (1.3.1)."""
    given = call.given(shape)
    problems = given.unread.get("amount", [])
    if Problem("blank") in problems and given.get("native_amount") is None:
        given.unread["native_amount"] = problems
    return given


def created(call: Call, shape: Shape[Paid, View], paid: Paid, folder: str) -> Answer:
    """A payment just made, which is read in its document."""
    view = call.view
    location = f"{view.api_url}/{folder}/{paid.document.id}/payments/{paid.payment.id}.json"
    return Answer(201, encode(shape.show(paid, view)), location)
