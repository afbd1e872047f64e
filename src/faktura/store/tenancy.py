"""A statement that writes or locks a tenant's rows names the one account, or it is not compiled.

Then it touches one machine of a cluster, and no mistake in a condition reaches the rows of another account.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors

from faktura.store.records import RECORDS, Shared, Tenant


class NoAccount(TypeError):  # noqa: N818 (says what is missing)
    """The statement writes or locks rows of several accounts."""


def require_account(clause: Any) -> None:
    """Look at a statement and at those inside it.

    Raises:
        NoAccount: there is no `account_id =` beside the other conditions.

    """
    part: Any
    for part in visitors.iterate(clause):
        for table in _written_or_locked(part):
            if not any(_is_account_of(table, condition) for condition in _all_of(part.whereclause)):
                raise NoAccount(f"{table.name} without `account_id =`: {part}")


def writes_accounts(clause: Any) -> bool:
    """Whether the statement writes what belongs to accounts, or is made of that."""
    table = getattr(clause, "table", None)
    return isinstance(table, sa.Table) and "account_id" in table.c and not _is_shared(table)


def _is_shared(table: sa.Table) -> bool:
    return issubclass(RECORDS.get(table.name, object), Shared)


def _written_or_locked(part: Any) -> Iterator[sa.Table]:
    touched: Iterable[Any] = ()
    if isinstance(part, sa.Update | sa.Delete):
        touched = [part.table]
    elif isinstance(part, sa.Select) and part._for_update_arg is not None:  # noqa: SLF001 (SQLAlchemy shows it nowhere else)
        touched = [inner for source in part.get_final_froms() for inner in visitors.iterate(source)]
    for table in touched:
        is_tenants = isinstance(table, sa.TableClause) and "account_id" in table.c
        if is_tenants and issubclass(RECORDS.get(table.name, Tenant), Tenant):
            yield table


def _all_of(condition: Any) -> Iterator[Any]:
    """What must be true, one by one."""
    if isinstance(condition, sa.sql.elements.BooleanClauseList) and condition.operator is operators.and_:
        for inner in condition.clauses:
            yield from _all_of(inner)
    elif condition is not None:
        yield condition


def _is_account_of(table: sa.Table, condition: Any) -> bool:
    return (
        isinstance(condition, sa.BinaryExpression)
        and condition.operator is operators.eq
        and condition.left is table.c.account_id
        and isinstance(condition.right, sa.BindParameter)
    )
