"""Margin invoices: under which scheme something was sold, and that only what was sold so has a margin."""

from typing import get_args

from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice, MarginKind


def check_margin(invoice: Invoice, problems: Problems) -> None:
    """A margin invoice names its scheme, and every line its margin; so does what corrects one, and nothing else."""
    if invoice.kind not in {"margin_invoice", "correction"}:
        invoice.margin_kind = None
    elif invoice.kind == "margin_invoice":
        _check_kind(invoice, problems)
    has_margins = invoice.kind == "margin_invoice" or invoice.margin_kind is not None
    prices = "lines.margin", "lines.purchase_price", "lines.gross", "lines.unit_price"
    is_unread = any(name in problems for name in prices)
    if not is_unread and any((line.purchase_price is not None) != has_margins for line in invoice.lines):
        problems.add("lines.purchase_price", "blank" if has_margins else "malformed")


def _check_kind(invoice: Invoice, problems: Problems) -> None:
    if invoice.margin_kind is None and "margin_kind" not in problems:
        problems.add("margin_kind", "blank")
    elif invoice.margin_kind not in {None, *get_args(MarginKind)}:
        problems.add("margin_kind", "not_in_list")
