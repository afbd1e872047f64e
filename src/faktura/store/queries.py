"""Pages of one account's records: conditions are data, each shape of them is compiled once."""

import functools
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeVar

import msgspec
import sqlalchemy as sa

from faktura.store import comparing, narrowest, search
from faktura.store.beyond import Place, beyond
from faktura.store.comparing import bound_type, is_keepable
from faktura.store.conditions import arity, bound, clause
from faktura.store.landmarks import FAR, Landmarks, removals_of
from faktura.store.narrowest import MANY, NO_WAY, ways
from faktura.store.records import Tenant, is_paged
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

T = TypeVar("T", bound=Tenant)


Condition = comparing.Condition
Operator = comparing.Operator


class Order(msgspec.Struct, frozen=True):
    """What has no value comes after all that has, or before it where the order is descending and not `nulls_last`.

    A text that is shown otherwise is sorted by the text that it is shown `as_text`.
    """

    attribute: str
    descending: bool = False
    nulls_last: bool = False
    as_text: tuple[tuple[str, str], ...] = ()


Way = Literal["any", "sort", "walk", "merge"]
"""How a page is found: `sort` all that fits, since it is not much, or `walk` in the order until a page of it was met.

An engine knows neither how many there are nor where they stand: of what is unpaid, the last thousands of a long list.
What has one of several values is walked value by value, side by side, in a `merge` of the orders.
"""


class Selection(msgspec.Struct, frozen=True):
    """Which of an account's records, and in which order; the id decides between equals.

    The words of `text` are looked for in the searched attributes, or `everywhere` that such a record is found by.
    `beyond` is where to start: of the record before, what it has of each attribute of the order, and its id.
    `way` is for whoever knows how many there are. `by` names what they are found by, of all that they are chosen by.
    """

    conditions: tuple[Condition, ...] = ()
    text: str = ""
    order: tuple[Order, ...] = ()
    beyond: tuple[Any, ...] = ()
    everywhere: bool = False
    way: Way = "any"
    by: frozenset[str] | None = None


EVERYTHING = Selection()
NOTHING = Selection((Condition("id", "eq", None),))

Stamp = tuple[int, int]
"""The id and the version of a record: enough to know whether a kept answer is still true."""


def stamps(
    tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection, limit: int, offset: int
) -> list[Stamp]:
    """A page of ids and versions."""
    key = (cls, chosen, limit, offset)
    return tx.recalled(account_id, key, lambda: _stamps(tx, cls, account_id, chosen, limit, offset))


def _stamps(
    tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection, limit: int, offset: int
) -> list[Stamp]:
    if offset < FAR:
        return _page(tx, cls, account_id, chosen, limit, offset)
    if tx.landmarks is not None and chosen == EVERYTHING and is_paged(cls):
        return _far_stamps(tx, tx.landmarks, cls, account_id, limit, offset)
    onwards = _onwards(tx, cls, account_id, chosen, limit, offset)
    return _page(tx, cls, account_id, *((chosen, limit, offset) if onwards is None else (onwards, limit, 0)))


def _onwards(
    tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection, limit: int, offset: int
) -> Selection | None:
    """What begins where the page before ended, if that is remembered: who reads a whole list counts none of it off."""
    order = with_id(chosen.order)
    if chosen.beyond or order[-1].attribute != "id" or any(o.nulls_last or o.as_text for o in order):
        return None
    before = tx.known(account_id, (cls, chosen, limit, offset - limit))
    found = by_ids(tx, cls, account_id, [before[-1][0]]) if before and len(before) == limit else []
    beyond = [tuple(getattr(last, o.attribute) for o in order) for last in found]
    return msgspec.structs.replace(chosen, order=order, beyond=beyond[0]) if beyond else None


def with_id(order: tuple[Order, ...]) -> tuple[Order, ...]:
    """The order with the id that decides between equals."""
    return order if any(o.attribute == "id" for o in order) else (*order, Order("id"))


