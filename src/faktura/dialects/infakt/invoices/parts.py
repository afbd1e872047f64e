"""What documents hold besides lines (6.8, 9.2): other parties, their addresses, terms, advances."""

from collections.abc import Sequence
from typing import Any

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.record import AdvanceLink
from faktura.core.documents.third_parties import Agreement, LocalUnit, ThirdParty, ThirdPartyRole, TransactionTerms
from faktura.core.errors import Given, Problem
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.door.values import BOOLEAN, DATE, INTEGER, MONEY, TEXT, read_date
from faktura.wire.fields import Field, Kind, Shape, Unreadable, list_of, read_only
from faktura.wire.values import read_text

ROLES: dict[str, ThirdPartyRole] = {
    "1": "factor",
    "2": "recipient",
    "3": "original_entity",
    "4": "additional_buyer",
    "5": "issuer",
    "6": "payer",
    "7": "local_government_issuer",
    "8": "local_government_recipient",
    "9": "vat_group_issuer",
    "10": "vat_group_recipient",
    "11": "employee",
}
NUMBERS = {role: number for number, role in ROLES.items()}

MOST_PARTIES = 100
MOST_TERMS = 100

_UNIT = {
    "company_name": ("name", "company_name"),
    "nip": ("tax_no", "tax_id"),
    "street": ("street", "street"),
    "street_number": ("street_number", "building_number"),
    "flat_number": ("flat_number", "door_number"),
    "postal_code": ("postcode", "post_code"),
    "city": ("city", "city"),
    "country": ("country", "country"),
}
"""By name of the output, the core's attribute and the other spelling (D14)."""

_UNIT_NEEDS = ("name", "street", "street_number", "postcode", "city", "country")


def _read_role(value: Any) -> ThirdPartyRole | None:
    number = read_text(value).strip()
    if number and number not in ROLES:
        raise Unreadable("not_in_list")
    return ROLES.get(number)


ROLE = Kind({"type": "string", "enum": list(ROLES)}, _read_role, NUMBERS.__getitem__)

PARTY: Shape[ThirdParty, Any] = Shape(
    "third_party_address",
    ThirdParty,
    (
        Field("id", INTEGER, nullable=False),
        Field("company_name", TEXT, "name", nullable=False, required=True),
        Field("tax_id", TEXT, "tax_no"),
        Field("street", TEXT),
        Field("building_number", TEXT, "street_number"),
        Field("door_number", TEXT, "flat_number"),
        Field("post_code", TEXT, "postcode"),
        Field("city", TEXT),
        Field("country_code", TEXT, "country"),
        Field("role_code", ROLE, "role", nullable=False, required=True),
        Field("internal_identifier", TEXT, "internal_no"),
        Field("_destroy", BOOLEAN, "remove", access="write"),
    ),
)

PREVIOUS_ADVANCE: Shape[AdvanceLink, Any] = Shape(
    "linked_advance",
    AdvanceLink,
    (
        read_only("id", INTEGER, "document_id", nullable=False),
        read_only("uuid", TEXT, nullable=False),
        read_only("number", TEXT, nullable=False),
        read_only("invoice_date", DATE, "issued_on", nullable=False),
        read_only("advance_price", MONEY, "amount", nullable=False),
    ),
)


def settle_parties(books: Books, given: Given, old: Invoice | None) -> None:
    """Entries with an id are changed or taken away, others added; those that are not named stay."""
    entries: Sequence[Given] | None = given.pop("third_parties", None)
    if entries is None:
        return
    kept = {party.id: party for party in (old.third_parties if old else ())}
    added: list[dict[str, Any]] = []
    for entry in entries:
        for name, problems in entry.unread.items():
            given.unread.setdefault(f"third_parties.{name}", problems)
        known = kept.get(entry.get("id") or 0)
        if entry.get("remove"):
            kept.pop(entry.get("id") or 0, None)
            continue
        values = {name: value for name, value in entry.items() if name not in {"id", "remove"}}
        for name in ("name", "role"):
            if name not in entry.unread and not str(values.get(name, getattr(known, name, None)) or "").strip():
                given.unread.setdefault(f"third_parties.{name}", [Problem("blank")])
        if known is not None:
            kept[known.id] = msgspec.structs.replace(known, **values)
        else:
            added.append({"name": "", "role": "recipient"} | values)
    if len(kept) + len(added) > MOST_PARTIES:
        given.unread["third_parties"] = [Problem("too_long", MOST_PARTIES)]
        return
    ids = books.next_ids(Invoice, len(added))
    new = (ThirdParty(party_id, **values) for party_id, values in zip(ids, added, strict=True))
    given["third_parties"] = (*kept.values(), *new)


def _read_unit(value: Any) -> LocalUnit | None:
    """A unit of local government, in either spelling; all that is empty is none."""
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    found = {
        attribute: None if (sent := value.get(name, value.get(other))) is None else read_text(sent) or None
        for name, (attribute, other) in _UNIT.items()
    }
    if not any(found.values()):
        return None
    if not all((found[name] or "").strip() for name in _UNIT_NEEDS):
        raise Unreadable("blank")
    return msgspec.convert(found | {"country": (found["country"] or "").upper()}, LocalUnit)


def _show_unit(unit: LocalUnit) -> dict[str, str | None]:
    return {name: getattr(unit, attribute) for name, (attribute, _) in _UNIT.items()}


def _read_terms(value: Any) -> TransactionTerms | None:
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    contracts, orders = (tuple(map(_read_agreement, _items(value.get(name)))) for name in ("contracts", "orders"))
    return TransactionTerms(contracts, orders) if contracts or orders else None


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_TERMS:
        raise Unreadable("malformed")
    return value


def _read_agreement(value: Any) -> Agreement:
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    number, day = value.get("number"), value.get("date")
    return Agreement(None if number is None else read_text(number), None if day is None else read_date(day))


def _show_terms(terms: TransactionTerms) -> dict[str, list[dict[str, str | None]]]:
    return {"contracts": [*map(_show_agreement, terms.contracts)], "orders": [*map(_show_agreement, terms.orders)]}


def _show_agreement(agreement: Agreement) -> dict[str, str | None]:
    return {"number": agreement.number, "date": agreement.made_on.isoformat() if agreement.made_on else None}


PARTIES = list_of(PARTY, given=True)
UNIT = Kind({"type": "object"}, _read_unit, _show_unit)
TERMS = Kind({"type": "object"}, _read_terms, _show_terms)
