"""The frame around every page: sections, what can be made, the theme, and what was said after the page before."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from flask import Flask, current_app, g, get_flashed_messages, request, url_for
from flask_babel import gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.people.users import Scope, Seat
from faktura.store.search import folded
from faktura.web.door.addresses import origin
from faktura.web.door.names import PAPER_KINDS

Words = str | LazyString

THEMES = ("light", "dark")
THEME_COOKIE = "faktura-theme"
KEYS_COOKIE = "faktura-keys"

NOT_UNDONE = "message"
"""Flask's own category of what is said; any other is the address that undoes what was done."""


class Section(NamedTuple):
    """A page of an account that the frame leads to, as soon as there is a view of that name; of one `kind` of them.

    With a `country` it is for the firms of that one.
    """

    endpoint: str
    label: LazyString
    scope: Scope | None = None
    key: str = ""
    kind: str = ""
    country: str = ""

    @property
    def noun(self) -> str:
        return self.endpoint.partition(".")[0]


SECTIONS = (
    Section("overview.show", lazy_gettext("Overview"), "invoices", "g o"),
    Section("invoices.show_all", lazy_gettext("Documents"), "invoices", "g d"),
    Section("contacts.show_all", lazy_gettext("Contacts"), key="g k"),
    Section("expenses.show_all", lazy_gettext("Expenses"), "expenses", "g v"),
    Section("bank.show_all", lazy_gettext("Bank"), "invoices", "g b"),
)

OTHERS = (
    Section("inbox.show_all", lazy_gettext("Inbox"), "expenses"),
    Section("ksef.show_all", lazy_gettext("KSeF"), "invoices", country="PL"),
    Section("papers.show_all", lazy_gettext("Own papers"), "invoices", country="PL"),
    Section("inventory_items.show_all", lazy_gettext("Products")),
    Section("generators.show_all", lazy_gettext("Recurring"), "invoices"),
    Section("reports.show", lazy_gettext("Reports"), "reports"),
    Section("export.show", lazy_gettext("Export"), "invoices"),
    Section("history.show_all", lazy_gettext("History")),
    Section("settings.show", lazy_gettext("Settings")),
)

NEW = (
    Section("invoices.new", lazy_gettext("Invoice"), "invoices", kind="invoice"),
    Section("invoices.new", lazy_gettext("Proforma invoice"), "invoices", kind="proforma"),
    Section("invoices.new", lazy_gettext("Credit note"), "invoices", kind="correction"),
    Section("invoices.new", lazy_gettext("Margin invoice"), "invoices", kind="margin_invoice", country="PL"),
    Section("invoices.new", lazy_gettext("OSS invoice"), "invoices", kind="oss_invoice", country="PL"),
    *(Section("papers.new", label, "invoices", kind=kind, country="PL") for kind, label in PAPER_KINDS.items()),
    Section("contacts.new", lazy_gettext("Contact")),
    Section("inventory_items.new", lazy_gettext("Product")),
    Section("expenses.new", lazy_gettext("Expense"), "expenses"),
    Section("generators.new_recurring", lazy_gettext("Recurring document"), "invoices"),
)


class Entry(NamedTuple):
    """A link of the frame; `noun` names its picture."""

    address: str
    label: Words
    noun: str
    is_here: bool
    key: str


class Said(NamedTuple):
    """What a verb said, and the address that undoes it, or an empty text."""

    words: str
    undo: str


def set_up(app: Flask) -> None:
    app.jinja_env.globals.update(
        sections_of=lambda seat: (_open(seat, SECTIONS), _open(seat, OTHERS)),
        new_pages=lambda seat: _open(seat, NEW),
        page_if_any=page_if_any,
        first_page=first_page,
        theme=theme,
        uses_keys=uses_keys,
        said_before=said_before,
        full_address=full_address,
        here=lambda: request.full_path.removesuffix("?") if request.method == "GET" else url_for("home.show"),
    )


def first_page(seat: Seat) -> str:
    """The page of an account that a person sees first."""
    sections = _open(seat, (*SECTIONS, *OTHERS))
    return sections[0].address if sections else url_for("me.show")


def page_if_any(endpoint: str, seat: Seat, kind: str = "") -> str:
    return (
        url_for(endpoint, slug=seat.account.slug, kind=kind or None) if endpoint in current_app.view_functions else ""
    )


def keys_of_sections() -> tuple[tuple[str, Words], ...]:
    """The keys that lead to sections, each with the name of its section."""
    return tuple((s.key, s.label) for s in SECTIONS if s.endpoint in current_app.view_functions)


def full_address() -> str:
    """That of the page as it was asked for, which stands in its foot on paper."""
    return origin() + request.full_path.removesuffix("?")


def theme() -> str:
    """The one that was chosen in this browser, or an empty text for that of the system."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def uses_keys() -> bool:
    """Whether single keys do something; whoever speaks to their computer may not want that."""
    return request.cookies.get(KEYS_COOKIE) != "off"


def pages_called(seat: Seat, text: str) -> list[Entry]:
    """Every page that the frame leads to whose name holds the text, what can be made among them."""
    entries = _open(seat, (*SECTIONS, *OTHERS))
    making = [] if seat.membership.permission == "read" else _open(seat, NEW)
    new = [e._replace(label=f"{gettext('New')}: {e.label}") for e in making]
    return [entry for entry in [*entries, *new] if folded(text) in folded(str(entry.label))]


def said_before() -> list[Said]:
    """What a verb said before it led here; a page that failed leaves it to the next."""
    said: list[Any] = [] if g.get("failed") else get_flashed_messages(with_categories=True)
    return [Said(str(words), "" if undo == NOT_UNDONE else undo) for undo, words in said]


def _open(seat: Seat, sections: Iterable[Section]) -> list[Entry]:
    """Those that are built, and open to the person."""
    return [
        Entry(page_if_any(s.endpoint, seat, s.kind), s.label, s.noun, s.noun == request.blueprint, s.key)
        for s in sections
        if s.endpoint in current_app.view_functions
        and (s.scope is None or s.scope in seat.membership.scopes)
        and s.country in {"", seat.account.country}
    ]