def _page(
    tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection, limit: int, offset: int
) -> list[Stamp]:
    planned = _planned(tx, cls, account_id, chosen, page=True)
    counting = _is_found_to_be_sorted(tx, cls, planned)
    query, values = _compiled(tx, cls, account_id, planned, "counted stamps" if counting else "stamps")
    found = tx.rows(query, **values, _limit=limit, _offset=offset)
    if tx.engine != "sqlite":
        return [(row[0], row[1]) for row in found]
    if counting and (total := found[0][1]) is not None:
        all_that_fit = Selection(chosen.conditions, chosen.text, everywhere=chosen.everywhere)
        tx.recalled(account_id, (cls, all_that_fit), lambda: total)
    return _read_stamps(found[0][0])


def _is_found_to_be_sorted(tx: Transaction, cls: type[Tenant], chosen: Selection) -> bool:
    """Whether a page costs what all that fit do, which most who ask for it count next.

    SQLite finds texts by their index, and sorts them then. Who says a `way` knows how many there are.
    """
    if tx.engine != "sqlite" or chosen.way != "any" or chosen.beyond or not chosen.order:
        return False
    return chosen.order[0].attribute != "id" and bool(chosen.text or _contained(cls, chosen))


def _far_stamps(
    tx: Transaction, landmarks: Landmarks, cls: type[Tenant], account_id: int, limit: int, offset: int
) -> list[Stamp]:
    removed = removals_of(tx, cls, account_id)
    start, first_id = landmarks.before((cls.table_name, account_id), removed, offset)
    onwards = Selection((Condition("id", "gteq", first_id),))
    found = _stamps(tx, cls, account_id, onwards, limit, offset - start)
    if removals_of(tx, cls, account_id) != removed:
        return _stamps(tx, cls, account_id, Selection((Condition("id", "gteq", 0),)), limit, offset)
    if found:
        landmarks.remember((cls.table_name, account_id), removed, (offset, found[0][0]))
    return found


def _planned(tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection, *, page: bool) -> Selection:
    """The same where SQLite is told by what to find it: by whatever fewest records have, as far as that is counted.

    A `page` of many that are not sorted yet is met on a walk.
    """
    if tx.engine != "sqlite" or chosen.text or _contained(cls, chosen):
        return chosen
    found = ways(cls, chosen.conditions, chosen.order[0].attribute if chosen.order else "id")
    if not found:
        return chosen
    best = found[0]
    if len(found) > 1 or not (best.is_sorted or best.is_few):
        counted = {way: _some(tx, cls, account_id, chosen, way) for way in found}
        best = min(found, key=counted.__getitem__)
        if page and counted[best] == MANY and chosen.way != "sort":
            best = next((way for way in found if way.is_sorted), NO_WAY)
            if best is NO_WAY and (several := _mergeable(cls, chosen)) is not None:
                return msgspec.structs.replace(chosen, by=several.attributes, way="merge")
    return msgspec.structs.replace(chosen, by=best.attributes, way="any" if best.is_sorted else "sort")


def _mergeable(cls: type[Tenant], chosen: Selection) -> narrowest.Way | None:
    """Orders are merged where every record has a place in each."""
    if not chosen.order or any(cls.table.c[o.attribute].nullable for o in chosen.order):
        return None
    return narrowest.merged(cls, chosen.conditions, chosen.order[0].attribute)


def _some(tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection, way: narrowest.Way) -> int:
    """How many records an index finds, counted no further than MANY."""
    conditions = tuple(c for c in chosen.conditions if c.attribute in way.attributes)
    query, values = _compiled(tx, cls, account_id, Selection(conditions, by=way.attributes), "some")
    return int(tx.rows(query, **values, _limit=MANY)[0][0])


def count(tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection) -> int:
    return tx.recalled(account_id, (cls, chosen), lambda: _count(tx, cls, account_id, chosen))


def _count(tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection) -> int:
    if tx.landmarks is not None and not (chosen.conditions or chosen.text) and is_paged(cls):
        return _count_further(tx, tx.landmarks, cls, account_id)
    query, values = _compiled(tx, cls, account_id, _planned(tx, cls, account_id, chosen, page=False), "count")
    return int(tx.rows(query, **values)[0][0])


