"""What the frame promises beyond the contracts, at every dialect's door: once means once, and nobody undoes another."""

import importlib
import re
import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from falcon import testing

from faktura.core.books.books import Books
from faktura.core.books.kept_answers import KeptAnswer
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.core.people.api_keys import add_api_key
from faktura.dialects import installed
from faktura.store.database import Database
from faktura.store.records import Tenant
from faktura.wire.conditional import guarded_records
from faktura.wire.endpoints import Endpoint
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

DIALECTS = [pytest.param("fakturoid", marks=needs.FAKTUROID), pytest.param("infakt", marks=needs.INFAKT)]

KEYED = {"Idempotency-Key": "order-17"}
OTHER_KEY = {"Idempotency-Key": "order-18"}
UNFIT = ["", "a b", "\xe9", "\x7f", "x" * 256]

Values = dict[str, Any]
Headers = Mapping[str, str]

NONE: Headers = {}


class Words(NamedTuple):
    """A contact in the words of a dialect: where they are, what makes and changes one, what is refused."""

    path: str
    new: Values
    another: Values
    change: Values
    refused: Values


WORDS: Mapping[str, Words] = {
    "fakturoid": Words(
        "/accounts/{slug}/subjects",
        {"name": "Karel", "city": "Praha"},
        {"name": "Pavel"},
        {"city": "Brno"},
        {"name": "", "city": "Praha"},
    ),
    "infakt": Words(
        "/clients",
        {"client": {"company_name": "Karel", "city": "Praha"}},
        {"client": {"company_name": "Pavel"}},
        {"client": {"city": "Brno"}},
        {"client": {"company_name": "", "city": "Praha"}},
    ),
}


class Door:
    """A dialect's door with a firm before it."""

    def __init__(self, name: str, service: Service, firm: Firm) -> None:
        self.name = name
        self.service = service
        self.firm = firm
        application = importlib.import_module(f"faktura.dialects.{name}.door.application")
        self.endpoints: tuple[Endpoint, ...] = application.ENDPOINTS
        self.words = WORDS[name]._replace(path=WORDS[name].path.format(slug=firm.account.slug))
        self.secret, headers = credentials_of(name, service, firm)
        self._client = testing.TestClient(application.application(service), headers=headers)

    def call(self, method: str, path: str, body: Values | None = None, headers: Headers = NONE) -> testing.Result:
        return self._client.simulate_request(method, path, json=body, headers=dict(headers))

    def add(self, body: Values | None = None, headers: Headers = NONE) -> testing.Result:
        return self.call("POST", f"{self.words.path}.json", body or self.words.new, headers)

    def record(self) -> tuple[str, str]:
        """The address and the tag of a new contact."""
        added = self.add()
        assert added.status_code == 201, added.text
        return f"{self.words.path}/{added.json['id']}.json", added.headers["ETag"]

    def count(self, cls: type[Tenant]) -> int:
        firm, now = self.firm, self.service.clock.now()
        return self.service.database.read(lambda tx: Books(tx, firm.account, firm.user.id, now).count(cls))


def credentials_of(name: str, service: Service, firm: Firm) -> tuple[str, dict[str, str]]:
    if name == "fakturoid":
        agent = {"User-Agent": "Tests (tests@faktura.example)"}
        return firm.token, agent | {"Authorization": f"Bearer {firm.token}"}
    scopes = next(dialect.key_scopes for dialect in installed() if dialect.name == name)
    key = service.database.write(
        lambda tx: add_api_key(Office(tx, service.clock.now()), firm.account, firm.user, "tests", scopes)
    )
    return key, {"X-inFakt-ApiKey": key}


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(database: Database, clock: Clock) -> Service:
    return Service(database, clock, "http://faktura.example")


@pytest.fixture(params=DIALECTS)
def door(request: pytest.FixtureRequest, service: Service, database: Database, clock: Clock) -> Door:
    return Door(request.param, service, open_firm(database, clock))


# Once only


def test_the_first_answer_is_replayed_and_takes_effect_once(door: Door) -> None:
    first, second = (door.add(headers=KEYED) for _ in range(2))

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers.get("Location") == second.headers.get("Location")
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert door.count(Contact) == 1


def test_a_refusal_is_replayed_as_well(door: Door) -> None:
    first, second = (door.add(door.words.refused, headers=KEYED) for _ in range(2))

    assert first.status_code == second.status_code == 422
    assert first.content == second.content
    assert second.headers["Idempotent-Replayed"] == "true"
    assert door.add(headers=KEYED).status_code == 422
    assert door.add(headers=OTHER_KEY).status_code == 201


def test_without_the_header_nothing_is_kept(door: Door) -> None:
    assert [door.add().status_code, door.add(door.words.refused).status_code] == [201, 422]
    assert door.count(KeptAnswer) == 0


def test_another_body_method_or_address_under_the_key_is_refused(door: Door) -> None:
    record, _ = door.record()
    kept = door.add(headers=KEYED)
    for method, path, body in (
        ("POST", f"{door.words.path}.json", door.words.another),
        ("PATCH", record, door.words.new),
        ("DELETE", record, None),
    ):
        refused = door.call(method, path, body, headers=KEYED)
        assert refused.status_code == 422
        assert "Idempotency-Key" in refused.text
    assert door.add(headers=KEYED).content == kept.content
    assert door.count(Contact) == 2


