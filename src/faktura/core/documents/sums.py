"""Whether the sums on a document fit each other, as `faktura db check` asks; no price is computed again."""

import functools
import itertools
from collections.abc import Iterator
from decimal import Decimal

import sqlalchemy as sa

from faktura.core.documents.amounts import sum_of, terms
from faktura.core.documents.record import ZERO, Document
from faktura.core.documents.totals import native, totals
from faktura.store import queries
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

Said = Iterator[tuple[str, str]]


def wrong_sums(document: Document) -> Said:
    """The kind of what is wrong and a sentence. More may be paid than its payments say: who paid is not always told."""
    for line in document.lines:
        if line.gross != line.net + line.vat:
            yield "line", f"line {line.id} comes to {line.gross}, but its net and VAT to {line.net + line.vat}"
    for name, expected in _expected(document).items():
        if (found := getattr(document, name)) != expected:
            yield name, f"{name} is {found}, but should be {expected}"
    if abs(document.paid_amount) < abs(paid := sum((payment.amount for payment in document.payments), ZERO)):
        yield "payments", f"paid_amount is {document.paid_amount}, but its payments come to {paid}"
    if document.deducted < (least := _deducted_at_least(document)):
        yield "deducted", f"deducted is {document.deducted}, but should be {least} at least"
    if (document.status == "paid") != (document.paid_on is not None):
        yield "status", f"status is {document.status}, but paid_on is {document.paid_on}"


def wrong_deductions(cls: type[Document], tx: Transaction) -> Said:
    """What a final document deducts for a tax document is what that says, over all accounts."""
    for account_id, settled in itertools.groupby(tx.rows(_settled(cls)), lambda row: row[0]):
        for some in _some([(document_id, final_id) for _, document_id, final_id in settled]):
            ids = list({record_id for pair in some for record_id in pair})
            there = {document.id: document for document in queries.by_ids(tx, cls, account_id, ids)}
            for document_id, final_id in some:
                if document_id in there and final_id in there:
                    yield from _deduction_that_differs(there[document_id], there[final_id])


def _some(pairs: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    return (pairs[start : start + 250] for start in range(0, len(pairs), 250))


def _expected(document: Document) -> dict[str, object]:
    sums = totals(document.lines, terms(document))
    remaining = document.gross_total - document.deducted
    return {
        "vat_sums": sums.vat_sums,
        "net_total": sums.net,
        "vat_total": sums.vat,
        "gross_total": sums.gross,
        "rounding": sums.rounding,
        "native_net_total": sums.native_net,
        "native_gross_total": sums.native_gross,
        "remaining_amount": remaining,
        "native_remaining_amount": native(remaining, document.exchange_rate),
        "left_to_pay": remaining - document.paid_amount,
    }


def _deducted_at_least(document: Document) -> Decimal:
    """A paid proforma that went before is deducted, too, and may be deleted since."""
    own = (document.advance_amount or ZERO) if document.kind == "tax_document" else ZERO
    return sum_of(document.deductions) + sum((link.amount for link in document.previous_advances), ZERO) + own


def _deduction_that_differs(document: Document, final: Document) -> Said:
    deducted = sum_of(tuple(d for d in final.deductions if d.document_id == document.id))
    if (total := document.net_total + document.vat_total) != deducted:
        name = f"invoices account_id {final.account_id}, id {final.id}"
        yield "deduction", f"{name}: deducts {deducted} for the document {document.id}, which comes to {total}"


@functools.cache
def _settled(cls: type[Document]) -> Query:
    c = cls.table.c
    settled = sa.select(c.account_id, c.id, c.related_id)
    return Query(settled.where(c.kind == "tax_document", c.related_id.is_not(None)).order_by(c.account_id, c.id))
