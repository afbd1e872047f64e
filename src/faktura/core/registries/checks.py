"""The proofs of an account: what a registry said of a contact, or of one at a document, and when."""

import datetime as dt
from typing import Any

from faktura.core.books.books import Books
from faktura.core.documents.record import Document
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.facts import RegistryName, State
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import KindIn, Tenant, index, record

LAST_FIRST = (Order("id", descending=True),)


@record(
    "checks",
    index("account_id", "contact_id", "id", covers=("version",)),
    index("account_id", "kind", "document_id", "id", covers=("version",), where_set="document_id"),
    paged=False,
    remembers={"contact_id": "contacts", "document_id": KindIn("kind")},
)
class Check(Tenant):
    """An answer that the account keeps for good; `kind` is the table of the document that it was asked for."""

    contact_id: int
    registry: RegistryName
    question: str
    state: State
    said: dict[str, Any]
    checked_at: dt.datetime
    proof: str | None = None
    kind: str | None = None
    document_id: int | None = None


def keep_check(books: Books, contact_id: int, answer: RegistryAnswer, document: Document | None = None) -> Check:
    """Keep a proof, unless it is there already."""
    last = last_checks(books, contact_id, document, answer.registry, 1)
    if last and (last[0].question, last[0].checked_at) == (answer.question, answer.asked_at):
        return last[0]
    about: dict[str, Any] = {} if document is None else {"kind": document.table_name, "document_id": document.id}
    return books.add(
        Check,
        contact_id=contact_id,
        registry=answer.registry,
        question=answer.question,
        state=answer.state,
        said=answer.said,
        checked_at=answer.asked_at,
        proof=answer.proof,
        **about,
    )


def last_checks(
    books: Books,
    contact_id: int,
    document: Document | None = None,
    registry: RegistryName | None = None,
    most: int = 10,
) -> list[Check]:
    """What was checked last of a contact, or for a document: the last first."""
    if document is None:
        of = [Condition("contact_id", "eq", contact_id)]
    else:
        of = [Condition("kind", "eq", document.table_name), Condition("document_id", "eq", document.id)]
    if registry is not None:
        of.append(Condition("registry", "eq", registry))
    return books.some_in_order(Check, Selection(tuple(of), order=LAST_FIRST), most)
