"""Links under which a customer pays a document, on the payment page that the firm has elsewhere."""

from typing import Any
from urllib.parse import quote

from faktura.core.books.books import Books
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
    """`address` asks for what was left to pay when the link was made."""

    kind: str
    document_id: int
    address: str


def offer_payment(books: Books, invoice: Invoice) -> PaymentLink:
    """The link of a document that somebody has to pay; one that is there is kept.

    Raises:
        WrongState: nothing is left to pay, or the firm has no payment page.

    """
    found = find_payment_link(books, invoice)
    if found is not None:
        return found
    if invoice.status == "paid":
        raise WrongState("already_paid", invoice.noun)
    page = books.account.payment_page
    if page is None:
        raise WrongState("no_payment_page")
    return books.add(PaymentLink, **_named(invoice), address=_filled(page, invoice))


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


def _named(invoice: Invoice) -> dict[str, Any]:
    return {"kind": invoice.table_name, "document_id": invoice.id}


def _filled(page: str, invoice: Invoice) -> str:
    told = {
        "number": invoice.number,
        "amount": f"{invoice.left_to_pay:.2f}",
        "currency": invoice.currency,
        "variable_symbol": invoice.variable_symbol or "",
    }
    return page.format(**{name: quote(value, safe="") for name, value in told.items()})
