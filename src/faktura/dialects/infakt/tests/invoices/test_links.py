"""Sections 6, 7, 9 and 10: an advance is taken off once, a correction keeps its currency, what is paid is paid."""

import pytest

from faktura.core.clock import Clock
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    ADVANCE,
    CORRECTIVE,
    FINAL,
    INVOICES,
    NOON,
    NOT_LISTED,
    Json,
    add_client,
    again,
    change,
    issue,
    pair,
    refusal,
    refused_change,
    service_of,
)

USED = {"previous_advance_id": [NOT_LISTED]}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def refused_after(client: Client, advance: Json, path: str, **values: object) -> Json:
    wrapper = path.strip("/").removesuffix("s")
    body = {"previous_advance_id": advance["id"], "payment_method": "cash"} | values
    refused = client.post(f"{path}.json", {wrapper: body})
    assert refused.status_code == 422, refused.text
    errors: Json = refused.json["errors"]
    return errors


def test_an_advance_has_one_document_that_goes_on_from_it(client: Client) -> None:
    first = issue(client, ADVANCE, advance_price=400, services=[service_of(1000)])
    second = issue(client, ADVANCE, advance_price=300, previous_advance_id=first["id"], services=[service_of(1000)])

    assert refused_after(client, first, ADVANCE, advance_price=100) == USED
    assert refused_after(client, first, FINAL) == USED
    final = issue(client, FINAL, previous_advance_id=second["id"])
    assert final["left_to_pay"] == 530
    assert refused_after(client, second, FINAL) == USED
    assert client.delete(f"{FINAL}/{final['uuid']}.json").status_code == 204
    assert issue(client, FINAL, previous_advance_id=second["id"])["left_to_pay"] == 530


def test_an_advance_of_another_client_or_currency_is_not_taken_off(client: Client) -> None:
    advance = issue(client, ADVANCE)

    assert refused_after(client, advance, FINAL, client_company_name="Inna") == USED
    assert refused_after(client, advance, FINAL, currency="EUR") == USED


def test_another_price_of_an_advance_shows_in_what_follows_it(client: Client) -> None:
    first = issue(client, ADVANCE, advance_price=400, services=[service_of(1000)])
    final = issue(client, FINAL, previous_advance_id=first["id"])
    assert final["left_to_pay"] == 830

    change(client, first, ADVANCE, advance_price=700)

    now = again(client, final, FINAL)
    assert (now["left_to_pay"], now["previous_advances"][0]["advance_price"]) == (530, 700)


def test_a_correction_without_a_currency_has_that_of_its_original(client: Client) -> None:
    original = issue(client, currency="EUR")
    rows = pair(1, service_of(), service_of(9000))

    corrected = issue(client, CORRECTIVE, corrected_invoice_number=original["number"], services=rows)
    assert corrected["currency"] == "EUR"


@pytest.mark.parametrize("name", ["uuid", "number"])
def test_a_correction_is_of_the_client_of_its_original(client: Client, name: str) -> None:
    original = issue(client)
    other = add_client(client, company_name="Inna")["id"]
    named = {f"corrected_invoice_{name}": original[name], "corrected_invoice_number": original["number"]}

    assert refusal(client, CORRECTIVE, client_id=other, **named) == {"corrected_invoice_uuid": [NOT_LISTED]}
    correction = issue(client, CORRECTIVE, **named)
    assert refused_change(client, correction, CORRECTIVE, client_id=other) == {"corrected_invoice_uuid": [NOT_LISTED]}


def test_one_of_two_corrections_that_is_deleted_frees_nothing(client: Client) -> None:
    original = issue(client)
    first, second = (issue(client, CORRECTIVE, corrected_invoice_number=original["number"]) for _ in range(2))

    assert client.delete(f"{CORRECTIVE}/{second['uuid']}.json").status_code == 204
    assert client.delete(f"{INVOICES}/{original['uuid']}.json").status_code == 422
    assert client.delete(f"{CORRECTIVE}/{first['uuid']}.json").status_code == 204
    assert client.delete(f"{INVOICES}/{original['uuid']}.json").status_code == 204


def test_an_invoice_is_paid_when_its_paid_price_reaches_its_total_and_open_when_it_grows(client: Client) -> None:
    invoice = issue(client, services=[service_of(1000)])

    paid = change(client, invoice, paid_price=1230)
    assert (paid["status"], paid["left_to_pay"]) == ("paid", 0)
    grown = change(client, invoice, services=[service_of(2000)])
    assert (grown["status"], grown["paid_date"], grown["left_to_pay"]) == ("draft", None, 1230)
