"""Section 1.7: partial answers."""

from typing import Any

import pytest

from faktura.dialects.infakt.clients import CLIENT
from faktura.dialects.infakt.door.partial import parse, part_of
from faktura.dialects.infakt.tests.conftest import Client
from faktura.wire.fields import Shape, list_of, read_only
from faktura.wire.values import choice
from tests import needs

pytestmark = needs.ONE_ENGINE


@pytest.fixture
def made(client: Client) -> dict[str, Any]:
    created = client.post("/clients.json", {"client": {"company_name": "Gęśl", "nip": "5252248481", "city": "Łódź"}})
    found: dict[str, Any] = created.json
    return found


def asked(client: Client, path: str, fields: str) -> Any:
    answer = client.get(path, query_string=f"fields={fields}")
    assert answer.status_code == 200, answer.text
    return answer.json


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ("nip", ["id", "nip"]),
        ("nip,city", ["id", "city", "nip"]),
        ("id", ["id"]),
        ("%20nip%20,%20city%20", ["id", "city", "nip"]),
        ("nip,nothing", ["id", "nip"]),
        ("nothing", ["id"]),
        ("nip,,city,", ["id", "city", "nip"]),
        ("nip,nip", ["id", "nip"]),
        ("nip(a,b)", ["id", "nip"]),
    ],
)
def test_fields_choose_what_is_answered_and_the_id_always_is(
    client: Client, made: dict[str, Any], fields: str, names: list[str]
) -> None:
    part = {name: made[name] for name in names}

    assert asked(client, f"/clients/{made['id']}.json", fields) == part
    assert asked(client, "/clients.json", fields)["entities"] == [part]


@pytest.mark.parametrize("fields", ["", "%20", ","])
def test_fields_that_name_nothing_choose_everything(client: Client, made: dict[str, Any], fields: str) -> None:
    assert asked(client, f"/clients/{made['id']}.json", fields) == made


@pytest.mark.parametrize("fields", ["nip(", "nip)", "nip(a", "(nip)", "a(b))", "a((b))", "a(b)(c)", "x" * 4001])
@pytest.mark.parametrize("path", ["/clients.json", "/clients/{id}.json"])
def test_parentheses_that_do_not_match_are_400(client: Client, made: dict[str, Any], path: str, fields: str) -> None:
    answer = client.get(path.format(**made), query_string=f"fields={fields}")

    assert (answer.status_code, answer.json) == (400, {"error": "Nieprawidłowa wartość parametru: fields."})


def test_fields_nested_too_deeply_are_400(client: Client) -> None:
    assert client.get("/clients.json", query_string=f"fields={'a(' * 9}a{')' * 9}").status_code == 400


@pytest.mark.parametrize("fields", [["nip"], {"nip": 1}, 7])
def test_fields_that_are_no_text_are_400(client: Client, fields: Any) -> None:
    assert client.get("/clients.json", body={"fields": fields}).status_code == 400


def test_the_grammar_nests() -> None:
    assert parse("number,services(name,kinds(id),tax_symbol),city") == {
        "number": None,
        "services": {"name": None, "kinds": {"id": None}, "tax_symbol": None},
        "city": None,
    }


class _Line:
    id, name, unit = 1, "Rower", "szt."


class _Document:
    uuid, number, lines = "u", "1/11/2026", (_Line, _Line)


TEXT = choice()
LINE: Shape[Any, None] = Shape("line", _Line, (read_only("id", TEXT), read_only("name", TEXT), read_only("unit", TEXT)))
DOCUMENT: Shape[Any, None] = Shape(
    "document", _Document, (read_only("uuid", TEXT), read_only("number", TEXT), read_only("lines", list_of(LINE)))
)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ("lines(name)", {"uuid": "u", "lines": [{"id": 1, "name": "Rower"}] * 2}),
        ("lines", {"uuid": "u", "lines": [{"id": 1, "name": "Rower", "unit": "szt."}] * 2}),
        ("number", {"uuid": "u", "number": "1/11/2026"}),
    ],
)
def test_inner_records_are_narrowed_and_keep_their_ids(fields: str, shown: Any) -> None:
    assert part_of(DOCUMENT, fields).show(_Document, None) == shown


def test_the_whole_is_not_touched_by_its_parts() -> None:
    whole = len(CLIENT.fields)

    part_of(CLIENT, "nip")
    assert len(CLIENT.fields) == whole
