"""Sections 1.5 and 1.6: search and order."""

import itertools
from typing import Any
from urllib.parse import quote

import pytest

from faktura.dialects.infakt import bank_accounts, clients, products
from faktura.dialects.infakt.door.searching import keys_of
from faktura.dialects.infakt.tests.conftest import Client
from tests import needs

pytestmark = needs.ONE_ENGINE

MODIFIERS = ("eq", "cont", "lt", "gt", "lteq", "gteq", "null", "in")


def create(client: Client, **values: Any) -> int:
    created = client.post("/clients.json", {"client": {"company_name": "Gęśl"} | values})
    assert created.status_code == 201, created.text
    client_id: int = created.json["id"]
    return client_id


def found(client: Client, query: str = "", **options: Any) -> list[int]:
    """The ids, oldest first, and total_count agrees with them."""
    answer = client.get("/clients.json", query_string=query, **options)
    assert answer.status_code == 200, answer.text
    ids = sorted(record["id"] for record in answer.json["entities"])
    assert answer.json["metainfo"]["total_count"] == len(ids)
    return ids


def ordered(client: Client, order: str, name: str = "city") -> list[Any]:
    answer = client.get("/clients.json", query_string=f"order={order}")
    assert answer.status_code == 200, answer.text
    return [record[name] for record in answer.json["entities"]]


def test_eq_finds_what_is_equal(client: Client) -> None:
    wanted = create(client, company_name="Gęśl sp. z o.o.")
    create(client, company_name="gęśl sp. z o.o.")

    assert found(client, f"q[company_name_eq]={quote('Gęśl sp. z o.o.')}") == [wanted]


@pytest.mark.parametrize("text", ["ŁÓDŹ", "łódź", "Ódź k", "100%", "a_b", "\\", "'", '"', "ź ko"])
def test_cont_finds_a_part_in_any_case_letter_by_letter(client: Client, text: str) -> None:
    wanted = create(client, city="Łódź koło 100% a_b \\ ' \"")
    create(client, city="Lodz kolo 1000 aXb / `")

    assert found(client, f"q[city_cont]={quote(text)}") == [wanted]


@pytest.mark.parametrize("text", ["ŻÓŁĆ", "żółć", "ół", "sp. z o", "ć sp"])
def test_cont_in_a_text_that_is_indexed_is_the_same(client: Client, text: str) -> None:
    wanted = create(client, company_name="Żółć sp. z o.o.")
    create(client, company_name="Zolc spz o o")

    assert found(client, f"q[company_name_cont]={quote(text)}") == [wanted]


def test_cont_needs_all_of_the_text_in_one_attribute(client: Client) -> None:
    create(client, company_name="Alfa", email="beta@alfa.example")

    assert found(client, "q[company_name_cont]=beta") == []


@pytest.mark.parametrize("attribute", ["company_name", "city"])
def test_a_long_text_is_searched_like_a_short_one(client: Client, attribute: str) -> None:
    create(client)

    long = "".join(chr(97 + n % 26) + chr(97 + n * 7 % 26) for n in range(40_000))
    assert found(client, f"q[{attribute}_cont]={long}") == []


def test_an_empty_cont_finds_everything_that_has_a_value(client: Client) -> None:
    wanted = create(client, city="Łódź")
    create(client)

    assert found(client, "q[city_cont]=") == [wanted]


@pytest.mark.parametrize(
    ("modifier", "expected"), [("lt", [0]), ("lteq", [0, 1]), ("gt", [2]), ("gteq", [1, 2]), ("eq", [1])]
)
def test_numbers_are_compared(client: Client, modifier: str, expected: list[int]) -> None:
    made = [create(client, days_to_payment=days) for days in (7, 14, 21)]
    create(client)

    assert found(client, f"q[days_to_payment_{modifier}]=14") == [made[n] for n in expected]


@pytest.mark.parametrize(("value", "expected"), [("true", 1), ("false", 0), ("1", 1), ("0", 0)])
def test_null_tells_whether_there_is_a_value(client: Client, value: str, expected: int) -> None:
    made = create(client, city="Łódź"), create(client)

    assert found(client, f"q[city_null]={value}") == [made[expected]]


