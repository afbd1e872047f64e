"""Documents are sent to KSeF (19.2, 19.3), and tell how far they have come (19.4)."""

import datetime as dt
from typing import Any

import pytest

from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    ADVANCE,
    CORRECTIVE,
    FINAL,
    INVOICES,
    KINDS,
    MARGIN,
    OSS,
    OSS_CORRECTION,
    Json,
    again,
    change,
    issue,
    least,
    service_of,
    wrapper_of,
)
from faktura.dialects.infakt.tests.ksef.conftest import BUYER, NUMBER, Ksef
from tests.firm import open_firm

NOBODY = "00000000-0000-4000-8000-000000000000"

NO_INTEGRATION = {"error": "Użytkownik nie jest zintegrowany z KSeF."}
NOT_FOUND = {"error": "Zasób którego szukasz nie został znaleziony."}

NOW = "2026-11-21 12:00:00 +0100"

SENDABLE = {
    INVOICES: "vat",
    CORRECTIVE: "corrective_invoice",
    MARGIN: "margin",
    ADVANCE: "advance",
    FINAL: "final",
}
"""Section 2, the column of KSeF."""

EACH = pytest.mark.parametrize("path", SENDABLE)


def sendable(client: Client, path: str) -> Json:
    created = client.post(f"{path}.json", body_of(client, path))
    assert created.status_code == 201, created.text
    document: Json = created.json
    return document


def send(client: Client, document: Json, path: str = INVOICES, body: Any = None) -> Any:
    return client.post(f"{path}/{document['uuid']}/send_to_ksef.json", body)


def send_as_document(client: Client, uuid: str, body: Any = None) -> Any:
    return client.post(f"/ksef2/documents/{uuid}/send.json", body)


@EACH
def test_a_document_that_was_sent_waits_at_first(ksef: Ksef, path: str) -> None:
    document = sendable(ksef.client, path)

    answer = send(ksef.client, document, path)

    assert answer.status_code == 200
    sending = ksef.sending(document)
    assert sending is not None
    assert answer.json == {
        "request_uuid": sending.uuid,
        "invoice_uuid": document["uuid"],
        "invoice_kind": SENDABLE[path],
        "ksef_number": None,
        "status": "pending",
        "status_description": "Faktura oczekuje na wysłanie do KSeF.",
        "timestamps": {"request_created_at": NOW, "request_finished_at": None},
    }


@EACH
def test_both_addresses_do_the_same(ksef: Ksef, path: str) -> None:
    document = sendable(ksef.client, path)

    answer = send_as_document(ksef.client, document["uuid"])

    assert (answer.status_code, answer.json["invoice_kind"]) == (200, SENDABLE[path])
    assert send(ksef.client, document, path).json == answer.json == ksef.status(document)


def test_a_document_is_named_by_its_id_as_well(ksef: Ksef) -> None:
    document = ksef.invoice()

    assert send_as_document(ksef.client, document["id"]).json["invoice_uuid"] == document["uuid"]
    assert ksef.client.get(f"/ksef2/documents/{document['id']}/status.json").json == ksef.status(document)


def test_a_body_that_is_an_empty_object_is_no_body(ksef: Ksef) -> None:
    assert send(ksef.client, ksef.invoice(), body={}).status_code == 200


def test_the_same_document_is_not_sent_twice(ksef: Ksef) -> None:
    document = ksef.sent()
    first = ksef.status(document)

    assert send(ksef.client, document).json == first
    ksef.accept(document)
    assert send_as_document(ksef.client, document["uuid"]).json["request_uuid"] == first["request_uuid"]
    assert send(ksef.client, document).json["status"] == "success"


def test_on_its_way_it_is_sent(ksef: Ksef) -> None:
    document = ksef.sent()

    ksef.take(document)

    told = ksef.status(document)
    assert (told["status"], told["ksef_number"]) == ("sent", None)
    assert told["status_description"] == "Faktura została wysłana do przetworzenia w KSeF."
    assert told["timestamps"]["request_finished_at"] is None


