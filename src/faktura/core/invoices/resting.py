"""What of a document others rest on, so that a change of it is refused and they are named."""

from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.documents.deductions import documented_otherwise
from faktura.core.documents.find import number_at
from faktura.core.documents.links import Links
from faktura.core.documents.record import ZERO
from faktura.core.documents.status import called_paid, covers
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice


def keep_what_others_rest_on(books: Books, old: Invoice, new: Invoice, links: Links, problems: Problems) -> None:
    """Money that others take off stays that customer's and in that currency, and a settled tax document as it is."""
    if (old.payments or old.paid_amount or old.stage == "paid") and new.currency != old.currency:
        problems.add("currency", "immutable")
    money = [link for link in links.into if link.sort not in {"corrects", "follows"}]
    money += links.coming("follows") if old.kind == "proforma" else []
    proformas = [link.to_key for link in links.leading("receipts")]
    others = [*(link.from_key for link in (*money, *links.coming("corrects"))), *proformas]
    for name in ("currency", "contact_id"):
        if others and getattr(new, name) != getattr(old, name):
            problems.add(name, "relied_on", number=number_at(books, others[0]))
    if (settled := links.coming("settles")) and _taxed(new) != _taxed(old):
        problems.add("lines", "relied_on", number=number_at(books, settled[0].from_key))
    _keep_what_is_documented(books, old, new, links, problems)
    if abs(new.paid_amount) < abs(sum((payment.amount for payment in new.payments), ZERO)):
        problems.add("paid_amount", "too_small")


def _keep_what_is_documented(books: Books, old: Invoice, new: Invoice, links: Links, problems: Problems) -> None:
    """What was said to have come in for a proforma is not taken back from under its tax documents."""
    unsaid = "paid_on" if new.paid_on is None else "paid_amount"
    if getattr(new, unsaid) == getattr(old, unsaid):
        return
    receipts = [link for link in links.coming("receipts") if link.payment_id is None]
    said = new.paid_amount + (ZERO if new.paid_on is None else called_paid(old))
    said -= sum((payment.amount for payment in new.payments), ZERO)
    if receipts and not covers(said, documented_otherwise(books, receipts)):
        problems.add(unsaid, "relied_on", number=books.find(Invoice, receipts[-1].from_id).number)


def _taxed(invoice: Invoice) -> list[tuple[Decimal, Decimal, Decimal]]:
    return [(one.vat_rate, one.net, one.vat) for one in invoice.vat_sums]
