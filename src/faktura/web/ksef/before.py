"""What KSeF would refuse of a document, before it is sent or while it is typed, each by the name that people know."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from flask import url_for
from flask_babel import gettext, lazy_gettext

from faktura.core.books.books import Books
from faktura.core.errors import Problem, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import SendMode, connection_of
from faktura.core.ksef.listing import FOR_KSEF
from faktura.core.people.accounts import Account
from faktura.outputs.e_invoices.fa3.prepare import problems_for_ksef
from faktura.web.forms.fields import Words
from faktura.web.forms.sentences import sentence
from faktura.web.history.labels import label_of

SELLER = "seller."

OWN_LABELS: Mapping[str, Words] = {"sale_kind": lazy_gettext("Goods or a service")}
"""Of what has no name in the history."""

Problems = Mapping[str, list[Problem]]


class AtKsef(NamedTuple):
    """When a document goes there, and what KSeF would refuse it for."""

    send_mode: SendMode
    problems: Problems


class WouldRefuse(NamedTuple):
    """One reason; `address` is where it is put right, as far as that is known."""

    label: str
    words: str
    address: str


def at_ksef(books: Books, invoice: Invoice, *, is_ready: bool = True) -> AtKsef | None:
    """None for what does not go there, and where the firm is not connected; what is not `is_ready` is not looked at."""
    connection = connection_of(books)
    if connection is None or not connection.active or invoice.kind not in FOR_KSEF:
        return None
    try:
        return AtKsef(connection.send_mode, problems_for_ksef(books, invoice).by_attribute() if is_ready else {})
    except WrongState:
        return None


def would_refuse(
    problems: Problems, slug: str, contact_id: int | None, fields: Collection[str] = ()
) -> list[WouldRefuse]:
    """In words; `fields` are those of the form that they are told beside."""
    return [
        WouldRefuse(_label(attribute), sentence(problem), _address(attribute, slug, contact_id, fields))
        for attribute, found in problems.items()
        for problem in found
    ]


def _label(attribute: str) -> str:
    if attribute.startswith(SELLER):
        return ": ".join(filter(None, (gettext("Firm"), label_of(Account.table_name, attribute.removeprefix(SELLER)))))
    return ": ".join(filter(None, _labels(attribute.split("."))))


def _labels(parts: Collection[str]) -> Iterator[str | None]:
    """Of a document, and of what is inside of its lines and third parties."""
    for part in parts:
        yield str(OWN_LABELS[part]) if part in OWN_LABELS else label_of(Invoice.table_name, part)


def _address(attribute: str, slug: str, contact_id: int | None, fields: Collection[str]) -> str:
    if attribute.startswith(SELLER):
        return f"{url_for('settings.account', slug=slug)}#{attribute.removeprefix(SELLER)}"
    if (head := attribute.partition(".")[0]) in fields:
        return f"#{head}"
    if attribute.startswith("buyer_") and contact_id:
        return url_for("contacts.edit", slug=slug, contact_id=contact_id)
    return ""
