"""What invoices say in Czech, Slovak, Polish and English: looked for by the words that stand before it.

Nothing is guessed. Numbers with check digits are taken only where these fit, and sums by rate of VAT only where they
come to the total.
"""

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from stdnum import iban
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from faktura.core.bank_numbers import look_through
from faktura.core.countries.known import country_of
from faktura.core.countries.numbers import read_ico, read_nip, read_regon
from faktura.core.money.amounts import rounded
from faktura.core.people.accounts import Account
from faktura.core.received.extraction import Extraction, RateSum

LONGEST = 200_000
"""Letters that are looked through."""

MOST_AMOUNTS = 400
MOST_RATES = 3
MOST_PAIRS = 40
"""Amounts, rates on one paper and sums for each of them, among which the ones that come to the total are looked for."""


class Reader(NamedTuple):
    """For whom a paper is read: their own numbers are not the supplier's."""

    country: str
    own: frozenset[str] = frozenset()


def reader_of(account: Account) -> Reader:
    own = (account.registration_no, account.vat_no, account.local_vat_no)
    return Reader(account.country, frozenset(_bare(number) for number in own if number))


def paper_in(text: str, reader: Reader) -> Extraction:
    """What the text says; nothing where it is no invoice, or one in another language."""
    lines = [line for line in text[:LONGEST].splitlines() if line.strip()]
    said = dict(reversed([(name, found[0]) for name, found in _said(lines, _DATES, _DATE)]))
    days = {name: day for name, text in said.items() if (day := _day(text)) is not None}
    names = dict(reversed([(name, found[0]) for name, found in _said(lines, _NUMBERS, _NUMBER)]))
    total = max((amount for _, found in _said(lines, _TOTALS, _AMOUNT) for amount in map(_amount, found)), default=None)
    day = days.get("taxable_on") or days.get("issued_on")
    whole = "\n".join(lines)
    return Extraction(
        number=names.get("number"),
        variable_symbol=_first(_SYMBOL, whole, str),
        registration_no=_first(_ICO, whole, read_ico, reader.own) or _first(_REGON, whole, read_regon, reader.own),
        vat_no=_first(_VAT_NO, whole, eu_vat.validate, reader.own) or _first(_NIP, whole, read_nip, reader.own),
        bank_account=_first(_CZECH_ACCOUNT, whole, lambda number: look_through(number, "CZ").number),
        iban=_first(_IBAN, whole, iban.validate) or _first(_NRB, whole, lambda n: look_through(n, "PL").iban or ""),
        currency=_currency(whole),
        total=total,
        rates=() if total is None or day is None else _rates(whole, total, reader.country, day),
        **days,
    )


