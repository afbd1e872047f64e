"""A printed document as finished texts: the template puts them in their places and computes nothing."""

import datetime as dt
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from faktura.outputs.printing.printed import COPIES, Code, Party, PrintedDocument, PrintedLine
from faktura.outputs.printing.qr import svg
from faktura.outputs.words.labels import (
    BILINGUAL,
    METHODS,
    SEPARATOR,
    habits_of,
    labels_in,
    printed_language,
    registration_no_label,
    vat_no_label,
)

Fact = tuple[str, str]

SIGNS = {("cs", "CZK"): "Kč", ("pl", "PLN"): "zł", ("", "EUR"): "€"}

LOOSE_MINIMUM = 12
"""Digits from which a bank account's number is read more easily in groups."""


class Tongue:
    """A language: its labels, and how dates and numbers are written in it."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.labels = labels_in(language)
        self._habits = habits_of(language)

    def date(self, day: dt.date) -> str:
        return format_date(day, self._habits.date, self._habits.locale)

    def amount(self, amount: Decimal) -> str:
        return format_decimal(amount, "#,##0.00", self._habits.locale)

    def number(self, number: Decimal) -> str:
        return format_decimal(number, "#,##0.######", self._habits.locale)

    def price(self, price: Decimal) -> str:
        return format_decimal(price, "#,##0.00####", self._habits.locale)

    def money(self, amount: Decimal, currency: str) -> str:
        """Two decimals whatever the currency: amounts are stored so. Signs stand only where all readers know them."""
        sign = SIGNS.get((printed_language(self.language), currency)) or SIGNS.get(("", currency), currency)
        return f"{self.amount(amount)}\u00a0{sign}"

    def fact(self, name: str, value: str | dt.date | None) -> Iterator[Fact]:
        """A value under its label, where there is one."""
        if value:
            yield self.labels[name], self.date(value) if isinstance(value, dt.date) else value


def typeset(document: PrintedDocument) -> dict[str, Any]:
    """What the template reads as JSON."""
    tongue = Tongue(document.language)
    labels = tongue.labels
    content = {
        "language": printed_language(document.language),
        "bilingual": document.language in BILINGUAL,
        "title": labels[document.kind],
        "number": document.number,
        "seller": document.seller.name,
        "copies": [labels.get(copy, "") for copy in COPIES[document.copies]],
        "page": labels["page"],
        "logo_alt": labels["logo"],
        "parties": list(_parties(document, tongue)),
        "facts": list(_facts(document, tongue)),
        "payment": list(_payment(document, tongue)),
        "codes": [_code(code, tongue) for code in document.codes],
        "note": document.note,
        "table": _table(document, tongue),
        "rate_sums": _rate_sums(document, tongue) if document.taxed and document.rate_sums else None,
        "sums": list(_sums(document, tongue)),
        "remaining": _remaining(document, tongue),
        "warnings": list(_warnings(document, tongue)),
        "remarks": list(_remarks(document, tongue)),
        "closing_note": document.closing_note,
        "footer": document.footer,
        "signatures": list(_signatures(document, tongue)),
    }
    printable: dict[str, Any] = _printable(content)
    return printable


def _parties(document: PrintedDocument, tongue: Tongue) -> Iterator[dict[str, Any]]:
    labels = tongue.labels
    yield _party(labels["seller"], document.seller, tongue)
    yield _party(labels["buyer"], document.buyer, tongue)
    if document.delivery is not None:
        yield _party(labels["delivery"], document.delivery, tongue)
    for party in document.third_parties:
        yield _party(party.role or labels["third_party"], party, tongue)


def _party(heading: str, party: Party, tongue: Tongue) -> dict[str, Any]:
    numbers = {
        registration_no_label(tongue.language, party.country): party.registration_no,
        vat_no_label(tongue.language, party.country): party.vat_no,
        tongue.labels["local_vat_no"]: party.local_vat_no,
    }
    return {
        "heading": heading,
        "name": party.name,
        "address": [line for line in party.address if line],
        "facts": [*((label, number) for label, number in numbers.items() if number), *party.facts],
        "remark": party.remark,
    }


def _facts(document: PrintedDocument, tongue: Tongue) -> Iterator[Fact]:
    yield from tongue.fact("issued_on", document.issued_on)
    yield from tongue.fact("taxable_on", document.taxable_on)
    yield from tongue.fact("sold_on", document.sold_on)
    yield from tongue.fact("received_on", document.received_on)
    if document.service_from and document.service_until:
        period = f"{tongue.date(document.service_from)} – {tongue.date(document.service_until)}"
        yield from tongue.fact("service_period", period)
    yield from tongue.fact("due_on", document.due_on)
    yield from tongue.fact("paid_on", document.paid_on)
    yield from tongue.fact("duplicated_on", document.duplicated_on)
    yield from tongue.fact("order_number", document.order_number)
    corrected_on = f" ({tongue.date(document.corrected_on)})" if document.corrected_on else ""
    yield from tongue.fact("corrects", document.corrected_number and document.corrected_number + corrected_on)
    yield from tongue.fact("reason", document.correction_reason)
    yield from document.facts


def _payment(document: PrintedDocument, tongue: Tongue) -> Iterator[Fact]:
    method = document.payment_method
    yield from tongue.fact("payment_method", tongue.labels[method] if method in METHODS else method)
    yield from tongue.fact("bank_name", document.bank_name)
    yield from tongue.fact("bank_account", _grouped(document.bank_account))
    yield from tongue.fact("iban", _grouped(document.iban))
    yield from tongue.fact("bic", document.bic)
    yield from tongue.fact("variable_symbol", document.variable_symbol)


def _grouped(number: str) -> str:
    """An IBAN by fours, the 26 digits of a Polish account as its bank writes them; another number as it is."""
    if not number.isalnum() or len(number) < LOOSE_MINIMUM:
        return number
    start = 2 if number.isdecimal() else 0
    groups = [number[:start], *(number[place : place + 4] for place in range(start, len(number), 4))]
    return " ".join(filter(None, groups))


def _code(code: Code, tongue: Tongue) -> dict[str, str]:
    return {"svg": svg(code.payload), "alt": f"{tongue.labels['code']}: {code.payload}", "caption": code.caption}


def _table(document: PrintedDocument, tongue: Tongue) -> dict[str, Any]:
    """Columns that say nothing on this document are left out."""
    discounts = any(line.discount for line in document.lines)
    names = ["line_number", "name", "quantity", "unit_price" if document.taxed else "unit_price_untaxed"]
    names += ["discount"] if discounts else []
    names += ["vat_rate", "net", "vat", "gross"] if document.taxed else ["amount"]
    return {
        "labels": [_stacked(tongue.labels[name]) for name in names],
        "rows": [
            {
                "state": tongue.labels[line.state] if line.state else "",
                "detail": line.detail,
                "cells": _cells(place, line, names, tongue),
            }
            for place, line in enumerate(document.lines, 1)
        ],
    }


def _cells(place: int, line: PrintedLine, names: list[str], tongue: Tongue) -> list[str]:
    quantity = "" if line.quantity is None else f"{tongue.number(line.quantity)} {line.unit}".strip()
    price = tongue.price(line.unit_price)
    told = {
        "line_number": str(place),
        "name": line.name,
        "quantity": quantity,
        "unit_price": price,
        "unit_price_untaxed": price,
        "discount": f"{tongue.number(line.discount)} %" if line.discount else "",
        "vat_rate": line.vat_rate,
        "net": tongue.amount(line.net),
        "vat": tongue.amount(line.vat),
        "gross": tongue.amount(line.gross),
        "amount": tongue.amount(line.gross),
    }
    return [told[name] for name in names]


def _rate_sums(document: PrintedDocument, tongue: Tongue) -> dict[str, Any]:
    labels, native = tongue.labels, document.native_currency
    heads = [labels["vat_rate"], labels["net"], labels["vat"], labels["gross"]]
    rows = [[s.vat_rate, *map(tongue.amount, (s.net, s.vat, s.gross))] for s in document.rate_sums]
    if native:
        heads += [f"{labels['net']} ({native})", f"{labels['vat']} ({native})"]
        for row, rate_sum in zip(rows, document.rate_sums, strict=True):
            told = (rate_sum.native_net, rate_sum.native_vat)
            row += ["" if amount is None else tongue.amount(amount) for amount in told]
    rate = document.exchange_rate
    exchange = f"{labels['exchange_rate']}: 1 {document.currency} = {tongue.number(rate)} {native}" if rate else ""
    heads = list(map(_stacked, heads))
    return {"heading": labels["vat_summary"], "labels": heads, "rows": rows, "exchange": exchange if native else ""}


def _stacked(label: str) -> str:
    """Two languages under each other, so that a column stays narrow."""
    return label.replace(SEPARATOR, "\n")


def _sums(document: PrintedDocument, tongue: Tongue) -> Iterator[Fact]:
    def told(name: str, amount: Decimal) -> Fact:
        return tongue.labels[name], tongue.money(amount, document.currency)

    if document.taxed:
        yield told("net_total", document.net_total)
        yield told("vat_total", document.vat_total)
    if document.rounding:
        yield told("rounding", document.rounding)
    yield told("total" if document.taxed else "total_untaxed", document.total)
    for advance in document.advances:
        label, amount = told("advances", -advance.amount)
        parts = [advance.number, tongue.date(advance.paid_on) if advance.paid_on else ""]
        if advance.net is not None and advance.vat is not None:
            shares = f"{tongue.amount(advance.net)} + {tongue.amount(advance.vat)}"
            parts.append(f"{tongue.labels['vat_rate']} {advance.vat_rate}: {shares}" if advance.vat else shares)
        yield f"{label}: {', '.join(filter(None, parts))}", amount
    if document.paid:
        yield told("paid", -document.paid)


def _remaining(document: PrintedDocument, tongue: Tongue) -> Fact:
    label = tongue.labels["to_return" if document.remaining < 0 else "to_pay"]
    return label, tongue.money(abs(document.remaining), document.currency)


def _warnings(document: PrintedDocument, tongue: Tongue) -> Iterator[str]:
    if document.cancelled:
        yield tongue.labels["cancelled"]
    if document.do_not_pay:
        yield tongue.labels["do_not_pay"]


def _remarks(document: PrintedDocument, tongue: Tongue) -> Iterator[str]:
    if document.total_in_words:
        yield f"{tongue.labels['in_words']}: {document.total_in_words}"
    if document.kind == "proforma":
        yield tongue.labels["not_a_tax_document"]
    if document.reverse_charge:
        yield tongue.labels["reverse_charge"]
    if document.split_payment:
        yield tongue.labels["split_payment"]
    yield from document.legal_notes


def _signatures(document: PrintedDocument, tongue: Tongue) -> Iterator[Fact]:
    yield from tongue.fact("seller_signature", document.seller_signature)
    yield from tongue.fact("buyer_signature", document.buyer_signature)


def _printable(value: Any) -> Any:
    """The same without control characters, which no font can show."""
    if isinstance(value, str):
        return "".join(c for c in value if c in "\n\t" or unicodedata.category(c) != "Cc")
    if isinstance(value, dict):
        return {name: _printable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value
