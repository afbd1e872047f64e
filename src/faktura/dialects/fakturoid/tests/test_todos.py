"""Section 2.17: todos, sentence by sentence."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import note_reliability
from faktura.core.documents.events import restate_due
from faktura.core.generators.recur import issue_due
from faktura.core.messages import Message, give_up
from faktura.core.people.users import Language
from faktura.core.received.due import list_due
from faktura.core.todos import TODO_NAMES, Todo
from faktura.dialects.fakturoid.tests.conftest import Client, Desk
from faktura.dialects.fakturoid.tests.test_permissions import allow
from faktura.dialects.fakturoid.todos import NAMES
from faktura.outputs.words.words import TODOS
from faktura.store.database import Database
from faktura.wire.service import Service
from tests.firm import open_firm


def todos(client: Client, **options: Any) -> list[dict[str, Any]]:
    answer = client.get("/todos.json", **options)
    assert answer.status_code == 200, answer.text
    return list(answer.json)


def toggle(client: Client, todo: dict[str, Any]) -> Any:
    return client.post(f"/todos/{todo['id']}/toggle_completion.json")


def late(desk: Desk) -> Any:
    return desk.issue(issued_on="2026-11-01", due=5)


def test_each_todo_has_a_name_and_words_in_every_language() -> None:
    assert NAMES.keys() == set(TODO_NAMES) == TODOS.keys()
    assert all(said.keys() == {"cs", "en", "pl"} for said in TODOS.values())


def test_a_todo_shows_the_attributes_of_the_table_in_its_order(desk: Desk) -> None:
    invoice = late(desk)

    [todo] = todos(desk.client)
    assert list(todo) == ["id", "name", "created_at", "completed_at", "text", "related_objects", "params"]
    assert (todo["name"], todo["completed_at"], todo["params"]) == ("invoice_overdue", None, {})
    assert todo["text"] == f"Doklad je po splatnosti: {invoice['number']}"
    assert todo["related_objects"] == [
        {"type": "Invoice", "id": invoice["id"]},
        {"type": "Subject", "id": desk.subject_id},
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The contact is an unreliable payer of VAT"),
        ("pl", "Kontrahent jest nierzetelnym płatnikiem VAT"),
    ],
)
def test_the_text_is_in_the_language_of_the_user(
    service: Service, database: Database, clock: Clock, language: Language, text: str
) -> None:
    client = Client(service, open_firm(database, clock, "pearcorp", language=language))
    subject = client.post("/subjects.json", {"name": "Odběratel"}).json
    client.write(lambda books: note_reliability(books, subject["id"], unreliable=True))

    assert [todo["text"] for todo in todos(client)] == [f"{text}: Odběratel"]


def test_toggle_completion_sets_completed_at_and_clears_it_again(desk: Desk) -> None:
    late(desk)
    [todo] = todos(desk.client)
    done = toggle(desk.client, todo)
    assert done.status_code == 200
    assert done.json["completed_at"] is not None
    assert done.json == todo | {"completed_at": done.json["completed_at"]}
    assert todos(desk.client) == [done.json]

    assert toggle(desk.client, todo).json == todo
    assert toggle(desk.client, {"id": todo["id"] + 1}).status_code == 404


def test_open_and_completed_ones_are_listed_newest_first(desk: Desk) -> None:
    first, second = late(desk), late(desk)
    toggle(desk.client, todos(desk.client)[1])

    found = todos(desk.client)
    assert [todo["related_objects"][0]["id"] for todo in found] == [second["id"], first["id"]]
    assert [todo["completed_at"] is None for todo in found] == [True, False]


def test_a_page_has_forty_todos(desk: Desk) -> None:
    invoice = late(desk)

    def add(books: Books) -> None:
        for _ in range(40):
            books.add(Todo, name="invoice_overdue", kind="invoices", record_id=invoice["id"], params={})

    desk.client.write(add)
    assert [len(todos(desk.client, params={"page": page})) for page in ("1", "2", "3")] == [40, 1, 0]


def test_since_is_inclusive_and_what_is_no_time_is_a_400(desk: Desk) -> None:
    clock = desk.client.service.clock
    for hour in (10, 11):
        clock.stand_at(dt.datetime(2026, 11, 21, hour, tzinfo=dt.UTC))
        late(desk)

    def since(text: str) -> int:
        return len(todos(desk.client, params={"since": text}))

    assert (since("2026-11-21T10:00:00Z"), since("2026-11-21T11:00:00Z"), since("2026-11-21T11:00:01Z")) == (2, 1, 0)
    refused = desk.client.get("/todos.json", params={"since": "yesterday"})
    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")


def test_a_letter_that_was_not_delivered_says_whom_it_was_for(desk: Desk) -> None:
    invoice = desk.issue()
    message = {"email": "nikdo@firma.example", "subject": "Doklad", "message": "Dobrý den"}
    desk.client.post(f"/invoices/{invoice['id']}/message.json", message)
    desk.client.write(lambda books: give_up(books, books.all(Message)[0].id, "550 No such user"))

    [todo] = todos(desk.client)
    assert (todo["name"], todo["params"]) == ("email_bounced", {"email": "nikdo@firma.example", "inactive": "false"})
    assert todo["related_objects"][0] == {"type": "Invoice", "id": invoice["id"]}


def test_an_expense_has_a_todo_before_its_due_date(desk: Desk) -> None:
    soon = (desk.client.service.clock.now() + dt.timedelta(days=2)).date().isoformat()
    of_it = {"subject_id": desk.subject_id, "due_on": soon}
    expense = desk.client.post("/expenses.json", of_it).json
    desk.client.post("/expenses.json", of_it | {"remind_due_date": False})
    desk.client.write(list_due)

    [todo] = todos(desk.client)
    assert todo["related_objects"][0] == {"type": "Expense", "id": expense["id"]}
    assert todo["text"].endswith(expense["number"])


def test_a_recurring_generator_that_has_ended_is_one_of_its_own_sort(desk: Desk) -> None:
    plan = {"start_date": "2020-01-01", "end_date": "2020-01-15", "months_period": 1, "name": "Nájem"}
    line = {"name": "Nájem", "unit_price": 1}
    generator = desk.client.post(
        "/recurring_generators.json", {"subject_id": desk.subject_id, "lines": [line], **plan}
    ).json
    desk.client.write(lambda books: issue_due(books, generator["id"]))

    found = next(todo for todo in todos(desk.client) if todo["name"] == "generator_finished")
    assert found["related_objects"][0] == {"type": "RecurringGenerator", "id": generator["id"]}
    assert found["text"].endswith(": Nájem")


def test_an_unreliable_subject_is_told_of(desk: Desk) -> None:
    desk.client.write(lambda books: note_reliability(books, desk.subject_id, unreliable=True))

    [todo] = todos(desk.client)
    assert todo["name"] == "subject_unreliable_vat_payer"
    assert todo["related_objects"] == [{"type": "Subject", "id": desk.subject_id}]
    assert desk.client.get(f"/subjects/{desk.subject_id}.json").json["unreliable"] is True


def test_an_item_below_its_minimum_is_told_of(desk: Desk) -> None:
    prices = {"native_purchase_price": "1", "native_retail_price": "2"}
    counted = {"name": "Mošt", "sku": "M-1", "track_quantity": True, "quantity": "1", "min_quantity": "5"}
    item = desk.client.post("/inventory_items.json", counted | prices).json

    [todo] = todos(desk.client)
    assert (todo["name"], todo["params"]) == ("inventory_item_low_quantity", {"inventory_item_id": str(item["id"])})
    assert (todo["text"], todo["related_objects"]) == ("Na skladě je málo kusů: Mošt", [])


def test_a_todo_ends_with_its_fact(desk: Desk) -> None:
    invoice = late(desk)
    desk.client.post(f"/invoices/{invoice['id']}/payments.json", {})
    assert [todo["completed_at"] is None for todo in todos(desk.client)] == [False]
    deleted = late(desk)
    desk.client.delete(f"/invoices/{deleted['id']}.json")
    assert len(todos(desk.client)) == 1


def test_the_nightly_flip_makes_a_todo(desk: Desk) -> None:
    desk.issue(due=3)
    assert todos(desk.client) == []
    later = desk.client.service.clock.now() + dt.timedelta(days=4)
    desk.client.write(lambda books: restate_due(Books(books.tx, books.account, None, later)))
    assert [todo["name"] for todo in todos(desk.client)] == ["invoice_overdue"]


@pytest.mark.parametrize(
    ("permission", "scopes", "seen", "status"),
    [
        ("owner", ("invoices", "expenses"), 1, 200),
        ("owner", ("expenses",), 0, 403),
        ("read", ("invoices",), 1, 403),
    ],
)
def test_whoever_may_not_see_or_change_it_does_not(
    desk: Desk, permission: Any, scopes: tuple[Any, ...], seen: int, status: int
) -> None:
    late(desk)
    [todo] = todos(desk.client)
    allow(desk.client, permission, scopes)

    assert len(todos(desk.client)) == seen
    assert toggle(desk.client, todo).status_code == status
