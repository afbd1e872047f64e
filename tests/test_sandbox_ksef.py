"""A sandbox has a double of KSeF at an address of its own, which its control moves, keeps and brings back."""

import base64
import datetime as dt
import hashlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from ksef_client import KsefClient, KsefClientOptions
from ksef_client.exceptions import KsefHttpError
from ksef_client.openapi_models import (
    InvoiceQueryDateRange,
    InvoiceQueryDateType,
    InvoiceQueryFilters,
    InvoiceQuerySubjectType,
)
from ksef_client.services.auth import build_auth_token_request_xml
from ksef_client.services.xades import sign_xades_enveloped

from faktura.core.clock import Clock
from faktura.core.ksef.connection import KsefConnection
from faktura.sandbox.outside.ksef.double import Double
from faktura.store.database import open_database
from faktura.store.statements import Query
from faktura.store.transaction import columns_of
from tests import needs
from tests.running import wait_until
from tests.sandboxes import Sandbox

TAX_NO = "1234563218"

ALL = Query(sa.select(*columns_of(KsefConnection)))

USUAL: dict[str, Any] = {"ksef": None}


class Asker:
    """The firm Jabłuszko at the double of a sandbox."""

    def __init__(self, client: KsefClient) -> None:
        self.client = client
        # A test environment takes a certificate of any authority.
        pair = Double(Clock(), "http://localhost").certificate(TAX_NO)
        request = build_auth_token_request_xml(
            challenge=client.auth.get_challenge().challenge,
            context_identifier_type="nip",
            context_identifier_value=TAX_NO,
        )
        begun = client.auth.submit_xades_auth_request(sign_xades_enveloped(request, *pair))
        assert begun is not None
        self.access = client.auth.redeem_token(begun.authentication_token.token).access_token.token

    def purchases(self) -> list[str]:
        """The numbers of what was sold to the firm."""
        start = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
        filters = InvoiceQueryFilters(
            subject_type=InvoiceQuerySubjectType.SUBJECT2,
            date_range=InvoiceQueryDateRange(date_type=InvoiceQueryDateType.PERMANENTSTORAGE, from_=start.isoformat()),
        )
        found = self.client.invoices.query_invoice_metadata(filters, access_token=self.access)
        return [str(one.invoice_number) for one in found.invoices]


@pytest.fixture
def asker(sandbox: Sandbox) -> Iterator[Asker]:
    address = f"{sandbox.told['base_url']}/world/ksef"
    with KsefClient(KsefClientOptions(base_url=address, base_lighthouse_url=f"{address}/latarnia")) as client:
        yield Asker(client)
    assert sandbox.control(USUAL).status == 200


def handed(number: str, **more: Any) -> dict[str, Any]:
    return {"ksef_inbox": [{"number": number, "buyer_tax_no": TAX_NO, **more}]}


def test_the_control_hands_purchases_in(sandbox: Sandbox, asker: Asker) -> None:
    answer = sandbox.control(handed("FV/1", seller_name="Palarnia Kawy", lines=[{"name": "Kawa", "price": "10.50"}]))

    assert (answer.status, answer.json["ksef_inbox"]) == (200, [])
    assert asker.purchases() == ["FV/1"]


@needs.INFAKT
def test_what_is_handed_in_comes_into_the_books_of_the_example_by_itself(sandbox: Sandbox, asker: Asker) -> None:
    """Nobody has to wait for the hour at which the firm would look."""
    assert sandbox.control(handed("FV/2", seller_name="Palarnia Kawy", lines=[{"name": "Kawa", "price": "10.50"}])).json
    costs = "/infakt/v3/documents/costs.json?q[source_eq]=ksef"

    def is_there() -> bool:
        time.sleep(0.5)
        return bool(sandbox.with_key("api_key", "GET", costs).json["entities"])

    wait_until(is_there)

    [fetched] = sandbox.with_key("api_key", "GET", "/infakt/v3/ksef2/import/costs.json").json["entities"]
    assert (fetched["invoice_number"], fetched["client_tax_code"]) == ("FV/2", TAX_NO)
    assert asker.purchases() == ["FV/2"]


def test_what_ksef_would_not_take_is_refused_and_nothing_is_changed(sandbox: Sandbox, asker: Asker) -> None:
    before = sandbox.state()
    answer = sandbox.control({"read_only": True, **handed("FV/1", xml="<Faktura/>")})

    assert answer.status == 400
    assert "450" in answer.json["error_description"]
    assert (sandbox.state(), asker.purchases()) == (before, [])


@pytest.mark.parametrize(
    "patch",
    [{"state": "away"}, {"fail_next": [404]}, {"rights": {"12": []}}, {"announced": [{"category": "FAILURE"}]}],
    ids=lambda patch: next(iter(patch)),
)
def test_what_is_no_standing_is_refused(sandbox: Sandbox, patch: Any) -> None:
    assert sandbox.control({"ksef": patch}).status == 400
    assert sandbox.state()["ksef"]["state"] == "ok"


