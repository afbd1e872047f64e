"""How the types of a record's attributes are kept in a column, alike on both engines."""

import datetime as dt
import types
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import sqlalchemy as sa

SCALE = 6

LARGEST_EXACT = Decimal(9) * 10**12
"""A kept Decimal is smaller than that, and greater than its negative: millionths of it fit 64 bits."""


class ByLetters:
    """Marks a text that is sorted by the codes of its letters, so that all texts that begin alike stand together.

    SQLite sorts every text so; a database of PostgreSQL sorts by the habits of some language.
    """


class Moment(sa.TypeDecorator[dt.datetime]):
    """A UTC instant to the millisecond; on SQLite text of one fixed width, so that text order is time order."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.Text() if dialect.name == "sqlite" else sa.DateTime(timezone=True))

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return _moment_to_text if dialect.name == "sqlite" else _moment_to_millisecond

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:  # noqa: ARG002 (SQLAlchemy's signature)
        return _moment_from_text if dialect.name == "sqlite" else _moment_in_utc


class Exact(sa.TypeDecorator[Decimal]):
    """A Decimal of up to six places: NUMERIC on PostgreSQL, an INTEGER of millionths on SQLite."""

    impl = sa.Numeric(20, SCALE)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        return dialect.type_descriptor(sa.BigInteger() if dialect.name == "sqlite" else sa.Numeric(20, SCALE))

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return _exact_to_millionths if dialect.name == "sqlite" else _exact_checked

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:  # noqa: ARG002 (SQLAlchemy's signature)
        return _exact_from_millionths if dialect.name == "sqlite" else _exact_trimmed


class ExactBound(Exact):
    """What an Exact is compared with, up to LARGEST_EXACT itself."""

    cache_ok = True

    def bind_processor(self, dialect: sa.Dialect) -> Any:
        return _millionths if dialect.name == "sqlite" else None


class Json(sa.TypeDecorator[Any]):
    """A list or a mapping of plain values, kept as JSON text and handed back as its declared type."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, annotation: Any = Any) -> None:
        super().__init__()
        self.annotation = annotation

    def bind_processor(self, dialect: sa.Dialect) -> Any:  # noqa: ARG002 (SQLAlchemy's signature)
        return _json_to_text

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Any:  # noqa: ARG002 (SQLAlchemy's signature)
        decode = msgspec.json.Decoder(self.annotation).decode
        return lambda text: None if text is None else decode(text)


def column_of(name: str, annotation: Any, *, primary_key: bool) -> sa.Column[Any]:
    """The column that keeps an attribute.

    Raises:
        TypeError: no column type is known for the annotation.

    """
    bare, nullable = _without_none(annotation)
    info = {"is_choice": bare is bool or get_origin(bare) is Literal}
    kind = _type_of(bare)
    return sa.Column(name, kind, primary_key=primary_key, nullable=nullable, autoincrement=False, info=info)


def _type_of(annotation: Any) -> sa.types.TypeEngine[Any]:
    if get_origin(annotation) is Annotated:
        if ByLetters in get_args(annotation):
            return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is Literal:
        annotation = str
    if get_origin(annotation) in {tuple, dict, list} or (
        isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)
    ):
        return Json(annotation)
    try:
        return _PLAIN[annotation]
    except KeyError:
        message = f"no column type for {annotation!r}"
        raise TypeError(message) from None


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in {Union, types.UnionType}:
        kept = [member for member in get_args(annotation) if member is not type(None)]
        if len(kept) != 1:
            message = f"a column keeps one type, not {annotation!r}"
            raise TypeError(message)
        return kept[0], True
    return annotation, False


_PLAIN: dict[Any, sa.types.TypeEngine[Any]] = {
    int: sa.Integer(),
    str: sa.Text(),
    bool: sa.Boolean(),
    bytes: sa.LargeBinary(),
    Decimal: Exact(),
    dt.date: sa.Date(),
    dt.datetime: Moment(),
}


def _moment_to_text(value: dt.datetime | None) -> str | None:
    if value is None:
        return None
    in_utc = value if value.tzinfo is dt.UTC else _aware(value).astimezone(dt.UTC)
    return in_utc.isoformat(timespec="milliseconds")


def _moment_to_millisecond(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else to_millisecond(_aware(value))


def to_millisecond(value: dt.datetime) -> dt.datetime:
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def _aware(value: dt.datetime) -> dt.datetime:
    if value.tzinfo is None:
        message = f"{value} is an instant nowhere: it has no offset"
        raise ValueError(message)
    return value


def _moment_from_text(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _moment_in_utc(value: dt.datetime | None) -> dt.datetime | None:
    return None if value is None else value.astimezone(dt.UTC)


def _exact_to_millionths(value: Decimal | None) -> int | None:
    if value is None:
        return None
    if value.is_finite() and -LARGEST_EXACT < value < LARGEST_EXACT:
        millionths = int(value.scaleb(SCALE))
        if Decimal(millionths).scaleb(-SCALE) == value:
            return millionths
    return _millionths(_checked(value))


def _millionths(value: Decimal | None) -> int | None:
    return None if value is None else int(value.scaleb(SCALE))


def _exact_checked(value: Decimal | None) -> Decimal | None:
    return None if value is None else _checked(value)


def _checked(value: Decimal) -> Decimal:
    if not value.is_finite() or value.copy_abs() >= LARGEST_EXACT:
        message = f"{value} is too large to be kept"
        raise ValueError(message)
    if value != value.quantize(_SMALLEST):
        message = f"{value} has more than {SCALE} decimal places"
        raise ValueError(message)
    return value


_SMALLEST = Decimal(1).scaleb(-SCALE)


def _exact_from_millionths(value: int | None) -> Decimal | None:
    return None if value is None else _exact_trimmed(Decimal(value).scaleb(-SCALE))


def _exact_trimmed(value: Decimal | None) -> Decimal | None:
    if value is None:
        return None
    trimmed = value.normalize()
    return trimmed if trimmed.as_tuple().exponent <= 0 else trimmed.quantize(Decimal(1))  # type: ignore[operator]


def _json_to_text(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()
