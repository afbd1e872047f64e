"""Two doors, one book: what one writes the other reads, and neither loses what it does not speak of."""

from typing import Any

from falcon import testing
from hypothesis import given, settings
from hypothesis import strategies as st

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.dialects import installed
from faktura.store.database import Database
from faktura.wire.service import Service
from tests import needs
from tests.built_once import built_once
from tests.firm import Firm, open_firm

DIALECTS = {dialect.name: dialect for dialect in installed()}

pytestmark = [needs.FAKTUROID, needs.INFAKT]

Values = dict[str, Any]

SEEN_AS: dict[str, set[str]] = {
    "name": {"company_name"},
    "email": {"email"},
    "phone": {"phone_number"},
    "web": {"web_site"},
    "street": {"street", "street_number", "flat_number"},
    "city": {"city"},
    "zip": {"postal_code"},
    "country": {"country", "country_full_name"},
    "due": {"days_to_payment"},
    "private_note": {"note"},
    "vat_no": {"nip"},
}
"""By attribute of a subject, those of a client that hold the same."""

MOVED_WITH: dict[str, set[str]] = {
    "has_delivery_address": {"delivery_name", "delivery_city", "delivery_country"},
    "setting_update_from_ares": {"ares_update"},
}
"""Attributes of a subject that another one of them decides."""

NAMES = {"company_name", "first_name", "last_name", "business_activity_kind"}
"""What a person without a firm is called by depends on all of these."""

text = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
line = st.none() | text
name = st.builds(lambda letters, rest: letters + rest, st.sampled_from(("Gęśl", "Karel", "Ab")), text)
email = st.none() | st.sampled_from(("jan@firma.example", "biuro+1@gesla.example"))
code = st.sampled_from(("31-231", "110 00", "", None))
tax_number = st.sampled_from(("5252248481", "PL 525-224-84-81", "CZ27082440", "123", "", None))
days = st.none() | st.integers(0, 400)

SHARED = {"city": line, "email": email, "country": st.sampled_from(("PL", "CZ", "DE"))}

subjects = st.fixed_dictionaries(
    {},
    optional=SHARED
    | {
        "name": name,
        "type": st.sampled_from(("customer", "supplier", "both")),
        "full_name": line,
        "email_copy": email,
        "phone": line,
        "web": line,
        "street": line,
        "zip": code,
        "due": days,
        "private_note": line,
        "registration_no": line,
        "vat_no": tax_number,
        "language": st.sampled_from(("cz", "pl", None)),
        "currency": st.sampled_from(("CZK", "PLN", None)),
        "bank_account": line,
        "has_delivery_address": st.booleans(),
        "delivery_name": line,
        "delivery_city": line,
        "setting_update_from_ares": st.sampled_from(("inherit", "on", "off")),
        "custom_email_text": line,
    },
)

clients = st.fixed_dictionaries(
    {},
    optional=SHARED
    | {
        "company_name": name,
        "phone_number": line,
        "web_site": line,
        "street": line,
        "street_number": line,
        "flat_number": line,
        "postal_code": code,
        "days_to_payment": days,
        "note": line,
        "nip": tax_number,
        "receiver": line,
        "mailing_company_name": line,
        "mailing_street": line,
        "same_forward_address": st.booleans(),
        "payment_method": st.sampled_from(("transfer", "cash", "", None)),
        "invoice_note": line,
        "first_name": st.sampled_from(("Jan", "Anna", None)),
        "last_name": st.sampled_from(("Kowalski", "Nowak", None)),
        "business_activity_kind": st.sampled_from(("private_person", "self_employed", "other_business", None)),
    },
)


class Doors:
    """Both ways into the contacts of one firm."""

    def __init__(self, service: Service, firm: Firm, key: str) -> None:
        self._subjects = testing.TestClient(
            built_once(DIALECTS["fakturoid"].application, service),
            headers={"User-Agent": "Tests (tests@faktura.example)", "Authorization": f"Bearer {firm.token}"},
        )
        self._clients = testing.TestClient(
            built_once(DIALECTS["infakt"].application, service), headers={"X-inFakt-ApiKey": key}
        )
        self._account = f"/accounts/{firm.account.slug}"

    def add_subject(self, values: Values) -> testing.Result:
        return self._subjects.simulate_post(f"{self._account}/subjects.json", json=values)

    def change_subject(self, contact_id: int, values: Values) -> testing.Result:
        return self._subjects.simulate_patch(f"{self._account}/subjects/{contact_id}.json", json=values)

    def subject(self, contact_id: int) -> Values:
        found: Values = self._subjects.simulate_get(f"{self._account}/subjects/{contact_id}.json").json
        return found

    def add_client(self, values: Values) -> testing.Result:
        return self._clients.simulate_post("/clients.json", json={"client": values})

    def change_client(self, contact_id: int, values: Values) -> testing.Result:
        return self._clients.simulate_put(f"/clients/{contact_id}.json", json={"client": values})

    def delete_client(self, contact_id: int) -> testing.Result:
        return self._clients.simulate_delete(f"/clients/{contact_id}.json")

    def found_clients(self, query: str) -> list[int]:
        found = self._clients.simulate_get("/clients.json", query_string=query).json
        return [client["id"] for client in found["entities"]]

    def client(self, contact_id: int) -> Values:
        found: Values = self._clients.simulate_get(f"/clients/{contact_id}.json").json
        return found


