"""What FA(3) says of a document besides the document itself: its kind, its sums, and the documents that it names."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.deductions import advance_of
from faktura.core.documents.links import Links, links_of
from faktura.core.documents.record import CORRECTIONS, ZERO
from faktura.core.errors import WrongState
from faktura.core.invoices.corrected import corrected, corrected_first
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.fa3.rates import Rate, rate_of
from faktura.outputs.reading.context import Context, deducted_by
from faktura.outputs.reading.facts import Facts, RateSum
from faktura.outputs.reading.invoices import facts_of

Kind = Literal["VAT", "KOR", "ZAL", "ROZ", "KOR_ZAL", "KOR_ROZ"]
"""RodzajFaktury: a sale, its correction; an advance, what is left of its order, and the corrections of those."""

OFFICIAL = "PLN"
"""What tax is paid in."""

ADVANCES: frozenset[Kind] = frozenset({"ZAL", "KOR_ZAL"})


class Named(NamedTuple):
    """Another document, by the number that KSeF gave it, or else by its own."""

    number: str
    ksef_number: str | None


class Sum(NamedTuple):
    """What a rate comes to; `native_vat` is in the currency of the books."""

    net: Decimal
    vat: Decimal
    native_vat: Decimal

    def and_of(self, more: RateSum) -> "Sum":
        return Sum(self.net + more.net, self.vat + more.vat, self.native_vat + (more.native_vat or ZERO))


class Told(NamedTuple):
    """A document with all that it takes from others.

    `original` is what a correction corrects, where it is one of ours, and `owed_before` what that, an advance or a
    final invoice, came to before. `order` is what an advance is of, and `advances` what a final invoice deducts.
    """

    invoice: Invoice
    facts: Facts
    kind: Kind
    original: Invoice | None = None
    owed_before: Decimal | None = None
    order: Invoice | None = None
    advances: tuple[Named, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether tax is said in the currency of the office besides."""
        return self.invoice.currency != OFFICIAL

    @property
    def is_correction(self) -> bool:
        return self.invoice.kind in CORRECTIONS

    @property
    def total(self) -> Decimal:
        """P_15: what is to be paid, what an advance took in, what advances left to pay, or the difference."""
        if self.kind == "ZAL":
            return advance_of(self.invoice)
        if self.kind == "ROZ":
            return self.invoice.gross_total - _taxed_before(self.facts)
        return self.invoice.gross_total


def told_of(books: Books, invoice: Invoice) -> Told:
    """The document with what it takes from others.

    Raises:
        WrongState: a document like it does not go to KSeF.

    """
    if invoice.kind == "proforma" or invoice.cancelled_at is not None or invoice.seller.country != "PL":
        raise WrongState("not_for_ksef")
    return read(books, invoice)


def read(books: Books, invoice: Invoice) -> Told:
    """The same of a document that another one names, whatever has become of it."""
    facts = facts_of(invoice, Context(deducts=deducted_by(books, invoice)))
    links = links_of(books, invoice)
    if invoice.kind in CORRECTIONS:
        return _correction(books, invoice, facts, links)
    if invoice.kind == "tax_document":
        return Told(invoice, facts, "ZAL", order=_order_of(books, invoice, links))
    advances = tuple(_advances(books, links)) if invoice.kind == "final_invoice" else ()
    return Told(invoice, facts, "ROZ" if advances else "VAT", advances=advances)


def sums_of(told: Told) -> dict[Rate, Sum]:
    """By rate in the order of their fields, of which some share one; what FA(3) has no rate for is left out."""
    found: dict[str, tuple[Rate, Sum]] = {}
    for one in _rate_sums(told):
        rate = rate_of(told.invoice, one.vat_rate, one.vat_treatment)
        if rate is not None:
            first, sums = found.get(rate.sums, (rate, Sum(ZERO, ZERO, ZERO)))
            found[rate.sums] = first, sums.and_of(one)
    return {found[sums][0]: found[sums][1] for sums in _IN_ORDER if sums in found}


_IN_ORDER = ("1", "2", "3", "4", "5", "6_1", "6_2", "6_3", "7", "8", "9", "10", "11")


def _rate_sums(told: Told) -> Sequence[RateSum]:
    """Of an advance what it took in, of a final invoice what advances left."""
    if told.kind == "ROZ":
        return told.facts.rest
    return told.facts.received or told.facts.rate_sums


def _taxed_before(facts: Facts) -> Decimal:
    return sum((part.gross for advance in facts.advances for part in advance.by_rate), ZERO)


def _correction(books: Books, invoice: Invoice, facts: Facts, links: Links) -> Told:
    """Of whatever the first document was that was corrected."""
    leading = links.leading("corrects")
    original = books.look_up(Invoice, id=leading[0].to_id) if leading else None
    first = corrected_first(books, original) if original else None
    if original is None or first is None or first.kind not in {"tax_document", "final_invoice"}:
        return Told(invoice, facts, "KOR", original)
    own = read(books, first)
    if own.kind == "VAT":
        return Told(invoice, facts, "KOR", original)
    before = own.total + _corrected_before(books, first, invoice)
    return Told(invoice, facts, _CORRECTIONS[own.kind], original, before, own.order, own.advances)


_CORRECTIONS: dict[Kind, Kind] = {"ZAL": "KOR_ZAL", "ROZ": "KOR_ROZ"}


def _corrected_before(books: Books, first: Invoice, invoice: Invoice) -> Decimal:
    """What corrections came to that are older than this one."""
    notes = corrected(books, first).notes
    return sum((note.gross_total for note in notes if not invoice.id or note.id < invoice.id), ZERO)


def _order_of(books: Books, advance: Invoice, links: Links) -> Invoice:
    """The order that an advance is of stands on itself, or on the proforma on which it was paid."""
    receipts = links.leading("receipts")
    proforma = books.look_up(Invoice, id=receipts[0].to_id) if receipts and advance.advance_amount is None else None
    return proforma or advance


def _advances(books: Books, links: Links) -> Iterator[Named]:
    taking = [link.to_id for link in links.out if link.sort in {"settles", "deducts"} and link.amount]
    found = {advance.id: advance for advance in books.some(Invoice, taking)}
    for advance_id in taking:
        advance = found[advance_id]
        yield Named(advance.number, advance.ksef_number)
