"""6.8, 6.1: other parties, addresses, terms, attachments, links to share."""

import datetime as dt
import hashlib
import hmac
import re
from typing import Any

import pytest
from werkzeug.test import Client as Browser
from werkzeug.test import TestResponse

from faktura.app import application
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.documents.attachments import GivenFile, attach
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import TERM
from faktura.dialects.infakt.tests.conftest import HOST, Client
from faktura.dialects.infakt.tests.issuing import (
    BLANK,
    KINDS,
    NOON,
    NOT_LISTED,
    WRONG,
    Json,
    again,
    change,
    issue,
    refusal,
    refused_change,
)
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE

PARTY: Json = {
    "company_name": "Faktor sp. z o.o.",
    "tax_id": "5252248481",
    "street": "Długa",
    "building_number": "1",
    "door_number": "2",
    "post_code": "30-001",
    "city": "Kraków",
    "country_code": "PL",
    "role_code": "1",
    "internal_identifier": "5252248481-12345",
}
UNIT = {
    "company_name": "Urząd Gminy",
    "nip": "5252248481",
    "street": "Rynek",
    "street_number": "1",
    "flat_number": "2",
    "postal_code": "30-001",
    "city": "Kraków",
    "country": "PL",
}
OTHER_SPELLING = {
    "nip": "tax_id",
    "street_number": "building_number",
    "flat_number": "door_number",
    "postal_code": "post_code",
}
UNITS = ("local_government_recipient_address", "local_government_seller_address")


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def opened(client: Client, address: str) -> TestResponse:
    """What anybody sees who follows a link."""
    assert address.startswith(f"https://{HOST}/")
    browser = Browser(application(client.service))
    return browser.get(address.removeprefix(f"https://{HOST}"), base_url=f"https://{HOST}")


@pytest.mark.parametrize("path", KINDS)
def test_third_parties_come_back_as_they_were_sent_each_with_an_id(client: Client, path: str) -> None:
    least = {"company_name": "Odbiorca", "role_code": "2"}
    created = issue(client, path, third_party_addresses=[PARTY, least])

    first, second = created["third_party_addresses"]
    assert list(first) == ["id", *PARTY]
    assert first == PARTY | {"id": first["id"]}
    assert second == dict.fromkeys(PARTY) | least | {"id": second["id"]}
    assert first["id"] != second["id"]


def test_a_third_party_is_changed_by_its_id_taken_away_or_added(client: Client) -> None:
    created = issue(client, third_party_addresses=[PARTY, PARTY | {"role_code": "11"}])
    first, second = created["third_party_addresses"]

    sent = [{"id": first["id"], "city": "Gdynia"}, {"id": second["id"], "_destroy": True}, PARTY | {"role_code": "7"}]
    after = change(client, created, third_party_addresses=sent)["third_party_addresses"]
    assert after[0] == first | {"city": "Gdynia"}
    assert [party["role_code"] for party in after] == ["1", "7"]


def test_third_parties_that_are_not_sent_stay(client: Client) -> None:
    created = issue(client, third_party_addresses=[PARTY])

    assert change(client, created, third_party_addresses=[]) == created
    assert change(client, created, notes="x")["third_party_addresses"] == created["third_party_addresses"]


@pytest.mark.parametrize("role", [str(role) for role in range(1, 12)])
def test_every_role_is_taken(client: Client, role: str) -> None:
    created = issue(client, third_party_addresses=[PARTY | {"role_code": int(role)}])

    assert created["third_party_addresses"][0]["role_code"] == role


@pytest.mark.parametrize(
    ("party", "told"),
    [
        (PARTY | {"role_code": "12"}, {"third_party_addresses.role_code": [NOT_LISTED]}),
        (PARTY | {"role_code": None}, {"third_party_addresses.role_code": [BLANK]}),
        (PARTY | {"company_name": " "}, {"third_party_addresses.company_name": [BLANK]}),
    ],
)
def test_a_third_party_has_a_name_and_a_role(client: Client, party: Json, told: Json) -> None:
    assert refusal(client, third_party_addresses=[party]) == told
    created = issue(client, third_party_addresses=[PARTY])
    entry = {"id": created["third_party_addresses"][0]["id"], "role_code": party["role_code"]}
    if party["company_name"] == PARTY["company_name"]:
        assert refused_change(client, created, third_party_addresses=[entry]) == told


@pytest.mark.parametrize("name", UNITS)
def test_an_address_of_local_government_is_taken_in_either_spelling_and_told_in_one(client: Client, name: str) -> None:
    """D14, D15."""
    sent: Json = {name: {OTHER_SPELLING.get(key, key): value for key, value in UNIT.items()}}
    nothing: Json = {name: None}

    created = issue(client, **sent)
    assert created[name] == UNIT
    assert list(created[name]) == list(UNIT)
    assert change(client, created, **nothing)[name] is None


