"""Documents are sent to KSeF, asked about, fetched as its XML, and kept from it again (19.2, 19.3)."""

from typing import get_args

from faktura.core.bulk_prints import named_by
from faktura.core.errors import Invalid, NotFound, Problem, WrongState
from faktura.core.invoices.events import mark_printed
from faktura.core.invoices.find import find_invoice, find_invoice_by_uuid
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import active_connection
from faktura.core.ksef.sendings import Wanted, latest_sending, withdraw
from faktura.core.papers.record import Paper, PaperKind
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.values import TEXT
from faktura.dialects.infakt.invoices import (
    advance_invoices,
    corrective_invoices,
    final_invoices,
    invoices,
    margin_invoices,
)
from faktura.dialects.infakt.invoices.capabilities import Named, words
from faktura.dialects.infakt.invoices.documents import Resource, found
from faktura.dialects.infakt.invoices.e_invoices import FORMAT, PROFILE, foreign_file
from faktura.dialects.infakt.invoices.printing import MOST_TOGETHER
from faktura.dialects.infakt.invoices.resources import INVOICES
from faktura.dialects.infakt.ksef.letter import INFORMING, letter_in
from faktura.dialects.infakt.ksef.status import PROGRESS, SENDABLE, Progress, progress_of
from faktura.outputs.e_invoices.en16931 import MEDIA_TYPE
from faktura.outputs.e_invoices.fa3.prepare import file_for_ksef
from faktura.outputs.e_invoices.ksef import send
from faktura.wire.endpoints import Answer, Endpoint, File, Parameter
from faktura.wire.fields import Kind
from faktura.wire.rendered import encode
from faktura.wire.requests import read_id
from faktura.wire.values import read_text

RESOURCES = (
    invoices.RESOURCE,
    corrective_invoices.RESOURCE,
    margin_invoices.RESOURCE,
    advance_invoices.RESOURCE,
    final_invoices.RESOURCE,
)


def send_one(call: Call) -> Answer:
    """Any document that has a uuid; what cannot be sent is answered as rejected."""
    named = _document(call)
    active_connection(call.books)
    return _told(_sent(call, named, letter_in(call, named) if isinstance(named, Invoice) else None))


def send_of(call: Call, resource: Resource) -> Answer:
    invoice = found(call, resource)
    active_connection(call.books)
    return _told(_sent(call, invoice, letter_in(call, invoice)))


def send_many(call: Call) -> Answer:
    """Those that are not there are left out."""
    uuids = call.parameters.get("uuids")
    if not isinstance(uuids, list) or not uuids or len(uuids) > MOST_TOGETHER:
        raise Invalid({"uuids": [Problem("blank" if not uuids else "malformed")]})
    active_connection(call.books)
    asked = list(dict.fromkeys(str(uuid).lower() for uuid in uuids))
    there = named_by(call.books, asked, get_args(PaperKind))
    documents: dict[str, Invoice | Paper] = {one.uuid: one for one in there.documents}
    documents |= {one.uuid: one for one in there.papers}
    told = [_sent(call, documents[uuid]) for uuid in asked if uuid in documents]
    return Answer(200, encode({"entities": [PROGRESS.show(progress, None) for progress in told]}))


def ask_about(call: Call) -> Answer:
    """What was never sent has no status."""
    named = _document(call)
    sending = latest_sending(call.books, named.id) if isinstance(named, Invoice) else None
    if sending is None or not isinstance(named, Invoice):
        raise NotFound(Invoice.table_name)
    return _told(progress_of(named, sending))


def cancel(call: Call) -> Answer:
    """Only what still waits here; the contract does not say how it is named."""
    invoice = _named_in_body(call)
    try:
        taken_back = withdraw(call.books, invoice.id)
    except WrongState:
        raise errors.not_waiting_for_ksef() from None
    return _told(Progress(invoice.uuid, invoice.kind, taken_back, call.books.now, withdrawn=True))


def download_xml(call: Call, invoice: Invoice, resource: Resource) -> Answer:
    """FA(3), which puts a draft into the accounts; another format where one is asked for, of drafts as well."""
    call.spelled_by = resource.shape
    file = foreign_file(call, invoice)
    if file is None:
        file = file_for_ksef(call.books, invoice)
        if call.marks:
            mark_printed(call.books, invoice)
    return Answer(200, file, content_type=MEDIA_TYPE)


