"""Documents on paper: one as PDF, sent by e-mail, and many in one file (6.1, 6.6, section 18)."""

import logging
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from faktura.core.bulk_prints import find_print, named_by, order_print, ordered
from faktura.core.errors import Invalid, Problem
from faktura.core.invoices.events import mark_printed
from faktura.core.messages import Message
from faktura.core.papers.record import PaperKind
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.links import site_url
from faktura.dialects.infakt.door.values import BOOLEAN, TEXT
from faktura.dialects.infakt.invoices.documents import Resource, found
from faktura.dialects.infakt.invoices.resources import INVOICES
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.printing.document import print_invoice, print_of, print_together
from faktura.outputs.printing.papers import print_of_paper
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.printing.printed import COPIES, Copies
from faktura.outputs.reading.context import context_of, look_of
from faktura.wire.endpoints import Answer, Endpoint, File, Parameter
from faktura.wire.fields import Field, Shape, Unreadable
from faktura.wire.rendered import encode
from faktura.wire.values import choice

log = logging.getLogger(__name__)

PDF = "application/pdf"
MOST_TOGETHER = 200

PAPERS_TOGETHER: tuple[PaperKind, ...] = ("daily_revenue",)
"""Papers without a buyer that section 18 has; an internal evidence, which has a print, is printed by itself."""

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
    """Every document is printed that has a buyer, and daily revenues; what is unknown is rejected like the rest."""
    uuids = call.parameters.get("uuids")
    if not isinstance(uuids, list) or not uuids or len(uuids) > MOST_TOGETHER:
        raise Invalid({"uuids": [Problem("blank" if not uuids else "malformed")]})
    asked = list(dict.fromkeys(str(uuid).lower() for uuid in uuids))
    wanted = named_by(call.books, asked, PAPERS_TOGETHER)
    if not wanted.uuids:
        raise errors.not_found()
    told = {
        "download_token": order_print(call.books, wanted).token,
        "accepted_uuids": [uuid for uuid in asked if uuid in wanted.uuids],
        "rejected_uuids": [uuid for uuid in asked if uuid not in wanted.uuids],
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
    books, printer, account = call.books, call.service.printer, call.account
    documents, papers = ordered(books, find_print(books, call.ids["token"]))
    prints = [print_of(document, context_of(books, document), "pl") for document in documents]
    prints += [print_of_paper(account, paper, look_of(books), "pl") for paper in papers]
    if not prints:
        raise errors.not_found()
    return lambda: print_together(printer, account, prints)


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
