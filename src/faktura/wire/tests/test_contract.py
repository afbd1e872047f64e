"""A contract's file is read as it stands, and what is wrong in it is found at the start."""

from pathlib import Path

import pytest

from faktura.wire.contract import mismatches, read_contract, to_come
from faktura.wire.endpoints import NO_CONTENT, Endpoint
from tests import needs

pytestmark = needs.ONE_ENGINE

HEAD = "section,noun,method,path,scope,state\n"
ROWS = "1,Hens,GET,/hens.json,hens,built\n1,Hens,POST,/hens.json,hens,to come\n1,Eggs,GET,/eggs.json,,retired\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "contract.csv"


def test_what_is_to_come_is_refused_under_its_scope(file: Path) -> None:
    file.write_text(HEAD + ROWS)

    [hen] = to_come(read_contract(file), lambda _: NO_CONTENT, is_search=lambda _: False)

    assert (hen.method, hen.path, hen.scope, hen.serve(None)) == ("POST", "/hens.json", "hens", NO_CONTENT)


def test_endpoints_and_contract_are_compared_in_both_directions(file: Path) -> None:
    file.write_text(HEAD + ROWS)
    promises = read_contract(file)

    def endpoint(path: str, scope: str) -> Endpoint:
        return Endpoint(method="GET", path=path, serve=lambda _: NO_CONTENT, about="", scope=scope)

    assert mismatches(promises, [endpoint("/hens.json", "hens")]) == set()
    assert mismatches(promises, []) == {("GET", "/hens.json", "hens")}
    both = {("GET", "/hens.json", "hens"), ("GET", "/hens.json", "eggs")}
    assert mismatches(promises, [endpoint("/hens.json", "eggs")]) == both


@pytest.mark.parametrize("row", ["1,Hens,GET,/hens.json,hens,built\n", "1,Hens,PUT,/hens.json,hens,perhaps\n"])
def test_a_route_that_stands_there_twice_or_in_no_state_is_found(file: Path, row: str) -> None:
    file.write_text(HEAD + ROWS + row)

    with pytest.raises(ValueError, match="hens"):
        read_contract(file)
