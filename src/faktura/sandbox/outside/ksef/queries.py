"""Invoices found by who stands on them and when they came: their metadata, and one by its number."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from faktura.sandbox.outside.ksef.calls import Answer, Refused, not_valid, spelled, told, xml
from faktura.sandbox.outside.ksef.held import DateSort, Party, Stored
from faktura.sandbox.outside.ksef.numbers import WARSAW
from faktura.sandbox.outside.ksef.system import Asked, System

LONGEST = 100
"""Days of a range."""

MOST = 10_000
"""Invoices that one set of filters finds."""

KINDS = {
    "VAT": "Vat",
    "ZAL": "Zal",
    "KOR": "Kor",
    "ROZ": "Roz",
    "UPR": "Upr",
    "KOR_ZAL": "KorZal",
    "KOR_ROZ": "KorRoz",
}


class Range(msgspec.Struct, rename="camel"):
    date_type: DateSort
    start: dt.datetime = msgspec.field(name="from")
    end: dt.datetime | None = msgspec.field(name="to", default=None)
    restrict_to_permanent_storage_hwm_date: bool | None = None


class Amount(msgspec.Struct, rename="camel"):
    type: Literal["Brutto", "Netto", "Vat"]
    least: Decimal | None = msgspec.field(name="from", default=None)
    most: Decimal | None = msgspec.field(name="to", default=None)


class BuyerNumber(msgspec.Struct):
    type: Literal["Nip", "VatUe", "Other", "None"]
    value: str | None = None


class Filters(msgspec.Struct, rename="camel"):
    subject_type: Literal["Subject1", "Subject2", "Subject3", "SubjectAuthorized"]
    date_range: Range
    ksef_number: str | None = None
    invoice_number: Annotated[str, Meta(max_length=256)] | None = None
    amount: Amount | None = None
    seller_nip: str | None = None
    buyer_identifier: BuyerNumber | None = None
    currency_codes: list[str] | None = None
    invoicing_mode: Literal["Online", "Offline"] | None = None
    is_self_invoicing: bool | None = None
    form_type: Literal["FA", "PEF", "FA_RR"] | None = None
    invoice_types: list[str] | None = None
    has_attachment: bool | None = None


class Found(NamedTuple):
    """In the order of the dates that were asked for; all before `mark` is there, where that was asked for."""

    invoices: list[Stored]
    mark: dt.datetime | None


class BeyondMark(Exception):  # noqa: N818 (says where a range begins)
    """A range that is restricted to what is all there, and begins after that."""


def query(system: System, asked: Asked) -> Answer:
    filters, call = asked.call.read(Filters), asked.call
    size, offset = call.number("pageSize", 10, 10, 250), call.number("pageOffset", 0, 0, 1_000_000)
    order = call.first("sortOrder") or "Asc"
    if order not in {"Asc", "Desc"}:
        raise not_valid("sortOrder musi mieć wartość Asc lub Desc.")
    try:
        found = find(system, filters, asked.tax_no, asked.now)
    except BeyondMark:
        description = "Zakres filtrowania wykracza poza dostępny zakres danych."
        raise Refused(21183, description, BEYOND) from None
    rows = found.invoices if order == "Asc" else found.invoices[::-1]
    truncated, rows = len(rows) > MOST, rows[:MOST]
    start = offset * size
    shown = {
        "hasMore": len(rows) > start + size or (truncated and start < len(rows)),
        "isTruncated": truncated and start + size >= len(rows),
        "permanentStorageHwmDate": found.mark and spelled(found.mark),
        "invoices": [metadata(one) for one in rows[start : start + size]],
    }
    return told(shown)


BEYOND = (
    "Parametr dateRange.from jest późniejszy niż PermanentStorageHwmDate"
    " przy włączonym restrictToPermanentStorageHwmDate."
)


def show(system: System, asked: Asked) -> Answer:
    """The bytes of an invoice, for who stands on it."""
    number = asked.path[0]
    stored = system.held.invoices.get(number)
    if stored is None or not _stands_on(stored, asked.tax_no):
        detail = f"Faktura o numerze KSeF {number} nie została znaleziona."
        raise Refused(21164, "Faktura o podanym identyfikatorze nie istnieje.", detail)
    return xml(stored.xml, ("x-ms-meta-hash", stored.digest))


def find(system: System, filters: Filters, tax_no: str, now: dt.datetime) -> Found:
    """Those of the firm that fit.

    Raises:
        Refused: the range is longer than may be, or ends before it begins.
        BeyondMark: as it says.

    """
    wanted = filters.date_range
    restricted = bool(wanted.restrict_to_permanent_storage_hwm_date) and wanted.date_type == "PermanentStorage"
    mark = mark_of(system, now)
    newest = max(now, system.held.last_stored_at or now)
    start, end = _aware(wanted.start), newest if wanted.end is None else _aware(wanted.end)
    if (end.date() - start.date()).days > LONGEST or end < start:
        raise not_valid(f"Zakres dateRange nie może przekraczać {LONGEST} dni.")
    if restricted and start > mark:
        raise BeyondMark
    end = min(end, mark) if restricted else end
    found = [
        one
        for one in system.held.invoices.values()
        if _is_there(one, mark)
        and start <= date_of(one, wanted.date_type) <= end
        and _side_fits(one, filters.subject_type, tax_no)
        and _fits(one, filters)
    ]
    found.sort(key=lambda one: date_of(one, wanted.date_type))
    return Found(found, mark if restricted else None)


def mark_of(system: System, now: dt.datetime) -> dt.datetime:
    """Everything that was stored until then is there."""
    if lag := system.standing.hwm_lag_s:
        return now - dt.timedelta(seconds=lag)
    return max(now, system.held.last_stored_at or now)


def date_of(one: Stored, sort: DateSort) -> dt.datetime:
    match sort:
        case "PermanentStorage":
            return one.stored_at
        case "Invoicing":
            return one.taken_at
        case "Issue":
            return dt.datetime.combine(one.facts.issued_on, dt.time(), WARSAW)


def metadata(one: Stored) -> dict[str, Any]:
    facts = one.facts
    return {
        "ksefNumber": one.ksef_number,
        "invoiceNumber": facts.number,
        "issueDate": facts.issued_on.isoformat(),
        "invoicingDate": spelled(one.taken_at),
        "acquisitionDate": spelled(one.numbered_at),
        "permanentStorageDate": spelled(one.stored_at),
        "seller": {"nip": facts.seller.value, "name": facts.seller.name},
        "buyer": {"identifier": _identifier(facts.buyer), "name": facts.buyer.name},
        "netAmount": facts.net,
        "grossAmount": facts.gross,
        "vatAmount": facts.vat,
        "currency": facts.currency,
        "invoicingMode": one.mode,
        "invoiceType": KINDS.get(facts.kind, "Vat"),
        "formCode": {"systemCode": facts.form, "schemaVersion": "1-0E", "value": "FA"},
        "isSelfInvoicing": facts.self_invoiced,
        "hasAttachment": facts.has_attachment,
        "invoiceHash": one.digest,
        "hashOfCorrectedInvoice": one.corrected_digest,
        "thirdSubjects": [
            {"identifier": _identifier(third), "name": third.name, "role": third.role} for third in facts.third
        ]
        or None,
    }


def _identifier(party: Party) -> dict[str, str | None]:
    return {"type": party.sort, "value": party.value}


def _aware(instant: dt.datetime) -> dt.datetime:
    """Polish time where no other is said."""
    return instant if instant.tzinfo is not None else instant.replace(tzinfo=WARSAW)


def _is_there(one: Stored, mark: dt.datetime) -> bool:
    """Of what is newer than the mark, about every second one has not come yet."""
    return one.stored_at <= mark or int(one.ksef_number[-2:], 16) % 2 == 0


def _stands_on(one: Stored, tax_no: str) -> bool:
    return any(party.value == tax_no for party in (one.facts.seller, one.facts.buyer, *one.facts.third))


def _side_fits(one: Stored, side: str, tax_no: str) -> bool:
    match side:
        case "Subject1":
            return one.facts.seller.value == tax_no
        case "Subject2":
            return one.facts.buyer.value == tax_no
        case "Subject3":
            return any(third.value == tax_no for third in one.facts.third)
    return False


def _fits(one: Stored, filters: Filters) -> bool:
    facts, buyer = one.facts, filters.buyer_identifier
    return (
        filters.ksef_number in {None, one.ksef_number}
        and filters.invoice_number in {None, facts.number}
        and filters.seller_nip in {None, facts.seller.value}
        and (buyer is None or (buyer.type, buyer.value) == (facts.buyer.sort, facts.buyer.value))
        and (not filters.currency_codes or facts.currency in filters.currency_codes)
        and filters.invoicing_mode in {None, one.mode}
        and filters.is_self_invoicing in {None, facts.self_invoiced}
        and filters.form_type in {None, "FA"}
        and (not filters.invoice_types or KINDS.get(facts.kind) in filters.invoice_types)
        and filters.has_attachment in {None, facts.has_attachment}
        and (filters.amount is None or _amount_fits(one, filters.amount))
    )


def _amount_fits(one: Stored, wanted: Amount) -> bool:
    amounts = {"Brutto": one.facts.gross, "Netto": one.facts.net, "Vat": one.facts.vat}
    amount = amounts[wanted.type]
    return (wanted.least is None or wanted.least <= amount) and (wanted.most is None or amount <= wanted.most)