def test_once_accepted_it_has_a_number_and_a_time(ksef: Ksef) -> None:
    document = ksef.sent()
    ksef.wait(dt.timedelta(seconds=90))

    ksef.accept(document)

    told = ksef.status(document)
    assert (told["status"], told["ksef_number"]) == ("success", NUMBER)
    assert told["status_description"] == "Faktura została przetworzona."
    assert told["timestamps"] == {"request_created_at": NOW, "request_finished_at": "2026-11-21 12:01:30 +0100"}


def test_a_refusal_of_ksef_says_code_and_text(ksef: Ksef) -> None:
    document = ksef.sent()

    ksef.refuse(document, 21416, "Wersja dokumentu niezgodna z zadeklarowaną podczas nawiązywania sesji.")

    told = ksef.status(document)
    assert (told["status"], told["ksef_number"]) == ("error", None)
    assert told["status_description"] == (
        "21416:Wersja dokumentu niezgodna z zadeklarowaną podczas nawiązywania sesji."
    )
    assert told["timestamps"]["request_finished_at"] == NOW


def test_behind_the_text_of_ksef_stands_what_it_found(ksef: Ksef) -> None:
    document = ksef.sent()

    ksef.refuse(document, 450, "Błąd weryfikacji semantyki dokumentu faktury", "Zły NIP", "Zła data")

    assert ksef.status(document)["status_description"] == (
        "450:Błąd weryfikacji semantyki dokumentu faktury; Zły NIP; Zła data"
    )


def test_what_was_given_up_without_a_word_of_ksef_is_an_error(ksef: Ksef) -> None:
    document = ksef.sent()

    ksef.give_up(document)

    told = ksef.status(document)
    assert (told["status"], told["status_description"]) == ("error", "Wystąpił problem podczas otwarcia sesji.")


def test_what_never_left_because_ksef_would_refuse_it_is_said_in_the_words_of_a_refusal(ksef: Ksef) -> None:
    document = ksef.sent()

    ksef.refuse(document, None, "")

    told = ksef.status(document)
    assert (told["status"], told["status_description"]) == ("error", "Faktura nie może zostać wysłana do KSeF.")


def test_after_an_error_the_same_document_is_sent_again(ksef: Ksef) -> None:
    document = ksef.sent()
    ksef.refuse(document)
    refused = ksef.status(document)

    told = send(ksef.client, document).json

    assert told["status"] == "pending"
    assert told["request_uuid"] != refused["request_uuid"]
    assert ksef.status(document) == told


@pytest.mark.parametrize("path", KINDS)
def test_the_document_says_the_same_in_detail_and_nothing_in_lists(ksef: Ksef, path: str) -> None:
    document = sendable(ksef.client, path)
    assert (document["ksef_number"], document["ksef_data"]) == (None, None)
    send(ksef.client, document, path)

    assert again(ksef.client, document, path)["ksef_data"] == ksef.status(document)
    ksef.accept(document)

    told = again(ksef.client, document, path)
    assert (told["ksef_number"], told["ksef_data"]) == (NUMBER, ksef.status(document))
    [listed] = ksef.client.get(f"{path}.json").json["entities"]
    assert "ksef_data" not in listed
    assert listed["ksef_number"] == NUMBER


def test_what_was_sent_stands_in_the_answer_to_a_change(ksef: Ksef) -> None:
    document = ksef.sent()
    ksef.refuse(document)

    assert change(ksef.client, document, notes="Poprawione")["ksef_data"]["status"] == "error"


def test_an_invoice_is_found_by_its_number_of_ksef(ksef: Ksef) -> None:
    document = ksef.sent()
    ksef.invoice()
    ksef.accept(document)

    for key, value, found in (("eq", NUMBER, [document]), ("null", "false", [document]), ("eq", "1", [])):
        listed = ksef.client.get("/invoices.json", params={f"q[ksef_number_{key}]": value}).json["entities"]
        assert [one["uuid"] for one in listed] == [one["uuid"] for one in found]


