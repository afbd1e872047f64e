"""Collective identifiers: one number by which a payer names several invoices of one supplier (since contract 2.7)."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from faktura.sandbox.outside.ksef.allowances import MOST_IN_COLLECTIVE
from faktura.sandbox.outside.ksef.calls import Answer, Refused, not_valid, spelled, told
from faktura.sandbox.outside.ksef.held import Collective
from faktura.sandbox.outside.ksef.numbers import collective_number
from faktura.sandbox.outside.ksef.system import Asked, System, page_of

MOST_OF_INVOICE = 132
"""Identifiers that one invoice may have."""

LONGEST = dt.timedelta(days=100)

Number = Annotated[str, Meta(min_length=35, max_length=35)]


class Payment(msgspec.Struct):
    amount: Decimal
    currency: Annotated[str, Meta(pattern=r"\A[A-Z]{3}\Z")]


class Named(msgspec.Struct, rename="camel"):
    ksef_number: Annotated[str, Meta(min_length=35, max_length=36)]
    description: Annotated[str, Meta(max_length=512)] | None = None
    payment: Payment | None = None


class Generating(msgspec.Struct):
    invoices: Annotated[list[Named], Meta(min_length=2, max_length=MOST_IN_COLLECTIVE)]


class Query(msgspec.Struct, rename="camel"):
    date_created_from: dt.datetime
    date_created_to: dt.datetime
    collective_identifier_number: Number | None = None
    created_in_current_context: bool | None = None
    invoice_count_from: int | None = None
    invoice_count_to: int | None = None


class InvoicesQuery(msgspec.Struct, rename="camel"):
    collective_identifier_numbers: Annotated[list[Number], Meta(min_length=1, max_length=10)]


def generate(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Generating).invoices
    numbers = [one.ksef_number for one in wanted]
    seller = _seller(system, numbers)
    number = collective_number(seller, asked.now, system.held.next_place())
    rows = tuple(dict(msgspec.to_builtins(one, builtin_types=(Decimal,))) for one in wanted)
    made = Collective(number, asked.tax_no, asked.now, rows)
    system.held.add(system.held.collectives, number, made)
    return told({"collectiveIdentifierNumber": number}, 201)


def _seller(system: System, numbers: list[str]) -> str:
    """Whose invoices they are.

    Raises:
        Refused: not all are there, of one seller, and named once.

    """
    if unknown := [one for one in numbers if one not in system.held.invoices]:
        raise Refused(71001, "Faktura o podanym numerze KSeF nie istnieje.", *unknown)
    if len(set(numbers)) < len(numbers):
        raise Refused(71005, "Numer KSeF występuje w żądaniu więcej niż raz.")
    sellers = {system.held.invoices[one].facts.seller.value or "" for one in numbers}
    if len(sellers) > 1:
        raise Refused(71004, "Faktury pochodzą od różnych sprzedawców.")
    if full := [one for one in numbers if len(_with(system, one)) >= MOST_OF_INVOICE]:
        raise Refused(71002, "Faktura ma już maksymalną liczbę identyfikatorów zbiorczych.", *full)
    return sellers.pop()


def _with(system: System, number: str) -> list[Collective]:
    return [one for one in system.held.collectives.values() if number in _numbers(one)]


def _numbers(one: Collective) -> set[object]:
    return {row["ksefNumber"] for row in one.invoices}


def _known(system: System, tax_no: str) -> list[Collective]:
    """Those that the firm made, and those of its own sales."""
    return [one for one in system.held.collectives.values() if tax_no in {one.tax_no, one.number[:10]}]


def query(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Query)
    if wanted.date_created_to - wanted.date_created_from > LONGEST:
        raise not_valid("Zakres dat nie może przekraczać 100 dni.")
    found = [one for one in _known(system, asked.tax_no) if _fits(one, wanted, asked.tax_no)]
    rows, token = page_of(found, asked.call, most=200)
    shown = [{**_shown(one, asked.tax_no), "invoiceCount": len(one.invoices)} for one in rows]
    return told({"continuationToken": token, "collectiveIdentifiers": shown})


def _fits(one: Collective, wanted: Query, tax_no: str) -> bool:
    own = one.tax_no == tax_no
    return (
        wanted.date_created_from <= one.made_at <= wanted.date_created_to
        and wanted.collective_identifier_number in {None, one.number}
        and wanted.created_in_current_context in {None, own}
        and (wanted.invoice_count_from or 0) <= len(one.invoices)
        and (wanted.invoice_count_to is None or len(one.invoices) <= wanted.invoice_count_to)
    )


def list_invoices(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(InvoicesQuery).collective_identifier_numbers
    known = {one.number: one for one in _known(system, asked.tax_no)}
    found: list[dict[str, Any]] = [
        {
            **(row if known[number].tax_no == asked.tax_no else {"ksefNumber": row["ksefNumber"]}),
            "collectiveIdentifierNumber": number,
            "detailsHidden": known[number].tax_no != asked.tax_no,
        }
        for number in wanted
        if number in known
        for row in known[number].invoices
    ]
    rows, token = page_of(found, asked.call, most=500)
    return told({"continuationToken": token, "invoices": rows})


def list_of_invoice(system: System, asked: Asked) -> Answer:
    found = [one for one in _known(system, asked.tax_no) if asked.path[0] in _numbers(one)]
    rows, token = page_of(found, asked.call, most=200)
    shown = [_shown(one, asked.tax_no) for one in rows]
    return told({"continuationToken": token, "collectiveIdentifiers": shown})


def _shown(one: Collective, tax_no: str) -> dict[str, Any]:
    return {
        "collectiveIdentifierNumber": one.number,
        "createdInCurrentContext": one.tax_no == tax_no,
        "dateCreated": spelled(one.made_at),
    }
