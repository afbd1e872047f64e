"""Expenses (2.9) field by field: what the core received, as this contract spells it."""

from faktura.core.received.record import Expense
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import BOOLEAN, CURRENCY, DATE, DECIMAL, INTEGER, MOMENT, RATE, TEXT
from faktura.dialects.fakturoid.parts.attachments import ATTACHMENTS, shown_files
from faktura.dialects.fakturoid.parts.lines import LINES, VAT_RATES_SUMMARY
from faktura.dialects.fakturoid.parts.payments import ACCOUNTS, AMOUNTS, MOMENTS, Paid
from faktura.dialects.fakturoid.parts.terms import CUSTOM_PAYMENT_METHOD, PAYMENT_METHOD, TAGS
from faktura.wire.fields import Field, Kind, Shape, list_of, read_only
from faktura.wire.values import choice

KIND = choice("invoice", "bill", "other")
STATUS = choice("open", "overdue", "paid")
SUPPLY_CODE = Kind(TEXT.schema, TEXT.read, absent="")

EXPENSE_PAYMENT: Shape[Paid, View] = Shape("expense_payment", Paid, (*AMOUNTS, *ACCOUNTS, *MOMENTS))

EXPENSE: Shape[Expense, View] = Shape(
    "expense",
    Expense,
    (
        read_only("id", INTEGER, nullable=False),
        Field("custom_id", TEXT),
        Field("number", TEXT, nullable=False),
        Field("original_number", TEXT),
        Field("variable_symbol", TEXT),
        read_only("supplier_name", TEXT, "seller_name", nullable=False),
        read_only("supplier_street", TEXT, "seller.street"),
        read_only("supplier_city", TEXT, "seller.city"),
        read_only("supplier_zip", TEXT, "seller.postcode"),
        read_only("supplier_country", TEXT, "seller.country", nullable=False),
        read_only("supplier_registration_no", TEXT, "seller.registration_no"),
        read_only("supplier_vat_no", TEXT, "seller.vat_no"),
        read_only("supplier_local_vat_no", TEXT, "seller.local_vat_no"),
        Field("subject_id", INTEGER, "contact_id", nullable=False, required=True),
        read_only("status", STATUS, nullable=False),
        Field("document_type", KIND, "kind", nullable=False),
        Field("issued_on", DATE, nullable=False),
        Field("taxable_fulfillment_due", DATE, "taxable_on"),
        Field("received_on", DATE, nullable=False),
        Field("due_on", DATE, nullable=False),
        Field("remind_due_date", BOOLEAN, "remind_due", nullable=False),
        read_only("paid_on", DATE),
        read_only("locked_at", MOMENT),
        Field("description", TEXT),
        Field("private_note", TEXT),
        Field("tags", TAGS, nullable=False),
        Field("bank_account", TEXT),
        Field("iban", TEXT),
        Field("swift_bic", TEXT, "bic"),
        PAYMENT_METHOD,
        CUSTOM_PAYMENT_METHOD,
        Field("currency", CURRENCY, nullable=False),
        Field("exchange_rate", RATE),
        Field("transferred_tax_liability", BOOLEAN, "reverse_charge", nullable=False),
        Field("vat_price_mode", choice("without_vat", "from_total_with_vat"), "price_mode", nullable=False),
        Field("supply_code", SUPPLY_CODE, nullable=False),
        Field("proportional_vat_deduction", INTEGER, "deductible_percent", nullable=False),
        Field("tax_deductible", BOOLEAN, nullable=False),
        Field("round_total", BOOLEAN, nullable=False),
        read_only("rounding_adjustment", DECIMAL, "rounding", nullable=False),
        read_only("subtotal", DECIMAL, "net_total", nullable=False),
        read_only("total", DECIMAL, "gross_total", nullable=False),
        read_only("native_subtotal", DECIMAL, "native_net_total"),
        read_only("native_total", DECIMAL, "native_gross_total"),
        LINES,
        VAT_RATES_SUMMARY,
        read_only(
            "payments",
            list_of(EXPENSE_PAYMENT),
            nullable=False,
            showing=lambda expense, view: [EXPENSE_PAYMENT.show(Paid(p, expense), view) for p in expense.payments],
        ),
        Field(
            "attachments",
            ATTACHMENTS,
            "files",
            nullable=False,
            showing=lambda expense, view: shown_files(expense, "expenses", view),
        ),
        read_only("html_url", TEXT, nullable=False, showing=lambda e, view: f"{view.web_url}/expenses/{e.id}"),
        read_only("url", TEXT, nullable=False, showing=lambda e, view: f"{view.api_url}/expenses/{e.id}.json"),
        read_only(
            "subject_url",
            TEXT,
            nullable=False,
            showing=lambda e, view: f"{view.api_url}/subjects/{e.contact_id}.json",
        ),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)
