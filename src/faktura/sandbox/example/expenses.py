"""What the example firms bought in the last three months: expenses in every state, from home and abroad."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.received.change import let_happen_to_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.pay import pay_expense
from faktura.core.received.record import Expense
from faktura.sandbox.example.costs import add_costs
from faktura.sandbox.example.days import ago, line

Contacts = Sequence[Contact]


def add_expenses(books: Mapping[str, Books], contacts: Mapping[str, Contacts]) -> None:
    """Let the firms have bought for a while; every day is counted back from today."""
    _buy(books["applecorp"], {contact.name: contact for contact in contacts["applecorp"]})
    add_costs(books["jabluszko"], {contact.name: contact for contact in contacts["jabluszko"]})


def _buy(books: Books, suppliers: Mapping[str, Contact]) -> None:
    """Expenses that were paid, locked, paid in part, are overdue, in another currency and of this week."""
    rent = _enter(
        books,
        62,
        suppliers["Stavebniny Cihla"],
        [line("Pronájem skladu", "1", 18000, "měsíc")],
        original_number="FV2026/0815",
        variable_symbol="20260815",
        tags=("sklad",),
    )
    _pay(books, 50, rent)
    _enter(
        books,
        30,
        suppliers["Kovárna Brda s.r.o."],
        [line("Oprava lisu", "6", 720, "h"), line("Materiál", "1", "1840.5")],
        original_number="2611-77",
        variable_symbol="261177",
    )
    barrels = [line("Sudy", "4", 2600, sku="SUD-225")]
    wine = _enter(books, 21, suppliers["Vinařství Pálava"], barrels, original_number="VF-260331")
    _pay(books, 12, wine, amount=Decimal(5000))
    fuel = _enter(
        books,
        9,
        suppliers["Vodoinstalace Kapka"],
        [line("Nafta", "41.2", "37.9", "l")],
        kind="bill",
        description="Cesta na trh do Písku",
        price_mode="from_total_with_vat",
        payment_method="cash",
        deductible_percent=75,
        tags=("auto",),
    )
    _pay(books, 9, fuel)
    let_happen_to_expense(ago(books, 8), fuel.id, "lock")
    _enter(
        books,
        6,
        suppliers["O'Neill & Partners"],
        [line("Legal advice", "3", 140, "h")],
        original_number="INV-9921",
        exchange_rate=Decimal("24.985"),
        currency="EUR",
        reverse_charge=True,
    )
    _enter(
        books,
        1,
        suppliers["Účetní kancelář Malá"],
        [line("Vedení účetnictví", "1", 3500, "měsíc", rate=0)],
        kind="other",
        tax_deductible=False,
        remind_due=False,
    )


def _enter(books: Books, days: int, supplier: Contact, lines: list[Given], **values: Any) -> Expense:
    return enter_expense(ago(books, days), Given({"contact_id": supplier.id, "lines": lines, **values}))


def _pay(books: Books, days: int, expense: Expense, **values: Any) -> None:
    pay_expense(ago(books, days), expense.id, Given(values))
