"""What programs for inFakt ask of KSeF, request by request, in a running sandbox whose Polish firm reaches the double.

Three public clients were read for what they send: the plugin of a shop (`zanreal-labs/medusa-infakt`), the adapter of a
hub (`openlinker-project/openlinker`), and an SDK made from the vendor's collection (`orafal-dev/infakt-sdk`).
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests import needs
from tests.running import PATIENCE, Answer
from tests.sandboxes import JSON, Sandbox

pytestmark = needs.INFAKT

API = "/infakt/api/v3"

Json = dict[str, Any]

BUYER: Json = {
    "client_company_name": "Klient Sp. z o.o.",
    "client_tax_code": "9452121681",
    "client_country": "PL",
    "client_street": "Uliczna",
    "client_street_number": "1",
    "client_city": "Kraków",
    "client_post_code": "30-001",
}

LINE: Json = {"name": "Usługa IT", "unit_net_price": 100000, "quantity": 1, "tax_symbol": "23"}

INVOICE: Json = BUYER | {"payment_method": "cash", "services": [LINE]}


class Program:
    """Asks with its key; a body is JSON, and without one there is neither body nor type."""

    def __init__(self, sandbox: Sandbox, **headers: str) -> None:
        self.sandbox = sandbox
        self.headers = {"X-inFakt-ApiKey": sandbox.told["infakt"]["api_key"], **headers}

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        typed = {} if body is None else {"Content-Type": "application/json"}
        return self.sandbox.server.ask(method, f"{API}{path}", body, self.headers | typed)

    def get(self, path: str) -> Json:
        answer = self.ask("GET", path)
        assert answer.status == 200, answer.body
        found: Json = answer.json
        return found

    def post(self, path: str, body: Any = None, status: int = 200) -> Json:
        answer = self.ask("POST", path, body)
        assert answer.status == status, answer.body
        found: Json = answer.json
        return found


def polled(ask: Callable[[], Json], is_done: Callable[[Json], bool]) -> Json:
    """What is asked for again and again, as all of them do."""
    until = time.monotonic() + PATIENCE
    while not is_done(told := ask()):
        assert time.monotonic() < until, told
        time.sleep(0.3)
    return told


def created(program: Program, body: Json) -> str:
    """The uuid of what was created in the background."""
    task = program.post("/async/invoices.json", body, 201)
    reference = task["invoice_task_reference_number"]
    done = polled(
        lambda: program.get(f"/async/invoices/status/{reference}.json"), lambda told: told["processing_code"] >= 200
    )
    assert done["processing_code"] == 201, done
    uuid: str = done["invoice_uuid"]
    return uuid


def is_over(told: Json | None) -> bool:
    return told is not None and told["status"] not in {"pending", "sent"}


class TestShop:
    """The plugin of a shop: creates, reads the number, sends without a body, asks until it is over."""

    @pytest.fixture
    def shop(self, sandbox: Sandbox) -> Program:
        return Program(sandbox, Accept="application/json")

    def test_it_makes_sure_that_the_account_reaches_ksef(self, shop: Program) -> None:
        told = shop.get("/ksef2/integration.json")

        assert told["active"] is True
        assert told.keys() == {"active", "incomes_last_fetched_at", "costs_last_fetched_at"}
        assert shop.ask("GET", "/ksef/integration.json").status == 410

    def test_an_invoice_gets_its_number(self, shop: Program) -> None:
        uuid = created(shop, {"invoice": INVOICE})
        assert shop.get(f"/invoices/{uuid}.json")["number"]

        assert shop.ask("POST", f"/invoices/{uuid}/send_to_ksef.json").status == 200
        told = polled(lambda: shop.get(f"/ksef2/documents/{uuid}/status.json"), is_over)

        assert told["status"] == "success", told
        assert told["request_uuid"]
        assert told["ksef_number"].startswith(seller_of(shop))

    def test_what_was_sent_before_is_no_second_document(self, shop: Program) -> None:
        uuid = created(shop, {"invoice": INVOICE})
        first = shop.post(f"/invoices/{uuid}/send_to_ksef.json")
        polled(lambda: shop.get(f"/ksef2/documents/{uuid}/status.json"), is_over)

        again = shop.post(f"/invoices/{uuid}/send_to_ksef.json")

        assert (again["request_uuid"], again["status"]) == (first["request_uuid"], "success")


class TestHub:
    """The adapter of a hub: a client first, a synchronous create, an empty object as body, and `ksef_data`."""

    @pytest.fixture
    def hub(self, sandbox: Sandbox) -> Program:
        return Program(sandbox)

    def test_an_invoice_and_its_correction_are_cleared(self, hub: Program) -> None:
        client = {"company_name": "Odbiorca S.A.", "nip": "9452121681", "country": "PL", "city": "Kraków"}
        client |= {"street": "Uliczna", "postal_code": "30-001"}
        buyer = hub.post("/clients.json", {"client": client}, 201)
        of_buyer = {"client_id": buyer["id"], "payment_method": "cash"}
        invoice = hub.post("/invoices.json", {"invoice": of_buyer | {"services": [LINE]}}, 201)
        sent = hub.post(f"/invoices/{invoice['uuid']}/send_to_ksef.json", {})
        assert sent["invoice_uuid"] == invoice["uuid"]
        assert sent["status"] == "pending"

        cleared = polled(
            lambda: hub.get(f"/invoices/{invoice['uuid']}.json?invoice_type=vat"),
            lambda told: is_over(told["ksef_data"]),
        )
        assert cleared["ksef_data"]["status"] == "success"
        assert cleared["ksef_number"] == cleared["ksef_data"]["ksef_number"]

        pair = [LINE | {"group": "1", "correction": False}, LINE | {"quantity": 0, "group": "1", "correction": True}]
        named = {"corrected_invoice_number": invoice["number"], "corrected_invoice_uuid": invoice["uuid"]}
        correction = hub.post(
            "/corrective_invoices.json",
            {"corrective_invoice": of_buyer | named | {"correction_reason": "other", "services": pair}},
            201,
        )
        hub.post(f"/corrective_invoices/{correction['uuid']}/send_to_ksef.json", {})
        told = polled(
            lambda: hub.get(f"/corrective_invoices/{correction['uuid']}.json"), lambda told: is_over(told["ksef_data"])
        )
        assert told["ksef_data"]["status"] == "success", told["ksef_data"]
        xml = hub.ask("GET", f"/corrective_invoices/{correction['uuid']}/download_xml.json").body.decode()
        assert f"<NrKSeFFaKorygowanej>{cleared['ksef_number']}</NrKSeFFaKorygowanej>" in xml

    def test_what_was_cleared_is_changed_by_a_correction_alone(self, hub: Program) -> None:
        uuid = created(hub, {"invoice": INVOICE, "send_to_ksef": True})
        polled(lambda: hub.get(f"/ksef2/documents/{uuid}/status.json"), is_over)

        assert hub.ask("PUT", f"/invoices/{uuid}.json", {"invoice": {"notes": "Inne"}}).status == 423
        assert hub.ask("DELETE", f"/invoices/{uuid}.json").status == 423

    def test_it_is_told_by_a_webhook(self, sandbox: Sandbox, hub: Program) -> None:
        wanted = {"account": "jabluszko", "events": ["send_to_ksef_success", "send_to_ksef_error"]}
        assert sandbox.server.ask("PUT", "/sandbox/events", wanted, JSON).status == 200
        uuid = created(hub, {"invoice": INVOICE, "send_to_ksef": True})

        told = polled(lambda: heard(sandbox), lambda told: told["bodies"] != [])["bodies"][0]

        assert told["event"]["name"] == "send_to_ksef_success"
        assert told["resource"] == hub.get(f"/ksef2/documents/{uuid}/status.json")
        assert told["resource"]["invoice_uuid"] == uuid


def heard(sandbox: Sandbox) -> Json:
    """What the sandbox's own receiver was told in the words of this door."""
    bodies = [one["body"] for one in sandbox.server.ask("GET", "/sandbox/webhooks").json["webhooks"]]
    return {"bodies": [body for body in bodies if "resource" in body]}


