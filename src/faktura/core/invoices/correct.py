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
from faktura.core.invoices.choices import Choice, choices, sign_of
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
    What corrects a correction puts back what that one took, in the same ways.

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
    offered = choices(books, invoice, now)
    _check_chosen(invoice, offered, quantities, amount, problems)
    _check_left(invoice, now, amount or _worth(offered, quantities), problems)
    text = (chosen.get("text") or "").strip()
    if amount and not text:
        problems.add("text", "blank")
    taken = amount * sign_of(invoice)
    if amount and _is_of_prices(invoice, offered):
        lines, reason = _repriced(offered, taken), "\n".join(filter(None, (text, reason)))
    elif amount:
        lines = _of_amount(invoice, taken, text)
    else:
        lines = _of_lines(offered, quantities)
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
    return invoice.kind != "proforma"


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
    invoice: Invoice,
    offered: Mapping[int, Choice],
    quantities: Mapping[int, Decimal],
    amount: Decimal,
    problems: Problems,
) -> None:
    is_unread = any(name.startswith(("quantities", "amount")) for name in problems.by_attribute())
    if bool(amount) == bool(quantities) and not is_unread:
        problems.add("amount", "not_together" if amount else "blank")
    if amount < 0:
        problems.add("amount", "not_positive")
    if amount > abs(invoice.gross_total):
        problems.add("amount", "too_large")
    for line_id, quantity in quantities.items():
        choice = offered.get(line_id)
        if quantity < 0:
            problems.add(f"quantities.{line_id}", "not_positive")
        elif choice is None or quantity > choice.most:
            problems.add(f"quantities.{line_id}", "too_large")


def _check_left(invoice: Invoice, now: Corrected, chosen: Decimal, problems: Problems) -> None:
    """Each credit note may be a cent off in each rate."""
    left = sign_of(invoice) * sum((one.gross_total - one.rounding for one in (invoice, *now.notes)), ZERO)
    if now.notes and chosen > max(left, ZERO) + CENT * len(invoice.vat_sums) * (len(now.notes) + 1):
        problems.add("amount", "more_than_left")


def _worth(offered: Mapping[int, Choice], quantities: Mapping[int, Decimal]) -> Decimal:
    return sum((choice.worth(quantities.get(line_id, ZERO)) for line_id, choice in offered.items()), ZERO)


def _of_lines(offered: Mapping[int, Choice], quantities: Mapping[int, Decimal]) -> Iterator[Given]:
    chosen = [(choice, quantities[line_id]) for line_id, choice in offered.items() if line_id in quantities]
    for group, (choice, quantity) in enumerate(chosen, 1):
        if choice.left is None:
            yield line_again(choice.line, quantity, -1)
        else:
            stands = choice.left.quantity
            yield _marked(line_again(choice.line, stands), group, after=False)
            yield _marked(line_again(choice.line, stands + choice.step * quantity), group, after=True)


def _marked(line: Given, group: int, *, after: bool) -> Given:
    return Given({**line, "group": group, "after": after})


def _is_of_prices(invoice: Invoice, offered: Mapping[int, Choice]) -> bool:
    """Whether an amount changes prices: under a margin scheme, and where a correction changed nothing but prices."""
    changed_prices = (bool(choice.left and choice.gross) and not choice.most for choice in offered.values())
    return invoice.margin_kind is not None or (invoice.kind in CORRECTIONS and bool(offered) and all(changed_prices))


def _repriced(offered: Mapping[int, Choice], taken: Decimal) -> Iterator[Given]:
    """Each line at its part of another price: what it was bought for, so that its margin has VAT, stays the same."""
    lefts = [(choice.left, choice.gross) for choice in offered.values() if choice.left and choice.left.quantity]
    parts = share(rounded(taken), [gross for _, gross in lefts]) if lefts else ()
    for group, ((left, _), part) in enumerate(zip(lefts, parts, strict=True), 1):
        before = line_again(left.line, left.quantity)
        repriced = {name: value for name, value in before.items() if name not in {"net", "unit_price"}}
        yield _marked(before, group, after=False)
        yield _marked(Given(repriced | {"gross": left.gross - part}), group, after=True)


def _of_amount(invoice: Invoice, taken: Decimal, text: str) -> Iterator[Given]:
    """A line for each rate that the document has something of."""
    sums = [one for one in invoice.vat_sums if one.gross * sign_of(invoice) > 0] or list(invoice.vat_sums[:1])
    parts: Sequence[Decimal] = share(rounded(taken), [one.gross for one in sums]) if sums else ()
    for one, part in zip(sums, parts, strict=True):
        rated = {"vat_rate": one.vat_rate, "vat_treatment": one.vat_treatment}
        yield Given({"name": text, "quantity": ONE, "gross": -part} | rated)
