"""A document as KSeF takes it, kept from it again, and held fast once it has it (19.1, 19.2)."""

import datetime as dt

import pytest

from faktura.dialects.infakt.tests.issuing import again, issue
from faktura.dialects.infakt.tests.ksef.conftest import BUYER, NUMBER, Ksef
from faktura.dialects.infakt.tests.ksef.test_sending import SENDABLE, sendable

XML = "application/xml"


class TestXml:
    """A document as KSeF takes it."""

    @pytest.mark.parametrize("path", SENDABLE)
    def test_every_kind_that_can_be_sent_is_downloaded_at_both_addresses(self, ksef: Ksef, path: str) -> None:
        document = sendable(ksef.client, path)

        own = ksef.client.get(f"{path}/{document['uuid']}/download_xml.json")
        other = ksef.client.get(f"/ksef2/documents/{document['uuid']}/download_xml.json")

        for told in (own, other):
            assert (told.status_code, told.headers["content-type"]) == (200, XML), told.text
            assert document["number"] in told.text
            assert "http://crd.gov.pl/wzor/2025/06/25/13775/" in told.text

    def test_what_was_sent_is_downloaded_as_it_was_sent(self, ksef: Ksef) -> None:
        document = ksef.sent()
        sending = ksef.sending(document)
        assert sending is not None
        ksef.wait(dt.timedelta(hours=1))

        for _ in range(2):
            assert ksef.client.get(f"/invoices/{document['uuid']}/download_xml.json").content == sending.xml
            ksef.accept(document)

    def test_what_was_refused_is_built_again(self, ksef: Ksef) -> None:
        document = ksef.sent()
        ksef.refuse(document)
        ksef.client.put(f"/invoices/{document['uuid']}.json", {"invoice": {"notes": "Poprawione"}})

        assert "Poprawione" in ksef.client.get(f"/invoices/{document['uuid']}/download_xml.json").text

    def test_it_needs_no_integration(self, seller: Ksef) -> None:
        document = seller.invoice()

        assert seller.client.get(f"/invoices/{document['uuid']}/download_xml.json").status_code == 200

    def test_a_draft_that_is_downloaded_is_put_into_the_accounts(self, ksef: Ksef) -> None:
        document = ksef.invoice()
        assert document["status"] == "draft"

        ksef.client.get(f"/invoices/{document['uuid']}/download_xml.json")

        assert again(ksef.client, document)["status"] == "printed"

    def test_another_format_leaves_it_a_draft(self, ksef: Ksef) -> None:
        document = ksef.invoice()

        told = ksef.client.get(f"/invoices/{document['uuid']}/download_xml.json", params={"format": "cii"})

        assert told.status_code == 200
        assert again(ksef.client, document)["status"] == "draft"

    def test_what_ksef_would_refuse_is_422_by_attribute(self, ksef: Ksef) -> None:
        document = ksef.invoice(notes="n" * 3501)

        told = ksef.client.get(f"/invoices/{document['uuid']}/download_xml.json")

        assert (told.status_code, set(told.json["errors"])) == (422, {"notes"})
        assert again(ksef.client, document)["status"] == "draft"

    def test_a_proforma_has_none(self, ksef: Ksef) -> None:
        document = ksef.invoice(kind="proforma")

        told = ksef.client.get(f"/invoices/{document['uuid']}/download_xml.json")
        assert told.status_code == 422
        assert ksef.client.get(f"/ksef2/documents/{document['uuid']}/download_xml.json").status_code == 404


class TestCancel:
    """Known from a map of endpoints alone; what it takes and answers is our guess."""

    @pytest.mark.parametrize("name", ["uuid", "invoice_uuid", "document_uuid"])
    def test_what_waits_is_kept_from_ksef(self, ksef: Ksef, name: str) -> None:
        document = ksef.sent()
        request_uuid = ksef.status(document)["request_uuid"]

        told = ksef.client.post("/ksef2/cancel_export.json", {name: document["uuid"]})

        assert told.status_code == 200
        assert (told.json["request_uuid"], told.json["status"]) == (request_uuid, "rejected")
        assert told.json["timestamps"]["request_finished_at"] is not None
        assert again(ksef.client, document)["ksef_data"] is None
        assert ksef.client.get(f"/ksef2/documents/{document['uuid']}/status.json").status_code == 404

    def test_it_may_be_sent_again_later(self, ksef: Ksef) -> None:
        document = ksef.sent()
        ksef.client.post("/ksef2/cancel_export.json", {"uuid": document["uuid"]})

        told = ksef.client.post(f"/invoices/{document['uuid']}/send_to_ksef.json")

        assert (told.status_code, told.json["status"]) == (200, "pending")

    def test_what_has_left_or_was_never_sent_is_422(self, ksef: Ksef) -> None:
        left, accepted = ksef.sent(), ksef.sent()
        ksef.take(left)
        ksef.accept(accepted)

        for document in (left, accepted):
            told = ksef.client.post("/ksef2/cancel_export.json", {"uuid": document["uuid"]})
            assert (told.status_code, told.json) == (422, {"error": "Faktura nie oczekuje na wysłanie do KSeF."})
        assert ksef.status(left)["status"] == "sent"

    def test_nothing_named_is_422_and_something_unknown_404(self, ksef: Ksef) -> None:
        assert ksef.client.post("/ksef2/cancel_export.json", {}).status_code == 422
        unknown = {"uuid": "00000000-0000-4000-8000-000000000000"}
        assert ksef.client.post("/ksef2/cancel_export.json", unknown).status_code == 404


class TestLock:
    """423 (1.8): what KSeF has, only a correction changes."""

    @pytest.mark.parametrize("state", ["waiting", "accepted"])
    def test_what_is_on_its_way_or_arrived_is_not_changed(self, ksef: Ksef, state: str) -> None:
        document = ksef.sent()
        if state == "accepted":
            ksef.accept(document)
        before = again(ksef.client, document)

        refused = ksef.client.put(f"/invoices/{document['uuid']}.json", {"invoice": {"notes": "Inne"}})

        assert refused.status_code == 423
        assert set(refused.json["errors"]) == {"base"}
        assert again(ksef.client, document) == before

    def test_nor_is_it_deleted(self, ksef: Ksef) -> None:
        document = ksef.sent()
        ksef.accept(document)

        assert ksef.client.delete(f"/invoices/{document['uuid']}.json").status_code == 423
        assert again(ksef.client, document)["ksef_number"] == NUMBER

    def test_it_is_paid_and_printed_and_corrected(self, ksef: Ksef) -> None:
        document = ksef.sent()
        ksef.accept(document)

        assert ksef.client.post(f"/invoices/{document['uuid']}/paid.json").status_code == 204
        printed = ksef.client.get(f"/invoices/{document['uuid']}/pdf.json", params={"document_type": "original"})
        assert printed.status_code == 200
        named = {"corrected_invoice_number": document["number"], "corrected_invoice_uuid": document["uuid"]}
        assert issue(ksef.client, "/corrective_invoices", **(BUYER | named))["number"]
