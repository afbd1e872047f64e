"""The documents of an account: under heads, looked for, filtered, sorted and added up, all in the address."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.invoices.batches import DEEDS, TOLD, Verb
from faktura.core.invoices.debts import InCurrency, by_currency
from faktura.core.invoices.drafts import count_drafts
from faktura.core.invoices.listing import DAYS, PARTS, Filters, Part, counts, found_by
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.duty import goes_to_ksef
from faktura.core.ksef.listing import KsefPart
from faktura.core.people.accounts import Account
from faktura.outputs.accounting.pohoda import COUNTRIES
from faktura.store.queries import Order, Selection
from faktura.web.documents import pages
from faktura.web.documents.periods import months_beside, periods
from faktura.web.documents.showing import Entry, entries_of
from faktura.web.door.books import read_books
from faktura.web.door.lists import NEWEST_FIRST, Rows, order_of, rows_asked, sort_asked
from faktura.web.door.names import KINDS
from faktura.web.door.sizes import sized
from faktura.web.forms.fields import Choice, Date, Money, Text, Whole
from faktura.web.forms.form import Box, Filled, Form

SORTS = {
    "issued": tuple(Order(o.attribute) for o in NEWEST_FIRST),
    "number": (Order("number"),),
    "customer": (Order("buyer_name"), Order("number")),
    "due": (Order("due_on"), Order("number")),
    "total": (Order("gross_total"), Order("number")),
}
USUAL = "-issued"

PART_NAMES: Mapping[Part, Any] = {
    "all": lazy_gettext("All"),
    "unpaid": lazy_gettext("Unpaid"),
    "overdue": lazy_gettext("Overdue"),
    "paid": lazy_gettext("Paid"),
    "proformas": lazy_gettext("Proforma invoices"),
    "corrections": lazy_gettext("Credit notes"),
}

VERBS: Mapping[Verb, Any] = {
    "send": lazy_gettext("Send by e-mail"),
    "ksef": lazy_gettext("Send to KSeF"),
    "remind": lazy_gettext("Remind"),
    "pay": lazy_gettext("Mark as paid"),
    "lock": lazy_gettext("Lock"),
    "tag": lazy_gettext("Add a tag"),
    "pdf": lazy_gettext("PDF, all in one file"),
    "zip": lazy_gettext("PDF, each by itself in a ZIP"),
    "xlsx": lazy_gettext("Excel (XLSX)"),
    "csv": lazy_gettext("CSV"),
    "isdoc": lazy_gettext("ISDOC, each by itself in a ZIP"),
    "isdoc_pdf": lazy_gettext("PDF with ISDOC inside, in a ZIP"),
    "pohoda": lazy_gettext("Pohoda (XML)"),
}
"""What is done to many documents."""


def verbs_of(account: Account) -> Mapping[Verb, Any]:
    """What is done to those of the account: programs of other countries, and KSeF, are told nothing."""
    never = set(() if account.country in COUNTRIES else TOLD) | set(() if goes_to_ksef(account) else ("ksef",))
    return {verb: words for verb, words in VERBS.items() if verb not in never}


DAY_NAMES = {
    "issued_on": lazy_gettext("Issued"),
    "taxable_on": lazy_gettext("Taxable supply"),
    "due_on": lazy_gettext("Due"),
    "paid_on": lazy_gettext("Paid"),
}

KSEF_PARTS: Mapping[KsefPart, Any] = {
    "accepted": lazy_gettext("In KSeF"),
    "under_way": lazy_gettext("On their way to KSeF"),
    "refused": lazy_gettext("Refused by KSeF, or not taken"),
    "outside": lazy_gettext("Not in KSeF"),
}

FILTERS = Form(
    Text("query", lazy_gettext("Search documents")),
    Choice("kind", lazy_gettext("Kind"), options=KINDS.items, empty=lazy_gettext("All")),
    Choice("day", lazy_gettext("Day of what"), options=DAY_NAMES.items),
    Date("since", lazy_gettext("From")),
    Date("until", lazy_gettext("To")),
    Text("currency", lazy_gettext("Currency"), longest=3),
    Money("least", lazy_gettext("Total from")),
    Money("most", lazy_gettext("Total to")),
    Text("tag", lazy_gettext("Tag")),
    Whole("subject", lazy_gettext("Contact")),
    Choice("ksef", "KSeF", options=KSEF_PARTS.items, empty=lazy_gettext("All")),
)


NARROWING = ("kind", "since", "until", "least", "most", "currency", "tag", "ksef")

OFFERED = ("kind", "day", "since", "until", "least", "most", "currency", "tag")
"""The further filters of every firm."""


class Asked(NamedTuple):
    """What the address asks for: fields as they stand in it, and what they come to."""

    filled: Filled
    filters: Filters
    sort: str

    @property
    def narrowed(self) -> list[tuple[str, str]]:
        """The further filters that are set: their names in the address, and what each says."""
        boxes = [self.filled[name] for name in NARROWING if getattr(self.filters, name)]
        return [(box.field.name, f"{box.field.label}: {_said(box)}") for box in boxes]

    @property
    def is_filtered(self) -> bool:
        return self.filters != Filters()

    @property
    def order(self) -> tuple[Order, ...]:
        return order_of(SORTS, self.sort)


class Found(NamedTuple):
    """A page of the list with its head and its foot."""

    account: Account
    contact: Contact | None
    rows: Rows[Invoice]
    entries: Sequence[Entry]
    sums: Sequence[InCurrency]
    counts: Mapping[Part, int]
    drafts: int
    today: dt.date


@pages.get("/<slug>/invoices")
def show_all(slug: str) -> Response:
    asked = asked_for()
    found = read_books(slug, lambda books: _found(books, asked), "invoices")
    near = [*periods(found.today), *months_beside(asked.filters.since, asked.filters.until)]
    shown = found._asdict() | {
        "asked": asked,
        "parts": PART_NAMES,
        "verbs": verbs_of(found.account),
        "deeds": DEEDS,
        "periods": near,
        "filters": (*OFFERED, "ksef") if goes_to_ksef(found.account) else OFFERED,
    }
    return sized("documents/list.html", "documents/rows.html", **shown)


def asked_for() -> Asked:
    """The filters of the address; what is no value of its field filters nothing, and stands in it with a reason."""
    filled = FILTERS.asked()
    given = filled.given()
    part = request.args.get("part", "all")
    return Asked(filled, _filters(given, part if part in PARTS else "all"), sort_asked(SORTS, USUAL))


def selection(books: Books, asked: Asked) -> Selection:
    return found_by(books, asked.filters, asked.order)


def _found(books: Books, asked: Asked) -> Found:
    chosen = selection(books, asked)
    sums = by_currency(books, chosen)
    rows = rows_asked(books, Invoice, chosen, sum(one.documents for one in sums))
    contact_id = asked.filters.contact_id
    return Found(
        books.account,
        None if contact_id is None else books.look_up(Contact, id=contact_id),
        rows,
        entries_of(books, rows.records),
        sums,
        counts(books),
        count_drafts(books),
        books.today,
    )


def _said(box: Box) -> str:
    """What a filter says in a chip: a choice by its name, anything else as it was typed."""
    names = dict(box.field.options()) if isinstance(box.field, Choice) else {}
    return str(names.get(box.typed, box.typed))


def _filters(given: Given, part: Any) -> Filters:
    values = {name: value for name, value in given.items() if value is not None}
    text, contact_id = values.pop("query", ""), values.pop("subject", None)
    if values.get("day") not in DAYS:
        values.pop("day", None)
    if values.get("kind") not in KINDS:
        values.pop("kind", None)
    if values.get("ksef") not in KSEF_PARTS:
        values.pop("ksef", None)
    if "currency" in values:
        values["currency"] = values["currency"].upper()
    return Filters(part=part, text=text, contact_id=contact_id, **values)