def open_doors(database: Database) -> Doors:
    """One firm for all examples of a test: one each would cost more than the examples."""
    clock = Clock()
    service = Service(database, clock, "http://faktura.example")
    firm = open_firm(database, clock, country="PL", currency="PLN")
    scopes = ("api:invoices:read", "api:invoices:write")
    key = database.write(lambda tx: add_api_key(Office(tx, clock.now()), firm.account, firm.user, "tests", scopes))
    return Doors(service, firm, key)


def moved(before: Values, after: Values) -> set[str]:
    assert before.keys() == after.keys()
    return {attribute for attribute in before if before[attribute] != after[attribute]} - {"updated_at"}


def as_client(sent: Values) -> set[str]:
    """The attributes of a client that a change of a subject may move."""
    return set().union(*(SEEN_AS.get(attribute, set()) for attribute in sent))


def as_subject(sent: Values) -> set[str]:
    """The attributes of a subject that a change of a client may move."""
    found = {attribute for attribute, seen in SEEN_AS.items() if seen & sent.keys()}
    return found | {"name"} if NAMES & sent.keys() else found


many = settings(max_examples=60)


def test_a_change_of_a_client_leaves_the_rest_of_the_subject(database: Database) -> None:
    doors = open_doors(database)

    @many
    @given(subjects, clients)
    def check(written: Values, sent: Values) -> None:
        contact_id = doors.add_subject({"name": "Karel"} | written).json["id"]
        subject, client = doors.subject(contact_id), doors.client(contact_id)

        changed = doors.change_client(contact_id, sent)
        if changed.status_code != 200:
            assert changed.status_code == 422, changed.text
            assert (doors.subject(contact_id), doors.client(contact_id)) == (subject, client)
            return
        derived = {"country_full_name"} if "country" in sent else set()
        assert moved(client, doors.client(contact_id)) <= sent.keys() | derived
        assert moved(subject, doors.subject(contact_id)) <= as_subject(sent)

    check()


def test_a_change_of_a_subject_leaves_the_rest_of_the_client(database: Database) -> None:
    doors = open_doors(database)

    @many
    @given(clients, subjects)
    def check(written: Values, sent: Values) -> None:
        created = doors.add_client({"company_name": "Gęśl"} | written)
        if created.status_code != 201:
            assert created.status_code == 422, created.text
            return
        contact_id = created.json["id"]
        subject, client = doors.subject(contact_id), doors.client(contact_id)

        changed = doors.change_subject(contact_id, sent)
        assert changed.status_code == 200, changed.text
        also = set().union(*(MOVED_WITH.get(attribute, set()) for attribute in sent))
        assert moved(subject, doors.subject(contact_id)) <= sent.keys() | also
        assert moved(client, doors.client(contact_id)) <= as_client(sent)

    check()


def test_what_one_door_writes_the_other_reads(database: Database) -> None:
    doors = open_doors(database)

    @many
    @given(clients)
    def check(written: Values) -> None:
        created = doors.add_client({"company_name": "Gęśl"} | written)
        if created.status_code != 201:
            assert created.status_code == 422, created.text
            return
        subject, client = doors.subject(created.json["id"]), created.json
        for attribute, seen in SEEN_AS.items():
            if attribute not in {"street", "country", "name"}:
                (spelled,) = seen
                assert (subject[attribute] or None) == (client[spelled] or None) or attribute == "due"
        assert subject["due"] == (None if client["days_to_payment"] == "" else client["days_to_payment"])
        assert subject["name"] == (client["company_name"] or f"{client['first_name']} {client['last_name']}")
        assert subject["country"] == client["country"]

    check()


def test_a_street_with_its_numbers_is_one_line_for_the_other_door(database: Database) -> None:
    doors = open_doors(database)
    numbers = {"street": "Długa", "street_number": "7", "flat_number": "12"}
    contact_id = doors.add_client({"company_name": "Gęśl"} | numbers).json["id"]

    assert doors.subject(contact_id)["street"] == "Długa 7/12"
    doors.change_subject(contact_id, {"street": "Długa 7/12"})
    assert {name: doors.client(contact_id)[name] for name in numbers} == numbers
    doors.change_subject(contact_id, {"street": "Krótka 1"})
    assert [doors.client(contact_id)[name] for name in numbers] == ["Krótka 1", None, None]


def test_what_one_door_added_is_found_by_its_tax_number_and_deleted_through_the_other(database: Database) -> None:
    doors = open_doors(database)
    contact_id = doors.add_subject({"name": "Karel", "vat_no": "CZ27082440"}).json["id"]

    assert doors.found_clients("q[clean_nip_eq]=27082440") == [contact_id]
    assert doors.delete_client(contact_id).status_code == 204
    assert doors.subject(contact_id)["error"] == "resource_not_found"
