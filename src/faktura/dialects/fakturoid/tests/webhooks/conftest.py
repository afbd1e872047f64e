"""A shop that listens to the firm, and the worker that tells it."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from faktura.core.books.jobs_to_do import Job
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Client, Desk
from faktura.dialects.fakturoid.webhooks.names import EVENTS
from faktura.jobs import Reach, handlers
from faktura.outside.http import Client as Outside
from faktura.store.every import every
from faktura.worker import Worker
from tests.http_double import Host, Reply, host


class Receiver:
    """A shop that listens, and the worker that tells it."""

    def __init__(self, client: Client, shop: Host, clock: Clock) -> None:
        self.client, self.shop, self.clock = client, shop, clock
        reach = Reach(client=Outside(loopback=True), secret_key=client.service.secret_key)
        self.worker = Worker(client.service.database, clock, handlers(), reach)

    def listen(self, *events: str, **values: Any) -> Any:
        body = {"webhook_url": f"{self.shop.url}/hooks", "events": list(events or EVENTS)} | values
        answer = self.client.post("/webhooks.json", body)
        assert answer.status_code == 201, answer.text
        return answer.json

    def work(self) -> None:
        while self.worker.do_next():
            pass

    def heard(self) -> list[Any]:
        """Whatever has come so far, once all that is due was done."""
        self.work()
        return [json.loads(body) for body in self.shop.bodies]

    def names(self) -> list[str]:
        return [told["event_name"] for told in self.heard()]

    def wait(self, delay: dt.timedelta) -> None:
        self.clock.stand_at(self.clock.now() + delay)
        self.work()

    def failed(self, webhook: Any) -> Any:
        answer = self.client.get(f"/webhooks/{webhook['failed_deliveries_uuid']}/failed_deliveries.json")
        assert answer.status_code == 200, answer.text
        return answer.json


@pytest.fixture
def answers() -> list[Reply]:
    """What the shop answers next; when nothing is left it takes all."""
    return []


@pytest.fixture
def shop_host(answers: list[Reply]) -> Iterator[Host]:
    with host(lambda _path: answers.pop(0) if answers else Reply(204)) as listening:
        yield listening


@pytest.fixture
def receiver(desk: Desk, shop_host: Host, clock: Clock) -> Receiver:
    clock.stand_at(dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC))
    return Receiver(desk.client, shop_host, clock)


def jobs_in(receiver: Receiver) -> list[Job]:
    database = receiver.client.service.database
    return database.read(lambda tx: [Job(*row) for rows in every(tx, Job) for row in rows])