def _said(lines: list[str], labels: re.Pattern[str], value: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
    """By label what stands behind it in its row, or below it where the next row has a value for each label."""
    for number, line in enumerate(lines):
        found = list(labels.finditer(line))
        ends = [label.start() for label in found[1:]] + [len(line)] * bool(found)
        behind = [value.findall(line, label.end(), end) for label, end in zip(found, ends, strict=True)]
        if not any(behind) and number + 1 < len(lines):
            below = value.findall(lines[number + 1])
            behind = [[text] for text in below] if len(below) == len(found) else behind
        yield from ((label.lastgroup or "", texts) for label, texts in zip(found, behind, strict=True) if texts)


def _day(text: str) -> dt.date | None:
    if named := _MONTH.search(text):
        text = text.replace(named[0], f" {_MONTHS.index(named[0].lower()) + 1} ")
    parts = [int(part) for part in re.findall(r"\d+", text)]
    year, month, day = parts if parts[0] > 31 else reversed(parts)  # noqa: PLR2004 (no day is later)
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _amount(text: str) -> Decimal:
    """The last comma or point stands before two figures, or before thousands."""
    bare = re.sub(r"[\s']", "", text)
    whole, _, cents = re.fullmatch(r"(.*?)([.,](?=\d\d$)|$)(.*)", bare).groups()  # type: ignore[union-attr]
    return Decimal(re.sub(r"[.,]", "", whole) + "." + (cents or "0"))


def _rates(text: str, total: Decimal, country: str, day: dt.date) -> tuple[RateSum, ...]:
    """The sums by rate that come to the total, of as few rates as do."""
    amounts = {_amount(found) for found in _AMOUNT.findall(text)}
    if len(amounts) > MOST_AMOUNTS:
        return ()
    percents = [rate.percent for rate in country_of(country).rates_on(day) if rate.percent]
    found = [_sums_at(percent, amounts) for percent in percents]
    for many in range(1, MOST_RATES + 1):
        for some in itertools.combinations(found, many):
            for parts in itertools.product(*some):
                if sum(part.net + part.vat for part in parts) == total:
                    return parts
    return ()


def _sums_at(percent: Decimal, amounts: set[Decimal]) -> list[RateSum]:
    """The largest first: sums stand on a paper beside what they are made of."""
    taxed = ((net, rounded(net * percent / 100)) for net in sorted(amounts, reverse=True) if net > 0)
    return [RateSum(percent, net, vat) for net, vat in taxed if vat in amounts][:MOST_PAIRS]


def _currency(text: str) -> str | None:
    found = _CURRENCY.search(text)
    return None if found is None else _SIGNS.get(found[0].lower(), found[0])


def _first(
    pattern: re.Pattern[str], text: str, read: Callable[[str], str], own: frozenset[str] = frozenset()
) -> str | None:
    """The first that there can be, and that is not the reader's own."""
    for found in pattern.finditer(text):
        try:
            number = read(found[1].strip())
        except ValidationError:
            continue
        if number and _bare(number) not in own:
            return number
    return None


def _bare(number: str) -> str:
    """Without the letters of a country, which only some write."""
    return "".join(filter(str.isdigit, number))


def _labels(**words: str) -> re.Pattern[str]:
    named = (f"(?P<{name}>{'|'.join(f'(?:{word})' for word in said.split(' | '))})" for name, said in words.items())
    return re.compile("|".join(named), re.IGNORECASE)


_DATES = _labels(
    taxable_on=r"uskutečnění (?:zdanitelného )?plnění | zdan(?:itelného|\.)? plnění | duzp | dátum dodania"
    r" | data (?:sprzedaży|dostawy|wykonania)[^\d\n]{0,40} | (?:date of )?(?:taxable )?supply | tax point",
    due_on=r"(?:datum |dátum )?splatnosti? | termin (?:płatności|zapłaty) | płatne do | due (?:date|on)? | date due",
    issued_on=r"(?:datum |dátum )?vystaven[íi]a? | vystaveno | data wystawienia | wystawiono"
    r" | (?:date of issue|issue date|issued)(?: on)? | invoice date",
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile("|".join(_MONTHS), re.IGNORECASE)
_DATE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}"
    rf"|\d{{1,2}} (?:{_MONTH.pattern})[a-z]* \d{{4}})(?!\d)",
    re.IGNORECASE,
)
_NUMBERS = _labels(
    number=r"(?:faktura|faktúra|daňový doklad|doklad)[^\d\n]{0,20}(?:č(?:íslo|\.)?|nr\.?|no\.?)(?=[\s:])"
    r" | faktura vat(?: nr)? | (?:číslo|numer|nr) (?:faktury|dokladu|faktúry|dokumentu) | evidenční číslo[^\d\n]{0,20}"
    r" | invoice (?:number|no\.?|#) | (?:faktura|faktúra|invoice)(?= )"
)
_NUMBER = re.compile(r"(?<![\w/.-])(?=[A-Z/.-]{0,10}\d)[A-Z\d][A-Z\d/.-]{0,28}[A-Z\d](?![\w])")
_SYMBOL = re.compile(
    r"(?:variabiln[íý] symbol|var\. ?symbol|variable symbol|payment reference|\bVS\b)\s*[:.]?\s*(\d{1,10})\b",
    re.IGNORECASE,
)
_TOTALS = _labels(
    total=r"k úhradě | na úhradu | do zapłaty | (?:amount|total) due | to (?:be paid|pay)"
    r" | celkem | spolu | razem | ogółem | total"
)
_AMOUNT = re.compile(
    r"(?<![\d.,/-])(?:\d{1,3}(?:[ \u00a0\u202f.,']\d{3})+(?:[.,]\d\d)?|\d+[.,]\d\d)(?![\d%]|[.,/-]\d| ?%)"
)
_ICO = re.compile(r"\b(?:I[ČC]O?|Registration no)\b[\s:.]*((?:\d ?){7}\d)\b", re.IGNORECASE)
_REGON = re.compile(r"\bREGON\b[\s:.]*(\d{14}|\d{9})\b", re.IGNORECASE)
_VAT_NO = re.compile(
    r"\b((?:AT|BE|BG|CY|CZ|DE|DK|EE|EL|ES|FI|FR|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK)[\dA-Z]{8,12})\b"
)
_NIP = re.compile(r"\bNIP\b[\s:.]*((?:PL ?)?\d(?:[ -]?\d){9})\b", re.IGNORECASE)
_IBAN = re.compile(r"\b([A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?)\b")
_NRB = re.compile(r"(?<!\d)(\d{2}(?: ?\d{4}){6})(?!\d)")
_CZECH_ACCOUNT = re.compile(r"(?<![\d/-])((?:\d{1,6}-)?\d{2,10}/\d{4})(?![\d/])")
_SIGNS = {"kč": "CZK", "zł": "PLN", "€": "EUR", "$": "USD", "£": "GBP"}
_CURRENCY = re.compile(r"\bKč|\bzł\b|[€$£]|\b(?:CZK|PLN|EUR|USD|GBP|HUF|CHF)\b", re.IGNORECASE)
