"""What is typed of an expense: the fields of its form, and what they are in words of the core."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from flask_babel import lazy_gettext

from faktura.core.errors import Given, Problem
from faktura.core.received.record import Expense
from faktura.web.documents.fields import METHODS, PRICE_MODES, Desk, line_told, lines_of, shown_line
from faktura.web.door.names import EXPENSE_KINDS
from faktura.web.forms.choices import currencies_named
from faktura.web.forms.fields import Choice, Date, Field, File, Money, Paragraphs, Pick, Text, Whole, YesNo
from faktura.web.forms.form import Form

OF_THE_FORM = {"changes", "file"}
"""Fields that say nothing of the expense in the core's words."""


def expense_form(desk: Desk) -> Form:
    """The form, with the choices of the account."""
    return Form(Whole("changes", ""), Whole("scan_id", ""), *_head(desk), lines_of(desk), *_terms(desk), *_more(desk))


def _head(desk: Desk) -> Iterable[Field]:
    yield Pick("contact_id", lazy_gettext("Supplier"), required=True, first=True, endpoint="contacts.pick")
    yield Choice("kind", lazy_gettext("Kind"), options=EXPENSE_KINDS.items)
    yield Text("original_number", lazy_gettext("Number of the supplier"))
    yield Text("variable_symbol", lazy_gettext("Variable symbol"))
    yield Text("description", lazy_gettext("Description"))
    if desk.charges:
        yield Choice("price_mode", lazy_gettext("Prices"), options=PRICE_MODES.items)


def _terms(desk: Desk) -> Iterable[Field]:
    yield Date("issued_on", lazy_gettext("Issued"), required=True)
    yield Date("taxable_on", lazy_gettext("Taxable supply") if desk.charges else lazy_gettext("Day of sale"))
    yield Date("received_on", lazy_gettext("Received on"), required=True)
    yield Date("due_on", lazy_gettext("Due"), hint=lazy_gettext("Empty means in as many days as your own documents."))
    yield Choice("payment_method", lazy_gettext("Payment"), options=METHODS.items)
    hint = lazy_gettext("Empty means as the supplier has it.")
    yield Text("bank_account", lazy_gettext("Bank account of the supplier"), hint=hint)
    yield Text("iban", lazy_gettext("IBAN"))
    yield Choice("currency", lazy_gettext("Currency"), options=currencies_named)
    yield Money("exchange_rate", lazy_gettext("Exchange rate"), hint=lazy_gettext("Empty means that of the day."))


def _more(desk: Desk) -> Iterable[Field]:
    yield File(
        "file", lazy_gettext("File"), hint=lazy_gettext("Such as the invoice as a PDF, or a photo of a receipt.")
    )
    yield Paragraphs("private_note", lazy_gettext("Private note"))
    yield Text("tags", lazy_gettext("Tags"), hint=lazy_gettext("Separated by commas."))
    yield YesNo("tax_deductible", lazy_gettext("Lowers the tax on income"))
    yield YesNo("remind_due", lazy_gettext("Remind me before it is due"))
    yield YesNo("round_total", lazy_gettext("Round the total"))
    if desk.charges:
        yield Whole("deductible_percent", lazy_gettext("VAT that is deducted, in percent"))
        yield YesNo("reverse_charge", lazy_gettext("We owe the VAT (reverse charge)"))


def usual(desk: Desk) -> dict[str, Any]:
    """What a new expense has at first."""
    today = {"issued_on": desk.today, "taxable_on": desk.today, "received_on": desk.today}
    terms = {
        "kind": "invoice",
        "currency": desk.account.currency,
        "price_mode": "without_vat",
        "payment_method": "bank",
    }
    return today | terms | {"tax_deductible": True, "remind_due": True, "deductible_percent": 100}


def shown_of(expense: Expense) -> dict[str, Any]:
    """An expense in the fields of its form."""
    return msgspec.structs.asdict(expense) | {
        "changes": expense.id,
        "contact_id": _Supplier(expense.contact_id or 0, expense.seller.name),
        "tags": ", ".join(expense.tags),
        "lines": [shown_line(line) for line in expense.lines],
        "exchange_rate": expense.exchange_rate if expense.exchange_rate_given else None,
        "file": None,
    }


def shown_proposal(expense: Expense, given: Given, scan: Expense) -> dict[str, Any]:
    """What a scan proposes: a day on which it is due and a supplier only where it says them. No line is there yet."""
    unsaid = {name: None for name in ("due_on", "contact_id") if given.get(name) is None}
    lines = [shown_line(line) | {"id": None} for line in expense.lines]
    return shown_of(expense) | unsaid | {"changes": None, "scan_id": scan.id, "lines": lines}


class _Supplier(NamedTuple):
    id: int
    name: str


def told(given: Given) -> Given:
    """In words of the core: a new expense, whose lines have no ids yet."""
    values = _told(given)
    lines = [Given({n: v for n, v in line.items() if n != "id"}, line.unread) for line in values["lines"]]
    return Given({**values, "lines": lines}, values.unread)


def change_told(given: Given, old: Expense) -> Given:
    """The same of a change: lines that are gone are removed, and a rate that nobody said stays that of the day."""
    values = _told(given)
    values.pop("scan_id", None)
    there = {line.get("id") for line in values["lines"]}
    values["lines"] += [Given({"id": line.id, "remove": True}) for line in old.lines if line.id not in there]
    if values.get("exchange_rate") is None and not old.exchange_rate_given:
        values.pop("exchange_rate", None)
    return values


def _told(given: Given) -> Given:
    values = {name: value for name, value in given.items() if name not in OF_THE_FORM}
    unread = dict(given.unread)
    for name, allowed in (("kind", EXPENSE_KINDS), ("payment_method", METHODS)):
        if values.get(name) not in {None, *allowed}:
            unread[name] = [Problem("not_in_list")]
            values.pop(name)
    if "tags" in values:
        values["tags"] = tuple(tag.strip() for tag in (values["tags"] or "").split(",") if tag.strip())
    values["lines"] = [line_told(line) for line in values.get("lines") or ()]
    if (file := given.get("file")) is not None:
        values["files"] = [file.attached]
    return Given(values, unread)
