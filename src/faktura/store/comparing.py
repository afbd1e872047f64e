"""What a condition compares with: any value at all, brought among those that a column can hold."""

import datetime as dt
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Literal

import msgspec
import sqlalchemy as sa

from faktura.store.columns import LARGEST_EXACT, SCALE, Exact, ExactBound, Moment, to_millisecond

Operator = Literal["eq", "lt", "lteq", "gt", "gteq", "cont", "holds", "null", "in"]


class Condition(msgspec.Struct, frozen=True):
    """One comparison of an attribute.

    `cont` finds a substring in any case and `holds` one as it is, `null` takes a bool, `in` a tuple.
    """

    attribute: str
    operator: Operator
    value: Any


LAST_MOMENT = to_millisecond(dt.datetime.max.replace(tzinfo=dt.UTC))

LARGEST_BOUND = 2**63 - 1
"""The largest number that both engines take as a parameter."""

_UPWARDS = ("gteq", "lt")


def is_keepable(text: str) -> bool:
    """Whether a text column can hold it: PostgreSQL takes no NUL, and neither engine takes half a surrogate pair."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def bound_type(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    """The type of a parameter that is compared with a column of this type."""
    if isinstance(kind, sa.Integer):
        return sa.BigInteger()
    return ExactBound() if isinstance(kind, Exact) else kind


def comparable(kind: sa.types.TypeEngine[Any], operator: Operator, value: Any) -> Any:
    """A value that the same rows compare so with; None, with which none does, where no row can."""
    match value:
        case str():
            return value if is_keepable(value) else None
        case dt.datetime() if isinstance(kind, Moment):
            return _moment(operator, value)
        case Decimal() | int() if isinstance(kind, Exact):
            return _exact(operator, Decimal(value))
        case int() if isinstance(kind, sa.Integer):
            return min(max(value, -LARGEST_BOUND), LARGEST_BOUND)
    return value


def _moment(operator: Operator, value: dt.datetime) -> dt.datetime | None:
    below = to_millisecond(value)
    if below == value:
        return value
    if operator in {"eq", "in"}:
        return None
    if operator not in _UPWARDS:
        return below
    if below == LAST_MOMENT:
        return None if operator == "gteq" else below
    return below + dt.timedelta(milliseconds=1)


def _exact(operator: Operator, value: Decimal) -> Decimal | None:
    if value.is_nan():
        return None
    if value.copy_abs() >= LARGEST_EXACT:
        return None if operator in {"eq", "in"} else LARGEST_EXACT.copy_sign(value)
    near = value.quantize(Decimal(1).scaleb(-SCALE), ROUND_CEILING if operator in _UPWARDS else ROUND_FLOOR)
    return None if operator in {"eq", "in"} and near != value else near
