"""Section 28: the account and what happened in it."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import EVENT_NAMES, Way
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.people.users import User, add_user, join
from faktura.dialects.infakt.account import ACTIONS
from faktura.dialects.infakt.tests.conftest import Client
from faktura.store.database import Database
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE

BLOCKS = {
    "account_data": "id uuid email username site role registered_at",
    "company_data": (
        "first_name last_name company_name owner_name owner_surname street street_name street_number flat_number city "
        "postal_code tax_id pesel regon phone_number mailing_company_name mailing_street mailing_city "
        "mailing_postal_code business_activity_code"
    ),
    "current_subscription": "name expired_on days_until_expiration user_type_symbol recurring_payment",
    "accounting_settings": (
        "status accounting_data_filled pit_type pit_history vat_sales vat_method started_at_in_infakt "
        "business_activity_code insurance_fee_account_number individual_tax_account_number zus"
    ),
    "accounting_office_service": "active last_accounted_month service_global_name",
    "foundation_process": (
        "in_progress completed obr_type self_service current_step with_bank_account show_company_status_details"
    ),
    "aml_process": "status in_progress completed",
    "extentions": "ambassador ksef merit pragma autopay",
}

ACTIVITY = "id user subject_id subject_type subject_data action_symbol action_name performed_at device blame"

NOON = dt.datetime(2026, 7, 1, 10, 0, tzinfo=dt.UTC)


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    clock.stand_at(NOON)
    return open_firm(
        database,
        clock,
        "jabluszko",
        country="PL",
        full_name="Jabłuszko sp. z o.o.",
        street="Jabłkowa 7a/12",
        city="Warszawa",
        postcode="00-950",
        vat_no="1234563218",
        registration_no="123456785",
        phone="+48 22 333 44 55",
    )


def details(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get("/account/details.json", query_string=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def activities(client: Client, query: str = "") -> dict[str, Any]:
    answer = client.get("/account/activities.json", query_string=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def with_street(service: Service, firm: Firm, street: str | None) -> Client:
    def work(tx: Any) -> None:
        office = Office(tx, service.clock.now())
        office.change(firm.account, street=street)

    service.database.write(work)
    return Client(service, firm)


def test_details_have_every_block_with_every_key(client: Client) -> None:
    found = details(client)

    assert {name: {*block} for name, block in found.items()} == {n: {*keys.split()} for n, keys in BLOCKS.items()}
    assert list(found) == list(BLOCKS)


def test_details_tell_whose_key_it_is(client: Client) -> None:
    data = details(client)["account_data"]

    assert data | {"id": 0, "uuid": ""} == {
        "id": 0,
        "uuid": "",
        "email": "owner@jabluszko.example",
        "username": "owner@jabluszko.example",
        "site": "infakt",
        "role": "owner",
        "registered_at": "2026-07-01 12:00:00 +0200",
    }
    assert data["id"] == client.firm.user.id
    assert data["uuid"] == details(client)["account_data"]["uuid"]


def test_details_tell_of_the_firm(client: Client) -> None:
    company = details(client)["company_data"]

    assert company == company | {
        "first_name": "Jan",
        "last_name": "Novák",
        "company_name": "Jabłuszko sp. z o.o.",
        "street": "Jabłkowa 7a/12",
        "street_name": "Jabłkowa",
        "street_number": "7a",
        "flat_number": "12",
        "city": "Warszawa",
        "postal_code": "00-950",
        "tax_id": "1234563218",
        "regon": "123456785",
        "phone_number": "+48 22 333 44 55",
    }


@pytest.mark.parametrize(
    ("street", "parts"),
    [
        ("Jabłkowa 7", ("Jabłkowa", "7", "")),
        ("3 Maja 15-17 lok. 4b", ("3 Maja", "15-17", "4b")),
        ("al. Jana Pawła II 12 m. 3", ("al. Jana Pawła II", "12", "3")),
        ("Rynek", ("Rynek", "", "")),
        (None, ("", "", "")),
    ],
)
def test_a_street_is_told_in_its_parts(
    service: Service, firm: Firm, street: str | None, parts: tuple[str, ...]
) -> None:
    company = details(with_street(service, firm, street))["company_data"]

    assert (company["street_name"], company["street_number"], company["flat_number"]) == parts
    assert company["street"] == (street or "")


def test_the_plan_has_an_end_that_comes_nearer_each_day(client: Client, clock: Clock) -> None:
    first = details(client)["current_subscription"]
    clock.stand_at(NOON + dt.timedelta(days=3))
    later = details(client)["current_subscription"]

    assert first["name"] == client.firm.account.plan
    assert first["days_until_expiration"] - later["days_until_expiration"] == 3


@pytest.mark.parametrize(("vat_mode", "value"), [("vat_payer", "taxed"), ("non_vat_payer", "exempt")])
def test_details_tell_whether_sales_are_taxed(
    service: Service, database: Database, clock: Clock, vat_mode: str, value: str
) -> None:
    other = Client(service, open_firm(database, clock, "gruszka", country="PL", vat_mode=vat_mode))

    assert details(other)["accounting_settings"]["vat_sales"]["value"] == value


@pytest.mark.parametrize(("permission", "role"), [("owner", "owner"), ("write", "collaborator"), ("read", "employee")])
def test_the_role_follows_from_what_the_person_may_do(
    service: Service, database: Database, clock: Clock, permission: Any, role: str
) -> None:
    other = Client(service, open_firm(database, clock, "gruszka", country="PL", permission=permission))

    assert details(other)["account_data"]["role"] == role


def test_fields_narrow_details_to_blocks(client: Client) -> None:
    assert list(details(client, "fields=aml_process,account_data")) == ["account_data", "aml_process"]


def test_both_ask_for_the_scope_of_the_account(client: Client) -> None:
    reader = Client(client.service, client.firm, ("api:account:read",))
    other = Client(client.service, client.firm, ("api:invoices:read",))

    for path in ("/account/details.json", "/account/activities.json"):
        assert (reader.get(path).status_code, other.get(path).status_code) == (200, 401)


def test_a_fresh_account_has_no_activities(client: Client) -> None:
    assert activities(client) == {"total_count": 0, "count": 0, "entities": []}


def test_an_activity_tells_what_was_done_when_and_by_whom(client: Client) -> None:
    created = client.post("/clients.json", {"client": {"company_name": "Gęśl"}}).json

    [found] = activities(client)["entities"]
    assert " ".join(found) == ACTIVITY
    assert found == {
        "id": found["id"],
        "user": "Jan Novák",
        "subject_id": created["id"],
        "subject_type": "Client",
        "subject_data": {},
        "action_symbol": "create",
        "action_name": "Dodano klienta",
        "performed_at": "2026-07-01, 12:00:00",
        "device": "APIv3",
        "blame": {
            "uuid": details(client)["account_data"]["uuid"],
            "role": "owner",
            "email": "owner@jabluszko.example",
            "fullname": "Jan Novák",
        },
    }


@pytest.mark.parametrize(
    ("resource", "body", "change", "kind"),
    [
        ("clients", {"client": {"company_name": "A"}}, {"client": {"city": "B"}}, "Client"),
        ("products", {"product": {"name": "A", "tax_symbol": "23"}}, {"product": {"name": "B"}}, "Product"),
        (
            "bank_accounts",
            {"bank_account": {"bank_name": "A", "account_number": "1"}},
            {"bank_account": {"bank_name": "B"}},
            "BankAccount",
        ),
    ],
)
def test_every_change_is_an_activity_the_newest_first(
    client: Client, resource: str, body: Any, change: Any, kind: str
) -> None:
    created = client.post(f"/{resource}.json", body).json
    client.put(f"/{resource}/{created['id']}.json", change)
    client.delete(f"/{resource}/{created['id']}.json")

    found = activities(client)["entities"]
    assert [one["action_symbol"] for one in found] == ["destroy", "update", "create"]
    assert {(one["subject_type"], one["subject_id"]) for one in found} == {(kind, created["id"])}
    assert not any("_" in one["action_name"] for one in found)


def test_every_event_of_the_history_is_an_activity_in_polish() -> None:
    assert ACTIONS.keys() == set(EVENT_NAMES)


@pytest.mark.parametrize(("way", "device"), [("api", "APIv3"), ("browser", "Aplikacja www"), (None, "")])
def test_an_activity_names_by_what_it_was_done(
    client: Client, database: Database, clock: Clock, way: Way | None, device: str
) -> None:
    firm = client.firm

    def work(tx: Any) -> None:
        add_contact(Books(tx, firm.account, firm.user.id, clock.now(), way=way), Given({"name": "Gęśl"}))

    database.write(work)

    [found] = activities(client)["entities"]
    assert found["device"] == device


def test_activities_are_paged(client: Client) -> None:
    for n in range(12):
        client.post("/clients.json", {"client": {"company_name": f"Firma {n}"}})

    first, last = activities(client), activities(client, "offset=10&limit=5")
    assert (first["total_count"], first["count"]) == (12, 10)
    assert (last["total_count"], last["count"], len(last["entities"])) == (12, 2, 2)
    assert activities(client, "fields=user&limit=1")["entities"][0].keys() == {"id", "user"}
    assert client.get("/account/activities.json", query_string="limit=-1").status_code == 400


def test_activities_are_searched_by_who_did_it(client: Client, database: Database, clock: Clock) -> None:
    def help_out(tx: Any) -> User:
        office = Office(tx, clock.now())
        helper = add_user(office, "helper@jabluszko.example", "Ewa Nowak", "none")
        books = Books(tx, client.firm.account, helper.id, clock.now())
        join(books, helper, "write")
        add_contact(books, Given({"name": "Od Ewy"}))
        return helper

    database.write(help_out)
    client.post("/clients.json", {"client": {"company_name": "Gęśl"}})
    owners, helpers = activities(client)["entities"]

    assert (owners["blame"]["role"], helpers["blame"]["role"]) == ("owner", "accountant")
    for one in (owners, helpers):
        found = activities(client, f"blame[uuid]={one['blame']['uuid'].upper()}")
        assert (found["total_count"], found["entities"]) == (1, [one])
    assert activities(client, "blame[uuid]=nobody") == {"total_count": 0, "count": 0, "entities": []}


def test_what_nobody_did_has_nobody_to_blame(client: Client, database: Database, clock: Clock) -> None:
    def work(tx: Any) -> None:
        add_contact(Books(tx, client.firm.account, None, clock.now()), Given({"name": "Sama"}))

    database.write(work)

    [found] = activities(client)["entities"]
    assert (found["user"], found["blame"]) == ("", None)


def test_activities_of_another_account_are_not_seen(client: Client, database: Database, clock: Clock) -> None:
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))
    client.post("/clients.json", {"client": {"company_name": "Tajna"}})
    uuid = details(client)["account_data"]["uuid"]

    assert activities(stranger)["total_count"] == 0
    assert activities(stranger, f"blame[uuid]={uuid}")["total_count"] == 0
