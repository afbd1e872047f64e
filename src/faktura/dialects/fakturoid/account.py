"""The account (2.2), which the API only reads."""

from collections.abc import Sequence

from faktura.core.people.accounts import USUAL_DAYS, Account, ReminderStep
from faktura.core.people.calls import calls_made
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import BOOLEAN, INTEGER, LANGUAGE, MOMENT, TEXT, VAT_MODE
from faktura.wire.conditional import etag
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape, read_only
from faktura.wire.rendered import encode
from faktura.wire.values import choice, choices

PRICE_MODE = choice("with_vat", "without_vat", "numerical_with_vat", "from_total_with_vat")


def _days(steps: Sequence[ReminderStep], usual: int) -> int:
    """Of the first step."""
    return next((step.days for step in steps), usual)


ACCOUNT: Shape[Account, View] = Shape(
    "account",
    Account,
    (
        read_only("subdomain", TEXT, "slug", nullable=False),
        read_only("plan", TEXT, nullable=False),
        read_only("plan_price", INTEGER, nullable=False),
        read_only("plan_paid_users", INTEGER, nullable=False),
        read_only("invoice_email", TEXT),
        read_only("phone", TEXT),
        read_only("web", TEXT),
        read_only("name", TEXT, nullable=False),
        read_only("full_name", TEXT),
        read_only("registration_no", TEXT),
        read_only("vat_no", TEXT),
        read_only("local_vat_no", TEXT),
        read_only("vat_mode", VAT_MODE, nullable=False),
        read_only("vat_price_mode", PRICE_MODE, nullable=False),
        read_only("street", TEXT),
        read_only("city", TEXT),
        read_only("zip", TEXT, "postcode"),
        read_only("country", TEXT, nullable=False),
        read_only("currency", TEXT, nullable=False),
        read_only("unit_name", TEXT, nullable=False),
        read_only("vat_rate", INTEGER, nullable=False),
        read_only("displayed_note", TEXT, "footer_note"),
        read_only("invoice_note", TEXT),
        read_only("due", INTEGER, "due_days", nullable=False),
        read_only("invoice_language", LANGUAGE, nullable=False),
        read_only("invoice_payment_method", choice("bank", "card", "cash", "cod", "paypal"), "payment_method"),
        read_only("invoice_proforma", BOOLEAN, "proforma_by_default", nullable=False),
        read_only(
            "invoice_hide_bank_account_for_payments", choices("card", "cash", "cod", "paypal"), "hide_bank_account_for"
        ),
        read_only("fixed_exchange_rate", BOOLEAN, nullable=False),
        read_only("invoice_selfbilling", BOOLEAN, "selfbilling", nullable=False),
        read_only("default_estimate_type", choice("estimate", "quote"), "estimate_kind"),
        read_only(
            "send_overdue_email", BOOLEAN, nullable=False, showing=lambda a, _: any(s.on for s in a.reminders_after)
        ),
        read_only(
            "overdue_email_days", INTEGER, nullable=False, showing=lambda a, _: _days(a.reminders_after, USUAL_DAYS)
        ),
        read_only(
            "send_repeated_reminders",
            BOOLEAN,
            nullable=False,
            showing=lambda a, _: sum(s.on for s in a.reminders_after) > 1,
        ),
        read_only(
            "send_due_date_reminder_email",
            BOOLEAN,
            nullable=False,
            showing=lambda a, _: any(s.on for s in a.reminders_before),
        ),
        read_only(
            "due_date_reminder_email_days",
            INTEGER,
            nullable=False,
            showing=lambda a, _: -_days(a.reminders_before, -USUAL_DAYS),
        ),
        read_only("send_invoice_from_proforma_email", BOOLEAN, nullable=False),
        read_only("send_thank_you_email", BOOLEAN, nullable=False),
        read_only("invoice_paypal", BOOLEAN, "paypal_enabled", nullable=False),
        read_only("invoice_gopay", BOOLEAN, "gopay_enabled", nullable=False),
        read_only("digitoo_enabled", BOOLEAN, "extraction_enabled", nullable=False),
        read_only("digitoo_auto_processing_enabled", BOOLEAN, "extraction_automatic", nullable=False),
        read_only("digitoo_remaining_extractions", INTEGER, "extractions_remaining", nullable=False),
        # There are no plans here, and no quota of a month with them.
        read_only("api_calls_limit", INTEGER, showing=lambda _account, _view: None),
        read_only("api_calls_used", INTEGER, nullable=False, showing=lambda _account, view: view.calls_made),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
        # Three client libraries read the older spelling (C5).
        read_only("digitoo_extractions_remaining", INTEGER, "extractions_remaining", nullable=False),
    ),
)


def read_account(call: Call) -> Answer:
    """The account with what its programs asked for, which is another answer for each number of it."""
    made = calls_made(call.books)
    shown = encode(ACCOUNT.show(call.account, call.view._replace(calls_made=made)))
    return Answer(200, shown, headers=(("ETag", etag(call.account.version, made)),))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/account.json",
        serve=read_account,
        about="Read the account",
        answers={200: ACCOUNT},
    ),
)
