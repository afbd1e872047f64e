"""Section 2.2: the account."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.core.people.accounts import FIRST_STEPS, ReminderStep
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from faktura.wire.service import Service
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE

KEPT: dict[str, Any] = {
    "invoice_email": "faktury@kiwicorp.example",
    "phone": "+420 777 123 456",
    "web": "https://kiwicorp.example",
    "full_name": "Jan Novák",
    "registration_no": "27082440",
    "vat_no": "CZ27082440",
    "local_vat_no": "2020317068",
    "vat_mode": "identified_person",
    "vat_price_mode": "numerical_with_vat",
    "street": "Dlouhá 1",
    "city": "Praha",
    "postcode": "110 00",
    "country": "SK",
    "currency": "EUR",
    "unit_name": "ks",
    "vat_rate": 20,
    "footer_note": "Děkujeme",
    "invoice_note": "Fakturujeme",
    "due_days": 30,
    "invoice_language": "sk",
    "payment_method": "card",
    "proforma_by_default": True,
    "hide_bank_account_for": ("card", "cash"),
    "fixed_exchange_rate": True,
    "selfbilling": True,
    "estimate_kind": "quote",
    "reminders": (
        ReminderStep(1, -4, on=True),
        ReminderStep(2, 2),
        ReminderStep(3, 5, on=True),
        ReminderStep(4, 9, on=True),
    ),
    "send_invoice_from_proforma_email": True,
    "send_thank_you_email": True,
    "paypal_enabled": True,
    "gopay_enabled": True,
    "extraction_enabled": True,
    "extraction_automatic": True,
    "extractions_remaining": 7,
    "plan": "Na lehko",
    "plan_price": 170,
    "plan_paid_users": 2,
}

SHOWN = {
    "subdomain": "kiwicorp",
    "plan": "Na lehko",
    "plan_price": 170,
    "plan_paid_users": 2,
    "invoice_email": "faktury@kiwicorp.example",
    "phone": "+420 777 123 456",
    "web": "https://kiwicorp.example",
    "name": "Kiwicorp s.r.o.",
    "full_name": "Jan Novák",
    "registration_no": "27082440",
    "vat_no": "CZ27082440",
    "local_vat_no": "2020317068",
    "vat_mode": "identified_person",
    "vat_price_mode": "numerical_with_vat",
    "street": "Dlouhá 1",
    "city": "Praha",
    "zip": "110 00",
    "country": "SK",
    "currency": "EUR",
    "unit_name": "ks",
    "vat_rate": 20,
    "displayed_note": "Děkujeme",
    "invoice_note": "Fakturujeme",
    "due": 30,
    "invoice_language": "sk",
    "invoice_payment_method": "card",
    "invoice_proforma": True,
    "invoice_hide_bank_account_for_payments": ["card", "cash"],
    "fixed_exchange_rate": True,
    "invoice_selfbilling": True,
    "default_estimate_type": "quote",
    "send_overdue_email": True,
    "overdue_email_days": 5,
    "send_repeated_reminders": True,
    "send_due_date_reminder_email": True,
    "due_date_reminder_email_days": 4,
    "send_invoice_from_proforma_email": True,
    "send_thank_you_email": True,
    "invoice_paypal": True,
    "invoice_gopay": True,
    "digitoo_enabled": True,
    "digitoo_auto_processing_enabled": True,
    "digitoo_remaining_extractions": 7,
    "api_calls_limit": None,
    "api_calls_used": 0,
    "created_at": "2026-07-01T12:00:00.000+02:00",
    "updated_at": "2026-07-01T12:00:00.000+02:00",
    "digitoo_extractions_remaining": 7,
}


def test_the_account_shows_the_attributes_of_the_table_in_its_order(
    service: Service, database: Database, clock: Clock
) -> None:
    clock.stand_at(dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC))
    firm = open_firm(database, clock, "kiwicorp", **KEPT)

    account = Client(service, firm).get("/account.json").json
    assert account == SHOWN
    assert list(account) == list(SHOWN)


def test_an_account_with_defaults_has_those_of_the_table(client: Client) -> None:
    account = client.get("/account.json").json

    assert account["vat_price_mode"] == "without_vat"
    assert account["invoice_language"] == "cz"
    assert account["country"] == "CZ"
    assert account["currency"] == "CZK"
    assert account["unit_name"] == ""
    assert account["invoice_payment_method"] is None
    assert account["invoice_hide_bank_account_for_payments"] is None
    assert account["default_estimate_type"] is None


def test_money_days_and_rates_of_the_account_are_json_integers(client: Client) -> None:
    account = client.get("/account.json").json

    for name in (
        "plan_price",
        "plan_paid_users",
        "vat_rate",
        "due",
        "overdue_email_days",
        "due_date_reminder_email_days",
    ):
        assert type(account[name]) is int


def test_the_calls_that_were_made_in_the_month_are_counted(service: Service, database: Database, clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 30, 22, 58, tzinfo=dt.UTC))
    client = Client(service, open_firm(database, clock, "kiwicorp"))

    def used() -> Any:
        client.service.calls.write(client.service.database, clock)
        return client.get("/account.json").json["api_calls_used"]

    assert used() == 0
    client.get("/subjects.json")
    client.post("/subjects.json", {})
    client.get("/subjects.json", headers={"Authorization": "Bearer nonsense"})
    assert used() == 3
    clock.stand_at(dt.datetime(2026, 11, 30, 23, 0, tzinfo=dt.UTC))
    client.service.calls.write(client.service.database, clock)
    assert used() == 1, "it is December in Prague"
    assert client.get("/account.json").json["api_calls_limit"] is None


def test_an_account_whose_calls_were_counted_is_another_answer(client: Client, clock: Clock) -> None:
    tag = client.get("/account.json").headers["ETag"]
    assert client.get("/account.json", headers={"If-None-Match": tag}).status_code == 304
    client.service.calls.write(client.service.database, clock)
    assert client.get("/account.json", headers={"If-None-Match": tag}).status_code == 200


def test_the_remaining_extractions_are_told_under_both_names(client: Client) -> None:
    account = client.get("/account.json").json

    assert account["digitoo_extractions_remaining"] == account["digitoo_remaining_extractions"] == 0


def test_the_account_is_read_only_over_the_api(client: Client) -> None:
    before = client.get("/account.json").json

    for method in ("POST", "PATCH", "PUT", "DELETE"):
        refused = client.call(method, "/account.json", {"name": "Changed"})
        assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")
    assert client.get("/account.json").json == before


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ((), (False, 3, False, False, 3)),
        (FIRST_STEPS, (False, 3, False, False, 3)),
        ((ReminderStep(1, 0, on=True), ReminderStep(2, 7)), (False, 7, False, True, 0)),
        ((ReminderStep(1, -5), ReminderStep(2, 1), ReminderStep(3, 8, on=True)), (True, 8, False, False, 5)),
        ((ReminderStep(1, 2, on=True), ReminderStep(2, 8, on=True)), (True, 2, True, False, 3)),
    ],
)
def test_the_switches_of_reminders_say_what_the_steps_of_the_account_do(
    service: Service, database: Database, clock: Clock, steps: tuple[ReminderStep, ...], shown: tuple[object, ...]
) -> None:
    account = Client(service, open_firm(database, clock, "kiwicorp", reminders=steps)).get("/account.json").json
    of_late = ("send_overdue_email", "overdue_email_days", "send_repeated_reminders")
    names = (*of_late, "send_due_date_reminder_email", "due_date_reminder_email_days")

    assert tuple(account[name] for name in names) == shown