class TestSdk:
    """The endpoint map of an SDK: what it calls with an id, and what without."""

    @pytest.fixture
    def sdk(self, sandbox: Sandbox) -> Program:
        return Program(sandbox, Accept="application/json", **{"Content-Type": "application/json"})

    def test_documents_are_sent_together_and_downloaded(self, sdk: Program) -> None:
        uuids = [created(sdk, {"invoice": INVOICE, "send_to_ksef": False}) for _ in range(2)]

        sent = sdk.post("/ksef2/documents/send.json", {"uuids": uuids})

        assert [one["invoice_uuid"] for one in sent["entities"]] == uuids
        for uuid in uuids:
            told = polled(lambda uuid=uuid: sdk.get(f"/ksef2/documents/{uuid}/status.json"), is_over)  # type: ignore[misc]
            assert told["status"] == "success", told
            for path in (f"/ksef2/documents/{uuid}", f"/invoices/{uuid}"):
                file = sdk.ask("GET", f"{path}/download_xml.json")
                assert (file.status, file.headers["content-type"]) == (200, "application/xml")
                assert b"Klient Sp. z o.o." in file.body

    def test_a_document_goes_there_right_after_its_creation(self, sdk: Program) -> None:
        uuid = created(sdk, {"invoice": INVOICE, "send_to_ksef": True})

        told = polled(lambda: sdk.get(f"/ksef2/documents/{uuid}/status.json"), is_over)

        assert (told["status"], told["invoice_kind"]) == ("success", "vat")
        assert dt.datetime.strptime(told["timestamps"]["request_finished_at"], "%Y-%m-%d %H:%M:%S %z")

    def test_what_ksef_refuses_says_why_and_is_sent_again(self, sandbox: Sandbox, sdk: Program) -> None:
        uuid = created(sdk, {"invoice": INVOICE})
        assert sandbox.control({"ksef": {"fail_next": [450]}}).status == 200
        sdk.post(f"/ksef2/documents/{uuid}/send.json")
        refused = polled(lambda: sdk.get(f"/ksef2/documents/{uuid}/status.json"), is_over)
        assert refused["status"] == "error"
        assert refused["status_description"].startswith("450:")

        sdk.post(f"/ksef2/documents/{uuid}/send.json")

        assert polled(lambda: sdk.get(f"/ksef2/documents/{uuid}/status.json"), is_over)["status"] == "success"


def seller_of(program: Program) -> str:
    tax_no: str = program.get("/account/details.json")["company_data"]["tax_id"]
    return tax_no.removeprefix("PL")
