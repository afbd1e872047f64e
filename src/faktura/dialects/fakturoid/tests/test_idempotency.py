"""An extra that no peer has: a write with an `Idempotency-Key` takes effect once, however often it is sent."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest

from faktura.core.books.kept_answers import KeptAnswer
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.tests.conftest import Desk
from faktura.wire.idempotency import Running, StillRunning

KEYED = {"Idempotency-Key": "7c0ff2f2-order-17"}


def order(desk: Desk, price: str = "100") -> dict[str, Any]:
    return {"subject_id": desk.subject_id, "lines": [{"name": "Práce", "unit_price": price, "vat_rate": 21}]}


def test_another_body_method_or_address_under_the_key_is_a_422(desk: Desk) -> None:
    issued = desk.client.post("/invoices.json", order(desk), headers=KEYED).json
    asked: list[tuple[str, str, Any]] = [
        ("POST", "/invoices.json", order(desk, "200")),
        ("POST", "/subjects.json", order(desk)),
        ("PATCH", f"/invoices/{issued['id']}.json", order(desk)),
        ("DELETE", f"/invoices/{issued['id']}.json", None),
    ]
    for method, path, body in asked:
        refused = desk.client.call(method, path, body, headers=KEYED)
        assert (refused.status_code, refused.json["error"]) == (422, "idempotency_key_reused")
    assert len(desk.client.get("/invoices.json").json) == 1


def test_every_write_takes_a_key(desk: Desk) -> None:
    issued = desk.issue()
    path = f"/invoices/{issued['id']}"
    writes: list[tuple[str, str, Any]] = [
        ("PATCH", f"{path}.json", {"note": "Text"}),
        ("POST", f"{path}/payments.json", {}),
        ("POST", f"{path}/fire.json", {"event": "lock"}),
    ]
    for number, (method, where, body) in enumerate(writes):
        headers = {"Idempotency-Key": str(number)}
        answers = [desk.client.call(method, where, body, headers=headers) for _ in range(2)]
        assert answers[0].status_code == answers[1].status_code < 300
        assert answers[0].content == answers[1].content
    kept = desk.client.get(f"{path}.json").json
    assert len(kept["payments"]) == 1


def test_a_key_lasts_for_a_day(desk: Desk, clock: Clock) -> None:
    first = desk.client.post("/invoices.json", order(desk), headers=KEYED).json
    now = clock.now()
    clock.stand_at(now + dt.timedelta(hours=1, minutes=59))
    assert desk.client.post("/invoices.json", order(desk), headers=KEYED).json == first
    desk.client.service.database.write(lambda tx: Office(tx, now + dt.timedelta(hours=23)).forget_expired(KeptAnswer))
    assert desk.client.write(lambda books: books.count(KeptAnswer)) == 1
    desk.client.service.database.write(lambda tx: Office(tx, now + dt.timedelta(hours=25)).forget_expired(KeptAnswer))
    assert desk.client.write(lambda books: books.count(KeptAnswer)) == 0
    assert desk.client.post("/invoices.json", order(desk), headers=KEYED).json["number"] != first["number"]


@pytest.mark.parametrize("key", ["", "a b", "\xe9", "\x7f", "x" * 256])
def test_a_key_is_made_of_1_to_255_visible_characters(desk: Desk, key: str) -> None:
    refused = desk.client.post("/invoices.json", order(desk), headers={"Idempotency-Key": key})
    assert refused.status_code == 400
    assert refused.json["error"] == "invalid_request"
    assert "Idempotency-Key" in refused.json["error_description"]


def test_while_the_first_runs_the_second_is_told_so(desk: Desk) -> None:
    with desk.client.service.running.hold((desk.client.firm.token, KEYED["Idempotency-Key"])):
        refused = desk.client.post("/invoices.json", order(desk), headers=KEYED)
    assert (refused.status_code, refused.json["error"]) == (409, "request_in_progress")
    assert desk.client.post("/invoices.json", order(desk), headers=KEYED).status_code == 201


def test_a_key_is_held_once_and_given_back_whatever_happens() -> None:
    running = Running()
    with pytest.raises(ZeroDivisionError), running.hold("a"), running.hold("b"):
        raise ZeroDivisionError
    with running.hold("a"), pytest.raises(StillRunning), running.hold("a"):
        pass


def test_of_many_at_once_one_takes_effect(desk: Desk) -> None:
    statuses: list[int] = []

    def send() -> None:
        statuses.append(desk.client.post("/invoices.json", order(desk), headers=KEYED).status_code)

    _all_at_once(send, 8)
    assert set(statuses) <= {201, 409}
    assert 201 in statuses
    assert desk.client.write(lambda books: books.count(Invoice)) == 1


def _all_at_once(work: Callable[[], None], count: int) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
