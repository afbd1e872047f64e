"""How an account reaches KSeF: as whom, by which secrets, and what it wants of it."""

import datetime as dt
from typing import Literal

import msgspec

from faktura.core.books.books import Books
from faktura.core.errors import WrongState
from faktura.store.records import Tenant, record, unique

Environment = Literal["production", "demo", "test"]

Method = Literal["certificate", "token"]
"""By what it signs in; tokens end with 2026."""

SendMode = Literal["by_hand", "at_issue", "at_printing"]

Right = Literal["InvoiceRead", "InvoiceWrite"]
"""As KSeF calls them."""

Side = Literal["Subject1", "Subject2", "Subject3"]
"""As what the firm stands on an invoice, as KSeF calls it: who sells, who buys, a third party."""


class Mark(msgspec.Struct, frozen=True):
    """Everything of a side that KSeF kept before `until` was fetched."""

    side: Side
    until: dt.datetime


class Limit(msgspec.Struct, frozen=True):
    """The most calls of a sort that KSeF itself lets a firm make."""

    sort: str
    per_second: int
    per_minute: int
    per_hour: int


@record("ksef_connections", unique("account_id"), paged=False)
class KsefConnection(Tenant):
    """The one connection of an account.

    `tax_no` is the ten digits by which KSeF knows the firm. Certificates are PEM; keys, token and the token that
    sign-ins are renewed by (`refresh_token`) are sealed. The `offline` ones sign what is issued while KSeF does not
    answer. `rights` are those that KSeF said at the last sign-in. One that is not `active` sends and fetches nothing,
    and `last_error` says why. Documents wait `send_delay` seconds before they leave, in which that can be undone.
    Nothing is asked before `rests_until`, as KSeF
    wanted it, `rest` seconds the last time. `limits` are those that KSeF names, where they are lower than ours.
    """

    environment: Environment
    api_url: str
    qr_url: str
    status_url: str
    tax_no: str
    method: Method
    token: bytes | None = None
    certificate: str | None = None
    private_key: bytes | None = None
    certificate_until: dt.datetime | None = None
    refresh_token: bytes | None = None
    refresh_until: dt.datetime | None = None
    offline_certificate: str | None = None
    offline_key: bytes | None = None
    offline_until: dt.datetime | None = None
    rights: tuple[Right, ...] = ()
    active: bool = False
    last_error: str | None = None
    checked_at: dt.datetime | None = None
    send_mode: SendMode = "by_hand"
    send_delay: int = 0
    offline_allowed: bool = False
    receive: bool = True
    receive_every: int = 60
    marks: tuple[Mark, ...] = ()
    incomes_fetched_at: dt.datetime | None = None
    costs_fetched_at: dt.datetime | None = None
    rests_until: dt.datetime | None = None
    rest: int = 0
    limits: tuple[Limit, ...] = ()


def connection_of(books: Books) -> KsefConnection | None:
    """The connection of the account, active or not."""
    return books.look_up(KsefConnection)


def active_connection(books: Books) -> KsefConnection:
    """The connection that documents go out by.

    Raises:
        WrongState: there is none, or it is not active.

    """
    connection = connection_of(books)
    if connection is None or not connection.active:
        raise WrongState("not_connected")
    return connection
