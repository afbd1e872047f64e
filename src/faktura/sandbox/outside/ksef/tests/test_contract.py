"""Every answer of the double is of the shape that the contract describes, and keeps to it when many ask at once."""

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema_rs
import pytest
from ksef_client import KsefClient
from ksef_client.openapi_models import (
    GenerateTokenRequest,
    QueryCertificatesRequest,
    RevokeCertificateRequest,
    TokenPermissionType,
)

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef import held, serving
from faktura.sandbox.outside.ksef.calls import Call, Reply
from faktura.sandbox.outside.ksef.double import ROUTES, Double
from faktura.sandbox.outside.ksef.standing import Handed, Standing
from faktura.sandbox.outside.ksef.tests.conftest import TAX_NO, Firm, begun_by_token, sample
from faktura.sandbox.outside.ksef.tests.test_beside import enrolled, sent_as_batch, zipped
from faktura.sandbox.outside.ksef.tests.test_receiving import Fetched, metadata, purchases
from faktura.sandbox.outside.ksef.tests.test_sessions import Sender, number_of

OF_LATER_CONTRACTS = ("/collective-identifiers", "/testdata/certificates")
"""Which the description of 2.6 does not have."""

NEWER = {
    "InvoicePackage": {"compressionType"},
    "EffectiveApiRateLimits": {
        "anonymous",
        "batchSessionClose",
        "collectiveIdentifier",
        "global",
        "onlineSessionClose",
    },
    "EffectiveContextLimits": {"collectiveIdentifier"},
    "QueryPersonalPermissionsResponse": {"ownerPermissions"},
}
"""What later contracts have beside it; in 2.6 the lists of permissions had not `CollectiveIdentifierManage`."""


class Heard(NamedTuple):
    call: Call
    status: int
    content_type: str
    body: bytes


class Listening(Double):
    """A double that writes down what it answered."""

    def __init__(self, clock: Clock, base: str) -> None:
        super().__init__(clock, base)
        self.heard: list[Heard] = []

    def reply(self, call: Call) -> Reply:
        reply = super().reply(call)
        if reply.answer is not None:
            self.heard.append(Heard(call, reply.answer.status, reply.answer.content_type, reply.answer.body))
        return reply


@pytest.fixture
def double(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    monkeypatch.setattr(serving, "Double", Listening)
    with serving.listening(clock) as found:
        assert isinstance(found, Listening)
        found.standing = Standing(limits=False)
        yield found


@pytest.fixture(scope="module")
def contract(shared_folder: Path) -> Any:
    return json.loads((shared_folder / "schemas" / "ksef" / "open-api.json").read_bytes())


def test_answers_are_of_the_described_shapes(firm: Firm, double: Listening, contract: Any, shared_folder: Path) -> None:
    """A whole life of a firm; each answer is compared with the description of its operation and status."""
    _live(firm, double, shared_folder)

    compared = [one for heard in double.heard if (one := _compared(contract, heard)) is not None]
    assert len(set(compared)) > 40, sorted(set(compared))


def _live(firm: Firm, double: Double, shared: Path) -> None:
    client, access = firm.client, firm.access
    sender, invoice = Sender(firm), sample(shared, "vat-eur-domestic-tax-in-pln")
    for xml in (invoice, invoice, b"<x/>"):
        sender.status(sender.send(xml))
    sender.close()
    client.sessions.get_session_invoices(sender.reference, access_token=access)
    client.sessions.get_session_failed_invoices(sender.reference, access_token=access)
    client.sessions.get_sessions(session_type="Online", access_token=access)
    sent_as_batch(firm, zipped({"1.xml": sample(shared, "kor-lines"), "2.xml": sample(shared, "vat-jst-third-party")}))
    numbers = double.hand_in(*purchases(3))
    metadata(firm)
    Fetched(firm)
    client.invoices.get_invoice(numbers[0], access_token=access)
    for problems in ({}, {"X-Error-Format": "problem-details"}):
        _ask(double, "GET", f"/v2/invoices/ksef/{TAX_NO}-20260101-010000000001-00", access, problems)
        _ask(double, "GET", "/v2/rate-limits", "x.y.z", problems)
        double.standing = Standing(limits=False, refuse_next=(429, 403))
        _ask(double, "GET", "/v2/limits/context", access, problems)
        _ask(double, "GET", "/v2/limits/context", access, problems)
    _ask(double, "POST", "/v2/permissions/query/personal/grants", access, {})
    _manage(client, firm)
    begun_by_token(client, double.token(TAX_NO))
    client.auth.get_active_sessions(access_token=access)
    client.auth.refresh_access_token(firm.refresh)
    collective = client.collective_identifiers.generate_for_ksef_numbers(numbers, access_token=access)
    client.collective_identifiers.list_invoices(collective.collective_identifier_number, access_token=access)


def _manage(client: KsefClient, firm: Firm) -> None:
    access = firm.access
    serial, *_ = enrolled(firm)
    client.certificates.get_limits(access)
    client.certificates.query_certificates(QueryCertificatesRequest(), access_token=access)
    client.certificates.revoke_certificate(serial, RevokeCertificateRequest(), access_token=access)
    wanted = GenerateTokenRequest(permissions=[TokenPermissionType.INVOICEREAD], description="Odczyt faktur")
    token = client.tokens.generate_token(wanted, access_token=access)
    client.tokens.list_tokens(access_token=access)
    client.tokens.get_token_status(token.reference_number, access_token=access)
    client.tokens.revoke_token(token.reference_number, access_token=access)
    client.rate_limits.get_rate_limits(access)
    client.limits.get_context_limits(access)
    client.limits.get_subject_limits(access)


def _ask(double: Double, method: str, path: str, token: str, headers: dict[str, str]) -> None:
    lower = {name.lower(): value for name, value in headers.items()}
    double.reply(Call(method, path, {}, {"authorization": f"Bearer {token}", **lower}, b"", "127.0.0.1"))


def _compared(contract: Any, heard: Heard) -> tuple[str, str, int] | None:
    """The operation and status that an answer was compared with; None where there is nothing to compare."""
    path = heard.call.path.removeprefix("/v2")
    if not heard.call.path.startswith("/v2") or path.startswith(OF_LATER_CONTRACTS):
        return None
    template = _template(contract, heard.call.method, path)
    described = contract["paths"][template][heard.call.method.lower()]["responses"]
    assert str(heard.status) in described, (heard.call.method, template, heard.status)
    content = described[str(heard.status)].get("content")
    if content is None:
        assert heard.body == b""
    else:
        assert heard.content_type in content, (template, heard.status, heard.content_type)
        if heard.content_type.endswith("json"):
            schema = content[heard.content_type]["schema"]
            _validate(contract, schema, json.loads(heard.body), f"{heard.call.method} {template}")
    return heard.call.method, template, heard.status


def _template(contract: Any, method: str, path: str) -> str:
    """The path of the description: one that is written out goes before one with a place for a value."""
    fitting = [
        one
        for one, operations in contract["paths"].items()
        if method.lower() in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)
    ]
    return str(min(fitting, key=lambda one: one.count("{")))


