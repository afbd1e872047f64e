"""An issued document, read: the only place that decides what it says."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from faktura.core.countries.pl import lists
from faktura.core.countries.vat import charges_vat
from faktura.core.documents.deductions import parts_of
from faktura.core.documents.record import CORRECTIONS, UNDER_OSS, ZERO, Line, VatSum
from faktura.core.documents.third_parties import ThirdParty
from faktura.core.documents.totals import native
from faktura.core.invoices.buyer import buyer_street_line
from faktura.core.invoices.record import Invoice
from faktura.core.money.words_for_money import in_polish
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.facts import Advance, Facts, Mark, Party, RateSum, SoldLine, Title, marked
from faktura.outputs.reading.ksef import verification_of
from faktura.outputs.reading.payment import with_payment


def facts_of(invoice: Invoice, context: Context) -> Facts:
    """What the document says, whoever reads it in whatever language."""
    is_receipt = invoice.kind == "tax_document"
    day = invoice.taxable_on if is_for_tax(invoice) and invoice.kind != "proforma" else None
    facts = Facts(
        **_taken(invoice),
        title=_title(invoice),
        seller=_seller(invoice),
        buyer=_buyer(invoice),
        delivery=_delivery(invoice),
        third_parties=tuple(_third_party(party) for party in invoice.third_parties),
        taxed=_shows_vat(invoice),
        untaxed_seller=invoice.seller.vat_mode == "non_vat_payer",
        taxable_on=None if is_receipt else day,
        received_on=day if is_receipt else None,
        lines=tuple(sold_line(line) for line in invoice.lines),
        cancelled=invoice.cancelled_at is not None,
        consumed_in="" if invoice.oss == "disabled" else invoice.buyer_country or "",
        exempt_under=exempt_under(invoice.vat_exemption, invoice.lines),
        selfbilling=invoice.seller.selfbilling and invoice.kind != "proforma" and is_for_tax(invoice),
        reverse_charge=_is_reverse(invoice),
        payment_link=context.payment_link,
        footer=invoice.footer_note or "",
        verification=verification_of(invoice),
        logo=context.logo,
        colour=context.colour,
        changed_at=invoice.updated_at,
    )
    return with_payment(invoice, _with_correction(invoice, _with_sums(invoice, context, facts)))


def _taken(invoice: Invoice) -> dict[str, Any]:
    """The facts that are the document's own attributes; what has no value is not said."""
    values = {name: getattr(invoice, name) for name in marked(Mark.TAKEN)}
    return {name: value for name, value in values.items() if value is not None}


def is_for_tax(invoice: Invoice) -> bool:
    """Whether a tax office goes by it: a payer's document, and an identified person's where the customer owes the tax.

    The latter is a supply to another country of the EU (§ 28 of the Czech VAT act). Under the one-stop shop it is the
    office of the customer's country, whatever the seller is at home.
    """
    mode = invoice.seller.vat_mode
    return mode == "vat_payer" or invoice.kind in UNDER_OSS or (mode == "identified_person" and _is_reverse(invoice))


def _shows_vat(invoice: Invoice) -> bool:
    """Where the customer owes the VAT of everything, no rate and no amount of it stands there (art. 106e (4)).

    Nor do they where the VAT is inside a margin (art. 106e (2) and (3)).
    """
    if invoice.vat_total or any(s.vat for s in invoice.vat_sums):
        return True
    charged = charges_vat(invoice.seller.vat_mode, reverse_charge=invoice.reverse_charge) and not invoice.margin_kind
    return charged and not (invoice.lines and all(ln.vat_treatment == "reverse_charge" for ln in invoice.lines))


def _title(invoice: Invoice) -> Title:
    return _TAX_TITLES.get(invoice.kind, invoice.kind) if is_for_tax(invoice) else invoice.kind


_TAX_TITLES: dict[str, Title] = {
    "invoice": "vat_invoice",
    "correction": "vat_correction",
    "final_invoice": "vat_final_invoice",
}


def _with_sums(invoice: Invoice, context: Context, facts: Facts) -> Facts:
    foreign = invoice.currency != invoice.native_currency and invoice.exchange_rate is not None
    return msgspec.structs.replace(
        facts,
        rate_sums=tuple(map(rate_sum, invoice.vat_sums)),
        received=tuple(_received(invoice)),
        advances=context.deducts,
        rest=tuple(_rest(invoice, context.deducts)),
        native_currency=invoice.native_currency if foreign else "",
        exchange_rate=invoice.exchange_rate if foreign else None,
        total=invoice.gross_total,
        total_in_words=in_polish(invoice.gross_total, invoice.currency) if invoice.seller.country == "PL" else "",
    )


def _received(invoice: Invoice) -> Iterator[RateSum]:
    """What an advance invoice took in, by rate, with the VAT inside (art. 106f (1) 3)."""
    if invoice.kind != "tax_document" or not invoice.advance_amount:
        return
    rate = invoice.exchange_rate
    for part, s in zip(parts_of(invoice), invoice.vat_sums, strict=True):
        yield RateSum(
            vat_rate=part.vat_rate,
            vat_treatment=s.vat_treatment,
            net=part.net,
            vat=part.vat,
            native_net=native(part.net, rate),
            native_vat=native(part.vat, rate),
        )


