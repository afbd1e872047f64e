"""A document in the terms of the European standard EN 16931, before any syntax: what UBL and CII both say.

Names in brackets are those of the standard: BT is a business term, BG a group of them, BR a rule.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from faktura.core.countries.vat import EU
from faktura.core.e_invoices import Profile
from faktura.core.errors import Reason, WrongState
from faktura.core.money.amounts import rounded
from faktura.core.vat_treatment import VatTreatment
from faktura.outputs.e_invoices.parties import TradeParty, buyer_lacks, seller_lacks, trade_party
from faktura.outputs.e_invoices.units import PIECE, unit_code
from faktura.outputs.reading.settled import ZERO, Address, Charge, Firm, Item, Settled, Tax
from faktura.outputs.reading.texts import in_one_line, in_paragraphs
from faktura.outputs.words.words import labels_in

MEDIA_TYPE = "application/xml"

Category = Literal["S", "Z", "E", "AE", "K", "G", "O"]
"""Charged, at nothing, exempt, owed by the buyer, sent within the EU, sent out of it, no matter of VAT (BT-118)."""

MARGIN_CODES = {
    "travel_agencies": "VATEX-EU-D",
    "second_hand_goods": "VATEX-EU-F",
    "works_of_art": "VATEX-EU-I",
    "collectables_and_antiques": "VATEX-EU-J",
}

TOLERATED = Decimal(1)
"""By so much VAT may differ from base and rate (BR-CO-17 and its like)."""


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """What is done with VAT, and why none is charged; what is no matter of VAT has no percent."""

    category: Category
    percent: Decimal | None
    reason: str = ""
    reason_code: str = ""


class SoldItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line (BG-25): its net is the price of `base_quantity` units times what was sold of them."""

    number: str
    name: str
    quantity: Decimal
    unit_code: str = PIECE
    note: str = ""
    price: Decimal
    base_quantity: Decimal | None = None
    net: Decimal
    rate: Rate
    code: str = ""
    gtin: str = ""


class RateTotal(msgspec.Struct, frozen=True):
    """What a rate comes to (BG-23), less what was taxed before."""

    rate: Rate
    net: Decimal
    vat: Decimal


