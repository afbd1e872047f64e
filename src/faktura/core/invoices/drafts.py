"""What a person typed of a document that is not issued yet: it has no number, and only the pages know of it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.documents.checks import RULES, Rules
from faktura.core.documents.record import DocumentKind
from faktura.core.errors import Given, LimitReached, NotFound, Problems
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, changed, index, record

MOST_DRAFTS = 1000
"""Of an account: more than people leave lying about, and a bound on what they can fill a disk with."""

LARGEST_DRAFT = 512 * 1024
"""Letters of all that was typed: more than a thousand lines take."""

REMEMBERED = dt.timedelta(days=7)
"""How long it is known what a draft became, for a form that is sent twice."""

Typed = Sequence[tuple[str, str]]
"""Fields as they stand in the form, in their order; a name may come several times."""


@record(
    "drafts",
    index("account_id", "issued_id", "updated_at"),
    paged=False,
    refers={"user_id": "users"},
    remembers={"contact_id": "contacts", "changes_id": "invoices", "issued_id": "invoices"},
)
class KeptDraft(Tenant):
    """The form as a person left it, right or wrong, with what a list of drafts says of it.

    `changes_id` is the issued document that it is a change of; `issued_id` is the document that it became.
    """

    user_id: int | None
    kind: DocumentKind
    typed: tuple[tuple[str, str], ...]
    contact_id: int | None = None
    customer: str = ""
    currency: str = ""
    total: Decimal | None = None
    changes_id: int | None = None
    issued_id: int | None = None


def keep_draft(books: Books, draft_id: int | None, typed: Typed, shown: Mapping[str, object]) -> KeptDraft:
    """Keep what was typed, in the draft with this id or in a new one; `shown` is what lists say of it.

    Raises:
        NotFound: there is no such draft any more, or it was issued.
        LimitReached: the account has as many as it may.
        Invalid: it is too long.

    """
    problems = Problems()
    if sum(len(name) + len(value) for name, value in typed) > LARGEST_DRAFT:
        problems.add("lines", "too_long", LARGEST_DRAFT)
    problems.refuse()
    fields = tuple((name, value) for name, value in typed)
    if draft_id is not None:
        old = find_draft(books, draft_id)
        return books.change(old, changed(old, typed=fields, **shown))
    if count_drafts(books) >= MOST_DRAFTS:
        raise LimitReached(KeptDraft.table_name)
    return books.add(KeptDraft, user_id=books.user_id, typed=fields, **shown)


def find_draft(books: Books, draft_id: int) -> KeptDraft:
    """The draft.

    Raises:
        NotFound: there is none, or it was issued.

    """
    draft = books.find(KeptDraft, draft_id)
    if draft.issued_id is not None:
        raise NotFound(KeptDraft.table_name)
    return draft


def drafts_of(books: Books) -> list[KeptDraft]:
    """All that wait in the account, the latest first."""
    return books.all(KeptDraft, _WAITING)


def count_drafts(books: Books) -> int:
    return books.count(KeptDraft, _WAITING)


def drop_draft(books: Books, draft_id: int) -> None:
    """Throw a draft away.

    Raises:
        NotFound: there is none, or it was issued.

    """
    books.remove(find_draft(books, draft_id))


def issue_draft(books: Books, draft_id: int, given: Given, rules: Rules = RULES) -> Invoice:
    """Issue the document that a draft is of, once: who asks a second time gets the same document.

    Raises:
        Invalid: a value breaks a rule; the draft is there as it was.
        NotFound: there is no such draft, or the document that it became is deleted.

    """
    draft = books.find(KeptDraft, draft_id)
    if draft.issued_id is not None:
        return books.find(Invoice, draft.issued_id)
    invoice = issue_invoice(books, given, rules)
    books.change(draft, changed(draft, issued_id=invoice.id, typed=()))
    _forget_issued(books)
    return invoice


def _forget_issued(books: Books) -> None:
    before = Condition("updated_at", "lt", books.now - REMEMBERED)
    for draft in books.all(KeptDraft, Selection((Condition("issued_id", "null", value=False), before))):
        books.remove(draft)


_WAITING = Selection((Condition("issued_id", "null", value=True),), order=(Order("updated_at", descending=True),))
