"""6.7, 17: from a draft to a paid invoice, at once and later."""

from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.invoices.events import fire, mark_sent
from faktura.core.invoices.find import find_invoice
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    CORRECTIVE,
    KINDS,
    NOON,
    TODAY,
    TOO_EARLY,
    Json,
    again,
    change,
    count,
    issue,
    least,
    post,
    refused_change,
    work,
    wrapper_of,
)

ALREADY = "Faktura już została oznaczona jako zapłacona."
TASK_KINDS = {path: wrapper_of(path) for path in KINDS}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def handed_in(client: Client, path: str, body: Any = None) -> Json:
    answer = client.post(path, body)
    assert answer.status_code == 201, answer.text
    found: Json = answer.json
    return found


def asked(client: Client, task: Json, path: str = "/invoices") -> Json:
    found: Json = client.get(f"/async{path}/status/{task['invoice_task_reference_number']}.json").json
    return found


def event_of(client: Client, document: Json, event: str) -> None:
    """Something that happens at another door."""

    def work_on(tx: Any) -> None:
        fire(Books(tx, client.firm.account, None, client.service.clock.now()), document["id"], event)

    client.service.database.write(work_on)


@pytest.mark.parametrize("path", ["/invoices", CORRECTIVE])
@pytest.mark.parametrize(("sent", "status"), [("draft", "draft"), ("printed", "printed"), ("print", "printed")])
def test_a_document_is_created_with_the_status_that_is_sent(client: Client, path: str, sent: str, status: str) -> None:
    """D4."""
    assert issue(client, path, status=sent)["status"] == status


@pytest.mark.parametrize("path", ["/invoices", CORRECTIVE])
def test_a_document_that_is_created_paid_has_its_day(client: Client, path: str) -> None:
    created = issue(client, path, status="paid", paid_date="2026-11-22")

    assert (created["status"], created["paid_date"]) == ("paid", "2026-11-22")
    assert created["paid_price"] == 0
    refused = post(client, path, status="paid")
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["paid_date"])


@pytest.mark.parametrize("path", ["/advance_invoices", "/final_invoices"])
@pytest.mark.parametrize("status", ["printed", "sent", "paid", "done", 7])
def test_advances_and_final_invoices_begin_as_drafts(client: Client, path: str, status: object) -> None:
    created = issue(client, path, status=status, paid_date=TODAY if status == "paid" else None)

    assert (created["status"], created["paid_date"]) == ("draft", None)


def test_a_status_that_is_sent_with_a_change_is_passed_over(client: Client) -> None:
    created = issue(client)

    assert change(client, created, status="paid", notes="x") == created | {"notes": "x"}
    assert change(client, created, status="done", notes="y") == created | {"notes": "y"}


def test_a_draft_that_is_put_into_the_accounts_is_printed(client: Client) -> None:
    created = issue(client)

    accounted = client.put(f"/invoices/{created['uuid']}/mark_as_accounted.json")
    entity = {"uuid": created["uuid"], "number": "1/11/2026", "status": "printed"}
    assert (accounted.status_code, accounted.json) == (200, {"success": True, "entities": [entity]})
    assert again(client, created)["status"] == "printed"
    assert client.put("/invoices/999/mark_as_accounted.json").status_code == 404


def test_a_printed_document_that_is_mailed_is_sent_and_a_paid_one_stays_paid(client: Client) -> None:
    created = issue(client, status="printed")

    def mail(tx: Any) -> None:
        books = Books(tx, client.firm.account, None, client.service.clock.now())
        mark_sent(books, find_invoice(books, created["id"]))

    client.service.database.write(mail)
    assert again(client, created)["status"] == "sent"
    client.post(f"/invoices/{created['uuid']}/paid.json")
    client.service.database.write(mail)
    assert again(client, created)["status"] == "paid"


def test_a_paid_document_stays_paid_when_it_is_printed(client: Client) -> None:
    created = issue(client, status="paid", paid_date=TODAY)

    accounted = client.put(f"/invoices/{created['uuid']}/mark_as_accounted.json").json
    assert accounted["entities"][0]["status"] == "paid"


@pytest.mark.parametrize("path", KINDS)
def test_paying_sets_status_and_day_and_no_amount(client: Client, path: str) -> None:
    """D8."""
    created = issue(client, path)

    paid = client.post(f"{path}/{created['uuid']}/paid.json")
    assert (paid.status_code, paid.content) == (204, b"")
    assert again(client, created, path) == created | {"status": "paid", "paid_date": TODAY}