class Preceding(NamedTuple):
    """A document before this one (BG-3)."""

    number: str
    issued_on: dt.date | None


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """A document as the standard sees it; amounts are of the document's currency, `native_vat` of the books' one."""

    settled: Settled
    profile: Profile
    type_code: str
    is_credit_note: bool
    seller: TradeParty
    buyer: TradeParty
    deliver_to: Firm | None
    tells_delivery: bool
    note: str
    buyer_reference: str
    preceding: tuple[Preceding, ...]
    items: tuple[SoldItem, ...]
    totals: tuple[RateTotal, ...]
    means_code: str
    account: str
    native_vat: Decimal | None

    @property
    def net(self) -> Decimal:
        return sum((total.net for total in self.totals), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((total.vat for total in self.totals), ZERO)

    @property
    def period(self) -> tuple[dt.date, dt.date] | None:
        """When it was supplied (BG-14), where both ends are known."""
        begin, end = self.settled.facts.service_from, self.settled.facts.service_until
        return (begin, end) if begin and end else None


def standard(settled: Settled, profile: Profile) -> Standard:
    """The document in the standard's terms.

    Raises:
        WrongState: the standard, or the profile, cannot say what the document is.

    """
    if settled.sort == "proforma":
        raise WrongState("not_an_invoice")
    rates = {tax.charge: _rate(settled, tax.charge) for tax in settled.taxes}
    is_outside = any(rate.category == "O" for rate in rates.values())
    facts = settled.facts
    said = Standard(
        settled=settled,
        profile=profile,
        type_code=_TYPES[settled.sort],
        is_credit_note=settled.sort == "credit_note",
        seller=trade_party(settled.seller, is_outside=is_outside, by_law=True),
        buyer=trade_party(settled.buyer, is_outside=is_outside, by_law=False),
        deliver_to=_deliver_to(settled, rates),
        tells_delivery=settled.delivery is not None or _is_sent_within_eu(rates),
        note=in_paragraphs("\n\n".join(filter(None, (facts.note, facts.footer)))),
        buyer_reference=settled.buyer_reference or in_one_line(facts.order_number),
        preceding=tuple(_preceding(settled)),
        items=tuple(_items(settled, rates)),
        totals=tuple(_totals(settled.taxes, rates)),
        means_code=_means(settled),
        account=_account(settled),
        native_vat=(settled.vat - settled.claimed_vat).native if settled.is_foreign else None,
    )
    if not said.vat:
        said = msgspec.structs.replace(said, native_vat=None)
    _check(said)
    return said


_TYPES = {"invoice": "380", "credit_note": "381", "debit_note": "383", "tax_document": "386"}


def _account(settled: Settled) -> str:
    return settled.iban or in_one_line(settled.bank_account)


def _means(settled: Settled) -> str:
    """A transfer to an account that is not said is paid in a way that is not said (BR-61)."""
    code = _MEANS.get(settled.payment_method, UNSAID)
    return UNSAID if code == TRANSFER and not _account(settled) else code


TRANSFER, UNSAID = "30", "1"
_MEANS = {"bank": TRANSFER, "card": "48", "cash": "10", "cod": "10"}


def _rate(settled: Settled, charge: Charge) -> Rate:
    """What a treatment is called in the standard, which knows goods from services only across a border."""
    treatment = charge.treatment if settled.is_taxed else "not_subject"
    if treatment == "reverse_charge" and _is_out_of_eu(settled):
        treatment = "taxed" if settled.sells_goods else "not_subject"
    return _RATES[treatment](settled, charge)


def _charged(settled: Settled, charge: Charge) -> Rate:
    """At nothing, the standard wants to know where it went."""
    if charge.percent and charge.treatment == "taxed":
        return Rate(category="S", percent=charge.percent)
    if _is_out_of_eu(settled):
        return Rate(category="G", percent=ZERO, reason="Export outside the EU", reason_code="VATEX-EU-G")
    if not settled.is_at_home and settled.buyer.vat_no:
        return _WITHIN_EU
    return Rate(category="Z", percent=ZERO)


def _owed(settled: Settled, _charge: Charge) -> Rate:
    if settled.sells_goods and not settled.is_at_home:
        return _WITHIN_EU
    return Rate(category="AE", percent=ZERO, reason="Reverse charge", reason_code="VATEX-EU-AE")


def _exempt(settled: Settled, _charge: Charge) -> Rate:
    reason = settled.facts.exempt_under or labels_in(settled.facts.language)["rate_exempt"]
    return Rate(category="E", percent=ZERO, reason=reason)


def _of_margin(settled: Settled, _charge: Charge) -> Rate:
    kind, labels = settled.facts.margin_kind, labels_in(settled.facts.language)
    reason = labels[f"margin_{kind}"] if kind else labels["rate_margin"]
    return Rate(category="E", percent=ZERO, reason=reason, reason_code=MARGIN_CODES.get(kind, ""))


_WITHIN_EU = Rate(category="K", percent=ZERO, reason="Intra-community supply", reason_code="VATEX-EU-IC")
_OUTSIDE = "Not subject to VAT"


def _outside(settled: Settled, _charge: Charge) -> Rate:
    """Nothing else may stand beside what is no matter of VAT (BR-O-11): beside it, that is called exempt."""
    outside = {"not_subject"} if not _is_service_abroad(settled) else {"not_subject", "reverse_charge"}
    if settled.is_taxed and not all(tax.charge.treatment in outside for tax in settled.taxes):
        return Rate(category="E", percent=ZERO, reason=_OUTSIDE)
    return Rate(category="O", percent=None, reason=_OUTSIDE, reason_code="VATEX-EU-O")


_RATES: Mapping[VatTreatment, Callable[[Settled, Charge], Rate]] = {
    "taxed": _charged,
    "reverse_charge": _owed,
    "exempt": _exempt,
    "margin": _of_margin,
    "not_subject": _outside,
}


def _is_service_abroad(settled: Settled) -> bool:
    """Whose VAT is a matter of no country of the EU."""
    return _is_out_of_eu(settled) and not settled.sells_goods


def _is_out_of_eu(settled: Settled) -> bool:
    return settled.buyer.address.country not in EU


def _is_sent_within_eu(rates: Mapping[Charge, Rate]) -> bool:
    return any(rate.category == "K" for rate in rates.values())


def _deliver_to(settled: Settled, rates: Mapping[Charge, Rate]) -> Firm | None:
    """Goods sent within the EU went somewhere: to the buyer, where nothing else is said (BR-IC-12)."""
    if settled.delivery is not None or not _is_sent_within_eu(rates):
        return settled.delivery
    known = settled.buyer.address
    address = Address(city=known.city, postcode=known.postcode, country=known.country)
    return Firm(name="", address=address)


def _preceding(settled: Settled) -> Iterator[Preceding]:
    facts = settled.facts
    if facts.corrected_number:
        yield Preceding(in_one_line(facts.corrected_number), facts.corrected_on)
    for advance in facts.advances:
        if advance.by_rate:
            yield Preceding(in_one_line(advance.number), advance.paid_on)


def _items(settled: Settled, rates: Mapping[Charge, Rate]) -> Iterator[SoldItem]:
    """What was sold, and what was taxed before."""
    number = 0
    for number, item in enumerate(settled.items, 1):
        code = unit_code(item.unit)
        quantity, price, base_quantity = _priced(item)
        yield SoldItem(
            number=str(number),
            name=item.name or "–",
            quantity=quantity,
            unit_code=code or PIECE,
            note="" if code else item.unit,
            price=price,
            base_quantity=base_quantity,
            net=item.net.own,
            rate=rates[item.charge],
            code=item.code,
            gtin=item.gtin,
        )
    label = labels_in(settled.facts.language)["deducted_advance"]
    for deposit in settled.taxed_deposits:
        number += 1
        yield SoldItem(
            number=str(number),
            name=f"{label} {deposit.number}",
            quantity=Decimal(-1 if deposit.net.own >= 0 else 1),
            price=abs(deposit.net.own),
            net=-deposit.net.own,
            rate=rates[deposit.charge],
        )


def _priced(item: Item) -> tuple[Decimal, Decimal, Decimal | None]:
    """Quantity, price and the quantity that it is of, which come to the net: no price is below zero (BR-27).

    Of nothing that was sold, cents that are missing to a sum, or its freight, are a piece.
    """
    quantity, price, net = item.quantity, item.unit_price.own, item.net.own
    if rounded(price * quantity) == net:
        return quantity * (-1 if price < 0 else 1), abs(price), None
    if not quantity:
        return Decimal(1).copy_sign(net), abs(net), None
    return abs(quantity).copy_sign(net or quantity), abs(net), abs(quantity)


def _totals(taxes: tuple[Tax, ...], rates: Mapping[Charge, Rate]) -> Iterator[RateTotal]:
    """One of each category and percent: some treatments are one in the standard, whatever their reasons."""
    found: dict[tuple[Category, Decimal | None], RateTotal] = {}
    for tax in taxes:
        rate, net, vat = rates[tax.charge], (tax.net - tax.claimed_net).own, (tax.vat - tax.claimed_vat).own
        old = found.get((rate.category, rate.percent), RateTotal(rate, ZERO, ZERO))
        found[rate.category, rate.percent] = RateTotal(old.rate, old.net + net, old.vat + vat)
    yield from found.values()


def _check(said: Standard) -> None:
    for is_wrong, reason in _faults(said):
        if is_wrong:
            raise WrongState(reason)


def _faults(said: Standard) -> Iterator[tuple[bool, Reason]]:
    """What the standard, and then the profile, wants to know and nobody said."""
    categories = {total.rate.category for total in said.totals}
    yield bool(categories - {"O"}) and not said.seller.vat_no, "without_vat_no"
    yield "AE" in categories and not (said.buyer.vat_no or said.buyer.legal_no), "without_buyer_vat_no"
    yield "K" in categories and not said.buyer.vat_no, "without_buyer_vat_no"
    yield any(_is_far_off(total) for total in said.totals), "rounding_too_large"
    for lacking in (*seller_lacks(said.seller, said.profile), *buyer_lacks(said.buyer, said.profile)):
        yield True, lacking
    if said.profile != "en16931":
        yield not said.buyer_reference, "without_buyer_reference"
        yield (said.native_vat or ZERO) * said.vat < 0, "vat_of_two_signs"


def _is_far_off(total: RateTotal) -> bool:
    due = rounded(total.net * (total.rate.percent or ZERO) / 100)
    return abs(due - total.vat) >= TOLERATED