def _count_further(tx: Transaction, landmarks: Landmarks, cls: type[Tenant], account_id: int) -> int:
    """Only what was added is counted, as long as nothing is removed."""
    removed = removals_of(tx, cls, account_id)
    counted, last_id = landmarks.counted((cls.table_name, account_id), removed)
    added, newest = tx.rows(_further(cls), account_id=account_id, last_id=last_id)[0]
    if removals_of(tx, cls, account_id) != removed:
        return _count(tx, cls, account_id, Selection((Condition("id", "gteq", 0),)))
    if added:
        landmarks.remember_count((cls.table_name, account_id), removed, (counted + added, newest))
    return int(counted + added)


@functools.cache
def _further(cls: type[Tenant]) -> Query:
    columns = cls.table.c
    newer = columns.account_id == sa.bindparam("account_id"), columns.id > sa.bindparam("last_id")
    return Query(sa.select(sa.func.count(), sa.func.max(columns.id)).where(*newer))


def records(
    tx: Transaction, cls: type[T], account_id: int, chosen: Selection, limit: int | None = None, offset: int = 0
) -> list[T]:
    query, values = _compiled(tx, cls, account_id, chosen, "records")
    return tx.records(cls, query, **values, _limit=-1 if limit is None else limit, _offset=offset)


def by_ids(tx: Transaction, cls: type[T], account_id: int, ids: Sequence[int]) -> list[T]:
    """The records with these ids that are still there, in no order."""
    if not ids:
        return []
    room = 1 << (len(ids) - 1).bit_length()
    padded = [*ids, *[ids[-1]] * (room - len(ids))]
    values = {f"id_{n}": record_id for n, record_id in enumerate(padded)}
    return tx.records(cls, _by_ids(cls, room), account_id=account_id, **values)


def _compiled(
    tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection, wanted: str
) -> tuple[Query, dict[str, Any]]:
    shape, values = asked(tx, cls, account_id, chosen)
    return _query(cls, shape, wanted, tx.engine), values


class Shape(NamedTuple):
    """All of a selection but its values: statements are compiled for it once."""

    conditions: tuple[tuple[str, Operator, int], ...]
    words: int
    contained: int
    indexed: bool
    order: tuple[Order, ...]
    missing: tuple[bool, ...]
    everywhere: bool
    way: Way
    by: frozenset[str] | None


def asked(tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection) -> tuple[Shape, dict[str, Any]]:
    """The shape of a selection and the values that its statement binds."""
    if not is_keepable(chosen.text):
        chosen = NOTHING
    words, contained = search.words_of(chosen.text), _contained(cls, chosen)
    is_long = any(len(word) >= search.TRIGRAM for word in (*words, *contained))
    indexed = tx.engine == "sqlite" and is_long and chosen.way != "walk"
    conditions = tuple((c.attribute, c.operator, arity(c)) for c in chosen.conditions)
    missing = tuple(value is None for value in chosen.beyond)
    values: dict[str, Any] = {"account_id": account_id}
    values |= {f"beyond_{n}": value for n, value in enumerate(chosen.beyond) if value is not None}
    for n, condition in enumerate(chosen.conditions):
        values |= bound(n, condition, cls.table.c[condition.attribute].type)
    if words or contained:
        everywhere = chosen.everywhere
        values |= search.values_for(cls, account_id, words, tx.engine, contained=contained, everywhere=everywhere)
    parts = conditions, len(words), len(contained), indexed, chosen.order, missing, chosen.everywhere
    return Shape(*parts, chosen.way, chosen.by), values


def _contained(cls: type[Tenant], chosen: Selection) -> list[str]:
    """What the searched text holds wherever an attribute has a text or a part of it, so that its index can find it."""
    attributes = {*cls.searched, *cls.found_by}
    found = [c.value for c in chosen.conditions if c.attribute in attributes and _is_found_in_text(cls, c)]
    return [search.folded(text) for text in found if is_keepable(text)]


def _is_found_in_text(cls: type[Tenant], condition: Condition) -> bool:
    if condition.operator == "eq" and isinstance(condition.value, str):
        return len(condition.value) >= search.TRIGRAM and not narrowest.has_index(cls, condition.attribute)
    return condition.operator in {"cont", "holds"}


