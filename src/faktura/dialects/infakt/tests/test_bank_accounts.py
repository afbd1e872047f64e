"""Section 5: bank accounts."""

import threading
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.dialects.infakt.bank_accounts import BANK_ACCOUNT
from faktura.dialects.infakt.tests.conftest import Client
from faktura.store.database import Database
from tests.firm import open_firm

BLANK = "nie może być puste"

ATTRIBUTES = ["id", "bank_name", "account_number", "swift", "default", "currency", "custom_name"]

SENT: dict[str, Any] = {
    "bank_name": "Bank Łódzki",
    "account_number": "61109010140000071219812874",
    "swift": "WBKPPLPP",
    "default": True,
    "currency": "EUR",
    "custom_name": "Konto główne",
}


def create(client: Client, **values: Any) -> dict[str, Any]:
    body = {"bank_name": "Bank Łódzki", "account_number": "61109010140000071219812874"} | values
    created = client.post("/bank_accounts.json", {"bank_account": body})
    assert created.status_code == 201, created.text
    found: dict[str, Any] = created.json
    return found


def change(client: Client, bank_account_id: int, **values: Any) -> dict[str, Any]:
    changed = client.put(f"/bank_accounts/{bank_account_id}.json", {"bank_account": values})
    assert changed.status_code == 200, changed.text
    found: dict[str, Any] = changed.json
    return found


def defaults(client: Client) -> list[int]:
    listed = client.get("/bank_accounts.json", query_string="limit=100").json["entities"]
    return [found["id"] for found in listed if found["default"]]


def kept(client: Client) -> list[BankAccount]:
    def read(tx: Any) -> list[BankAccount]:
        return Books(tx, client.firm.account, None, client.service.clock.now()).all(BankAccount)

    return client.service.database.read(read)


def test_a_bank_account_has_every_attribute_in_the_order_of_the_table(client: Client) -> None:
    assert list(create(client)) == ATTRIBUTES


def test_every_writable_attribute_comes_back_as_it_was_sent(client: Client) -> None:
    created = create(client, **SENT)

    assert created == {"id": created["id"]} | SENT
    assert client.get(f"/bank_accounts/{created['id']}.json").json == created
    assert client.get("/bank_accounts.json").json["entities"] == [created]


def test_no_writable_attribute_was_forgotten_above() -> None:
    assert {field.name for field in BANK_ACCOUNT.fields if field.access != "read"} == set(SENT)


@pytest.mark.parametrize("name", SENT)
def test_every_writable_attribute_can_be_changed_alone(client: Client, name: str) -> None:
    created = create(client, bank_name="Inny", account_number="1")

    assert change(client, created["id"], **{name: SENT[name]}) == created | {name: SENT[name]}


def test_a_fresh_bank_account_has_the_defaults_of_the_table(client: Client) -> None:
    fresh = create(client)

    assert (fresh["swift"], fresh["default"], fresh["currency"], fresh["custom_name"]) == ("", False, "PLN", None)


@pytest.mark.parametrize("name", ["bank_name", "account_number"])
@pytest.mark.parametrize("value", ["", " ", None])
def test_bank_name_and_account_number_are_required(client: Client, name: str, value: str | None) -> None:
    body = {"bank_name": "Bank", "account_number": "1", "custom_name": "Konto"} | {name: value}

    refused = client.post("/bank_accounts.json", {"bank_account": body})
    assert (refused.status_code, refused.json["errors"]) == (422, {name: [BLANK]})
    assert client.get("/bank_accounts.json").json["entities"] == []


def test_what_is_missing_is_told_at_once(client: Client) -> None:
    refused = client.post("/bank_accounts.json", {"bank_account": {}})

    assert refused.json["errors"] == {"bank_name": [BLANK], "account_number": [BLANK]}


@pytest.mark.parametrize("name", ["bank_name", "account_number"])
def test_neither_can_be_taken_away(client: Client, name: str) -> None:
    created = create(client, custom_name="Konto")

    refused = client.put(f"/bank_accounts/{created['id']}.json", {"bank_account": {name: ""}})
    assert (refused.status_code, refused.json["errors"]) == (422, {name: [BLANK]})


def test_a_number_may_come_with_blanks(client: Client) -> None:
    created = create(client, account_number="61 1090 1014 0000 0712 1981 2874")

    assert created["account_number"] == "61109010140000071219812874"
    for spelling in ("61+1090+1014+0000+0712+1981+2874", "61109010140000071219812874"):
        found = client.get("/bank_accounts.json", query_string=f"q[account_number_eq]={spelling}")
        assert found.json["entities"] == [created]


def test_a_number_may_be_an_iban_with_the_letters_of_its_country(client: Client) -> None:
    assert create(client, account_number="HU42117730161111101800000000")["account_number"][:2] == "HU"


