"""Values that have an outcome by themselves: an address that refuses letters, a customer who pays late, an amount."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterator, Mapping
from decimal import Decimal
from email import message_from_bytes, policy
from email.utils import getaddresses
from http import HTTPStatus
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, note_reliability
from faktura.core.errors import Given
from faktura.core.invoices.debts import ASKING
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.store.queries import Condition, Selection

DOMAIN = "outcome.example"

LETTERS: Mapping[str, str] = {
    f"unknown@{DOMAIN}": "550 5.1.1 Nobody of that name is here",
    f"full@{DOMAIN}": "452 4.2.2 The mailbox is full",
}
"""By recipient, what the mail server answers to each letter."""


class Payment(NamedTuple):
    """Such a share of a document is paid, so many days after it is due; no days are the day of its issue."""

    share: Decimal = Decimal(1)
    days: int | None = 0


NOW, ON_TIME, LATE, HALF = Payment(days=None), Payment(), Payment(days=10), Payment(Decimal("0.5"))

PAYERS: Mapping[str, Payment] = {
    f"pays-now@{DOMAIN}": NOW,
    f"pays-on-time@{DOMAIN}": ON_TIME,
    f"pays-late@{DOMAIN}": LATE,
    f"pays-half@{DOMAIN}": HALF,
}
"""By the address of the customer."""

TOTALS: Mapping[Decimal, Payment] = {
    Decimal(1111): NOW,
    Decimal(2222): ON_TIME,
    Decimal(3333): LATE,
    Decimal(4444): HALF,
}
"""By what a document comes to, in any currency."""

UNRELIABLE = {"registration_no": "90909097", "vat_no": ("CZ90909097", "9191919195")}
"""The register of payers has them as unreliable."""

CENT = Decimal("0.01")


def answer_to(content: bytes) -> str:
    """What the mail server answers to a letter because of whom it goes to, or an empty text."""
    email = message_from_bytes(content, policy=policy.default)
    recipients = {address.lower() for _, address in getaddresses([str(value) for value in email.get_all("To", [])])}
    return next((answer for address, answer in LETTERS.items() if address in recipients), "")


class Due(NamedTuple):
    """What has to happen by now: contacts that turn out unreliable, documents of which so much is paid on a day."""

    unreliable: list[int]
    paid: list[tuple[int, dt.date, Decimal]]


def outcomes_due(books: Books) -> Due | None:
    """What the values in the books have for an outcome by now and has not happened; None where that is nothing."""
    due = Due([contact.id for contact in _not_looked_up(books)], list(_payments(books)))
    return due if any(due) else None


def bring_outcomes(books: Books) -> None:
    """Let it happen."""
    due = outcomes_due(books)
    for contact_id in due.unreliable if due else ():
        note_reliability(books, contact_id, unreliable=True)
    for invoice_id, day, amount in due.paid if due else ():
        add_payment(books, invoice_id, Given({"paid_on": day, "amount": amount}))


def _not_looked_up(books: Books) -> Iterator[Contact]:
    for condition in (
        Condition("registration_no", "eq", UNRELIABLE["registration_no"]),
        Condition("vat_no", "in", UNRELIABLE["vat_no"]),
    ):
        yield from (one for one in books.all(Contact, Selection((condition,))) if one.unreliable is None)


def _payments(books: Books) -> Iterator[tuple[int, dt.date, Decimal]]:
    for invoice, payment in _paying(books):
        day = invoice.issued_on if payment.days is None else invoice.due_on + dt.timedelta(days=payment.days)
        if day <= books.today and not invoice.paid_amount:
            yield invoice.id, day, (invoice.remaining_amount * payment.share).quantize(CENT)


def _paying(books: Books) -> Iterator[tuple[Invoice, Payment]]:
    payers = {
        contact.id: PAYERS[contact.email or ""]
        for contact in books.all(Contact, Selection((Condition("email", "in", tuple(PAYERS)),)))
    }
    chosen = [Condition("gross_total", "in", tuple(TOTALS))]
    if payers:
        chosen.append(Condition("contact_id", "in", tuple(payers)))
    found = {
        invoice.id: invoice for condition in chosen for invoice in books.all(Invoice, Selection((ASKING, condition)))
    }
    for invoice in found.values():
        payment = payers.get(invoice.contact_id) or TOTALS.get(invoice.gross_total)
        if payment is not None and invoice.remaining_amount > 0:
            yield invoice, payment


Scope = dict[str, Any]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Server = Callable[[Scope, Any, Send], Awaitable[None]]

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class Outcomes:
    """An ASGI application around another one: what a write leads to has happened before its answer is given."""

    def __init__(self, server: Server, bring: Callable[[], None]) -> None:
        self._server = server
        self._bring = bring

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["method"] in READING:
            await self._server(scope, receive, send)
            return
        held: list[dict[str, Any]] = []

        async def hold(message: dict[str, Any]) -> None:
            held.append(message)

        await self._server(scope, receive, hold)
        if held and held[0]["status"] < HTTPStatus.BAD_REQUEST:
            await asyncio.to_thread(self._bring)
        for message in held:
            await send(message)
