"""An example of every address of the pages, from their own map, with ids of a started sandbox."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Flask
from werkzeug.routing import Rule

from faktura import web
from faktura.core.clock import Clock
from faktura.sandbox.files import DATABASE
from faktura.sandbox.folder import opened
from faktura.web.door.people import OPEN
from faktura.wire.service import Service
from tests.sandboxes import Sandbox

NOT_WALKED: Mapping[str, str] = {
    "static": "styles and scripts",
    "home.show": "leads to the first page of an account",
    "search.pick": "what a combobox offers",
    "contacts.pick": "what a combobox offers",
    "inventory_items.pick": "what a combobox offers",
    "invoices.pick_line": "what a combobox offers",
    "public_invoice.by_token": "leads to the document",
    "public_invoice.pdf": "a file",
    "public_invoice.download": "a file",
    "settings.logo": "a picture",
    "settings.check_bank_number": "a part of a page",
    "settings.preview": "a part of a page",
    "export.download": "a file",
    "export.result": "of a file that was ordered",
    "invitation.show": "behind a link that was sent",
    "reset.choose": "behind a link that was sent",
    "settings.withdraw": "of an invitation that waits",
    "portal.show": "behind a link that was handed out",
    "setup.show": "only while nobody is there",
    "setup.firm": "only while nobody is there",
    "setup.look": "only while nobody is there",
    "setup.money": "only while nobody is there",
}
"""Endpoints that answer with no page of their own, or with one that needs a state of its own."""

ROWS: Mapping[str, tuple[str, str]] = {
    "contact_id": ("contacts", "id"),
    "invoice_id": ("invoices", "id"),
    "draft_id": ("drafts", "id"),
    "bank_account_id": ("bank_accounts", "id"),
    "product_id": ("products", "id"),
    "user_id": ("memberships", "user_id"),
    "format_id": ("number_formats", "id"),
    "token": ("invoices", "token"),
    "number": ("invoices", "number"),
}
"""By argument of an address, the table of an account and the column that hold an example."""

OF_ACCOUNT = {"step_id": "2", "language": "cs"}
"""By argument, what every account has."""

OF_PERSON: Mapping[str, str] = {"application_id": "applications", "key_id": "api_keys"}
"""By argument, the table in which the owner has an example."""


class Example(NamedTuple):
    """An address that a page is at; `is_open` to whoever is not signed in."""

    endpoint: str
    path: str
    is_open: bool
    is_of_account: bool


def examples(sandbox: Sandbox, slug: str) -> list[Example]:
    """Every page, with ids that stand in the account's books.

    Raises:
        LookupError: says what a new address lacks here.

    """
    known = {"slug": slug, **OF_ACCOUNT, **rows_of(sandbox, slug)}
    with opened(sandbox.data / DATABASE) as database:
        app = web.application(Service(database, Clock(), sandbox.server.url))
    return list(_examples(app, known, queries(sandbox)))


def queries(sandbox: Sandbox) -> dict[str, str]:
    """By endpoint, what an address asks besides."""
    shop = sandbox.told["fakturoid"]["integration"]
    asks = {"client_id": shop["client_id"], "redirect_uri": shop["redirect_uri"], "response_type": "code"}
    return {"search.show": "?query=a", "invoices.bulk": "?verb=csv&all=yes", "consent.show": f"?{urlencode(asks)}"}


def rows_of(sandbox: Sandbox, slug: str) -> dict[str, str]:
    """An example of each argument, as far as the account has one."""
    found = {}
    with contextlib.closing(sqlite3.connect(f"file:{sandbox.data / DATABASE}?mode=ro", uri=True)) as database:
        (account,) = database.execute("SELECT id FROM accounts WHERE slug = ?", (slug,)).fetchone()
        for argument, (table, column) in ROWS.items():
            asked = f"SELECT {column} FROM {table} WHERE account_id = ? ORDER BY id LIMIT 1"  # noqa: S608 (our own names)
            for (value,) in database.execute(asked, (account,)):
                found[argument] = str(value)
        for argument, table in OF_PERSON.items():
            asked = f"SELECT id FROM {table} WHERE user_id = ? ORDER BY id LIMIT 1"  # noqa: S608 (our own names)
            for (value,) in database.execute(asked, (found["user_id"],)):
                found[argument] = str(value)
    return found


def _examples(app: Flask, known: Mapping[str, str], asked: Mapping[str, str]) -> Iterator[Example]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_WALKED:
            path = _path(rule, known) + asked.get(rule.endpoint, "")
            yield Example(rule.endpoint, path, rule.endpoint in OPEN, "slug" in rule.arguments)


def _path(rule: Rule, known: Mapping[str, str]) -> str:
    if lacking := rule.arguments - known.keys():
        raise LookupError(f"{rule.rule} is new: say in ROWS of {__file__} where examples of {lacking} stand")
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known[found[1]], rule.rule)
