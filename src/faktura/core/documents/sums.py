"""Whether the sums on a document fit each other, as `faktura db check` asks; no price is computed again."""

import itertools
from collections.abc import Iterator
from decimal import Decimal

import sqlalchemy as sa

from faktura.core.documents.amounts import sum_of, terms
from faktura.core.documents.totals import native, totals
from faktura.core.invoices.record import ZERO, Invoice
from faktura.store import queries
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

Said = Iterator[tuple[str, str]]


def wrong_sums(invoice: Invoice) -> Said:
    """The kind of what is wrong and a sentence. More may be paid than its payments say: who paid is not always told."""
    for line in invoice.lines:
        if line.gross != line.net + line.vat:
            yield "line", f"line {line.id} comes to {line.gross}, but its net and VAT to {line.net + line.vat}"
    for name, expected in _expected(invoice).items():
        if (found := getattr(invoice, name)) != expected:
            yield name, f"{name} is {found}, but should be {expected}"
    if abs(invoice.paid_amount) < abs(paid := sum((payment.amount for payment in invoice.payments), ZERO)):
        yield "payments", f"paid_amount is {invoice.paid_amount}, but its payments come to {paid}"
    if invoice.deducted < (least := _deducted_at_least(invoice)):
        yield "deducted", f"deducted is {invoice.deducted}, but should be {least} at least"
    if (invoice.status == "paid") != (invoice.paid_on is not None):
        yield "status", f"status is {invoice.status}, but paid_on is {invoice.paid_on}"


def wrong_deductions(tx: Transaction) -> Said:
    """What a final invoice deducts for a tax document is what that says, over all accounts."""
    for account_id, settled in itertools.groupby(tx.rows(_SETTLED), lambda row: row[0]):
        for some in _some([(document_id, final_id) for _, document_id, final_id in settled]):
            ids = list({record_id for pair in some for record_id in pair})
            there = {document.id: document for document in queries.by_ids(tx, Invoice, account_id, ids)}
            for document_id, final_id in some:
                if document_id in there and final_id in there:
                    yield from _deduction_that_differs(there[document_id], there[final_id])


def _some(pairs: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    return (pairs[start : start + 250] for start in range(0, len(pairs), 250))


def _expected(invoice: Invoice) -> dict[str, object]:
    sums = totals(invoice.lines, terms(invoice))
    remaining = invoice.gross_total - invoice.deducted
    return {
        "vat_sums": sums.vat_sums,
        "net_total": sums.net,
        "vat_total": sums.vat,
        "gross_total": sums.gross,
        "rounding": sums.rounding,
        "native_net_total": sums.native_net,
        "native_gross_total": sums.native_gross,
        "remaining_amount": remaining,
        "native_remaining_amount": native(remaining, invoice.exchange_rate),
        "left_to_pay": remaining - invoice.paid_amount,
    }


def _deducted_at_least(invoice: Invoice) -> Decimal:
    """A paid proforma that went before is deducted, too, and may be deleted since."""
    own = (invoice.advance_amount or ZERO) if invoice.kind == "tax_document" else ZERO
    return sum_of(invoice.deductions) + sum((link.amount for link in invoice.previous_advances), ZERO) + own


def _deduction_that_differs(document: Invoice, final: Invoice) -> Said:
    deducted = sum_of(tuple(d for d in final.deductions if d.document_id == document.id))
    if (total := document.net_total + document.vat_total) != deducted:
        name = f"invoices account_id {final.account_id}, id {final.id}"
        yield "deduction", f"{name}: deducts {deducted} for the document {document.id}, which comes to {total}"


_i = Invoice.table.c

_SETTLED = Query(
    sa.select(_i.account_id, _i.id, _i.related_id)
    .where(_i.kind == "tax_document", _i.related_id.is_not(None))
    .order_by(_i.account_id, _i.id)
)