def test_part_of_a_document_may_be_its_way_to_ksef(ksef: Ksef) -> None:
    document = ksef.sent()

    told = ksef.client.get(f"/invoices/{document['uuid']}.json", params={"fields": "ksef_data"}).json

    assert told == {"id": document["id"], "ksef_data": ksef.status(document)}


@pytest.mark.parametrize(
    ("path", "values"), [(OSS, {}), (OSS_CORRECTION, {"corrected_invoice_number": "1/OSS/11/2026"})]
)
def test_kinds_that_do_not_go_there_are_rejected(ksef: Ksef, path: str, values: Json) -> None:
    issue(ksef.client, OSS)
    document = issue(ksef.client, path, **values)

    told = send_as_document(ksef.client, document["id"])

    assert (told.status_code, told.json["status"], told.json["request_uuid"]) == (200, "rejected", None)
    assert told.json["invoice_kind"] == wrapper_of(path)
    assert ksef.client.get(f"/ksef2/documents/{document['id']}/status.json").status_code == 404


def rejected(document: Json, kind: str) -> Json:
    return {
        "request_uuid": None,
        "invoice_uuid": document["uuid"],
        "invoice_kind": kind,
        "ksef_number": None,
        "status": "rejected",
        "status_description": "Faktura nie może zostać wysłana do KSeF.",
        "timestamps": {"request_created_at": NOW, "request_finished_at": None},
    }


def test_a_proforma_is_rejected_at_either_address(ksef: Ksef) -> None:
    document = ksef.invoice(kind="proforma")

    for told in (send(ksef.client, document), send_as_document(ksef.client, document["uuid"])):
        assert (told.status_code, told.json) == (200, rejected(document, "proforma"))
    assert again(ksef.client, document)["ksef_data"] is None


PAPERS: dict[str, Json] = {
    "internal_invoice": {
        "transaction_kind_symbol": "nonaccounting_sales",
        "services": [{"tax_symbol": "23", "net_price": 10000}],
    },
    "fiscal_report": {"services": [{"tax_symbol": "8", "gross_price": 1284000}]},
    "internal_evidence": {
        "classification_symbol": "sold",
        "service_name": "Złom",
        "quantity": "2",
        "unit_price": 5000,
    },
    "daily_revenue": {"services": [{"quantity": 1, "unit_price": 48250}]},
}


@pytest.mark.parametrize("kind", PAPERS)
def test_papers_without_a_buyer_are_rejected(ksef: Ksef, kind: str) -> None:
    paper = ksef.client.post(f"/{kind}s.json", {kind: PAPERS[kind]}).json

    assert send_as_document(ksef.client, paper["uuid"]).json == rejected(paper, kind)
    assert ksef.client.get(f"/ksef2/documents/{paper['uuid']}/status.json").status_code == 404
    assert ksef.client.get(f"/ksef2/documents/{paper['uuid']}/download_xml.json").status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {"services": [service_of(name="u" * 257)]},
        {"notes": "n" * 3501},
        {"client_tax_code": "1234567890"},
        {"invoice_date": "2026-11-22", "sale_date": "2026-11-22", "payment_date": "2026-12-05"},
    ],
    ids=["name of a line", "notes", "NIP", "date to come"],
)
def test_whatever_ksef_would_refuse_is_rejected_before_it_is_queued(ksef: Ksef, values: Json) -> None:
    document = ksef.invoice(**values)

    told = send(ksef.client, document)

    assert (told.status_code, told.json) == (200, rejected(document, "vat"))
    assert ksef.sending(document) is None
    assert again(ksef.client, document)["ksef_data"] is None


