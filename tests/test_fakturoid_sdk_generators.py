"""A client library of somebody else, unmodified, keeps templates in the running sandbox."""

from typing import Any

import pytest
from fakturoid_sdk import FakturoidClient

from tests import needs, sandboxes
from tests.fakturoid_sdk import Sandbox, failure

pytestmark = needs.FAKTUROID

LINES = [{"name": "Úklid za #m#/#y#", "quantity": "2.5", "unit_name": "h", "unit_price": "100", "vat_rate": 21}]


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


def test_a_generator_lives_from_create_to_delete(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        subject: Any = await client.subjects.create({"name": "Odběratel a.s."})
        wanted = {"name": "Úklid", "subject_id": subject["id"], "lines": LINES, "tags": ["sdk", "léto"]}
        created: Any = await client.generators.create(wanted)
        assert (created["total"], created["tags"]) == ("302.5", ["sdk", "léto"])
        assert await client.generators.get(created["id"]) == created

        changed: Any = await client.generators.update(created["id"], {"note": "Díky", "lines": created["lines"]})
        assert (changed["note"], changed["lines"]) == ("Díky", created["lines"])
        assert await client.generators.list(subject_id=subject["id"]) == [changed]
        assert await client.generators.delete(created["id"]) is None

    sandbox.drive(work)


def test_the_example_templates_are_there(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        return await client.generators.list()

    shown: Any = sandbox.drive(work)
    assert [one["name"] for one in shown] == ["Záloha na konzultace", "Marmelády do lékárny"]
    assert [one["proforma"] for one in shown] == [True, False]


def test_a_recurring_generator_is_paused_and_goes_on(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        subject: Any = await client.subjects.create({"name": "Odběratel a.s."})
        plan = {"start_date": "2099-01-31", "months_period": 1, "last_day_in_month": True}
        wanted = {"name": "Nájem", "subject_id": subject["id"], "lines": LINES, **plan}
        created: Any = await client.recurring_generators.create(wanted)
        assert (created["active"], created["next_occurrence_on"]) == (True, "2099-01-31")
        assert await client.recurring_generators.get(created["id"]) == created
        assert await client.recurring_generators.list(subject_id=subject["id"]) == [created]
        changed: Any = await client.recurring_generators.update(created["id"], {"send_email": True})
        assert changed["send_email"] is True
        paused: Any = await client.recurring_generators.pause(created["id"])
        active: Any = await client.recurring_generators.activate(created["id"], {"next_occurrence_on": "2099-02-01"})
        assert (paused["active"], active["active"]) == (False, True)
        assert active["next_occurrence_on"] == "2099-02-28"
        assert await client.recurring_generators.delete(created["id"]) is None

    sandbox.drive(work)


def test_a_refusal_arrives_as_the_clients_own_error(sandbox: Sandbox) -> None:
    refused = failure(sandbox, lambda client: client.generators.create({"lines": LINES}))

    assert refused.status_code == 422
    assert refused.response.get_body(return_json_as_dict=True)["errors"].keys() == {"name", "subject_id"}
