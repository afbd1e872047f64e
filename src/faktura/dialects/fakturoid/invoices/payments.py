"""Payments of invoices (2.7), which are read inside them."""

from faktura.core.invoices.follow_up import Received, add_payment, create_tax_document, remove_payment
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.invoices.parts import PAYMENT
from faktura.dialects.fakturoid.parts.payments import Paid, created, given_payment
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint
from faktura.wire.requests import read_id


def create_payment(call: Call) -> Answer:
    return _created(call, add_payment(call.books, call.id, given_payment(call, PAYMENT)))


def delete_payment(call: Call) -> Answer:
    remove_payment(call.books, call.id, read_id(call.ids["payment_id"]))
    return NO_CONTENT


def create_tax_document_of_payment(call: Call) -> Answer:
    return _created(call, create_tax_document(call.books, call.id, read_id(call.ids["payment_id"])))


def _created(call: Call, received: Received) -> Answer:
    return created(call, PAYMENT, Paid(received.payment, received.invoice), "invoices")


MANY = "/accounts/{slug}/invoices/{id}/payments.json"
ONE = "/accounts/{slug}/invoices/{id}/payments/{payment_id}.json"
SCOPE = "invoices"

ENDPOINTS = (
    Endpoint(
        method="POST",
        path=MANY,
        serve=create_payment,
        about="Pay an invoice",
        takes=PAYMENT,
        answers={201: PAYMENT},
        scope=SCOPE,
    ),
    Endpoint(
        method="POST",
        path="/accounts/{slug}/invoices/{id}/payments/{payment_id}/create_tax_document.json",
        serve=create_tax_document_of_payment,
        about="Issue the tax document over a payment of a proforma",
        answers={201: PAYMENT},
        refuses=(422,),
        scope=SCOPE,
    ),
    Endpoint(
        method="DELETE",
        path=ONE,
        serve=delete_payment,
        about="Take a payment back",
        answers={204: None},
        refuses=(422,),
        scope=SCOPE,
    ),
)
