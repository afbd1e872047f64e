"""Expenses that will be due soon are on the list of what is to be done, each once, where somebody wants that."""

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.countries.known import day_in
from faktura.core.documents.to_do import NOTICE
from faktura.core.received.record import Expense
from faktura.core.todos import Todo, put_on_list
from faktura.store.statements import Query

MOST = 500


def list_due(books: Books) -> bool:
    """Put those on the list that are to be paid in the next days; whether more are left."""
    soon = books.today + NOTICE
    found = [row[0] for row in books.tx.rows(_DUE, account_id=books.account.id, soon=soon, most=MOST + 1)]
    for expense in books.some(Expense, found[:MOST]):
        put_on_list(books, "expense_due", expense)
    return len(found) > MOST


def accounts_with_due(office: Office) -> list[int]:
    """Those with an expense that is not on the list yet; it is the same day wherever they are."""
    return [row[0] for row in office.tx.rows(_ACCOUNTS, soon=day_in("CZ", office.now) + NOTICE)]


_e, _t = Expense.table.c, Todo.table.c

_LISTED = (
    sa.select(_t.id)
    .where(_t.account_id == _e.account_id, _t.kind == Expense.table_name, _t.record_id == _e.id)
    .where(_t.name == "expense_due")
    .exists()
)

_is_due = (
    sa.or_(*(_e.status == status for status in ("open", "sent", "overdue")))
    & (_e.due_on <= sa.bindparam("soon", type_=_e.due_on.type))
    & (_e.progress == "entered")
    & _e.remind_due
    & ~_LISTED
)

_DUE = Query(
    sa.select(_e.id)
    .where(_e.account_id == sa.bindparam("account_id"), _is_due)
    .order_by(_e.id)
    .limit(sa.bindparam("most"))
)

_ACCOUNTS = Query(sa.select(_e.account_id).where(_is_due).distinct().order_by(_e.account_id))
