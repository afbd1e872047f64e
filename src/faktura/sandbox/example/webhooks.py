"""An example webhook that tells the sandbox's own receiver, and what it was told already."""

import datetime as dt

import msgspec
import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS, Seen
from faktura.core.books.office import Office
from faktura.core.deliveries import Attempt, Notice, note_delivery
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.subscriptions import Subscription, listen_again, subscribe_itself
from faktura.store.queries import Order, Selection
from faktura.store.records import changed
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

RECEIVER = "/sandbox/webhooks"

SOMEWHERE = "http://127.0.0.1:8000"
"""Until it is known where the sandbox is reached."""

LAST_FIRST = (Order("id", descending=True),)


def add_webhook(books: Books, key: str = "") -> None:
    """Let a firm hear of its documents, as the first door tells it that tells of any; a delivery failed."""
    door = min(TELLERS, default="")
    names = (
        {ours: theirs for of_noun in TELLERS[door].names.values() for theirs, ours in of_noun.items()} if door else {}
    )
    wanted = [names[event] for event in ("invoice_issued", "invoice_paid", "invoice_overdue") if event in names]
    if not wanted:
        return
    given = Given({"url": SOMEWHERE + RECEIVER, "events": tuple(wanted)})
    webhook = subscribe_itself(books, given, key, door, SOMEWHERE, confirmed=True)
    for invoice, status in zip(
        books.some_in_order(Invoice, Selection(order=LAST_FIRST), 3), ("204", "timeout", "204"), strict=False
    ):
        _note(books, webhook, invoice, wanted[0], status)


def _note(books: Books, webhook: Subscription, invoice: Invoice, name: str, status: str) -> None:
    record = msgspec.to_builtins(invoice, str_keys=True)
    seen = Seen("invoice_issued", invoice.created_at, Invoice.table_name, record)
    notice = Notice(webhook.id, name, "invoices", f"example-{invoice.id}", seen)
    began, took = invoice.created_at, dt.timedelta(seconds=30) if status == "timeout" else dt.timedelta(milliseconds=12)
    attempt = Attempt(0, f"example-{invoice.id}", status, began, began + took)
    note_delivery(books, notice, "delivered" if attempt.arrived else "failed", attempt)


def lead_here(tx: Transaction, base_url: str, now: dt.datetime) -> None:
    """Have example webhooks tell the receiver of the sandbox where it is reached now."""
    for one in tx.records(Subscription, _OF_SANDBOXES):
        if one.application_id is None and one.url.endswith(RECEIVER):
            books = Books(tx, Office(tx, now).find(Account, id=one.account_id), None, now)
            api_root = base_url + one.api_root.removeprefix(one.web_root)
            books.change(one, changed(one, url=base_url + RECEIVER, api_root=api_root, web_root=base_url))
            listen_again(books)


_OF_SANDBOXES = Query(sa.select(*columns_of(Subscription)).order_by(Subscription.table.c.id))
