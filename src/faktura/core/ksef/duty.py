"""Who has to issue through KSeF, and what a firm that is not connected to it has issued beside it.

Until the end of 2026 a Polish firm may stay outside while its invoices of a month that would belong there come to no
more than 10 000 zł with VAT (art. 145m of the act on VAT). Invoices to whoever has no tax number need not go there.
"""

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.countries.known import country_of, day_in
from faktura.core.invoices.debts import Debt, total
from faktura.core.invoices.record import STANDING, Invoice
from faktura.core.ksef.connection import KsefConnection, connection_of
from faktura.core.ksef.listing import FOR_KSEF
from faktura.core.people.accounts import Account
from faktura.core.todos import Todo, put_on_list
from faktura.store.queries import Condition, Order, Selection
from faktura.store.statements import Query

COUNTRY = "PL"

MONTHLY = Decimal(10_000)
"""In złoty, with VAT."""

LAST_DAY = dt.date(2026, 12, 31)
"""Afterwards every invoice has to go through KSeF."""


class Outside(NamedTuple):
    """What was issued beside KSeF since the first of the month; there is no `limit` any more once nothing may be."""

    since: dt.date
    debt: Debt
    limit: Decimal | None

    @property
    def is_too_much(self) -> bool:
        return self.debt.amount > (self.limit or 0)


def goes_to_ksef(account: Account) -> bool:
    return country_of(account.country).has_ksef


def is_connected(books: Books) -> bool:
    connection = connection_of(books)
    return connection is not None and connection.active


def outside_ksef(books: Books) -> Outside | None:
    """Of this month: what a tax number was said for, foreign money at the rate of today.

    None where nothing has to go there, or the firm is connected.
    """
    if not goes_to_ksef(books.account) or is_connected(books):
        return None
    first = books.today.replace(day=1)
    return Outside(first, total(books, _beside(first, books.today)), MONTHLY if books.today <= LAST_DAY else None)


def remind_to_connect(books: Books) -> None:
    """Put it on the list that the firm is not connected, once a month in which it has issued anything."""
    outside = outside_ksef(books)
    if outside is not None and outside.debt.documents and not _was_reminded(books, outside.since):
        put_on_list(books, "ksef_not_connected", books.account)


def accounts_to_connect(office: Office) -> list[int]:
    """Those that issued something this month which is not in KSeF, and are not connected to it."""
    today = day_in(COUNTRY, office.now)
    return [row[0] for row in office.tx.rows(_ACCOUNTS, first=today.replace(day=1), today=today)]


def _was_reminded(books: Books, first: dt.date) -> bool:
    named = Condition("name", "eq", "ksef_not_connected"), Condition("kind", "eq", Account.table_name)
    last = books.some_in_order(Todo, Selection(named, order=(Order("id", descending=True),)), 1)
    return any(todo.done_at is None or day_in(COUNTRY, todo.created_at) >= first for todo in last)


def _beside(first: dt.date, last: dt.date) -> Selection:
    days = Condition("issued_on", "gteq", first), Condition("issued_on", "lteq", last)
    whose = Condition("buyer_tax_digits", "null", value=False), Condition("kind", "in", FOR_KSEF)
    return Selection((*days, *whose, Condition("ksef_number", "null", value=True), STANDING))


_i, _a, _k = Invoice.table.c, Account.table.c, KsefConnection.table.c

_day = _i.issued_on.type

_ACCOUNTS = Query(
    sa.select(_a.id)
    .where(_a.country == COUNTRY)
    .where(~sa.exists().where(_k.account_id == _a.id, _k.active))
    .where(
        sa.exists().where(
            _i.account_id == _a.id,
            _i.issued_on >= sa.bindparam("first", type_=_day),
            _i.issued_on <= sa.bindparam("today", type_=_day),
            _i.ksef_number.is_(None),
        )
    )
    .order_by(_a.id)
)
