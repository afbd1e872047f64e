"""Section 1.8: what creates and updates mean."""

from typing import Any

import pytest

from faktura.dialects.fakturoid.tests.conftest import Client
from tests import needs

pytestmark = needs.ONE_ENGINE


def create(client: Client, **values: Any) -> dict[str, Any]:
    created = client.post("/subjects.json", {"name": "Karel"} | values)
    assert created.status_code == 201, created.text
    subject: dict[str, Any] = created.json
    return subject


def stored(client: Client, subject: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = client.get(f"/subjects/{subject['id']}.json").json
    return found


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_update_changes_only_the_attributes_that_are_sent(client: Client, method: str) -> None:
    subject = create(client, phone="1", city="Praha")

    changed = client.call(method, f"/subjects/{subject['id']}.json", {"phone": "2"})
    assert changed.status_code == 200
    assert changed.json == subject | {"phone": "2", "updated_at": changed.json["updated_at"]}
    assert stored(client, subject) == changed.json


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
def test_an_update_without_attributes_changes_nothing(client: Client, method: str) -> None:
    subject = create(client)

    for body in (b"{}", b""):
        unchanged = client.call(method, f"/subjects/{subject['id']}.json", raw=body)
        assert (unchanged.status_code, unchanged.json) == (200, subject)


def test_a_body_wrapped_in_the_name_of_the_resource_is_unwrapped(client: Client) -> None:
    created = client.post("/subjects.json", {"subject": {"name": "Karel", "phone": "1"}})

    assert (created.status_code, created.json["name"], created.json["phone"]) == (201, "Karel", "1")
    changed = client.patch(f"/subjects/{created.json['id']}.json", {"subject": {"phone": "2"}})
    assert (changed.status_code, changed.json["phone"]) == (200, "2")


def test_a_wrapper_of_another_name_is_an_unknown_attribute(client: Client) -> None:
    refused = client.post("/subjects.json", {"contact": {"name": "Karel"}})

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["name"])


@pytest.mark.parametrize("inner", [None, "text", ["name"], 1])
def test_what_stands_under_the_name_of_the_resource_and_is_no_object_is_unknown(client: Client, inner: Any) -> None:
    refused = client.post("/subjects.json", {"subject": inner})

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["name"])


def test_unknown_attributes_are_ignored(client: Client) -> None:
    subject = create(client, street2="x", tags=["a"], footer_note="x", enabled_reminders=True, nonsense={"a": [1]})

    assert not {"street2", "tags", "footer_note", "enabled_reminders", "nonsense"} & set(subject)


READ_ONLY = {
    "id": 999,
    "user_id": 999,
    "unreliable": True,
    "unreliable_checked_at": "2026-01-01T00:00:00Z",
    "html_url": "http://evil.example/",
    "url": "http://evil.example/",
    "created_at": "2000-01-01T00:00:00Z",
    "updated_at": "2000-01-01T00:00:00Z",
}


def test_read_only_attributes_are_ignored(client: Client) -> None:
    subject = create(client, **READ_ONLY)

    assert not [name for name, value in READ_ONLY.items() if subject[name] == value]
    unchanged = client.patch(f"/subjects/{subject['id']}.json", READ_ONLY)
    assert (unchanged.status_code, unchanged.json) == (200, subject)


def test_names_of_the_inside_are_unknown_attributes(client: Client) -> None:
    subject = create(client, account_id=999, version=7, role="supplier", due_days=3, created_by=999, postcode="1")

    assert (subject["type"], subject["due"], subject["zip"]) == ("customer", None, None)
    assert client.get("/subjects.json").json == [subject]


def test_a_whole_record_can_be_sent_back(client: Client) -> None:
    subject = create(client, custom_id="A-1", has_delivery_address=True, delivery_city="Brno", language="cz")

    unchanged = client.patch(f"/subjects/{subject['id']}.json", subject)
    assert (unchanged.status_code, unchanged.json) == (200, subject)


def test_a_null_on_create_is_the_default(client: Client) -> None:
    fresh = create(client)

    nulls = dict.fromkeys(name for name in fresh if name != "name")
    other = create(client, **nulls)
    own = {"id", "url", "html_url", "created_at", "updated_at"}
    assert {n: v for n, v in other.items() if n not in own} == {n: v for n, v in fresh.items() if n not in own}


def test_a_create_answers_with_the_address_of_the_record_as_location(client: Client) -> None:
    created = client.post("/subjects.json", {"name": "Karel"})

    assert created.headers["Location"].endswith(f"/{created.json['id']}.json")
    assert created.headers["Location"] == created.json["url"]


def test_only_a_create_answers_with_a_location(client: Client) -> None:
    subject = create(client)

    for answer in (
        client.get("/subjects.json"),
        client.patch(f"/subjects/{subject['id']}.json", {"phone": "1"}),
        client.post("/subjects.json", {}),
        client.delete(f"/subjects/{subject['id']}.json"),
    ):
        assert "Location" not in answer.headers


def test_of_an_attribute_sent_twice_the_last_one_counts(client: Client) -> None:
    created = client.post("/subjects.json", raw=b'{"name": "Karel", "phone": "1", "phone": "2"}')

    assert created.json["phone"] == "2"