def test_it_fails_as_the_control_says_and_latarnia_goes_on(sandbox: Sandbox, asker: Asker) -> None:
    announced = {"category": "FAILURE", "start": "2026-11-01T00:00:00Z"}
    assert sandbox.control({"ksef": {"state": "down", "announced": [announced]}}).status == 200

    with pytest.raises(KsefHttpError) as caught:
        asker.client.rate_limits.get_rate_limits(asker.access)
    assert caught.value.status_code == 0
    assert asker.client.lighthouse.get_status().status.value == "FAILURE"

    sandbox.control(USUAL)
    assert asker.client.rate_limits.get_rate_limits(asker.access).other.per_hour == 120


def test_a_limit_says_when_to_come_again(sandbox: Sandbox, asker: Asker) -> None:
    sandbox.control({"ksef": {"refuse_next": [429]}})

    answer = sandbox.server.ask(
        "GET", "/world/ksef/v2/rate-limits", headers={"Authorization": f"Bearer {asker.access}"}
    )

    assert (answer.status, answer.headers["retry-after"]) == (429, "30")
    assert sandbox.state()["ksef"]["refuse_next"] == []


def test_rights_of_a_firm_are_taken_by_its_number(sandbox: Sandbox, asker: Asker) -> None:
    assert sandbox.control({"ksef": {"rights": {TAX_NO: ["InvoiceWrite"]}}}).status == 200

    with pytest.raises(KsefHttpError) as caught:
        asker.purchases()

    assert caught.value.status_code == 403


def test_a_checkpoint_keeps_what_it_holds_and_a_reset_empties_it(sandbox: Sandbox, asker: Asker) -> None:
    sandbox.control(handed("FV/1"))
    assert sandbox.server.ask("POST", "/sandbox/checkpoints/ksef").status == 201
    sandbox.control(handed("FV/2"))
    sandbox.control({"ksef": {"limits": False}})

    assert sandbox.server.ask("POST", "/sandbox/checkpoints/ksef/rewind").status == 200
    assert (asker.purchases(), sandbox.state()["ksef"]["limits"]) == (["FV/1"], True)

    sandbox.reset()
    assert Asker(asker.client).purchases() == []


def test_nobody_but_this_machine_asks_it(sandbox: Sandbox) -> None:
    path = "/world/ksef/v2/security/public-key-certificates"

    assert sandbox.server.ask("GET", path).status == 200
    for header in (
        {"Host": "faktura.example"},
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert sandbox.server.ask("GET", path, headers=header).status == 403


def test_a_page_says_what_is_behind_a_code(sandbox: Sandbox) -> None:
    answer = sandbox.server.ask("GET", f"/world/ksef/qr/invoice/{TAX_NO}/01-11-2026/{'A' * 43}")

    assert answer.status == 404
    assert "nie znaleziono" in answer.body.decode()


def test_what_is_longer_than_any_invoice_is_not_read(sandbox: Sandbox) -> None:
    answer = sandbox.server.ask("POST", "/world/ksef/v2/auth/challenge", raw=bytes(9 * 1024 * 1024))

    assert answer.status == 413


def test_an_unknown_path_is_told_as_a_problem(sandbox: Sandbox) -> None:
    answer = sandbox.server.ask("GET", "/world/ksef/v2/nothing")

    assert (answer.status, json.loads(answer.body)["title"]) == (404, "Not Found")


def test_the_polish_example_firm_is_connected_by_a_certificate_that_the_double_made(sandbox: Sandbox) -> None:
    """Its worker signs in by it, as by any other."""
    database = open_database(f"sqlite:///{sandbox.data / 'faktura.sqlite'}")
    try:
        found = database.read(lambda tx: tx.records(KsefConnection, ALL))
    finally:
        database.close()

    [connection] = found
    assert (connection.tax_no, connection.active, connection.method) == (TAX_NO, True, "certificate")
    assert connection.api_url == f"{sandbox.told['base_url']}/world/ksef"


@needs.INFAKT
def test_an_invoice_of_the_example_goes_to_ksef_and_its_code_leads_to_it(sandbox: Sandbox, asker: Asker) -> None:
    """Through inFakt's door: sent, waited for, with its number; the double holds the file that the door hands out."""
    invoices = sandbox.with_key("api_key", "GET", "/infakt/v3/invoices.json").json["entities"]
    invoice = next(one for one in invoices if one["kind"] == "vat" and one["status"] == "sent")
    door = f"/infakt/v3/ksef2/documents/{invoice['uuid']}"
    assert sandbox.with_key("api_key", "POST", f"{door}/send.json").json["status"] == "pending"

    def is_taken() -> bool:
        time.sleep(0.5)
        return bool(sandbox.with_key("api_key", "GET", f"{door}/status.json").json["status"] == "success")

    wait_until(is_taken)

    number = sandbox.with_key("api_key", "GET", f"{door}/status.json").json["ksef_number"]
    xml = asker.client.invoices.get_invoice_bytes(number, access_token=asker.access).content
    digest = base64.urlsafe_b64encode(hashlib.sha256(xml).digest()).rstrip(b"=").decode()
    day = dt.date.fromisoformat(invoice["invoice_date"])
    page = sandbox.server.ask("GET", f"/world/ksef/qr/invoice/{TAX_NO}/{day:%d-%m-%Y}/{digest}")
    assert (page.status, number in page.body.decode()) == (200, True)
