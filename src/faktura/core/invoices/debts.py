"""What customers owe and have paid, in sums: by currency, by month, by how late they are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.record import CORRECTIONS, ONE, ZERO
from faktura.core.documents.totals import native
from faktura.core.invoices.record import OWED, STANDING, Invoice
from faktura.core.money.exchange import rate_on
from faktura.store.queries import Condition, Selection
from faktura.store.sums import Month

MONTHS = 13
"""So many are shown, that the same month of the year before is among them."""

AGES = (0, 30, 60, 90)
"""Days after which a debt is of the next age: not due yet, 1 to 30 days late, 31 to 60, 61 to 90, more."""


class InCurrency(NamedTuple):
    """What documents of one currency come to; `left` is what those that ask for money still ask for."""

    currency: str
    documents: int
    net: Decimal
    gross: Decimal
    left: Decimal


class Debt(NamedTuple):
    """A sum in the books' currency; `is_whole` is false where no rate is known of some foreign money, left out then."""

    documents: int
    amount: Decimal
    is_whole: bool = True


class OfMonth(NamedTuple):
    """In the books' currency what was issued in a month, less what was given back, and what was paid in it."""

    month: str
    issued: Decimal
    paid: Decimal


_SOLD = (
    "invoice",
    "final_invoice",
    "margin_invoice",
    "oss_invoice",
)
SALES = Condition("kind", "in", _SOLD)
_TURNOVER = Condition("kind", "in", (*_SOLD, *sorted(CORRECTIONS)))

ASKING = Condition("status", "in", ("open", "sent", "overdue"))
"""What is cancelled, given up or paid asks for nothing, whatever stands on it."""

UNPAID = Selection(
    (
        ASKING,
        SALES,
        OWED,
    )
)
"""Documents that a customer owes money for; a proforma invoice asks for some, but nothing is owed by it."""


def overdue(today: dt.date) -> Selection:
    """Those of the unpaid whose day has passed, whether or not their status was brought up to date since."""
    return Selection((*UNPAID.conditions, Condition("due_on", "lt", today)))


def paid_between(first: dt.date, last: dt.date) -> Selection:
    """Sales that the last of the money came in for; what a proforma asked for is counted with what follows it."""
    return Selection((SALES, Condition("paid_on", "gteq", first), Condition("paid_on", "lteq", last)))


def issued_between(first: dt.date, last: dt.date) -> Selection:
    """Sales and what corrects them; an advance is counted with the final invoice, and what is cancelled was none."""
    days = Condition("issued_on", "gteq", first), Condition("issued_on", "lteq", last)
    return Selection((_TURNOVER, *days, STANDING))


def by_currency(books: Books, chosen: Selection) -> list[InCurrency]:
    """What the documents of any selection come to."""
    sums: dict[str, InCurrency] = {}
    for one in books.sums(Invoice, chosen, ("net_total", "gross_total", "left_to_pay"), ("currency", "status")):
        currency, status = one.group
        net, gross, left = one.amounts
        before = sums.get(currency, InCurrency(currency, 0, ZERO, ZERO, ZERO))
        sums[currency] = InCurrency(
            currency,
            before.documents + one.records,
            before.net + net,
            before.gross + gross,
            before.left + (left if status in ASKING.value else ZERO),
        )
    return list(sums.values())


def owed(books: Books, chosen: Selection) -> Debt:
    """What is left to pay of some documents, foreign money at the rate of today."""
    return _worth(books, chosen, "left_to_pay")


def total(books: Books, chosen: Selection) -> Debt:
    """What some documents come to, foreign money at the rate of today."""
    return _worth(books, chosen, "gross_total")


def by_age(books: Books) -> list[Debt]:
    """What is owed, by how late it is: as many sums as `AGES`, and one of what is older."""
    found = books.sums(Invoice, UNPAID, ("left_to_pay",), ("due_on", "currency"))
    ages: dict[int, list[tuple[str, int, Decimal]]] = defaultdict(list)
    for one in found:
        due_on, currency = one.group
        late = (books.today - due_on).days
        ages[sum(late > days for days in AGES)].append((currency, one.records, one.amounts[0]))
    return [_together(books, ages[age]) for age in range(len(AGES) + 1)]


def by_month(books: Books, months: int = MONTHS) -> list[OfMonth]:
    """The last so many months, the oldest first."""
    wanted = _months_until(books.today, months)
    first = dt.date.fromisoformat(f"{wanted[0]}-01")
    issued = _in_months(books, issued_between(first, books.today), "issued_on")
    paid = _in_months(books, paid_between(first, books.today), "paid_on")
    return [OfMonth(month, issued.get(month, ZERO), paid.get(month, ZERO)) for month in wanted]


def worst_debts(books: Books, most: int = 5) -> list[tuple[int, Debt]]:
    """Ids of the contacts that owe the most money that is due, and what each owes."""
    found = books.sums(Invoice, overdue(books.today), ("left_to_pay",), ("contact_id", "currency"))
    of_contact: dict[int, list[tuple[str, int, Decimal]]] = defaultdict(list)
    for one in found:
        contact_id, currency = one.group
        of_contact[contact_id].append((currency, one.records, one.amounts[0]))
    debts = [(contact_id, _together(books, parts)) for contact_id, parts in of_contact.items()]
    return sorted(debts, key=lambda of: of[1].amount, reverse=True)[:most]


def _worth(books: Books, chosen: Selection, attribute: str) -> Debt:
    found = books.sums(Invoice, chosen, (attribute,), ("currency",))
    return _together(books, [(one.group[0], one.records, one.amounts[0]) for one in found])


def _together(books: Books, parts: Iterable[tuple[str, int, Decimal]]) -> Debt:
    documents, amount, is_whole = 0, ZERO, True
    for currency, count, left in parts:
        documents += count
        rate = _rate_of_today(books, currency)
        amount += native(left, rate) or ZERO
        is_whole &= rate is not None
    return Debt(documents, amount, is_whole)


def _in_months(books: Books, chosen: Selection, day: str) -> dict[str, Decimal]:
    """What was booked in another currency, before the books were kept in this one, counts at the rate of today."""
    months: dict[str, Decimal] = defaultdict(Decimal)
    for one in books.sums(Invoice, chosen, ("native_gross_total",), (Month(day), "native_currency")):
        month, currency = one.group
        months[month] += native(one.amounts[0], _rate_of_today(books, currency)) or ZERO
    return months


def _rate_of_today(books: Books, currency: str) -> Decimal | None:
    own = books.account.currency
    return ONE if currency == own else rate_on(books, currency, books.today, own)


def _months_until(day: dt.date, count: int) -> Sequence[str]:
    last = day.year * 12 + day.month - 1
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(last - count + 1, last + 1)]
