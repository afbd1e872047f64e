"""What is not built answers 501, after the sign-in checks; what the contract does not have answers 404."""

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.door.application import TO_COME
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from faktura.wire.endpoints import Endpoint
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE


def address(endpoint: Endpoint) -> str:
    path = endpoint.path.removeprefix("/accounts/{slug}")
    for name in ("id", "payment_id", "attachment_id", "move_id"):
        path = path.replace(f"{{{name}}}", "7")
    return path


def test_an_endpoint_that_is_not_built_says_so(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for endpoint in TO_COME:
        answer = client.call(endpoint.method, address(endpoint))
        assert (answer.status_code, answer.json["error"]) == (501, "not_implemented"), endpoint.path
        assert answer.json["error_description"]


def test_nobody_learns_without_a_token_what_is_not_built(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for endpoint in TO_COME:
        answer = client.call(endpoint.method, address(endpoint), headers={"Authorization": None})
        assert (answer.status_code, answer.json["error"]) == (401, "invalid_token"), endpoint.path


def test_a_foreign_account_is_not_found_before_anything_is_told(
    client: Client, database: Database, clock: Clock
) -> None:
    open_firm(database, clock, "pearcorp")

    assert client.get("/accounts/pearcorp/invoices.json", whole=True).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        *("/number_formats.json", "/number_formats/proformas.json", "/users/1.json", "/nonsense.json", "/invoices"),
        *("/subjects", "/subjects.xml", "/subjects.json/", "/subjects/1", "/subjects/1/fire.json", "/", ""),
    ],
)
def test_a_path_that_the_contract_does_not_have_is_not_found(client: Client, path: str) -> None:
    for method in ("GET", "POST"):
        missing = client.call(method, path)
        assert (missing.status_code, missing.json["error"]) == (404, "resource_not_found")
