"""Collective identifiers: one number by which several invoices of one supplier are paid together (art. 108g)."""

import hashlib
from collections.abc import Sequence

from faktura.core.books.books import Books
from faktura.core.errors import NotFound, Problems
from faktura.core.ksef.connection import active_connection
from faktura.core.ksef.numbers import seller_of
from faktura.core.received.record import Expense
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, changed, index, record, unique

MOST = 500
"""Invoices that we pay by one identifier; KSeF takes 5,000 at most."""

ASK = "ask_for_collective"

LONGEST_PROBLEM = 500


@record(
    "ksef_collectives",
    unique("account_id", "reference"),
    index("account_id", "identifier", where_set="identifier"),
    paged=False,
)
class CollectiveIdentifier(Tenant):
    """Asked for by a `reference` of ours; `identifier` is what KSeF answered, `problem` why it did not."""

    reference: str
    ksef_numbers: tuple[str, ...]
    identifier: str | None = None
    problem: str = ""


def ask_for_collective(books: Books, expense_ids: Sequence[int]) -> CollectiveIdentifier:
    """Have KSeF give one number to invoices of a supplier; for the same ones it is asked once.

    Raises:
        NotFound: one of them is not there.
        WrongState: the account is not connected.
        Invalid: KSeF does not know one of them, or they are of different suppliers, fewer than two, or too many.

    """
    active_connection(books)
    expenses = books.some(Expense, sorted(set(expense_ids)))
    if len(expenses) < len(set(expense_ids)):
        raise NotFound(Expense.table_name)
    numbers = sorted({expense.ksef_number for expense in expenses if expense.ksef_number})
    problems = Problems()
    if len(numbers) < max(len(expenses), 2) or len(set(map(seller_of, numbers))) > 1:
        problems.add("expense_ids", "not_together")
    if len(numbers) > MOST:
        problems.add("expense_ids", "too_many", MOST)
    problems.refuse()
    reference = hashlib.sha256("\n".join(numbers).encode()).hexdigest()
    known = books.look_up(CollectiveIdentifier, reference=reference)
    if known is not None and not known.problem:
        return known
    if known is not None:
        asked = books.change(known, changed(known, problem=""))
    else:
        asked = books.add(CollectiveIdentifier, reference=reference, ksef_numbers=tuple(numbers))
    books.later(ASK, asked.id)
    return asked


def note_collective(books: Books, collective_id: int, identifier: str | None, problem: str = "") -> None:
    """Write down what KSeF answered."""
    asked = books.look_up(CollectiveIdentifier, id=collective_id)
    if asked is not None:
        books.change(asked, changed(asked, identifier=identifier, problem=problem[:LONGEST_PROBLEM]))


def collectives_of(books: Books, most: int) -> list[CollectiveIdentifier]:
    """The last ones that were asked for."""
    return books.some_in_order(CollectiveIdentifier, Selection(order=(Order("id", descending=True),)), most)


def numbers_behind(books: Books, identifier: str) -> tuple[str, ...]:
    """The numbers of the invoices that an identifier of ours stands for; none of one that another firm asked for."""
    found = books.all(CollectiveIdentifier, Selection((Condition("identifier", "eq", identifier),)))
    return tuple(dict.fromkeys(number for one in found for number in one.ksef_numbers))
