"""Whether a record is used: the declarations at the records (`refers=`) are followed, and nothing else is asked."""

from faktura.core.books.books import Books
from faktura.store.pointers import is_inside, pointers_of
from faktura.store.queries import Condition, Selection
from faktura.store.records import RECORDS, KindIn, Tenant


def in_use(books: Books, record: Tenant) -> bool:
    """Whether another record of the account refers to this one; those that merely remember it do not count."""
    return any(
        books.stamps(cls, Selection(conditions), limit=1, offset=0)
        for cls in RECORDS.values()
        if issubclass(cls, Tenant)
        for conditions in _referring(cls, record)
    )


def _referring(cls: type[Tenant], record: Tenant) -> list[tuple[Condition, ...]]:
    """What is true of those records of a kind that refer to this one, a pointer at a time."""
    found: list[tuple[Condition, ...]] = []
    for pointer in pointers_of(cls):
        if pointer.outlives or pointer.attribute in cls.copied or is_inside(cls, pointer):
            continue
        named = Condition(pointer.attribute, "eq", record.id)
        if isinstance(pointer.leads, KindIn):
            found.append((named, Condition(pointer.leads.attribute, "eq", record.table_name)))
        elif pointer.leads == record.table_name:
            found.append((named,))
    return found