def test_null_may_be_a_json_boolean(client: Client) -> None:
    create(client, city="Łódź")
    wanted = create(client)

    assert found(client, body={"q": {"city_null": True}}) == [wanted]


def test_in_finds_the_members_of_a_list(client: Client) -> None:
    made = [create(client, city=city) for city in ("Łódź", "Kraków", "Gdynia")]

    assert found(client, f"q[city_in][]={quote('Łódź')}&q[city_in][]=Gdynia") == [made[0], made[2]]
    assert found(client, body={"q": {"city_in": ["Kraków"]}}) == [made[1]]
    assert found(client, "q[city_in]=Gdynia") == [made[2]]


def test_in_of_an_empty_list_finds_nothing(client: Client) -> None:
    create(client, city="Łódź")

    assert found(client, body={"q": {"city_in": []}}) == []


def test_several_keys_are_combined_with_and(client: Client) -> None:
    create(client, city="Łódź", nip="5252248481")
    wanted = create(client, city="Łódź")

    assert found(client, f"q[city_eq]={quote('Łódź')}&q[nip_null]=true") == [wanted]


def test_booleans_are_searched(client: Client) -> None:
    wanted = create(client, same_forward_address=False)
    create(client)

    assert found(client, "q[same_forward_address_eq]=false") == [wanted]


def test_a_value_that_is_empty_on_the_wire_is_searched_as_such(client: Client) -> None:
    wanted = create(client)
    create(client, web_site="https://x.example", days_to_payment=7, payment_method="cash")

    for name in ("web_site", "days_to_payment", "payment_method"):
        assert found(client, f"q[{name}_eq]=") == [wanted]


def test_a_json_null_searches_what_has_no_value(client: Client) -> None:
    wanted = create(client)
    create(client, nip="5252248481")

    assert found(client, body={"q": {"nip_eq": None}}) == [wanted]


@pytest.mark.parametrize("method", ["transfer", "cash"])
def test_a_list_value_is_searched_in_the_words_of_the_wire(client: Client, method: str) -> None:
    wanted = create(client, payment_method=method)
    create(client, payment_method="card")

    assert found(client, f"q[payment_method_eq]={method}") == [wanted]


@pytest.mark.parametrize(
    "query", ["q[nothing_eq]=1", "q[city]=1", "q[city_like]=1", "q[_eq]=1", "q[eq]=1", "nip=1", "q=1"]
)
def test_an_unknown_key_or_modifier_or_a_bare_parameter_is_passed_over(client: Client, query: str) -> None:
    made = [create(client), create(client)]

    assert found(client, query) == made


@pytest.mark.parametrize(
    "query",
    [
        *("q[city_gt]=A", "q[same_forward_address_lt]=true", "q[id_cont]=1", "q[id_null]=true"),
        *("q[business_activity_kind_cont]=person", "q[payment_method_cont]=rans"),
    ],
)
def test_a_modifier_that_an_attribute_does_not_take_is_passed_over(client: Client, query: str) -> None:
    made = [create(client), create(client)]

    assert found(client, query) == made


@pytest.mark.parametrize("name", ["country_full_name_eq", "is_vindicable_eq", "vindicable_invoices_count_gt"])
def test_what_no_column_keeps_cannot_be_searched(client: Client, name: str) -> None:
    made = [create(client), create(client)]

    assert found(client, f"q[{name}]=1") == made


@pytest.mark.parametrize(
    "query",
    [
        "q[id_eq]=abc",
        "q[id_gt]=1.5",
        "q[id_in][]=x",
        "q[days_to_payment_lt]=wkrótce",
        "q[same_forward_address_eq]=tak",
        "q[city_null]=moze",
        "q[city_eq][]=a",
        "q[city_eq][x]=a",
        "q[id_eq]=99999999999999999999",
        "q[business_activity_kind_eq]=duke",
    ],
)
def test_a_value_of_the_wrong_type_is_400_and_never_500(client: Client, query: str) -> None:
    answer = client.get("/clients.json", query_string=query)

    assert (answer.status_code, list(answer.json)) == (400, ["error"])


