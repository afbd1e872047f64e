"""An extra that no peer has: single records carry an ETag, and `If-Match` keeps one client from undoing another."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.dialects.infakt.tests.conftest import Client

SERVICE = {"name": "Rower", "tax_symbol": "23", "quantity": 1, "unit_net_price": 6623}
BUYER = {"client_company_name": "Firma A", "client_business_activity_kind": "other_business"}

WRAPPED: dict[str, dict[str, Any]] = {
    "clients": {"client": {"company_name": "Gęśl"}},
    "products": {"product": {"name": "Rower", "tax_symbol": 23, "quantity": 2.5, "unit_net_price": 100}},
    "bank_accounts": {"bank_account": {"bank_name": "Bank", "account_number": "1"}},
    "invoices": {"invoice": {**BUYER, "services": [SERVICE]}},
}
CHANGED: dict[str, dict[str, Any]] = {
    "clients": {"client": {"city": "Kraków"}},
    "products": {"product": {"name": "Wóz"}},
    "bank_accounts": {"bank_account": {"bank_name": "Inny"}},
    "invoices": {"invoice": {"notes": "Uwaga"}},
}


def create(client: Client, many: str) -> tuple[str, str]:
    """The address and the tag of a new record."""
    created = client.post(f"/{many}.json", WRAPPED[many])
    assert created.status_code == 201, created.text
    named = "uuid" if many == "invoices" else "id"
    return f"/{many}/{created.json[named]}.json", created.headers["ETag"]


@pytest.mark.parametrize("many", WRAPPED)
def test_every_single_record_carries_a_tag_that_changes_with_it(client: Client, many: str) -> None:
    path, tag = create(client, many)
    assert client.get(path).headers["ETag"] == tag

    changed = client.put(path, CHANGED[many])
    assert changed.headers["ETag"] == client.get(path).headers["ETag"] != tag


@pytest.mark.parametrize("many", WRAPPED)
def test_who_has_the_record_is_told_so_without_a_body(client: Client, many: str) -> None:
    path, tag = create(client, many)
    for condition in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        spared = client.get(path, headers={"If-None-Match": condition})
        assert (spared.status_code, spared.content, spared.headers["ETag"]) == (304, b"", tag)

    client.put(path, CHANGED[many])
    whole = client.get(path, headers={"If-None-Match": tag})
    assert whole.status_code == 200
    assert whole.json


@pytest.mark.parametrize("many", WRAPPED)
def test_a_change_is_refused_where_the_record_is_another_by_now(client: Client, many: str) -> None:
    path, tag = create(client, many)
    assert client.put(path, CHANGED[many], headers={"If-Match": tag}).status_code == 200
    now = client.get(path)

    for method, body in (("PUT", WRAPPED[many]), ("PATCH", WRAPPED[many]), ("DELETE", None)):
        late = client.call(method, path, body, headers={"If-Match": tag})
        assert (late.status_code, list(late.json)) == (412, ["error"])
    assert client.get(path).content == now.content
    assert client.delete(path, headers={"If-Match": now.headers["ETag"]}).status_code == 204


def test_what_is_done_to_a_record_keeps_the_condition_as_well(client: Client) -> None:
    path, tag = create(client, "invoices")
    assert client.put(path, CHANGED["invoices"]).status_code == 200
    record = path.removesuffix(".json")

    for action in (f"{record}/paid", f"{record}/share_links", f"/async{record}/paid"):
        assert client.post(f"{action}.json", {}, headers={"If-Match": tag}).status_code == 412
    assert client.get(path).json["status"] == "draft"


def test_a_part_of_a_record_has_a_tag_of_its_own(client: Client) -> None:
    for many, field in (("clients", "city"), ("invoices", "notes")):
        path, tag = create(client, many)
        part = client.get(path, query_string=f"fields={field}").headers["ETag"]
        assert part != tag
        assert client.get(path, query_string=f"fields={field}", headers={"If-None-Match": tag}).status_code == 200
        assert client.get(path, query_string=f"fields={field}", headers={"If-None-Match": part}).status_code == 304
        assert client.put(path, CHANGED[many], headers={"If-Match": part}).status_code == 200


def test_a_link_that_an_invoice_is_shared_by_is_seen_although_the_invoice_is_the_same(
    client: Client, clock: Clock
) -> None:
    path, tag = create(client, "invoices")
    client.post(path.replace(".json", "/share_links.json"), {})
    shared = client.get(path, headers={"If-None-Match": tag})
    assert shared.status_code == 200
    assert shared.json["extensions"]["shares"]["link"]

    clock.stand_at(clock.now() + dt.timedelta(days=40))
    assert client.get(path, headers={"If-None-Match": shared.headers["ETag"]}).status_code == 200
    assert client.put(path, CHANGED["invoices"], headers={"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("many", WRAPPED)
def test_an_id_that_is_none_is_a_404_whatever_the_condition(client: Client, many: str) -> None:
    create(client, many)
    answer = client.put(f"/{many}/9.07e-57.json", CHANGED[many], headers={"If-Match": '"1-0"'})
    assert answer.status_code == 404, answer.text
