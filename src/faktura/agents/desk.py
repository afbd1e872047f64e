"""Where an agent works: one account's books in the hands of one of its members."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

import msgspec

from faktura.agents.reading import READINGS, Reading, Sight
from faktura.agents.spelling import Said, changes, proposal, told
from faktura.agents.spelling import page as page_of
from faktura.agents.writing import WRITINGS, Writing
from faktura.core.accounts.missing import Incomplete
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import (
    Blocked,
    Clash,
    Invalid,
    LimitReached,
    NotAllowed,
    NotFound,
    Refusal,
    WrongState,
)
from faktura.core.people.accounts import Account
from faktura.core.people.roles import Deed, require
from faktura.core.people.users import Seat, User, members_of, seat_in
from faktura.core.proposals.deeds import AnyDeed
from faktura.core.proposals.verbs import Outcome, Tried, propose, try_deed
from faktura.outputs.refusals import sentence
from faktura.store.database import Database
from faktura.store.transaction import Transaction

T = TypeVar("T")

PROGRAM = "faktura mcp"
"""What the history says to have acted."""

TOOLS: Mapping[str, Reading | Writing] = {tool.name: tool for tool in (*READINGS, *WRITINGS)}


class Refused(Exception):  # noqa: N818 (says what happened to a call)
    """A call that was not done; the text says why, and what to do."""


class Toolbox(Protocol):
    """Tools, by whatever way they are reached."""

    def tools(self) -> list[Said]:
        """Name, description and JSON schema of each, and whether it writes."""

    def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """What a tool answers, ready for JSON.

        Raises:
            Refused: it was not done.

        """


class Desk:
    """Tools over a database; in a sandbox what they write is done `at_once`, by the first owner where nobody is named.

    Pages begin with `site`.
    """

    def __init__(
        self, database: Database, clock: Clock, slug: str, email: str | None, site: str, *, at_once: bool = False
    ) -> None:
        self._database = database
        self._clock = clock
        self._slug = slug
        self._email = email
        self._site = site
        self._at_once = at_once

    def tools(self) -> list[Said]:
        return [described(tool, at_once=self._at_once) for tool in TOOLS.values()]

    def call(self, name: str, arguments: Mapping[str, Any]) -> Any:
        tool = TOOLS.get(name)
        if tool is None:
            message = f"There is no tool {name}; there are {', '.join(TOOLS)}."
            raise Refused(message)
        try:
            asked = msgspec.json.decode(msgspec.json.encode(arguments), type=tool.takes)
            answer = self._ask(tool, asked) if isinstance(tool, Reading) else self._write(tool, asked)
        except msgspec.ValidationError as error:
            raise Refused(f"The arguments of {name} do not fit: {error}.") from None
        except Refusal as refusal:
            raise Refused(refused(refusal)) from None
        return msgspec.to_builtins(answer)

    def seat(self) -> Seat:
        """The member who acts.

        Raises:
            NotFound: there is no such account, or the person is no member of it.

        """
        return self._database.read(lambda tx: self._seat(tx)[1])

    def _ask(self, tool: Reading, asked: msgspec.Struct) -> Any:
        return self._database.read(lambda tx: tool.ask(self._sight(tx, tool), asked))

    def _write(self, tool: Writing, asked: msgspec.Struct) -> Said:
        deed = self._database.read(lambda tx: tool.deed(self._sight(tx, tool), asked))
        if self._at_once:
            return self._done(self._in_turn(tool, lambda books: Outcome(*deed.do(books))))
        outcome = self._tried(tool, deed)
        kept, now = self._in_turn(tool, lambda books: (propose(books, deed, outcome), books.now))
        waits = "Nothing is written yet: a person confirms it at confirm_at, or with `faktura proposal confirm`."
        return proposal(kept, self._site, self._slug, now) | {"note": waits}

    def _tried(self, tool: Writing, deed: AnyDeed) -> Outcome:
        try:
            self._in_turn(tool, lambda books: try_deed(books, deed))
        except Tried as tried:
            return tried.outcome

    def _done(self, outcome: Outcome) -> Said:
        record, table = outcome.record, outcome.record.table_name
        page = page_of(self._site, self._slug, table, record.id)
        return told({"done": changes(outcome.details), "kind": table, "id": record.id, "page": page})

    def _in_turn(self, tool: Writing, work: Callable[[Books], T]) -> T:
        account_id = self.seat().account.id
        return self._database.write(lambda tx: work(self._sight(tx, tool).books), account_id)

    def _sight(self, tx: Transaction, tool: Reading | Writing) -> Sight:
        user, (account, membership) = self._seat(tx)
        if account.blocked:
            raise Blocked(account.unpaid_invoices)
        deed: Deed = "write" if isinstance(tool, Writing) else "read"
        require(membership, deed)
        require(membership, deed, tool.scope)
        return Sight(Books(tx, account, user.id, self._clock.now(), PROGRAM), membership, self._site)

    def _seat(self, tx: Transaction) -> tuple[User, Seat]:
        office = Office(tx, self._clock.now())
        if self._email is not None:
            user = office.find(User, email=self._email.lower())
            return user, seat_in(office, user, self._slug)
        account = office.find(Account, slug=self._slug)
        members = members_of(Books(tx, account, None, office.now), 100, 0)
        owner = next((one for one in members if one.membership.permission == "owner"), None)
        if owner is None:
            raise NotFound(User.table_name)
        return owner.user, Seat(account, owner.membership)


def described(tool: Reading | Writing, *, at_once: bool) -> Said:
    writes = isinstance(tool, Writing)
    staged = " This only proposes it: nothing is written before a person confirms." if writes and not at_once else ""
    return {"name": tool.name, "says": tool.says + staged, "takes": schema_of(tool.takes), "writes": writes}


def schema_of(takes: type[msgspec.Struct]) -> Said:
    """The JSON schema of what a tool takes; the mark by which deeds are told apart is no argument."""
    whole: Said
    (whole,), parts = msgspec.json.schema_components([takes], ref_template="#/$defs/{name}")
    whole = parts.pop(takes.__name__, whole)
    tag = takes.__struct_config__.tag_field
    whole["properties"] = {name: of for name, of in whole.get("properties", {}).items() if name != tag}
    whole["required"] = [name for name in whole.get("required", ()) if name != tag]
    return whole | ({"$defs": parts} if parts else {})


def refused(refusal: Refusal) -> str:
    """Why, in words, and what to do."""
    if isinstance(refusal, Invalid):
        found = refusal.problems.items()
        return "\n".join(f"{name}: {sentence(one)}" for name, problems in found for one in problems)
    said = str(refusal).replace("_", " ")
    return next((words.format(said) for kind, words in _REFUSED if isinstance(refusal, kind)), f"Refused: {said}.")


_REFUSED: tuple[tuple[type[Refusal], str], ...] = (
    (NotFound, "There is no such record among the {} of this account. List them to see the ids that there are."),
    (NotAllowed, "The person for whom you act may not do that: {} is closed to them. Ask an owner of the account."),
    (Incomplete, "The firm has to say more of itself first, in its settings: {}."),
    (Blocked, "The account is blocked over its unpaid invoices; a person has to see to that."),
    (LimitReached, "There are as many {} as there may be. Have a person decide about what waits, or remove some."),
    (Clash, "Somebody changed the same meanwhile. Read it again."),
    (WrongState, "This cannot be done as things are: {}. Read the record again."),
)
