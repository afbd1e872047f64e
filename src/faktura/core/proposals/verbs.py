"""A proposal is checked, kept, confirmed or refused."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple, NoReturn

import msgspec

from faktura.core.books.books import Books
from faktura.core.errors import Clash, LimitReached, WrongState
from faktura.core.people.users import SCOPES_OF_KINDS, Scope
from faktura.core.proposals.deeds import AnyDeed, Details
from faktura.core.proposals.record import VALID, Decision, Proposal
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Shared, Tenant, changed

MOST_OPEN = 100
"""Of an account at a time: more than anybody looks through, and a bound on what a program can leave behind."""

TABLES = ("invoices", "expenses", "contacts")
"""In which deeds write."""

LAST_FIRST = (Order("id", descending=True),)


class Outcome(NamedTuple):
    """What a deed makes of which record."""

    record: Tenant | Shared
    details: Details


class Tried(Exception):  # noqa: N818 (says what was done)
    """The end of a trial, which undoes its transaction; it carries what would come of the deed."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def try_deed(books: Books, deed: AnyDeed) -> NoReturn:
    """Do it in a transaction that is undone by what this raises.

    Raises:
        Tried: it can be done.
        Refusal: it cannot.

    """
    raise Tried(Outcome(*deed.do(books)))


def propose(books: Books, deed: AnyDeed, tried: Outcome) -> Proposal:
    """Keep a deed that was tried, for a person to decide.

    Raises:
        LimitReached: too many wait already.

    """
    if books.count(Proposal, Selection(_open_at(books.now))) >= MOST_OPEN:
        raise LimitReached(Proposal.table_name)
    arguments: dict[str, Any] = msgspec.to_builtins(deed)
    return books.add(
        Proposal,
        deed=arguments.pop("deed"),
        arguments=arguments,
        kind=deed.table,
        details=dict(tried.details),
        program=books.program or "",
        user_id=books.user_id or 0,
        expires_at=books.now + VALID,
        record_id=deed.record_id,
    )


def deed_of(proposal: Proposal) -> AnyDeed:
    deed: AnyDeed = msgspec.convert({**proposal.arguments, "deed": proposal.deed}, AnyDeed)
    return deed


def scope_of(proposal: Proposal) -> Scope | None:
    return deed_of(proposal).scope


def find_proposal(books: Books, proposal_id: int) -> Proposal:
    return books.find(Proposal, proposal_id)


def confirm(books: Books, proposal_id: int) -> Proposal:
    """Do what was proposed, as this person's act through the program that proposed it.

    Raises:
        NotFound: there is no such proposal.
        WrongState: it was decided before, or it has expired.
        Clash: what it would change was changed since.
        Refusal: it can no longer be done.

    """
    proposal = _open(books, proposal_id)
    through = Books(books.tx, books.account, books.user_id, books.now, proposal.program, books.way)
    record, details = deed_of(proposal).do(through)
    if changed_since := _before(proposal.details).items() - _before(details).items():
        raise Clash(dict(changed_since), {})
    return _decide(books, proposal, "confirmed", {"record_id": record.id, "details": dict(details)})


def refuse(books: Books, proposal_id: int) -> Proposal:
    """Have it never done.

    Raises:
        NotFound: there is no such proposal.
        WrongState: it was decided before, or it has expired.

    """
    return _decide(books, _open(books, proposal_id), "refused", {})


def proposals_seen(scopes: Collection[Scope], *, open_at: dt.datetime | None = None) -> Selection:
    """Those that somebody with these scopes may see, the last first: all, or those that can be decided then."""
    seen = tuple(table for table in TABLES if SCOPES_OF_KINDS.get(table) in (None, *scopes))
    conditions = (Condition("kind", "in", seen), *(() if open_at is None else _open_at(open_at)))
    return Selection(conditions, order=LAST_FIRST)


def _open_at(now: dt.datetime) -> tuple[Condition, ...]:
    return Condition("decision", "null", value=True), Condition("expires_at", "gt", now)


def _open(books: Books, proposal_id: int) -> Proposal:
    proposal = books.find(Proposal, proposal_id)
    if (state := proposal.state(books.now)) != "open":
        raise WrongState("decided", state)
    return proposal


def _before(details: Details) -> dict[str, str]:
    """What attributes held, as it is kept."""
    return {name: msgspec.json.encode(old).decode() for name, (old, _) in details.items()}


def _decide(books: Books, old: Proposal, decision: Decision, more: Mapping[str, Any]) -> Proposal:
    by = {"decision": decision, "decided_by": books.user_id, "decided_at": books.now}
    return books.change(old, changed(old, **by, **more))
