"""Who may ask what of KSeF (1.2), and what is gone for everybody (19.1)."""

import pytest

from faktura.dialects.infakt.door.openapi import openapi
from faktura.dialects.infakt.sandbox import READING
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import INVOICES
from faktura.dialects.infakt.tests.ksef.conftest import Ksef
from faktura.dialects.infakt.tests.ksef.test_fetching import numbered

READS = [
    "/ksef2/integration.json",
    "/ksef2/documents/{}/status.json",
    "/ksef2/documents/{}/download_xml.json",
    "/ksef2/import/incomes.json",
    "/ksef2/import/costs.json",
    f"/ksef2/import/{numbered(1)}.json",
    "/invoices/{}/download_xml.json",
]
WRITES = [
    "/ksef2/documents/{}/send.json",
    "/ksef2/documents/send.json",
    "/ksef2/cancel_export.json",
    "/invoices/{}/send_to_ksef.json",
]


class TestScopes:
    """1.2: what is read and what is sent, each needs its scope, whatever else a key may."""

    @pytest.mark.parametrize("path", READS)
    def test_reading_needs_the_scope_of_reading_alone(self, ksef: Ksef, path: str) -> None:
        document = ksef.sent()
        ksef.hold(numbered(1))

        def ask(*scopes: str) -> int:
            client = Client(ksef.client.service, ksef.firm, scopes)
            return int(client.get(path.format(document["uuid"])).status_code)

        assert ask("api:invoices:read") == 200
        assert ask("api:invoices:write", "api:ksef:integration:write", "api:costs:read", "api:accounting:read") == 401

    @pytest.mark.parametrize("path", WRITES)
    def test_sending_needs_the_scope_of_writing(self, ksef: Ksef, path: str) -> None:
        document = ksef.sent()

        def ask(*scopes: str) -> int:
            client = Client(ksef.client.service, ksef.firm, scopes)
            body = {"uuids": [document["uuid"]], "uuid": document["uuid"]}
            return int(client.post(path.format(document["uuid"]), body).status_code)

        assert ask(*READING, "api:ksef:integration:write") == 401
        assert ask("api:invoices:write") == 200

    @pytest.mark.parametrize("path", [*READS, *WRITES])
    def test_without_a_key_nothing_is_told(self, ksef: Ksef, path: str) -> None:
        method = "GET" if path in READS else "POST"
        told = ksef.client.call(method, path.format("x"), headers={"X-inFakt-ApiKey": None})

        assert (told.status_code, told.json) == (401, {"error": "Musisz podać klucz API."})


class TestRetired:
    """19.1: KSeF 1.0 is gone for every account, also for one that is connected."""

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            *(
                ("POST", "/ksef/integration.json"),
                ("GET", "/ksef/integration.json"),
                ("DELETE", "/ksef/integration.json"),
            ),
            *(("POST", "/ksef/documents/{}/send.json"), ("POST", "/ksef/documents/send.json")),
            *(("GET", "/ksef/documents/{}/status.json"), ("GET", "/ksef/documents/{}/download_xml.json")),
            *(("GET", "/ksef/import/incomes.json"), ("GET", "/ksef/import/costs.json"), ("GET", "/ksef/import/1.json")),
        ],
    )
    def test_every_call_is_410(self, ksef: Ksef, method: str, path: str) -> None:
        told = ksef.client.call(method, path.format(ksef.invoice()["uuid"]), {"access_token": "x"})

        assert told.status_code == 410
        assert told.json == {"error": "API KSeF 1.0 zostało wyłączone. Proszę przejść na KSeF 2.0."}


def test_the_api_document_describes_what_is_answered() -> None:
    paths = openapi("https://api.infakt.pl/api/v3")["paths"]

    assert {path for path in paths if path.startswith("/ksef2/")} == {
        "/ksef2/integration.json",
        "/ksef2/documents/{uuid}/send.json",
        "/ksef2/documents/{uuid}/status.json",
        "/ksef2/documents/send.json",
        "/ksef2/documents/{uuid}/download_xml.json",
        "/ksef2/cancel_export.json",
        "/ksef2/import/incomes.json",
        "/ksef2/import/costs.json",
        "/ksef2/import/{ksef_number}.json",
    }
    assert f"{INVOICES}/{{uuid}}/send_to_ksef.json" in paths
