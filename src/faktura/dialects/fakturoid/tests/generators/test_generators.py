"""Section 2.14: the endpoints of generators."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import GeneratorDesk, line
from faktura.store.queries import Condition, Order, Selection
from tests import needs

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 11, 20, 11, 15, tzinfo=dt.UTC)
BODY: dict[str, Any] = {"name": "Paušál", "lines": [line(100)]}


def ids(found: Any) -> list[int]:
    return [one["id"] for one in found]


def events(generators: GeneratorDesk) -> list[Happening]:
    chosen = Selection((Condition("kind", "eq", "generators"),), order=(Order("id"),))
    return generators.client.write(lambda books: books.all(Happening, chosen))


def test_the_newest_comes_first_and_forty_are_on_a_page(generators: GeneratorDesk) -> None:
    made = [generators.issue()["id"] for _ in range(41)]

    assert ids(generators.listed()) == made[:0:-1]
    assert ids(generators.listed("page=2")) == made[:1]
    assert generators.listed("page=3") == []
    assert generators.listed("page=x") == generators.listed("page=0") == generators.listed()


def test_filters_by_subject_and_time_go_together(generators: GeneratorDesk, clock: Clock) -> None:
    clock.stand_at(NOON)
    first = generators.issue()
    clock.stand_at(NOON + dt.timedelta(hours=1))
    other = generators.add_subject()["id"]
    second = generators.issue(subject_id=other)
    clock.stand_at(NOON + dt.timedelta(hours=2))
    generators.change(first, note="x")

    assert ids(generators.listed(f"subject_id={other}")) == [second["id"]]
    assert generators.listed("subject_id=x") == generators.listed("subject_id=999999") == []
    assert ids(generators.listed("since=2026-11-20T13:15:00%2B01:00")) == [second["id"]]
    assert ids(generators.listed("updated_since=2026-11-20T13:15:01%2B01:00")) == [first["id"]]
    assert ids(generators.listed(f"since=2026-11-20&subject_id={generators.subject_id}")) == [first["id"]]
    assert generators.listed("custom_id=7&query=x&per_page=1") == generators.listed()


@pytest.mark.parametrize("name", ["since", "updated_since"])
def test_a_time_that_cannot_be_read_is_400(generators: GeneratorDesk, name: str) -> None:
    answer = generators.client.get("/generators.json", query_string=f"{name}=yesterday")

    assert (answer.status_code, answer.json["error"]) == (400, "invalid_request")
    assert answer.json["error_description"] == f'Parameter "{name}" is invalid'


def test_what_is_not_there_is_404(generators: GeneratorDesk) -> None:
    for method, body in (("GET", None), ("PATCH", {"name": "x"}), ("DELETE", None)):
        answer = generators.client.call(method, "/generators/7.json", body)
        assert (answer.status_code, answer.json["error"]) == (404, "resource_not_found")


def test_a_put_is_a_patch(generators: GeneratorDesk) -> None:
    made = generators.issue()

    changed = generators.client.call("PUT", f"/generators/{made['id']}.json", {"note": "Nová"})
    assert (changed.status_code, changed.json["note"], changed.json["name"]) == (200, "Nová", made["name"])


def test_a_deleted_generator_is_gone(generators: GeneratorDesk) -> None:
    made = generators.issue()

    answer = generators.client.delete(f"/generators/{made['id']}.json")
    assert (answer.status_code, answer.text) == (204, "")
    assert generators.client.get(f"/generators/{made['id']}.json").status_code == 404
    assert generators.client.delete(f"/generators/{made['id']}.json").status_code == 404
    assert generators.listed() == []


def test_without_a_bank_account_none_is_made(generators: GeneratorDesk) -> None:
    made = generators.issue()

    def remove_all(books: Books) -> None:
        for bank_account in books.all(BankAccount):
            books.remove(bank_account)

    generators.client.write(remove_all)

    refused = generators.client.post("/generators.json", BODY | {"subject_id": generators.subject_id})
    address = "http://faktura.example/applecorp/settings/bank_accounts"
    told = f"You have to setup bank account in your Fakturoid account {address} to create a generator."
    assert (refused.status_code, refused.json) == (403, {"errors": {"bank_account": [told]}})
    assert generators.listed() == [made]
    assert generators.change(made, note="x")["note"] == "x"


def test_the_bank_account_named_may_be_gone_later(generators: GeneratorDesk) -> None:
    named = generators.client.write(
        lambda books: books.add(BankAccount, name="Druhý", currency="CZK", number="9/0300").id
    )
    made = generators.issue(bank_account_id=str(named))
    assert made["bank_account_id"] == named

    generators.client.write(lambda books: books.remove(books.find(BankAccount, named)))

    assert generators.change(made, **made) == made
    told = {"bank_account_id": ["není v seznamu povolených hodnot"]}
    assert generators.refusal(bank_account_id=named) == told


def test_the_history_says_who_made_changed_and_deleted_it(generators: GeneratorDesk) -> None:
    made = generators.issue()
    generators.change(made, note="Nová")
    generators.change(made, note="Nová")
    generators.client.delete(f"/generators/{made['id']}.json")

    happened = events(generators)
    assert [one.name for one in happened] == ["generator_added", "generator_changed", "generator_deleted"]
    assert {one.user_id for one in happened} == {generators.client.firm.user.id}
    assert happened[1].details == {"note": (None, "Nová")}
    assert (happened[2].snapshot or {})["name"] == "Paušál"


def test_what_is_refused_leaves_no_event(generators: GeneratorDesk) -> None:
    generators.refusal(oss="x")

    assert events(generators) == []


def test_a_single_generator_carries_an_etag(generators: GeneratorDesk) -> None:
    made = generators.issue()
    path = f"/generators/{made['id']}.json"
    tag = generators.client.get(path).headers["etag"]

    assert generators.client.get(path, headers={"If-None-Match": tag}).status_code == 304
    changed = generators.client.patch(path, {"note": "x"}, headers={"If-Match": tag})
    assert (changed.status_code, changed.headers["etag"] != tag) == (200, True)
    assert generators.client.patch(path, {"note": "y"}, headers={"If-Match": tag}).status_code == 412
    assert generators.client.delete(path, headers={"If-Match": tag}).status_code == 412


def test_a_create_with_a_key_takes_effect_once(generators: GeneratorDesk) -> None:
    body = BODY | {"subject_id": generators.subject_id}
    headers = {"Idempotency-Key": "template-1"}

    first = generators.client.post("/generators.json", body, headers=headers)
    again = generators.client.post("/generators.json", body, headers=headers)

    assert (first.status_code, again.json) == (201, first.json)
    assert again.headers["location"] == first.headers["location"]
    assert len(generators.listed()) == 1
