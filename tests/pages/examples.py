"""An example of every address of the pages, from their own map, with ids and secrets of a started sandbox."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Flask
from werkzeug.routing import Rule

from faktura.sandbox.files import DATABASE
from faktura.web.door.application import blueprints
from faktura.web.door.lists import IdConverter, SlugConverter
from faktura.web.door.people import OPEN
from tests.sandboxes import Sandbox

NOT_WALKED: Mapping[str, str] = {
    "home.show": "leads to the first page of an account",
    "search.pick": "what a combobox offers",
    "contacts.pick": "what a combobox offers",
    "inventory_items.pick": "what a combobox offers",
    "invoices.pick_line": "what a combobox offers",
    "expenses.pick_line": "what a combobox offers",
    "public_invoice.by_token": "leads to the document",
    "public_invoice.pdf": "a file",
    "public_invoice.download": "a file",
    "public_invoice.as_isdoc": "a file",
    "invoices.as_isdoc": "a file",
    "invoices.as_isdocx": "a file",
    "invoices.in_pdf": "a file",
    "invoices.as_ubl": "a file",
    "invoices.as_cii": "a file",
    "invoices.as_factur_x": "a file",
    "invoices.as_fa3": "a file",
    "settings.logo": "a picture",
    "settings.check_bank_number": "a part of a page",
    "settings.preview": "a part of a page",
    "export.download": "a file",
    "papers.pdf": "a file",
    "papers.export": "a file",
    "ksef.invoice_xml": "a file",
    "ksef.upo": "a file",
    "expenses.download": "a file",
    "inbox.download": "a file",
    "expenses.picture": "a picture",
    "inbox.checked": "walked in test_other_states.py",
    "reset.choose": "walked in test_other_states.py",
    "setup.show": "walked in test_other_states.py",
    "setup.firm": "walked in test_other_states.py",
}
"""Endpoints that answer with no page, or with one that needs a server of its own."""

ROWS: Mapping[str, tuple[str, str]] = {
    "contact_id": ("contacts", "id"),
    "invoice_id": ("invoices", "id"),
    "expense_id": ("expenses", "id"),
    "scan_id": ("expenses", "id"),
    "told_id": ("expenses", "id"),
    "generator_id": ("generators", "id"),
    "recurring_id": ("generators", "id"),
    "draft_id": ("drafts", "id"),
    "bank_account_id": ("bank_accounts", "id"),
    "product_id": ("products", "id"),
    "paper_id": ("papers", "id"),
    "user_id": ("memberships", "user_id"),
    "format_id": ("number_formats", "id"),
    "webhook_id": ("subscriptions", "id"),
    "delivery_id": ("deliveries", "id"),
    "invitation_id": ("invitations", "id"),
    "batch_id": ("batches", "id"),
    "proposal_id": ("proposals", "id"),
    "token": ("invoices", "token"),
    "number": ("invoices", "number"),
}
"""By argument of an address, the table of an account and the column that hold an example."""

CHOSEN: Mapping[str, str] = {
    "expense_id": "locked_at IS NULL AND progress = 'entered'",
    "scan_id": "progress = 'scan'",
    "told_id": "told IS NOT NULL",
    "generator_id": "NOT recurring",
    "recurring_id": "recurring",
}
"""By argument, which row alone has every page."""

OF_ACCOUNT = {"step_id": "2", "language": "cs"}
"""By argument, what every account has."""

OF_PERSON: Mapping[str, str] = {"application_id": "applications", "key_id": "api_keys"}
"""By argument, the table in which the owner has an example."""


class Example(NamedTuple):
    """An address that a page is at; `is_open` to whoever is not signed in, `has_ids` of what the account alone has."""

    endpoint: str
    path: str
    is_open: bool
    is_of_account: bool
    has_ids: bool

    @property
    def noun(self) -> str:
        return self.endpoint.partition(".")[0]


def rules() -> list[Rule]:
    """What the pages answer GET at, in the order of their addresses."""
    app = Flask("walk", static_folder=None)
    app.url_map.converters |= {"id": IdConverter, "account": SlugConverter}
    for pages in blueprints():
        app.register_blueprint(pages)
    walked = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted((rule for rule in walked if rule.endpoint not in NOT_WALKED), key=lambda rule: rule.rule)


def nouns() -> list[str]:
    """Whoever adds a noun has its pages walked, without naming it here."""
    return sorted({rule.endpoint.partition(".")[0] for rule in rules()})


def examples(sandbox: Sandbox, slug: str, secrets: Mapping[str, str]) -> list[Example]:
    """Every page, with ids that stand in the account's books and, by endpoint, a secret that opens it.

    Raises:
        LookupError: says what a new address lacks here.

    """
    rows, asked = rows_of(sandbox, slug), queries(sandbox)
    found = []
    for rule in rules():
        known = {"slug": slug, **OF_ACCOUNT, **rows} | (
            {"secret": secrets[rule.endpoint]} if rule.endpoint in secrets else {}
        )
        path = _path(rule, known) + asked.get(rule.endpoint, "")
        found.append(
            Example(
                rule.endpoint, path, rule.endpoint in OPEN, "slug" in rule.arguments, bool(rule.arguments & ROWS.keys())
            )
        )
    return found


def queries(sandbox: Sandbox) -> dict[str, str]:
    """By endpoint, what an address asks besides."""
    shop = sandbox.told["fakturoid"]["integration"]
    asks = {"client_id": shop["client_id"], "redirect_uri": shop["redirect_uri"], "response_type": "code"}
    return {"search.show": "?query=a", "invoices.bulk": "?verb=csv&all=yes", "consent.show": f"?{urlencode(asks)}"}


def rows_of(sandbox: Sandbox, slug: str) -> dict[str, str]:
    """An example of each argument, as far as the account has one."""
    found: dict[str, str] = {}
    for argument, (table, column) in ROWS.items():
        which = CHOSEN.get(argument, "id > 0")
        asked = f"SELECT {column} FROM {table} WHERE account_id = ? AND {which} ORDER BY id LIMIT 1"  # noqa: S608 (our own names)
        found.update((argument, str(value)) for (value,) in in_account(sandbox, slug, asked))
    for argument, table in OF_PERSON.items():
        mine = "user_id = (SELECT user_id FROM memberships WHERE account_id = ? ORDER BY id LIMIT 1)"
        asked = f"SELECT id FROM {table} WHERE {mine} ORDER BY id LIMIT 1"  # noqa: S608 (our own names)
        found.update((argument, str(value)) for (value,) in in_account(sandbox, slug, asked))
    return found


def in_account(sandbox: Sandbox, slug: str, query: str) -> Iterator[tuple[object, ...]]:
    """What stands in the books of an account, whose id the query asks for."""
    with contextlib.closing(sqlite3.connect(f"file:{sandbox.data / DATABASE}?mode=ro", uri=True)) as database:
        (account,) = database.execute("SELECT id FROM accounts WHERE slug = ?", (slug,)).fetchone()
        yield from database.execute(query, (account,)).fetchall()


def _path(rule: Rule, known: Mapping[str, str]) -> str:
    if lacking := rule.arguments - known.keys():
        raise LookupError(
            f"{rule.rule} is new: say in ROWS of {__file__} where examples of {sorted(lacking)} stand, or make one in "
            "house.py"
        )
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known[found[1]], rule.rule)
