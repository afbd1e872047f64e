"""What needs a person: made by the verb or job that meets the fact, done by hand or when the fact ends."""

import datetime as dt
from collections.abc import Collection
from typing import Literal, get_args

from faktura.core.books.books import Books
from faktura.core.people.users import SCOPES_OF_KINDS, Scope
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import KindIn, Shared, Tenant, changed, index, record

TodoName = Literal[
    "letter_undelivered",
    "invoice_overdue",
    "expense_due",
    "contact_unreliable",
    "contact_reliable",
    "generator_failed",
    "generator_finished",
    "webhook_failed",
    "product_low",
    "buyer_vat_no_invalid",
    "e_invoice_faulty",
    "ksef_disconnected",
    "ksef_certificate_ends",
    "ksef_not_connected",
    "ksef_refused",
    "ksef_failed",
    "ksef_overdue",
]
"""Everything that may need a person: doors and pages have their own words for each."""

TODO_NAMES: tuple[TodoName, ...] = get_args(TodoName)

LAST_FIRST = (Order("id", descending=True),)


@record(
    "todos",
    index("account_id", "kind", "record_id"),
    index("account_id", "done_at", "id"),
    belongs={"record_id": KindIn("kind")},
)
class Todo(Tenant):
    """Something to look after; `kind` is the table of the record that it is about, `params` what else is said of it."""

    name: TodoName
    kind: str
    record_id: int
    params: dict[str, str]
    done_at: dt.datetime | None = None

    @property
    def scope(self) -> Scope | None:
        """What must be open to whoever sees it, or has it done."""
        return SCOPES_OF_KINDS.get(self.kind)


def put_on_list(books: Books, name: TodoName, about: Tenant | Shared, **params: str) -> None:
    """Have somebody look after a record, unless that is on the list already."""
    if not _open(books, name, about):
        books.add(Todo, name=name, kind=about.table_name, record_id=about.id, params=params)


def take_off_list(books: Books, name: TodoName, about: Tenant | Shared) -> None:
    """It is done, as the fact has ended."""
    for todo in _open(books, name, about):
        toggle(books, todo.id)


def forget(books: Books, name: TodoName, about: Tenant | Shared) -> None:
    """Have it neither done nor to do, so that it is put on the list again when its time comes."""
    for todo in _about(books, name, about):
        books.remove(todo)


def open_todo(books: Books, name: TodoName, about: Tenant | Shared) -> Todo | None:
    """What is to be done about a record by this name."""
    return next(iter(_open(books, name, about)), None)


def find_todo(books: Books, todo_id: int) -> Todo:
    return books.find(Todo, todo_id)


def toggle(books: Books, todo_id: int) -> Todo:
    """Have it done, or to do again.

    Raises:
        NotFound: there is no such todo.

    """
    old = books.find(Todo, todo_id)
    return books.change(old, changed(old, done_at=None if old.done_at else books.now))


def todos_seen(scopes: Collection[Scope], *, done: bool | None = None) -> Selection:
    """Those that somebody with these scopes may see, the last first: all, or those alone that are done or not."""
    closed = {kind for kind, scope in SCOPES_OF_KINDS.items() if scope not in scopes}
    seen = [Condition("kind", "in", tuple(kind for kind in KINDS if kind not in closed))] if closed else []
    so_far = [] if done is None else [Condition("done_at", "null", value=not done)]
    return Selection((*seen, *so_far), order=LAST_FIRST)


def _open(books: Books, name: TodoName, about: Tenant | Shared) -> list[Todo]:
    return [todo for todo in _about(books, name, about) if todo.done_at is None]


def _about(books: Books, name: TodoName, about: Tenant | Shared) -> list[Todo]:
    of_it = Condition("kind", "eq", about.table_name), Condition("record_id", "eq", about.id)
    return books.all(Todo, Selection((*of_it, Condition("name", "eq", name))))


KINDS = (
    *("contacts", "invoices", "expenses", "generators", "subscriptions", "products", "ksef_connections", "accounts"),
)
"""What they are about, by table."""
