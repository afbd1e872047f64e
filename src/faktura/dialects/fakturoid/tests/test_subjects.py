"""Section 2.5: subjects."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.subjects import SUBJECT
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from tests.firm import Firm, open_firm

BLANK = "je povinná položka"
TOO_SHORT = "je příliš krátký/á/é (min. 2 znaků)"
NOT_LISTED = "není v seznamu povolených hodnot"

ATTRIBUTES = [
    "id",
    "custom_id",
    "user_id",
    "type",
    "name",
    "full_name",
    "email",
    "email_copy",
    "phone",
    "web",
    "street",
    "city",
    "zip",
    "country",
    "has_delivery_address",
    "delivery_name",
    "delivery_street",
    "delivery_city",
    "delivery_zip",
    "delivery_country",
    "due",
    "currency",
    "language",
    "private_note",
    "registration_no",
    "vat_no",
    "local_vat_no",
    "unreliable",
    "unreliable_checked_at",
    "legal_form",
    "vat_mode",
    "bank_account",
    "iban",
    "swift_bic",
    "variable_symbol",
    "setting_update_from_ares",
    "ares_update",
    "setting_invoice_pdf_attachments",
    "setting_estimate_pdf_attachments",
    "setting_invoice_send_reminders",
    "setting_invoice_send_due_date_reminders",
    "suggestion_enabled",
    "custom_email_text",
    "overdue_email_text",
    "due_date_reminder_email_text",
    "invoice_from_proforma_email_text",
    "thank_you_email_text",
    "custom_estimate_email_text",
    "webinvoice_history",
    "html_url",
    "url",
    "created_at",
    "updated_at",
]

SENT = {
    "custom_id": "A-77",
    "type": "both",
    "name": "Žlutý kůň s.r.o.",
    "full_name": "Jan Žlutý",
    "email": "jan@zluty.example",
    "email_copy": "kopie@zluty.example",
    "phone": "+420 777 123 456",
    "web": "https://zluty.example",
    "street": "Dlouhá 1",
    "city": "Praha",
    "zip": "110 00",
    "country": "SK",
    "has_delivery_address": True,
    "delivery_name": "Sklad",
    "delivery_street": "Krátká 2",
    "delivery_city": "Brno",
    "delivery_zip": "602 00",
    "delivery_country": "CZ",
    "due": 21,
    "currency": "EUR",
    "language": "cz",
    "private_note": "platí pozdě",
    "registration_no": "27082440",
    "vat_no": "CZ27082440",
    "local_vat_no": "2020317068",
    "legal_form": "112",
    "vat_mode": "vat_payer",
    "bank_account": "19-2000145399/0800",
    "iban": "CZ6508000000192000145399",
    "swift_bic": "GIBACZPX",
    "variable_symbol": "1234",
    "setting_update_from_ares": "on",
    "setting_invoice_pdf_attachments": "off",
    "setting_estimate_pdf_attachments": "on",
    "setting_invoice_send_reminders": "off",
    "setting_invoice_send_due_date_reminders": "on",
    "suggestion_enabled": False,
    "custom_email_text": "Dobrý den",
    "overdue_email_text": "Zaplaťte",
    "due_date_reminder_email_text": "Brzy zaplaťte",
    "invoice_from_proforma_email_text": "Faktura",
    "thank_you_email_text": "Děkujeme",
    "custom_estimate_email_text": "Nabídka",
    "webinvoice_history": "recent",
}


def create(client: Client, **values: Any) -> dict[str, Any]:
    created = client.post("/subjects.json", {"name": "Karel"} | values)
    assert created.status_code == 201, created.text
    found: dict[str, Any] = created.json
    return found


def refusal(client: Client, **values: Any) -> dict[str, list[str]]:
    """The errors of a create that must be refused and leave nothing behind."""
    before = client.get("/subjects.json").json
    refused = client.post("/subjects.json", {"name": "Karel"} | values)
    assert refused.status_code == 422
    assert client.get("/subjects.json").json == before
    errors: dict[str, list[str]] = refused.json["errors"]
    return errors


def test_a_subject_has_every_attribute_of_the_table(client: Client) -> None:
    assert sorted(create(client)) == sorted(ATTRIBUTES)


def test_every_writable_attribute_comes_back_as_it_was_sent(client: Client) -> None:
    created = create(client, **SENT)

    assert {name: created[name] for name in SENT} == SENT
    assert client.get(f"/subjects/{created['id']}.json").json == created
    assert client.get("/subjects.json").json == [created]


def test_every_writable_attribute_can_be_changed(client: Client) -> None:
    subject_id = create(client)["id"]

    for name, value in SENT.items():
        if name.startswith("delivery_"):
            continue
        changed = client.patch(f"/subjects/{subject_id}.json", {name: value})
        assert changed.status_code == 200, changed.text
        assert changed.json[name] == value


def test_no_writable_attribute_was_forgotten_above() -> None:
    writable = {field.name for field in SUBJECT.fields if field.access != "read"}

    assert writable == set(SENT) | {"ares_update"}


def test_a_fresh_subject_returns_null_for_every_text_that_was_not_sent(client: Client) -> None:
    fresh = create(client)

    not_null = {name for name, value in fresh.items() if value is not None}
    assert not_null == {
        *(
            "id",
            "user_id",
            "type",
            "name",
            "country",
            "has_delivery_address",
            "setting_update_from_ares",
            "ares_update",
        ),
        *("setting_invoice_pdf_attachments", "setting_estimate_pdf_attachments", "setting_invoice_send_reminders"),
        *("setting_invoice_send_due_date_reminders", "suggestion_enabled"),
        *("html_url", "url", "created_at", "updated_at"),
    }


def test_the_type_the_switches_and_suggestion_enabled_have_their_defaults(client: Client) -> None:
    fresh = create(client)

    assert fresh["type"] == "customer"
    assert fresh["suggestion_enabled"] is True
    switches = [name for name in fresh if name.startswith("setting_")]
    assert {fresh[name] for name in switches} == {"inherit"}
    assert len(switches) == 5


def test_user_id_is_the_creator(client: Client, firm: Firm) -> None:
    assert create(client)["user_id"] == firm.user.id


def test_a_create_answers_201_with_the_location_of_the_record(client: Client) -> None:
    created = client.post("/subjects.json", {"name": "Karel"})

    subject_id = created.json["id"]
    assert created.headers["Location"].endswith(f"/accounts/applecorp/subjects/{subject_id}.json")
    assert created.headers["Location"] == created.json["url"]
    assert created.json["html_url"] == f"http://faktura.example/applecorp/subjects/{subject_id}"


def test_an_empty_name_yields_blank_and_too_short_in_that_order(client: Client) -> None:
    assert refusal(client, name="") == {"name": [BLANK, TOO_SHORT]}


@pytest.mark.parametrize("body", [{}, {"name": None}, {"email": "jan@zluty.example"}])
def test_a_missing_name_is_refused_like_an_empty_one(client: Client, body: dict[str, Any]) -> None:
    refused = client.post("/subjects.json", body)

    assert refused.status_code == 422
    assert refused.json == {"errors": {"name": [BLANK, TOO_SHORT]}}


def test_a_name_of_one_character_is_refused(client: Client) -> None:
    assert refusal(client, name="X") == {"name": [TOO_SHORT]}


@pytest.mark.parametrize("attribute", ["email", "email_copy"])
@pytest.mark.parametrize("address", ["nonsense", "a@b", "a b@example.cz", "@example.cz", "jan@", "a@-x.cz", ".a@x.cz"])
def test_a_bad_email_is_told_to_be_checked(client: Client, attribute: str, address: str) -> None:
    assert refusal(client, **{attribute: address}) == {attribute: ["Prosím zkontrolujte email."]}


@pytest.mark.parametrize("address", ["jan@firma.cz", "jan.novak+faktury@sub.firma.co.uk", "o'brien@x.ie", "j@háčky.cz"])
def test_a_good_email_is_taken(client: Client, address: str) -> None:
    assert create(client, email=address)["email"] == address


def test_several_problems_are_told_at_once(client: Client) -> None:
    errors = refusal(client, name="", email="nonsense", due="brzy", zip="1" * 21)

    assert errors == {
        "name": [BLANK, TOO_SHORT],
        "email": ["Prosím zkontrolujte email."],
        "due": ["není číslo"],
        "zip": ["je příliš dlouhý/á/é (max. 20 znaků)"],
    }


def test_a_zip_of_20_characters_is_taken(client: Client) -> None:
    assert create(client, zip="1" * 20)["zip"] == "1" * 20


@pytest.mark.parametrize(
    "attribute",
    [
        *("type", "country", "currency", "language", "vat_mode", "webinvoice_history", "setting_update_from_ares"),
        *("setting_invoice_pdf_attachments", "setting_estimate_pdf_attachments", "setting_invoice_send_reminders"),
        "setting_invoice_send_due_date_reminders",
    ],
)
def test_a_value_outside_its_list_is_refused(client: Client, attribute: str) -> None:
    assert refusal(client, **{attribute: "nonsense"}) == {attribute: [NOT_LISTED]}


def test_the_core_code_of_czech_is_no_language_of_the_wire(client: Client) -> None:
    assert refusal(client, language="cs") == {"language": [NOT_LISTED]}


def test_custom_id_is_unique_per_account(client: Client, database: Database, clock: Clock) -> None:
    create(client, custom_id="A-1")

    assert refusal(client, custom_id="A-1") == {"custom_id": ["již databáze obsahuje"]}
    elsewhere = Client(client.service, open_firm(database, clock, "pearcorp"))
    assert create(elsewhere, custom_id="A-1")["custom_id"] == "A-1"


def test_a_custom_id_may_be_sent_back_to_its_own_record(client: Client) -> None:
    subject = create(client, custom_id="A-1")

    assert client.patch(f"/subjects/{subject['id']}.json", {"custom_id": "A-1"}).status_code == 200


def test_a_custom_id_can_be_taken_over_once_it_is_given_up(client: Client) -> None:
    subject = create(client, custom_id="A-1")
    client.patch(f"/subjects/{subject['id']}.json", {"custom_id": None})

    assert create(client, custom_id="A-1")["custom_id"] == "A-1"


def test_two_subjects_without_custom_id_do_not_clash(client: Client) -> None:
    create(client, custom_id="")
    create(client, custom_id="")


def test_the_list_is_filtered_by_custom_id_exactly(client: Client) -> None:
    create(client, custom_id="A-1")
    create(client, custom_id="A-10")

    found = client.get("/subjects.json", query_string="custom_id=A-1").json
    assert [subject["custom_id"] for subject in found] == ["A-1"]


def test_delivery_fields_are_stored_only_with_a_delivery_address(client: Client) -> None:
    subject = create(client, delivery_name="Sklad", delivery_city="Brno")

    assert subject["delivery_name"] is subject["delivery_city"] is subject["delivery_country"] is None


def test_the_delivery_country_is_the_accounts_by_default(client: Client) -> None:
    assert create(client, has_delivery_address=True, country="SK")["delivery_country"] == "CZ"


def test_giving_up_the_delivery_address_clears_its_fields(client: Client) -> None:
    subject = create(client, **SENT)

    changed = client.patch(f"/subjects/{subject['id']}.json", {"has_delivery_address": False}).json
    cleared = {name: value for name, value in changed.items() if name.startswith("delivery_")}
    assert set(cleared.values()) == {None}
    assert len(cleared) == 5


def test_a_missing_country_is_copied_from_the_account(service: Any, database: Database, clock: Clock) -> None:
    slovak = Client(service, open_firm(database, clock, "kiwicorp", country="SK"))

    assert create(slovak)["country"] == "SK"


@pytest.mark.parametrize(("sent", "mirrored"), [("on", True), ("off", False)])
def test_writing_the_switch_mirrors_into_ares_update(client: Client, sent: str, mirrored: bool) -> None:  # noqa: FBT001
    assert create(client, setting_update_from_ares=sent)["ares_update"] is mirrored


@pytest.mark.parametrize(("sent", "mirrored"), [(True, "on"), (False, "off")])
def test_writing_ares_update_mirrors_into_the_switch(client: Client, sent: bool, mirrored: str) -> None:  # noqa: FBT001
    assert create(client, ares_update=sent)["setting_update_from_ares"] == mirrored


@pytest.mark.parametrize("order", [1, -1])
def test_the_switch_wins_over_ares_update_when_both_are_sent(client: Client, order: int) -> None:
    both = {"setting_update_from_ares": "off", "ares_update": True}

    subject = create(client, **dict(list(both.items())[::order]))
    assert (subject["setting_update_from_ares"], subject["ares_update"]) == ("off", False)


@pytest.mark.parametrize("setting", [True, False])
def test_an_inherited_ares_update_shows_the_accounts_setting(
    service: Any,
    database: Database,
    clock: Clock,
    setting: bool,  # noqa: FBT001
) -> None:
    firm = open_firm(database, clock, "kiwicorp", update_contacts_from_registry=setting)

    assert create(Client(service, firm))["ares_update"] is setting


def test_a_change_keeps_what_was_not_sent(client: Client) -> None:
    subject = create(client, **SENT)

    changed = client.patch(f"/subjects/{subject['id']}.json", {"phone": "1"}).json
    assert changed | {"phone": SENT["phone"], "updated_at": subject["updated_at"]} == subject


def test_a_null_takes_a_value_away(client: Client) -> None:
    subject = create(client, **SENT)

    changed = client.patch(f"/subjects/{subject['id']}.json", {"email": None, "due": None, "language": None}).json
    assert changed["email"] is changed["due"] is changed["language"] is None


def test_a_refused_change_changes_nothing(client: Client) -> None:
    subject = create(client)

    refused = client.patch(f"/subjects/{subject['id']}.json", {"phone": "1", "email": "nonsense"})
    assert refused.status_code == 422
    assert client.get(f"/subjects/{subject['id']}.json").json == subject


def test_a_refused_create_moves_no_counter(client: Client) -> None:
    first = create(client)["id"]
    refusal(client, name="")

    assert create(client)["id"] == first + 1


def test_updated_at_moves_with_a_change(client: Client, clock: Clock) -> None:
    subject = create(client)
    later = clock.now() + dt.timedelta(minutes=10)
    clock.stand_at(later)

    changed = client.patch(f"/subjects/{subject['id']}.json", {"phone": "1"}).json
    assert changed["created_at"] == subject["created_at"]
    assert dt.datetime.fromisoformat(changed["updated_at"]) == later


def test_a_deleted_subject_answers_404(client: Client) -> None:
    subject = create(client)

    deleted = client.delete(f"/subjects/{subject['id']}.json")
    assert (deleted.status_code, deleted.content) == (204, b"")
    for method in ("GET", "PATCH", "DELETE"):
        gone = client.call(method, f"/subjects/{subject['id']}.json", {} if method == "PATCH" else None)
        assert (gone.status_code, gone.json["error"]) == (404, "resource_not_found")
    assert client.get("/subjects.json").json == []


def issue(client: Client, subject_id: int) -> Invoice:
    issued: Invoice = client.write(lambda books: issue_invoice(books, Given({"contact_id": subject_id})))
    return issued


def test_a_subject_with_documents_cannot_be_deleted(client: Client) -> None:
    subject = create(client)
    issue(client, subject["id"])

    refused = client.delete(f"/subjects/{subject['id']}.json")
    assert refused.status_code == 422
    assert refused.json == {"errors": {"document": ["Document cannot be deleted"]}}
    assert client.get(f"/subjects/{subject['id']}.json").status_code == 200


def test_deleted_documents_do_not_block_deletion(client: Client) -> None:
    subject = create(client)
    issued = issue(client, subject["id"])
    client.write(lambda books: delete_invoice(books, issued.id))

    assert client.delete(f"/subjects/{subject['id']}.json").status_code == 204


def test_a_subject_of_another_account_is_a_404_everywhere(client: Client, database: Database, clock: Clock) -> None:
    stranger = Client(client.service, open_firm(database, clock, "pearcorp"))
    subject = create(client, name="Secret", custom_id="S-1")

    for method in ("GET", "PATCH", "DELETE"):
        answer = stranger.call(
            method, f"/subjects/{subject['id']}.json", {"name": "Mine"} if method == "PATCH" else None
        )
        assert answer.status_code == 404
    assert stranger.get("/subjects.json").json == []
    assert stranger.get("/subjects/search.json", query_string="query=secret").json == []
    assert stranger.get("/subjects.json", query_string="custom_id=S-1").json == []
    assert client.get(f"/subjects/{subject['id']}.json").json == subject


def test_what_happened_to_a_subject_is_in_the_history(client: Client, firm: Firm) -> None:
    subject = create(client)
    client.patch(f"/subjects/{subject['id']}.json", {"name": "Karel II."})
    client.patch(f"/subjects/{subject['id']}.json", {"name": "Karel II."})
    client.delete(f"/subjects/{subject['id']}.json")

    def read(tx: Any) -> list[tuple[str, int, int | None, str | None]]:
        books = Books(tx, firm.account, None, Office(tx, dt.datetime.now(dt.UTC)).now)
        return [(h.name, h.record_id, h.user_id, h.program) for h in books.all(Happening)]

    happened = client.service.database.read(read)
    names = ["contact_added", "contact_changed", "contact_deleted"]
    assert happened == [(name, subject["id"], firm.user.id, "tests") for name in names]


@pytest.mark.parametrize(
    ("name", "value"), [("due", -1), ("due", 99999), *(("currency", code) for code in ("XXX", "XTS", "DEM"))]
)
def test_a_subject_has_no_terms_that_no_invoice_accepts(client: Client, name: str, value: Any) -> None:
    assert list(refusal(client, name="Karel", **{name: value})) == [name]
    kept = create(client)
    assert list(client.patch(f"/subjects/{kept['id']}.json", {name: value}).json["errors"]) == [name]
