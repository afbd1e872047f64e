"""Section 29: what programs are told of an event, how it is signed, and how often it is tried."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid
from faktura.core.subscriptions import Subscription, change_by_hand, subscribe_itself
from faktura.dialects.infakt.door.door import NAME
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import CORRECTIVE, INVOICES, NOON, Json, issue, least
from faktura.dialects.infakt.tests.ksef.conftest import NUMBER, Ksef
from faktura.jobs import Reach, handlers
from faktura.jobs.deliver import DELAYS
from faktura.outputs.mail.server import read_mail_server
from faktura.outside.http import Client as Outside
from faktura.worker import Worker
from tests.firm import Firm
from tests.http_double import Host, Reply, host
from tests.mail_double import Mailroom, mail_server

SECRET = "3e18cd8c09a3b729958bf393b459b761"

ECHO = b"the same"
"""Stands for what it was asked."""

T = TypeVar("T")

EVENT = {"name", "uuid", "created_at", "retry_counter"}


class Receiver:
    """A program that listens, and the worker that tells it."""

    def __init__(self, client: Client, firm: Firm, shop: Host, room: Mailroom) -> None:
        self.client, self.firm, self.shop = client, firm, shop
        service = client.service
        post = read_mail_server(f"smtp://127.0.0.1:{room.port}?from=posta@house.example")
        reach = Reach(client=Outside(loopback=True), secret_key=service.secret_key, mail_server=post)
        self.worker = Worker(service.database, service.clock, handlers(), reach)

    def add(self, *events: str, secret: str | None = SECRET, discreet: bool = False) -> Subscription:
        told = {"url": f"{self.shop.url}/hooks", "events": events, "authorization": secret, "discreet": discreet}
        key = self.client.service.secret_key
        return self._write(lambda books: subscribe_itself(books, Given(told), key, NAME, "http://faktura.example"))

    def listen(self, *events: str, secret: str | None = SECRET, discreet: bool = False) -> Subscription:
        """Add it, and answer the question whether it wants to be told."""
        added = self.add(*events, secret=secret, discreet=discreet)
        self.work()
        self.shop.asked.clear()
        self.shop.headers.clear()
        self.shop.bodies.clear()
        return added

    def change(self, webhook: Subscription, **values: Any) -> None:
        key = self.client.service.secret_key
        self._write(lambda books: change_by_hand(books, webhook.id, Given(values), key))

    def state(self, webhook: Subscription) -> str:
        return self._write(lambda books: books.find(Subscription, webhook.id).state)

    def hand_in(self, path: str, body: Json) -> Json:
        answer = self.client.post(f"/async/{path}.json", body)
        assert answer.status_code == 201
        return dict(answer.json)

    def asked(self, path: str, task: Json) -> Json:
        return dict(self.client.get(f"/async/{path}/status/{task['invoice_task_reference_number']}.json").json)

    def fail(self, times: int) -> None:
        """Have what it does not take tried so many times, however long that takes."""
        tried = len(self.shop.bodies)
        self.work()
        while len(self.shop.bodies) < tried + times:
            self.wait(DELAYS[0])

    def _write(self, work: Callable[[Books], T]) -> T:
        service = self.client.service
        return service.database.write(
            lambda tx: work(Books(tx, self.firm.account, self.firm.user.id, service.clock.now()))
        )

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
def codes() -> list[Reply]:
    """What it answers next when it is asked whether it wants to be told; when nothing is left, what it was asked."""
    return []


@pytest.fixture
def shop(answers: list[Reply], codes: list[Reply]) -> Iterator[Host]:
    def answer(_path: str) -> Reply:
        asked = listening.here.body
        if b"verification_code" not in asked:
            return answers.pop(0) if answers else Reply(200)
        reply = codes.pop(0) if codes else Reply(200, ECHO)
        return reply._replace(body=asked) if reply.body == ECHO else reply

    with host(answer) as listening:
        yield listening


@pytest.fixture
def room() -> Iterator[Mailroom]:
    with mail_server() as listening:
        yield listening


@pytest.fixture
def receiver(client: Client, firm: Firm, shop: Host, room: Mailroom) -> Receiver:
    client.service.clock.stand_at(NOON)
    return Receiver(client, firm, shop, room)


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


def test_a_task_that_made_an_invoice_is_told_with_its_object(receiver: Receiver) -> None:
    receiver.listen("async_invoice_creation_success", "async_invoice_creation_error")
    task = receiver.hand_in("invoices", {"invoice": least(receiver.client, INVOICES)})

    [told] = receiver.heard()

    assert told["event"]["name"] == "async_invoice_creation_success"
    assert told["resource"] == receiver.asked("invoices", task)
    assert told["resource"]["processing_code"] == 201
    assert told["resource"]["invoice_task_reference_number"] == task["invoice_task_reference_number"]


def test_a_task_that_failed_is_told_with_its_errors_and_no_invoice(receiver: Receiver) -> None:
    receiver.listen("async_invoice_creation_success", "async_invoice_creation_error")
    task = receiver.hand_in("invoices", {"invoice": {}})

    [told] = receiver.heard()

    assert told["event"]["name"] == "async_invoice_creation_error"
    assert told["resource"]["processing_code"] == 422
    assert told["resource"]["invoice_uuid"] is None
    assert told["resource"]["invoice_errors"]
    assert told["resource"] == {"invoice_uuid": None, **receiver.asked("invoices", task)}


def test_so_is_a_task_that_marked_one_as_paid_and_one_that_could_not(receiver: Receiver) -> None:
    receiver.listen("invoice_marked_as_paid_via_async_api", "invoice_marking_as_paid_error_via_async_api")
    document, gone = issue(receiver.client), issue(receiver.client)
    for one in (document, gone):
        receiver.hand_in(f"invoices/{one['uuid']}/paid", {})
    receiver.client.delete(f"/invoices/{gone['uuid']}.json")

    paid, failed = receiver.heard()

    assert paid["event"]["name"] == "invoice_marked_as_paid_via_async_api"
    assert (paid["resource"]["processing_code"], paid["resource"]["invoice_uuid"]) == (200, document["uuid"])
    assert failed["event"]["name"] == "invoice_marking_as_paid_error_via_async_api"
    assert failed["resource"]["processing_code"] == 422
    assert failed["resource"]["invoice_errors"]


@pytest.mark.parametrize("event", ["draft_invoice_created", "send_to_ksef_success"])
def test_who_leaves_confidential_data_out_is_told_the_uuid_alone(receiver: Receiver, ksef: Ksef, event: str) -> None:
    receiver.listen(event, discreet=True)
    document = ksef.sent()
    ksef.accept(document)

    [told] = receiver.heard()

    assert told["event"]["name"] == event
    assert told["resource"] == {"uuid": document["uuid"]}


def test_so_is_who_hears_of_tasks(receiver: Receiver) -> None:
    receiver.listen("async_invoice_creation_success", discreet=True)
    task = receiver.hand_in("invoices", {"invoice": least(receiver.client, INVOICES)})

    [told] = receiver.heard()
    assert told["resource"] == {"uuid": task["invoice_task_reference_number"]}


def test_an_address_is_active_once_it_answered_the_code_that_it_was_sent(receiver: Receiver, shop: Host) -> None:
    webhook = receiver.add("draft_invoice_created")
    assert receiver.state(webhook) == "to_confirm"
    receiver.work()

    [question], [headers] = shop.bodies, shop.headers
    assert json.loads(question).keys() == {"verification_code"}
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "Infakt-Webhooks/2"
    assert receiver.state(webhook) == "active"


@pytest.mark.parametrize(
    "wrong", [Reply(200), Reply(200, b'{"verification_code":"another"}'), Reply(200, b"OK"), Reply(500)]
)
def test_one_that_answers_anything_else_is_told_nothing(receiver: Receiver, codes: list[Reply], wrong: Reply) -> None:
    codes += [wrong] * (len(DELAYS) + 1)
    webhook = receiver.add("draft_invoice_created")
    issue(receiver.client)
    receiver.work()
    for delay in DELAYS:
        receiver.wait(delay)

    assert receiver.state(webhook) == "to_confirm"
    assert len(receiver.shop.bodies) == len(DELAYS) + 1
    assert len(set(receiver.shop.bodies)) == 1

    receiver.change(webhook)
    receiver.work()
    assert receiver.state(webhook) == "active"


def test_the_right_answer_with_an_error_is_none(receiver: Receiver, codes: list[Reply]) -> None:
    webhook = receiver.add("draft_invoice_created")
    codes.append(Reply(404, ECHO))
    receiver.work()
    assert receiver.state(webhook) == "to_confirm"

    receiver.wait(DELAYS[0])
    assert receiver.state(webhook) == "active"


def test_another_address_is_asked_again(receiver: Receiver) -> None:
    webhook = receiver.listen("draft_invoice_created")
    receiver.change(webhook, url=f"{receiver.shop.url}/others", authorization=SECRET)
    assert receiver.state(webhook) == "to_confirm"
    receiver.work()

    assert receiver.shop.asked == ["/others"]
    assert receiver.state(webhook) == "active"


def test_it_is_off_where_an_owner_switched_it_off(receiver: Receiver) -> None:
    webhook = receiver.listen("draft_invoice_created")
    receiver.change(webhook, active=False)
    issue(receiver.client)

    assert receiver.state(webhook) == "off"
    assert receiver.heard() == []


@pytest.mark.parametrize("status", [202, 204, 302, 404, 500])
def test_it_is_told_again_until_it_answers_200_or_201(receiver: Receiver, answers: list[Reply], status: int) -> None:
    receiver.listen("draft_invoice_created")
    answers += [Reply(status), Reply(201)]
    issue(receiver.client)
    receiver.work()
    receiver.wait(DELAYS[0])
    receiver.wait(dt.timedelta(days=1))

    assert len(receiver.shop.bodies) == 2


def test_after_six_failures_its_owner_gets_a_mail(
    receiver: Receiver, room: Mailroom, answers: list[Reply], firm: Firm
) -> None:
    receiver.listen("draft_invoice_created")
    issue(receiver.client)
    answers += [Reply(500)] * 9
    receiver.fail(5)
    assert room.emails == []
    receiver.fail(1)
    [mail] = room.emails
    assert mail["To"] == firm.user.email
    assert receiver.shop.url in mail.get_content()

    receiver.fail(3)
    receiver.wait(dt.timedelta(days=1))
    assert len(room.emails) == 1
    assert len(receiver.heard()) == 10


def test_after_ten_it_is_switched_off_until_an_owner_switches_it_on(receiver: Receiver, answers: list[Reply]) -> None:
    webhook = receiver.listen("draft_invoice_created")
    issue(receiver.client)
    answers += [Reply(500)] * 10
    receiver.fail(9)
    assert receiver.state(webhook) == "active"
    receiver.fail(1)
    assert receiver.state(webhook) == "given_up"
    receiver.wait(dt.timedelta(days=1))
    issue(receiver.client)
    assert len(receiver.heard()) == 10
    assert [json.loads(body)["event"]["retry_counter"] for body in receiver.shop.bodies] == [*range(10)]

    receiver.change(webhook, active=True)
    assert receiver.state(webhook) == "active"
    issue(receiver.client)
    assert len(receiver.heard()) == 11


def test_another_name_cannot_be_listened_to(receiver: Receiver) -> None:
    with pytest.raises(Invalid):
        receiver.listen("invoice_created")
