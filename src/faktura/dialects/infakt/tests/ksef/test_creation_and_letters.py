"""A document is sent together with its creation (6.2), and a letter follows (19.3)."""

from typing import Any

import pytest

from faktura.dialects.infakt.tests.issuing import BLANK, NOT_LISTED, SUMMARY, Json, again, count, work
from faktura.dialects.infakt.tests.ksef.conftest import Ksef
from faktura.dialects.infakt.tests.ksef.test_sending import EACH, NO_INTEGRATION, body_of, send


class TestLetter:
    """19.3: `inform_via_email`."""

    def test_the_client_is_written_to_once_it_is_accepted(self, ksef: Ksef) -> None:
        document = ksef.invoice()
        letter = {"print_type": "copy", "recipient": "klient@example.com", "locale": "pe", "send_copy": "true"}

        told = send(ksef.client, document, body={"inform_via_email": letter | {"content": "Dzień dobry"}})

        assert told.status_code == 200
        sending = ksef.sending(document)
        assert sending is not None
        assert sending.letter is not None
        kept = sending.letter
        assert (kept.print_as, kept.recipient, kept.language) == ("copy", "klient@example.com", "pe")
        assert (kept.send_copy, kept.content) == (True, "Dzień dobry")
        assert again(ksef.client, document)["status"] == "draft"
        ksef.accept(document)
        work(ksef.client.service)
        assert again(ksef.client, document)["status"] == "sent"

    def test_the_clients_own_address_is_meant_where_none_is_given(self, ksef: Ksef) -> None:
        document = ksef.invoice(client_email="klient@example.com")

        assert send(ksef.client, document, body={"inform_via_email": {"print_type": "original"}}).status_code == 200

    @pytest.mark.parametrize(
        ("letter", "told"),
        [
            ({}, {"print_type": [BLANK]}),
            ({"print_type": ""}, {"print_type": [BLANK]}),
            ({"print_type": "original_copy"}, {"print_type": [NOT_LISTED]}),
            ({"print_type": "copy", "locale": "de"}, {"locale": [NOT_LISTED]}),
            ({"print_type": "copy", "recipient": "nikt"}, {"recipient": ["jest nieprawidłowy"]}),
            ({"print_type": "copy", "send_copy": "może"}, {"send_copy": ["nie jest wartością logiczną"]}),
        ],
    )
    @pytest.mark.parametrize("address", ["/invoices/{}/send_to_ksef.json", "/ksef2/documents/{}/send.json"])
    def test_a_letter_that_cannot_be_sends_nothing(self, ksef: Ksef, address: str, letter: Json, told: Json) -> None:
        document = ksef.invoice(client_email="klient@example.com")

        refused = ksef.client.post(address.format(document["uuid"]), {"inform_via_email": letter})

        assert (refused.status_code, refused.json) == (422, {"error": SUMMARY, "errors": told})
        assert ksef.sending(document) is None

    def test_nobody_can_be_written_to_without_an_address(self, ksef: Ksef) -> None:
        refused = send(ksef.client, ksef.invoice(), body={"inform_via_email": {"print_type": "copy"}})

        assert refused.status_code == 422
        assert "adres e-mail Klienta jest nieznany" in refused.json["errors"]["recipient"][0]

    def test_what_is_no_object_is_400(self, ksef: Ksef) -> None:
        assert send(ksef.client, ksef.invoice(), body={"inform_via_email": "tak"}).status_code == 400


class TestAtCreation:
    """6.2: `send_to_ksef` beside the wrapper."""

    @EACH
    def test_a_document_is_submitted_right_after_its_creation(self, ksef: Ksef, path: str) -> None:
        body = body_of(ksef.client, path) | {"send_to_ksef": True}

        created = ksef.client.post(f"{path}.json", body)

        assert created.status_code == 201, created.text
        assert created.json["ksef_data"] == ksef.status(created.json)
        assert created.json["ksef_data"]["status"] == "pending"

    @EACH
    def test_so_is_one_that_is_created_later(self, ksef: Ksef, path: str) -> None:
        body = body_of(ksef.client, path) | {"send_to_ksef": "true"}
        handed_in = ksef.client.post(f"/async{path}.json", body).json
        work(ksef.client.service)

        reference = handed_in["invoice_task_reference_number"]
        done = ksef.client.get(f"/async{path}/status/{reference}.json").json

        assert done["processing_code"] == 201
        assert ksef.status({"uuid": done["invoice_uuid"]})["request_uuid"]

    def test_what_ksef_would_refuse_is_not_created_either(self, ksef: Ksef) -> None:
        refused = ksef.client.post("/invoices.json", body_of(ksef.client, notes="n" * 3501) | {"send_to_ksef": True})

        assert refused.status_code == 422
        assert set(refused.json["errors"]) == {"notes"}
        assert count(ksef.client) == 0

    def test_a_task_says_so_by_attribute(self, ksef: Ksef) -> None:
        body = body_of(ksef.client, notes="n" * 3501) | {"send_to_ksef": True}
        handed_in = ksef.client.post("/async/invoices.json", body).json
        work(ksef.client.service)

        done = ksef.client.get(f"/async/invoices/status/{handed_in['invoice_task_reference_number']}.json").json

        assert (done["processing_code"], set(done["invoice_errors"])) == (422, {"notes"})
        assert count(ksef.client) == 0

    @EACH
    def test_without_an_integration_nothing_is_created(self, seller: Ksef, path: str) -> None:
        before = count(seller.client, path)

        refused = seller.client.post(f"{path}.json", body_of(seller.client, path) | {"send_to_ksef": True})

        assert (refused.status_code, refused.json) == (422, NO_INTEGRATION)
        assert count(seller.client, path) == before

    def test_a_proforma_that_shall_go_there_is_refused(self, ksef: Ksef) -> None:
        refused = ksef.client.post("/invoices.json", body_of(ksef.client, kind="proforma") | {"send_to_ksef": True})

        assert refused.status_code == 422
        assert refused.json["errors"] == {"base": ["Faktura nie może zostać wysłana do KSeF."]}
        assert count(ksef.client) == 0

    @pytest.mark.parametrize("said", [False, "false", None, ""])
    def test_what_does_not_say_so_stays_here(self, ksef: Ksef, said: Any) -> None:
        created = ksef.client.post("/invoices.json", body_of(ksef.client) | {"send_to_ksef": said})

        assert (created.status_code, created.json["ksef_data"]) == (201, None)

    def test_what_is_no_switch_is_400(self, ksef: Ksef) -> None:
        assert ksef.client.post("/invoices.json", body_of(ksef.client) | {"send_to_ksef": "może"}).status_code == 400