def where(
    cls: type[Tenant], shape: Shape, engine: str, member: int | None = None
) -> tuple[search.Source, list[sa.ColumnElement[bool]]]:
    """What to select from for a shape, and under which conditions; with the value at the place `member` of several."""
    columns, source = cls.table.c, _source(cls, shape, engine)
    conditions = [columns.account_id == sa.bindparam("account_id"), *source.conditions]
    for n, (name, operator, members) in enumerate(shape.conditions):
        column: Any = columns[name]
        if engine == "sqlite" and _is_only_read(shape, name):
            column = sa.UnaryExpression(column, operator=sa.sql.operators.custom_op("+"), type_=column.type)
        if member is not None and _is_merged(shape, name, operator):
            condition = column == sa.bindparam(f"value_{n}_{member}", type_=bound_type(column.type))
        else:
            condition = clause(column, operator, n, members, engine)
        conditions.append(sa.func.unlikely(condition) if _is_rare(cls, shape, name, operator, engine) else condition)
    if source.text is not None:
        counts = shape.words, shape.contained
        conditions += search.having_words(cls, source.text, counts, engine, everywhere=shape.everywhere)
    return source, conditions + (beyond(_places(cls, shape)) if shape.missing else [])


def _source(cls: type[Tenant], shape: Shape, engine: str) -> search.Source:
    if shape.words or shape.indexed or (shape.contained and engine == "postgresql"):
        walked = shape.way == "walk" or (bool(shape.conditions) and not shape.indexed)
        return search.source(cls, engine, indexed=shape.indexed, walked=walked)
    return search.Source(cls.table, [], cls.table.c.id)


def _is_merged(shape: Shape, name: str, operator: Operator) -> bool:
    return shape.way == "merge" and operator == "in" and shape.by is not None and name in shape.by


def _is_only_read(shape: Shape, name: str) -> bool:
    """Whether no index is to be used for a condition, which is read in each record that others find."""
    return shape.by is not None and name not in shape.by and not (shape.order and name == shape.order[0].attribute)


def _is_rare(cls: type[Tenant], shape: Shape, name: str, operator: Operator, engine: str) -> bool:
    """Whether it is to be said that few records have the same.

    SQLite would guess that an account has about as many records, and walk all of them in the order that is asked for.
    """
    if engine != "sqlite" or operator not in {"eq", "in"}:
        return False
    is_pointer = any(name in names for names in (cls.refers, cls.belongs))
    return (operator == "eq" and is_pointer) if shape.by is None else name in shape.by


@functools.lru_cache(maxsize=2048)
def _query(cls: type[Tenant], shape: Shape, wanted: str, engine: str) -> Query:
    columns = cls.table.c
    source, conditions = where(cls, shape, engine)
    # Whether many texts have a word decides between its index and the order of the list.
    by_values = source.text is not None
    if wanted == "count":
        counted = sa.select(sa.func.count()).select_from(source.table).where(*conditions)
        return Query(counted, planned_by_values=by_values)
    limit: sa.ColumnElement[int] = sa.bindparam("_limit", type_=sa.Integer)
    if wanted == "some":
        some = sa.select(columns.id).select_from(source.table).where(*conditions).limit(limit).subquery()
        return Query(sa.select(sa.func.count()).select_from(some))
    selected: list[Any] = list(columns_of(cls)) if wanted == "records" else [columns.id, columns.version]
    if wanted == "counted stamps":
        selected.append(sa.func.count().over().label("total"))
    found: sa.Select[Any] | sa.CompoundSelect[Any]
    if shape.way == "merge":
        found = _merged(cls, shape, engine)
    else:
        by = _ordered(cls, shape, source.id)
        found = sa.select(*selected).select_from(source.table).where(*conditions).order_by(*by)
    if engine == "postgresql":
        limit = sa.func.nullif(limit, -1)
    found = found.limit(limit).offset(sa.bindparam("_offset", type_=sa.Integer))
    in_one_row = engine == "sqlite" and wanted != "records"
    return Query(_in_one_row(found) if in_one_row else found, planned_by_values=by_values)


