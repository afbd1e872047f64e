"""The signs, cents and deductions of a document, settled once for all formats that other programs read."""

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.amounts import is_taxed
from faktura.core.documents.record import CORRECTIONS, ONE, Document, Line, Seller
from faktura.core.documents.status import called_paid
from faktura.core.documents.totals import native, sign
from faktura.core.errors import Reason, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.money.amounts import CENT, rounded
from faktura.core.vat_treatment import VatTreatment
from faktura.outputs.reading.context import Context, told_context_of
from faktura.outputs.reading.facts import Advance, RateSum
from faktura.outputs.reading.invoices import facts_of, is_for_tax
from faktura.outputs.reading.settled import (
    NOTHING,
    ZERO,
    Address,
    Amount,
    Charge,
    Deposit,
    Firm,
    Item,
    Settled,
    Sort,
    Tax,
    TaxedDeposit,
)
from faktura.outputs.reading.texts import in_one_line


class Unbalanced(Exception):  # noqa: N818 (says what a document is)
    """Lines and sums of a rate differ by more than rounding explains: a fault of whoever computed them."""


def settled_in(books: Books, invoice: Invoice) -> Settled:
    """The same where nobody wants the context for more; raises as `settle` does."""
    return settle(invoice, told_context_of(books, invoice))


def settle(invoice: Invoice, context: Context) -> Settled:
    """What other programs are told of the document.

    Raises:
        WrongState: something that every format needs is not known of it.
        Unbalanced: its lines do not come to its sums.

    """
    if (reason := unfit(invoice)) is not None:
        raise WrongState(reason)
    rate = rate_of(invoice)
    facts, factor = facts_of(invoice, context), -1 if _is_credit(invoice) else 1
    sums = facts.received or facts.rate_sums
    items = _received(sums, invoice, rate) if facts.received else items_of(invoice, sums, rate, factor)
    shown = not invoice.hide_bank_account
    return Settled(
        facts=facts,
        uuid=invoice.uuid,
        sort=_sort(invoice),
        is_taxed=is_for_tax(invoice) and invoice.kind != "proforma",
        seller=seller_firm(invoice.seller),
        buyer=buyer_firm(invoice),
        delivery=_delivery(invoice),
        buyer_reference=in_one_line(invoice.buyer_reference),
        taxed_on=invoice.taxable_on or invoice.issued_on,
        from_gross=invoice.price_mode == "from_total_with_vat",
        sells_goods=invoice.sale_kind == "merchandise" or invoice.sale_date_kind == "goods",
        supply_code=invoice.supply_code or "",
        corrected_kind=context.corrected_kind,
        corrected_uuid=invoice.corrected_uuid or "",
        currency=invoice.currency,
        native_currency=invoice.native_currency,
        exchange_rate=rate,
        items=tuple(items),
        taxes=_with_claims(taxes_of(invoice, sums, rate, factor), invoice, context.deducts, rate),
        taxed_deposits=tuple(_taxed_deposits(invoice, context.deducts, rate)),
        deposits=tuple(_deposits(invoice, context, rate)),
        paid_before=NOTHING if invoice.kind == "tax_document" else _paid_before(invoice, rate).times(factor),
        rounding=NOTHING if facts.received else rounding_of(invoice, rate).times(factor),
        payment_method=invoice.payment_method,
        bank_account=in_one_line(invoice.bank_account) if shown else "",
        bank_name=in_one_line(invoice.bank_name) if shown else "",
        iban=in_one_line(invoice.iban) if shown else "",
        bic=in_one_line(invoice.bic) if shown else "",
        variable_symbol=in_one_line(invoice.variable_symbol),
    )


def unfit(document: Document) -> Reason | None:
    """Why no program can be told of the document as it is."""
    if not document.lines:
        return "without_lines"
    if document.currency != document.native_currency and document.exchange_rate is None:
        return "without_rate"
    if isinstance(document, Invoice) and document.kind in CORRECTIONS and not document.corrected_number:
        return "without_original"
    return None


def rate_of(document: Document) -> Decimal:
    """What a unit of its currency is worth in the books."""
    if document.exchange_rate is None or document.currency == document.native_currency:
        return ONE
    return document.exchange_rate


def _is_credit(invoice: Invoice) -> bool:
    return invoice.kind in CORRECTIONS and invoice.gross_total <= 0


def _sort(invoice: Invoice) -> Sort:
    if invoice.kind in CORRECTIONS:
        return "credit_note" if _is_credit(invoice) else "debit_note"
    if invoice.kind in {"proforma", "tax_document"}:
        return "proforma" if invoice.kind == "proforma" else "tax_document"
    return "invoice"


def _amount(own: Decimal, rate: Decimal, known: Decimal | None = None) -> Amount:
    """With what it is worth in the books where that is known, else at the document's rate."""
    if rate == ONE:
        return Amount(own, own)
    return Amount(own, (native(own, rate) or ZERO) if known is None else known)


