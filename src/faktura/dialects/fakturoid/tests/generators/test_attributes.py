"""Section 2.14: the attributes of a generator as they are sent and shown."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.documents.numbering import Numbered, NumberFormat
from faktura.dialects.fakturoid.generators.fields import GENERATOR
from faktura.dialects.fakturoid.tests.conftest import MOUNT, GeneratorDesk, line
from tests import needs

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOW = "2026-11-20T12:15:02.481+01:00"

# In the order of the contract's table; what is not here depends on ids.
SHOWN: dict[str, Any] = {
    "custom_id": None,
    "name": "Paušál",
    "proforma": False,
    "paypal": False,
    "gopay": False,
    "tax_date_at_end_of_last_month": False,
    "due": 14,
    "number_format_id": None,
    "note": None,
    "footer_note": None,
    "legacy_bank_details": None,
    "bank_account_id": None,
    "iban_visibility": "automatically",
    "tags": [],
    "order_number": None,
    "currency": "CZK",
    "exchange_rate": "1.0",
    "payment_method": "bank",
    "custom_payment_method": None,
    "language": "cz",
    "vat_price_mode": "without_vat",
    "transferred_tax_liability": False,
    "supply_code": None,
    "oss": "disabled",
    "round_total": False,
    "subtotal": "250.0",
    "total": "302.5",
    "native_subtotal": "250.0",
    "native_total": "302.5",
    "rounding_adjustment": "0.0",
    "created_at": NOW,
    "updated_at": NOW,
}

ORDER = """id custom_id name proforma paypal gopay tax_date_at_end_of_last_month due subject_id number_format_id note
footer_note legacy_bank_details bank_account_id iban_visibility tags order_number currency exchange_rate payment_method
custom_payment_method language vat_price_mode transferred_tax_liability supply_code oss round_total subtotal total
native_subtotal native_total rounding_adjustment lines html_url url subject_url created_at updated_at"""

SENT: dict[str, Any] = {
    "custom_id": "G-77",
    "name": "Úklid",
    "proforma": True,
    "paypal": True,
    "gopay": True,
    "tax_date_at_end_of_last_month": True,
    "due": 30,
    "note": "Za #m#/#y#\r\nfakturujeme",
    "footer_note": "Děkujeme",
    "iban_visibility": "always",
    "tags": ["úklid", "měsíčně"],
    "order_number": "OBJ-1",
    "currency": "EUR",
    "exchange_rate": "25.135",
    "payment_method": "custom",
    "custom_payment_method": "Zápočtem",
    "language": "en",
    "vat_price_mode": "from_total_with_vat",
    "transferred_tax_liability": True,
    "supply_code": "4",
    "oss": "service",
    "round_total": True,
}

NOT_IN_LIST = "není v seznamu povolených hodnot"

NEVER_EMPTY = {"due", "currency", "language", "vat_price_mode", "exchange_rate"}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def test_a_generator_of_which_little_is_said_has_what_the_contract_says(generators: GeneratorDesk) -> None:
    made = generators.issue(line("100.0", 21, "2.5", unit_name="h"))

    assert list(made) == ORDER.split()
    assert {name: made[name] for name in SHOWN} == SHOWN
    assert made["subject_id"] == generators.subject_id
    assert made["lines"] == [
        {
            "id": made["lines"][0]["id"],
            "name": "Práce",
            "quantity": "2.5",
            "unit_name": "h",
            "unit_price": "100.0",
            "vat_rate": 21,
            "unit_price_without_vat": "100.0",
            "unit_price_with_vat": "121.0",
            "total_price_without_vat": "250.0",
            "total_vat": "52.5",
            "native_total_price_without_vat": "250.0",
            "native_total_vat": "52.5",
            "inventory": None,
            "inventory_item_id": None,
        }
    ]


def test_its_addresses_lead_to_it_and_to_its_subject(generators: GeneratorDesk) -> None:
    answer = generators.client.post("/generators.json", {"name": "Prázdný", "subject_id": str(generators.subject_id)})

    made, root = answer.json, f"http://faktura.example{MOUNT}/accounts/applecorp"
    assert made["html_url"] == f"http://faktura.example/applecorp/generators/{made['id']}"
    assert made["url"] == answer.headers["location"] == f"{root}/generators/{made['id']}.json"
    assert made["subject_url"] == f"{root}/subjects/{generators.subject_id}.json"
    assert generators.read(made) == made
    assert (made["lines"], made["total"]) == ([], "0.0")


@pytest.mark.parametrize("first", [SENT, {}])
def test_what_is_sent_is_kept_and_shown_on_create_and_on_update(
    generators: GeneratorDesk, first: dict[str, Any]
) -> None:
    made = generators.issue(**first)
    kept = made if first else generators.change(made, **SENT)

    assert {name: kept[name] for name in SENT} == SENT
    assert generators.change(kept, **kept) == kept


def test_a_record_wrapped_in_its_name_is_unwrapped(generators: GeneratorDesk) -> None:
    body = {"generator": {"name": "Zabalený", "subject_id": generators.subject_id}}

    assert generators.client.post("/generators.json", body).json["name"] == "Zabalený"


def test_nothing_that_follows_from_others_can_be_sent(generators: GeneratorDesk) -> None:
    made = generators.issue()
    foreign = dict.fromkeys(made.keys() - GENERATOR.written, "x") | {"start_date": "2026-12-01", "private_note": "x"}

    assert generators.change(made, **foreign) == made
    assert generators.issue(**foreign)["total"] == made["total"]


@pytest.mark.parametrize("name", sorted(SENT.keys() - {"name"}))
def test_null_is_the_default_on_create_and_takes_a_value_away_on_update(generators: GeneratorDesk, name: str) -> None:
    plain = generators.issue()
    assert generators.issue(**{name: None})[name] == plain[name]

    made = generators.issue(**(SENT | ({"currency": "CZK"} if name == "exchange_rate" else {})))
    taken = generators.change(made, **{name: None})[name]
    assert taken == (made if name in NEVER_EMPTY else plain)[name]


def test_terms_that_are_not_said_are_those_of_the_subject_else_of_the_account(generators: GeneratorDesk) -> None:
    generators.set_account(due_days=21, invoice_language="en", payment_method="card", vat_price_mode="with_vat")
    agreed = generators.add_subject(due=7, currency="EUR", language="de")["id"]

    plain, other = generators.issue(), generators.issue(subject_id=agreed, exchange_rate=25)
    terms = "due", "currency", "language", "payment_method", "vat_price_mode"
    assert [plain[name] for name in terms] == [21, "CZK", "en", "card", "from_total_with_vat"]
    assert [other[name] for name in terms] == [7, "EUR", "de", "card", "from_total_with_vat"]
    generators.client.patch(f"/subjects/{agreed}.json", {"due": 3, "language": "cz"})
    assert generators.read(other) == other


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("name", "", "je povinná položka"),
        ("name", "  ", "je povinná položka"),
        ("name", None, "je povinná položka"),
        ("name", "a\nb", "je neplatná hodnota"),
        ("oss", "other", NOT_IN_LIST),
        ("vat_price_mode", "with_vat", NOT_IN_LIST),
        ("payment_method", "barter", NOT_IN_LIST),
        ("iban_visibility", "never", NOT_IN_LIST),
        ("language", "cs", NOT_IN_LIST),
        ("currency", "XXQ", NOT_IN_LIST),
        ("bank_account_id", 999_999, NOT_IN_LIST),
        ("number_format_id", 999_999, NOT_IN_LIST),
        ("number_format_id", "x", "není číslo"),
        ("exchange_rate", "x", "není číslo"),
        ("due", "x", "není číslo"),
        ("due", 99_999, "je příliš velké číslo"),
        ("custom_payment_method", "x" * 21, "je příliš dlouhý/á/é (max. 20 znaků)"),
        ("custom_id", "x" * 256, "je příliš dlouhý/á/é (max. 255 znaků)"),
        ("tags", 7, "je neplatná hodnota"),
        ("lines", 7, "je neplatná hodnota"),
        ("proforma", "maybe", "není ano/ne"),
        ("tax_date_at_end_of_last_month", "maybe", "není ano/ne"),
    ],
)
def test_what_breaks_a_rule_is_told_under_its_key_and_nothing_is_stored(
    generators: GeneratorDesk, name: str, value: Any, told: str
) -> None:
    sent = {"payment_method": "custom", name: value} if name == "custom_payment_method" else {name: value}

    assert generators.refusal(**sent) == {name: [told]}
    assert generators.change_refusal(generators.issue(), **sent) == {name: [told]}


def test_days_until_it_is_due_are_none_before_the_issue(generators: GeneratorDesk) -> None:
    assert generators.refusal(due=-1) == {"due_on": ["Datum splatnosti nesmí být menší než datum vystavení"]}
    assert generators.issue(due="0")["due"] == 0


def test_several_things_that_are_wrong_are_told_together(generators: GeneratorDesk) -> None:
    told = generators.refusal(
        name="", lines=[line(1, quantity=0), {"name": ""}], oss="x", currency="?", bank_account_id=7
    )

    assert told == {
        "oss": [NOT_IN_LIST],
        "currency": [NOT_IN_LIST],
        "lines.quantity": ["musí být větší než 0"],
        "lines.name": ["je povinná položka"],
        "lines.unit_price": ["je povinná položka"],
        "name": ["je povinná položka"],
        "bank_account_id": [NOT_IN_LIST],
    }


def test_without_a_subject_that_and_a_missing_name_are_told(generators: GeneratorDesk) -> None:
    missing = ["je povinná položka", "Kontakt neexistuje."]

    assert generators.refusal(subject_id=None) == {"subject_id": missing}
    assert generators.refusal(subject_id=999_999) == {"subject_id": ["Kontakt neexistuje."]}
    assert generators.refusal(subject_id=None, name=None) == {"subject_id": missing, "name": ["je povinná položka"]}
    made = generators.issue()
    assert generators.change_refusal(made, subject_id=None) == {"subject_id": missing}
    assert generators.change_refusal(made, subject_id=999_999) == {"subject_id": ["Kontakt neexistuje."]}


def test_another_subject_leaves_the_terms_as_they_are(generators: GeneratorDesk) -> None:
    made, other = generators.issue(), generators.add_subject(due=3, language="en")["id"]

    changed = generators.change(made, subject_id=str(other))

    assert changed["subject_url"].endswith(f"/subjects/{other}.json")
    assert (changed["subject_id"], changed["due"], changed["language"]) == (other, 14, "cz")


def test_a_subject_that_a_generator_names_cannot_be_deleted(generators: GeneratorDesk) -> None:
    named = generators.add_subject()["id"]
    made = generators.issue(subject_id=named)

    refused = generators.client.delete(f"/subjects/{named}.json")
    assert (refused.status_code, refused.json) == (422, {"errors": {"document": ["Document cannot be deleted"]}})
    assert generators.client.get(f"/subjects/{named}.json").status_code == 200
    assert generators.client.delete(f"/generators/{made['id']}.json").status_code == 204
    assert generators.client.delete(f"/subjects/{named}.json").status_code == 204


def test_a_number_format_is_one_of_what_is_issued(generators: GeneratorDesk) -> None:
    def add(books: Books) -> list[int]:
        patterns: dict[Numbered, str] = {"invoice": "VF-#yyyy#-#dddd#", "expense": "N-#yyyy#-#dddd#"}
        return [books.add(NumberFormat, kind=kind, pattern=pattern).id for kind, pattern in patterns.items()]

    of_invoices, of_expenses = generators.client.write(add)

    assert generators.issue(number_format_id=str(of_invoices))["number_format_id"] == of_invoices
    assert generators.refusal(number_format_id=of_expenses) == {"number_format_id": [NOT_IN_LIST]}


def test_custom_ids_may_repeat(generators: GeneratorDesk) -> None:
    assert [generators.issue(custom_id=7)["custom_id"] for _ in range(2)] == ["7", "7"]
