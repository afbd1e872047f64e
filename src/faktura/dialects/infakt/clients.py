"""Clients (section 3): the core's contacts."""

import re
from typing import Any

from stdnum.pl import nip

from faktura.core.codes import country_name
from faktura.core.contacts import (
    Contact,
    add_contact,
    change_contact,
    delete_contact,
    find_contact,
    person_name,
    tax_digits,
)
from faktura.core.errors import Code, Given, Problem
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.searching import Listing
from faktura.dialects.infakt.door.values import BOOLEAN, INTEGER, INTEGER_OR_EMPTY, NEVER_NULL, PAYMENT_METHOD, TEXT
from faktura.dialects.infakt.invoices.resources import INVOICES, Refuses, Servers, five_endpoints
from faktura.store.queries import Order
from faktura.wire.endpoints import NO_CONTENT, Answer
from faktura.wire.fields import Field, Kind, Shape, read_only
from faktura.wire.values import choice, read_text

POLAND = "PL"


def _company_name(contact: Contact, _view: None) -> str | None:
    """A person without a firm is called by their own name inside, and has no firm's name here."""
    own = contact.activity_kind == "private_person" and contact.name == person_name(contact)
    return None if own else contact.name


def _country_name(contact: Contact, _view: None) -> str:
    return country_name(contact.country, "pl") if contact.country else ""


CLIENT: Shape[Contact, None] = Shape(
    "client",
    Contact,
    (
        read_only("id", INTEGER, nullable=False),
        read_only("uuid", TEXT, nullable=False),
        Field("company_name", TEXT, "name", showing=_company_name),
        Field("street", TEXT),
        Field("street_number", TEXT),
        Field("flat_number", TEXT),
        Field("city", TEXT),
        Field("country", Kind(TEXT.schema, read_text, absent=""), nullable=False),
        read_only("country_full_name", TEXT, nullable=False, showing=_country_name),
        Field("postal_code", TEXT, "postcode"),
        Field("nip", TEXT, "vat_no"),
        Field("phone_number", TEXT, "phone"),
        Field("web_site", NEVER_NULL, "web", nullable=False),
        Field("email", TEXT),
        Field("note", NEVER_NULL, "private_note", nullable=False),
        Field("receiver", NEVER_NULL, nullable=False),
        Field("mailing_company_name", NEVER_NULL, "mailing_name", nullable=False),
        Field("mailing_street", NEVER_NULL, nullable=False),
        Field("mailing_city", NEVER_NULL, nullable=False),
        Field("mailing_postal_code", NEVER_NULL, "mailing_postcode", nullable=False),
        Field("days_to_payment", INTEGER_OR_EMPTY, "due_days", nullable=False),
        Field("payment_method", PAYMENT_METHOD, nullable=False),
        Field("invoice_note", NEVER_NULL, nullable=False),
        Field("same_forward_address", BOOLEAN, "mailing_as_main", nullable=False),
        Field("first_name", TEXT),
        Field("last_name", TEXT),
        Field("business_activity_kind", choice("private_person", "self_employed", "other_business"), "activity_kind"),
        read_only("is_vindicable", BOOLEAN, nullable=False, showing=lambda _contact, _view: False),
        read_only("vindicable_invoices_count", INTEGER, nullable=False, showing=lambda _contact, _view: 0),
    ),
    example={
        "company_name": "Gęśl sp. z o.o.",
        "nip": "5252248481",
        "street": "Lipowa",
        "street_number": "7",
        "postal_code": "31-231",
        "city": "Kraków",
        "country": "PL",
        "email": "biuro@gesla.example",
        "days_to_payment": 14,
        "payment_method": "transfer",
    },
)

CLEAN_NIP = Field("clean_nip", Kind(TEXT.schema, lambda value: tax_digits(read_text(value))), "tax_digits")

CLIENTS = Listing(CLIENT, (Order("name"),), also=(CLEAN_NIP,))


def list_clients(call: Call) -> Answer:
    return call.page(CLIENTS)


def read_client(call: Call) -> Answer:
    return call.one(CLIENT, call.id)


def create_client(call: Call) -> Answer:
    given = call.given(CLIENT)
    given.setdefault("country", POLAND)
    _check(given, None)
    return call.shown(CLIENT, add_contact(call.books, given), 201)


def change_client(call: Call) -> Answer:
    contact = find_contact(call.books, call.id)
    given = call.given(CLIENT)
    _check(given, contact)
    return call.shown(CLIENT, change_contact(call.books, contact.id, given))


def delete_client(call: Call) -> Answer:
    delete_contact(call.books, call.id)
    return NO_CONTENT


def _check(given: Given, old: Contact | None) -> None:
    """The rules of section 30 that are not the core's; a change is held to those that it touches."""
    before: dict[str, Any] = {"name": _company_name(old, None)} if old else {}
    after: dict[str, Any] = {name: given.get(name, before.get(name, getattr(old, name, None))) for name in _RULED}
    touched = _RULED if old is None or "activity_kind" in given else given.keys()

    def refuse(attribute: str, code: Code) -> None:
        given.unread.setdefault(attribute, [Problem(code)])

    for name in ("country", *_REQUIRED.get(after["activity_kind"], ("name",))):
        if name in touched and not str(after[name] or "").strip():
            refuse(name, "blank")
    if str(after["country"]).upper() != POLAND:
        return
    for name, is_right in (("vat_no", is_nip), ("postcode", is_postal_code)):
        if after[name] and not touched.isdisjoint({name, "country"}) and not is_right(after[name]):
            refuse(name, "malformed")


def is_nip(text: str) -> bool:
    """A Polish tax number in any spelling; ten zeros pass the checksum and are nobody's."""
    return nip.is_valid(text) and nip.compact(text).strip("0") != ""


def is_postal_code(text: str) -> bool:
    return re.fullmatch(r"[0-9]{2}-[0-9]{3}", text) is not None


_REQUIRED: dict[str | None, tuple[str, ...]] = {
    "private_person": ("first_name", "last_name"),
    "self_employed": ("name", "first_name", "last_name"),
}

_RULED = frozenset({"activity_kind", "name", "first_name", "last_name", "country", "vat_no", "postcode"})

ENDPOINTS = five_endpoints(
    "/clients",
    CLIENT,
    INVOICES,
    Servers(list_clients, create_client, read_client, change_client, delete_client),
    Refuses(create=(402,), delete=(422,)),
)
