"""Section 2.4: number formats."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.core.documents.numbering import NumberFormat
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from tests.firm import open_firm


def add(client: Client, pattern: str = "#yyyy#-#dddd#", **values: Any) -> NumberFormat:
    kept: dict[str, Any] = {"kind": "invoice", "pattern": pattern} | values
    return client.write(lambda books: books.add(NumberFormat, **kept))


def listed(client: Client, query: str = "") -> list[dict[str, Any]]:
    found = client.get("/number_formats/invoices.json", query_string=query)
    assert found.status_code == 200
    formats: list[dict[str, Any]] = found.json
    return formats


def test_a_number_format_has_the_attributes_of_the_table_in_its_order(client: Client) -> None:
    add(client)

    assert list(listed(client)[0]) == ["id", "format", "preview", "default", "created_at", "updated_at"]


def test_the_preview_is_the_first_two_numbers_and_the_last(service: Any, database: Database, clock: Clock) -> None:
    clock.stand_at(dt.datetime(2023, 5, 1, 10, tzinfo=dt.UTC))
    client = Client(service, open_firm(database, clock))
    kept = add(client, default=True)

    assert listed(client) == [
        {
            "id": kept.id,
            "format": "#yyyy#-#dddd#",
            "preview": "2023-0001, 2023-0002, ..., 2023-9999",
            "default": True,
            "created_at": "2023-05-01T12:00:00.000+02:00",
            "updated_at": "2023-05-01T12:00:00.000+02:00",
        }
    ]


@pytest.mark.parametrize(
    ("pattern", "preview"),
    [
        ("VF1-#dddd#-#yyyy#", "VF1-0001-2023, VF1-0002-2023, ..., VF1-9999-2023"),
        ("T#yyyy#-#dddd#", "T2023-0001, T2023-0002, ..., T2023-9999"),
        ("#yy##mm#-#ddd#", "2305-001, 2305-002, ..., 2305-999"),
        ("#ddddd#", "00001, 00002, ..., 99999"),
    ],
)
def test_tokens_stand_anywhere_and_the_counter_is_as_wide_as_its_ds(
    service: Any, database: Database, clock: Clock, pattern: str, preview: str
) -> None:
    clock.stand_at(dt.datetime(2023, 5, 1, 10, tzinfo=dt.UTC))
    client = Client(service, open_firm(database, clock))
    add(client, pattern)

    assert [found["preview"] for found in listed(client)] == [preview]


def test_the_preview_moves_on_at_new_year_in_prague(service: Any, database: Database, clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 12, 31, 22, 59, 59, tzinfo=dt.UTC))
    client = Client(service, open_firm(database, clock))
    add(client)

    assert listed(client)[0]["preview"].startswith("2026-0001")
    clock.stand_at(dt.datetime(2026, 12, 31, 23, 0, 1, tzinfo=dt.UTC))
    assert listed(client)[0]["preview"] == "2027-0001, 2027-0002, ..., 2027-9999"


def test_only_unarchived_formats_of_invoices_are_listed(client: Client, database: Database, clock: Clock) -> None:
    kept = add(client)
    add(client, archived=True)
    add(client, kind="proforma")
    add(Client(client.service, open_firm(database, clock, "pearcorp")))

    assert [found["id"] for found in listed(client)] == [kept.id]


def test_number_formats_come_in_pages_of_40(client: Client) -> None:
    ids = [add(client).id for _ in range(41)]

    pages = [listed(client, f"page={page}") for page in (1, 2, 3)]
    assert [[found["id"] for found in page] for page in pages] == [ids[:40], ids[40:], []]


def test_the_list_without_a_kind_does_not_exist(client: Client) -> None:
    missing = client.get("/number_formats.json")

    assert (missing.status_code, missing.json["error"]) == (404, "resource_not_found")