@pytest.mark.parametrize("path", KINDS)
def test_the_day_of_payment_may_be_sent_in_query_or_body_bare_or_wrapped(client: Client, path: str) -> None:
    day = {"paid_date": "2026-11-25", "allow_correction": True}
    ways: list[Json] = [
        {"query_string": 'paid_date="2026-11-25"&allow_correction=true'},
        {"body": day},
        {"body": {wrapper_of(path): day}},
        {"body": {"invoice": day}},
        {"raw": b"paid_date=2026-11-25", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
    ]
    for way in ways:
        created = issue(client, path)
        assert client.post(f"{path}/{created['uuid']}/paid.json", **way).status_code == 204
        assert again(client, created, path)["paid_date"] == "2026-11-25"


@pytest.mark.parametrize("path", KINDS)
def test_nothing_is_paid_before_it_is_issued(client: Client, path: str) -> None:
    created = issue(client, path)

    refused = client.post(f"{path}/{created['uuid']}/paid.json", {"paid_date": "2026-11-20"})
    assert (refused.status_code, refused.json["errors"]) == (422, {"paid_date": [TOO_EARLY]})
    assert refused_change(client, created, path, paid_date="2026-11-20") == {"paid_date": [TOO_EARLY]}


@pytest.mark.parametrize("path", KINDS)
def test_what_is_paid_cannot_be_paid_again(client: Client, path: str) -> None:
    created = issue(client, path)
    client.post(f"{path}/{created['uuid']}/paid.json")

    refused = client.post(f"{path}/{created['uuid']}/paid.json")
    assert (refused.status_code, refused.json["errors"]) == (422, {"status": [ALREADY]})


@pytest.mark.parametrize("body", [{"paid_date": "soon"}, {"allow_correction": "perhaps"}])
def test_a_day_that_is_none_is_a_400(client: Client, body: Json) -> None:
    assert client.post(f"/invoices/{issue(client)['uuid']}/paid.json", body).status_code == 400


def test_a_payment_that_is_taken_away_makes_it_what_it_was(client: Client) -> None:
    created = issue(client, status="printed")
    client.post(f"/invoices/{created['uuid']}/paid.json")

    assert change(client, created, paid_date=None) == created


def test_a_document_that_is_locked_at_another_door_is_a_423(client: Client) -> None:
    created = issue(client)
    event_of(client, created, "lock")

    refused = client.put(f"/invoices/{created['uuid']}.json", {"invoice": {"notes": "x"}})
    assert (refused.status_code, list(refused.json)) == (423, ["error", "errors"])
    assert client.delete(f"/invoices/{created['uuid']}.json").status_code == 422
    assert again(client, created) == created


@pytest.mark.parametrize("path", KINDS)
def test_a_document_that_is_handed_in_is_made_later(client: Client, path: str) -> None:
    body = {wrapper_of(path): least(client, path) | {"notes": "później"}, "send_to_ksef": False}
    before = count(client, path)

    accepted = handed_in(client, f"/async{path}.json", body)
    assert (accepted["processing_code"], accepted["action"]) == (100, "create_invoice")
    assert (accepted["invoice_kind"], accepted.get("invoice_uuid")) == (TASK_KINDS[path], None)
    assert count(client, path) == before

    work(client.service)
    done = asked(client, accepted, path)
    assert (done["processing_code"], done["processing_description"]) == (201, "Faktura stworzona")
    made = client.get(f"{path}/{done['invoice_uuid']}.json").json
    assert (made["notes"], made["seller_signature"]) == ("później", client.firm.user.full_name)


@pytest.mark.parametrize("path", KINDS)
def test_even_an_invalid_document_is_accepted_and_refused_later(client: Client, path: str) -> None:
    body = {wrapper_of(path): least(client, path) | {"payment_method": "x", "sale_type": "x"}}
    refused = client.post(f"{path}.json", body)
    assert refused.status_code == 422

    accepted = handed_in(client, f"/async{path}.json", body)
    work(client.service)
    assert asked(client, accepted, path) == accepted | {
        "processing_code": 422,
        "processing_description": "Nie udało się stworzyć faktury",
        "invoice_errors": refused.json["errors"],
    }


def test_an_invoice_that_is_to_be_paid_later_is_named_from_the_start(client: Client) -> None:
    created = issue(client)

    for name in ("uuid", "id"):
        accepted = handed_in(client, f"/async/invoices/{created[name]}/paid.json", {"invoice": {}})
        assert (accepted["action"], accepted["invoice_kind"]) == ("mark_as_paid", "invoice")
        assert accepted["invoice_uuid"] == created["uuid"]
    assert again(client, created)["status"] == "draft"


def test_an_invoice_that_was_paid_later_is_paid(client: Client) -> None:
    created = issue(client)
    accepted = handed_in(client, f"/async/invoices/{created['uuid']}/paid.json", {"paid_date": "2026-11-25"})
    work(client.service)

    assert asked(client, accepted) == accepted | {
        "processing_code": 200,
        "processing_description": "Faktura została oznaczona jako zapłacona",
    }
    assert again(client, created) == created | {"status": "paid", "paid_date": "2026-11-25"}


def test_a_second_payment_is_accepted_and_refused_with_one_sentence(client: Client) -> None:
    created = issue(client)
    client.post(f"/invoices/{created['uuid']}/paid.json")
    accepted = handed_in(client, f"/async/invoices/{created['uuid']}/paid.json")
    work(client.service)

    assert asked(client, accepted) == accepted | {
        "processing_code": 422,
        "processing_description": "Nie udało się oznaczyć faktury jako zapłaconej",
        "invoice_errors": {"status": ALREADY},
    }


def test_nothing_is_handed_in_for_an_invoice_that_is_not_there(client: Client) -> None:
    correction = issue(client, CORRECTIVE)

    for name in ("999", correction["uuid"]):
        assert client.post(f"/async/invoices/{name}/paid.json").status_code == 404


def test_a_task_of_one_kind_is_not_asked_about_at_another(client: Client) -> None:
    accepted = handed_in(client, "/async/invoices.json", {})
    reference = accepted["invoice_task_reference_number"]

    assert client.get(f"/async/invoices/status/{reference}.json").status_code == 200
    for path in KINDS[1:]:
        assert client.get(f"/async{path}/status/{reference}.json").status_code == 404
