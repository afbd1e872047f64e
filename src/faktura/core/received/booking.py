"""An invoice that machines can read becomes an expense: its amounts as they are told, however they are counted."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, get_args

from faktura.core.countries.known import country_of
from faktura.core.documents.record import ONE, ZERO, Basis, Line, PaymentMethod, PriceMode, Tally
from faktura.core.documents.totals import HUNDRED, Terms, priced, totals
from faktura.core.errors import Given
from faktura.core.money.amounts import fine, rounded
from faktura.core.people.accounts import Account
from faktura.core.received.received_invoice import ReceivedInvoice, ToldLine
from faktura.core.vat_treatment import VatTreatment

LONGEST_LINE = 1000
"""Letters of what a line says: more would be no name of a thing."""


class Rate(NamedTuple):
    """What lines have in common that are taxed together."""

    percent: Decimal
    treatment: VatTreatment


class Sum(NamedTuple):
    net: Decimal
    vat: Decimal


Sums = Mapping[Rate, Sum]


class Booking(NamedTuple):
    """The values of an expense but its supplier; whether it then comes to what is told, at each rate and in all."""

    values: Given
    agrees: bool


class Way(NamedTuple):
    """How a supplier may have counted VAT: added to the sum of a rate, added line by line, or inside of the prices."""

    price_mode: PriceMode
    tally: Tally


WAYS = (Way("without_vat", "by_rate"), Way("without_vat", "by_line"), Way("from_total_with_vat", "by_rate"))

PRICES_WITH_VAT = Way("from_total_with_vat", "by_rate")
"""For whoever deducts no VAT: it is a part of the price."""


def booking_of(told: ReceivedInvoice, account: Account) -> Booking:
    """What is entered of it: counted in the first of the ways that comes to what is told."""
    tried = [_counted(told, account, way) for way in _ways(told, account)]
    return next((one for one in tried if one.agrees), tried[0])


def _ways(told: ReceivedInvoice, account: Account) -> tuple[Way, ...]:
    if is_reverse_charge(told):
        return WAYS[:1]
    return WAYS if account.vat_mode == "vat_payer" else (PRICES_WITH_VAT,)


def is_reverse_charge(told: ReceivedInvoice) -> bool:
    """Whether the customer owes the VAT on all of it."""
    return bool(told.rates) and all(rate.treatment == "reverse_charge" for rate in told.rates)


def _counted(told: ReceivedInvoice, account: Account, way: Way) -> Booking:
    words = _WORDS[country_of(account.country).language]
    sums = _told_sums(told)
    rounds = _rounds(told, sums)
    lines = list(_lines(told, sums, way, words))
    if told.rounding and not rounds:
        lines.append(_whole(words.rounding, told.rounding, _NO_VAT))
        sums[_NO_VAT] = Sum(sums.get(_NO_VAT, _NOTHING).net + told.rounding, ZERO)
    values = _terms(told, account) | way._asdict() | {"lines": lines, "round_total": rounds}
    return Booking(Given(values), _agrees(told, account, values, sums))


def _rounds(told: ReceivedInvoice, sums: Sums) -> bool:
    """Whether it is rounded to whole money, as an expense can say of itself; other rounding is a line."""
    exact = sum((one.net + one.vat for one in sums.values()), ZERO)
    return bool(told.rounding) and rounded(exact, ONE) - exact == told.rounding


def _agrees(told: ReceivedInvoice, account: Account, values: Mapping[str, Any], sums: Sums) -> bool:
    """Whether the expense will come to what is told; whoever deducts no VAT has no sums of rates."""
    deducts = account.vat_mode == "vat_payer"
    taxed = deducts and not is_reverse_charge(told)
    terms = Terms(values["price_mode"], values["tally"], taxed, values["round_total"])
    found = totals([priced(_line_of(line, free=not deducts), terms) for line in values["lines"]], terms)
    if found.gross != told.total or not deducts:
        return found.gross == told.total
    counted = {Rate(one.vat_rate, one.vat_treatment): Sum(one.net, one.vat) for one in found.vat_sums}
    return _some_of(counted) == _some_of(sums)


def _some_of(sums: Sums) -> Sums:
    return {rate: one for rate, one in sums.items() if any(one)}


def _told_sums(told: ReceivedInvoice) -> dict[Rate, Sum]:
    """Those of the totals; of a rate that only lines name it is nothing."""
    sums = {_rate_of(told, line.vat_rate, line.treatment): _NOTHING for line in told.lines}
    for rate in told.rates:
        key = _rate_of(told, rate.vat_rate, rate.treatment)
        before = sums.get(key, _NOTHING)
        sums[key] = Sum(before.net + rate.net, before.vat + rate.vat)
    return sums


def _rate_of(told: ReceivedInvoice, percent: Decimal, treatment: VatTreatment) -> Rate:
    """An expense whose VAT the customer owes says that once, for all of its lines; without VAT there is no rate."""
    if treatment == "reverse_charge" and is_reverse_charge(told):
        return Rate(fine(percent), "taxed")
    return Rate(fine(percent) if treatment == "taxed" else ZERO, treatment)


def _lines(told: ReceivedInvoice, sums: Sums, way: Way, words: "Words") -> Iterator[Given]:
    """Those that are told, and behind them what each rate lacks to what its totals say."""
    left = {rate: one.net if way.price_mode == "without_vat" else one.net + one.vat for rate, one in sums.items()}
    for line in told.lines:
        rate = _rate_of(told, line.vat_rate, line.treatment)
        given = _line(line, rate, way)
        left[rate] -= rounded(_amount_of(given))
        yield given
    named = {_rate_of(told, line.vat_rate, line.treatment) for line in told.lines}
    for rate, amount in left.items():
        if amount:
            name = words.of_difference(told) if rate in named else told.number or "–"
            yield _whole(name, amount, rate, way)


def _line(line: ToldLine, rate: Rate, way: Way) -> Given:
    """A price of one where that comes to what is told, and else of the whole; no quantity is below zero."""
    quantity = abs(fine(line.quantity)) or ONE
    price = fine(-line.unit_price if line.quantity < 0 else line.unit_price)
    more = {"quantity": quantity, "unit": line.unit, "gtin": line.gtin or None}
    name = (line.name.strip() or line.code or "–")[:LONGEST_LINE]
    if way.price_mode == "from_total_with_vat":
        return _whole(name, rounded(line.net * (HUNDRED + rate.percent) / HUNDRED), rate, way, **more)
    if rounded(price * quantity) == line.net:
        return Given(_named(name, rate) | more | {"unit_price": price})
    return _whole(name, line.net, rate, way, **more)


def _whole(name: str, amount: Decimal, rate: Rate, way: Way = WAYS[0], **more: Any) -> Given:
    """A line of which the price of all is told."""
    price = "net" if way.price_mode == "without_vat" else "gross"
    return Given(_named(name, rate) | {"quantity": ONE} | more | {price: amount})


def _named(name: str, rate: Rate) -> dict[str, Any]:
    return {"name": name, "vat_rate": rate.percent, "vat_treatment": rate.treatment}


def _amount_of(given: Given) -> Decimal:
    if "unit_price" in given:
        amount: Decimal = given["unit_price"] * given["quantity"]
    else:
        amount = given.get("net", given.get("gross", ZERO))
    return amount


def _line_of(given: Given, *, free: bool) -> Line:
    name = next(name for name in _BASES if name in given)
    rate = ZERO if free else given["vat_rate"]
    return Line(
        0,
        given["name"],
        given[name],
        _BASES[name],
        given["quantity"],
        vat_rate=rate,
        vat_treatment=given["vat_treatment"],
    )


def _terms(told: ReceivedInvoice, account: Account) -> dict[str, Any]:
    """Everything but the amounts; what is not told follows from the supplier and from today, as of any expense."""
    issued_on = told.issued_on
    said: dict[str, Any] = {
        "kind": "other" if told.sort == "proforma" else "invoice",
        "original_number": told.number,
        "variable_symbol": told.variable_symbol,
        "order_number": told.order_number,
        "issued_on": issued_on,
        "taxable_on": told.taxable_on or issued_on,
        "due_on": told.due_on,
        "bank_account": told.bank_account,
        "iban": told.iban,
        "bic": told.bic,
        "currency": told.currency,
        "exchange_rate": told.exchange_rate if _is_told_to(told, account) else None,
        "payment_method": told.payment_method if told.payment_method in get_args(PaymentMethod) else None,
        "reverse_charge": is_reverse_charge(told) or None,
    }
    return {name: value for name, value in said.items() if value not in {None, ""}}


def _is_told_to(told: ReceivedInvoice, account: Account) -> bool:
    """Whether its rate is one to the money of the account: it is told in that of the supplier's country."""
    at_home = told.supplier.country == account.country and country_of(account.country).currency == account.currency
    return at_home and told.currency != account.currency


_NOTHING = Sum(ZERO, ZERO)

_NO_VAT = Rate(ZERO, "not_subject")

_BASES: Mapping[str, Basis] = {"unit_price": "unit", "net": "net", "gross": "gross"}
"""What the price of a line is told of, by the name under which it is given."""


class Words(NamedTuple):
    """What lines are called that stand on no paper."""

    rounding: str
    advance: str

    def of_difference(self, told: ReceivedInvoice) -> str:
        """What an advance took is in the totals alone."""
        return " ".join((self.advance, *_some(told.advances))) if told.advances else self.rounding


def _some(numbers: Iterable[str]) -> list[str]:
    return [number for number in numbers if number][:10]


_WORDS = {
    "cs": Words("Zaokrouhlení", "Odpočet zálohy"),
    "sk": Words("Zaokrúhlenie", "Odpočet zálohy"),
    "pl": Words("Zaokrąglenie", "Rozliczenie zaliczki"),
    "de": Words("Rundung", "Abzug der Anzahlung"),
    "en": Words("Rounding", "Deducted advance"),
}
