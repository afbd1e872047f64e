"""Whether the sums on a document fit each other, as `faktura db check` asks; no price is computed again."""

from collections.abc import Iterator

from faktura.core.documents.amounts import count_off, terms
from faktura.core.documents.record import ZERO, Document
from faktura.core.documents.totals import totals
from faktura.store.records import changed

Said = Iterator[tuple[str, str]]


def wrong_sums(document: Document) -> Said:
    """The kind of what is wrong and a sentence. More may be paid than its payments say: who paid is not always told."""
    for line in document.lines:
        if line.gross != line.net + line.vat:
            yield "line", f"line {line.id} comes to {line.gross}, but its net and VAT to {line.net + line.vat}"
    for name, expected in _expected(document).items():
        if (found := getattr(document, name)) != expected:
            yield name, f"{name} is {found}, but should be {expected}"
    if abs(document.paid_amount) < abs(paid := sum((payment.amount for payment in document.payments), ZERO)):
        yield "payments", f"paid_amount is {document.paid_amount}, but its payments come to {paid}"
    if (document.status == "paid") != (document.paid_on is not None):
        yield "status", f"status is {document.status}, but paid_on is {document.paid_on}"


def _expected(document: Document) -> dict[str, object]:
    sums = totals(document.lines, terms(document))
    right = changed(
        document,
        vat_sums=sums.vat_sums,
        net_total=sums.net,
        vat_total=sums.vat,
        gross_total=sums.gross,
        rounding=sums.rounding,
        margin_total=sums.margin,
        margin_vat_total=sums.margin_vat,
        native_net_total=sums.native_net,
        native_gross_total=sums.native_gross,
    )
    count_off(right)
    return {name: getattr(right, name) for name in _SUMS}


_SUMS = (
    *("vat_sums", "net_total", "vat_total", "gross_total", "rounding", "native_net_total", "native_gross_total"),
    *("margin_total", "margin_vat_total"),
    *("remaining_amount", "native_remaining_amount", "left_to_pay"),
)
