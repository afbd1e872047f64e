"""What a scan that was read proposes for its expense, and whether the same paper was entered before."""

from collections.abc import Iterable
from typing import Any

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.received.booking import booking_of
from faktura.core.received.extraction import Extraction
from faktura.core.received.listing import ENTERED
from faktura.core.received.received_invoice import Named, ReceivedInvoice
from faktura.core.received.record import Expense
from faktura.core.received.supplier import supplier_known
from faktura.store.queries import Condition, Order, Selection


def proposed_for(books: Books, scan: Expense) -> Given:
    """Values of an expense, of those alone that the file says; `contact_id` where it says who of them it is by."""
    if scan.told is not None:
        return _booked(books, scan.told)
    paper = scan.paper
    said: dict[str, Any] = {
        "original_number": paper.number,
        "variable_symbol": paper.variable_symbol,
        "issued_on": paper.issued_on,
        "taxable_on": paper.taxable_on or paper.issued_on,
        "due_on": paper.due_on,
        "bank_account": paper.bank_account,
        "iban": paper.iban,
        "currency": paper.currency,
        "contact_id": _supplier(books, paper),
    }
    values = {name: value for name, value in said.items() if value is not None}
    return Given(values if paper.total is None else values | _prices(books, paper))


def entered_before(
    books: Books, contact_id: int | None, original_number: str | None, but_id: int = 0
) -> Expense | None:
    """Another expense of the same supplier with the same number of theirs, the last of several."""
    if contact_id is None or not original_number:
        return None
    same = Condition("original_number", "eq", original_number), Condition("contact_id", "eq", contact_id)
    found = books.some_in_order(Expense, Selection((*same, ENTERED), order=(Order("id", descending=True),)), 2)
    return next((one for one in found if one.id != but_id), None)


def found_twice(books: Books, papers: Iterable[Expense]) -> frozenset[int]:
    """The ids of those that another expense of the same supplier has the number of."""
    asked = [one for one in papers if one.original_number and one.contact_id is not None]
    if not asked:
        return frozenset()
    numbers = tuple(sorted({str(one.original_number) for one in asked}))
    # Few papers have each number, however many were entered.
    chosen = Selection((Condition("original_number", "in", numbers), ENTERED), by=frozenset({"original_number"}))
    groups = books.sums(Expense, chosen, (), ("original_number", "contact_id"))
    twice = {found.group for found in groups if found.records > 1}
    return frozenset(one.id for one in asked if (one.original_number, one.contact_id) in twice)


def _booked(books: Books, told: ReceivedInvoice) -> Given:
    contact = supplier_known(books, told.supplier)
    values = booking_of(told, books.account).values
    return values if contact is None else Given(values | {"contact_id": contact.id})


def _supplier(books: Books, paper: Extraction) -> int | None:
    named = Named(registration_no=paper.registration_no or "", vat_no=paper.vat_no or "")
    contact = supplier_known(books, named)
    return None if contact is None else contact.id


def _prices(books: Books, paper: Extraction) -> dict[str, Any]:
    """A line of each rate of VAT; one of the total where nobody deducts any, or the rates are not known."""
    name = paper.number or "–"
    if paper.rates and books.account.vat_mode == "vat_payer":
        lines = [Given({"name": name, "unit_price": part.net, "vat_rate": part.vat_rate}) for part in paper.rates]
        return {"lines": lines, "price_mode": "without_vat"}
    return {"lines": [Given({"name": name, "unit_price": paper.total})], "price_mode": "from_total_with_vat"}