def charge_of(document: Document, rate: Decimal, treatment: VatTreatment) -> Charge:
    """What a line's rate comes to on this document: some sellers charge none, and some buyers owe all."""
    if treatment == "taxed" and not is_taxed(document):
        owed = document.reverse_charge and document.vat_mode != "non_vat_payer"
        treatment = "reverse_charge" if owed else "not_subject"
    return Charge(rate if treatment in {"taxed", "reverse_charge"} else ZERO, treatment)


def items_of(document: Document, sums: Sequence[RateSum], rate: Decimal, factor: int) -> Iterator[Item]:
    """Each line as an item, with the cents that are missing to the sum of its rate put into the largest of them."""
    items = [_item(document, line, rate, factor * sign(line)) for line in document.lines]
    for found in sums:
        wanted = _amount(found.net, rate, found.native_net).times(factor)
        places = [place for place, line in enumerate(document.lines) if _is_of(line, found)]
        missing = wanted - sum((items[place].net for place in places), NOTHING)
        if missing != NOTHING:
            _check_missing(missing.own, len(places))
            largest = max(places, key=lambda place: abs(items[place].net.own))
            items[largest] = _with_cents(items[largest], missing, keeps_gross=document.price_mode != "without_vat")
    yield from items


def _is_of(line: Line, found: RateSum) -> bool:
    return (line.vat_rate, line.vat_treatment) == (found.vat_rate, found.vat_treatment)


def _check_missing(missing: Decimal, lines: int) -> None:
    """More is missing in the books alone where an advance was taxed at the rate of another day (decision 24)."""
    if abs(missing) > CENT * lines:
        message = f"{missing} in {lines} lines"
        raise Unbalanced(message)


def _with_cents(item: Item, missing: Amount, *, keeps_gross: bool) -> Item:
    vat = item.vat - missing if keeps_gross else item.vat
    return msgspec.structs.replace(item, net=item.net + missing, vat=vat)


def _item(document: Document, line: Line, rate: Decimal, factor: int) -> Item:
    """A price below zero is turned into a quantity below zero."""
    turned = -1 if (line.unit_net_price or line.unit_gross_price or line.net) < 0 else 1
    before = line.unit_price_before_discount
    return Item(
        id=str(line.id),
        name=in_one_line(line.name),
        quantity=line.quantity * factor * turned + 0,
        unit=in_one_line(line.unit),
        code=in_one_line(line.item_code),
        gtin=in_one_line(line.gtin),
        unit_price=_price(line.unit_net_price * turned, rate),
        unit_gross_price=_price(line.unit_gross_price * turned, rate, _places(line.unit_net_price)),
        net=_amount(line.net, rate, line.native_net).times(factor),
        vat=_amount(line.vat, rate, line.native_vat).times(factor),
        before_discount=None
        if before is None or not line.discount
        else _amount(rounded(before * line.quantity), rate).times(factor),
        charge=charge_of(document, line.vat_rate, line.vat_treatment),
    )


def _price(own: Decimal, rate: Decimal, places: Decimal | None = None) -> Amount:
    """Of one unit, in no more places than it has or, beside another, than that has: hundredths at least."""
    unit = places or _places(own)
    return Amount(rounded(own, unit), rounded(own * rate, unit))


def _places(price: Decimal) -> Decimal:
    exponent = price.normalize().as_tuple().exponent
    return min(CENT, ONE.scaleb(exponent)) if isinstance(exponent, int) else CENT


def _received(sums: Sequence[RateSum], invoice: Invoice, rate: Decimal) -> Iterator[Item]:
    """An advance whose lines are the order that it is of: an item for each rate that it took in."""
    for number, found in enumerate(sums, 1):
        net, vat = _amount(found.net, rate, found.native_net), _amount(found.vat, rate, found.native_vat)
        turned = -1 if net.own < 0 else 1
        yield Item(
            id=str(number),
            name=in_one_line(next(line.name for line in invoice.lines if _is_of(line, found))),
            quantity=ONE * turned,
            unit_price=net.times(turned),
            unit_gross_price=(net + vat).times(turned),
            net=net,
            vat=vat,
            charge=charge_of(invoice, found.vat_rate, found.vat_treatment),
        )


def taxes_of(document: Document, sums: Iterable[RateSum], rate: Decimal, factor: int) -> dict[Charge, Tax]:
    taxes: dict[Charge, Tax] = {}
    for found in sums:
        charge = charge_of(document, found.vat_rate, found.vat_treatment)
        old = taxes.get(charge, Tax(charge=charge, net=NOTHING, vat=NOTHING))
        taxes[charge] = Tax(
            charge=charge,
            net=old.net + _amount(found.net, rate, found.native_net).times(factor),
            vat=old.vat + _amount(found.vat, rate, found.native_vat).times(factor),
        )
    return taxes


def _with_claims(
    taxes: dict[Charge, Tax], invoice: Invoice, advances: Sequence[Advance], rate: Decimal
) -> tuple[Tax, ...]:
    """With what was taxed before; a rate that was taxed before alone stands there with nothing of its own."""
    claimed = dict(taxes)
    for deposit in _taxed_deposits(invoice, advances, rate):
        old = claimed.get(deposit.charge, Tax(charge=deposit.charge, net=NOTHING, vat=NOTHING))
        claimed[deposit.charge] = msgspec.structs.replace(
            old, claimed_net=old.claimed_net + deposit.net, claimed_vat=old.claimed_vat + deposit.vat
        )
    return tuple(claimed.values())


