"""What lies inside an invoice alone (2.6, 2.7): advances and payments."""

from faktura.core.documents.record import Deduction
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import BOOLEAN, DATE, DECIMAL, INTEGER, NUMBER, TEXT
from faktura.dialects.fakturoid.parts.payments import ACCOUNTS, AMOUNTS, MOMENTS, Paid
from faktura.wire.fields import Field, Shape, read_only
from faktura.wire.values import choice

ADVANCE: Shape[Deduction, View] = Shape(
    "paid_advance",
    Deduction,
    (
        read_only("id", INTEGER, "document_id", nullable=False),
        read_only("number", TEXT, nullable=False),
        read_only("variable_symbol", TEXT),
        read_only("paid_on", DATE),
        read_only("vat_rate", NUMBER, nullable=False),
        read_only("price", DECIMAL, "net", nullable=False),
        read_only("vat", DECIMAL, nullable=False),
    ),
)

FOLLOW_UP = choice("final_invoice_paid", "final_invoice", "tax_document", "none")

PAYMENT: Shape[Paid, View] = Shape(
    "invoice_payment",
    Paid,
    (
        *AMOUNTS,
        Field("proforma_followup_document", FOLLOW_UP, "follow_up", access="write"),
        Field("send_thank_you_email", BOOLEAN, access="write"),
        *ACCOUNTS,
        read_only("tax_document_id", INTEGER, "payment.tax_document_id"),
        *MOMENTS,
    ),
)
