"""Records as an agent reads them: short, with ids and page addresses, money as text with its currency."""

import datetime as dt
from decimal import Decimal
from typing import Any

from faktura.core.books.history import Happening
from faktura.core.contacts import Contact, street_line
from faktura.core.documents.record import Document, Line
from faktura.core.invoices.debts import Debt
from faktura.core.invoices.record import Invoice
from faktura.core.proposals.record import Proposal
from faktura.core.received.record import Expense
from faktura.core.todos import Todo
from faktura.outputs.words.words import events_in, todos_in

Said = dict[str, Any]

PATHS = {"invoices": "invoices", "expenses": "expenses", "contacts": "subjects", "proposals": "proposals"}
"""By table, under which address of the account the page of a record is."""

LONGEST = 300
"""Letters of a text that are shown."""


def page(site: str, slug: str, table: str, record_id: int | None) -> str | None:
    return f"{site}/{slug}/{PATHS[table]}/{record_id}" if record_id and table in PATHS else None


def money(amount: Decimal, currency: str) -> str:
    return f"{amount:.2f} {currency}"


def debt(owed: Debt, currency: str) -> Said:
    said: Said = {"documents": owed.documents, "amount": money(owed.amount, currency)}
    return said if owed.is_whole else said | {"without": "foreign money of which no exchange rate is known"}


def told(said: Said) -> Said:
    """Without what there is nothing to say of."""
    return {name: value for name, value in said.items() if value not in (None, "", [], ())}


def contact_in_brief(contact: Contact) -> Said:
    return told({"id": contact.id, "name": contact.name, "registration_no": contact.registration_no})


def contact_whole(contact: Contact) -> Said:
    names = ("email", "phone", "city", "postcode", "country", "vat_no", "due_days", "currency")
    return contact_in_brief(contact) | told(
        {"street": street_line(contact)} | {name: getattr(contact, name) for name in names}
    )


def document_in_brief(document: Document) -> Said:
    said: Said = {"id": document.id, "number": document.number, "kind": document.kind, "status": document.status}
    if isinstance(document, Invoice):
        said |= {"contact_id": document.contact_id, "customer": document.buyer_name}
    elif isinstance(document, Expense):
        said |= {"contact_id": document.contact_id, "supplier": document.seller.name}
        said |= told({"original_number": document.original_number})
    said |= {"issued_on": document.issued_on, "due_on": document.due_on}
    return said | {
        "total": money(document.gross_total, document.currency),
        "left_to_pay": money(document.left_to_pay, document.currency),
    }


def document_whole(document: Document) -> Said:
    currency = document.currency
    paid = [{"id": p.id, "paid_on": p.paid_on, "amount": money(p.amount, currency)} for p in document.payments]
    return document_in_brief(document) | told(
        {
            "taxable_on": document.taxable_on,
            "paid_on": document.paid_on,
            "variable_symbol": document.variable_symbol,
            "note": document.note and document.note[:LONGEST],
            "tags": list(document.tags),
            "lines": [line(one, currency) for one in document.lines],
            "net": money(document.net_total, currency),
            "vat": money(document.vat_total, currency),
            "payments": paid,
        }
    )


def line(one: Line, currency: str) -> Said:
    price = money(one.unit_net_price, currency)
    return told(
        {
            "name": one.name[:LONGEST],
            "quantity": f"{one.quantity.normalize():f} {one.unit}".strip(),
            "price_without_vat": price,
            "vat": f"{one.vat_rate.normalize():f} %",
        }
    )


def happening(happened: Happening, people: dict[int, str]) -> Said:
    return told(
        {
            "at": happened.created_at,
            "event": events_in("en")[happened.name],
            "kind": happened.kind,
            "id": happened.record_id,
            "by": people.get(happened.user_id or 0),
            "through": happened.program,
            "changed": [*(happened.details or {})],
        }
    )


def todo(one: Todo) -> Said:
    return {"id": one.id, "what": todos_in("en")[one.name], "kind": one.kind, "record_id": one.record_id} | one.params


def proposal(one: Proposal, site: str, slug: str, now: dt.datetime) -> Said:
    state = one.state(now)
    said: Said = {"proposal_id": one.id, "state": state, "deed": one.deed, "would": changes(one.details)}
    if state == "open":
        return said | {"confirm_at": page(site, slug, "proposals", one.id), "expires_at": one.expires_at}
    return said | told({"kind": one.kind, "id": one.record_id, "page": page(site, slug, one.kind, one.record_id)})


def changes(details: Any) -> Said:
    """What attributes would hold; beside those that hold something now, what that is."""
    return {name: value(new) if old is None else [value(old), value(new)] for name, (old, new) in details.items()}


def value(held: Any) -> Any:
    """A value as it is kept, without the parts of lines and payments that nobody asks for."""
    if isinstance(held, str):
        return held[:LONGEST]
    if isinstance(held, list | tuple):
        return [value(one) for one in held]
    if isinstance(held, dict):
        return told({name: held.get(name) for name in _OF_PARTS if name in held})
    if isinstance(held, Line) or hasattr(held, "__struct_fields__"):
        return told({name: getattr(held, name) for name in _OF_PARTS if hasattr(held, name)})
    return held


_OF_PARTS = ("name", "quantity", "unit", "entered", "vat_rate", "paid_on", "amount")
