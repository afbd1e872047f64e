"""What is done to many costs together (20.1): each has a result of its own, and none stops the others."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid, NotFound, Problem, Refusal, WrongState
from faktura.core.received.accounting import check_category, sort_scan
from faktura.core.received.discard import check_tag, discard
from faktura.core.received.files import check_name, rename_file
from faktura.core.received.find import is_entered, papers_named
from faktura.core.received.notes import add_note, check_content
from faktura.core.received.pay import pay_expense, take_payments_back
from faktura.core.received.record import Expense
from faktura.core.received.sending import order_files
from faktura.dialects.infakt.costs.costs import COSTS
from faktura.dialects.infakt.costs.fields import CostCategory, number_of
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.values import BOOLEAN, CURRENCY, DATE, INTEGER, MONEY, TEXT
from faktura.dialects.infakt.entries import codes
from faktura.wire.endpoints import Answer, Endpoint, Method, Parameter
from faktura.wire.fields import Kind, Unreadable
from faktura.wire.rendered import encode
from faktura.wire.values import read_text

MOST = 100

UPLOADS_GROUP = "Załączniki do skanu dokumentów"

UUIDS = Parameter("uuids", TEXT, "Up to 100 uuids with commas between them; unknown ones are left out")
UUID = Parameter("uuid", TEXT, "A single one, in place of uuids")
ALLOW_CORRECTION = Parameter("allow_correction", BOOLEAN, "Whether costs that are in the books may be deleted")
PAID_ON = Parameter("paid_on", DATE, "When they were paid; today where it is left out")
RECEIVED_AMOUNT = Parameter(
    "received_amount", MONEY, "Of a single cost: what was paid; all that is left where left out"
)
PAYMENT_CURRENCY = Parameter("payment_currency", CURRENCY, "Of a single cost: the currency of the amount")
EXCHANGE_DIFFERENCE = Parameter("calculate_exchange_difference", BOOLEAN, "Of a single cost; accepted")
FILE_NAME = Parameter("file_name", TEXT, "Up to 251 letters, no slashes; the ending stays")
CATEGORY = Parameter("cost_category_id", INTEGER, "One of section 20.4")
CONTENT = Parameter("content", TEXT, "What the note says")
WITH_ATTACHMENTS = Parameter(
    "destroy_related_attachments", BOOLEAN, "Whether files beside a cost are deleted with it; yes where left out"
)
GROUP = Parameter("documents_uploads_group", TEXT, "The tag of scans that are made of files that are kept")

SINGLE = (RECEIVED_AMOUNT, PAYMENT_CURRENCY, EXCHANGE_DIFFERENCE)
PAYING = (UUID, ALLOW_CORRECTION, PAID_ON, *SINGLE)

Verb = Callable[[Books, Expense], object]


def pay_costs(call: Call) -> Answer:
    """Write down a payment of each: of all that is left, or of a single one what is said."""
    uuids, paying = uuids_in(call), _paying(call)
    return _done(call, uuids, lambda books, paper: _pay(books, paper, paying))


def take_payments_of_costs_back(call: Call) -> Answer:
    uuids, _ = uuids_in(call), _paying(call)
    return _done(call, uuids, lambda books, paper: take_payments_back(books, _cost(paper).id))


def rename_cost_files(call: Call) -> Answer:
    uuids, name = uuids_in(call), _value(call, FILE_NAME) or ""
    check_name(name)
    return _done(call, uuids, lambda books, paper: rename_file(books, paper, name))


def assign_cost_category(call: Call) -> Answer:
    uuids, category_id = uuids_in(call), _value(call, CATEGORY)
    category = codes(CostCategory).get(category_id, "unknown") if category_id is not None else None
    check_category(category)
    return _done(call, uuids, lambda books, paper: sort_scan(books, paper, category))


def create_cost_notes(call: Call) -> Answer:
    uuids, content = uuids_in(call), _value(call, CONTENT) or ""
    check_content(content)
    return _done(call, uuids, lambda books, paper: add_note(books, paper, content))


def destroy_costs(call: Call) -> Answer:
    uuids, accounted = uuids_in(call), bool(_value(call, ALLOW_CORRECTION))
    group = _value(call, GROUP) or UPLOADS_GROUP
    check_tag(group)
    kept_under = group if _value(call, WITH_ATTACHMENTS) is False else None
    return _done(call, uuids, lambda books, paper: discard(books, paper, accounted=accounted, kept_under=kept_under))


def send_cost_files(call: Call) -> Answer:
    """By e-mail to whoever holds the key.

    Raises:
        NotFound: there is no such cost, or no file beside any of them.

    """
    if not call.marks:
        raise errors.read_only_mode()
    papers = papers_named(call.books, uuids_in(call))
    if not order_files(call.books, papers):
        raise NotFound(Expense.table_name)
    return Answer(200, encode({"message": "OK"}))


def uuids_in(call: Call) -> list[str]:
    """Each once, in their order.

    Raises:
        Invalid: there is none, or there are too many.

    """
    sent = call.parameters.get("uuids") or call.parameters.get("uuid")
    try:
        texts = [
            text for one in (sent if isinstance(sent, list) else [sent or ""]) for text in read_text(one).split(",")
        ]
    except Unreadable:
        raise errors.wrong_value(UUIDS.name) from None
    uuids = list(dict.fromkeys(text.strip().lower() for text in texts if text.strip()))
    if not uuids:
        raise Invalid({UUIDS.name: [Problem("blank")]})
    if len(uuids) > MOST:
        raise Invalid({UUIDS.name: [Problem("too_many", MOST)]})
    return uuids


def _done(call: Call, uuids: list[str], verb: Verb) -> Answer:
    entities = [_tried(call.books, paper, verb) for paper in papers_named(call.books, uuids)]
    success = bool(entities) and all(entity["status"] == "success" for entity in entities)
    return Answer(200, encode({"success": success, "entities": entities}))


def _tried(books: Books, paper: Expense, verb: Verb) -> dict[str, str]:
    """What is refused has written nothing, as the business looks before it writes."""
    try:
        verb(books, paper)
    except Refusal:
        status = "failure"
    else:
        status = "success"
    return {"uuid": paper.uuid, "number": number_of(paper), "status": status}


def _value(call: Call, parameter: Parameter) -> Any:
    sent = call.parameters.get(parameter.name)
    return _read(parameter.name, parameter.kind, sent)


def _read(name: str, kind: Kind, sent: Any) -> Any:
    if sent is None or sent == "":
        return None
    try:
        return kind.read(sent)
    except Unreadable:
        raise errors.wrong_value(name) from None


def _paying(call: Call) -> tuple[dt.date | None, Decimal | None, str | None]:
    """When, how much and in which currency.

    Raises:
        Invalid: what only a single cost may have is said of several.

    """
    _value(call, ALLOW_CORRECTION)
    paid_on, amount, currency, _ = (_value(call, parameter) for parameter in (PAID_ON, *SINGLE))
    if len(uuids_in(call)) > 1 and (said := [p.name for p in SINGLE if call.parameters.get(p.name) not in {None, ""}]):
        raise Invalid({name: [Problem("not_together")] for name in said})
    if amount is not None and amount <= 0:
        raise Invalid({RECEIVED_AMOUNT.name: [Problem("not_positive")]})
    return paid_on, amount, currency


def _pay(books: Books, paper: Expense, paying: tuple[dt.date | None, Decimal | None, str | None]) -> None:
    """In the cost's currency, or in that of the books: then all that is left is paid, for that much.

    Raises:
        WrongState: it is a scan or paid, or nobody knows what the currency is worth.

    """
    paid_on, amount, currency = paying
    given = Given({} if paid_on is None else {"paid_on": paid_on})
    if currency not in {None, _cost(paper).currency}:
        if currency != paper.native_currency or amount is None:
            raise WrongState("not_fired", "pay")
        given["native_amount"] = amount
    elif amount is not None:
        given["amount"] = amount
    if "amount" not in given:
        given["mark_as_paid"] = True
    pay_expense(books, paper.id, given)


def _cost(paper: Expense) -> Expense:
    """Of a scan nobody knows yet what it comes to.

    Raises:
        WrongState: it is one.

    """
    if not is_entered(paper):
        raise WrongState("not_fired", "pay")
    return paper


RESULT = {
    "type": "object",
    "properties": {
        "success": {"type": "boolean"},
        "entities": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "uuid": {"type": "string"},
                    "number": {"type": "string"},
                    "status": {"type": "string", "enum": ["success", "failure"]},
                },
                "required": ["uuid", "number", "status"],
            },
        },
    },
    "required": ["success", "entities"],
}


def _many(method: Method, name: str, serve: Callable[[Call], Answer], about: str, *parameters: Parameter) -> Endpoint:
    return Endpoint(
        method=method,
        path=f"/documents/costs/{name}_many.json",
        serve=serve,
        about=about,
        parameters=(UUIDS, *parameters),
        answers={200: RESULT},
        refuses=(422,),
        scope=COSTS.write,
    )


MESSAGE = {"type": "object", "properties": {"message": {"type": "string", "const": "OK"}}, "required": ["message"]}

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/documents/costs/download_many.json",
        serve=send_cost_files,
        about="Have the files of costs sent by e-mail in a ZIP",
        parameters=(UUIDS,),
        answers={200: MESSAGE},
        refuses=(404, 422, 503),
        scope=COSTS.read,
        marks=True,
    ),
    _many("PUT", "paid", pay_costs, "Mark costs as paid", *PAYING),
    _many("PUT", "unpaid", take_payments_of_costs_back, "Mark costs as not paid", *PAYING),
    _many("PUT", "update_file_name", rename_cost_files, "Rename the files of costs", FILE_NAME),
    _many("POST", "assign_cost_category", assign_cost_category, "Say what was bought by scans", CATEGORY),
    _many("POST", "create_note", create_cost_notes, "Put a note on costs", CONTENT),
    _many("DELETE", "destroy", destroy_costs, "Delete costs", ALLOW_CORRECTION, WITH_ATTACHMENTS, GROUP),
)