@pytest.mark.parametrize("missing", ["company_name", "street", "street_number", "postal_code", "city", "country"])
def test_an_address_of_local_government_is_whole(client: Client, missing: str) -> None:
    assert refusal(client, local_government_seller_address=UNIT | {missing: ""}) == {
        "local_government_seller_address": [BLANK]
    }


def test_an_address_of_local_government_needs_neither_tax_number_nor_flat(client: Client) -> None:
    sent = {name: value for name, value in UNIT.items() if name not in {"nip", "flat_number"}}

    created = issue(client, local_government_recipient_address=sent)
    assert created["local_government_recipient_address"] == UNIT | {"nip": None, "flat_number": None}


@pytest.mark.parametrize("path", KINDS)
def test_terms_of_the_transaction_are_contracts_and_orders(client: Client, path: str) -> None:
    terms = {"contracts": [{"number": "U/1", "date": "2026-01-05"}], "orders": [{"number": "Z/1", "date": "2026-2-1"}]}

    created = issue(client, path, transaction_terms=terms)
    told = terms | {"orders": [{"number": "Z/1", "date": "2026-02-01"}]}
    assert created["transaction_terms"] == told
    assert change(client, created, path, transaction_terms=None)["transaction_terms"] is None


@pytest.mark.parametrize("terms", ["x", {"orders": "x"}, {"orders": ["x"]}])
def test_terms_of_another_form_are_refused(client: Client, terms: object) -> None:
    assert refusal(client, transaction_terms=terms) == {"transaction_terms": [WRONG]}


# Links to share


def test_an_invoice_is_shared_for_thirty_days(client: Client) -> None:
    created = issue(client)

    shared = client.post(f"/invoices/{created['uuid']}/share_links.json")
    assert (shared.status_code, list(shared.json)) == (201, ["share_link", "expiration_date"])
    assert shared.json["expiration_date"] == "2026-12-21"
    assert client.get(f"/invoices/{created['uuid']}/share_links.json").json == shared.json
    assert again(client, created)["extensions"]["shares"] == {
        "link": shared.json["share_link"],
        "available": True,
        "valid_until": "2026-12-21",
    }


def test_the_link_opens_the_invoice_for_anybody_until_it_ends(client: Client, clock: Clock) -> None:
    created = issue(client, number="77/2026")
    link = client.post(f"/invoices/{created['uuid']}/share_links.json").json["share_link"]

    for days, status in ((0, 200), (30, 200), (31, 404)):
        clock.stand_at(NOON + dt.timedelta(days=days))
        page = opened(client, link)
        assert page.status_code == status
        assert ("77/2026" in page.text) is (status == 200)


def test_the_shared_page_does_not_tell_the_secret_that_never_ends(client: Client) -> None:
    created = with_files(client, "umowa.pdf")
    link = client.post(f"/invoices/{created['uuid']}/share_links.json").json["share_link"]

    def token(tx: Any) -> str:
        return find_invoice(Books(tx, client.firm.account, None, NOON), created["id"]).token

    page = opened(client, link)
    assert "umowa.pdf" in page.text
    assert client.service.database.read(token) not in page.text


def test_a_link_that_was_shared_again_stays_the_same_and_one_that_ended_does_not(client: Client, clock: Clock) -> None:
    path = f"/invoices/{issue(client)['uuid']}/share_links.json"
    first = client.post(path).json

    clock.stand_at(NOON + dt.timedelta(days=10))
    again_shared = client.post(path).json
    assert again_shared == {"share_link": first["share_link"], "expiration_date": "2026-12-31"}

    clock.stand_at(NOON + dt.timedelta(days=50))
    assert client.get(path).status_code == 404
    later = client.post(path).json
    assert later["share_link"] != first["share_link"]
    assert opened(client, first["share_link"]).status_code == 404


def test_a_link_is_prolonged_by_thirty_days(client: Client, clock: Clock) -> None:
    path = f"/invoices/{issue(client)['uuid']}/share_links"
    shared = client.post(f"{path}.json").json

    prolonged = client.post(f"{path}/prolong.json")
    assert (prolonged.status_code, prolonged.json) == (200, shared | {"expiration_date": "2027-01-20"})
    clock.stand_at(NOON + 2 * TERM)
    assert opened(client, shared["share_link"]).status_code == 200


def test_sharing_is_stopped_with_a_message(client: Client) -> None:
    created = issue(client)
    path = f"/invoices/{created['uuid']}/share_links.json"
    link = client.post(path).json["share_link"]

    stopped = client.delete(path)
    assert (stopped.status_code, stopped.json) == (200, {"message": "Udostępnianie faktury zostało wyłączone."})
    assert client.get(path).status_code == 404
    assert opened(client, link).status_code == 404
    assert again(client, created) == created


