"""The statuses of a cost (20.3): what a list is chosen by, and what one shows."""

from collections.abc import Collection

from faktura.core.received.record import Expense
from faktura.core.received.standing import Standing, settlement_in, standings

PAYMENT = {
    "none": ("payment_not_applicable", "Nie dotyczy"),
    "unpaid": ("unpaid", "Nie zapłacono"),
    "partial": ("partial_payment", "Częściowa zapłata"),
    "paid": ("paid", "Zapłacono"),
}
"""By settlement of the core, symbol and name."""

ACCOUNTING = {
    "open": ("cost_not_accounted", "Nie zaksięgowano"),
    "accounted": ("cost_accounted", "Zaksięgowano"),
    "rejected": ("cost_rejected", "Odrzucono"),
    "to_clarify": ("to_clarify", "Do wyjaśnienia"),
}
"""By accounting state of the core, symbol and name."""

SYMBOLS = [symbol for symbol, _ in (*ACCOUNTING.values(), *PAYMENT.values())]
"""Those that costs of this server have; others of the contract find none."""


def shown_statuses(paper: Expense) -> list[dict[str, str]]:
    told = (
        ("cost_accounting", ACCOUNTING[paper.accounting]),
        ("payment", PAYMENT[settlement_in(paper.standing)]),
    )
    return [{"symbol": symbol, "name": name, "group": group} for group, (symbol, name) in told]


def with_payment(symbols: Collection[str]) -> set[Standing]:
    return standings(settlements=[word for word, (symbol, _) in PAYMENT.items() if symbol in symbols])


def with_accounting(symbols: Collection[str]) -> set[Standing]:
    return standings(accountings=[word for word, (symbol, _) in ACCOUNTING.items() if symbol in symbols])


def with_either(symbols: Collection[str]) -> set[Standing]:
    return with_payment(symbols) | with_accounting(symbols)
