"""README.md lists every endpoint of the contract, and the routes are what it says."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from falcon import inspect

from faktura.dialects.fakturoid import DIALECT
from faktura.dialects.fakturoid.door.application import application
from faktura.dialects.fakturoid.not_built import ENDPOINTS as NOT_BUILT
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.wire.service import Service
from tests import needs

pytestmark = needs.ONE_ENGINE

README = Path(__file__).parent.parent / "README.md"

ROW = re.compile(r"^\| ([\d.]+) +\| ([\w ]+?) +\| ([A-Z]+) +\| `([^`]+)` +\| (\w+) +\|$", re.MULTILINE)

# The overview at the beginning of section 2.
OVERVIEW = {
    "Users": 2,
    "Account": 1,
    "Bank accounts": 1,
    "Number formats": 1,
    "Subjects": 6,
    "Invoices": 9,
    "Invoice payments": 3,
    "Invoice messages": 1,
    "Expenses": 8,
    "Expense payments": 2,
    "Inbox files": 5,
    "Inventory items": 10,
    "Inventory moves": 5,
    "Generators": 5,
    "Recurring generators": 7,
    "Events": 2,
    "Todos": 2,
    "Webhooks": 6,
    "OAuth": 3,
}


class Row(NamedTuple):
    section: str
    resource: str
    method: str
    path: str
    state: str


def route(method: str, path: str) -> tuple[str, str]:
    """Parameters may have other names in a route."""
    return method, re.sub(r"{(?!slug)\w+}", "{}", path)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [Row(*row) for row in ROW.findall(README.read_text())]


def test_the_checklist_has_every_endpoint_of_the_contract_once(rows: list[Row]) -> None:
    assert Counter(row.resource for row in rows) == OVERVIEW
    assert len({(row.method, row.path) for row in rows}) == 76 + 3


def test_what_the_checklist_calls_built_is_described_and_nothing_else(rows: list[Row]) -> None:
    document = DIALECT.openapi("")
    described = {
        route(method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations.keys() - {"parameters", "put"}
    }

    assert {route(row.method, row.path) for row in rows if row.state == "built"} == described


def test_what_the_checklist_calls_501_is_not_built_and_nothing_else(rows: list[Row]) -> None:
    refused = {route(endpoint.method, endpoint.path) for endpoint in NOT_BUILT}

    assert {route(row.method, row.path) for row in rows if row.state == "501"} == refused
    assert {row.state for row in rows} <= {"built", "501"}


def test_every_path_of_the_checklist_is_routed_and_no_other(rows: list[Row], service: Service) -> None:
    routed = {found.path for found in inspect.inspect_routes(application(service))}

    listed = {row.path for row in rows} | {"/oauth/token.json", "/oauth/revoke.json"}
    assert {route("", path) for path in routed} == {route("", path) for path in listed}


def test_every_endpoint_of_the_checklist_is_reached_by_its_address(rows: list[Row], client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for row in rows:
        path = re.sub(r"{\w+}", "999", row.path.replace("{slug}", client.firm.account.slug))
        answer = client.call(row.method, path, {} if row.method in {"POST", "PATCH"} else None, whole=True)
        assert answer.status_code != 405, row
        assert (answer.status_code == 501) == (row.state == "501"), row