def test_too_many_conditions_are_400(client: Client) -> None:
    names = [f"{name}_{modifier}" for name, modifier in itertools.product(keys_of(clients.CLIENTS), ("eq", "in"))]

    assert client.get("/clients.json", body={"q": dict.fromkeys(names[:42], "1")}).status_code == 400
    assert client.get("/clients.json", body={"q": {"city_in": ["x"] * 1001}}).status_code == 400
    assert client.get("/clients.json", body={"q": {"city_in": ["x"] * 1000}}).status_code == 200


@pytest.mark.parametrize("modifier", MODIFIERS)
@pytest.mark.parametrize(
    ("path", "listing"),
    [
        ("/clients.json", clients.CLIENTS),
        ("/products.json", products.PRODUCTS),
        ("/bank_accounts.json", bank_accounts.BANK_ACCOUNTS),
    ],
    ids=["clients", "products", "bank_accounts"],
)
def test_every_modifier_on_every_attribute_has_an_answer(
    client: Client, path: str, listing: Any, modifier: str
) -> None:
    client.service.modes.rate_limits.clear()
    for field in listing.shape.fields:
        for value in ("1", "", "true", "PL", "'"):
            answer = client.get(path, query_string=f"q[{field.name}_{modifier}]={value}")
            assert answer.status_code in {200, 400}, (field.name, value, answer.text)


def test_nip_is_compared_in_its_spelling(client: Client) -> None:
    wanted = create(client, nip="525-224-84-81")

    assert found(client, "q[nip_eq]=5252248481") == []
    assert found(client, "q[nip_eq]=525-224-84-81") == [wanted]


@pytest.mark.parametrize("asked", ["5252248481", "525-224-84-81", "PL5252248481", "pl 525 224 84 81"])
def test_clean_nip_strips_separators_and_country_on_both_sides(client: Client, asked: str) -> None:
    made = [create(client, nip=nip) for nip in ("5252248481", "525-224-84-81", "PL525-224-84-81")]
    create(client, nip="1234563218")

    assert found(client, f"q[clean_nip_eq]={quote(asked)}") == made


def test_clean_nip_is_a_search_key_only(client: Client) -> None:
    create(client, nip="5252248481")

    record = client.get("/clients.json").json["entities"][0]
    assert "clean_nip" not in record
    assert client.put(f"/clients/{record['id']}.json", {"client": {"clean_nip": "1"}}).json == record


# 1.6 Order


@pytest.mark.parametrize(
    ("order", "cities"),
    [
        ("city", ["A", "B", "C", None]),
        ("city%20asc", ["A", "B", "C", None]),
        ("city+desc", [None, "C", "B", "A"]),
        ("city+DESC", [None, "C", "B", "A"]),
        ("id+desc", [None, "C", "A", "B"]),
    ],
)
def test_a_list_comes_in_the_order_asked_for(client: Client, order: str, cities: list[Any]) -> None:
    for city in ("B", "A", "C", None):
        create(client, city=city)

    assert ordered(client, order) == cities


@pytest.mark.parametrize(
    "order", ["", "nothing", "nothing+desc", "name;drop", "country_full_name", "clean_nip", "city+up", "a+b+c"]
)
def test_an_unknown_order_is_passed_over(client: Client, order: str) -> None:
    for name in ("B", "A"):
        create(client, company_name=name)

    assert ordered(client, order, "company_name") == ["A", "B"]


def test_an_order_of_another_kind_is_passed_over(client: Client) -> None:
    assert client.get("/clients.json", body={"order": ["city"]}).status_code == 200


def test_equals_stand_in_the_order_of_their_ids(client: Client) -> None:
    made = [create(client, city="A") for _ in range(3)]

    for order in ("city", "city+desc"):
        answer = client.get("/clients.json", query_string=f"order={order}").json
        assert [record["id"] for record in answer["entities"]] == made
