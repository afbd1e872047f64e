"""Links under which a customer pays a document, on the payment page that the firm has elsewhere."""

from typing import Any
from urllib.parse import quote

from faktura.core.books.books import Books
from faktura.core.documents.record import CORRECTIONS
from faktura.core.errors import NotFound, WrongState
from faktura.core.invoices.record import Invoice
from faktura.store.records import KindIn, Tenant, record, unique


@record(
    "payment_links",
    unique("account_id", "kind", "document_id"),
    paged=False,
    belongs={"document_id": KindIn("kind")},
)
class PaymentLink(Tenant):
    """`address` is that of the payment page when the link was made, with places for what is known of the document."""

    kind: str
    document_id: int
    address: str


def offer_payment(books: Books, invoice: Invoice) -> PaymentLink:
    """The link of a document that somebody has to pay; one that is there is kept.

    Raises:
        WrongState: nothing is left to pay, it is cancelled, or the firm has no payment page.

    """
    found = find_payment_link(books, invoice)
    if found is not None:
        return found
    if invoice.cancelled_at is not None:
        raise WrongState("cancelled")
    if not asks_for_money(invoice):
        raise WrongState("already_paid", invoice.noun)
    page = books.account.payment_page
    if page is None:
        raise WrongState("no_payment_page")
    return books.add(PaymentLink, **_named(invoice), address=page)


def find_payment_link(books: Books, invoice: Invoice) -> PaymentLink | None:
    return books.look_up(PaymentLink, **_named(invoice))


def withdraw_payment_link(books: Books, invoice: Invoice) -> None:
    """Forget the link.

    Raises:
        NotFound: there is none.

    """
    found = find_payment_link(books, invoice)
    if found is None:
        raise NotFound(PaymentLink.table_name)
    books.remove(found)


def asks_for_money(invoice: Invoice) -> bool:
    """Nothing that is paid or cancelled does, nor what gives money back or was issued over money that came in."""
    is_open = invoice.paid_on is None and invoice.cancelled_at is None and invoice.left_to_pay > 0
    return is_open and invoice.kind not in {"tax_document", *CORRECTIONS}


def address_to_pay(books: Books, invoice: Invoice) -> str:
    """Where a customer pays what is left now; empty where nothing is, or no link was made."""
    link = find_payment_link(books, invoice) if asks_for_money(invoice) else None
    return "" if link is None else filled(link, invoice)


def filled(link: PaymentLink, invoice: Invoice) -> str:
    """The address with what is known of the document now, above all what is left to pay."""
    told = {
        "number": invoice.number,
        "amount": f"{invoice.left_to_pay:.2f}",
        "currency": invoice.currency,
        "variable_symbol": invoice.variable_symbol or "",
    }
    return link.address.format(**{name: quote(value, safe="") for name, value in told.items()})


def _named(invoice: Invoice) -> dict[str, Any]:
    return {"kind": invoice.table_name, "document_id": invoice.id}
