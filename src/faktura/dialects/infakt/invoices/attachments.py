"""Files beside an invoice (6.8): listed with links that open without a key for ten minutes."""

import datetime as dt
import hashlib
import hmac
import re
from typing import NamedTuple
from urllib.parse import quote

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.attachments import Attachment, find_attachment
from faktura.core.documents.record import AttachedFile
from faktura.core.errors import NotFound
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.links import api_url, list_url
from faktura.dialects.infakt.door.paging import FIELDS, LIMIT, OFFSET, Page
from faktura.dialects.infakt.door.values import INTEGER, TEXT
from faktura.dialects.infakt.invoices.documents import found
from faktura.dialects.infakt.invoices.invoices import RESOURCE
from faktura.dialects.infakt.invoices.resources import INVOICES
from faktura.wire.endpoints import Answer, Endpoint, File
from faktura.wire.fields import Shape, read_only
from faktura.wire.rendered import encode
from faktura.wire.requests import read_id

TERM = dt.timedelta(minutes=10)


class Seen(NamedTuple):
    """Where links begin, which document the files lie beside, when it is, and what signs tickets."""

    address: str
    invoice: Invoice
    now: dt.datetime
    key: str


class Ticket(NamedTuple):
    """Who may have which file until when, in seconds since 1970."""

    account_id: int
    invoice_id: int
    attachment_id: int
    until: int


def _link(file: AttachedFile, seen: Seen) -> str:
    invoice = seen.invoice
    ticket = Ticket(invoice.account_id, invoice.id, file.id, int((seen.now + TERM).timestamp()))
    return f"{seen.address}/downloads/{'-'.join(map(str, ticket))}-{_signature(ticket, seen.key)}.json"


ATTACHMENT: Shape[AttachedFile, Seen] = Shape(
    "attachment",
    AttachedFile,
    (
        read_only("id", INTEGER, nullable=False),
        read_only("name", TEXT, "filename", nullable=False),
        read_only("content_type", TEXT, nullable=False),
        read_only("download_link", TEXT, nullable=False, showing=_link),
    ),
)


def list_attachments(call: Call) -> Answer:
    invoice = found(call, RESOURCE)
    page, shape, seen = Page(call.parameters), _part(call), _seen(call, invoice)
    cut = invoice.attachments[page.offset : page.offset + page.limit]
    entities = [encode(shape.show(file, seen)) for file in cut]
    address = list_url(call.service, call.request)
    return Answer(200, page.envelope(address, call.pairs, entities, len(invoice.attachments)))


def read_attachment(call: Call) -> Answer:
    invoice, wanted = found(call, RESOURCE), read_id(call.ids["attachment_id"])
    for file in invoice.attachments:
        if file.id == wanted:
            return Answer(200, encode(_part(call).show(file, _seen(call, invoice))))
    raise NotFound(Attachment.table_name)


def download_attachment(call: Call) -> Answer:
    """The signature is the key."""
    kept = _found_for(call.office, _signed(call.ids["ticket"], call.service.secret_key, call.office.now))
    headers = (("Content-Disposition", f"attachment; filename*=UTF-8''{quote(kept.filename, safe='')}"),)
    return Answer(200, kept.content, headers=headers, content_type=kept.content_type)


def _signed(text: str, key: str, now: dt.datetime) -> Ticket:
    """The ticket.

    Raises:
        NotFound: it is not ours, or too old.

    """
    match = _TICKET.fullmatch(text)
    if match is None:
        raise NotFound(text)
    ticket = Ticket(read_id(match[1]), read_id(match[2]), read_id(match[3]), int(match[4]))
    if not hmac.compare_digest(match[5], _signature(ticket, key)) or ticket.until < now.timestamp():
        raise NotFound(text)
    return ticket


def _found_for(office: Office, ticket: Ticket) -> Attachment:
    books = Books(office.tx, office.find(Account, id=ticket.account_id), None, office.now, way=office.way)
    return find_attachment(books, find_invoice(books, ticket.invoice_id), ticket.attachment_id)


def _signature(ticket: Ticket, key: str) -> str:
    """The server's key signs other things as well, so what this signature is for stands in it."""
    return hmac.new(key.encode(), f"attachment-{'-'.join(map(str, ticket))}".encode(), hashlib.sha256).hexdigest()


def _part(call: Call) -> Shape[AttachedFile, Seen]:
    return call.part(ATTACHMENT)


def _seen(call: Call, invoice: Invoice) -> Seen:
    return Seen(api_url(call.service, call.request), invoice, call.books.now, call.service.secret_key)


_TICKET = re.compile(r"([0-9]{1,10})-([0-9]{1,10})-([0-9]{1,10})-([0-9]{1,12})-([0-9a-f]{64})")

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/invoices/{uuid}/attachments.json",
        serve=list_attachments,
        about="List the files beside an invoice",
        parameters=(FIELDS, OFFSET, LIMIT),
        answers={200: [ATTACHMENT]},
        scope=INVOICES.read,
    ),
    Endpoint(
        method="GET",
        path="/invoices/{uuid}/attachments/{attachment_id}.json",
        serve=read_attachment,
        about="Read about a file beside an invoice",
        parameters=(FIELDS,),
        answers={200: ATTACHMENT},
        scope=INVOICES.read,
    ),
    Endpoint(
        method="GET",
        path="/downloads/{ticket}.json",
        serve=download_attachment,
        about="Download a file by a link that was told lately",
        answers={200: File()},
        public=True,
    ),
)
