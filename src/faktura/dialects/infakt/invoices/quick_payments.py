"""Links to pay an invoice at once (6.1), where the account says who takes the money; none is made up."""

from faktura.core.invoices.payment_links import (
    PaymentLink,
    filled,
    find_payment_link,
    offer_payment,
    withdraw_payment_link,
)
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.invoices.documents import found
from faktura.dialects.infakt.invoices.invoices import RESOURCE
from faktura.dialects.infakt.invoices.resources import INVOICES
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint
from faktura.wire.rendered import encode


def create_quick_payment(call: Call) -> Answer:
    invoice = found(call, RESOURCE)
    return _shown(offer_payment(call.books, invoice), invoice, 201)


def read_quick_payment(call: Call) -> Answer:
    invoice = found(call, RESOURCE)
    link = find_payment_link(call.books, invoice)
    if link is None:
        raise errors.not_found()
    return _shown(link, invoice)


def delete_quick_payment(call: Call) -> Answer:
    withdraw_payment_link(call.books, found(call, RESOURCE))
    return NO_CONTENT


def mail_on_paper(call: Call) -> Answer:
    """Nobody here has a printer and stamps: a plan without the function (1.8).

    Raises:
        Failure: always, with status 402, or 404 where there is no such invoice.

    """
    found(call, RESOURCE)
    raise errors.no_paper_mail()


def _shown(link: PaymentLink, invoice: Invoice, status: int = 200) -> Answer:
    return Answer(status, encode({"payment_link": filled(link, invoice)}))


PAYMENT_LINK = {
    "type": "object",
    "properties": {"payment_link": {"type": "string", "format": "uri"}},
    "required": ["payment_link"],
}

PATH = "/invoices/{uuid}/quick_payments.json"

ENDPOINTS = (
    Endpoint(
        method="POST",
        path=PATH,
        serve=create_quick_payment,
        about="Make the link under which an invoice is paid on the firm's payment page",
        answers={201: PAYMENT_LINK},
        refuses=(422,),
        scope=INVOICES.write,
    ),
    Endpoint(
        method="GET",
        path=PATH,
        serve=read_quick_payment,
        about="Read the link under which an invoice is paid",
        answers={200: PAYMENT_LINK},
        scope=INVOICES.read,
    ),
    Endpoint(
        method="DELETE",
        path=PATH,
        serve=delete_quick_payment,
        about="Forget the link under which an invoice is paid",
        answers={204: None},
        scope=INVOICES.write,
    ),
    Endpoint(
        method="POST",
        path="/invoices/{uuid}/deliver_via_post.json",
        serve=mail_on_paper,
        about="Refuse to send an invoice on paper",
        answers={},
        refuses=(402,),
        scope=INVOICES.write,
    ),
)