def _taxed_deposits(invoice: Invoice, advances: Sequence[Advance], rate: Decimal) -> Iterator[TaxedDeposit]:
    """Advances before an advance are of its order, and not of what it took in."""
    for advance in advances if invoice.kind != "tax_document" else ():
        for part in advance.by_rate:
            yield TaxedDeposit(
                number=in_one_line(advance.number),
                variable_symbol=in_one_line(advance.variable_symbol),
                charge=charge_of(invoice, part.vat_rate, part.vat_treatment),
                net=_amount(part.net, rate, part.native_net),
                vat=_amount(part.vat, rate, part.native_vat),
            )


def _deposits(invoice: Invoice, context: Context, rate: Decimal) -> Iterator[Deposit]:
    """Proformas that were paid; what an advance took in was paid on its proforma, or else on itself."""
    if invoice.kind == "tax_document":
        took_in = invoice.advance_amount or invoice.gross_total
        symbol = invoice.variable_symbol or ""
        itself = Advance(number=invoice.number, amount=took_in, variable_symbol=symbol)
        yield _deposit(context.receipt or itself, took_in, rate)
        return
    for advance in context.deducts:
        if not advance.by_rate:
            yield _deposit(advance, advance.amount, rate)


def _deposit(advance: Advance, amount: Decimal, rate: Decimal) -> Deposit:
    number, symbol = in_one_line(advance.number), in_one_line(advance.variable_symbol)
    return Deposit(number=number, variable_symbol=symbol, amount=_amount(amount, rate))


def _paid_before(invoice: Invoice, rate: Decimal) -> Amount:
    paid = [_amount(p.amount, rate, p.native_amount) for p in invoice.payments if p.paid_on <= invoice.issued_on]
    if invoice.paid_on is not None and invoice.paid_on <= invoice.issued_on:
        paid.append(_amount(called_paid(invoice), rate))
    return sum(paid, NOTHING)


def rounding_of(document: Document, rate: Decimal) -> Amount:
    """In the books it is whatever is missing between the sums of rates and the total."""
    if rate == ONE or document.native_gross_total is None:
        return _amount(document.rounding, rate)
    sums = sum(((s.native_net or ZERO) + (s.native_vat or ZERO) for s in document.vat_sums), ZERO)
    return Amount(document.rounding, document.native_gross_total - sums)


def seller_firm(seller: Seller) -> Firm:
    return Firm(
        name=in_one_line(seller.name),
        address=_address(seller.street, seller.city, seller.postcode, seller.country),
        registration_no=in_one_line(seller.registration_no),
        vat_no=in_one_line(seller.vat_no),
        local_vat_no=in_one_line(seller.local_vat_no),
        contact_name=in_one_line(seller.contact_name),
        phone=in_one_line(seller.phone),
        email=in_one_line(seller.email),
        register_note=in_one_line(seller.register_note),
        electronic_scheme=seller.electronic_scheme or "",
        electronic_address=in_one_line(seller.electronic_address),
    )


def buyer_firm(invoice: Invoice) -> Firm:
    return Firm(
        name=in_one_line(invoice.buyer_name),
        address=_address(
            invoice.buyer_street,
            invoice.buyer_city,
            invoice.buyer_postcode,
            invoice.buyer_country or invoice.seller.country,
            "/".join(filter(None, (invoice.buyer_street_number, invoice.buyer_flat_number))),
        ),
        registration_no=in_one_line(invoice.buyer_registration_no),
        vat_no=in_one_line(invoice.buyer_vat_no),
        local_vat_no=in_one_line(invoice.buyer_local_vat_no),
        contact_name=in_one_line(invoice.buyer_contact_name),
        phone=in_one_line(invoice.buyer_phone),
        email=in_one_line(invoice.buyer_email),
        electronic_scheme=invoice.buyer_electronic_scheme or "",
        electronic_address=in_one_line(invoice.buyer_electronic_address),
    )


def _delivery(invoice: Invoice) -> Firm | None:
    if not invoice.has_delivery_address:
        return None
    country = invoice.delivery_country or invoice.buyer_country or invoice.seller.country
    address = _address(invoice.delivery_street, invoice.delivery_city, invoice.delivery_postcode, country)
    return Firm(name=in_one_line(invoice.delivery_name or invoice.buyer_name), address=address)


def _address(street: str | None, city: str | None, postcode: str | None, country: str, house: str = "") -> Address:
    line = in_one_line(street)
    found = None if house else _HOUSE.fullmatch(line)
    return Address(
        street=found["street"] if found else line,
        house=found["house"] if found else in_one_line(house),
        city=in_one_line(city),
        postcode=in_one_line(postcode),
        country=country,
    )


_HOUSE = re.compile(r"(?P<street>.*\S)\s+(?P<house>\d[\w/.-]*)")
"""A street whose last word is a number."""