def _rest(invoice: Invoice, advances: tuple[Advance, ...]) -> Iterator[RateSum]:
    """Base and VAT by rate without those of advances (§ 37a of the Czech VAT act, art. 106f (3) of the Polish one)."""
    taken = [part for advance in advances for part in advance.by_rate]
    if not taken or invoice.kind == "tax_document":
        return
    sums = [rate_sum(s) for s in invoice.vat_sums]
    rates = dict.fromkeys((part.vat_rate, part.vat_treatment) for part in [*sums, *taken])
    for rate, treatment in rates:
        own = [part for part in sums if (part.vat_rate, part.vat_treatment) == (rate, treatment)]
        deducted = [part for part in taken if (part.vat_rate, part.vat_treatment) == (rate, treatment)]
        yield RateSum(
            vat_rate=rate,
            vat_treatment=treatment,
            net=_less([p.net for p in own], [p.net for p in deducted]) or ZERO,
            vat=_less([p.vat for p in own], [p.vat for p in deducted]) or ZERO,
            native_net=_less([p.native_net for p in own], [p.native_net for p in deducted]),
            native_vat=_less([p.native_vat for p in own], [p.native_vat for p in deducted]),
        )


def _less(some: list[Decimal | None], others: list[Decimal | None]) -> Decimal | None:
    """The ones without the others; unknown where one of them is."""
    known = [amount for amount in some if amount is not None]
    taken = [amount for amount in others if amount is not None]
    if len(known) != len(some) or len(taken) != len(others):
        return None
    return sum(known, ZERO) - sum(taken, ZERO)


def rate_sum(found: VatSum) -> RateSum:
    return RateSum(
        vat_rate=found.vat_rate,
        vat_treatment=found.vat_treatment,
        net=found.net,
        vat=found.vat,
        native_net=found.native_net,
        native_vat=found.native_vat,
    )


def _with_correction(invoice: Invoice, facts: Facts) -> Facts:
    if invoice.kind not in CORRECTIONS:
        return facts
    return msgspec.structs.replace(
        facts,
        corrected_number=invoice.corrected_number or "",
        corrected_on=invoice.corrected_on,
        correction_reason=_REASONS.get(invoice.correction_reason or "", ""),
    )


_REASONS = {"mistake": "Błąd rachunkowy lub inna oczywista omyłka", "other": "Inne: np. zwrot, rabat"}
"""Reasons of corrections are a matter of Polish documents."""


def sold_line(line: Line) -> SoldLine:
    return SoldLine(
        name=line.name,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_net_price,
        discount=line.discount,
        vat_rate=line.vat_rate,
        vat_treatment=line.vat_treatment,
        net=line.net,
        vat=line.vat,
        gross=line.gross,
        detail=line.pkwiu or line.cn or line.pkob or "",
        state="" if line.after is None else "after" if line.after else "before",
    )


def _is_reverse(invoice: Invoice) -> bool:
    by_line = any(line.vat_treatment == "reverse_charge" for line in invoice.lines)
    return (invoice.reverse_charge and invoice.seller.vat_mode != "non_vat_payer") or by_line


def exempt_under(exemption: str | None, lines: Iterable[Line]) -> str:
    """The provision, which has to stand on a Polish invoice (art. 106e (1) 19)."""
    found = lists.vat_exemptions().get(exemption or "")
    is_exempt = any(line.vat_treatment == "exempt" for line in lines)
    return ", ".join(filter(None, (found.basis, found.act))) if found and is_exempt else ""


def _seller(invoice: Invoice) -> Party:
    seller = invoice.seller
    return Party(
        name=seller.name,
        address=address_lines(seller.street, seller.postcode, seller.city),
        country=seller.country,
        registration_no=seller.registration_no or "",
        vat_no=seller.vat_no or "",
        local_vat_no=seller.local_vat_no or "",
    )


def _buyer(invoice: Invoice) -> Party:
    return Party(
        name=invoice.buyer_name,
        address=address_lines(buyer_street_line(invoice), invoice.buyer_postcode, invoice.buyer_city),
        country=invoice.buyer_country or invoice.seller.country,
        registration_no=invoice.buyer_registration_no or "",
        vat_no=invoice.buyer_vat_no or "",
        local_vat_no=invoice.buyer_local_vat_no or "",
    )


def _delivery(invoice: Invoice) -> Party | None:
    if not invoice.has_delivery_address:
        return None
    address = address_lines(invoice.delivery_street, invoice.delivery_postcode, invoice.delivery_city)
    name = invoice.delivery_name or invoice.buyer_name
    return Party(name=name, address=address, country=invoice.delivery_country or "")


def _third_party(party: ThirdParty) -> Party:
    numbers = "/".join(filter(None, (party.street_number, party.flat_number)))
    return Party(
        name=party.name,
        address=address_lines(" ".join(filter(None, (party.street, numbers))), party.postcode, party.city),
        country=party.country or "",
        vat_no=party.tax_no or "",
        role=lists.third_party_roles()[party.role].name,
    )


def address_lines(street: str | None, postcode: str | None, city: str | None) -> tuple[str, ...]:
    town = " ".join(filter(None, (postcode, city)))
    return tuple(line for line in (street, town) if line)
