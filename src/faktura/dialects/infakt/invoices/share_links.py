"""Links to look at an invoice without a key (6.1): good for 30 days, and longer where they are prolonged."""

from faktura.core.invoices.sharing import ShareLink, find_share_link, prolong_share_link, share, stop_sharing
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.links import shared_url
from faktura.dialects.infakt.invoices.documents import found
from faktura.dialects.infakt.invoices.invoices import RESOURCE
from faktura.dialects.infakt.invoices.resources import INVOICES
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.rendered import encode

STOPPED = "Udostępnianie faktury zostało wyłączone."


def create_share_link(call: Call) -> Answer:
    return _shown(call, share(call.books, found(call, RESOURCE)), 201)


def read_share_link(call: Call) -> Answer:
    link = find_share_link(call.books, found(call, RESOURCE))
    if link is None:
        raise errors.not_found()
    return _shown(call, link)


def prolong_link(call: Call) -> Answer:
    return _shown(call, prolong_share_link(call.books, found(call, RESOURCE)))


def delete_share_link(call: Call) -> Answer:
    stop_sharing(call.books, found(call, RESOURCE))
    return Answer(200, encode({"message": STOPPED}))


def _shown(call: Call, link: ShareLink, status: int = 200) -> Answer:
    address = shared_url(call.service, call.request, call.account, link)
    return Answer(status, encode({"share_link": address, "expiration_date": link.valid_until.isoformat()}))


SHARE_LINK = {
    "type": "object",
    "properties": {
        "share_link": {"type": "string", "format": "uri"},
        "expiration_date": {"type": "string", "format": "date"},
    },
    "required": ["share_link", "expiration_date"],
}
MESSAGE = {"type": "object", "properties": {"message": {"type": "string"}}, "required": ["message"]}

PATH = "/invoices/{uuid}/share_links.json"

ENDPOINTS = (
    Endpoint(
        method="POST",
        path=PATH,
        serve=create_share_link,
        about="Share an invoice by a link",
        answers={201: SHARE_LINK},
        scope=INVOICES.write,
    ),
    Endpoint(
        method="GET",
        path=PATH,
        serve=read_share_link,
        about="Read the link that an invoice is shared by",
        answers={200: SHARE_LINK},
        scope=INVOICES.read,
    ),
    Endpoint(
        method="POST",
        path="/invoices/{uuid}/share_links/prolong.json",
        serve=prolong_link,
        about="Let the link be good for 30 days more",
        answers={200: SHARE_LINK},
        scope=INVOICES.write,
    ),
    Endpoint(
        method="DELETE",
        path=PATH,
        serve=delete_share_link,
        about="Stop sharing an invoice",
        answers={200: MESSAGE},
        scope=INVOICES.write,
    ),
)