@pytest.mark.parametrize("values", [{"services": [service_of(name="u" * 256)]}, {"notes": "n" * 3500}])
def test_what_is_just_as_long_as_may_be_is_sent(ksef: Ksef, values: Json) -> None:
    assert send(ksef.client, ksef.invoice(**values)).json["status"] == "pending"


@EACH
def test_without_an_integration_nothing_is_sent(seller: Ksef, path: str) -> None:
    document = sendable(seller.client, path)

    many = seller.client.post("/ksef2/documents/send.json", {"uuids": [document["uuid"]]})
    for told in (send(seller.client, document, path), send_as_document(seller.client, document["uuid"]), many):
        assert (told.status_code, told.json) == (422, NO_INTEGRATION)
    assert seller.sending(document) is None


def test_an_integration_that_was_put_out_is_none(ksef: Ksef) -> None:
    document = ksef.invoice()
    ksef.change_connection(active=False, last_error="Token wygasł")

    told = send(ksef.client, document)

    assert (told.status_code, told.json) == (422, NO_INTEGRATION)


def test_what_is_not_there_is_404(ksef: Ksef) -> None:
    elsewhere = Client(ksef.client.service, open_firm(ksef.client.service.database, ksef.client.service.clock, "pear"))
    foreign = ksef.invoice()
    for uuid, client in ((NOBODY, ksef.client), ("999999", ksef.client), (foreign["uuid"], elsewhere)):
        for method, path in (
            ("GET", f"/ksef2/documents/{uuid}/status.json"),
            ("GET", f"/ksef2/documents/{uuid}/download_xml.json"),
        ):
            told = client.call(method, path)
            assert (told.status_code, told.json) == (404, NOT_FOUND), (method, path)
    for path in (f"/ksef2/documents/{NOBODY}/send.json", *(f"{one}/{NOBODY}/send_to_ksef.json" for one in SENDABLE)):
        told = ksef.client.post(path)
        assert (told.status_code, told.json) == (404, NOT_FOUND), path


def test_a_document_of_another_kind_is_not_at_this_address(ksef: Ksef) -> None:
    document = ksef.invoice()

    assert send(ksef.client, document, MARGIN).status_code == 404


def test_what_was_never_sent_has_no_status(ksef: Ksef) -> None:
    document = ksef.invoice()

    told = ksef.client.get(f"/ksef2/documents/{document['uuid']}/status.json")

    assert (told.status_code, told.json) == (404, NOT_FOUND)


def test_many_are_sent_together_and_each_has_its_status(ksef: Ksef) -> None:
    documents = [ksef.invoice(), ksef.invoice(kind="proforma"), ksef.invoice(notes="n" * 3501)]
    uuids = [one["uuid"] for one in documents]

    told = ksef.client.post("/ksef2/documents/send.json", {"uuids": [NOBODY, *uuids, uuids[0].upper()]})

    assert told.status_code == 200
    assert set(told.json) == {"entities"}
    assert [one["invoice_uuid"] for one in told.json["entities"]] == uuids
    assert [one["status"] for one in told.json["entities"]] == ["pending", "rejected", "rejected"]
    assert told.json["entities"][0] == ksef.status(documents[0])


@pytest.mark.parametrize("uuids", [None, [], "one", {"a": 1}, ["x"] * 201])
def test_many_have_to_be_named_in_a_list(ksef: Ksef, uuids: Any) -> None:
    told = ksef.client.post("/ksef2/documents/send.json", {"uuids": uuids})

    assert told.status_code == 422
    assert set(told.json["errors"]) == {"uuids"}


def body_of(client: Client, path: str = INVOICES, **values: Any) -> Json:
    """What creates a document that KSeF takes; what is corrected was issued before."""
    corrected: Json = {}
    if path == CORRECTIVE:
        original = issue(client, **BUYER)
        corrected = {"corrected_invoice_number": original["number"], "corrected_invoice_uuid": original["uuid"]}
    return {wrapper_of(path): least(client, path, BUYER) | BUYER | corrected | values}
