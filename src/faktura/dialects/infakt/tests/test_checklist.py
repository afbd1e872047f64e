"""README.md lists every endpoint of the contract, and the routes are what it says."""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from falcon import inspect

from faktura.dialects.infakt.door.application import ENDPOINTS, application
from faktura.dialects.infakt.not_built import ENDPOINTS as NOT_BUILT
from faktura.dialects.infakt.tests.conftest import Client
from faktura.wire.service import Service
from tests import needs

pytestmark = needs.ONE_ENGINE

README = Path(__file__).parent.parent / "README.md"

ROW = re.compile(r"^\| (\d+) +\| ([^|]+?) +\| ([A-Z]+) +\| `([^`]+)` +\| (\w+) +\|$", re.MULTILINE)

# The tables of sections 3 to 28, and the address that download links of attachments lead to.
OVERVIEW = {
    "Clients": 5,
    "Products": 5,
    "Bank accounts": 5,
    "VAT and proforma invoices": 25 + 1,
    "Corrective invoices": 13,
    "Margin invoices": 13,
    "Advance invoices": 13,
    "Final invoices": 13,
    "OSS invoices": 9,
    "Corrective OSS invoices": 8,
    "Internal invoices": 9,
    "Fiscal reports": 9,
    "Internal evidences": 9,
    "Daily revenues": 9,
    "Bulk PDF": 3,
    "KSeF": 12,
    "Costs": 10,
    "JPK V7": 3,
    "VAT-UE": 2,
    "Income taxes": 3,
    "Books / KPiR": 2,
    "ZUS contributions": 3,
    "Tax payment basket": 1,
    "Reference data": 14,
    "Account": 2,
}


class Row(NamedTuple):
    section: str
    resource: str
    method: str
    path: str
    state: str


def route(method: str, path: str) -> tuple[str, str]:
    """Parameters may have other names in a route."""
    return method, re.sub(r"{\w+}", "{}", path)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return [Row(*row) for row in ROW.findall(README.read_text())]


def test_the_checklist_has_every_endpoint_of_the_contract_once(rows: list[Row]) -> None:
    assert Counter(row.resource for row in rows) == OVERVIEW
    assert len({(row.method, row.path) for row in rows}) == sum(OVERVIEW.values())
    assert {row.state for row in rows} <= {"built", "501", "410"}


def test_what_the_checklist_calls_built_is_described_and_nothing_else(rows: list[Row]) -> None:
    described = {route(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}

    assert {route(row.method, row.path) for row in rows if row.state == "built"} == described


def test_what_the_checklist_calls_501_is_not_built_and_nothing_else(rows: list[Row]) -> None:
    refused = {route(endpoint.method, endpoint.path) for endpoint in NOT_BUILT}

    assert {route(row.method, row.path) for row in rows if row.state == "501"} == refused


def test_every_path_of_the_checklist_is_routed_and_no_other(rows: list[Row], service: Service) -> None:
    routed = {route("", found.path) for found in inspect.inspect_routes(application(service))}

    assert routed == {route("", row.path) for row in rows if row.state != "410"}


def test_every_endpoint_of_the_checklist_is_reached_by_its_address(rows: list[Row], client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for row in rows:
        answer = client.call(row.method, re.sub(r"{\w+}", "999", row.path))
        assert str(answer.status_code) == row.state or row.state == "built", row
        assert answer.status_code not in {405, 406, 500}, row


def test_what_is_not_built_asks_for_its_scope_first(rows: list[Row], client: Client) -> None:
    client.service.modes.rate_limits.clear()
    stranger = Client(client.service, client.firm, ())
    for row in rows:
        if row.state == "501":
            assert stranger.call(row.method, re.sub(r"{\w+}", "999", row.path)).status_code == 401, row
