"""Something is done to many documents that were chosen together, and each has a result of its own."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid, NotFound, Problem, Problems, Refusal, WrongState
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.people.roles import Deed
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, changed, index, record, unique

JOB = "do_batch"
KEPT_FOR = dt.timedelta(days=1)

MOST = 10_000
"""Documents of one batch."""

MOST_IN_FILE = 2_000
"""Documents of which each brings a print into one file; more of them come in several."""

TOGETHER = 50
"""Documents that are done before the batches of others have their turn."""

Verb = Literal[
    "csv", "xlsx", "pdf", "zip", "isdoc", "isdoc_pdf", "pohoda", "send", "ksef", "remind", "pay", "lock", "tag"
]
State = Literal["waiting", "done", "failed"]

PRINTED: tuple[Verb, ...] = ("pdf", "zip", "isdoc_pdf")
TOLD: tuple[Verb, ...] = ("isdoc", "isdoc_pdf", "pohoda")
"""Files for other programs, which not every document can be told to."""

IN_PARTS: tuple[Verb, ...] = ("pdf", "zip", *TOLD)
FILES: tuple[Verb, ...] = ("csv", "xlsx", *IN_PARTS)


class Member(NamedTuple):
    """A document of a batch, or an expense."""

    of: Literal["document", "expense"]
    id: int


DEEDS: Mapping[Verb, Deed] = {
    **dict.fromkeys(FILES, "export"),
    "send": "write",
    "ksef": "write",
    "remind": "write",
    "pay": "write",
    "lock": "lock",
    "tag": "write",
}
"""What a member has to be allowed, to have it done."""


@record(
    "batches",
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
    refers={"user_id": "users"},
    remembers={"document_ids": "invoices", "expense_ids": "expenses"},
)
class Batch(Tenant):
    """Documents in their order, and the verb that is done to each, or what sort of file is made of them.

    `given` is what the verb needs to know; `user_id` is who asked for it, and nobody else gets the file.
    """

    verb: Verb
    document_ids: tuple[int, ...]
    given: dict[str, Any]
    expires_at: dt.datetime
    user_id: int | None = None
    expense_ids: tuple[int, ...] = ()
    state: State = "waiting"

    @property
    def size(self) -> int:
        return len(self.document_ids) + len(self.expense_ids)

    @property
    def members(self) -> list[Member]:
        """All that are in it, in their order."""
        documents = [Member("document", one) for one in self.document_ids]
        return documents + [Member("expense", one) for one in self.expense_ids]


@record(
    "batch_results",
    unique("account_id", "batch_id", "document_id"),
    unique("account_id", "batch_id", "expense_id"),
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
    remembers={"batch_id": "batches", "document_id": "invoices", "expense_id": "expenses"},
)
class BatchResult(Tenant):
    """What came of it for one document, or expense: it is done, or refused for a reason or for a problem of a value.

    A reason is one of a state's, or "gone" where the document was deleted meanwhile, or "not_printed", or "unbalanced"
    where its lines do not come to its sums.
    """

    batch_id: int
    document_id: int | None
    expires_at: dt.datetime
    expense_id: int | None = None
    number: str = ""
    refused: str | None = None
    problem: Problem | None = None

    @property
    def is_done(self) -> bool:
        return self.refused is None and self.problem is None


def order_batch(books: Books, chosen: Selection, verb: Verb, given: Mapping[str, Any]) -> Batch:
    """Have something done to the documents that the selection finds now; later ones are not among them.

    Raises:
        Invalid: there is none, there are too many, or the tag is empty.

    """
    problems = Problems()
    if verb == "tag" and not str(given.get("tag") or "").strip():
        problems.add("tag", "blank")
    ids = tuple(document_id for document_id, _ in books.stamps(Invoice, chosen, MOST + 1, 0))
    return order_members(books, ids, (), verb, given, problems)


def order_members(
    books: Books,
    document_ids: Sequence[int],
    expense_ids: Sequence[int],
    verb: Verb,
    given: Mapping[str, Any],
    problems: Problems,
) -> Batch:
    """Have something done to these.

    Raises:
        Invalid: there are problems already, or there is none of them, or there are too many.

    """
    count = len(document_ids) + len(expense_ids)
    if not count:
        problems.add("documents", "nothing")
    if count > MOST:
        problems.add("documents", "too_large", MOST)
    problems.refuse()
    batch = books.add(
        Batch,
        verb=verb,
        document_ids=tuple(document_ids),
        expense_ids=tuple(expense_ids),
        given=dict(given),
        expires_at=books.now + KEPT_FOR,
        user_id=books.user_id,
    )
    books.later(JOB, batch.id)
    return batch


def these(ids: Sequence[int]) -> Selection:
    """Documents that were chosen one by one."""
    return Selection((Condition("id", "in", tuple(ids)),), order=(Order("issued_on"), Order("number"), Order("id")))


def files_of(verb: Verb, members: int) -> int:
    """In how many files so many come."""
    return -(-members // MOST_IN_FILE) if verb in PRINTED else int(verb in FILES)


def in_one_file(verb: Verb) -> int:
    return MOST_IN_FILE if verb in PRINTED else MOST


def find_batch(books: Books, batch_id: int) -> Batch:
    """The batch, for whoever asked for it.

    Raises:
        NotFound: there is none, it is somebody else's, or it is forgotten.

    """
    batch = books.find(Batch, batch_id)
    if batch.user_id != books.user_id or batch.expires_at <= books.now:
        raise NotFound(Batch.table_name)
    return batch


def do_one(books: Books, batch: Batch, document_id: int, verb: Callable[[Books, int, Given], object]) -> None:
    """Do the verb to one document, and write down that it is done; what is done already is done once.

    Raises:
        Refusal: the business says no, and nothing is written.

    """
    if _result(books, batch, document_id) is None:
        verb(books, document_id, Given(batch.given))
        invoice = books.look_up(Invoice, id=document_id)
        note_result(books, batch, Member("document", document_id), invoice.number if invoice else "")


def refuse_one(books: Books, batch: Batch, document_id: int, error: Refusal) -> None:
    """Write down why the verb was not done to a document."""
    if _result(books, batch, document_id) is None:
        invoice = books.look_up(Invoice, id=document_id)
        refused, problem = _why(error)
        member = Member("document", document_id)
        note_result(books, batch, member, invoice.number if invoice else "", refused, problem)


def note_result(
    books: Books,
    batch: Batch,
    member: Member,
    number: str,
    refused: str | None = None,
    problem: Problem | None = None,
) -> None:
    books.add(
        BatchResult,
        batch_id=batch.id,
        document_id=member.id if member.of == "document" else None,
        expense_id=member.id if member.of == "expense" else None,
        expires_at=batch.expires_at,
        number=number,
        refused=refused,
        problem=problem,
    )


def left_of(books: Books, batch: Batch) -> list[int]:
    """The documents that come next, some of them, in their order."""
    done = {result.document_id for result in results_of(books, batch)}
    return [document_id for document_id in batch.document_ids if document_id not in done][:TOGETHER]


def results_of(books: Books, batch: Batch) -> list[BatchResult]:
    return books.all(BatchResult, Selection((Condition("batch_id", "eq", batch.id),), order=(Order("id"),)))


def complete_batch(books: Books, batch: Batch) -> None:
    books.change(batch, changed(batch, state="done"))


def fail_batch(books: Books, batch: Batch) -> None:
    books.change(batch, changed(batch, state="failed"))


def pay(books: Books, invoice_id: int, given: Given) -> None:
    """What is left of it came in, on the day that is given or today."""
    paid_on = given.get("paid_on")
    add_payment(books, invoice_id, Given({"paid_on": dt.date.fromisoformat(paid_on) if paid_on else None}))


def lock(books: Books, invoice_id: int, _given: Given) -> None:
    fire(books, invoice_id, "lock")


def tag(books: Books, invoice_id: int, given: Given) -> None:
    """Add a tag to those that it has."""
    added = str(given["tag"]).strip()
    tags = books.find(Invoice, invoice_id).tags
    if added not in tags:
        change_invoice(books, invoice_id, Given({"tags": [*tags, added]}))


VERBS: Mapping[Verb, Callable[[Books, int, Given], None]] = {"pay": pay, "lock": lock, "tag": tag}
"""What is done to a document within the books; how it is sent is no matter of the core."""


def _result(books: Books, batch: Batch, document_id: int) -> BatchResult | None:
    return books.look_up(BatchResult, batch_id=batch.id, document_id=document_id)


def _why(error: Refusal) -> tuple[str | None, Problem | None]:
    if isinstance(error, Invalid):
        return None, next((problem for problems in error.problems.values() for problem in problems), None)
    return (error.reason if isinstance(error, WrongState) else "gone"), None
