"""The frame of every request at a machine door: one order for all dialects, each of which gives what differs.

Limits and headers come first, then credentials, then the rest of the body and what it says. Then one transaction checks
the credentials again, asks whether the request was answered before, holds the record against the request's condition,
and does the work.
"""

import datetime as dt
import functools
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

import falcon

from faktura.core.people.accounts import Account
from faktura.store.transaction import Transaction
from faktura.store.turns import WouldWait, here
from faktura.wire.arrival import LONG, GoOn, Repeat
from faktura.wire.calls import Call
from faktura.wire.conditional import OK, guarded_records, require_version, spared
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.idempotency import answered_once, fingerprint_of, is_lasting, key_of
from faktura.wire.rate_limit import ACCOUNT, Allowance
from faktura.wire.repeating import holds
from faktura.wire.safety import Headers, headers_of_data
from faktura.wire.service import Service

JSON = "application/json; charset=utf-8"
UNAUTHORIZED = 401


class Door(ABC):
    """Answers the requests of a dialect."""

    call: ClassVar[type[Call]]

    def __init__(self, service: Service, name: str, endpoints: Iterable[Endpoint]) -> None:
        self.service = service
        self.name = name
        self._guarded = guarded_records(endpoints)

    @abstractmethod
    def quota_name(self, request: falcon.Request) -> str:
        """Which of the dialect's rate limits the request counts against."""

    @abstractmethod
    def rate_headers(self, left: Allowance) -> Headers:
        """What every answer says about the limit."""

    @abstractmethod
    def too_many(self, left: Allowance) -> Exception:
        """The refusal of a request above the limit."""

    @abstractmethod
    def refusal(self, error: Exception, call: Any) -> Answer:
        """The answer to whatever was raised."""

    def respond(
        self, endpoint: Endpoint, request: falcon.Request, response: falcon.Response, ids: dict[str, str]
    ) -> None:
        self._respond(self.call(self.service, endpoint, request, ids), response)

    def refuse(self, error: Exception, request: falcon.Request, response: falcon.Response) -> None:
        """Answer what no endpoint takes: counted and admitted like any other request, and then refused."""
        self._respond(self.call(self.service, NOWHERE, request, {}), response, error)

    def _respond(self, call: Call, response: falcon.Response, error: Exception | None = None) -> None:
        call.left = left = self._count(call)
        try:
            if left is not None and not left.allowed:
                raise self.too_many(left)  # noqa: TRY301 (answered like everything that is raised)
            answer = spared(self._answer(call, error), call.request)
        except Exception as raised:  # noqa: BLE001 (whatever is raised has an answer)
            answer = self.refusal(raised, call)
        if call.arrival is None:
            call.keep(answer.status)
        if answer.status == UNAUTHORIZED:
            self.service.refusals.count(call.request.remote_addr, self.service.clock.now())
        response.status = answer.status
        headers = headers_of_data(call.request.env) + answer.headers
        response.set_headers(headers if call.left is None else headers + self.rate_headers(call.left))
        if answer.location:
            response.set_header("Location", answer.location)
        if answer.body or answer.content_type is not None:
            response.data = answer.body
            response.content_type = answer.content_type or JSON
            if call.mark is not None and call.arrival is not None and answer.status == OK:
                call.arrival.repeat = self._repeat(call, answer, headers)

    def _count(self, call: Call) -> Allowance | None:
        """What is left to the address; a request that waited and runs again was counted before."""
        arrival, request = call.arrival, call.request
        if arrival is not None and arrival.seen is not None:
            counted: Allowance = arrival.seen
            return counted
        left = self._take(self.quota_name(request), request.remote_addr, self.service.clock.now())
        if arrival is not None:
            arrival.seen = left
        return left

    def _enter(self, call: Call, tx: Transaction) -> None:
        """Open the books, and count the request against the quota of their account, once however often it runs."""
        if call.turn is not None and call.writes and here.must_not_wait:
            # With the writer, who looked a moment ago: nobody else has written since.
            call.books.tx = call.office.tx = tx
            return
        call.enter(tx)
        if here.must_not_wait and not call.writes and call.turn is not None:
            call.mark = self.service.database.state(call.turn)
        if call.turn is None or call.counted:
            return
        call.counted = True
        if call.arrival is not None:
            call.arrival.counted = True
        left = self._take_account(call.account, call.office.now)
        if left is not None and not left.allowed:
            call.left = left
            raise self.too_many(left)

    def _take_account(self, account: Account, now: dt.datetime) -> Allowance | None:
        quota = self.service.modes.rate_limits.get(ACCOUNT, {}).get("all")
        if quota is None:
            return None
        return self.service.rate_limit.take(ACCOUNT, str(account.id), account.requests_per_minute or quota, now)

    def _take(self, kind: str, address: str, now: dt.datetime) -> Allowance | None:
        """Count a request; None where there is no limit."""
        quota = self.service.modes.rate_limits.get(self.name, {}).get(kind)
        return None if quota is None else self.service.rate_limit.take(f"{self.name} {kind}", address, quota, now)

    def _repeat(self, call: Call, answer: Answer, headers: Headers) -> Repeat:
        """The answer to the same request as long as it holds, counted each time against both quotas."""
        length = ("Content-Length", str(len(answer.body)))
        fixed = (*headers, ("Content-Type", answer.content_type or JSON), length)
        kind, address, account = self.quota_name(call.request), call.request.remote_addr, call.account
        clock, still, note = self.service.clock, holds(call), call.noted()

        def count() -> Headers | None:
            now = clock.now()
            if not still(now):
                return None
            left = self._take(kind, address, now)
            if left is not None and not left.allowed:
                return None
            of_account = self._take_account(account, now)
            if of_account is not None and not of_account.allowed:
                if left is not None:
                    self.service.rate_limit.give_back(f"{self.name} {kind}", address, left.quota, now)
                return None
            note(now)
            return () if left is None else self.rate_headers(left)

        return Repeat(answer.status, fixed, answer.body, count)

    def _answer(self, call: Call, error: Exception | None) -> Answer:
        arrival = call.arrival
        if arrival is not None and arrival.resume is not None:
            resumed: Answer = arrival.resume()
            return resumed.finished(arrival)
        if here.must_not_wait and call.writes and call.endpoint.public:
            raise WouldWait  # passwords and secrets are checked, which takes its time
        call.admit()
        if error is not None:
            raise error
        body = self._body_of(call)
        if len(body) <= LONG:
            return self._answer_to(call, body)
        if here.must_not_wait:
            raise WouldWait
        with self.service.long_work:
            return self._answer_to(call, body)

    def _body_of(self, call: Call) -> bytes:
        """Who calls is known before the rest of the body is waited for, and before a writer's turn is."""
        brings_body = call.brings_body
        if (brings_body or call.writes) and not call.endpoint.public:
            self.service.database.read(functools.partial(self._enter, call))
        return call.whole_body() if brings_body else b""

    def _answer_to(self, call: Call, body: bytes) -> Answer:
        """A long document is read and shown outside the transaction, for others write meanwhile.

        A short one inside it: to hand it from thread to thread costs more than to show it.
        """
        is_long = len(body) > LONG
        call.read(body)
        if is_long and call.writes and call.endpoint.takes is not None:
            call.endpoint.takes.read_ahead(call.attributes_sent())
        if call.writes and (key := key_of(call.endpoint, call.request)) is not None:
            return self._answer_once(call, key)

        def work(tx: Transaction) -> Answer:
            self._enter(call, tx)
            answer = self._served(call)
            return answer if is_long else answer.shown()

        database = self.service.database
        answer = database.write(work, call.turn) if call.writes else database.read(work)
        if call.writes and answer.finish is not None and here.must_not_wait:
            raise GoOn(lambda: answer)
        return answer.finished(call.arrival)

    def _answer_once(self, call: Call, key: str) -> Answer:
        """The first answer that was given under the key; a refusal by the endpoint is one as well.

        It undid what was begun, so that it is kept in a transaction of its own. Until then the key is held.
        """
        database, fingerprint = self.service.database, fingerprint_of(call.request, *call.carried())

        def work(tx: Transaction) -> Answer:
            call.began = False
            self._enter(call, tx)
            return answered_once(call.books, key, fingerprint, lambda: self._served(call).finished())

        def keep(tx: Transaction) -> Answer:
            self._enter(call, tx)
            return answered_once(call.books, key, fingerprint, lambda: refusal)

        with self.service.running.hold((call.secret, key)):
            try:
                return database.write(work, call.turn)
            except Exception as error:
                if not call.began:
                    raise
                refusal = self.refusal(error, call)
                return database.write(keep, call.turn) if is_lasting(refusal) else refusal

    def _served(self, call: Call) -> Answer:
        """What the endpoint answers, where the record is still as the request has it."""
        guarded = self._guarded.get(call.endpoint.path) if call.writes and call.endpoint.writes else None
        if guarded is not None and (condition := call.request.get_header("If-Match")) is not None:
            require_version(condition, call.version_of(*guarded))
        call.began = True
        answer: Answer = call.endpoint.serve(call)
        return answer


def _nothing(_call: Call) -> Answer:
    raise NotImplementedError


NOWHERE = Endpoint(method="GET", path="", serve=_nothing, about="What no endpoint takes", public=True)
