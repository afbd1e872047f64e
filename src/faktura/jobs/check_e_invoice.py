"""A document is checked as an e-invoice after its issue: its UBL by schema and official rules, and what KSeF wants."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.errors import WrongState
from faktura.core.invoices.e_invoice import note_check
from faktura.core.invoices.record import Invoice
from faktura.jobs import Effect, Errand, doubling, nothing_more
from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.e_invoices.en16931 import standard
from faktura.outputs.e_invoices.fa3.prepare import problems_for_ksef
from faktura.outputs.e_invoices.official_rules import OfficialRules
from faktura.outputs.e_invoices.ubl import ubl
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import settled_in
from faktura.outputs.refusals import sentence

LANE = "reading"
DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(minutes=10), dt.timedelta(hours=1))


def go_out(errand: Errand, invoice_id: int) -> Effect:
    try:
        told = errand.read(lambda books: _told(books, invoice_id))
        if told is None:
            return nothing_more
        file = ubl(standard(told.settled, "en16931"))
    except WrongState as refused:
        return _refused(errand, invoice_id, refused)
    broken = [*told.refused_by_ksef, *faults_in(file, "ubl")]
    if isinstance(errand.reach.rules, OfficialRules):
        broken += errand.reach.rules.broken_by(file, "UBL")
    return lambda books: note_check(books, invoice_id, told.version, broken, None)


class Told(NamedTuple):
    """A version of a document as other programs are told of it, and all that KSeF would refuse of it."""

    version: int
    settled: Settled
    refused_by_ksef: tuple[str, ...]


def _told(books: Books, invoice_id: int) -> Told | None:
    invoice = books.look_up(Invoice, id=invoice_id)
    if invoice is None:
        return None
    return Told(invoice.version, settled_in(books, invoice), tuple(_refused_by_ksef(books, invoice)))


def _refused_by_ksef(books: Books, invoice: Invoice) -> Iterator[str]:
    """Nothing is, where a document does not go there."""
    try:
        found = problems_for_ksef(books, invoice).found()
    except WrongState:
        return
    for attribute, problem in found:
        yield f"FA(3): {attribute} {sentence(problem)}"


def _refused(errand: Errand, invoice_id: int, refused: WrongState) -> Effect:
    """No e-invoice can say what the document is."""
    invoice = errand.read(lambda books: books.look_up(Invoice, id=invoice_id))
    if invoice is None:
        return nothing_more
    return lambda books: note_check(books, invoice_id, invoice.version, (), refused.reason)
