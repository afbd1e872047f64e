"""contract.csv has every endpoint of the contract, and the routes are what it says."""

import re
from collections.abc import Mapping
from typing import get_args

import pytest
from falcon import inspect

from faktura.dialects.infakt.door.application import CONTRACT, ENDPOINTS, TO_COME, application
from faktura.dialects.infakt.invoices import (
    advance_invoices,
    corrective_invoices,
    corrective_oss_invoices,
    final_invoices,
    invoices,
    margin_invoices,
    oss_invoices,
)
from faktura.dialects.infakt.invoices.documents import Capability, Resource
from faktura.dialects.infakt.tests.conftest import Client
from faktura.wire.contract import mismatches
from faktura.wire.service import Service
from tests import needs

pytestmark = needs.ONE_ENGINE

OPERATIONS = 200 + 2
"""Of sections 3 to 28, and the addresses that download links of attachments and of the files of costs lead to."""


def address(path: str) -> str:
    return re.sub(r"{\w+}", "999", path)


def test_the_contract_has_every_endpoint_once() -> None:
    assert len(CONTRACT) == OPERATIONS


def test_what_the_contract_calls_built_is_built_and_nothing_else() -> None:
    assert mismatches(CONTRACT, ENDPOINTS) == set()


RESOURCES = (
    invoices.RESOURCE,
    corrective_invoices.RESOURCE,
    advance_invoices.RESOURCE,
    final_invoices.RESOURCE,
    margin_invoices.RESOURCE,
    oss_invoices.RESOURCE,
    corrective_oss_invoices.RESOURCE,
)

ROUTES: Mapping[Capability, tuple[tuple[str, str], ...]] = {
    "change": (("PUT", "{path}/{{uuid}}.json"),),
    "pay": (("POST", "{path}/{{uuid}}/paid.json"),),
    "pay_later": (("POST", "/async{path}/{{uuid}}/paid.json"),),
    "print": (("GET", "{path}/{{uuid}}/pdf.json"),),
    "mail": (("POST", "{path}/{{uuid}}/deliver_via_email.json"),),
    "account": (("PUT", "{path}/{{uuid}}/mark_as_accounted.json"),),
    "ksef": (("POST", "{path}/{{uuid}}/send_to_ksef.json"), ("GET", "{path}/{{uuid}}/download_xml.json")),
}
"""By row of section 2, the routes that it stands for."""


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_a_kind_can_do_what_the_contract_has_routes_for(resource: Resource) -> None:
    promised = {promise.route for promise in CONTRACT}
    routes = {
        capability: {(method, path.format(path=resource.path)) for method, path in spelled}
        for capability, spelled in ROUTES.items()
    }

    assert set(routes) == set(get_args(Capability))
    assert {capability for capability, needed in routes.items() if needed <= promised} == resource.can


def test_every_path_of_the_contract_is_routed_and_no_other(service: Service) -> None:
    routed = {found.path for found in inspect.inspect_routes(application(service))}

    assert routed == {promise.path for promise in CONTRACT if promise.state != "retired"}


def test_every_endpoint_of_the_contract_is_reached_by_its_address(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    statuses = {"to come": 501, "retired": 410}
    for promise in CONTRACT:
        answer = client.call(promise.method, address(promise.path))
        assert answer.status_code == statuses.get(promise.state, answer.status_code), promise
        assert answer.status_code not in {405, 406, 500}, promise


def test_what_is_to_come_asks_for_its_scope_first(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    stranger = Client(client.service, client.firm, ())
    for endpoint in TO_COME:
        assert stranger.call(endpoint.method, address(endpoint.path)).status_code == 401, endpoint.path
