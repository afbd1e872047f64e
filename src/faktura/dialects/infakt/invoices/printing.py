"""Documents on paper: one as PDF, sent by e-mail, and many in one file (6.1, 6.6, section 18)."""

import logging
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from faktura.core.errors import Invalid, Problem
from faktura.core.invoices.bulk_print import documents_by_uuid, documents_of, find_print, order_print
from faktura.core.invoices.events import mark_printed
from faktura.core.messages import Message
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.links import site_url
from faktura.dialects.infakt.door.values import BOOLEAN, TEXT
from faktura.dialects.infakt.invoices.documents import Resource, found
from faktura.dialects.infakt.invoices.resources import INVOICES
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.printing.document import print_invoice, print_together
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.printing.printed import COPIES, Copies
from faktura.outputs.reading.context import context_of
from faktura.wire.endpoints import Answer, Endpoint, File, Parameter
from faktura.wire.fields import Field, Shape, Unreadable
from faktura.wire.rendered import encode
from faktura.wire.values import choice

log = logging.getLogger(__name__)

PDF = "application/pdf"
MOST_TOGETHER = 200

PATIENCE = 20.0
"""Seconds that a client waits for a print, which goes on after it."""

A_MOMENT = 2.0
"""Seconds in which the few documents that are usually asked for together are ready."""

LOCALES = ("pl", "en", "pe")
MAILED = ("original", "copy", "original_duplicate", "copy_duplicate", "duplicate", "regular")

DOCUMENT_TYPE = Parameter("document_type", choice(*COPIES), "What the print says that it is", required=True)
LOCALE = Parameter("locale", choice(*LOCALES), "Polish where it is left out; `pe` is Polish with English")

LETTER: Shape[Message, None] = Shape(
    "message",
    Message,
    (
        Field("print_type", choice(*MAILED), "print_as", access="write"),
        Field("locale", choice(*LOCALES), "language", access="write"),
        Field("recipient", TEXT, access="write"),
        Field("send_copy", BOOLEAN, access="write"),
    ),
    example={"print_type": "original", "recipient": "klient@example.com"},
)


def print_one(call: Call, resource: Resource) -> Answer:
    invoice = found(call, resource)
    copies = resource.printed_as or msgspec.convert(chosen(call, DOCUMENT_TYPE), Copies)
    language = chosen(call, LOCALE) or "pl"
    if call.marks:
        invoice = mark_printed(call.books, invoice)
    printer, account, today = call.service.printer, call.account, call.books.today
    context = context_of(call.books, invoice)
    return printed(lambda: print_invoice(printer, account, invoice, context, language, copies, today))


def mail_one(call: Call, resource: Resource) -> Answer:
    """To the client unless a recipient is named; a copy goes to the firm itself."""
    invoice = found(call, resource)
    given = LETTER.read(call.parameters)
    if given.get("print_as") is None and "print_as" not in given.unread:
        given["print_as"] = "original"
    given["language"] = given.get("language") or "pl"
    if given.pop("send_copy", False):
        given["copy"] = call.account.invoice_email
    address = f"{site_url(call.service, call.request)}/{call.account.slug}/p/{invoice.token}"
    try:
        send_invoice(call.books, invoice.id, given, address)
    except Invalid as refused:
        raise _spelled(refused) from None
    return Answer(202)


def _spelled(refused: Invalid) -> Invalid:
    return Invalid({LETTER.spelled(name): problems for name, problems in refused.problems.items()})


def chosen(call: Call, parameter: Parameter) -> str | None:
    """The value of a parameter that is one of a list.

    Raises:
        Invalid: it is missing and required, or none of the list.

    """
    sent = call.parameters.get(parameter.name)
    try:
        value: str | None = None if sent is None else parameter.kind.read(sent)
    except Unreadable as unreadable:
        raise Invalid({parameter.name: unreadable.problems}) from None
    if value is None and parameter.required:
        raise Invalid({parameter.name: [Problem("blank")]})
    return value


def order_many(call: Call) -> Answer:
    """Unknown documents are rejected, and every kind that is issued here can be printed."""
    uuids = call.parameters.get("uuids")
    if not isinstance(uuids, list) or not uuids or len(uuids) > MOST_TOGETHER:
        raise Invalid({"uuids": [Problem("blank" if not uuids else "malformed")]})
    asked = list(dict.fromkeys(str(uuid).lower() for uuid in uuids))
    documents = documents_by_uuid(call.books, asked)
    if not documents:
        raise errors.not_found()
    accepted = [document.uuid for document in documents]
    order = order_print(call.books, documents)
    told = {
        "download_token": order.token,
        "accepted_uuids": accepted,
        "rejected_uuids": [uuid for uuid in asked if uuid not in accepted],
    }
    return Answer(201, encode(told))


def check_many(call: Call) -> Answer:
    """Printing begins with the first question, in whichever process it is asked."""
    begin = _together(call)

    def print_them() -> Answer:
        file = begin()
        return Answer(
            200, finish=lambda: Answer(200, encode({"ready": file.done()})), waits_for=file, patience=A_MOMENT
        )

    return Answer(200, finish=print_them)


def fetch_many(call: Call) -> Answer:
    return printed(_together(call))


def _together(call: Call) -> Callable[[], Future[bytes]]:
    documents = documents_of(call.books, find_print(call.books, call.ids["token"]))
    if not documents:
        raise errors.not_found()
    printer, account = call.service.printer, call.account
    with_contexts = [(document, context_of(call.books, document)) for document in documents]
    return lambda: print_together(printer, account, with_contexts, "pl")


def printed(begin: Callable[[], Future[bytes]]) -> Answer:
    """A file whose printing begins when the transaction is over."""

    def print_it() -> Answer:
        file = begin()
        return Answer(200, finish=lambda: _answer(file), waits_for=file, patience=PATIENCE)

    return Answer(200, finish=print_it)


def _answer(file: Future[bytes]) -> Answer:
    if not file.done():
        raise errors.not_printed()
    try:
        return Answer(200, file.result(), content_type=PDF)
    except NotPrinted:
        log.exception("document not printed")
        raise errors.not_printed() from None


ORDERED = {
    "type": "object",
    "properties": {
        "download_token": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "accepted_uuids": {"type": "array", "items": {"type": "string"}},
        "rejected_uuids": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["download_token", "accepted_uuids", "rejected_uuids"],
}
READY = {"type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"]}

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/async/incomes/pdf_many.json",
        serve=order_many,
        about="Have many documents printed into one file",
        answers={201: ORDERED},
        refuses=(404, 422),
        scope=INVOICES.write,
    ),
    Endpoint(
        method="GET",
        path="/async/incomes/pdf_many/{token}/check.json",
        serve=check_many,
        about="Ask whether the file is ready",
        answers={200: READY},
        scope=INVOICES.read,
    ),
    Endpoint(
        method="GET",
        path="/async/incomes/pdf_many/{token}.json",
        serve=fetch_many,
        about="Fetch the file",
        answers={200: File(PDF)},
        refuses=(503,),
        scope=INVOICES.read,
    ),
)
