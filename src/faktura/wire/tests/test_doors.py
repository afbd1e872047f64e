"""The frame itself, with a dialect of two words: its order, what waits, and what is kept of it."""

import io
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple

import falcon
import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given, Invalid, Problem
from faktura.core.invoices import record  # noqa: F401 (declares the tables that contacts ask)
from faktura.core.people.tokens import Visitor, visitor_with_token
from faktura.store.database import Database, SqliteDatabase
from faktura.store.turns import WouldWait
from faktura.wire import calls, doors
from faktura.wire.arrival import FIRST_BYTES, KEY, LONG, Arrival, GoOn, ReadOn, WaitFor
from faktura.wire.bodies import TooLarge
from faktura.wire.endpoints import Answer, Endpoint, mount
from faktura.wire.rate_limit import Allowance
from faktura.wire.requests import Unintelligible
from faktura.wire.safety import Headers
from faktura.wire.service import Modes, Service
from tests import needs
from tests.firm import Firm, open_firm

MOST_BYTES = 100_000
SLUG = "applecorp"
PATIENCE = 4.0

STATUSES: dict[type[Exception], int] = {Invalid: 422, TooLarge: 413, Unintelligible: 400}


class Refused(Exception):  # noqa: N818 (an answer)
    """A status."""


class Call(calls.Call):
    """Its secret is a token in a header of its own, its body is the name of a contact."""

    body = b""

    def admit(self) -> None:
        self.secret = self.request.get_header("X-Token") or ""

    def identify(self) -> Visitor:
        found = visitor_with_token(self.office, self.secret, SLUG)
        if found is None:
            raise Refused(401)
        return found

    def check_rights(self, caller: Visitor) -> None:
        """Everybody may do everything."""

    def read(self, body: bytes) -> None:
        if b"\0" in body:
            raise Unintelligible("no name")
        self.body = body

    def carried(self) -> tuple[Any, ...]:
        return (self.body.decode(),)


class Door(doors.Door):
    """Answers with a status and the name of what was raised."""

    call = Call

    def quota_name(self, request: falcon.Request) -> str:
        return request.method

    def rate_headers(self, left: Allowance) -> Headers:
        return (("X-Left", str(left.remaining)),)

    def too_many(self, left: Allowance) -> Exception:  # noqa: ARG002 (the frame's signature)
        return Refused(429)

    def refusal(self, error: Exception, call: Call) -> Answer:  # noqa: ARG002 (the frame's signature)
        status = error.args[0] if isinstance(error, Refused) else STATUSES.get(type(error), 500)
        return Answer(status, type(error).__name__.encode())