def test_what_never_reached_its_endpoint_is_looked_at_again(door: Door) -> None:
    record, _ = door.record()
    nonsense = {"Authorization": "Bearer nonsense", "X-inFakt-ApiKey": "nonsense"}
    for stopped, status in ((nonsense, 401), ({"If-Match": '"0-0"'}, 412), ({"Content-Length": "3"}, 400)):
        assert door.call("PATCH", record, door.words.change, headers=KEYED | stopped).status_code == status
    assert door.count(KeptAnswer) == 0
    assert door.call("PATCH", record, door.words.change, headers=KEYED).status_code == 200


def test_while_the_first_runs_the_second_is_told_so(door: Door) -> None:
    with door.service.running.hold((door.secret, KEYED["Idempotency-Key"])):
        assert door.add(headers=KEYED).status_code == 409
    assert door.add(headers=KEYED).status_code == 201


@pytest.mark.parametrize("body", ["new", "refused"])
def test_of_many_together_one_is_the_answer_to_all_in_every_process(door: Door, body: str) -> None:
    service = door.service
    elsewhere = Door(door.name, Service(service.database, service.clock, service.public_url), door.firm)
    answers: list[testing.Result] = []

    def send(to: Door) -> None:
        answers.append(to.add(getattr(door.words, body), headers=KEYED))

    in_threads([lambda: send(door), lambda: send(elsewhere)] * 4)
    served = [answer for answer in answers if answer.status_code != 409]
    assert len({(answer.status_code, answer.content) for answer in served}) == 1
    assert door.count(KeptAnswer) == 1
    assert door.count(Contact) == (1 if body == "new" else 0)


def test_accounts_have_keys_of_their_own(door: Door, database: Database, clock: Clock) -> None:
    stranger = Door(door.name, door.service, open_firm(database, clock, "pearcorp"))

    assert [door.add(headers=KEYED).status_code, stranger.add(stranger.words.another, headers=KEYED).status_code] == [
        201,
        201,
    ]


@pytest.mark.parametrize("key", UNFIT)
def test_no_write_takes_a_key_that_is_none(door: Door, key: str) -> None:
    for endpoint in door.endpoints:
        if endpoint.writes:
            assert not endpoint.sends_file
            path = re.sub(r"\{\w+\}", "1", endpoint.path.replace("{slug}", door.firm.account.slug))
            refused = door.call(endpoint.method, path, {}, {"Idempotency-Key": key})
            assert (refused.status_code, "Idempotency-Key" in refused.text) == (400, True), endpoint


def test_a_key_may_have_255_visible_characters(door: Door) -> None:
    longest = {"Idempotency-Key": "!" + "~" * 254}
    first, second = (door.add(headers=longest) for _ in range(2))
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 201


# Conditions


def test_a_record_carries_a_tag_that_changes_with_it(door: Door) -> None:
    path, tag = door.record()
    assert door.call("GET", path).headers["ETag"] == tag

    changed = door.call("PATCH", path, door.words.change)
    assert changed.headers["ETag"] == door.call("GET", path).headers["ETag"] != tag


def test_who_has_the_record_is_told_so_without_a_body(door: Door) -> None:
    path, tag = door.record()
    for condition in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        spared = door.call("GET", path, headers={"If-None-Match": condition})
        assert (spared.status_code, spared.content, spared.headers["ETag"]) == (304, b"", tag)
    door.call("PATCH", path, door.words.change)
    assert door.call("GET", path, headers={"If-None-Match": tag}).status_code == 200


def test_a_change_is_refused_where_the_record_is_another_by_now(door: Door) -> None:
    path, tag = door.record()
    assert door.call("PATCH", path, door.words.change, headers={"If-Match": tag}).status_code == 200
    now = door.call("GET", path)

    for method, body in (("PATCH", door.words.new), ("PUT", door.words.new), ("DELETE", None)):
        for condition in (tag, f"W/{now.headers['ETag']}"):
            assert door.call(method, path, body, headers={"If-Match": condition}).status_code == 412
    assert door.call("GET", path).content == now.content
    assert door.call("DELETE", path, headers={"If-Match": f'"x", {now.headers["ETag"]}'}).status_code == 204


def test_a_star_asks_only_that_there_is_a_record(door: Door) -> None:
    path, _ = door.record()
    assert door.call("PATCH", path, door.words.change, headers={"If-Match": "*"}).status_code == 200
    nowhere = f"{door.words.path}/999.json"
    assert door.call("PATCH", nowhere, door.words.change, headers={"If-Match": "*"}).status_code == 404


def test_lists_and_refusals_carry_no_tag(door: Door) -> None:
    for path in (f"{door.words.path}.json", f"{door.words.path}/999.json"):
        answer = door.call("GET", path, headers={"If-None-Match": "*"})
        assert "ETag" not in answer.headers
        assert answer.content


NEVER_READ = {"inbox_files", "todos", "ksef2"}


def test_every_write_at_or_below_a_record_keeps_the_condition(door: Door) -> None:
    """But of those of which no single one is read: nobody has a tag of them."""
    about_a_record = {
        e.path
        for e in door.endpoints
        if e.writes and ("{id}" in e.path or "{uuid}" in e.path) and not NEVER_READ & set(e.path.split("/"))
    }
    assert guarded_records(door.endpoints).keys() == about_a_record


def in_threads(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
