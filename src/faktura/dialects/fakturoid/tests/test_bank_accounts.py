"""Section 2.3: bank accounts."""

import datetime as dt
from typing import Any

from faktura.core.bank_accounts import BankAccount
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from faktura.store.records import changed
from faktura.wire.service import Service
from tests.firm import open_firm


def add(client: Client, **values: Any) -> BankAccount:
    kept: dict[str, Any] = {"name": "Běžný účet", "currency": "CZK", "number": "1234/2010"} | values
    return client.write(lambda books: books.add(BankAccount, **kept))


def test_a_bank_account_shows_the_attributes_of_the_table_in_its_order(
    service: Service, database: Database, clock: Clock
) -> None:
    clock.stand_at(dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC))
    client = Client(service, open_firm(database, clock))
    kept = add(
        client,
        name="Eurový účet",
        currency="EUR",
        number="19-2000145399/0800",
        iban="CZ6508000000192000145399",
        bic="GIBACZPX",
        pairing=True,
        expense_pairing=True,
        payment_adjustment=True,
        default=True,
    )

    expected = {
        "id": kept.id,
        "name": "Eurový účet",
        "currency": "EUR",
        "number": "19-2000145399/0800",
        "iban": "CZ6508000000192000145399",
        "swift_bic": "GIBACZPX",
        "pairing": True,
        "expense_pairing": True,
        "payment_adjustment": True,
        "default": True,
        "created_at": "2026-01-01T11:00:00.000+01:00",
        "updated_at": "2026-01-01T11:00:00.000+01:00",
    }
    [found] = client.get("/bank_accounts.json").json
    assert found == expected
    assert list(found) == list(expected)


def test_iban_and_swift_are_null_and_switches_false_where_not_set(client: Client) -> None:
    add(client)

    [found] = client.get("/bank_accounts.json").json
    assert found["iban"] is found["swift_bic"] is None
    assert found["pairing"] is found["expense_pairing"] is found["payment_adjustment"] is found["default"] is False


def test_a_changed_bank_account_is_shown_as_it_is_now(client: Client) -> None:
    kept = add(client)
    client.get("/bank_accounts.json")
    client.write(lambda books: books.change(kept, changed(kept, name="Nový název")))

    assert [found["name"] for found in client.get("/bank_accounts.json").json] == ["Nový název"]


def test_an_account_without_bank_accounts_lists_none(client: Client, database: Database, clock: Clock) -> None:
    add(Client(client.service, open_firm(database, clock, "pearcorp")))

    found = client.get("/bank_accounts.json")
    assert (found.status_code, found.json) == (200, [])


def test_bank_accounts_come_in_pages_of_40(client: Client) -> None:
    ids = [add(client).id for _ in range(41)]

    pages = [client.get("/bank_accounts.json", query_string=f"page={page}").json for page in (1, 2, 3)]
    assert [[found["id"] for found in page] for page in pages] == [ids[:40], ids[40:], []]


def test_bank_accounts_are_read_only_over_the_api(client: Client) -> None:
    refused = client.post("/bank_accounts.json", {"name": "New"})

    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