class Answered(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class House:
    """The dialect before an empty account. A request is a WSGI environment, which may be run again."""

    def __init__(self, service: Service, firm: Firm) -> None:
        self.service = service
        self.firm = firm
        self.prints: list[Future[bytes]] = []
        self.seen_by_prints: list[list[str]] = []
        self.printed = b""
        endpoints = (
            Endpoint(method="POST", path="/names", serve=self._add, about="", most_bytes=MOST_BYTES),
            Endpoint(method="GET", path="/print", serve=self._print, about=""),
            Endpoint(method="GET", path="/print/marked", serve=self._print, about="", marks=True),
            Endpoint(method="POST", path="/open", serve=lambda call: Answer(200, call.body), about="", public=True),
        )
        self._app: falcon.App[Any, Any] = falcon.App()
        mount(self._app, Door(service, "two words", endpoints), endpoints, {})

    def ask(self, method: str, path: str, arrival: Any = None, **environ: Any) -> Answered:
        began: list[Any] = []

        def start(*told: Any) -> Any:
            began.extend(told)

        known = {
            "HTTP_X_TOKEN": self.firm.token,
            "wsgi.input": io.BytesIO(),
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
        }
        request = {"REQUEST_METHOD": method, "PATH_INFO": path, "REMOTE_ADDR": "192.0.2.1", **known, **environ}
        if arrival is not None:
            request[KEY] = arrival
        body = b"".join(self._app(request, start))
        return Answered(int(began[0][:3]), {name.lower(): value for name, value in began[1]}, body)

    def names(self) -> list[str]:
        firm, now = self.firm, self.service.clock.now()
        found = self.service.database.read(lambda tx: Books(tx, firm.account, firm.user.id, now).all(Contact))
        return [contact.name for contact in found]

    def _add(self, call: Call) -> Answer:
        name = call.body.decode()
        if name == "failing":
            raise ZeroDivisionError
        add_contact(call.books, Given({"name": name}))
        if name == "refused":
            raise Invalid({"name": [Problem("taken")]})
        return Answer(201, call.body)

    def _print(self, call: Call) -> Answer:
        """As the doors print: it begins when the transaction is over."""
        if call.marks:
            add_contact(call.books, Given({"name": "printed"}))

        def begin() -> Answer:
            self.seen_by_prints.append(self.names())
            future: Future[bytes] = Future()
            self.prints.append(future)
            if self.printed:
                threading.Timer(0.05, future.set_result, (self.printed,)).start()
            return Answer(200, waits_for=future, patience=PATIENCE, finish=lambda: Answer(200, future.result(0)))

        return Answer(200, finish=begin)


@pytest.fixture
def house(database: Database) -> House:
    clock = Clock()
    modes = Modes(rate_limits={"two words": {"POST": 100, "GET": 100}})
    return House(Service(database, clock, "http://faktura.example", modes=modes), open_firm(database, clock, SLUG))


def test_bad_credentials_are_refused_before_the_rest_of_the_body_is_wanted(house: House) -> None:
    begun = Arrival(b"x" * FIRST_BYTES, whole=False)
    assert house.ask("POST", "/names", begun, HTTP_X_TOKEN="nonsense").status == 401


def test_good_credentials_have_the_rest_of_the_body_read(house: House) -> None:
    with pytest.raises(ReadOn) as waiting:
        house.ask("POST", "/names", Arrival(b"x" * FIRST_BYTES, whole=False))
    assert waiting.value.most_bytes == MOST_BYTES
    assert house.ask("POST", "/names", Arrival(b"Karel")).status == 201
    assert house.names() == ["Karel"]


def test_a_request_that_waited_is_counted_once_and_says_the_same(house: House) -> None:
    arrival = Arrival(b"x" * FIRST_BYTES, whole=False)
    with pytest.raises(ReadOn):
        house.ask("POST", "/names", arrival)
    again = house.ask("POST", "/names", Arrival(b"Karel", seen=arrival.seen))
    assert again.headers["x-left"] == "99"
    assert house.ask("POST", "/names", Arrival(b"Pavel")).headers["x-left"] == "98"


@pytest.mark.parametrize("secret", ["good", "bad"])
def test_a_body_that_was_cut_is_refused_after_its_credentials_and_writes_nothing(house: House, secret: str) -> None:
    token = house.firm.token if secret == "good" else "nonsense"
    answer = house.ask("POST", "/names", Arrival(b"Kar", whole=False, cut=True), HTTP_X_TOKEN=token)
    assert answer.status == (400 if secret == "good" else 401)
    assert house.names() == []


def test_a_body_that_broke_before_its_first_byte_is_not_an_empty_one(house: House) -> None:
    assert house.ask("POST", "/names", Arrival(b"", whole=False, cut=True)).status == 400


@pytest.mark.parametrize(
    "asked",
    [
        {"CONTENT_LENGTH": str(MOST_BYTES + 1), "arrival": Arrival(b"x", whole=False)},
        {"arrival": Arrival(b"x" * (MOST_BYTES + 1), whole=False)},
        {"arrival": Arrival(b"x" * (MOST_BYTES + 1))},
        {"CONTENT_LENGTH": str(MOST_BYTES + 1)},
        {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True},
    ],
)
def test_a_body_above_the_limit_of_its_route_is_refused(house: House, asked: dict[str, Any]) -> None:
    sent = io.BytesIO(b"x" * (MOST_BYTES + 1))
    assert house.ask("POST", "/names", **{"wsgi.input": sent, **asked}).status == 413
    assert sent.tell() <= MOST_BYTES + 1


def test_who_needs_no_credentials_may_send_what_is_read_without_them(house: House) -> None:
    assert house.ask("POST", "/open", Arrival(b"x" * FIRST_BYTES)).status == 200
    for begun in (Arrival(b"x" * (FIRST_BYTES + 1), whole=False), Arrival(b"x" * (FIRST_BYTES + 1))):
        assert house.ask("POST", "/open", begun).status == 413


@pytest.mark.parametrize(
    "asked",
    [
        {"CONTENT_LENGTH": "6", "wsgi.input": io.BytesIO(b"Karel")},
        {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": io.BytesIO(b"Karel")},
    ],
)
def test_in_plain_wsgi_too_a_body_whose_end_is_missing_is_refused(house: House, asked: dict[str, Any]) -> None:
    assert house.ask("POST", "/names", **asked).status == 400
    assert house.names() == []


def test_in_plain_wsgi_a_body_is_read_where_it_stands(house: House) -> None:
    assert house.ask("POST", "/names", CONTENT_LENGTH="5", **{"wsgi.input": io.BytesIO(b"Karel")}).body == b"Karel"


def test_no_thread_waits_for_a_print_where_the_server_can(house: House) -> None:
    arrival = Arrival()
    with pytest.raises(WaitFor) as waiting:
        house.ask("GET", "/print", arrival)
    assert (waiting.value.future, waiting.value.seconds) == (house.prints[0], PATIENCE)

    house.prints[0].set_result(b"printed")
    answer = house.ask("GET", "/print", Arrival(seen=arrival.seen, resume=waiting.value.resume))
    assert (answer.status, answer.body, answer.headers["x-left"]) == (200, b"printed", "99")
    assert len(house.prints) == 1


def test_what_becomes_of_a_print_that_never_ends_is_an_answer_too(house: House) -> None:
    with pytest.raises(WaitFor) as waiting:
        house.ask("GET", "/print", Arrival())
    assert house.ask("GET", "/print", Arrival(resume=waiting.value.resume)).status == 500


def test_a_print_of_what_is_written_begins_after_the_commit(house: House) -> None:
    with pytest.raises(WaitFor):
        house.ask("GET", "/print/marked", Arrival())
    assert house.seen_by_prints == [["printed"]]


def with_the_writer(house: House, *asked: Any, **environ: Any) -> Any:
    """What a request gives or raises that SQLite's writer runs itself."""
    assert isinstance(house.service.database, SqliteDatabase)
    done = threading.Event()
    writer = house.service.database.writer
    visit = writer.submit(lambda _: house.ask(*asked, **environ), None, lambda _: done.set())
    assert done.wait(10)
    return visit.error or visit.result


@needs.ONE_ENGINE
@pytest.mark.parametrize("key", [{}, {"HTTP_IDEMPOTENCY_KEY": "order-17"}])
def test_the_writer_looks_at_the_credentials_once_and_counts_once(house: House, key: dict[str, str]) -> None:
    answer = with_the_writer(house, "POST", "/names", Arrival(b"Karel"), **key)
    assert (answer.status, answer.headers["x-left"]) == (201, "99")
    assert house.names() == ["Karel"]
    refused = with_the_writer(house, "POST", "/names", Arrival(b"a\0b"), HTTP_X_TOKEN="nonsense", **key)
    assert refused.status == 401


@needs.ONE_ENGINE
def test_the_writer_waits_for_no_secret_no_long_body_and_no_print(house: House) -> None:
    for path, body in (("/open", b"x"), ("/names", b"x" * (LONG + 1))):
        assert isinstance(with_the_writer(house, "POST", path, Arrival(body)), WouldWait)
    going_on = with_the_writer(house, "GET", "/print/marked", Arrival())
    assert isinstance(going_on, GoOn)
    assert house.seen_by_prints == []
    with pytest.raises(WaitFor):
        house.ask("GET", "/print/marked", Arrival(resume=going_on.resume))
    assert house.seen_by_prints == [["printed"]]


def test_in_plain_wsgi_the_thread_waits_for_a_print(house: House) -> None:
    house.printed = b"printed"
    assert house.ask("GET", "/print").body == b"printed"


KEYED = {"HTTP_IDEMPOTENCY_KEY": "order-17"}


@pytest.mark.parametrize("name", [b"Karel", b"refused"])
def test_the_first_answer_under_a_key_is_the_answer_to_all_also_where_it_refuses(house: House, name: bytes) -> None:
    first, second = (house.ask("POST", "/names", Arrival(name), **KEYED) for _ in range(2))
    assert first.status == second.status == (201 if name == b"Karel" else 422)
    assert first.body == second.body
    assert second.headers["idempotent-replayed"] == "true"
    assert house.names() == (["Karel"] if name == b"Karel" else [])


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"arrival": Arrival(b"failing")}, 500),
        ({"arrival": Arrival(b"a\0b")}, 400),
        ({"arrival": Arrival(b"Karel"), "HTTP_X_TOKEN": "nonsense"}, 401),
    ],
)
def test_of_a_fault_and_of_what_never_reached_its_endpoint_nothing_is_kept(
    house: House, asked: dict[str, Any], status: int
) -> None:
    assert house.ask("POST", "/names", **asked, **KEYED).status == status
    served = house.ask("POST", "/names", Arrival(b"Karel"), **KEYED)
    assert (served.status, "idempotent-replayed" in served.headers) == (201, False)


def test_a_refusal_is_kept_before_its_key_is_given_back(house: House) -> None:
    held: list[bool] = []
    write = house.service.database.write

    def watched(work: Callable[[Any], Any], turn: int | None = None) -> Any:
        held.append((house.firm.token, "order-17") in house.service.running._keys)  # noqa: SLF001 (nobody else says)
        return write(work, turn)

    house.service.database.write = watched  # type: ignore[method-assign] # it only looks on
    house.ask("POST", "/names", Arrival(b"refused"), **KEYED)
    assert held == [True, True]


@pytest.mark.parametrize("path", ["/names", "/print", "/open"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_every_answer_says_how_it_may_be_handled(house: House, path: str, scheme: str) -> None:
    method = "POST" if path != "/print" else "GET"
    for host in ("faktura.example", "localhost:8000"):
        headers = house.ask(
            method, path, HTTP_X_TOKEN="nonsense", HTTP_HOST=host, **{"wsgi.url_scheme": scheme}
        ).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert ("strict-transport-security" in headers) == (scheme == "https" and host == "faktura.example")
