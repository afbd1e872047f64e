"""Bank accounts (section 5)."""

from faktura.core import bank_accounts
from faktura.core.bank_accounts import BankAccount, compact_number, find_bank_account, spellings_of
from faktura.core.errors import Given, Problem
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.searching import Listing
from faktura.dialects.infakt.door.values import BOOLEAN, INTEGER, NEVER_NULL, TEXT
from faktura.dialects.infakt.invoices.resources import BANK_ACCOUNTS as SCOPES
from faktura.dialects.infakt.invoices.resources import Servers, five_endpoints
from faktura.wire.endpoints import NO_CONTENT, Answer
from faktura.wire.fields import Field, Kind, Shape, read_only
from faktura.wire.values import read_text


def _bank_name(bank_account: BankAccount, _view: None) -> str:
    """Where another door gave the account one name only, that is taken for the bank's."""
    return bank_account.bank_name or bank_account.name


def _custom_name(bank_account: BankAccount, _view: None) -> str | None:
    return None if bank_account.name == _bank_name(bank_account, None) else bank_account.name


ACCOUNT_NUMBER = Kind(TEXT.schema, lambda value: compact_number(read_text(value)))

BANK_ACCOUNT: Shape[BankAccount, None] = Shape(
    "bank_account",
    BankAccount,
    (
        read_only("id", INTEGER, nullable=False),
        Field("bank_name", TEXT, nullable=False, required=True, showing=_bank_name),
        Field("account_number", ACCOUNT_NUMBER, "number", nullable=False, required=True),
        Field("swift", NEVER_NULL, "bic", nullable=False),
        Field("default", BOOLEAN, nullable=False),
        Field("currency", TEXT, nullable=False),
        Field("custom_name", TEXT, "name", showing=_custom_name),
    ),
)

BANK_ACCOUNTS = Listing(BANK_ACCOUNT, spellings=(("account_number", spellings_of),))
"""The newest first (D23)."""


def list_bank_accounts(call: Call) -> Answer:
    return call.page(BANK_ACCOUNTS)


def read_bank_account(call: Call) -> Answer:
    return call.one(BANK_ACCOUNT, call.id)


def create_bank_account(call: Call) -> Answer:
    given = call.given(BANK_ACCOUNT)
    if not given.get("currency"):
        given["currency"] = "PLN"
    given.setdefault("bank_name", None)
    _check(given)
    return call.shown(BANK_ACCOUNT, bank_accounts.add_bank_account(call.books, given), 201)


def change_bank_account(call: Call) -> Answer:
    bank_account = find_bank_account(call.books, call.id)
    given = call.given(BANK_ACCOUNT)
    if bank_account.bank_name is None and "name" in given:
        given.setdefault("bank_name", bank_account.name)
    _check(given)
    return call.shown(BANK_ACCOUNT, bank_accounts.change_bank_account(call.books, bank_account.id, given))


def delete_bank_account(call: Call) -> Answer:
    bank_accounts.delete_bank_account(call.books, call.id)
    return NO_CONTENT


def _check(given: Given) -> None:
    """Here the bank has to be named (section 30)."""
    if "bank_name" in given and not (given["bank_name"] or "").strip():
        given.unread["bank_name"] = [Problem("blank")]


ENDPOINTS = five_endpoints(
    "/bank_accounts",
    BANK_ACCOUNT,
    SCOPES,
    Servers(list_bank_accounts, create_bank_account, read_bank_account, change_bank_account, delete_bank_account),
)
