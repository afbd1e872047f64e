"""Section 2.9: the attributes of an expense as they are sent and shown."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.expenses.fields import EXPENSE
from faktura.dialects.fakturoid.tests.conftest import MOUNT, ExpenseDesk, line
from tests import needs

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 11, 20, 11, 15, 2, 481_000, dt.UTC)
NOW = "2026-11-20T12:15:02.481+01:00"

SUPPLIER = {
    "name": "Dodavatel s.r.o.",
    "street": "Dlouhá 1",
    "city": "Praha",
    "zip": "11000",
    "country": "SK",
    "registration_no": "27082440",
    "vat_no": "SK2020317068",
    "local_vat_no": "2020317068",
    "bank_account": "19-2000145399/0800",
    "iban": "CZ6508000000192000145399",
    "swift_bic": "GIBACZPX",
}

# In the order of the contract's table; what is not here depends on ids.
SHOWN: dict[str, Any] = {
    "custom_id": None,
    "number": "N20261101",
    "original_number": None,
    "variable_symbol": None,
    "supplier_name": "Dodavatel s.r.o.",
    "supplier_street": "Dlouhá 1",
    "supplier_city": "Praha",
    "supplier_zip": "11000",
    "supplier_country": "SK",
    "supplier_registration_no": "27082440",
    "supplier_vat_no": "SK2020317068",
    "supplier_local_vat_no": "2020317068",
    "status": "open",
    "document_type": "invoice",
    "issued_on": "2026-11-20",
    "taxable_fulfillment_due": "2026-11-20",
    "received_on": "2026-11-20",
    "due_on": "2026-12-04",
    "remind_due_date": True,
    "paid_on": None,
    "locked_at": None,
    "description": None,
    "private_note": None,
    "tags": [],
    "bank_account": "19-2000145399/0800",
    "iban": "CZ6508000000192000145399",
    "swift_bic": "GIBACZPX",
    "payment_method": "bank",
    "custom_payment_method": None,
    "currency": "CZK",
    "exchange_rate": "1.0",
    "transferred_tax_liability": False,
    "vat_price_mode": "without_vat",
    "supply_code": "",
    "proportional_vat_deduction": 100,
    "tax_deductible": True,
    "round_total": False,
    "rounding_adjustment": "0.0",
    "subtotal": "250.0",
    "total": "302.5",
    "native_subtotal": "250.0",
    "native_total": "302.5",
    "payments": [],
    "attachments": [],
    "created_at": NOW,
    "updated_at": NOW,
}

ORDER = """id custom_id number original_number variable_symbol supplier_name supplier_street supplier_city supplier_zip
supplier_country supplier_registration_no supplier_vat_no supplier_local_vat_no subject_id status document_type
issued_on taxable_fulfillment_due received_on due_on remind_due_date paid_on locked_at description private_note tags
bank_account iban swift_bic payment_method custom_payment_method currency exchange_rate transferred_tax_liability
vat_price_mode supply_code proportional_vat_deduction tax_deductible round_total rounding_adjustment subtotal total
native_subtotal native_total lines vat_rates_summary payments attachments html_url url subject_url created_at
updated_at"""

SENT: dict[str, Any] = {
    "custom_id": "A-77",
    "number": "N20261042",
    "original_number": "2026/77",
    "variable_symbol": "VS-1",
    "document_type": "bill",
    "issued_on": "2026-10-02",
    "taxable_fulfillment_due": "2026-10-01",
    "received_on": "2026-10-05",
    "due_on": "2026-10-31",
    "remind_due_date": False,
    "description": "Benzin\r\na mytí",
    "private_note": "Služební cesta",
    "tags": ["auto", "cesta"],
    "bank_account": "9/0300",
    "iban": "CZ0903000000000000000009",
    "swift_bic": "CEKOCZPP",
    "payment_method": "custom",
    "custom_payment_method": "Zápočtem",
    "currency": "EUR",
    "exchange_rate": "25.135",
    "vat_price_mode": "from_total_with_vat",
    "supply_code": "4",
    "proportional_vat_deduction": 75,
    "tax_deductible": False,
    "round_total": True,
}

NEVER_EMPTY = {"number", "issued_on", "received_on", "due_on", "currency", "vat_price_mode", "exchange_rate"}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


@pytest.fixture
def supplier_id(expenses: ExpenseDesk) -> int:
    supplier_id: int = expenses.add_subject(**SUPPLIER)["id"]
    return supplier_id


def test_an_expense_of_which_little_is_said_has_what_the_contract_says(expenses: ExpenseDesk, supplier_id: int) -> None:
    entered = expenses.issue(line("100.0", 21, "2.5", unit_name="h"), subject_id=supplier_id)

    assert list(entered) == ORDER.split()
    assert {name: entered[name] for name in SHOWN} == SHOWN
    assert entered["subject_id"] == supplier_id
    assert entered["lines"] == [
        {
            "id": entered["lines"][0]["id"],
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
        }
    ]
    assert entered["vat_rates_summary"] == [
        {
            "vat_rate": 21,
            "base": "250.0",
            "vat": "52.5",
            "currency": "CZK",
            "native_base": "250.0",
            "native_vat": "52.5",
            "native_currency": "CZK",
        }
    ]


def test_its_addresses_lead_to_it_and_to_its_subject(expenses: ExpenseDesk, supplier_id: int) -> None:
    answer = expenses.client.post("/expenses.json", {"subject_id": str(supplier_id)})

    entered, root = answer.json, f"http://faktura.example{MOUNT}/accounts/applecorp"
    assert entered["html_url"] == f"http://faktura.example/applecorp/expenses/{entered['id']}"
    assert entered["url"] == answer.headers["location"] == f"{root}/expenses/{entered['id']}.json"
    assert entered["subject_url"] == f"{root}/subjects/{supplier_id}.json"
    assert expenses.read(entered) == entered
    assert entered["lines"] == entered["vat_rates_summary"] == []


@pytest.mark.parametrize("first", [SENT, {}])
def test_what_is_sent_is_kept_and_shown_on_create_and_on_update(
    expenses: ExpenseDesk, supplier_id: int, first: dict[str, Any]
) -> None:
    entered = expenses.issue(subject_id=supplier_id, **first)
    kept = entered if first else expenses.change(entered, **SENT)

    assert {name: kept[name] for name in SENT} == SENT
    assert expenses.change(kept, **kept) == kept


def test_nothing_that_follows_from_others_can_be_sent(expenses: ExpenseDesk) -> None:
    entered = expenses.issue()
    foreign = dict.fromkeys(entered.keys() - EXPENSE.written, "x") | {"due": 3, "subject_custom_id": "x"}

    assert expenses.change(entered, **foreign) == entered
    assert expenses.issue(**foreign)["status"] == "open"


@pytest.mark.parametrize("name", sorted(SENT.keys() - {"number"}))
def test_null_is_the_default_on_create_and_takes_a_value_away_on_update(expenses: ExpenseDesk, name: str) -> None:
    plain = expenses.issue()
    assert expenses.issue(**{name: None})[name] == plain[name]

    entered = expenses.issue(**(SENT | ({"currency": "CZK"} if name == "exchange_rate" else {})))
    taken = expenses.change(entered, **{name: None})[name]
    emptied = plain | dict.fromkeys(("bank_account", "iban", "swift_bic", "taxable_fulfillment_due"))
    assert taken == (entered if name in NEVER_EMPTY else emptied)[name]


@pytest.mark.parametrize("kind", ["invoice", "bill", "other"])
def test_an_expense_is_of_one_of_three_types(expenses: ExpenseDesk, kind: str) -> None:
    entered = expenses.issue(document_type=kind)

    assert entered["document_type"] == kind
    assert expenses.change(entered, document_type="other")["document_type"] == "other"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("document_type", "correction", "není v seznamu povolených hodnot"),
        ("vat_price_mode", "with_vat", "není v seznamu povolených hodnot"),
        ("payment_method", "barter", "není v seznamu povolených hodnot"),
        ("currency", "XXQ", "není v seznamu povolených hodnot"),
        ("proportional_vat_deduction", 101, "není v seznamu povolených hodnot"),
        ("proportional_vat_deduction", -1, "není v seznamu povolených hodnot"),
        ("proportional_vat_deduction", "x", "není číslo"),
        ("exchange_rate", "x", "není číslo"),
        ("issued_on", "yesterday", "není datum"),
        ("received_on", "0001-01-01", "není datum"),
        ("due_on", "2026-11-19", "Datum splatnosti nesmí být menší než datum vystavení"),
        ("due_on", "2126-11-19", "je příliš velké číslo"),
        ("custom_payment_method", "x" * 21, "je příliš dlouhý/á/é (max. 20 znaků)"),
        ("custom_id", "x" * 256, "je příliš dlouhý/á/é (max. 255 znaků)"),
        ("tags", 7, "je neplatná hodnota"),
        ("lines", 7, "je neplatná hodnota"),
        ("tax_deductible", "maybe", "není ano/ne"),
        ("variable_symbol", "a\nb", "je neplatná hodnota"),
    ],
)
def test_what_breaks_a_rule_is_told_under_its_key_and_nothing_is_stored(
    expenses: ExpenseDesk, name: str, value: Any, told: str
) -> None:
    sent = {"payment_method": "custom", name: value} if name == "custom_payment_method" else {name: value}

    assert expenses.refusal(**sent) == {name: [told]}
    assert expenses.change_refusal(expenses.issue(), **sent) == {name: [told]}


def test_several_things_that_are_wrong_are_told_together(expenses: ExpenseDesk) -> None:
    told = expenses.refusal(
        lines=[line(1, quantity=0), {"name": ""}], due_on="2020-01-01", document_type="x", number="7", currency="?"
    )

    assert told == {
        "document_type": ["není v seznamu povolených hodnot"],
        "currency": ["není v seznamu povolených hodnot"],
        "lines.quantity": ["musí být větší než 0"],
        "lines.name": ["je povinná položka"],
        "lines.unit_price": ["je povinná položka"],
        "due_on": ["Datum splatnosti nesmí být menší než datum vystavení"],
        "number": ["Číslo neodpovídá formátu čísla v nastavení."],
    }


def test_without_a_subject_everything_that_follows_from_it_is_told(expenses: ExpenseDesk) -> None:
    assert expenses.refusal(subject_id=None) == {
        "subject_id": ["je povinná položka", "Kontakt neexistuje."],
        "supplier_name": ["je povinná položka"],
    }
    assert expenses.refusal(subject_id=999_999) == {
        "supplier_name": ["je povinná položka"],
        "subject_id": ["Kontakt neexistuje."],
    }


def test_the_supplier_is_copied_and_later_edits_change_no_expense(expenses: ExpenseDesk, supplier_id: int) -> None:
    entered = expenses.issue(subject_id=supplier_id)

    expenses.client.patch(f"/subjects/{supplier_id}.json", {"name": "Jiný", "street": "Jiná 9", "iban": "x"})

    assert expenses.read(entered) == entered
    assert expenses.change(entered, subject_id=supplier_id) == entered


def test_another_subject_on_update_refreshes_the_supplier_and_where_the_money_goes(
    expenses: ExpenseDesk, supplier_id: int
) -> None:
    entered = expenses.issue()

    changed = expenses.change(entered, subject_id=str(supplier_id), iban="CZ1")

    supplier = (changed["subject_id"], changed["supplier_name"], changed["supplier_city"])
    assert supplier == (supplier_id, "Dodavatel s.r.o.", "Praha")
    assert (changed["bank_account"], changed["iban"]) == (SUPPLIER["bank_account"], "CZ1")
    assert expenses.change_refusal(changed, subject_id=999)["subject_id"] == ["Kontakt neexistuje."]
    missing = ["je povinná položka", "Kontakt neexistuje."]
    assert expenses.change_refusal(changed, subject_id=None)["subject_id"] == missing


def test_the_due_day_is_the_accounts_days_after_the_issue_and_stays_when_that_moves(expenses: ExpenseDesk) -> None:
    expenses.set_account(due_days=30)
    entered = expenses.issue(issued_on="2026-11-01")

    assert entered["due_on"] == "2026-12-01"
    assert expenses.change(entered, issued_on="2026-11-10")["due_on"] == "2026-12-01"


def test_a_subject_that_an_expense_names_cannot_be_deleted(expenses: ExpenseDesk, supplier_id: int) -> None:
    entered = expenses.issue(subject_id=supplier_id)

    refused = expenses.client.delete(f"/subjects/{supplier_id}.json")
    assert (refused.status_code, refused.json) == (422, {"errors": {"document": ["Document cannot be deleted"]}})
    assert expenses.client.get(f"/subjects/{supplier_id}.json").status_code == 200
    assert expenses.client.delete(f"/expenses/{entered['id']}.json").status_code == 204
    assert expenses.client.delete(f"/subjects/{supplier_id}.json").status_code == 204


def test_a_bank_account_of_the_firms_own_is_not_needed(expenses: ExpenseDesk) -> None:
    def remove_all(books: Books) -> None:
        for bank_account in books.all(BankAccount):
            books.remove(bank_account)

    expenses.client.write(remove_all)

    assert expenses.issue()["status"] == "open"


def test_an_expense_in_foreign_currency_has_native_sums(expenses: ExpenseDesk) -> None:
    entered = expenses.issue(line("82.005", 0), currency="usd", exchange_rate="21.95")

    assert (entered["currency"], entered["exchange_rate"]) == ("USD", "21.95")
    assert (entered["total"], entered["native_total"]) == ("82.01", "1800.12")


def test_an_exchange_rate_that_nobody_knows_is_told(expenses: ExpenseDesk) -> None:
    assert expenses.refusal(currency="EUR") == {"exchange_rate": ["je povinná položka"]}


def test_custom_ids_may_repeat(expenses: ExpenseDesk) -> None:
    assert [expenses.issue(custom_id=7)["custom_id"] for _ in range(2)] == ["7", "7"]
