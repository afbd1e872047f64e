"""Section 17: asynchronous tasks."""

import datetime as dt
import importlib
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from falcon import testing

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import LEASE, waiting
from faktura.core.books.tasks import Task
from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.dialects.infakt.async_tasks import Work, create_and_ask, hand_in
from faktura.dialects.infakt.tests import task_worker
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.task_worker import CREATE, HALF, MARK, PAID
from faktura.jobs import do_task, handlers
from faktura.store.database import Database
from faktura.wire.service import Service
from faktura.worker import Worker
from tests import built_once
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 7, 1, 10, 0, tzinfo=dt.UTC)

PATIENCE = 60
"""Seconds for a process to start."""

GOOD = {"client": {"company_name": "Gęśl", "nip": "5252248481"}}

application = importlib.import_module("faktura.dialects.infakt.door.application")
"""The package has a function of that name."""


@pytest.fixture(autouse=True)
def works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients can be handed in, and be marked as paid, at a door that is built with these endpoints for this test."""
    monkeypatch.setattr(built_once, "_built", {})
    endpoints = (
        *create_and_ask("/clients", CREATE),
        hand_in("/async/clients/{id}/paid.json", MARK, lambda call: call.ids["id"]),
    )
    monkeypatch.setattr(application, "ENDPOINTS", (*application.ENDPOINTS, *endpoints))
    monkeypatch.setitem(application.WORKS, CREATE.name, CREATE)
    monkeypatch.setitem(application.WORKS, MARK.name, MARK)


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    clock.stand_at(NOON)
    return open_firm(database, clock, country="PL", currency="PLN")


def handed_in(client: Client, body: Any = GOOD, path: str = "/async/clients.json") -> dict[str, Any]:
    answer = client.post(path, body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def asked(client: Client, task: dict[str, Any]) -> testing.Result:
    return client.get(f"/async/clients/status/{task['invoice_task_reference_number']}.json")


def work(service: Service) -> None:
    """Do all that is due."""
    worker = Worker(service.database, service.clock, handlers())
    while worker.do_next():
        pass


def contacts(client: Client) -> list[Contact]:
    def read(tx: Any) -> list[Contact]:
        return Books(tx, client.firm.account, None, client.service.clock.now()).all(Contact)

    return client.service.database.read(read)


def tasks(client: Client) -> list[Task]:
    def read(tx: Any) -> list[Task]:
        return Books(tx, client.firm.account, None, client.service.clock.now()).all(Task)

    return client.service.database.read(read)


def test_a_task_is_accepted_with_201_and_not_done_yet(client: Client) -> None:
    accepted = handed_in(client)

    assert accepted == {
        "timestamps": {"task_created_at": "2026-07-01 12:00:00 +0200"},
        "invoice_task_reference_number": accepted["invoice_task_reference_number"],
        "processing_code": 100,
        "processing_description": "Zlecenie przyjęte",
        "action": "create_invoice",
        "invoice_kind": "client",
    }
    assert len(accepted["invoice_task_reference_number"]) == 36
    assert contacts(client) == []


def test_until_a_worker_comes_the_task_waits(client: Client) -> None:
    accepted = handed_in(client)

    answer = asked(client, accepted)
    assert answer.status_code == 200
    assert answer.json == accepted | {
        "processing_code": 120,
        "processing_description": "Zlecenie czeka na przetworzenie",
    }


def test_a_task_that_is_done_tells_what_it_made(client: Client) -> None:
    accepted = handed_in(client)
    work(client.service)

    [made] = contacts(client)
    assert made.name == "Gęśl"
    assert asked(client, accepted).json == accepted | {
        "processing_code": 201,
        "processing_description": "Faktura stworzona",
        "invoice_uuid": made.uuid,
    }


@pytest.mark.parametrize("body", [{"client": {}}, {"client": {"company_name": " ", "email": "nobody"}}])
def test_what_breaks_a_rule_is_accepted_and_fails_as_the_synchronous_call_would(client: Client, body: Any) -> None:
    accepted = handed_in(client, body)
    work(client.service)

    refused = client.post("/clients.json", body)
    assert refused.status_code == 422
    assert asked(client, accepted).json == accepted | {
        "processing_code": 422,
        "processing_description": "Nie udało się stworzyć faktury",
        "invoice_errors": refused.json["errors"],
    }
    assert contacts(client) == []


@pytest.mark.parametrize("body", [None, {}, {"client": []}, {"client": {"days_to_payment": "soon"}}])
def test_a_body_that_the_synchronous_call_would_answer_400_fails_too(client: Client, body: Any) -> None:
    accepted = handed_in(client, body)
    work(client.service)

    refused = client.post("/clients.json", body)
    assert refused.status_code == 400
    found = asked(client, accepted).json
    assert (found["processing_code"], found["invoice_errors"]) == (422, {"base": [refused.json["error"]]})


def test_a_task_that_fails_in_the_middle_leaves_nothing(client: Client) -> None:
    accepted = handed_in(client, {"client": {"company_name": HALF}})
    work(client.service)

    assert contacts(client) == []
    assert asked(client, accepted).json["invoice_errors"] == {"company_name": ["zostało już zajęte"]}
    assert client.service.database.read(waiting) == 0


def test_a_task_is_done_in_the_name_of_who_handed_it_in(client: Client) -> None:
    handed_in(client)
    work(client.service)

    [activity] = client.get("/account/activities.json").json["entities"]
    assert (activity["action_symbol"], activity["blame"]["email"]) == ("create", client.firm.user.email)
    assert activity["device"] == "APIv3"


def test_marking_as_paid_tells_the_document_from_the_start(client: Client) -> None:
    handed_in(client)
    work(client.service)
    [made] = contacts(client)
    accepted = handed_in(client, None, f"/async/clients/{made.uuid}/paid.json")
    work(client.service)

    assert (accepted["action"], accepted["invoice_uuid"]) == ("mark_as_paid", made.uuid)
    assert asked(client, accepted).json == accepted | {
        "processing_code": 200,
        "processing_description": "Faktura została oznaczona jako zapłacona",
    }
    assert [found.private_note for found in contacts(client)] == [PAID]


def test_a_marking_that_fails_tells_one_sentence_by_attribute(client: Client) -> None:
    handed_in(client)
    work(client.service)
    path = f"/async/clients/{contacts(client)[0].uuid}/paid.json"
    handed_in(client, None, path)
    again = handed_in(client, None, path)
    work(client.service)

    assert asked(client, again).json == again | {
        "processing_code": 422,
        "processing_description": "Nie udało się oznaczyć faktury jako zapłaconej",
        "invoice_errors": {"note": "zostało już zajęte"},
    }


@pytest.mark.parametrize("reference", ["9f1c1b1e-5f0e-4c7b-9a55-6b6a2a9e0000", "999", "null", "%00"])
def test_an_unknown_reference_is_a_404(client: Client, reference: str) -> None:
    assert client.get(f"/async/clients/status/{reference}.json").status_code == 404


def test_a_reference_may_be_spelled_in_capitals(client: Client) -> None:
    accepted = handed_in(client)
    accepted["invoice_task_reference_number"] = accepted["invoice_task_reference_number"].upper()

    assert asked(client, accepted).status_code == 200


def test_a_task_of_another_account_is_a_404(client: Client, database: Database, clock: Clock) -> None:
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))

    assert asked(stranger, handed_in(client)).status_code == 404


def test_a_task_of_another_kind_is_a_404(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Work("create_invoice", "other", CREATE.shape, CREATE.do)
    monkeypatch.setattr(built_once, "_built", {})
    monkeypatch.setattr(application, "ENDPOINTS", (*application.ENDPOINTS, *create_and_ask("/others", other)))

    elsewhere = Client(client.service, client.firm)
    reference = handed_in(elsewhere)["invoice_task_reference_number"]
    assert elsewhere.get(f"/async/others/status/{reference}.json").status_code == 404


def test_handing_in_and_asking_have_the_scopes_of_documents(client: Client) -> None:
    reader = Client(client.service, client.firm, ("api:invoices:read",))
    writer = Client(client.service, client.firm, ("api:invoices:write",))
    accepted = handed_in(writer)

    assert reader.post("/async/clients.json", GOOD).status_code == 401
    assert (asked(reader, accepted).status_code, asked(writer, accepted).status_code) == (200, 401)


def test_a_task_keeps_no_key_and_once_done_no_parameters(client: Client) -> None:
    handed_in(client, {**GOOD, "api_key": client.key, "allow_correction": True})
    assert [task.parameters for task in tasks(client)] == [{**GOOD, "allow_correction": True}]

    work(client.service)
    assert [task.parameters for task in tasks(client)] == [{}]


def test_a_task_outlives_the_kill_of_its_worker_and_is_done_once(
    client: Client, database_url: str, tmp_path: Path, clock: Clock
) -> None:
    clock.stand_at(None)
    accepted, marker = handed_in(client), tmp_path / "about to commit"
    module = task_worker.__spec__.name if task_worker.__spec__ else task_worker.__name__
    process = subprocess.Popen([sys.executable, "-m", module, database_url, str(marker)])  # noqa: S603 (only this file)
    try:
        deadline = time.monotonic() + PATIENCE
        while not marker.exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        under_way = asked(client, accepted).json
    finally:
        process.kill()
        process.wait()

    assert under_way == accepted | {
        "processing_code": 140,
        "processing_description": "Zlecenie jest w trakcie przetwarzania",
    }
    assert contacts(client) == []
    work(client.service)
    assert asked(client, accepted).json["processing_code"] == 140, "the lease of the dead worker still runs"

    clock.stand_at(clock.now() + 2 * LEASE)
    work(client.service)
    work(client.service)
    found = asked(client, accepted).json
    assert (found["processing_code"], [c.uuid for c in contacts(client)]) == (201, [found["invoice_uuid"]])
    assert client.service.database.read(waiting) == 0


def test_a_task_that_fails_again_and_again_ends_with_a_sentence(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_books: Books, _task: Task) -> str:
        raise ArithmeticError

    monkeypatch.setitem(application.WORKS, CREATE.name, Work(CREATE.action, CREATE.kind, CREATE.shape, fail))
    accepted = handed_in(client)
    for _ in range(len(do_task.DELAYS) + 1):
        assert asked(client, accepted).json["processing_code"] in {120, 140}
        work(client.service)
        clock.stand_at(clock.now() + LEASE)

    ended = asked(client, accepted).json
    assert ended["processing_code"] == 422
    assert ended["invoice_errors"] == {"base": ["Wystąpił błąd serwera."]}
    assert client.service.database.read(waiting) == 0


def test_a_task_with_a_number_beyond_all_bounds_ends_with_its_error(client: Client) -> None:
    service = {"name": "Śruba", "tax_symbol": "23", "unit_net_price": "1e1000000"}
    invoice = {"client_company_name": "Gęśl", "payment_method": "cash", "services": [service]}
    accepted = client.post("/async/invoices.json", {"invoice": invoice}).json
    work(client.service)

    reference = accepted["invoice_task_reference_number"]
    ended = client.get(f"/async/invoices/status/{reference}.json").json
    assert ended["processing_code"] == 422
    assert ended["invoice_errors"] == {"base": ["Nieprawidłowa wartość parametru: invoice[services][unit_net_price]."]}
