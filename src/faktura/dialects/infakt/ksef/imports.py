"""What KSeF holds for the firm, as it was fetched, and whether the account reaches KSeF (19.2, 19.5)."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from faktura.core.errors import Invalid, NotFound, Problem
from faktura.core.ksef.connection import KsefConnection, Side, active_connection, connection_of
from faktura.core.ksef.receive import within
from faktura.core.ksef.received import KsefReceived
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import NAME, Call
from faktura.dialects.infakt.door.paging import LIMIT, OFFSET, ORDER, SEARCH, Page
from faktura.dialects.infakt.door.values import BOOLEAN, DATE, MONEY, TEXT, WARSAW
from faktura.dialects.infakt.invoices.printing import chosen, printed
from faktura.dialects.infakt.invoices.resources import INVOICES, Serve
from faktura.inputs.e_invoices.read import read_invoice
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.outputs.e_invoices.en16931 import MEDIA_TYPE
from faktura.outputs.printing.received import page_of_received, print_received
from faktura.store.queries import Condition, Operator, Order, Selection
from faktura.wire.endpoints import Answer, Endpoint, File, Parameter
from faktura.wire.fields import Kind, Shape, Unreadable, list_of, read_only
from faktura.wire.rendered import encode
from faktura.wire.values import choice, read_text

LISTS = "ksef_lists"
"""The limit that both lists have together, in an hour and of an account (1.9)."""

HOUR = 3600
"""Seconds."""

INCOMES: Side = "Subject1"
COSTS: Side = "Subject2"

HTML = "text/html; charset=utf-8"

FILE_FORMAT = Parameter("file_format", choice("xml", "pdf", "html"), "The file as KSeF has it, or to be read by people")

NUMBER = re.compile(r"[0-9]{10}-[0-9]{8}-[0-9A-F]{12}-[0-9A-F]{2}")

KINDS = {"Zal": "advance", "Roz": "final", "Kor": "corrective_invoice", "KorZal": "corrective_invoice"}
KINDS |= {"KorRoz": "corrective_invoice", "KorPef": "corrective_invoice", "KorVatRr": "corrective_invoice"}
"""By what KSeF calls it; everything else is `vat`."""


def _kind(received: KsefReceived, _view: None) -> str:
    return KINDS.get(received.metadata.kind, "vat")


def _schema_version(received: KsefReceived, _view: None) -> str:
    """`V3` of FA (3); of another form its own name."""
    found = re.fullmatch(r"FA ?\((\d+)\)", received.metadata.schema)
    return f"V{found[1]}" if found else received.metadata.schema


def _in_utc(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _fetched_at(instant: dt.datetime | None) -> str | None:
    return None if instant is None else instant.astimezone(WARSAW).isoformat(timespec="seconds")


FETCHED_AT = Kind({"type": "string", "format": "date-time"}, read_text, _in_utc)

RECEIVED: Shape[KsefReceived, None] = Shape(
    "ksef_invoice",
    KsefReceived,
    (
        read_only("ksef_number", TEXT, nullable=False),
        read_only("invoice_number", TEXT, "metadata.number", nullable=False),
        read_only("invoice_kind", TEXT, nullable=False, showing=_kind),
        read_only("invoice_date", DATE, "issued_on", nullable=False),
        read_only("client_name", TEXT, "metadata.buyer_name", nullable=False),
        read_only("client_tax_code", TEXT, "metadata.buyer_tax_no", nullable=False),
        read_only("seller_name", TEXT, "metadata.seller_name", nullable=False),
        read_only("seller_tax_code", TEXT, "metadata.seller_tax_no", nullable=False),
        read_only("gross_price", MONEY, "metadata.gross_total", nullable=False),
        read_only("net_price", MONEY, "metadata.net_total", nullable=False),
        read_only("tax_price", MONEY, "metadata.vat_total", nullable=False),
        read_only("currency", TEXT, "metadata.currency", nullable=False),
        read_only("schema_version", TEXT, nullable=False, showing=_schema_version),
        read_only("created_at", FETCHED_AT, nullable=False),
    ),
)

INTEGRATION: Shape[KsefConnection | None, None] = Shape(
    "ksef_integration",
    KsefConnection,
    (
        read_only("active", BOOLEAN, nullable=False, showing=lambda c, _: c is not None and c.active),
        read_only("incomes_last_fetched_at", TEXT, showing=lambda c, _: c and _fetched_at(c.incomes_fetched_at)),
        read_only("costs_last_fetched_at", TEXT, showing=lambda c, _: c and _fetched_at(c.costs_fetched_at)),
    ),
)

METAINFO = Kind(
    {
        "type": "object",
        "properties": {
            "count": {"type": "integer", "minimum": 0, "description": "Records on this page"},
            "limit": {"type": "integer", "minimum": 0},
            "offset": {"type": "integer", "minimum": 0},
        },
        "required": ["count", "limit", "offset"],
    },
    read_text,
)

LISTED: Shape[Any, None] = Shape(
    "ksef_invoices",
    dict,
    (read_only("metainfo", METAINFO, nullable=False), read_only("entities", list_of(RECEIVED), nullable=False)),
)
"""A list with an envelope of its own (1.4)."""


def read_integration(call: Call) -> Answer:
    return Answer(200, encode(INTEGRATION.show(connection_of(call.books), None)))


def _list(side: Side, name: str) -> Serve:
    def serve(call: Call) -> Answer:
        connection = active_connection(call.books)
        page, days = Page(call.parameters), _days(call.parameters.get("q"))
        chosen_ones = Selection(
            (within(connection), Condition("side", "eq", side), *days), order=_order(call.parameters.get("order"))
        )
        found = call.books.some_in_order(KsefReceived, chosen_ones, page.limit, page.offset)
        _count(call)
        metainfo = {"count": len(found), "limit": page.limit, "offset": page.offset}
        return Answer(200, encode({"metainfo": metainfo, "entities": [RECEIVED.show(one, None) for one in found]}))

    serve.__name__ = name
    return serve


def _days(asked: Any) -> Iterator[Condition]:
    """A list is cut by the day of issue alone; whatever else is searched for is passed over."""
    operators: tuple[Operator, ...] = ("gteq", "lteq")
    for operator in operators if isinstance(asked, dict) else ():
        name = f"invoice_date_{operator}"
        try:
            day = DATE.read(asked[name]) if asked.get(name) else None
        except Unreadable:
            raise errors.wrong_value(f"q[{name}]") from None
        if day is not None:
            yield Condition("issued_on", operator, day)


def _order(asked: Any) -> tuple[Order, ...]:
    """By the day of issue, the last first unless the first is asked for; other orders are passed over."""
    words = asked.lower().split() if isinstance(asked, str) else []
    descending = words not in (["invoice_date"], ["invoice_date", "asc"])
    return Order("issued_on", descending=descending), Order("id", descending=descending)


def _count(call: Call) -> None:
    """Every list counts, also one that asks for the same once more.

    Raises:
        Failure: as many were asked for in this hour as may be.

    """
    call.mark = None
    service = call.service
    quota = service.modes.rate_limits.get(NAME, {}).get(LISTS)
    if quota is None:
        return
    asked = f"{NAME} {LISTS}", str(call.account.id), quota, call.office.now
    if not service.rate_limit.take(*asked, window=HOUR).allowed:
        raise errors.too_many_ksef_lists(quota)


def read_one(call: Call) -> Answer:
    """As it was fetched; as PDF and HTML it is ours."""
    environment = active_connection(call.books).environment
    asked, number = chosen(call, FILE_FORMAT) or "xml", call.ids["ksef_number"]
    if NUMBER.fullmatch(number) is None:
        raise Invalid({"ksef_number": [Problem("malformed")]})
    received = call.books.look_up(KsefReceived, environment=environment, ksef_number=number)
    if received is None:
        raise NotFound(KsefReceived.table_name)
    if asked == "xml":
        return Answer(200, received.xml, content_type=MEDIA_TYPE)
    try:
        invoice = read_invoice(received.xml, lambda _content, _format: ()).invoice
    except NoInvoice:
        raise errors.not_readable() from None
    if asked == "html":
        return Answer(200, page_of_received(invoice, number, received.issued_on, "pl").encode(), content_type=HTML)
    printer, account = call.service.printer, call.account
    return printed(lambda: print_received(printer, account, number, invoice, received.issued_on, "pl"))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/ksef2/integration.json",
        serve=read_integration,
        about="Ask whether the account reaches KSeF",
        answers={200: INTEGRATION},
        scope=INVOICES.read,
    ),
    *(
        Endpoint(
            method="GET",
            path=f"/ksef2/import/{many}.json",
            serve=_list(side, f"list_ksef_{many}"),
            about=f"List {about} that KSeF holds",
            parameters=(SEARCH, ORDER, OFFSET, LIMIT),
            answers={200: LISTED},
            refuses=(422,),
            scope=INVOICES.read,
            searches=True,
        )
        for many, side, about in (
            ("incomes", INCOMES, "invoices of the firm"),
            ("costs", COSTS, "invoices of its suppliers"),
        )
    ),
    Endpoint(
        method="GET",
        path="/ksef2/import/{ksef_number}.json",
        serve=read_one,
        about="Fetch an invoice that KSeF holds",
        parameters=(FILE_FORMAT,),
        answers={200: File("*/*")},
        refuses=(422, 503),
        scope=INVOICES.read,
    ),
)
