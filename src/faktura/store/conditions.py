"""Conditions in SQL: a clause for each, and the values that it binds."""

from typing import Any

import sqlalchemy as sa

from faktura.store import search
from faktura.store.comparing import Condition, Operator, bound_type, comparable, is_keepable


def arity(condition: Condition) -> int:
    if condition.operator == "in":
        return len(condition.value)
    return int(bool(condition.value)) if condition.operator == "null" else 1


def clause(column: sa.Column[Any], operator: Operator, n: int, members: int, engine: str) -> sa.ColumnElement[bool]:
    kind = bound_type(column.type)
    value = sa.bindparam(f"value_{n}", type_=kind)
    match operator:
        case "eq":
            return column == value
        case "lt":
            return column < value
        case "lteq":
            return column <= value
        case "gt":
            return column > value
        case "gteq":
            return column >= value
        case "cont" | "holds":
            position = sa.func.instr if engine == "sqlite" else sa.func.strpos
            return position(sa.func.lower(column) if operator == "cont" else column, value) > 0
        case "null":
            return column.is_(None) if members else column.is_not(None)
        case "in":
            each = [sa.bindparam(f"value_{n}_{k}", type_=kind) for k in range(members)]
            return column.in_(each) if each else sa.false()


def bound(n: int, condition: Condition, kind: sa.types.TypeEngine[Any]) -> dict[str, Any]:
    match condition.operator:
        case "cont":
            return {f"value_{n}": search.lowered(condition.value) if is_keepable(condition.value) else None}
        case "in":
            return {f"value_{n}_{k}": comparable(kind, "in", value) for k, value in enumerate(condition.value)}
        case "null":
            return {}
        case operator:
            return {f"value_{n}": comparable(kind, operator, condition.value)}