@pytest.mark.parametrize(
    ("number", "iban"),
    [
        ("61109010140000071219812874", "PL61109010140000071219812874"),
        ("PL61109010140000071219812874", "PL61109010140000071219812874"),
        ("HU42117730161111101800000000", "HU42117730161111101800000000"),
        ("61109010140000071219812875", None),
        ("123", None),
    ],
)
def test_the_iban_is_known_where_it_follows_from_the_number(client: Client, number: str, iban: str | None) -> None:
    create(client, account_number=number)

    assert [found.iban for found in kept(client)] == [iban]


def test_the_iban_follows_a_change_of_the_number(client: Client) -> None:
    created = create(client)
    change(client, created["id"], account_number="123")

    assert [found.iban for found in kept(client)] == [None]


def test_at_most_one_bank_account_is_the_default(client: Client) -> None:
    first, second = create(client, default=True), create(client, default=True)

    assert defaults(client) == [second["id"]]
    change(client, first["id"], default=True)
    assert defaults(client) == [first["id"]]
    change(client, first["id"], default=False)
    assert defaults(client) == []


def test_a_default_one_can_be_deleted(client: Client) -> None:
    created = create(client, default=True)

    assert client.delete(f"/bank_accounts/{created['id']}.json").status_code == 204
    assert defaults(client) == []


def test_at_most_one_is_the_default_when_many_are_made_at_once(client: Client) -> None:
    threads = [threading.Thread(target=create, args=(client,), kwargs={"default": True}) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(kept(client)) == 8
    assert len(defaults(client)) == 1


def test_the_newest_stands_first(client: Client) -> None:
    made = [create(client)["id"] for _ in range(3)]

    assert [found["id"] for found in client.get("/bank_accounts.json").json["entities"]] == made[::-1]


def test_without_a_custom_name_the_account_is_called_by_its_bank(client: Client) -> None:
    created = create(client)

    assert [found.name for found in kept(client)] == ["Bank Łódzki"]
    assert change(client, created["id"], bank_name="Inny")["custom_name"] is None
    assert [found.name for found in kept(client)] == ["Inny"]


def test_one_name_given_by_somebody_else_is_taken_for_the_banks(client: Client) -> None:
    def add(tx: Any) -> BankAccount:
        books = Books(tx, client.firm.account, None, client.service.clock.now())
        return books.add(BankAccount, name="Konto główne", currency="PLN", number="1")

    bank_account = client.service.database.write(add)
    shown = client.get(f"/bank_accounts/{bank_account.id}.json").json
    assert (shown["bank_name"], shown["custom_name"]) == ("Konto główne", None)
    assert change(client, bank_account.id, custom_name="Nowe") == shown | {"custom_name": "Nowe"}


def test_an_unknown_currency_is_refused(client: Client) -> None:
    body = {"bank_name": "Bank", "account_number": "1", "currency": "XYZ"}

    refused = client.post("/bank_accounts.json", {"bank_account": body})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["currency"])


@pytest.mark.parametrize("query", ["q[bank_name_eq]=Bank+%C5%81%C3%B3dzki", "q[bank_name_cont]=%C5%82%C3%B3dz"])
def test_bank_accounts_are_searched_by_bank_name(client: Client, query: str) -> None:
    created = create(client)
    create(client, bank_name="Inny")

    assert client.get("/bank_accounts.json", query_string=query).json["entities"] == [created]


def test_a_deleted_bank_account_answers_404(client: Client) -> None:
    created = create(client)

    deleted = client.delete(f"/bank_accounts/{created['id']}.json")
    assert (deleted.status_code, deleted.content) == (204, b"")
    for method in ("GET", "PUT", "DELETE"):
        gone = client.call(method, f"/bank_accounts/{created['id']}.json", {"bank_account": {}})
        assert gone.status_code == 404


def test_a_bank_account_of_another_firm_is_a_404_everywhere(client: Client, database: Database, clock: Clock) -> None:
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))
    created = create(client, default=True)

    for method in ("GET", "PUT", "DELETE"):
        assert stranger.call(method, f"/bank_accounts/{created['id']}.json", {"bank_account": {}}).status_code == 404
    create(stranger, default=True)
    assert defaults(client) == [created["id"]]


def test_reading_and_changing_bank_accounts_have_scopes_of_their_own(client: Client) -> None:
    created = create(client)
    reader = Client(client.service, client.firm, ("api:sensitive:bank_accounts:read",))
    writer = Client(client.service, client.firm, ("api:sensitive:bank_accounts:write",))
    other = Client(client.service, client.firm, ("api:invoices:read", "api:invoices:write"))

    assert [c.get("/bank_accounts.json").status_code for c in (reader, writer, other)] == [200, 200, 401]
    statuses = [
        c.put(f"/bank_accounts/{created['id']}.json", {"bank_account": {}}).status_code for c in (reader, writer)
    ]
    assert statuses == [401, 200]
