"""Costs are listed and read, and their files are fetched (20.1)."""

import zlib
from collections.abc import Sequence
from urllib.parse import quote

from faktura.core.documents.attachments import find_attachment
from faktura.core.people.users import members_by_id
from faktura.core.received.find import find_paper
from faktura.core.received.propose import found_twice
from faktura.core.received.record import Expense
from faktura.dialects.infakt.costs.fields import COST, LISTED, View
from faktura.dialects.infakt.costs.listing import FILTERING, conditions_of, order_of
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.links import api_url, list_url
from faktura.dialects.infakt.door.paging import FIELDS, LIMIT, OFFSET, ORDER, SEARCH, Page
from faktura.dialects.infakt.invoices.resources import Scopes
from faktura.store.queries import Selection
from faktura.wire.conditional import etag
from faktura.wire.endpoints import Answer, Endpoint, File
from faktura.wire.rendered import encode
from faktura.wire.requests import read_id

COSTS = Scopes("api:costs:read", "api:costs:write")


def list_costs(call: Call) -> Answer:
    page, conditions = Page(call.parameters), conditions_of(call.parameters)
    chosen = Selection(conditions, order=order_of(call.parameters.get("order")))
    papers = call.books.some_in_order(Expense, chosen, page.limit, page.offset)
    part, view = call.part(LISTED), _view(call, papers)
    entities = [encode(part.show(paper, view)) for paper in papers]
    total = page.known_total(len(papers))
    if total is None:
        total = call.books.count(Expense, Selection(conditions))
    return Answer(200, page.envelope(list_url(call.service, call.request), call.pairs, entities, total))


def read_cost(call: Call) -> Answer:
    paper = find_paper(call.books, call.ids["uuid"])
    told = encode(call.part(COST).show(paper, _view(call, [paper])))
    return Answer(200, told, headers=(("ETag", etag(paper.version, zlib.crc32(told))),))


def download_cost_file(call: Call) -> Answer:
    kept = find_attachment(call.books, find_paper(call.books, call.ids["uuid"]), read_id(call.ids["attachment_id"]))
    headers = (("Content-Disposition", f"attachment; filename*=UTF-8''{quote(kept.filename, safe='')}"),)
    return Answer(200, kept.content, headers=headers, content_type=kept.content_type)


def _view(call: Call, papers: Sequence[Expense]) -> View:
    address = api_url(call.service, call.request)
    return View(address, members_by_id(call.books), found_twice(call.books, papers))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/documents/costs.json",
        serve=list_costs,
        about="List costs and scans; filters stand bare or inside q",
        parameters=(SEARCH, *FILTERING, FIELDS, ORDER, OFFSET, LIMIT),
        answers={200: [LISTED]},
        scope=COSTS.read,
        searches=True,
    ),
    Endpoint(
        method="GET",
        path="/documents/costs/{uuid}.json",
        serve=read_cost,
        about="Read a cost or a scan",
        parameters=(FIELDS,),
        answers={200: COST},
        scope=COSTS.read,
    ),
    Endpoint(
        method="GET",
        path="/documents/costs/{uuid}/attachments/{attachment_id}.json",
        serve=download_cost_file,
        about="Download a file beside a cost",
        answers={200: File()},
        scope=COSTS.read,
    ),
)
