"""Section 27: reference data."""

import csv
from collections import Counter
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.countries.pl import lists
from faktura.dialects.infakt.entries import FOLDER, Entry, codes, entries
from faktura.dialects.infakt.reference import (
    ENDPOINTS,
    Country,
    DocumentMarking,
    FlatRate,
    Gtu,
    MossVatRate,
    TransactionKind,
    VatExemption,
    VatRate,
    choose,
)
from faktura.dialects.infakt.tests.conftest import Client
from faktura.store.database import Database
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE

OWN_IDS = 10000

FIRST: dict[str, dict[str, Any]] = {
    "vat_rates": {
        "id": 7,
        "rate": "23.0",
        "name": "23%",
        "symbol": "23",
        "valid_from": "2011-01-01",
        "valid_until": None,
    },
    "moss_vat_rates": {"id": 1, "country": "BE", "value": 21, "reduced": False},
    "flat_rates": {"id": 35, "rate": "2.0", "name": "2%", "symbol": "2"},
    "countries": {
        "id": 1,
        "alpha_2": "AF",
        "alpha_3": "AFG",
        "english_name": "Afghanistan",
        "polish_name": "Afganistan",
        "continent": "Azja",
        "european_union": False,
        "currency": "AFN",
    },
}

ATTRIBUTES = {
    "vat_rates": "id rate name symbol valid_from valid_until",
    "moss_vat_rates": "id country value reduced",
    "flat_rates": "id rate name symbol",
    "transaction_kinds": "id name symbol",
    "countries": "id alpha_2 alpha_3 english_name polish_name continent european_union currency",
    "vat_exemptions": "id description legal_basis_rule legal_basis_source",
    "gtus": "id name short_description description",
    "documents_markings/incomes": "id code short_description description",
}

CHOICES: dict[str, type[Entry]] = {
    "vat_exemptions": VatExemption,
    "gtus": Gtu,
    "documents_markings/incomes": DocumentMarking,
}


def listed(client: Client, name: str, query: str = "limit=100") -> list[dict[str, Any]]:
    answer = client.get(f"/{name}.json", query_string=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json["entities"]
    return found


def ids(client: Client, name: str, query: str = "limit=100") -> list[int]:
    return [found["id"] for found in listed(client, name, query)]


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_entries_have_the_attributes_of_the_contract_in_its_order(client: Client, name: str) -> None:
    for found in listed(client, name):
        assert " ".join(found) == ATTRIBUTES[name]


@pytest.mark.parametrize("name", FIRST)
def test_the_first_entry_is_the_one_that_the_contract_shows(client: Client, name: str) -> None:
    assert listed(client, name)[0] == FIRST[name]


@pytest.mark.parametrize(
    ("cls", "rows"),
    [
        (VatRate, 10),
        (MossVatRate, 77),
        (FlatRate, 11),
        (TransactionKind, 5),
        (Country, 209),
        (Gtu, 13),
        (DocumentMarking, 13),
    ],
)
def test_lists_are_as_long_as_the_contract_tells(cls: type[Entry], rows: int) -> None:
    assert len(entries(cls)) == rows


@pytest.mark.parametrize("cls", [VatRate, MossVatRate, FlatRate, TransactionKind, Country, VatExemption, Gtu])
def test_no_id_stands_twice_in_a_list(cls: type[Entry]) -> None:
    assert {*Counter(found.id for found in entries(cls)).values()} == {1}


def test_the_exemptions_that_the_contract_knows_are_there(client: Client) -> None:
    assert {1, *range(3, 18), 19, 20, 21, 22} <= {*ids(client, "vat_exemptions")}


def test_every_exemption_of_polish_law_can_be_chosen_and_those_without_a_known_id_have_one_of_ours() -> None:
    assert {*codes(VatExemption).values()} == {*lists.vat_exemptions()}
    assert all(known <= 22 or known >= OWN_IDS for known in codes(VatExemption))


def test_a_rate_says_what_it_was_compared_with() -> None:
    with (FOLDER / "moss_vat_rates.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))

    assert [row["id"] for row in rows if row["source"] == "contract 27.2"] == [str(i) for i in range(1, 22) if i != 13]
    assert {(row["source"], row["as_of"]) for row in rows[20:]} == {("VAT rates in Europe in 2021", "2021-02-01")}


def test_rates_are_texts_in_one_list_and_numbers_in_the_other(client: Client) -> None:
    assert {type(found["rate"]) for found in listed(client, "vat_rates")} == {str}
    values = {found["id"]: found["value"] for found in listed(client, "moss_vat_rates")}
    assert (values[15], values[16]) == (6.5, 21)


def test_vat_rates_stand_as_in_the_contract(client: Client) -> None:
    assert ids(client, "vat_rates") == [7, 1, 8, 2, 9, 3, 4, 6, 5, 36]


def test_flat_rates_stand_by_their_rate(client: Client) -> None:
    assert ids(client, "flat_rates") == [35, 30, 31, 32, 38, 42, 41, 43, 39, 33, 34]


def test_countries_stand_in_the_order_of_the_polish_alphabet(client: Client) -> None:
    first = [found["alpha_2"] for found in listed(client, "countries", "limit=14")]
    assert first == ["AF", "AL", "DZ", "AD", "AO", "AI", "AG", "SA", "AR", "AM", "AW", "AU", "AT", "AZ"]
    names = [
        n["polish_name"] for offset in (0, 100, 200) for n in listed(client, "countries", f"limit=100&offset={offset}")
    ]
    assert names.index("Luksemburg") < names.index("Łotwa") < names.index("Macedonia Północna")
    assert names[-1] == "Zjednoczone Emiraty Arabskie"


def test_countries_have_the_ids_that_the_contract_shows(client: Client) -> None:
    shown = {"AF": 1, "AL": 3, "DZ": 4, "AD": 6, "AO": 7, "AI": 8, "AG": 10, "SA": 195, "AR": 11, "AZ": 16}
    for code, country_id in shown.items():
        assert ids(client, "countries", f"q[alpha_2_eq]={code}") == [country_id]


def test_twenty_seven_countries_are_in_the_union(client: Client) -> None:
    union = listed(client, "countries", "q[european_union_eq]=true&limit=100")

    assert len(union) == 27
    assert "PL" in {found["alpha_2"] for found in union}


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("flat_rates", "q[rate_eq]=20.0", [34]),
        ("flat_rates", "q[rate_eq]=20", [34]),
        ("flat_rates", "q[rate_gt]=15", [33, 34]),
        ("flat_rates", "q[rate_lteq]=3&order=rate+desc", [30, 35]),
        ("vat_rates", "q[rate_eq]=8.0", [8]),
        ("vat_rates", "q[valid_until_null]=false", [1, 2, 3]),
        ("vat_rates", "q[valid_until_lt]=2011-01-01&q[rate_lt]=10", [2, 3]),
        ("vat_rates", "q[symbol_in][]=zw&q[symbol_in][]=np", [6, 5]),
        ("countries", "q[english_name_eq]=Poland", [177]),
        ("countries", "q[polish_name_cont]=RABIA", [195]),
        ("gtus", "q[name_eq]=GTU_12", [12]),
        ("documents_markings/incomes", "q[code_eq]=TP", [3]),
        ("transaction_kinds", "q[symbol_eq]=inventory_for_vat", [3]),
        ("transaction_kinds", "order=symbol", [5, 1, 3, 2, 4]),
        ("transaction_kinds", "q[unknown_eq]=1", [1, 2, 3, 4, 5]),
    ],
)
def test_lists_are_searched_and_sorted(client: Client, name: str, query: str, expected: list[int]) -> None:
    assert ids(client, name, query) == expected