def test_what_is_not_shared_or_not_there_is_a_404(client: Client) -> None:
    for name in (issue(client)["uuid"], "999"):
        path = f"/invoices/{name}/share_links"
        assert client.get(f"{path}.json").status_code == 404
        assert client.delete(f"{path}.json").status_code == 404
        assert client.post(f"{path}/prolong.json").status_code == 404
    assert client.post("/invoices/999/share_links.json").status_code == 404


# Attachments


def with_files(client: Client, *names: str) -> Json:
    """An invoice with files beside it, which this contract only reads."""
    created = issue(client)

    def work(tx: Any) -> None:
        books = Books(tx, client.firm.account, None, client.service.clock.now())
        old = find_invoice(books, created["id"])
        files = attach(books, old, [GivenFile(name, "application/pdf", name.encode()) for name in names])
        books.change(old, changed(old, attachments=files))

    client.service.database.write(work)
    return created


def test_files_are_listed_in_an_envelope_and_read_alone(client: Client) -> None:
    path = f"/invoices/{with_files(client, 'umowa.pdf', 'protokół.pdf')['uuid']}/attachments"

    listed = client.get(f"{path}.json").json
    assert (listed["metainfo"]["count"], listed["metainfo"]["total_count"]) == (2, 2)
    first, second = listed["entities"]
    assert list(first) == ["id", "name", "content_type", "download_link"]
    assert (first["name"], second["name"], first["content_type"]) == ("umowa.pdf", "protokół.pdf", "application/pdf")
    assert client.get(f"{path}/{first['id']}.json").json == first
    cut = client.get(f"{path}.json", query_string="limit=1&offset=1&fields=name").json
    assert cut["entities"] == [{"id": second["id"], "name": "protokół.pdf"}]


def test_a_file_is_downloaded_without_a_key_for_ten_minutes(client: Client, clock: Clock) -> None:
    created = with_files(client, "protokół.pdf")
    [file] = client.get(f"/invoices/{created['uuid']}/attachments.json").json["entities"]

    for minutes, status in ((0, 200), (10, 200), (11, 404)):
        clock.stand_at(NOON + dt.timedelta(minutes=minutes))
        answer = opened(client, file["download_link"])
        assert answer.status_code == status
    clock.stand_at(NOON)
    answer = opened(client, file["download_link"])
    assert (answer.data, answer.content_type) == ("protokół.pdf".encode(), "application/pdf")


def test_an_empty_file_keeps_its_type(client: Client) -> None:
    created = with_files(client, "")
    [file] = client.get(f"/invoices/{created['uuid']}/attachments.json").json["entities"]

    answer = opened(client, file["download_link"])
    assert (answer.status_code, answer.data, answer.content_type) == (200, b"", "application/pdf")


def test_a_ticket_is_signed_by_the_server_and_not_by_what_the_customer_knows(client: Client) -> None:
    created = with_files(client, "a.pdf")
    [file] = client.get(f"/invoices/{created['uuid']}/attachments.json").json["entities"]
    ticket = re.search(r"/downloads/(.+)-[0-9a-f]{64}\.json", file["download_link"])
    assert ticket is not None
    [invoice] = client.service.database.read(
        lambda tx: Books(tx, client.firm.account, None, client.service.clock.now()).all(Invoice)
    )

    forged = hmac.new(invoice.token.encode(), ticket[1].encode(), hashlib.sha256).hexdigest()
    link = file["download_link"].rpartition("-")[0] + f"-{forged}.json"
    assert opened(client, link).status_code == 404


def test_a_link_that_was_tampered_with_opens_nothing(client: Client) -> None:
    created = with_files(client, "a.pdf", "b.pdf")
    first, second = client.get(f"/invoices/{created['uuid']}/attachments.json").json["entities"]
    link: str = first["download_link"]
    until = re.search(r"-(\d+)-[0-9a-f]{64}", link)
    assert until is not None

    later = link.replace(until[1], str(int(until[1]) + 600))
    other = link.replace(f"-{first['id']}-", f"-{second['id']}-")
    for wrong in (later, other, link.replace(".json", "0.json"), link[:-70] + ".json"):
        assert opened(client, wrong).status_code == 404


def test_files_of_others_are_a_404(client: Client, database: Database, clock: Clock) -> None:
    created, other = with_files(client, "a.pdf"), issue(client)
    [file] = client.get(f"/invoices/{created['uuid']}/attachments.json").json["entities"]
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))

    assert stranger.get(f"/invoices/{created['uuid']}/attachments.json").status_code == 404
    assert client.get(f"/invoices/{other['uuid']}/attachments/{file['id']}.json").status_code == 404
    assert client.get(f"/invoices/{created['uuid']}/attachments/x.json").status_code == 404