def _sent(call: Call, document: Invoice | Paper, letter: Wanted | None = None) -> Progress:
    """Whatever KSeF would refuse is rejected before it is queued; nothing is sent twice."""
    rejected = Progress(document.uuid, document.kind, None, call.books.now)
    if not isinstance(document, Invoice):
        return rejected
    try:
        return progress_of(document, send(call.books, document.id, letter=letter))
    except Invalid:
        return rejected
    except WrongState as refusal:
        if refusal.reason != "not_for_ksef":
            raise
        return rejected


def _told(progress: Progress) -> Answer:
    return Answer(200, encode(PROGRESS.show(progress, None)))


def _document(call: Call) -> Invoice | Paper:
    """By uuid, or by the id that documents with a buyer have besides (D7)."""
    text = call.ids["uuid"]
    if text.isdecimal():
        return find_invoice(call.books, read_id(text))
    uuid = text.lower()
    document = call.books.look_up(Invoice, uuid=uuid) or call.books.look_up(Paper, uuid=uuid)
    if document is None:
        raise NotFound(Invoice.table_name)
    return document


def _named_in_body(call: Call) -> Invoice:
    for name in ("uuid", "invoice_uuid", "document_uuid"):
        if uuid := call.parameters.get(name):
            return find_invoice_by_uuid(call.books, str(uuid))
    raise Invalid({"uuid": [Problem("blank")]})


def endpoints_of(resource: Resource) -> tuple[Endpoint, Endpoint]:
    """The two at the address of a document that can be sent."""
    (one, _), named = words(resource), Named(resource)
    send_it = Endpoint(
        method="POST",
        path=f"{resource.path}/{{uuid}}/send_to_ksef.json",
        serve=named("send_{one}_to_ksef", lambda call: send_of(call, resource)),
        about=f"Send a {one} to KSeF",
        parameters=(INFORMING,),
        answers={200: PROGRESS},
        refuses=(422,),
        scope=INVOICES.write,
    )
    fetch = Endpoint(
        method="GET",
        path=f"{resource.path}/{{uuid}}/download_xml.json",
        serve=named("download_{one}_as_xml", lambda call: download_xml(call, found(call, resource), resource)),
        about=f"Download a {one} as FA(3), or as ISDOC, UBL or CII",
        parameters=(FORMAT, PROFILE),
        answers={200: File(MEDIA_TYPE)},
        refuses=(422,),
        scope=INVOICES.read,
        marks=True,
    )
    return send_it, fetch


def _download(call: Call) -> Answer:
    named = _document(call)
    if not isinstance(named, Invoice) or named.kind not in SENDABLE:
        raise NotFound(Invoice.table_name)
    return download_xml(call, named, next(one for one in RESOURCES if named.kind in one.kinds))


MANY = {
    "type": "object",
    "properties": {"entities": {"type": "array", "items": {"type": "object"}}},
    "required": ["entities"],
}

UUIDS = Parameter(
    "uuids", Kind({"type": "array", "items": {"type": "string"}}, read_text), "The documents", required=True
)
UUID = Parameter("uuid", TEXT, "The document; `invoice_uuid` and `document_uuid` do as well", required=True)

ENDPOINTS = (
    *(endpoint for resource in RESOURCES for endpoint in endpoints_of(resource)),
    Endpoint(
        method="POST",
        path="/ksef2/documents/{uuid}/send.json",
        serve=send_one,
        about="Send a document to KSeF",
        parameters=(INFORMING,),
        answers={200: PROGRESS},
        refuses=(422,),
        scope=INVOICES.write,
    ),
    Endpoint(
        method="GET",
        path="/ksef2/documents/{uuid}/status.json",
        serve=ask_about,
        about="Ask how far a document has come on its way to KSeF",
        answers={200: PROGRESS},
        scope=INVOICES.read,
    ),
    Endpoint(
        method="POST",
        path="/ksef2/documents/send.json",
        serve=send_many,
        about="Send many documents to KSeF",
        parameters=(UUIDS,),
        answers={200: MANY},
        refuses=(422,),
        scope=INVOICES.write,
    ),
    Endpoint(
        method="GET",
        path="/ksef2/documents/{uuid}/download_xml.json",
        serve=_download,
        about="Download a document as FA(3)",
        parameters=(FORMAT, PROFILE),
        answers={200: File(MEDIA_TYPE)},
        refuses=(422,),
        scope=INVOICES.read,
        marks=True,
    ),
    Endpoint(
        method="POST",
        path="/ksef2/cancel_export.json",
        serve=cancel,
        about="Keep a document from KSeF that still waits to be sent",
        parameters=(UUID,),
        answers={200: PROGRESS},
        refuses=(404, 422),
        scope=INVOICES.write,
    ),
)
