"""Documents and expenses as Pohoda takes them in (dataPack 2.0), element by element in the order of its schema.

The owner states no terms for the schema. Its order, its longest texts and its codes are public knowledge; what we
guess of the program beyond that stands in decision 64 alone.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from faktura.core.countries.known import country_of
from faktura.core.countries.vat import EU
from faktura.core.countries.vat_rates import Band
from faktura.core.people.accounts import Account
from faktura.outputs.accounting.windows_1250 import ENCODING, in_windows_1250
from faktura.outputs.e_invoices.accounts import domestic
from faktura.outputs.e_invoices.numbers import money, number
from faktura.outputs.reading.settled import NOTHING, Amount, Charge, Item, Settled
from faktura.outputs.reading.texts import in_one_line
from faktura.outputs.words.words import labels_in
from faktura.xml import Node

MEDIA_TYPE = "application/xml"
VERSION = "2.0"
SCHEMA = "http://www.stormware.cz/schema/version_2/"
NAMESPACES = {prefix: f"{SCHEMA}{name}.xsd" for prefix, name in (("dat", "data"), ("inv", "invoice"), ("typ", "type"))}

COUNTRIES = ("CZ", "SK")
"""Where it is in use."""


class Codes(NamedTuple):
    """How the program calls sales without VAT; with an empty code the bookkeeper sorts such a document by hand."""

    eu_goods: str = "UDdodEU"
    eu_services: str = ""
    abroad: str = "UDzahr"
    reverse_charge: str = "UDpdp"


class Entry(msgspec.Struct, frozen=True):
    """A document, or an expense, which has a number of our own and came on a day."""

    settled: Settled
    own_number: str = ""
    received_on: dt.date | None = None


class Level(NamedTuple):
    """What the program calls a rate of VAT; it is told the `percent` of one that did not hold on that day."""

    band: Band
    percent: Decimal | None = None


def codes_of(account: Account) -> Codes:
    usual = Codes()
    return Codes(
        account.vat_code_eu_goods or usual.eu_goods,
        account.vat_code_eu_services or usual.eu_services,
        account.vat_code_abroad or usual.abroad,
        account.vat_code_reverse_charge or usual.reverse_charge,
    )


def pack(name: str, registration_no: str, parts: Iterable[bytes]) -> Iterator[bytes]:
    """The file, put together of what `entered` made; its `name` tells the program which file it is."""
    empty = _root(name, registration_no).written(ENCODING)
    yield empty.removesuffix(b"/>") + b">"
    yield from parts
    yield b"</dat:dataPack>"


def entered(entries: Iterable[Entry], codes: Codes) -> bytes:
    """A part of the file."""
    root = _root("", "")
    root.add("dat:dataPackItem", id="", version=VERSION)
    for entry in entries:
        _add_entry(root, entry, codes)
    written, mark = root.written(ENCODING), b"<dat:dataPackItem"
    begins = written.find(mark, written.index(mark) + 1)
    return written[begins : written.rindex(b"</")] if begins > 0 else b""


def level_of(charge: Charge, country: str, day: dt.date) -> Level:
    """By the band that the percent has, or had once, in the country of who sells."""
    if charge.treatment != "taxed" or not charge.percent:
        return Level("zero")
    rates = [rate for rate in country_of(country).vat_rates if rate.percent == charge.percent]
    if held := [rate for rate in rates if rate.holds_on(day)]:
        return Level(held[0].band)
    return Level(rates[-1].band if rates else "standard", charge.percent)


_NAMES: Mapping[Band, str] = {"standard": "high", "reduced": "low", "second_reduced": "third", "zero": "none"}


def _root(name: str, registration_no: str) -> Node:
    said = {"id": name, "ico": registration_no, "application": "faktura", "version": VERSION, "note": "export"}
    return Node.root("dat:dataPack", NAMESPACES, **said)


def _add_entry(root: Node, entry: Entry, codes: Codes) -> None:
    settled = entry.settled
    name = _said(entry.own_number or settled.facts.number, 64)
    invoice = root.add("dat:dataPackItem", id=name, version=VERSION).add("inv:invoice", version=VERSION)
    _add_header(invoice.add("inv:invoiceHeader"), entry, codes)
    _add_detail(invoice.add("inv:invoiceDetail"), settled)
    _add_summary(invoice.add("inv:invoiceSummary"), settled)


def _add_header(header: Node, entry: Entry, codes: Codes) -> None:
    settled, facts, is_received = entry.settled, entry.settled.facts, entry.received_on is not None
    header.add("inv:invoiceType", f"{'received' if is_received else 'issued'}{_SORTS[settled.sort]}")
    if not is_received:
        header.add("inv:number").add("typ:numberRequested", _said(facts.number, 48))
    header.add_known("inv:symVar", _symbol(settled.variable_symbol or facts.number))
    if is_received:
        header.add_known("inv:originalDocument", _said(facts.number, 32))
    header.add_known("inv:symPar", _said(facts.corrected_number, 20))
    header.add("inv:date", facts.issued_on.isoformat())
    _add_days(header, entry)
    header.add("inv:dateDue", (facts.due_on or facts.issued_on).isoformat())
    _add_classification(header, entry, codes)
    header.add("inv:text", _said(facts.note or settled.items[0].name, 240))
    _add_partner(header.add("inv:partnerIdentity").add("typ:address"), settled, is_received=is_received)
    header.add_known("inv:numberOrder", _said(facts.order_number, 32))
    if settled.payment_method in _PAID_BY:
        header.add("inv:paymentType").add("typ:paymentType", _PAID_BY[settled.payment_method])
    _add_account(header, settled, is_received=is_received)
    header.add_known("inv:note", _said(entry.own_number, 240))


_SORTS = {
    "invoice": "Invoice",
    "tax_document": "Invoice",
    "proforma": "AdvanceInvoice",
    "credit_note": "CreditNotice",
    "debit_note": "DebitNote",
}

_PAID_BY = {
    "bank": "draft",
    "cash": "cash",
    "cod": "delivery",
    "card": "creditcard",
    "check": "cheque",
    "compensation": "compensation",
}


def _add_days(header: Node, entry: Entry) -> None:
    """VAT of what was received is deducted in the period in which it came, and reported under the day of the supply."""
    if entry.settled.is_taxed:
        header.add("inv:dateTax", (entry.received_on or entry.settled.taxed_on).isoformat())
        if entry.received_on is not None:
            header.add("inv:dateKHDPH", entry.settled.taxed_on.isoformat())


def _add_classification(header: Node, entry: Entry, codes: Codes) -> None:
    """A proforma is of no matter to a VAT return."""
    if entry.settled.sort == "proforma":
        return
    sorts = header.add("inv:classificationVAT")
    code, is_told = _classified(entry, codes)
    sorts.add_known("typ:ids", _said(code, 10))
    sorts.add("typ:classificationVATType", "inland" if is_told else "nonSubsume")


def _classified(entry: Entry, codes: Codes) -> tuple[str, bool]:
    """The code, and whether the document belongs into a VAT return."""
    settled, country = entry.settled, entry.settled.buyer.address.country
    if not settled.is_taxed or any(tax.charge.treatment == "taxed" and tax.charge.percent for tax in settled.taxes):
        return "", settled.is_taxed
    code = ""
    if entry.received_on is None:
        if settled.is_at_home:
            owed = any(tax.charge.treatment == "reverse_charge" for tax in settled.taxes)
            code = codes.reverse_charge if owed else ""
        elif country not in EU:
            code = codes.abroad
        elif settled.buyer.vat_no:
            code = codes.eu_goods if settled.sells_goods else codes.eu_services
    return code, bool(code)


def _add_partner(address: Node, settled: Settled, *, is_received: bool) -> None:
    firm, own = (settled.seller, settled.buyer) if is_received else (settled.buyer, settled.seller)
    address.add("typ:company", _said(firm.name, 255))
    address.add_known("typ:city", _said(firm.address.city, 45))
    address.add_known("typ:street", _said(firm.address.line, 64))
    address.add_known("typ:zip", _said(firm.address.postcode, 15))
    address.add_known("typ:ico", _said(firm.registration_no, 15))
    address.add_known("typ:dic", _said(firm.local_vat_no or firm.vat_no, 18))
    if firm.local_vat_no:
        address.add_known("typ:icDph", _said(firm.vat_no, 18))
    if firm.address.country != own.address.country:
        address.add("typ:country").add("typ:ids", firm.address.country)
    address.add_known("typ:phone", _said(firm.phone, 40))
    address.add_known("typ:email", _said(firm.email, 98))


def _add_account(header: Node, settled: Settled, *, is_received: bool) -> None:
    account = domestic(settled.bank_account, settled.iban)
    if account.number and account.bank_code:
        told = header.add("inv:paymentAccount" if is_received else "inv:account")
        told.add("typ:accountNo", _said(account.number, 34))
        told.add("typ:bankCode", _said(account.bank_code, 4))


def _add_detail(detail: Node, settled: Settled) -> None:
    """What was taxed before is taken off line by line, and what was paid before on a proforma as an advance."""
    sign = _sign(settled)
    for item in _balanced(settled):
        _add_item(detail, settled, item, sign)
    words = labels_in("cs")["deducted_advance"]
    for part in settled.taxed_deposits:
        name, price = f"{words} {part.number}", part.net
        taken = Item(
            id="",
            name=name,
            quantity=Decimal(1),
            unit_price=price,
            unit_gross_price=price + part.vat,
            net=part.net,
            vat=part.vat,
            charge=part.charge,
        )
        _add_item(detail, settled, taken, -sign)
    for deposit in settled.deposits:
        _add_deposit(detail, settled, deposit.number, deposit.amount.times(-sign))


def _balanced(settled: Settled) -> list[Item]:
    """The items with VAT that comes to that of their rates, cent for cent: the program adds up what it takes in."""
    items = list(settled.items)
    for tax in settled.taxes:
        places = [place for place, item in enumerate(items) if item.charge == tax.charge]
        missing = tax.vat - sum((items[place].vat for place in places), NOTHING)
        if places and missing != NOTHING:
            largest = max(places, key=lambda place: abs(items[place].net.own))
            items[largest] = msgspec.structs.replace(items[largest], vat=items[largest].vat + missing)
    return items


def _add_item(detail: Node, settled: Settled, item: Item, sign: int) -> None:
    line = detail.add("inv:invoiceItem")
    line.add("inv:text", _said(item.name, 90))
    line.add("inv:quantity", number(item.quantity * sign))
    line.add_known("inv:unit", _said(item.unit, 10))
    _add_rate(line, settled, item.charge)
    prices = {"unitPrice": item.unit_price, "price": item.net.times(sign), "priceVAT": item.vat.times(sign)}
    _add_prices(line, settled, prices)
    line.add_known("inv:code", _said(item.code, 64))


def _add_deposit(detail: Node, settled: Settled, said: str, amount: Amount) -> None:
    line = detail.add("inv:invoiceAdvancePaymentItem")
    line.add("inv:quantity", "1")
    _add_rate(line, settled, Charge(Decimal(0)))
    _add_prices(line, settled, {"unitPrice": amount, "price": amount, "priceVAT": NOTHING})
    line.add_known("inv:note", _said(said, 90))


def _add_rate(line: Node, settled: Settled, charge: Charge) -> None:
    """Prices are without VAT."""
    level = level_of(charge, settled.seller.address.country, settled.taxed_on)
    name = _NAMES[level.band]
    line.add("inv:payVAT", "false")
    line.add("inv:rateVAT", name if level.percent is None else f"history{name.title()}")
    if level.percent is not None:
        line.add("inv:percentVAT", number(level.percent))


def _add_prices(line: Node, settled: Settled, prices: Mapping[str, Amount]) -> None:
    home = line.add("inv:homeCurrency")
    for name, amount in prices.items():
        home.add(f"typ:{name}", money(amount.native))
    if settled.is_foreign:
        foreign = line.add("inv:foreignCurrency")
        for name, amount in prices.items():
            foreign.add(f"typ:{name}", money(amount.own))


def _add_summary(summary: Node, settled: Settled) -> None:
    """By level of VAT, in the currency of the books, less what was taxed before."""
    sign = _sign(settled)
    rounding = settled.rounding.times(sign)
    summary.add("inv:roundingDocument", "math2one" if rounding.own else "none")
    home = summary.add("inv:homeCurrency")
    sums = dict.fromkeys(_NAMES, (NOTHING, NOTHING))
    for tax in settled.taxes:
        band = level_of(tax.charge, settled.seller.address.country, settled.taxed_on).band
        net, vat = sums[band]
        sums[band] = net + tax.net - tax.claimed_net, vat + tax.vat - tax.claimed_vat
    home.add("typ:priceNone", money(sums["zero"][0].times(sign).native))
    for band, name in (("reduced", "priceLow"), ("standard", "priceHigh"), ("second_reduced", "price3")):
        if band != "second_reduced" or sums[band] != (NOTHING, NOTHING):
            home.add(f"typ:{name}", money(sums[band][0].times(sign).native))
            home.add(f"typ:{name}VAT", money(sums[band][1].times(sign).native))
    home.add("typ:round").add("typ:priceRound", money(rounding.native))
    if settled.is_foreign:
        foreign = summary.add("inv:foreignCurrency")
        foreign.add("typ:currency").add("typ:ids", settled.currency)
        foreign.add("typ:rate", number(settled.exchange_rate))
        foreign.add("typ:amount", "1")
        whole = sum((net + vat for net, vat in sums.values()), NOTHING)
        foreign.add("typ:priceSum", money((whole.times(sign) + rounding).own))


def _sign(settled: Settled) -> int:
    """Money that goes back is negative."""
    return -1 if settled.sort == "credit_note" else 1


def _symbol(text: str) -> str:
    """Digits alone: the program makes one of anything else by itself, and fails."""
    return re.sub(r"[^0-9]", "", text)[:20]


def _said(text: str, longest: int) -> str:
    return in_windows_1250(in_one_line(text))[:longest].strip()
