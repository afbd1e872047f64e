"""What the sandbox tells of this dialect: keys to the Polish example firm and to another one."""

from collections.abc import Mapping
from typing import Any

from faktura.core.books.books import Books
from faktura.core.people.api_keys import add_api_key
from faktura.dialects import Example
from faktura.dialects.infakt.reference import VatExemption, choose

READING = (
    "api:invoices:read",
    "api:accounting:read",
    "api:sensitive:bank_accounts:read",
    "api:costs:read",
    "api:account:read",
)
EVERYTHING = (
    *READING,
    "api:invoices:write",
    "api:accounting:write",
    "api:sensitive:bank_accounts:write",
    "api:costs:write",
    "api:ksef:integration:write",
)
"""The scopes of section 1.2."""


def sandbox(examples: Mapping[str, Example], known: Mapping[str, Any]) -> dict[str, Any]:
    """The dialect's part of sandbox.json; keys that are `known` from an earlier start are kept.

    The firms are exempt from VAT where they say so and give no other reason (113 ust. 1 i 9).
    """
    example = examples["PL"]
    office = example.office
    for account in (example.account, example.foreign_account):
        choose(Books(office.tx, account, None, office.now), VatExemption, {1})
    opened = {
        "api_key": (example.account, example.owner, EVERYTHING),
        "read_only_api_key": (example.account, example.owner, READING),
        "foreign_api_key": (example.foreign_account, example.foreign_owner, EVERYTHING),
    }
    return {
        name: add_api_key(example.office, account, owner, "Sandbox", scopes, known.get(name))
        for name, (account, owner, scopes) in opened.items()
    }


def curl(part: Mapping[str, Any]) -> str:
    """The clients of the example firm."""
    return f"-H 'X-inFakt-ApiKey: {part['api_key']}' {part['base_url']}/clients.json"
