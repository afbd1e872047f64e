"""What corrects a document and what ends a proforma, prefilled: each is issued as it is, or looked at before."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.countries.known import country_of
from faktura.core.documents.lines import line_again
from faktura.core.documents.links import links_into, links_of
from faktura.core.documents.record import CORRECTIONS, ONE, ZERO
from faktura.core.documents.totals import share
from faktura.core.errors import Given, Problems, WrongState
from faktura.core.invoices.completion import COPIED
from faktura.core.invoices.corrected import Corrected, corrected
from faktura.core.invoices.oss import said_by_correction
from faktura.core.invoices.record import Invoice
from faktura.core.money.amounts import rounded

CENT = Decimal("0.01")


def correction_of(books: Books, invoice_id: int, chosen: Given) -> Given:
    """What `issue_invoice` makes a credit note of: everything that was chosen is taken back.

    Chosen are `quantities` by the id of their line, or an `amount` with VAT and what it is for as `text`, which each
    rate bears its part of; and the `reason`, which is the note of the document. It goes on from what earlier
    corrections left: where a line is shown before and after, before is as they left it (art. 106j of the Polish act).

    A base of VAT is lowered by no more than there was (§ 42 of the Czech VAT act, art. 29a of the Polish one): all
    credit notes together take back what the document comes to, at most. The contracts of the APIs know no such limit.

    Raises:
        NotFound: there is no such document.
        WrongState: a document of its kind is not corrected.

    """
    invoice, problems = find_correctable(books, invoice_id), Problems(chosen.unread)
    country = country_of(invoice.seller.country)
    reason = (chosen.get("reason") or "").strip()
    if not reason and country.correction_says_why and invoice.seller.vat_mode == "vat_payer":
        problems.add("reason", "blank")
    amount: Decimal = chosen.get("amount") or ZERO
    quantities = {line_id: quantity for line_id, quantity in chosen["quantities"].items() if quantity}
    now = corrected(books, invoice)
    _check_chosen(invoice, now, quantities, amount, problems)
    _check_left(invoice, now, amount or _worth(now, quantities), problems)
    text = (chosen.get("text") or "").strip()
    if amount and not text:
        problems.add("text", "blank")
    if amount and invoice.kind == "margin_invoice":
        lines, reason = _less(now, amount), "\n".join(filter(None, (text, reason)))
    elif amount:
        lines = _of_amount(invoice, amount, text)
    else:
        lines = _of_lines(now, quantities, in_pairs=country.corrects_in_pairs)
    own = {"corrected_id": invoice.id, "note": reason or None, "lines": list(lines)}
    return Given(_terms_of(invoice) | said_by_correction(invoice) | own, problems.by_attribute())


def find_correctable(books: Books, invoice_id: int) -> Invoice:
    """The document, where its kind is corrected.

    Raises:
        NotFound: there is no such document.
        WrongState: a document of its kind is not corrected.

    """
    invoice = books.find(Invoice, invoice_id)
    if not is_correctable(invoice):
        raise WrongState("not_corrected")
    return invoice


def is_correctable(invoice: Invoice) -> bool:
    return invoice.kind not in {"proforma", *CORRECTIONS}


def find_copyable(books: Books, invoice_id: int) -> Invoice:
    """The document, unless its lines are pairs, which say what was and what is and mean nothing on another document.

    Raises:
        NotFound: there is no such document.
        WrongState: it corrects in pairs.

    """
    invoice = books.find(Invoice, invoice_id)
    if not is_copyable(invoice):
        raise WrongState("not_repeated")
    return invoice


def is_copyable(invoice: Invoice) -> bool:
    return all(line.after is None for line in invoice.lines)


def final_of(books: Books, invoice_id: int) -> Given:
    """What `issue_invoice` makes the final invoice of a proforma of: its lines, less what was paid before.

    Raises:
        NotFound: there is no such document.
        WrongState: it is no proforma.

    """
    proforma = books.find(Invoice, invoice_id)
    if proforma.kind != "proforma":
        raise WrongState("not_a_proforma")
    receipts = [link.from_key for link in links_of(books, proforma).coming("receipts")]
    taken = {link.to_id for link in links_into(books, receipts, "settles") if link.amount}
    own = {
        "kind": "final_invoice",
        "related_id": proforma.id,
        "tax_document_ids": tuple(sorted(document_id for _, document_id in receipts if document_id not in taken)),
        "lines": [line_again(line) for line in proforma.lines],
        "variable_symbol": proforma.variable_symbol,
    }
    return Given(_terms_of(proforma) | own)


def _terms_of(invoice: Invoice) -> dict[str, Any]:
    """Parties and terms as that document has them, without what was said on it alone."""
    values = {name: getattr(invoice, name) for name in COPIED if name not in _OF_ITS_OWN}
    return {name: value for name, value in values.items() if value is not None} | {
        "contact_id": invoice.contact_id,
        "round_total": invoice.round_total,
    }


_OF_ITS_OWN = frozenset({"note", "variable_symbol", "exchange_rate", "buyer_tax_digits", "buyer_uuid"})


def _check_chosen(
    invoice: Invoice, now: Corrected, quantities: Mapping[int, Decimal], amount: Decimal, problems: Problems
) -> None:
    is_unread = any(name.startswith(("quantities", "amount")) for name in problems.by_attribute())
    if bool(amount) == bool(quantities) and not is_unread:
        problems.add("amount", "not_together" if amount else "blank")
    if amount < 0:
        problems.add("amount", "not_positive")
    if amount > invoice.gross_total:
        problems.add("amount", "too_large")
    for line_id, quantity in quantities.items():
        left = now.lines.get(line_id)
        if quantity < 0:
            problems.add(f"quantities.{line_id}", "not_positive")
        elif left is None or quantity > left.quantity:
            problems.add(f"quantities.{line_id}", "too_large")


def _check_left(invoice: Invoice, now: Corrected, chosen: Decimal, problems: Problems) -> None:
    """Each credit note may be a cent off in each rate."""
    left = sum((one.gross_total - one.rounding for one in (invoice, *now.notes)), ZERO)
    if now.notes and chosen > max(left, ZERO) + CENT * len(invoice.vat_sums) * (len(now.notes) + 1):
        problems.add("amount", "more_than_left")


def _worth(now: Corrected, quantities: Mapping[int, Decimal]) -> Decimal:
    return sum((left.worth(quantities.get(line_id, ZERO)) for line_id, left in now.lines.items()), ZERO)


def _of_lines(now: Corrected, quantities: Mapping[int, Decimal], *, in_pairs: bool) -> Iterator[Given]:
    chosen = [(left, quantities[line_id]) for line_id, left in now.lines.items() if line_id in quantities]
    for group, (left, quantity) in enumerate(chosen, 1):
        if in_pairs:
            yield _marked(line_again(left.line, left.quantity), group, after=False)
            yield _marked(line_again(left.line, left.quantity - quantity), group, after=True)
        else:
            yield line_again(left.line, quantity, -1)


def _marked(line: Given, group: int, *, after: bool) -> Given:
    return Given({**line, "group": group, "after": after})


def _less(now: Corrected, amount: Decimal) -> Iterator[Given]:
    """Each line at its part of a lower price: what it was bought for, so that its margin has VAT, stays the same."""
    lefts = list(now.lines.values())
    parts = share(rounded(amount), [left.gross for left in lefts]) if lefts else ()
    for group, (left, part) in enumerate(zip(lefts, parts, strict=True), 1):
        before = line_again(left.line, left.quantity)
        lowered = {name: value for name, value in before.items() if name not in {"net", "unit_price"}}
        yield _marked(before, group, after=False)
        yield _marked(Given(lowered | {"gross": left.gross - part}), group, after=True)


def _of_amount(invoice: Invoice, amount: Decimal, text: str) -> Iterator[Given]:
    """A line for each rate that the document has something of."""
    sums = [one for one in invoice.vat_sums if one.gross > 0] or list(invoice.vat_sums[:1])
    parts: Sequence[Decimal] = share(rounded(amount), [one.gross for one in sums]) if sums else ()
    for one, part in zip(sums, parts, strict=True):
        rated = {"vat_rate": one.vat_rate, "vat_treatment": one.vat_treatment}
        yield Given({"name": text, "quantity": ONE, "gross": -part} | rated)
