"""An e-invoice that somebody else issued, read: what it says, for people who look at it."""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from faktura.core.received.received_invoice import Named, ReceivedInvoice, Sort, ToldLine, ToldRate
from faktura.outputs.reading.facts import ZERO, Facts, Party, RateSum, SoldLine, Title
from faktura.outputs.reading.invoices import address_lines

CENT = Decimal("0.01")
WHOLE = Decimal(100)


def facts_of_received(invoice: ReceivedInvoice, issued_on: dt.date) -> Facts:
    """What the invoice says of itself; a day of issue that it does not say is `issued_on`."""
    net, vat = (sum((getattr(rate, name) for rate in invoice.rates), ZERO) for name in ("net", "vat"))
    return Facts(
        title=TITLES[invoice.sort],
        number=invoice.number,
        seller=_party(invoice.supplier),
        buyer=_party(invoice.buyer),
        issued_on=invoice.issued_on or issued_on,
        taxable_on=invoice.taxable_on,
        due_on=invoice.due_on,
        currency=invoice.currency,
        order_number=invoice.order_number,
        corrected_number=", ".join(invoice.corrected),
        payment_method=invoice.payment_method,
        bank_account=invoice.bank_account,
        iban=invoice.iban,
        bic=invoice.bic,
        variable_symbol=invoice.variable_symbol,
        lines=tuple(map(_line, invoice.lines)),
        rate_sums=tuple(map(_rate_sum, invoice.rates)),
        net_total=net,
        vat_total=vat,
        rounding=invoice.rounding,
        total=invoice.total,
        paid=invoice.prepaid,
        to_pay=invoice.payable,
        note=invoice.note,
    )


def _party(named: Named) -> Party:
    return Party(
        name=named.name,
        address=address_lines(named.street, named.postcode, named.city),
        country=named.country,
        registration_no=named.registration_no,
        vat_no=named.vat_no,
        local_vat_no=named.local_vat_no,
    )


def _line(told: ToldLine) -> SoldLine:
    """Its VAT follows from its rate: the file says what all lines of a rate have of it together."""
    vat = (told.net * told.vat_rate / WHOLE).quantize(CENT, ROUND_HALF_UP)
    return SoldLine(
        name=told.name,
        quantity=told.quantity,
        unit=told.unit,
        unit_price=told.unit_price,
        vat_rate=told.vat_rate,
        vat_treatment=told.treatment,
        net=told.net,
        vat=vat,
        gross=told.net + vat,
    )


def _rate_sum(told: ToldRate) -> RateSum:
    return RateSum(vat_rate=told.vat_rate, vat_treatment=told.treatment, net=told.net, vat=told.vat)


TITLES: Mapping[Sort, Title] = {
    "invoice": "vat_invoice",
    "credit_note": "vat_correction",
    "debit_note": "vat_correction",
    "proforma": "proforma",
    "tax_document": "tax_document",
}
