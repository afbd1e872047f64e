"""Section 3: clients."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.documents.record import Seller
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.dialects.infakt.clients import CLIENT
from faktura.dialects.infakt.door.values import PAYMENT_METHODS
from faktura.dialects.infakt.tests.conftest import Client
from faktura.store.database import Database
from tests.firm import Firm, open_firm

BLANK = "nie może być puste"
WRONG = "jest nieprawidłowy"
NOT_LISTED = "nie znajduje się na liście dopuszczalnych wartości"
SUMMARY = "Wystąpiły błędy walidacji."

ATTRIBUTES = [
    *("id", "uuid", "company_name", "street", "street_number", "flat_number", "city", "country", "country_full_name"),
    *("postal_code", "nip", "phone_number", "web_site", "email", "note", "receiver", "mailing_company_name"),
    *("mailing_street", "mailing_city", "mailing_postal_code", "days_to_payment", "payment_method", "invoice_note"),
    *("same_forward_address", "first_name", "last_name", "business_activity_kind", "is_vindicable"),
    "vindicable_invoices_count",
]

SENT: dict[str, Any] = {
    "company_name": "Zażółć Gęślą Jaźń sp. z o.o.",
    "street": "Długa",
    "street_number": "7",
    "flat_number": "12a",
    "city": "Kraków",
    "country": "DE",
    "postal_code": "10115",
    "nip": "DE 123-456-789",
    "phone_number": "+48 600 700 800",
    "web_site": "https://gesla.example",
    "email": "biuro@gesla.example",
    "note": "płaci późno",
    "receiver": "Anna Nowak",
    "mailing_company_name": "Magazyn",
    "mailing_street": "Krótka 2",
    "mailing_city": "Łódź",
    "mailing_postal_code": "90-001",
    "days_to_payment": 21,
    "payment_method": "transfer",
    "invoice_note": "Dziękujemy",
    "same_forward_address": False,
    "first_name": "Jan",
    "last_name": "Kowalski",
    "business_activity_kind": "self_employed",
}


def create(client: Client, **values: Any) -> dict[str, Any]:
    created = client.post("/clients.json", {"client": {"company_name": "Gęśl"} | values})
    assert created.status_code == 201, created.text
    found: dict[str, Any] = created.json
    return found


def change(client: Client, client_id: int, **values: Any) -> dict[str, Any]:
    changed = client.put(f"/clients/{client_id}.json", {"client": values})
    assert changed.status_code == 200, changed.text
    found: dict[str, Any] = changed.json
    return found


def refusal(client: Client, body: dict[str, Any]) -> dict[str, list[str]]:
    """The errors of a create that must be refused and leave nothing behind."""
    before = client.get("/clients.json").json["metainfo"]["total_count"]
    refused = client.post("/clients.json", {"client": body})
    assert refused.status_code == 422, refused.text
    assert refused.json["error"] == SUMMARY
    assert client.get("/clients.json").json["metainfo"]["total_count"] == before
    errors: dict[str, list[str]] = refused.json["errors"]
    return errors


def test_a_client_has_every_attribute_in_the_order_of_the_wire(client: Client) -> None:
    assert list(create(client)) == ATTRIBUTES


def test_every_writable_attribute_comes_back_as_it_was_sent(client: Client) -> None:
    created = create(client, **SENT)

    assert {name: created[name] for name in SENT} == SENT
    assert client.get(f"/clients/{created['id']}.json").json == created
    assert client.get("/clients.json").json["entities"] == [created]


def test_every_writable_attribute_can_be_changed_alone(client: Client) -> None:
    before = create(client, first_name="A", last_name="B", country="DE")

    for name, value in SENT.items():
        after = change(client, before["id"], **{name: value})
        moved = {key for key in ATTRIBUTES if after[key] != before[key]}
        assert moved <= {name, "country_full_name"}
        assert after[name] == value
        before = after


def test_no_writable_attribute_was_forgotten_above() -> None:
    assert {field.name for field in CLIENT.fields if field.access != "read"} == set(SENT)


def test_a_fresh_client_has_null_or_an_empty_text_just_as_the_table_says(client: Client) -> None:
    fresh = create(client)

    nulls = {name for name, value in fresh.items() if value is None}
    empty = {name for name, value in fresh.items() if value == ""}
    assert nulls == {
        *("street", "street_number", "flat_number", "city", "postal_code", "nip", "phone_number", "email"),
        *("first_name", "last_name", "business_activity_kind"),
    }
    assert empty == {
        *("web_site", "note", "receiver", "mailing_company_name", "mailing_street", "mailing_city"),
        *("mailing_postal_code", "days_to_payment", "payment_method", "invoice_note"),
    }


def test_a_fresh_client_has_the_defaults_of_the_table(client: Client) -> None:
    fresh = create(client)

    assert fresh["same_forward_address"] is True
    assert fresh["is_vindicable"] is False
    assert fresh["vindicable_invoices_count"] == 0
    assert UUID(fresh["uuid"]).version == 4


def test_a_missing_country_is_poland(client: Client) -> None:
    fresh = create(client)

    assert (fresh["country"], fresh["country_full_name"]) == ("PL", "Polska")


@pytest.mark.parametrize("country", ["", None])
def test_an_empty_country_is_refused(client: Client, country: str | None) -> None:
    assert refusal(client, {"company_name": "Gęśl", "country": country}) == {"country": [BLANK]}


def test_an_unknown_country_is_refused(client: Client) -> None:
    assert refusal(client, {"company_name": "Gęśl", "country": "XX"}) == {"country": [NOT_LISTED]}


def test_a_country_may_come_in_lower_case(client: Client) -> None:
    created = create(client, country="de")

    assert (created["country"], created["country_full_name"]) == ("DE", "Niemcy")


@pytest.mark.parametrize("kind", [None, "other_business", "self_employed"])
def test_a_company_name_is_required_unless_the_client_is_a_private_person(client: Client, kind: str | None) -> None:
    errors = refusal(client, {"business_activity_kind": kind, "first_name": "Jan", "last_name": "Kowalski"})

    assert errors == {"company_name": [BLANK]}


@pytest.mark.parametrize("name", ["", " ", None])
def test_an_empty_company_name_is_refused_like_a_missing_one(client: Client, name: str | None) -> None:
    assert refusal(client, {"company_name": name}) == {"company_name": [BLANK]}


@pytest.mark.parametrize("kind", ["private_person", "self_employed"])
def test_first_and_last_name_are_required_for_persons(client: Client, kind: str) -> None:
    errors = refusal(client, {"company_name": "Gęśl", "business_activity_kind": kind})

    assert errors == {"first_name": [BLANK], "last_name": [BLANK]}


def test_a_private_person_without_any_name_lacks_first_and_last_name_only(client: Client) -> None:
    errors = refusal(client, {"business_activity_kind": "private_person"})

    assert errors == {"first_name": [BLANK], "last_name": [BLANK]}


def test_a_private_person_has_no_company_name(client: Client) -> None:
    person = {"business_activity_kind": "private_person", "first_name": "Jan", "last_name": "Kowalski"}

    created = client.post("/clients.json", {"client": person})
    assert created.status_code == 201
    assert created.json["company_name"] is None
    renamed = change(client, created.json["id"], last_name="Nowak")
    assert (renamed["company_name"], renamed["last_name"]) == (None, "Nowak")


def test_a_private_person_may_have_a_company_name(client: Client) -> None:
    created = create(client, business_activity_kind="private_person", first_name="Jan", last_name="Kowalski")

    assert created["company_name"] == "Gęśl"
    assert change(client, created["id"], first_name="Adam")["company_name"] == "Gęśl"
    assert change(client, created["id"], company_name=None)["company_name"] is None


def test_a_firm_that_bears_its_owners_name_keeps_it(client: Client) -> None:
    owner = {"first_name": "Jan", "last_name": "Kowalski", "business_activity_kind": "self_employed"}
    created = create(client, company_name="Jan Kowalski", **owner)

    assert created["company_name"] == "Jan Kowalski"
    assert change(client, created["id"], first_name="Adam")["company_name"] == "Jan Kowalski"


def test_a_private_person_cannot_become_a_firm_without_a_name(client: Client) -> None:
    person = {"business_activity_kind": "private_person", "first_name": "Jan", "last_name": "Kowalski"}
    created = client.post("/clients.json", {"client": person}).json

    refused = client.put(f"/clients/{created['id']}.json", {"client": {"business_activity_kind": "other_business"}})
    assert (refused.status_code, refused.json["errors"]) == (422, {"company_name": [BLANK]})


def test_an_activity_kind_outside_the_list_is_refused(client: Client) -> None:
    errors = refusal(client, {"company_name": "Gęśl", "business_activity_kind": "duke"})

    assert errors == {"business_activity_kind": [NOT_LISTED]}


@pytest.mark.parametrize("nip", ["5252248481", "525-224-84-81", "PL5252248481", "PL 525 224 84 81"])
def test_a_nip_with_a_right_checksum_is_kept_in_its_spelling(client: Client, nip: str) -> None:
    assert create(client, nip=nip)["nip"] == nip


@pytest.mark.parametrize("nip", ["5252248482", "525224848", "0000000000", "000-000-00-00", "DE123456789", "numer"])
def test_a_wrong_polish_nip_is_refused(client: Client, nip: str) -> None:
    assert refusal(client, {"company_name": "Gęśl", "nip": nip}) == {"nip": [WRONG]}


def test_the_nip_of_another_country_is_not_checked(client: Client) -> None:
    assert create(client, country="DE", nip="123")["nip"] == "123"


def test_two_clients_may_have_the_same_nip(client: Client) -> None:
    first, second = create(client, nip="5252248481"), create(client, nip="5252248481")

    assert first["id"] != second["id"]


@pytest.mark.parametrize("code", ["31231", "31-23", "31-2311", "ab-cde", "31 231", "٣١-٢٣١"])
def test_a_polish_postal_code_has_two_and_three_digits(client: Client, code: str) -> None:
    assert refusal(client, {"company_name": "Gęśl", "postal_code": code}) == {"postal_code": [WRONG]}


def test_a_right_polish_postal_code_is_taken(client: Client) -> None:
    assert create(client, postal_code="31-231")["postal_code"] == "31-231"


def test_the_postal_code_of_another_country_is_not_checked(client: Client) -> None:
    assert create(client, country="DE", postal_code="10115")["postal_code"] == "10115"


def test_moving_to_poland_has_nip_and_postal_code_checked(client: Client) -> None:
    created = create(client, country="DE", nip="123", postal_code="10115")

    refused = client.put(f"/clients/{created['id']}.json", {"client": {"country": "PL"}})
    assert refused.json["errors"] == {"nip": [WRONG], "postal_code": [WRONG]}
    assert change(client, created["id"], city="Berlin")["city"] == "Berlin"


def test_a_payment_method_outside_the_list_is_refused_with_its_own_sentence(client: Client) -> None:
    errors = refusal(client, {"company_name": "Gęśl", "payment_method": "shells"})

    assert errors == {"payment_method": ["Proszę wybrać odpowiedni sposób płatności."]}


@pytest.mark.parametrize("method", PAYMENT_METHODS)
def test_every_payment_method_of_the_list_is_taken(client: Client, method: str) -> None:
    assert create(client, payment_method=method)["payment_method"] == method


@pytest.mark.parametrize("core_word", ["bank", "cod"])
def test_the_core_words_of_payment_methods_are_none_of_the_wire(client: Client, core_word: str) -> None:
    assert "payment_method" in refusal(client, {"company_name": "Gęśl", "payment_method": core_word})


def test_a_bad_email_is_refused(client: Client) -> None:
    assert refusal(client, {"company_name": "Gęśl", "email": "nonsense"}) == {"email": [WRONG]}


def test_all_problems_come_in_one_answer(client: Client) -> None:
    body = {
        "nip": "1",
        "postal_code": "1",
        "email": "nonsense",
        "payment_method": "shells",
        "business_activity_kind": "self_employed",
    }

    fields = ["company_name", "first_name", "last_name", "nip", "postal_code", "email", "payment_method"]
    assert sorted(refusal(client, body)) == sorted(fields)


@pytest.mark.parametrize("days", [14, "14", 14.0])
def test_days_to_payment_come_as_number_or_text_and_go_as_number(client: Client, days: Any) -> None:
    assert create(client, days_to_payment=days)["days_to_payment"] == 14


@pytest.mark.parametrize("days", ["", None])
def test_unset_days_to_payment_are_an_empty_text(client: Client, days: str | None) -> None:
    created = create(client, days_to_payment=14)

    assert change(client, created["id"], days_to_payment=days)["days_to_payment"] == ""


def test_read_only_attributes_that_are_sent_are_passed_over(client: Client) -> None:
    created = create(client, id=7_000_000, uuid=str(uuid4()), country_full_name="Nibylandia", is_vindicable=True)

    assert created["id"] != 7_000_000
    assert created["country_full_name"] == "Polska"
    assert created["is_vindicable"] is False


def test_unknown_keys_inside_the_wrapper_are_passed_over(client: Client) -> None:
    unknown = {"name": "X", "post_code": "1", "phone": "2", "external_id": "3", "client_uuid": "4"}

    created = create(client, **unknown)
    assert not unknown.keys() & created.keys()
    assert created["company_name"] == "Gęśl"


def test_a_change_keeps_what_was_not_sent_and_answers_the_whole_client(client: Client) -> None:
    created = create(client, **SENT)

    assert change(client, created["id"], note="nowa") == created | {"note": "nowa"}


def test_an_empty_wrapper_changes_nothing(client: Client) -> None:
    created = create(client, **SENT)

    assert change(client, created["id"]) == created


def test_a_null_takes_a_value_away(client: Client) -> None:
    created = create(client, **SENT)

    taken = change(client, created["id"], email=None, web_site=None, payment_method=None, same_forward_address=None)
    assert (taken["email"], taken["web_site"], taken["payment_method"]) == (None, "", "")
    assert taken["same_forward_address"] is True


def test_patch_works_like_put(client: Client) -> None:
    created = create(client)

    patched = client.call("PATCH", f"/clients/{created['id']}.json", {"client": {"city": "Łódź"}})
    assert (patched.status_code, patched.json) == (200, created | {"city": "Łódź"})


def test_a_refused_change_changes_nothing(client: Client) -> None:
    created = create(client)

    refused = client.put(f"/clients/{created['id']}.json", {"client": {"city": "Łódź", "email": "nonsense"}})
    assert refused.status_code == 422
    assert client.get(f"/clients/{created['id']}.json").json == created


def test_a_deleted_client_answers_404(client: Client) -> None:
    created = create(client)

    deleted = client.delete(f"/clients/{created['id']}.json")
    assert (deleted.status_code, deleted.content) == (204, b"")
    for method in ("GET", "PUT", "DELETE"):
        gone = client.call(method, f"/clients/{created['id']}.json", {"client": {}} if method == "PUT" else None)
        assert (gone.status_code, gone.json) == (404, {"error": "Zasób którego szukasz nie został znaleziony."})
    assert client.get("/clients.json").json["entities"] == []


def test_a_client_with_documents_cannot_be_deleted(client: Client) -> None:
    created = create(client)

    def issue(tx: Any) -> None:
        books = Books(tx, client.firm.account, client.firm.user.id, dt.datetime.now(dt.UTC))
        document = {"number": "1/11/2026", "uuid": str(uuid4()), "token": "t", "seller": Seller("Firma")}
        books.add(Invoice, kind="invoice", contact_id=created["id"], **document)

    client.service.database.write(issue)
    refused = client.delete(f"/clients/{created['id']}.json")
    assert refused.status_code == 422
    assert set(refused.json) == {"error", "errors"}
    assert client.get(f"/clients/{created['id']}.json").status_code == 200


def test_a_client_of_another_account_is_a_404_everywhere(client: Client, database: Database, clock: Clock) -> None:
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))
    created = create(client, company_name="Tajna")

    for method in ("GET", "PUT", "DELETE"):
        assert stranger.call(method, f"/clients/{created['id']}.json", {"client": {"city": "X"}}).status_code == 404
    listed = stranger.get("/clients.json", query_string="q[company_name_cont]=taj").json
    assert (listed["entities"], listed["metainfo"]["total_count"]) == ([], 0)
    assert client.get(f"/clients/{created['id']}.json").json == created


def test_the_list_is_in_the_order_of_company_names(client: Client) -> None:
    for name in ("Beta", "Alfa", "Gamma", "Alfa"):
        create(client, company_name=name)

    listed = client.get("/clients.json").json["entities"]
    assert [found["company_name"] for found in listed] == ["Alfa", "Alfa", "Beta", "Gamma"]
    assert listed[0]["id"] < listed[1]["id"]


def test_the_plans_limit_of_contacts_is_402(client: Client) -> None:
    def limit(tx: Any) -> None:
        office = Office(tx, client.service.clock.now())
        office.change(office.find(Account, id=client.firm.account.id), contact_limit=1)

    client.service.database.write(limit)
    create(client)
    refused = client.post("/clients.json", {"client": {"company_name": "Jeden za dużo"}})
    assert (refused.status_code, list(refused.json)) == (402, ["error"])


def test_what_happened_to_a_client_is_in_the_history(client: Client, firm: Firm) -> None:
    created = create(client)
    change(client, created["id"], city="Łódź")
    client.delete(f"/clients/{created['id']}.json")

    def read(tx: Any) -> list[tuple[str, int | None, str | None]]:
        books = Books(tx, firm.account, None, dt.datetime.now(dt.UTC))
        return [(h.name, h.user_id, h.program) for h in books.all(Happening)]

    happened = client.service.database.read(read)
    names = ("contact_added", "contact_changed", "contact_deleted")
    assert happened == [(name, firm.user.id, "tests") for name in names]


@pytest.mark.parametrize("days", [-1, 99999])
def test_a_client_has_no_term_that_no_invoice_accepts(client: Client, days: int) -> None:
    refused = client.post("/clients.json", {"client": {"company_name": "Gęśl", "days_to_payment": days}})

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["days_to_payment"])
