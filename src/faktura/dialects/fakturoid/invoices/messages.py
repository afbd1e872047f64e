"""Messages (2.8): an invoice sent by e-mail."""

from typing import Any

from faktura.core.invoices.find import find_invoice
from faktura.core.messages import Message
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.values import BOOLEAN, TEXT
from faktura.dialects.fakturoid.invoices.fields import public_url
from faktura.outputs.mail.wording import send_invoice
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint
from faktura.wire.fields import Field, Shape

MESSAGE: Shape[Message, Any] = Shape(
    "message",
    Message,
    (
        Field("subject", TEXT, access="write"),
        Field("email", TEXT, "recipient", access="write"),
        Field("email_copy", TEXT, "copy", access="write"),
        Field("message", TEXT, "body", access="write"),
        # There is no window of delivery that it could be sent outside of.
        Field("deliver_now", BOOLEAN, access="write"),
    ),
)


def send_message(call: Call) -> Answer:
    """Whatever is not given is the subject's, or the usual (C33)."""
    invoice = find_invoice(call.books, call.id)
    send_invoice(call.books, invoice.id, call.given(MESSAGE), public_url(invoice, call.view))
    return NO_CONTENT


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/accounts/{slug}/invoices/{id}/message.json",
        serve=send_message,
        about="Send an invoice by e-mail",
        takes=MESSAGE,
        answers={204: None},
        scope="invoices",
    ),
)
