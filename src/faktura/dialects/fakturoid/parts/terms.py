"""How documents are paid, and where to, and their tags (1.5, 1.7)."""

from typing import Any

from faktura.core.documents.parties import bank_accounts
from faktura.core.documents.record import Draft
from faktura.core.errors import Given
from faktura.dialects.fakturoid.door import errors
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.values import TEXT
from faktura.wire.fields import Field, Kind, Unreadable
from faktura.wire.values import choice, read_text

METHODS = ("bank", "cash", "cod", "card", "paypal", "custom")

LABELS = {
    "barter": "Barter",
    "check": "Czek",
    "bill_of_sale": "Weksel",
    "compensation": "Kompensata",
    "accredited": "Akredytywa",
    "instalment_sale": "Sprzedaż ratalna",
    "payu": "PayU",
    "tpay": "Tpay",
    "przelewy24": "Przelewy24",
    "dotpay": "Dotpay",
    "other": "Inny sposób",
}
"""What the methods are called that only Polish documents have; a label has 20 letters at most."""


def require_bank_account(call: Call, *, of_generator: bool = False) -> None:
    """Whoever issues documents has said where they are paid.

    Raises:
        FieldFailure: with status 403; the account has no bank account.

    """
    if not bank_accounts(call.books):
        raise errors.no_bank_account(f"{call.view.web_url}/settings/bank_accounts", of_generator=of_generator)


def method_of(document: Draft) -> str:
    return document.payment_method if document.payment_method in METHODS else "custom"


def method_label(document: Draft) -> str | None:
    return LABELS.get(document.payment_method, document.custom_payment_method)


def read_tags(value: Any) -> tuple[str, ...]:
    """A list, or a text with commas; a tag is on one line, and stands there once."""
    tags = value.split(",") if isinstance(value, str) else value
    if not isinstance(tags, list):
        raise Unreadable("malformed")
    return tuple(dict.fromkeys(filter(None, (" ".join(read_text(tag).split()) for tag in tags))))


TAGS = Kind({"type": "array", "items": {"type": "string"}}, read_tags, list)

PAYMENT_METHOD = Field(
    "payment_method", choice(*METHODS), nullable=False, showing=lambda document, _: method_of(document)
)
CUSTOM_PAYMENT_METHOD = Field("custom_payment_method", TEXT, showing=lambda document, _: method_label(document))


def keep_method(old: Draft, given: Given) -> None:
    """A method that this contract does not know is shown as a custom one; sent back like that, it stays what it is."""
    label = given.get("custom_payment_method", method_label(old))
    if old.payment_method not in METHODS and label == method_label(old):
        del given["payment_method"]
        given.pop("custom_payment_method", None)
