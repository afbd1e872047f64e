"""Section 2.15: recurring generators, their days, and how they are paused and activated."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import MOUNT, GeneratorDesk, RecurringDesk, line
from faktura.dialects.fakturoid.tests.generators.test_attributes import ORDER as OF_TEMPLATES
from faktura.dialects.fakturoid.tests.generators.test_attributes import SENT as TERMS
from faktura.dialects.fakturoid.tests.generators.test_attributes import SHOWN as TERMS_SHOWN
from tests import needs

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)

ORDER = """id custom_id name active proforma paypal gopay start_date end_date months_period next_occurrence_on
last_day_in_month tax_date_at_end_of_last_month due send_email"""

PLAN: dict[str, Any] = {
    "start_date": "2027-02-15",
    "end_date": "2028-02-15",
    "months_period": 3,
    "next_occurrence_on": "2027-03-20",
    "last_day_in_month": False,
    "send_email": True,
}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def test_one_of_which_little_is_said_has_what_the_contract_says(recurring: RecurringDesk) -> None:
    made = recurring.issue(line("100.0", 21, "2.5", unit_name="h"))

    after_due = OF_TEMPLATES.split()[OF_TEMPLATES.split().index("due") + 1 :]
    assert list(made) == [*ORDER.split(), *after_due]
    assert {name: made[name] for name in TERMS_SHOWN} == TERMS_SHOWN
    plan = {name: made[name] for name in ("active", *PLAN)}
    assert plan == {
        "active": True,
        "start_date": "2027-01-31",
        "end_date": None,
        "months_period": 1,
        "next_occurrence_on": "2027-01-31",
        "last_day_in_month": False,
        "send_email": False,
    }


@pytest.mark.parametrize("first", [TERMS | PLAN, {}])
def test_what_is_sent_is_kept_and_shown_on_create_and_on_update(
    recurring: RecurringDesk, first: dict[str, Any]
) -> None:
    sent = TERMS | PLAN
    made = recurring.issue(**first)
    kept = made if first else recurring.change(made, **sent)

    assert {name: kept[name] for name in sent} == sent
    assert recurring.change(kept, **kept) == kept
    assert recurring.issue(months_period="12", active=False)["active"] is True


def test_its_address_is_that_of_a_template_and_leads_to_it(recurring: RecurringDesk, generators: GeneratorDesk) -> None:
    body = {"name": "Nájem", "subject_id": recurring.subject_id, "start_date": "2027-01-01", "months_period": 1}
    answer = recurring.client.post("/recurring_generators.json", body)

    made, root = answer.json, f"http://faktura.example{MOUNT}/accounts/applecorp"
    assert made["html_url"] == f"http://faktura.example/applecorp/recurring_generators/{made['id']}"
    assert made["url"] == answer.headers["location"] == f"{root}/generators/{made['id']}.json"
    assert generators.read(made) == recurring.read(made) == made
    assert generators.change(made, note="x", months_period=2)["months_period"] == 2


def test_the_two_sorts_share_ids_and_are_listed_apart(recurring: RecurringDesk, generators: GeneratorDesk) -> None:
    plain, own = generators.issue(), recurring.issue()

    assert own["id"] > plain["id"]
    assert generators.listed() == [plain]
    assert recurring.listed() == recurring.listed(f"subject_id={recurring.subject_id}") == [own]
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("PATCH", "/pause"), ("PATCH", "/activate")):
        answer = recurring.client.call(method, f"/recurring_generators/{plain['id']}{path}.json")
        assert (answer.status_code, answer.json["error"]) == (404, "resource_not_found")
    assert recurring.client.delete(f"/recurring_generators/{own['id']}.json").status_code == 204
    assert recurring.listed() == []


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("start_date", None, "je povinná položka"),
        ("start_date", "soon", "není datum"),
        ("end_date", "2027-01-30", "je neplatná hodnota"),
        ("next_occurrence_on", "2027-01-30", "je neplatná hodnota"),
        ("next_occurrence_on", "0001-01-01", "není datum"),
        ("months_period", 0, "musí být větší než 0"),
        ("months_period", "x", "není číslo"),
        ("months_period", 1201, "je příliš velké číslo"),
        ("last_day_in_month", "maybe", "není ano/ne"),
        ("send_email", "maybe", "není ano/ne"),
        ("oss", "x", "není v seznamu povolených hodnot"),
    ],
)
def test_what_breaks_a_rule_is_told_under_its_key_and_nothing_is_stored(
    recurring: RecurringDesk, name: str, value: Any, told: str
) -> None:
    assert recurring.refusal(**{name: value})[name] == [told]
    assert recurring.change_refusal(recurring.issue(), **{name: value})[name] == [told]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("start_date", None, "je povinná položka"),
        ("end_date", "2027-01-30", "je neplatná hodnota"),
        ("next_occurrence_on", "0001-01-01", "není datum"),
        ("months_period", 0, "musí být větší než 0"),
    ],
)
def test_at_the_address_of_a_template_too_it_is_told_under_its_key(
    recurring: RecurringDesk, generators: GeneratorDesk, name: str, value: Any, told: str
) -> None:
    assert generators.change_refusal(recurring.issue(), **{name: value})[name] == [told]


def test_what_must_be_said_is_told_together(recurring: RecurringDesk) -> None:
    blank = ["je povinná položka"]

    assert recurring.refusal(start_date=None, months_period=None, name="") == {
        "name": blank,
        "start_date": blank,
        "months_period": blank,
    }


def test_the_next_day_follows_another_start_until_one_is_said(recurring: RecurringDesk) -> None:
    made = recurring.issue()

    moved = recurring.change(made, start_date="2027-03-05")
    assert moved["next_occurrence_on"] == "2027-03-05"
    said = recurring.change(moved, next_occurrence_on="2027-04-10")
    assert recurring.change(said, start_date="2027-03-01")["next_occurrence_on"] == "2027-04-10"


def test_on_the_last_day_of_the_month_also_where_another_is_said(recurring: RecurringDesk) -> None:
    made = recurring.issue(start_date="2027-02-10", last_day_in_month=True)
    assert (made["start_date"], made["next_occurrence_on"]) == ("2027-02-10", "2027-02-28")

    path = f"/recurring_generators/{made['id']}"
    recurring.client.patch(f"{path}/pause.json")
    again = recurring.client.patch(f"{path}/activate.json", {"next_occurrence_on": "2028-02-03"})
    assert again.json["next_occurrence_on"] == "2028-02-29"


def test_paused_and_activated_without_a_body_it_goes_on_in_the_future(recurring: RecurringDesk) -> None:
    made = recurring.issue(start_date="2026-08-31")
    path = f"/recurring_generators/{made['id']}"

    paused = recurring.client.patch(f"{path}/pause.json")
    assert (paused.status_code, paused.json["active"]) == (200, False)
    active = recurring.client.patch(f"{path}/activate.json")
    assert (active.status_code, active.json["active"]) == (200, True)
    assert active.json["next_occurrence_on"] == "2026-11-30"
    assert [one.name for one in happened(recurring)][1:] == ["generator_paused", "generator_activated"]


def test_a_day_it_goes_on_is_in_the_future(recurring: RecurringDesk) -> None:
    made = recurring.issue()
    path = f"/recurring_generators/{made['id']}"
    paused = recurring.client.patch(f"{path}/pause.json").json

    for day, told in (("2026-11-20", "je neplatná hodnota"), ("x", "není datum")):
        refused = recurring.client.patch(f"{path}/activate.json", {"next_occurrence_on": day})
        assert (refused.status_code, refused.json) == (422, {"errors": {"next_occurrence_on": [told]}})
    assert recurring.read(made) == paused
    again = recurring.client.patch(f"{path}/activate.json", {"next_occurrence_on": "2026-11-21"})
    assert again.json["next_occurrence_on"] == "2026-11-21"


def test_what_is_so_already_is_told(recurring: RecurringDesk) -> None:
    path = f"/recurring_generators/{recurring.issue()['id']}"

    def told(verb: str) -> Any:
        answer = recurring.client.patch(f"{path}/{verb}.json")
        return answer.status_code, answer.json

    assert told("activate") == (422, {"errors": {"generator": ["Generator is already active"]}})
    assert told("pause")[0] == 200
    assert told("pause") == (422, {"errors": {"generator": ["Generator is already paused"]}})


def test_past_its_end_it_is_finished(recurring: RecurringDesk) -> None:
    made = recurring.issue(end_date="2027-02-10")
    over = recurring.change(made, next_occurrence_on="2027-02-11")

    assert over["next_occurrence_on"] is None
    for verb in ("pause", "activate"):
        answer = recurring.client.patch(f"/recurring_generators/{made['id']}/{verb}.json")
        assert (answer.status_code, answer.json) == (422, {"errors": {"generator": ["Generator is already finished"]}})


def test_the_events_call_it_what_it_is(recurring: RecurringDesk, generators: GeneratorDesk) -> None:
    made, plain = recurring.issue(), generators.issue()
    path = f"/recurring_generators/{made['id']}"
    recurring.client.patch(f"{path}/pause.json")
    recurring.client.patch(f"{path}/activate.json")
    recurring.change(made, next_occurrence_on="2027-03-01")
    recurring_one = {"type": "RecurringGenerator", "id": made["id"]}

    def told() -> list[Any]:
        shown = recurring.listed(path="/events.json")
        return [(one["name"], one["related_objects"][0]) for one in shown if one["name"].startswith("generator_")]

    assert told() == [
        ("generator_next_occurrence_on_changed", recurring_one),
        ("generator_activated", recurring_one),
        ("generator_paused", recurring_one),
    ]
    recurring.client.delete(f"{path}.json")
    generators.client.delete(f"/generators/{plain['id']}.json")
    assert told()[:2] == [
        ("generator_removed", {"type": "Generator", "id": plain["id"]}),
        ("generator_removed", recurring_one),
    ]


def happened(recurring: RecurringDesk) -> list[Happening]:
    def work(books: Books) -> list[Happening]:
        return [one for one in books.all(Happening) if one.kind == "generators"]

    return recurring.client.write(work)
