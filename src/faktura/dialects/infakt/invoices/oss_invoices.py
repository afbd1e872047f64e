"""OSS invoices (section 11): sold to a consumer of another country of the EU, with the VAT of that country."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, add_contact
from faktura.core.documents.lines import made_ahead
from faktura.core.documents.record import Line
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.door.values import CURRENCY, DATE, INTEGER, MONEY, NUMBER, TEXT, show_grosze
from faktura.dialects.infakt.invoices.capabilities import endpoints, number_endpoint
from faktura.dialects.infakt.invoices.documents import Resource, tell_next_number
from faktura.dialects.infakt.invoices.fields import FIELDS
from faktura.dialects.infakt.invoices.lines import LINE_FLAT_RATE
from faktura.dialects.infakt.invoices.terms import refuse
from faktura.store.queries import Condition, Order, Selection
from faktura.wire.fields import Field, Kind, Shape, list_of, read_only
from faktura.wire.values import choice, read_text

_SPELLED = {"EL": "GR"}
"""Greece has a name of its own where VAT is concerned."""


def _read_country(value: Any) -> str | None:
    code = read_text(value).strip().upper()
    return _SPELLED.get(code, code) or None


def _show_country(code: str) -> str:
    return next((spelled for spelled, known in _SPELLED.items() if known == code), code)


def _net(line: Line, _view: Any) -> int:
    """A net price that follows from that of a unit has what was added (D13); one beside a price as sent has not."""
    return show_grosze(line.net if line.basis == "unit" else line.net - line.additional)


COUNTRY = Kind(
    TEXT.schema, _read_country, _show_country, as_text=tuple((known, spelled) for spelled, known in _SPELLED.items())
)
SOLD = choice("service", "merchandise", core={"merchandise": "goods"})

OF_A_LINE: tuple[Field, ...] = (
    read_only("id", INTEGER, nullable=False),
    Field("name", TEXT, nullable=False, required=True),
    Field("unit", TEXT, nullable=False),
    Field("quantity", NUMBER, nullable=False),
    Field("net_price", MONEY, "net", nullable=False, showing=_net),
    read_only("tax_price", MONEY, "vat", nullable=False),
    Field("unit_net_price", MONEY, "unit_price", nullable=False, showing=lambda i, _: show_grosze(i.unit_net_price)),
    Field("additional_price", MONEY, "additional", nullable=False),
    Field("gross_price", MONEY, "gross", nullable=False),
    Field("tax_rate", NUMBER, "vat_rate", nullable=False, required=True),
    Field("flat_rate_tax_symbol", LINE_FLAT_RATE, "lump_sum_rate", access="write"),
)

OF_A_DOCUMENT: tuple[Field, ...] = (
    read_only("id", INTEGER, nullable=False),
    FIELDS["number"],
    Field("country", COUNTRY, "buyer_country", nullable=False, required=True),
    Field("client_email", TEXT, "buyer_email"),
    read_only("client_name", TEXT, "buyer_name"),
    Field("client_first_name", TEXT, "buyer_first_name", required=True),
    Field("client_last_name", TEXT, "buyer_last_name", required=True),
    FIELDS["client_street"],
    FIELDS["client_street_number"],
    FIELDS["client_flat_number"],
    FIELDS["client_post_code"],
    FIELDS["client_city"],
    Field("service_date", DATE, "taxable_on"),
    Field("issue_date", DATE, "issued_on", nullable=False),
    Field("payment_date", DATE, "due_on"),
    Field(
        "service_type",
        choice("electronic", "broadcasting", "telecommunications", "real_estate"),
        "oss_service",
        required=True,
    ),
    Field("service_place_primary", TEXT, "supply_place", required=True),
    Field("service_place_secondary", TEXT, "supply_place_secondary"),
    Field("currency", CURRENCY, nullable=False, required=True),
    FIELDS["seller_signature"],
    FIELDS["recipient_signature"],
    Field("comments", TEXT, "note"),
    Field("notes", TEXT, "note", access="write"),
    FIELDS["net_price"],
    FIELDS["tax_price"],
    FIELDS["gross_price"],
    Field("advance_price", MONEY, "paid_amount", nullable=False),
    Field("sale_type", SOLD, "oss", nullable=False, required=True),
    FIELDS["check_duplicate_number"],
)

EXAMPLE: dict[str, Any] = {
    "country": "DE",
    "client_first_name": "Jürgen",
    "client_last_name": "Groß",
    "service_type": "electronic",
    "service_place_primary": "DE",
    "currency": "EUR",
    "sale_type": "service",
}

OSS_INVOICE: Shape[Invoice, Any] = Shape(
    "oss_invoice",
    Invoice,
    (
        *OF_A_DOCUMENT,
        Field(
            "services",
            list_of(Shape("oss_service", Line, OF_A_LINE), given=True, made=made_ahead),
            "lines",
            nullable=False,
            required=True,
        ),
    ),
    example=EXAMPLE | {"services": [{"name": "E-book", "tax_rate": 7, "unit_net_price": 1500}]},
)

_NEEDED = ("buyer_country", "buyer_first_name", "buyer_last_name", "oss_service", "supply_place", "currency", "oss")


def prepare(books: Books, given: Given, _old: Invoice | None) -> None:
    given["kind"] = "oss_invoice"
    prepare_sale(given)
    given["contact_id"] = consumer_of(books, given).id


def prepare_sale(given: Given) -> None:
    """What both kinds need; a person is called by both names.

    Raises:
        Invalid: nothing tells who bought.

    """
    for name in _NEEDED:
        if not str(given.get(name) or "").strip():
            refuse(given, name, "blank")
    for line in given.get("lines") or ():
        if line.get("vat_rate") is None and "vat_rate" not in line.unread:
            refuse(line, "vat_rate", "blank")
        line["vat_treatment"] = "taxed"
    if given.unread.keys() & {"buyer_country", "buyer_first_name", "buyer_last_name"}:
        raise Invalid(given.unread)
    given["buyer_activity_kind"] = "private_person"
    given["buyer_name"] = f"{given['buyer_first_name'].strip()} {given['buyer_last_name'].strip()}"


def consumer_of(books: Books, given: Given) -> Contact:
    """Whoever is called so, lives there and is written to there; many consumers have the same name.

    Raises:
        Invalid: a new contact cannot be made of what is said.

    """
    said = {core: given.get(name) or None for name, core in _CONSUMER.items()}
    same = (Condition(n, "null", value=True) if v is None else Condition(n, "eq", v) for n, v in said.items())
    known = books.some_in_order(Contact, Selection(tuple(same), order=(Order("id"),)), 1)
    if known:
        return known[0]
    try:
        return add_contact(books, Given(said))
    except Invalid as invalid:
        spelled = {core: name for name, core in _CONSUMER.items()}
        raise Invalid(given.unread | {spelled.get(n, n): found for n, found in invalid.problems.items()}) from None


_CONSUMER = {
    "buyer_name": "name",
    "buyer_country": "country",
    "buyer_activity_kind": "activity_kind",
    "buyer_first_name": "first_name",
    "buyer_last_name": "last_name",
    "buyer_street": "street",
    "buyer_street_number": "street_number",
    "buyer_flat_number": "flat_number",
    "buyer_city": "city",
    "buyer_postcode": "postcode",
    "buyer_email": "email",
}
"""By what a document says of its buyer, what the contact says."""

RESOURCE = Resource(
    "/oss_invoices",
    OSS_INVOICE,
    ("oss_invoice",),
    None,
    prepare,
    frozenset({"print", "mail"}),
    unlisted=frozenset({"services"}),
    printed_as="regular",
)

ENDPOINTS = (
    *endpoints(RESOURCE),
    number_endpoint(RESOURCE, lambda call: tell_next_number(call, "oss_invoice", RESOURCE.numbered)),
)
