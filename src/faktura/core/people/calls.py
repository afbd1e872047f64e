"""How often programs asked in an account, month by month."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.store.records import Tenant, changed, record, unique


@record("calls_of_months", unique("account_id", "month"), paged=False)
class CallsOfMonth(Tenant):
    """All that programs asked for in a month, by the day that it begins on where the account is."""

    month: dt.date
    calls: int = 0


def add_calls(books: Books, calls: int) -> None:
    """Count so many more in this month."""
    old = books.look_up(CallsOfMonth, month=_month(books))
    if old is None:
        books.add(CallsOfMonth, month=_month(books), calls=calls)
    else:
        books.change(old, changed(old, calls=old.calls + calls))


def calls_made(books: Books) -> int:
    """How many were counted in this month; the last minute may be missing."""
    found = books.look_up(CallsOfMonth, month=_month(books))
    return 0 if found is None else found.calls


def _month(books: Books) -> dt.date:
    return books.today.replace(day=1)
