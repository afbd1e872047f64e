"""Generators and recurring ones (2.14, 2.15) field by field: the core's templates, as this contract spells them."""

from typing import Any

from faktura.core.documents.lines import made_ahead
from faktura.core.documents.record import Line
from faktura.core.generators.record import Generator
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import (
    BOOLEAN,
    CURRENCY,
    DATE,
    DECIMAL,
    INTEGER,
    LANGUAGE,
    MOMENT,
    RATE,
    TEXT,
)
from faktura.dialects.fakturoid.parts.lines import LINE
from faktura.dialects.fakturoid.parts.terms import CUSTOM_PAYMENT_METHOD, PAYMENT_METHOD, TAGS
from faktura.wire.fields import Field, Kind, Shape, list_of, read_only
from faktura.wire.values import choice


def _item_shown(field: Field) -> Field:
    """Lines of documents name what they are taken from among their other facts, those of generators by its id (C25)."""
    if field.name != "inventory_item_id":
        return field
    return Field(field.name, field.kind, field.core)


GENERATOR_LINE: Shape[Line, View] = Shape("line", Line, tuple(_item_shown(field) for field in LINE.fields))

_NOTHING = Kind({"type": "object"}, lambda _value: None)

PAID_ONLINE: tuple[Field, ...] = (
    Field("proforma", BOOLEAN, nullable=False),
    Field("paypal", BOOLEAN, nullable=False),
    Field("gopay", BOOLEAN, nullable=False),
)

TAX_DATE = Field("tax_date_at_end_of_last_month", BOOLEAN, "taxed_at_end_of_last_month", nullable=False)

DUE = Field("due", INTEGER, "due_days", nullable=False)

TERMS: tuple[Field, ...] = (
    Field("subject_id", INTEGER, "contact_id", nullable=False, required=True),
    Field("number_format_id", INTEGER),
    Field("note", TEXT),
    Field("footer_note", TEXT),
    # Of templates that were made before bank accounts had ids: none of them is here.
    read_only("legacy_bank_details", _NOTHING, showing=lambda _generator, _view: None),
    Field("bank_account_id", INTEGER),
    Field("iban_visibility", choice("automatically", "always"), nullable=False),
    Field("tags", TAGS, nullable=False),
    Field("order_number", TEXT),
    Field("currency", CURRENCY, nullable=False),
    Field("exchange_rate", RATE),
    PAYMENT_METHOD,
    CUSTOM_PAYMENT_METHOD,
    Field("language", LANGUAGE, nullable=False),
    Field("vat_price_mode", choice("without_vat", "from_total_with_vat"), "price_mode", nullable=False),
    Field("transferred_tax_liability", BOOLEAN, "reverse_charge", nullable=False),
    Field("supply_code", TEXT),
    Field("oss", choice("disabled", "service", "goods"), nullable=False),
    Field("round_total", BOOLEAN, nullable=False),
    read_only("subtotal", DECIMAL, "net_total", nullable=False),
    read_only("total", DECIMAL, "gross_total", nullable=False),
    read_only("native_subtotal", DECIMAL, "native_net_total"),
    read_only("native_total", DECIMAL, "native_gross_total"),
    read_only("rounding_adjustment", DECIMAL, "rounding", nullable=False),
    Field("lines", list_of(GENERATOR_LINE, given=True, made=made_ahead), nullable=False),
)


def addresses(folder: str) -> tuple[Field, ...]:
    """Where people and programs find it; a recurring one has the address of a template, too (C9)."""

    def html_url(generator: Generator, view: View) -> Any:
        return f"{view.web_url}/{folder}/{generator.id}"

    def url(generator: Generator, view: View) -> Any:
        return f"{view.api_url}/generators/{generator.id}.json"

    def subject_url(generator: Generator, view: View) -> Any:
        return f"{view.api_url}/subjects/{generator.contact_id}.json"

    return (
        read_only("html_url", TEXT, nullable=False, showing=html_url),
        read_only("url", TEXT, nullable=False, showing=url),
        read_only("subject_url", TEXT, nullable=False, showing=subject_url),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    )


GENERATOR: Shape[Generator, View] = Shape(
    "generator",
    Generator,
    (
        read_only("id", INTEGER, nullable=False),
        Field("custom_id", TEXT),
        Field("name", TEXT, nullable=False, required=True),
        *PAID_ONLINE,
        TAX_DATE,
        DUE,
        *TERMS,
        *addresses("generators"),
    ),
)

RECURRING_GENERATOR: Shape[Generator, View] = Shape(
    "recurring_generator",
    Generator,
    (
        read_only("id", INTEGER, nullable=False),
        Field("custom_id", TEXT),
        Field("name", TEXT, nullable=False, required=True),
        read_only("active", BOOLEAN, nullable=False),
        *PAID_ONLINE,
        Field("start_date", DATE, "start_on", nullable=False, required=True),
        Field("end_date", DATE, "end_on"),
        Field("months_period", INTEGER, "months", nullable=False, required=True),
        Field("next_occurrence_on", DATE, "next_on"),
        Field("last_day_in_month", BOOLEAN, "on_last_day", nullable=False),
        TAX_DATE,
        DUE,
        Field("send_email", BOOLEAN, nullable=False),
        *TERMS,
        *addresses("recurring_generators"),
    ),
)

NEXT_OCCURRENCE: Shape[Generator, View] = Shape(
    "recurring_generator_activation", Generator, (Field("next_occurrence_on", DATE, "next_on", access="write"),)
)