def test_what_has_no_end_comes_after_all_that_has(client: Client) -> None:
    assert ids(client, "vat_rates", "order=valid_until")[:3] == [1, 2, 3]
    assert {*ids(client, "vat_rates", "order=valid_until+desc")[-3:]} == {1, 2, 3}


def test_the_rates_of_the_one_stop_shop_are_only_paged(client: Client) -> None:
    assert ids(client, "moss_vat_rates", "q[country_eq]=PL&order=value&limit=3") == [1, 2, 3]


def test_a_value_that_is_not_of_its_attributes_type_is_a_400(client: Client) -> None:
    assert client.get("/flat_rates.json", query_string="q[rate_eq]=much").status_code == 400


def test_lists_are_paged_in_the_usual_envelope(client: Client) -> None:
    answer = client.get("/moss_vat_rates.json", query_string="offset=75&limit=5").json

    assert [found["id"] for found in answer["entities"]] == [77, 78]
    assert answer["metainfo"] == {
        "count": 2,
        "total_count": 77,
        "next": "https://api.infakt.pl/api/v3/moss_vat_rates.json?offset=80&limit=5",
        "previous": "https://api.infakt.pl/api/v3/moss_vat_rates.json?offset=70&limit=5",
    }
    assert client.get("/countries.json").json["metainfo"]["count"] == 10


def test_fields_narrow_entries_and_keep_the_id(client: Client) -> None:
    assert listed(client, "gtus", "fields=name&limit=1") == [{"id": 1, "name": "GTU_01"}]
    assert client.get("/gtus/12.json", query_string="fields=name").json == {"id": 12, "name": "GTU_12"}


@pytest.mark.parametrize("name", CHOICES)
def test_each_entry_of_a_choice_is_read_alone(client: Client, name: str) -> None:
    for found in listed(client, name):
        assert client.get(f"/{name}/{found['id']}.json").json == found
    assert client.get(f"/{name}/999.json").status_code == 404


@pytest.mark.parametrize("name", CHOICES)
def test_nothing_is_selected_unless_the_account_chose_it(client: Client, name: str) -> None:
    answer = client.get(f"/{name}/selected.json")

    assert answer.status_code == 200
    assert answer.json["entities"] == []
    assert answer.json["metainfo"]["total_count"] == 0


@pytest.mark.parametrize(("name", "cls"), CHOICES.items())
def test_selected_are_the_entries_that_the_account_chose(
    client: Client, database: Database, clock: Clock, name: str, cls: type[Entry]
) -> None:
    def work(tx: Any) -> None:
        choose(Books(tx, client.firm.account, None, clock.now()), cls, {7, 3})

    database.write(work)
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))

    assert {*ids(client, f"{name}/selected")} == {3, 7}
    assert ids(client, f"{name}/selected", "q[id_eq]=7") == [7]
    assert ids(stranger, f"{name}/selected") == []


def test_every_list_asks_for_the_scope_of_reading_documents(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    reader = Client(client.service, client.firm, ("api:invoices:read",))
    other = Client(client.service, client.firm, ("api:account:read", "api:invoices:write"))
    for endpoint in ENDPOINTS:
        path = endpoint.path.replace("{id}", "1")
        assert (reader.get(path).status_code, other.get(path).status_code) == (200, 401), path
