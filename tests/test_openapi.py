"""What is true of the API document of every dialect; what only one of them says is tested in its folder."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis

from faktura.dialects import Dialect
from tests.needs import EACH_DIALECT

ADDRESS = "https://faktura.example/api"

pytestmark = EACH_DIALECT


@pytest.fixture
def document(dialect: Dialect) -> dict[str, Any]:
    return dialect.openapi(ADDRESS)


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in document["paths"].values():
        for method in item.keys() - {"parameters"}:
            yield item[method]


def references(value: Any) -> Iterator[str]:
    """Where the parts of a document refer to, however deep inside."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            else:
                yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()


def test_a_document_that_is_not_valid_would_be_found(document: dict[str, Any]) -> None:
    broken = json.loads(json.dumps(document))
    for answer in next(operations(broken))["responses"].values():
        answer.clear()

    with pytest.raises(ValueError, match="description"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    targets = {f"#/components/{kind}/{name}" for kind, named in document["components"].items() for name in named}

    assert set(references(document)) <= targets


def test_the_server_is_the_address_that_the_document_is_asked_for_at(document: dict[str, Any]) -> None:
    assert [server["url"] for server in document["servers"]] == [ADDRESS]


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document)]

    assert len(names) == len(set(names)) > 20


def test_whatever_stands_in_a_path_is_described(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        described = {parameter["name"] for parameter in item.get("parameters", ()) if parameter["in"] == "path"}
        assert described == set(re.findall(r"\{(\w+)\}", path)), path
