"""Section 2.18.2: how a message is delivered, tried again and given up."""

import datetime as dt
import json
import threading
from typing import Any
from uuid import UUID

import pytest

from faktura.core.people.users import Membership
from faktura.dialects.fakturoid.tests.conftest import Desk
from faktura.dialects.fakturoid.tests.test_permissions import allow
from faktura.dialects.fakturoid.tests.webhooks.conftest import Receiver, jobs_in
from faktura.jobs import Reach, handlers
from faktura.jobs.deliver import DELAYS
from faktura.store import statements
from faktura.store.records import changed
from faktura.worker import Worker
from tests.http_double import Reply


@pytest.mark.parametrize("status", [199 + 1, 201, 204, 299])
def test_any_2xx_is_a_success(receiver: Receiver, answers: list[Reply], status: int) -> None:
    webhook = receiver.listen()
    answers.append(Reply(status, b"thanks" if status != 204 else b""))
    receiver.client.post("/subjects.json", {"name": "Karel"})
    receiver.work()

    assert jobs_in(receiver) == []
    assert receiver.failed(webhook) == []


def test_a_delivery_is_retried_five_times_with_one_key_and_then_appears_in_failed_deliveries(
    receiver: Receiver, answers: list[Reply]
) -> None:
    webhook = receiver.listen("subject_created")
    answers += [Reply(500, b"<b>broken</b>"), Reply(302, location="/elsewhere"), *[Reply(404)] * 4]
    receiver.client.post("/subjects.json", {"name": "Karel"})
    receiver.work()
    assert receiver.failed(webhook) == []
    for delay in DELAYS:
        before = len(receiver.shop.asked)
        receiver.wait(delay - dt.timedelta(seconds=1))
        assert len(receiver.shop.asked) == before
        receiver.wait(dt.timedelta(seconds=1))

    assert len(DELAYS) == 5
    assert receiver.shop.asked == ["/hooks"] * 6
    assert len(set(receiver.shop.bodies)) == 1
    [key] = {headers["idempotency-key"] for headers in receiver.shop.headers}
    [failed] = receiver.failed(webhook)
    assert list(failed) == [
        "id",
        "event_name",
        "idempotency_key",
        "url",
        "body",
        "created_at",
        "updated_at",
        "deliveries",
    ]
    assert (failed["event_name"], failed["idempotency_key"]) == ("subject_created", key)
    assert failed["url"] == webhook["webhook_url"]
    assert failed["body"] == json.loads(receiver.shop.bodies[0])
    assert [one["response_status"] for one in failed["deliveries"]] == [*["404"] * 4, "302", "500"]
    assert list(failed["deliveries"][0]) == [
        "id",
        "request_id",
        "response_status",
        "response_content_type",
        "response_body",
        "started_at",
        "finished_at",
        "created_at",
    ]
    assert failed["deliveries"][-1]["response_body"] == "<b>broken</b>"
    assert len({UUID(one["request_id"]) for one in failed["deliveries"]}) == 6
    assert jobs_in(receiver) == []
    receiver.wait(dt.timedelta(days=1))
    assert len(receiver.shop.asked) == 6


def test_after_the_last_failure_there_is_a_todo_until_something_arrives(
    receiver: Receiver, answers: list[Reply]
) -> None:
    webhook = receiver.listen("subject_created")
    answers += [Reply(500)] * 6
    receiver.client.post("/subjects.json", {"name": "Karel"})
    receiver.work()
    for delay in DELAYS:
        assert receiver.client.get("/todos.json").json == []
        receiver.wait(delay)

    [todo] = receiver.client.get("/todos.json").json
    assert (todo["name"], todo["params"]) == ("webhook_failed", {"webhook_id": str(webhook["id"])})
    assert (todo["related_objects"], todo["completed_at"]) == ([], None)
    receiver.client.post("/subjects.json", {"name": "Jan"})
    receiver.work()
    assert [one["completed_at"] is None for one in receiver.client.get("/todos.json").json] == [False]


def test_no_automatic_deactivation(receiver: Receiver, answers: list[Reply]) -> None:
    webhook = receiver.listen("subject_created")
    answers += [Reply(500)] * 6
    receiver.client.post("/subjects.json", {"name": "Karel"})
    for delay in (dt.timedelta(), *DELAYS):
        receiver.wait(delay)

    assert receiver.client.get(f"/webhooks/{webhook['id']}.json").json["active"] is True


def test_a_receiver_that_is_not_there_is_a_failed_connection(receiver: Receiver) -> None:
    webhook = receiver.listen("subject_created", webhook_url="http://127.0.0.1:1/")
    receiver.client.post("/subjects.json", {"name": "Karel"})
    for delay in (dt.timedelta(), *DELAYS):
        receiver.wait(delay)

    [failed] = receiver.failed(webhook)
    assert {one["response_status"] for one in failed["deliveries"]} == {"connection_failed"}
    assert {one["response_content_type"] for one in failed["deliveries"]} == {None}
    assert {one["response_body"] for one in failed["deliveries"]} == {None}