def _validate(contract: Any, schema: Any, value: Any, where: str) -> None:
    components = _strict(contract["components"]["schemas"])
    validator = jsonschema_rs.Draft202012Validator({**_nullable(schema), "components": {"schemas": components}})
    errors = [
        f"{where} {'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(value)
    ]
    assert errors == []


def _strict(schemas: Any) -> Any:
    """No answer has an attribute that is not described, in 2.6 or later."""
    strict = {}
    for name, schema in schemas.items():
        known = _nullable(schema)
        if known.get("properties") and "additionalProperties" not in known:
            more: Any = {newer: {} for newer in NEWER.get(name, ())}
            known = {**known, "properties": {**known["properties"], **more}, "additionalProperties": False}
        if "CollectiveIdentifierManage" not in known.get("enum", ()) and "Permission" in name and "enum" in known:
            known = {**known, "enum": [*known["enum"], "CollectiveIdentifierManage"]}
        strict[name] = known
    return strict


def _nullable(schema: Any) -> Any:
    """OpenAPI 3.0 says so by an attribute of its own; no answer of the double has a null."""
    if isinstance(schema, dict):
        return {name: _nullable(value) for name, value in schema.items() if name not in {"nullable", "example"}}
    return [_nullable(one) for one in schema] if isinstance(schema, list) else schema


def test_every_described_operation_but_the_granting_of_rights_is_there(contract: Any) -> None:
    left_out = ("/permissions", "/peppol", "/testdata/attachment", "/testdata/limits")
    described = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, operations in contract["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "delete"} and not path.startswith(left_out)
    }
    there = {(route.method, route.path.removeprefix("/v2")) for route in ROUTES}

    assert described - there == set()


def test_many_who_send_at_once_each_get_a_number_of_their_own(firm: Firm, double: Double, shared_folder: Path) -> None:
    sender, invoice = Sender(firm), sample(shared_folder, "vat-mixed-rates")
    old = number_of(invoice).encode()

    def send(place: int) -> str:
        return sender.send(invoice.replace(old, b"T%d" % (place % 30)))

    with ThreadPoolExecutor(12) as pool:
        references = list(pool.map(send, range(60)))

    kept = double.invoices
    assert len(set(references)) == 60
    assert len({one.ksef_number for one in kept}) == len({one.stored_at for one in kept}) == len(kept) == 30
    assert double.counts["invoiceSend"] == 60


def test_many_who_ask_at_once_are_never_let_above_a_limit(firm: Firm, double: Listening) -> None:
    double.standing = Standing()
    path, barrier = "/v2/limits/context", threading.Barrier(12)

    def ask(_place: int) -> None:
        barrier.wait()
        _ask(double, "GET", path, firm.access, {})

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, range(12)))

    answers = [one.status for one in double.heard if one.call.path == path]
    assert sorted(answers) == [200] * 10 + [429] * 2


def test_memory_is_bounded(firm: Firm, double: Double, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invoices above the bound are refused, of everything else the oldest is dropped."""
    [first] = double.hand_in(Handed(number="1", buyer_tax_no=TAX_NO))
    monkeypatch.setattr(held, "MOST_BYTES", len(double.invoices[0].packed))
    with pytest.raises(ValueError, match="550"):
        double.hand_in(Handed(number="2", buyer_tax_no=TAX_NO))
    assert [one.ksef_number for one in double.invoices] == [first]

    monkeypatch.setattr(held, "MOST_OTHERS", 3)
    for _ in range(5):
        firm.client.auth.get_challenge()
    assert len(double._system.held.challenges) == 3  # noqa: SLF001 (what it holds is no matter of who asks)


def test_what_was_kept_comes_back_as_it_was(firm: Firm, double: Double, shared_folder: Path) -> None:
    sender, invoice = Sender(firm), sample(shared_folder, "vat-mixed-rates")
    kept = double.keep()
    sender.send(invoice)
    double.standing = Standing(limits=False, state="slow")

    double.bring_back(kept)

    assert (double.invoices, double.standing.state) == ([], "ok")
    assert sender.ended(invoice).code == 200
