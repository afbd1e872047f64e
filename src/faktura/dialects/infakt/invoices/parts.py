"""What documents hold besides lines (6.8, 9.2): other parties, their addresses, terms, advances."""

from collections.abc import Mapping, Sequence
from typing import Any

from faktura.core.books.books import Books
from faktura.core.documents.record import AdvanceLink
from faktura.core.errors import Given, Problem
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.door.values import BOOLEAN, DATE, INTEGER, MONEY, TEXT, read_date
from faktura.wire.fields import Field, Kind, Shape, Unreadable, list_of, read_only
from faktura.wire.values import read_text

ROLES = tuple(map(str, range(1, 12)))
"""Factor, recipient, original entity, additional buyer, issuer, payer, JST issuer and recipient, …"""

MOST_PARTIES = 100
MOST_TERMS = 100

_UNIT = {
    "company_name": "company_name",
    "nip": "tax_id",
    "street": "street",
    "street_number": "building_number",
    "flat_number": "door_number",
    "postal_code": "post_code",
    "city": "city",
    "country": "country",
}
"""By name of the output, the other spelling (D14)."""

_UNIT_NEEDS = ("company_name", "street", "street_number", "postal_code", "city", "country")

_TERMS = ("contracts", "orders")


def _of_party(name: str) -> Any:
    return lambda party, _view: party.get(name)


def _party_text(name: str) -> Field:
    return Field(name, TEXT, showing=_of_party(name))


def _read_role(value: Any) -> str | None:
    role = read_text(value).strip()
    if role and role not in ROLES:
        raise Unreadable("not_in_list")
    return role or None


ROLE = Kind({"type": "string", "enum": list(ROLES)}, _read_role)

PARTY: Shape[dict[str, Any], Any] = Shape(
    "third_party_address",
    dict,
    (
        Field("id", INTEGER, nullable=False, showing=_of_party("id")),
        Field("company_name", TEXT, nullable=False, required=True, showing=_of_party("company_name")),
        *map(_party_text, ("tax_id", "street", "building_number", "door_number", "post_code", "city", "country_code")),
        Field("role_code", ROLE, nullable=False, required=True, showing=_of_party("role_code")),
        _party_text("internal_identifier"),
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
    kept: dict[int, dict[str, Any]] = {party["id"]: party for party in (old.third_parties if old else ())}
    added: list[dict[str, Any]] = []
    for entry in entries:
        for name, problems in entry.unread.items():
            given.unread.setdefault(f"third_parties.{name}", problems)
        known = kept.get(entry.get("id") or 0)
        party = (known or {}) | {name: value for name, value in entry.items() if name not in {"id", "remove"}}
        if entry.get("remove"):
            kept.pop(entry.get("id") or 0, None)
            continue
        for name in ("company_name", "role_code"):
            if name not in entry.unread and not str(party.get(name) or "").strip():
                given.unread.setdefault(f"third_parties.{name}", [Problem("blank")])
        if known is not None:
            kept[party["id"]] = party
        else:
            added.append(party)
    if len(kept) + len(added) > MOST_PARTIES:
        given.unread["third_parties"] = [Problem("too_long", MOST_PARTIES)]
        return
    ids = books.next_ids(Invoice, len(added))
    new = ({**party, "id": party_id} for party, party_id in zip(added, ids, strict=True))
    given["third_parties"] = (*kept.values(), *new)


def _read_unit(value: Any) -> dict[str, str | None] | None:
    """A unit of local government, in either spelling; all that is empty is none."""
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    found = {
        name: None if (sent := value.get(name, value.get(other))) is None else read_text(sent) or None
        for name, other in _UNIT.items()
    }
    if not any(found.values()):
        return None
    if not all((found[name] or "").strip() for name in _UNIT_NEEDS):
        raise Unreadable("blank")
    return found | {"country": (found["country"] or "").upper()}


def _read_terms(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    found = {name: [_read_term(item) for item in _items(value.get(name))] for name in _TERMS}
    return found if any(found.values()) else None


def _items(value: Any) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MOST_TERMS:
        raise Unreadable("malformed")
    return value


def _read_term(value: Any) -> Mapping[str, str | None]:
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    number, day = value.get("number"), value.get("date")
    read = None if day is None else read_date(day)
    return {
        "number": None if number is None else read_text(number),
        "date": None if read is None else read.isoformat(),
    }


PARTIES = list_of(PARTY, given=True)
UNIT = Kind({"type": "object"}, _read_unit)
TERMS = Kind({"type": "object"}, _read_terms)