def test_an_address_of_a_private_network_is_not_asked(receiver: Receiver) -> None:
    receiver.worker = Worker(receiver.client.service.database, receiver.clock, handlers(), Reach())
    webhook = receiver.listen("subject_created")
    receiver.client.post("/subjects.json", {"name": "Karel"})
    for delay in (dt.timedelta(), *DELAYS):
        receiver.wait(delay)

    assert receiver.shop.asked == []
    [failed] = receiver.failed(webhook)
    assert {one["response_status"] for one in failed["deliveries"]} == {"connection_failed"}


def test_what_happens_to_one_record_arrives_in_its_order_and_to_others_meanwhile(
    receiver: Receiver, answers: list[Reply]
) -> None:
    receiver.listen()
    first = receiver.client.post("/subjects.json", {"name": "První"}).json
    receiver.client.patch(f"/subjects/{first['id']}.json", {"name": "První jinak"})
    receiver.client.post("/subjects.json", {"name": "Druhý"})
    answers.append(Reply(503))

    told = [(one["event_name"], one["body"]["subject"]["name"]) for one in receiver.heard()]
    assert told == [("subject_created", "První"), ("subject_created", "Druhý")]

    receiver.wait(DELAYS[0])

    told = [(one["event_name"], one["body"]["subject"]["name"]) for one in receiver.heard()]
    assert told[2:] == [("subject_created", "První"), ("subject_updated", "První jinak")]


def test_a_receiver_in_trouble_is_told_in_another_lane(receiver: Receiver, answers: list[Reply]) -> None:
    receiver.listen("subject_created")
    answers.append(Reply(500))
    receiver.client.post("/subjects.json", {"name": "První"})
    receiver.client.post("/subjects.json", {"name": "Druhý"})

    while receiver.worker.do_next("webhooks"):
        pass

    assert len(receiver.shop.asked) == 1
    assert {job.name for job in jobs_in(receiver)} == {"deliver", "deliver_slowly"}
    receiver.worker.do_next("slow_webhooks")
    assert len(receiver.shop.asked) == 2
    receiver.client.post("/subjects.json", {"name": "Třetí"})
    assert receiver.worker.do_next("webhooks")
    assert len(receiver.shop.asked) == 3


def test_whoever_was_put_out_hears_nothing_more(receiver: Receiver, desk: Desk) -> None:
    receiver.listen("invoice_created", "subject_created")
    desk.issue()
    desk.add_subject(name="Karel")

    def narrow(books: Any) -> None:
        [seat] = books.all(Membership)
        books.change(seat, changed(seat, scopes=("expenses",)))

    receiver.client.write(narrow)
    assert receiver.names() == ["subject_created"]
    desk.add_subject(name="Karla")

    def put_out(books: Any) -> None:
        [seat] = books.all(Membership)
        books.remove(seat)

    receiver.client.write(put_out)
    assert receiver.names() == ["subject_created"]
    assert jobs_in(receiver) == []


def test_whoever_sees_no_invoices_reads_of_none_that_failed(receiver: Receiver, desk: Desk) -> None:
    webhook = receiver.listen("invoice_created", "subject_created")
    desk.issue()
    desk.add_subject(name="Karel")
    receiver.client.patch(f"/webhooks/{webhook['id']}.json", {"active": False})
    receiver.work()
    assert {one["event_name"] for one in receiver.failed(webhook)} == {"invoice_created", "subject_created"}
    allow(receiver.client, "owner", ("expenses",))

    assert [one["event_name"] for one in receiver.failed(webhook)] == ["subject_created"]


def test_a_webhook_that_is_deleted_hears_nothing_of_what_waits(receiver: Receiver) -> None:
    webhook = receiver.listen("subject_created")
    receiver.client.post("/subjects.json", {"name": "Karel"})
    receiver.client.delete(f"/webhooks/{webhook['id']}.json")

    assert receiver.heard() == []
    assert jobs_in(receiver) == []


def test_an_account_without_a_webhook_asks_nothing_more_and_with_one_a_question_an_event(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = count_questions(monkeypatch)

    def questions() -> int:
        asked.clear()
        assert receiver.client.post("/subjects.json", {"name": "Karel"}).status_code == 201
        return len(asked)

    questions()
    without = questions()
    webhook = receiver.listen("subject_created")
    questions()
    assert questions() == without + 1
    receiver.client.patch(f"/webhooks/{webhook['id']}.json", {"events": ["invoice_paid"]})
    questions()
    assert questions() == without


def count_questions(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that are run from now on, but for those of SQLite that count ids."""
    asked: list[str] = []
    lock = threading.Lock()
    for name in ("run", "write", "write_in_order", "write_all"):
        real = getattr(statements.Statement, name)

        def counted(self: Any, *values: Any, real: Any = real) -> Any:
            if "ids.last" not in self.sql and "INTO ids" not in self.sql:
                with lock:
                    asked.append(self.sql)
            return real(self, *values)

        monkeypatch.setattr(statements.Statement, name, counted)
    return asked
