"""Section 29: what programs are told of an event, how it is signed, and how often it is tried."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid
from faktura.core.subscriptions import subscribe_itself
from faktura.dialects.infakt.door.door import NAME
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import CORRECTIVE, NOON, Json, issue
from faktura.dialects.infakt.tests.ksef.conftest import NUMBER, Ksef
from faktura.dialects.infakt.webhooks import NAMES
from faktura.jobs import Reach, handlers
from faktura.jobs.deliver import DELAYS
from faktura.outside.http import Client as Outside
from faktura.worker import Worker
from tests.firm import Firm
from tests.http_double import Host, Reply, host

SECRET = "3e18cd8c09a3b729958bf393b459b761"

EVENT = {"name", "uuid", "created_at", "retry_counter"}


class Receiver:
    """A program that listens, and the worker that tells it."""

    def __init__(self, client: Client, firm: Firm, shop: Host) -> None:
        self.client, self.firm, self.shop = client, firm, shop
        service = client.service
        reach = Reach(client=Outside(loopback=True), secret_key=service.secret_key)
        self.worker = Worker(service.database, service.clock, handlers(), reach)

    def listen(self, *events: str, secret: str | None = SECRET) -> None:
        given = Given({"url": f"{self.shop.url}/hooks", "events": events, "authorization": secret})
        service = self.client.service

        def work(tx: Any) -> None:
            books = Books(tx, self.firm.account, self.firm.user.id, service.clock.now())
            subscribe_itself(books, given, service.secret_key, NAME, "http://faktura.example")

        service.database.write(work)

    def work(self) -> None:
        while self.worker.do_next():
            pass

    def heard(self) -> list[Json]:
        self.work()
        return [json.loads(body) for body in self.shop.bodies]

    def wait(self, delay: dt.timedelta) -> None:
        clock = self.client.service.clock
        clock.stand_at(clock.now() + delay)
        self.work()


@pytest.fixture
def answers() -> list[Reply]:
    """What the program answers next; when nothing is left it takes all."""
    return []


@pytest.fixture
def shop(answers: list[Reply]) -> Iterator[Host]:
    with host(lambda _path: answers.pop(0) if answers else Reply(200)) as listening:
        yield listening


@pytest.fixture
def receiver(client: Client, firm: Firm, shop: Host) -> Receiver:
    client.service.clock.stand_at(NOON)
    return Receiver(client, firm, shop)


@pytest.fixture
def ksef(client: Client, firm: Firm) -> Ksef:
    found = Ksef(client, firm)
    found.make_whole()
    found.connect(send_delay=3600)
    return found


def test_an_accepted_document_is_told_with_its_status(receiver: Receiver, ksef: Ksef) -> None:
    document = ksef.sent()
    receiver.listen("send_to_ksef_success")
    ksef.accept(document)

    [told] = receiver.heard()

    assert set(told) == {"event", "resource"}
    assert set(told["event"]) == EVENT
    assert told["event"]["name"] == "send_to_ksef_success"
    assert told["event"]["created_at"] == "2026-11-21T12:00:00.000+01:00"
    assert told["resource"] == ksef.status(document)
    assert (told["resource"]["status"], told["resource"]["ksef_number"]) == ("success", NUMBER)


def test_a_refused_one_is_told_with_the_reason(receiver: Receiver, ksef: Ksef) -> None:
    document = ksef.sent()
    receiver.listen("send_to_ksef_error")
    ksef.refuse(document)

    [told] = receiver.heard()

    assert told["event"]["name"] == "send_to_ksef_error"
    assert told["resource"] == ksef.status(document)
    assert told["resource"]["status_description"] == "430:Błąd weryfikacji"


def test_so_is_one_that_was_given_up(receiver: Receiver, ksef: Ksef) -> None:
    document = ksef.sent()
    receiver.listen("send_to_ksef_error")
    ksef.give_up(document)

    [told] = receiver.heard()
    assert told["resource"]["status"] == "error"


def test_what_is_told_is_what_it_came_to_then_whatever_was_tried_since(receiver: Receiver, ksef: Ksef) -> None:
    document = ksef.sent()
    receiver.listen("send_to_ksef_error")
    ksef.refuse(document)
    refused = ksef.status(document)
    ksef.wait(dt.timedelta(seconds=1))
    ksef.client.post(f"/invoices/{document['uuid']}/send_to_ksef.json")

    [told] = receiver.heard()
    assert told["resource"] == refused
    assert ksef.status(document) != refused


def test_an_invoice_is_told_flat_when_it_is_created_paid_and_deleted(receiver: Receiver) -> None:
    receiver.listen("draft_invoice_created", "invoice_paid", "invoice_deleted")
    document = issue(receiver.client)
    receiver.client.post(f"/invoices/{document['uuid']}/paid.json")
    receiver.client.delete(f"/invoices/{document['uuid']}.json")

    created, paid, deleted = receiver.heard()

    nested = {"services", "transaction_terms", "third_party_addresses", "related_documents", "extensions", "ksef_data"}
    nested |= {"local_government_recipient_address", "local_government_seller_address", "created_at"}
    assert set(created["resource"]) == document.keys() - nested | {"check_duplicate_number"}
    assert created["resource"]["check_duplicate_number"] is True
    same = created["resource"].keys() & document.keys()
    assert {name: created["resource"][name] for name in same} == {name: document[name] for name in same}
    assert paid["resource"]["status"] == "paid"
    assert [one["event"]["name"] for one in (created, paid, deleted)] == [
        "draft_invoice_created",
        "invoice_paid",
        "invoice_deleted",
    ]
    assert len({one["event"]["uuid"] for one in (created, paid, deleted)}) == 3


def test_of_other_kinds_only_their_way_to_ksef_is_told(receiver: Receiver) -> None:
    receiver.listen("draft_invoice_created", "invoice_paid", "invoice_deleted")
    document = issue(receiver.client, CORRECTIVE)
    receiver.client.delete(f"{CORRECTIVE}/{document['uuid']}.json")

    assert receiver.heard() == []


def test_it_is_signed_with_the_secret_that_is_never_sent(receiver: Receiver) -> None:
    receiver.listen("draft_invoice_created")
    issue(receiver.client)
    receiver.work()

    [headers], [body] = receiver.shop.headers, receiver.shop.bodies
    assert headers["x-infakt-signature"] == hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert headers["user-agent"] == "Infakt-Webhooks/2"
    assert headers["content-type"] == "application/json"
    assert "authorization" not in headers
    assert SECRET not in str(headers)


def test_without_a_secret_nothing_is_signed(receiver: Receiver) -> None:
    receiver.listen("draft_invoice_created", secret=None)
    issue(receiver.client)
    receiver.work()

    [headers] = receiver.shop.headers
    assert "x-infakt-signature" not in headers


def test_every_try_says_how_often_it_was_tried_and_is_signed_as_it_is(receiver: Receiver, answers: list[Reply]) -> None:
    receiver.listen("draft_invoice_created")
    answers += [Reply(500), Reply(404)]
    issue(receiver.client)
    receiver.work()
    for delay in DELAYS[:2]:
        receiver.wait(delay)

    told = [json.loads(body) for body in receiver.shop.bodies]
    assert [one["event"].pop("retry_counter") for one in told] == [0, 1, 2]
    assert told[0] == told[1] == told[2]
    for headers, body in zip(receiver.shop.headers, receiver.shop.bodies, strict=True):
        assert headers["x-infakt-signature"] == hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def test_a_text_that_looks_like_the_counter_is_left_alone(receiver: Receiver, answers: list[Reply]) -> None:
    receiver.listen("draft_invoice_created")
    answers.append(Reply(500))
    issue(receiver.client, notes='"retry_counter":0')
    receiver.work()
    receiver.wait(DELAYS[0])

    told = [json.loads(body) for body in receiver.shop.bodies]
    assert [one["resource"]["notes"] for one in told] == ['"retry_counter":0'] * 2


def test_tasks_are_no_events_of_the_books(receiver: Receiver) -> None:
    """Their names are known, and nothing is told by them."""
    assert {name for name, ours in NAMES["invoice"].items() if ours is None} == {
        "async_invoice_creation_success",
        "async_invoice_creation_error",
    }
    receiver.listen("async_invoice_creation_success")
    receiver.client.post("/async/invoices.json", {"invoice": {}})

    assert receiver.heard() == []


def test_another_name_cannot_be_listened_to(receiver: Receiver) -> None:
    with pytest.raises(Invalid):
        receiver.listen("invoice_created")
