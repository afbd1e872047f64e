"""One request on its way through a machine door: what it brings, whose it is, and whose books it opens."""

import datetime as dt
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

import falcon

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.errors import Blocked
from faktura.core.people.accounts import Account
from faktura.core.people.credentials import Credential
from faktura.store.records import Tenant
from faktura.store.transaction import Transaction
from faktura.wire.arrival import FIRST_BYTES, KEY, Arrival
from faktura.wire.bodies import carries_body, read_body, read_small_body
from faktura.wire.conditional import OK
from faktura.wire.endpoints import Endpoint
from faktura.wire.rate_limit import Allowance
from faktura.wire.request_log import LONGEST_PATH, Asked
from faktura.wire.requests import read_id
from faktura.wire.service import Service


class Caller(Protocol):
    """Who has come, through what program, and into which account."""

    @property
    def user_id(self) -> int: ...
    @property
    def account_id(self) -> int: ...
    @property
    def account_version(self) -> int: ...
    @property
    def program(self) -> str: ...
    @property
    def credential(self) -> Credential: ...


C = TypeVar("C", bound=Caller)


class Call(ABC):
    """One request on its way through an endpoint: what it asks, and by whose right.

    `secret` is what it proves that with. `writes` says whether it may write; `began` whether its endpoint was reached.
    """

    account: Account
    books: Books
    office: Office
    turn: int | None = None
    """The account that is written in, once one is entered."""
    expires_at: dt.datetime | None = None
    """When the credentials end, where they do."""
    caller: Caller | None = None
    """Who has come into an account, once they are known."""
    mark: object | None = None
    """What the account's next commit changes, where an answer that asks the database nothing may be kept."""
    visits_as: Hashable = None
    generation = 0
    """By what the caller was looked up, and before which change of what opens doors."""

    def __init__(self, service: Service, endpoint: Endpoint, request: falcon.Request, ids: dict[str, str]) -> None:
        self.service = service
        self.endpoint = endpoint
        self.request = request
        self.ids = ids
        self.arrival: Arrival | None = request.env.get(KEY)
        self.secret = ""
        self.marks = endpoint.marks and not service.modes.read_only
        self.writes = endpoint.writes or self.marks
        self.began = False
        self.left: Allowance | None = None
        self.counted = self.arrival is not None and self.arrival.counted
        self._small_body: bytes | None = None

    @abstractmethod
    def admit(self) -> None:
        """Refuse what address and headers give reason to, and find the secret; nothing of it is checked yet."""

    @abstractmethod
    def identify(self) -> Caller | None:
        """Whom the secret belongs to, asked of `office`; None is a person whose request names no account.

        It raises the dialect's refusal where it belongs to nobody.
        """

    @abstractmethod
    def check_rights(self, caller: Any) -> None:
        """Raise the dialect's refusal where the caller may not use the endpoint."""

    @abstractmethod
    def read(self, body: bytes) -> None:
        """Take in what the body says, which may be empty."""

    def attributes_sent(self) -> dict[str, Any]:
        """Where in the body the attributes of the resource stand that the endpoint takes."""
        return {}

    @abstractmethod
    def carried(self) -> tuple[Any, ...]:
        """What of query and body makes this request another than one with the same method and path."""

    @property
    def brings_body(self) -> bool:
        """Whether there is a body that counts."""
        return carries_body(self.request)

    @property
    def id(self) -> int:
        """The record that the path names.

        Raises:
            NotFound: what stands there cannot be an id.

        """
        return read_id(self.ids["id"])

    def version_of(self, cls: type[Tenant], named: str) -> int:
        """The present version of the record that this part of the path names.

        Raises:
            NotFound: there is none in this account.

        """
        return self.books.version(cls, read_id(self.ids[named]))

    def enter(self, tx: Transaction) -> None:
        """Check the credentials in this transaction, and open the books of their account."""
        self.office = Office(tx, self.service.clock.now(), "api")
        if self.endpoint.public:
            return
        caller = self.identify()
        if caller is None:
            return
        self.caller = caller
        if self.arrival is not None:
            self.arrival.answered = self.keep
        account = self.service.account(self.office, caller.account_id, caller.account_version)
        if account.blocked:
            raise Blocked(account.unpaid_invoices)
        self.check_rights(caller)
        self.account = account
        self.turn = account.id
        self.books = Books(tx, account, caller.user_id, self.office.now, caller.program, self.office.way)

    def keep(self, status: int) -> None:
        """Have the account's owners see that this was asked, and how it was answered."""
        if self.caller is not None:
            spent = 0.0 if self.arrival is None else (time.monotonic() - self.arrival.began) * 1000
            asked = self.asked(self.caller, status)
            self.service.requests.add(self.caller.account_id, self.office.now, spent, asked)
            self.service.calls.add(self.caller.account_id)

    def noted(self) -> Callable[[dt.datetime], None]:
        """Have the owners see that the same was asked once more, and answered from what is kept."""
        assert self.caller is not None  # noqa: S101 (an answer is kept for whoever came into an account)
        account_id, asked = self.caller.account_id, self.asked(self.caller, OK)
        requests, calls = self.service.requests, self.service.calls

        def note(now: dt.datetime) -> None:
            requests.add(account_id, now, 0.0, asked)
            calls.add(account_id)

        return note

    def asked(self, caller: Caller, status: int) -> Asked:
        request = self.request
        return Asked(request.method, request.root_path, request.path[:LONGEST_PATH], status, caller.program)

    def known(self, key: Hashable, find: Callable[[], C | None]) -> C | None:
        """Who came a moment ago with the same, or whom `find` finds now."""
        service = self.service
        self.visits_as, self.generation = key, service.database.generation
        recalled: C | None = service.visitors.recall(service.database, key)
        if recalled is not None:
            return recalled
        found: C | None = service.visitors.look_up(service.database, key, find)
        if found is not None:
            service.uses.see(key, found, self.request.remote_addr, self.office.now.date())
            service.last_uses.see(found.credential, self.office.now)
        return found

    def small_body(self) -> bytes | None:
        """The body, where all of it may be read before the credentials are checked."""
        if self._small_body is None:
            self._small_body = read_small_body(self.request)
        return self._small_body

    def whole_body(self) -> bytes:
        """The body; who needs no credentials may send only what is read before they are checked."""
        if self._small_body is not None:
            return self._small_body
        most_bytes = self.endpoint.most_bytes
        return read_body(self.request, min(most_bytes, FIRST_BYTES) if self.endpoint.public else most_bytes)