def _merged(cls: type[Tenant], shape: Shape, engine: str) -> sa.CompoundSelect[Any]:
    """The stamps of each value in the order of the list, of which SQLite goes on in whichever comes next."""
    columns, ordered = cls.table.c, [o for o in shape.order if o.attribute != "id"]
    told = [columns.id, columns.version, *(columns[o.attribute] for o in ordered)]
    [members] = {members for name, operator, members in shape.conditions if _is_merged(shape, name, operator)}
    each = [sa.select(*told).where(*where(cls, shape, engine, member)[1]) for member in range(members)]
    backwards = any(o.attribute == "id" and o.descending for o in shape.order)
    by = [*ordered, Order("id", descending=backwards)]
    return sa.union_all(*each).order_by(*(sa.desc(o.attribute) if o.descending else sa.asc(o.attribute) for o in by))


def _in_one_row(stamps: sa.Select[Any] | sa.CompoundSelect[Any]) -> sa.Select[Any]:
    """All stamps as one JSON text: sqlite3 lets other threads run, and waits for them, at every row it fetches."""
    page = stamps.subquery("page")
    stamp = sa.func.json_array(page.c.id, page.c.version)
    columns: list[Any] = [sa.func.json_group_array(stamp, type_=sa.Text)]
    return sa.select(*columns, *([sa.func.max(page.c.total)] if "total" in page.c else []))


_read_stamps = msgspec.json.Decoder(list[Stamp]).decode


def _ordered(cls: type[Tenant], shape: Shape, by_id: sa.ColumnElement[int]) -> list[sa.ColumnElement[Any]]:
    by: list[sa.ColumnElement[Any]] = []
    order = shape.order
    for o in order:
        column = by_id if o.attribute == "id" else cls.table.c[o.attribute]
        if o.as_text:
            column = sa.case(dict(o.as_text), value=column, else_=column)
        if shape.way == "sort" and not by and (column is not by_id or shape.by is not None):
            column = sa.func.coalesce(column, column)  # which no index has, so that none is walked in its order
        sorted_by = column.desc() if o.descending else column.asc()
        if cls.table.c[o.attribute].nullable:
            sorted_by = sorted_by.nulls_first() if o.descending and not o.nulls_last else sorted_by.nulls_last()
        by.append(sorted_by)
    if any(o.attribute == "id" for o in order):
        return by
    return [*by, by_id if by or shape.by is None or shape.way != "sort" else sa.func.coalesce(by_id, by_id)]


def _places(cls: type[Tenant], shape: Shape) -> list[Place]:
    by_attribute = [o for o in shape.order if o.attribute != "id"]
    places = [
        Place(column := cls.table.c[o.attribute], o.descending, missing, bool(column.nullable))
        for o, missing in zip(by_attribute, shape.missing, strict=False)
    ]
    backwards = any(o.attribute == "id" and o.descending for o in shape.order)
    return [*places, Place(cls.table.c.id, backwards, missing=False, nullable=False)]


@functools.lru_cache(maxsize=256)
def _by_ids(cls: type[Tenant], room: int) -> Query:
    columns = cls.table.c
    wanted = columns.id.in_([sa.bindparam(f"id_{n}") for n in range(room)])
    return Query(sa.select(*columns_of(cls)).where(columns.account_id == sa.bindparam("account_id"), wanted))


def version(tx: Transaction, cls: type[Tenant], account_id: int, record_id: int) -> int | None:
    """The record's version, or None where there is none."""
    return tx.recalled(account_id, (cls, record_id), lambda: _read_version(tx, cls, account_id, record_id))


def _read_version(tx: Transaction, cls: type[Tenant], account_id: int, record_id: int) -> int | None:
    found = tx.rows(_version(cls), account_id=account_id, id=record_id)
    return found[0][0] if found else None


@functools.cache
def _version(cls: type[Tenant]) -> Query:
    columns = cls.table.c
    by_key = columns.account_id == sa.bindparam("account_id"), columns.id == sa.bindparam("id")
    return Query(sa.select(columns.version).where(*by_key))
