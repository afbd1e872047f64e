"""contract.csv has every endpoint of the contract, and the routes are what it says."""

import re

from falcon import inspect

from faktura.dialects.fakturoid.door import oauth
from faktura.dialects.fakturoid.door.application import CONTRACT, ENDPOINTS, EXTENSIONS, application
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.wire.contract import mismatches
from faktura.wire.service import Service
from tests import needs

pytestmark = needs.ONE_ENGINE

OPERATIONS = 76 + 3
"""Of the overview at the beginning of section 2, and of 1.10."""

SPELLED_ALSO = {
    ("POST", "/oauth/token.json", ""),
    ("POST", "/oauth/revoke.json", ""),
    ("GET", "/accounts/{slug}/inventory_items/{id}/inventory_moves.json", ""),
}
"""As some clients write what the contract has in another way."""


def test_the_contract_has_every_endpoint_once() -> None:
    assert len(CONTRACT) == OPERATIONS


def test_what_the_contract_calls_built_is_built_and_nothing_else() -> None:
    assert mismatches(CONTRACT, (*oauth.ENDPOINTS, *ENDPOINTS)) == SPELLED_ALSO


def test_every_path_of_the_contract_is_routed_and_no_other_but_extensions(service: Service) -> None:
    routed = {found.path for found in inspect.inspect_routes(application(service))}
    ours = {endpoint.path for endpoint in EXTENSIONS}

    assert all(endpoint.extension for endpoint in EXTENSIONS)
    assert not ours & {promise.path for promise in CONTRACT}
    assert routed == {promise.path for promise in CONTRACT} | {path for _, path, _ in SPELLED_ALSO} | ours


def test_every_endpoint_of_the_contract_is_reached_by_its_address(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for promise in CONTRACT:
        path = re.sub(r"{\w+}", "999", promise.path.replace("{slug}", client.firm.account.slug))
        answer = client.call(promise.method, path, {} if promise.method in {"POST", "PATCH"} else None, whole=True)
        assert answer.status_code != 405, promise
        assert (answer.status_code == 501) == (promise.state == "to come"), promise
