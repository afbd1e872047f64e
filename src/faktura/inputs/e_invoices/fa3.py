"""An invoice of KSeF: FA(3), and leniently FA(2) and FA(1) before it, whose names stand behind those of today."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from faktura.core.money.amounts import rounded
from faktura.core.received.received_invoice import ZERO, Named, ReceivedInvoice, Sort, ToldLine, ToldRate
from faktura.inputs.e_invoices.elements import Element
from faktura.inputs.e_invoices.payment import account_of, bic_of
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.inputs.e_invoices.said import Charge, Said, by_rate, exchange_rate_of, line_of

ONE, HUNDRED = Decimal(1), Decimal(100)


class _Taxed(NamedTuple):
    """Fields of one sum, the rates that are added up in it, and the one that is meant where no row says it."""

    net: str
    vat: str
    rates: tuple[Decimal, ...]


_TAXED = (
    _Taxed("P_13_1", "P_14_1", (Decimal(23), Decimal(22))),
    _Taxed("P_13_2", "P_14_2", (Decimal(8), Decimal(7))),
    _Taxed("P_13_3", "P_14_3", (Decimal(5),)),
    _Taxed("P_13_4", "P_14_4", (Decimal(4), Decimal(3))),
)
_ABROAD = _Taxed("P_13_5", "P_14_5", ())
"""Taxed at rates of other countries of the EU."""

_FREE: Mapping[str, Charge] = {
    "P_13_6": Charge(ZERO, "taxed"),
    "P_13_6_1": Charge(ZERO, "taxed"),
    "P_13_6_2": Charge(ZERO, "taxed"),
    "P_13_6_3": Charge(ZERO, "taxed"),
    "P_13_7": Charge(ZERO, "exempt"),
    "P_13_8": Charge(ZERO, "not_subject"),
    "P_13_9": Charge(ZERO, "not_subject"),
    "P_13_10": Charge(ZERO, "reverse_charge"),
    "P_13_11": Charge(ZERO, "not_subject"),
}
"""Sums without VAT; of a margin nobody who buys deducts any."""

_CODES: Mapping[str, Charge] = {
    "zw": Charge(ZERO, "exempt"),
    "oo": Charge(ZERO, "reverse_charge"),
    "np": Charge(ZERO, "not_subject"),
    "np I": Charge(ZERO, "not_subject"),
    "np II": Charge(ZERO, "not_subject"),
    "": Charge(ZERO, "not_subject"),
    **dict.fromkeys(("0", "0 KR", "0 WDT", "0 EX"), Charge(ZERO, "taxed")),
}
_METHODS = {"1": "cash", "2": "card", "4": "check", "6": "bank"}

_TOWN = re.compile(r"(\d{2}-\d{3}),? +(.+)", re.ASCII)
_LONGEST_NAME = 256


def read_fa3(root: Element) -> Said:
    """What it says.

    Raises:
        NoInvoice: it is another document that KSeF takes, such as that of a flat-rate farmer.

    """
    code = root.one("Naglowek/KodFormularza").attribute("kodSystemowy")
    if not code.startswith("FA ("):
        raise NoInvoice("no_reader", code)
    fa = root.one("Fa")
    kind, total = fa.text("RodzajFaktury"), fa.amount("P_15")
    advances = tuple(one.first_text("NrFaZaliczkowej", "NrKSeFFaZaliczkowej") for one in fa.all("FakturaZaliczkowa"))
    rates = by_rate(_rates(fa))
    invoice = ReceivedInvoice(
        format="fa3",
        sort=_sort(kind, total),
        number=fa.text("P_2|P_2A"),
        supplier=_party(root.one("Podmiot1")),
        buyer=_party(root.one("Podmiot2")),
        issued_on=fa.day("P_1"),
        taxable_on=fa.day("P_6") or fa.day("OkresFa/P_6_Do"),
        currency=fa.code("KodWaluty", 3),
        exchange_rate=exchange_rate_of(fa.number("KursWalutyZ") or _rate_of_rows(fa)),
        lines=tuple(_lines(fa, kind, rates, advances)),
        rates=rates,
        order_number=fa.text("WarunkiTransakcji/Zamowienia/NrZamowienia"),
        note="\n\n".join(filter(None, (one.paragraphs("StopkaFaktury") for one in root.all("Stopka/Informacje")))),
        corrected=tuple(filter(None, (one.text() for one in fa.all("DaneFaKorygowanej/NrFaKorygowanej")))),
        advances=tuple(filter(None, advances)),
    )
    net = sum((rate.net for rate in rates), ZERO)
    return Said(_with_payment(invoice, fa, total), net=net, gross=total)


def _sort(kind: str, total: Decimal) -> Sort:
    """What a correction comes to has the sign of what is given back or asked for."""
    if kind.startswith("KOR"):
        return "credit_note" if total < 0 else "debit_note"
    return "tax_document" if kind == "ZAL" else "invoice"


def _party(party: Element) -> Named:
    identity = party.one("DaneIdentyfikacyjne")
    address = party.one("Adres/AdresPol|AdresZagr") or party.one("Adres")
    person = " ".join(filter(None, (identity.text("ImiePierwsze"), identity.text("Nazwisko"))))
    nip, abroad = identity.text("NIP"), identity.text("KodUE") + identity.text("NrVatUE")
    town = _TOWN.fullmatch(address.text("AdresL2"))
    house = "/".join(filter(None, (address.text("NrDomu"), address.text("NrLokalu"))))
    return Named(
        name=identity.first_text("Nazwa|PelnaNazwa", "NazwaHandlowa") or person,
        street=address.text("AdresL1") or " ".join(filter(None, (address.text("Ulica"), house))),
        city=town[2] if town else address.first_text("AdresL2", "Miejscowosc"),
        postcode=town[1] if town else address.text("KodPocztowy"),
        country=address.code("KodKraju", 2) or ("PL" if nip else ""),
        vat_no=nip or abroad or identity.text("NrID"),
        email=party.text("DaneKontaktowe/Email"),
        phone=party.text("DaneKontaktowe/Telefon"),
    )


def _rows(fa: Element) -> list[Element]:
    """Of the invoice, which older ones have in an element of their own."""
    return fa.all("FaWiersz") or fa.all("FaWiersze/FaWiersz")


def _order(fa: Element) -> list[Element]:
    return fa.all("Zamowienie/ZamowienieWiersz")


def _rate_of_rows(fa: Element) -> Decimal | None:
    return next((row.number("KursWaluty") for row in _rows(fa) if row.one("KursWaluty")), None)


def _rates(fa: Element) -> Iterator[tuple[Charge, Decimal, Decimal]]:
    nets: dict[Decimal, Decimal] = defaultdict(Decimal)
    abroad: dict[Decimal, Decimal] = defaultdict(Decimal)
    for row in (*_rows(fa), *_order(fa)):
        charge = _charge(row)
        if charge.treatment == "taxed" and charge.vat_rate:
            (abroad if _rate_abroad(row) is not None else nets)[charge.vat_rate] += _net(row, charge)
    for one in _TAXED:
        yield from _parted(fa, one, {rate: nets[rate] for rate in one.rates if rate in nets} or {one.rates[0]: ZERO})
    yield from _parted(fa, _ABROAD, abroad or {_rate_within(fa): ZERO})
    for field, charge in _FREE.items():
        yield charge, fa.amount(field), ZERO


def _parted(fa: Element, of: _Taxed, nets: Mapping[Decimal, Decimal]) -> Iterator[tuple[Charge, Decimal, Decimal]]:
    """Where rows have several rates of one sum, each gets what its rows come to, and the last one what is left."""
    net, vat = fa.amount(of.net), fa.amount(of.vat)
    *some, last = nets.items()
    for rate, part in some:
        tax = rounded(part * rate / HUNDRED)
        net, vat = net - part, vat - tax
        yield Charge(rate, "taxed"), part, tax
    yield Charge(last[0], "taxed"), net, vat


def _rate_within(fa: Element) -> Decimal:
    """What VAT of another country is to what it is on, in whole percents."""
    net = fa.amount(_ABROAD.net)
    return rounded(fa.amount(_ABROAD.vat) * HUNDRED / net, ONE) if net else ZERO


def _rate_abroad(row: Element) -> Decimal | None:
    return row.number("P_12_XII|P_12Z_XII")


def _charge(row: Element) -> Charge:
    """A rate of Poland, one of another country, or none, as goods under a margin have."""
    if (abroad := _rate_abroad(row)) is not None:
        return Charge(abroad, "taxed")
    code = row.text("P_12|P_12Z")
    if code in _CODES:
        return _CODES[code]
    if code.isascii() and code.isdecimal():
        return Charge(Decimal(code[:3]), "taxed")
    row.warn("unknown_rate", code)
    return Charge(ZERO, "taxed")


def _net(row: Element, charge: Charge) -> Decimal:
    """Below zero where it says what stood before a correction; of prices with VAT what is in them."""
    sign = -ONE if row.text("StanPrzed|StanPrzedZ") == "1" else ONE
    if row.one("P_11|P_11NettoZ"):
        return sign * row.amount("P_11|P_11NettoZ")
    gross = row.amount("P_11A")
    if row.one("P_11Vat"):
        return sign * (gross - row.amount("P_11Vat"))
    return sign * rounded(gross * HUNDRED / (HUNDRED + charge.vat_rate))


def _lines(fa: Element, kind: str, rates: tuple[ToldRate, ...], advances: tuple[str, ...]) -> Iterator[ToldLine]:
    if kind.endswith("ZAL"):
        yield from _advanced(fa, rates)
        return
    found = [line for row in _rows(fa) for line in _line(row)]
    yield from found
    if kind.endswith("ROZ") and found:
        yield from _deducted(found, rates, ", ".join(filter(None, advances)))


def _line(row: Element) -> Iterator[ToldLine]:
    """What became nothing by a correction is left out."""
    charge, quantity = _charge(row), row.number("P_8B")
    net = _net(row, charge)
    if not net and quantity == 0:
        return
    is_before = row.text("StanPrzed") == "1"
    told = line_of(
        row.text("P_7"),
        charge,
        net,
        quantity=-quantity if quantity and is_before else quantity,
        unit_price=None if row.one("P_10") or not row.one("P_9A") else row.number("P_9A"),
    )
    yield replace(told, unit=row.text("P_8A"), code=row.text("Indeks"), gtin=row.text("GTIN"))


def _advanced(fa: Element, rates: tuple[ToldRate, ...]) -> Iterator[ToldLine]:
    """Rows of an order come to all of it, an advance to what the sums say: a line a rate, named after its rows."""
    names: dict[Charge, dict[str, None]] = defaultdict(dict)
    for row in _order(fa):
        names[_charge(row)][row.text("P_7Z")] = None
    for rate in rates:
        charge = Charge(rate.vat_rate, rate.treatment)
        yield line_of(", ".join(filter(None, names[charge]))[:_LONGEST_NAME] or fa.text("P_2"), charge, rate.net)


def _deducted(found: list[ToldLine], rates: tuple[ToldRate, ...], advances: str) -> Iterator[ToldLine]:
    """Rows have full values and sums what is left of them: the difference was taxed with the advances."""
    nets: dict[Charge, Decimal] = defaultdict(Decimal)
    for line in found:
        nets[Charge(line.vat_rate, line.treatment)] -= line.net
    for rate in rates:
        nets[Charge(rate.vat_rate, rate.treatment)] += rate.net
    for charge, net in nets.items():
        if net:
            yield line_of(advances, charge, net, quantity=-ONE if net < 0 else ONE)


def _with_payment(invoice: ReceivedInvoice, fa: Element, total: Decimal) -> ReceivedInvoice:
    """Of several accounts the first; where a factor is to be paid, theirs."""
    payment = fa.one("Platnosc")
    written = payment.one("RachunekBankowyFaktora") or payment.one("RachunekBankowy")
    number = written.text("NrRB|NrRBPL|NrRBZagr")
    account = account_of(f"PL{number}" if number.isdecimal() else number, number)
    to_pay = fa.amount("Rozliczenie/DoZaplaty") if fa.one("Rozliczenie/DoZaplaty") else total
    parts = payment.all("ZaplataCzesciowa/KwotaZaplatyCzesciowej|KwotaZaplatyCzesciowa")
    payable = ZERO if payment.says("Zaplacono") else to_pay - sum((part.amount("") for part in parts), ZERO)
    prepaid = total - payable
    return replace(
        invoice,
        due_on=payment.day("TerminPlatnosci/Termin") or payment.day("TerminyPlatnosci/TerminPlatnosci"),
        payment_method=_METHODS.get(payment.text("FormaPlatnosci"), ""),
        prepaid=prepaid if prepaid * total > 0 else ZERO,
        payable=payable,
        bank_account="" if account.iban else account.number,
        iban=account.iban,
        bic=bic_of(written.text("SWIFT")),
    )
