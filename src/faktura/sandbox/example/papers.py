"""What the Polish example firm wrote down for its own books: one of each kind of papers without a buyer."""

import datetime as dt
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.papers.change import account_for_paper
from faktura.core.papers.enter import enter_paper
from faktura.core.papers.record import Paper, PaperKind
from faktura.sandbox.example.days import ago

TAKINGS = ("1284.5", "962", "1731.9")


def add_papers(books: Books) -> None:
    """The takings of three days, and what stands in the accounts of the month before."""
    for days, amount in zip(range(len(TAKINGS), 0, -1), TAKINGS, strict=True):
        _enter(ago(books, days), "daily_revenue", {"unit_price": Decimal(amount)}, description="Sklepik przy sadzie")
    end_of_month = books.today.replace(day=1) - dt.timedelta(days=1)
    counted = [{"gross": Decimal("8640.5"), "vat_rate": Decimal(8)}, {"gross": Decimal(2460), "vat_rate": Decimal(23)}]
    report = _enter(books, "fiscal_report", *counted, issued_on=end_of_month)
    account_for_paper(books, report.id)
    gift = {"net": Decimal(120), "vat_rate": Decimal(23)}
    _enter(books, "internal_invoice", gift, transaction_kind="free_transfer_of_goods", note="Kosz jabłek na loterię")
    scrap = {"name": "Złom z prasy", "quantity": Decimal(40), "unit": "kg", "unit_price": Decimal("1.2")}
    _enter(books, "internal_evidence", scrap, classification="sold")


def _enter(books: Books, kind: PaperKind, *lines: dict[str, Any], **values: Any) -> Paper:
    return enter_paper(books, kind, Given(values | {"lines": [Given(line) for line in lines]}))
