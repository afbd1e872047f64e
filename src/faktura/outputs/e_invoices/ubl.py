"""A document of the European standard as UBL 2.1, in the order of its schemas."""

import datetime as dt
from decimal import Decimal

from faktura.core.e_invoices import Profile
from faktura.outputs.e_invoices.en16931 import TRANSFER, Rate, RateTotal, SoldItem, Standard
from faktura.outputs.e_invoices.numbers import cents, number
from faktura.outputs.e_invoices.parties import TradeParty
from faktura.outputs.reading.settled import Address
from faktura.outputs.reading.texts import in_one_line
from faktura.xml import Node

_COMMON = "urn:oasis:names:specification:ubl:schema:xsd:"
_NAMESPACES = {"cac": f"{_COMMON}CommonAggregateComponents-2", "cbc": f"{_COMMON}CommonBasicComponents-2"}

_PEPPOL = "urn:fdc:peppol.eu:2017:poacc:billing:"
_STANDARD = "urn:cen.eu:en16931:2017"
CUSTOMIZATIONS: dict[Profile, str] = {
    "peppol": f"{_STANDARD}#compliant#{_PEPPOL}3.0",
    "xrechnung": f"{_STANDARD}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    "en16931": _STANDARD,
}
PROCESSES: dict[Profile, str] = {"peppol": f"{_PEPPOL}01:1.0", "xrechnung": f"{_PEPPOL}01:1.0", "en16931": ""}
"""The process of business that a file is of (BT-23), which the bare standard does not name."""


def ubl(said: Standard) -> bytes:
    name = "CreditNote" if said.is_credit_note else "Invoice"
    root = Node.root(name, {"": f"{_COMMON}{name}-2", **_NAMESPACES})
    _add_head(root, said)
    _add_party(root.add("cac:AccountingSupplierParty"), said.seller)
    _add_party(root.add("cac:AccountingCustomerParty"), said.buyer)
    _add_delivery(root, said)
    _add_payment(root, said)
    _add_taxes(root, said)
    _add_sums(root.add("cac:LegalMonetaryTotal"), said)
    for item in said.items:
        _add_item(root, item, said)
    return root.written()


def _add_head(root: Node, said: Standard) -> None:
    settled, facts = said.settled, said.settled.facts
    root.add("cbc:CustomizationID", CUSTOMIZATIONS[said.profile])
    root.add_known("cbc:ProfileID", PROCESSES[said.profile])
    root.add("cbc:ID", in_one_line(facts.number))
    root.add("cbc:IssueDate", facts.issued_on.isoformat())
    if said.is_credit_note:
        _add_tax_point(root, said)
        root.add("cbc:CreditNoteTypeCode", said.type_code)
        root.add_known("cbc:Note", said.note)
    else:
        if facts.due_on is not None:
            root.add("cbc:DueDate", facts.due_on.isoformat())
        root.add("cbc:InvoiceTypeCode", said.type_code)
        root.add_known("cbc:Note", said.note)
        _add_tax_point(root, said)
    root.add("cbc:DocumentCurrencyCode", settled.currency)
    if said.native_vat is not None:
        root.add("cbc:TaxCurrencyCode", settled.native_currency)
    root.add_known("cbc:BuyerReference", said.buyer_reference)
    if said.period:
        period = root.add("cac:InvoicePeriod")
        for place, day in zip(("Start", "End"), said.period, strict=True):
            period.add(f"cbc:{place}Date", day.isoformat())
    for before in said.preceding:
        reference = root.add("cac:BillingReference").add("cac:InvoiceDocumentReference")
        reference.add("cbc:ID", before.number)
        _add_day(reference, "cbc:IssueDate", before.issued_on)


def _add_tax_point(root: Node, said: Standard) -> None:
    """Only where it is another day than that of the document, and VAT is a matter of it."""
    settled = said.settled
    if settled.is_taxed and settled.taxed_on != settled.facts.issued_on:
        root.add("cbc:TaxPointDate", settled.taxed_on.isoformat())


def _add_party(parent: Node, trade: TradeParty) -> None:
    party, firm = parent.add("cac:Party"), trade.firm
    if trade.endpoint:
        party.add("cbc:EndpointID", trade.endpoint.value, schemeID=trade.endpoint.scheme)
    party.add("cac:PartyName").add("cbc:Name", firm.name)
    _add_address(party.add("cac:PostalAddress"), firm.address)
    if trade.vat_no:
        tax = party.add("cac:PartyTaxScheme")
        tax.add("cbc:CompanyID", trade.vat_no)
        tax.add("cac:TaxScheme").add("cbc:ID", "VAT")
    legal = party.add("cac:PartyLegalEntity")
    legal.add("cbc:RegistrationName", firm.name)
    legal.add_known("cbc:CompanyID", trade.legal_no)
    if firm.contact_name or firm.phone or firm.email:
        contact = party.add("cac:Contact")
        contact.add_known("cbc:Name", firm.contact_name)
        contact.add_known("cbc:Telephone", firm.phone)
        contact.add_known("cbc:ElectronicMail", firm.email)


def _add_address(parent: Node, address: Address) -> None:
    parent.add_known("cbc:StreetName", address.line)
    parent.add_known("cbc:CityName", address.city)
    parent.add_known("cbc:PostalZone", address.postcode)
    parent.add("cac:Country").add("cbc:IdentificationCode", address.country)


def _add_delivery(root: Node, said: Standard) -> None:
    if not said.tells_delivery or said.deliver_to is None:
        return
    delivery, to = root.add("cac:Delivery"), said.deliver_to
    delivery.add("cbc:ActualDeliveryDate", said.settled.taxed_on.isoformat())
    _add_address(delivery.add("cac:DeliveryLocation").add("cac:Address"), to.address)
    if to.name:
        delivery.add("cac:DeliveryParty").add("cac:PartyName").add("cbc:Name", to.name)


def _add_payment(root: Node, said: Standard) -> None:
    means, settled = root.add("cac:PaymentMeans"), said.settled
    means.add("cbc:PaymentMeansCode", said.means_code)
    if said.is_credit_note:
        _add_day(means, "cbc:PaymentDueDate", settled.facts.due_on)
    means.add_known("cbc:PaymentID", settled.variable_symbol)
    if said.means_code == TRANSFER:
        account = means.add("cac:PayeeFinancialAccount")
        account.add("cbc:ID", said.account)
        if settled.bic:
            account.add("cac:FinancialInstitutionBranch").add("cbc:ID", settled.bic)


def _add_taxes(root: Node, said: Standard) -> None:
    currency = said.settled.currency
    total = root.add("cac:TaxTotal")
    total.add("cbc:TaxAmount", cents(said.vat), currencyID=currency)
    for of_rate in said.totals:
        _add_subtotal(total.add("cac:TaxSubtotal"), of_rate, currency)
    if said.native_vat is not None:
        native = said.settled.native_currency
        root.add("cac:TaxTotal").add("cbc:TaxAmount", cents(said.native_vat), currencyID=native)


def _add_subtotal(parent: Node, total: RateTotal, currency: str) -> None:
    parent.add("cbc:TaxableAmount", cents(total.net), currencyID=currency)
    parent.add("cbc:TaxAmount", cents(total.vat), currencyID=currency)
    _add_category(parent.add("cac:TaxCategory"), total.rate, with_reason=True)


def _add_category(category: Node, rate: Rate, *, with_reason: bool) -> None:
    category.add("cbc:ID", rate.category)
    if rate.percent is not None:
        category.add("cbc:Percent", number(rate.percent))
    if with_reason:
        category.add_known("cbc:TaxExemptionReasonCode", rate.reason_code)
        category.add_known("cbc:TaxExemptionReason", rate.reason)
    category.add("cac:TaxScheme").add("cbc:ID", "VAT")


def _add_sums(totals: Node, said: Standard) -> None:
    settled = said.settled
    sums: dict[str, Decimal] = {
        "LineExtensionAmount": said.net,
        "TaxExclusiveAmount": said.net,
        "TaxInclusiveAmount": said.net + said.vat,
    }
    if settled.paid.own:
        sums["PrepaidAmount"] = settled.paid.own
    if settled.rounding.own:
        sums["PayableRoundingAmount"] = settled.rounding.own
    sums["PayableAmount"] = settled.payable.own
    for name, amount in sums.items():
        totals.add(f"cbc:{name}", cents(amount), currencyID=settled.currency)


def _add_item(root: Node, sold: SoldItem, said: Standard) -> None:
    noun, verb = ("CreditNote", "Credited") if said.is_credit_note else ("Invoice", "Invoiced")
    currency = said.settled.currency
    line = root.add(f"cac:{noun}Line")
    line.add("cbc:ID", sold.number)
    line.add_known("cbc:Note", sold.note)
    line.add(f"cbc:{verb}Quantity", number(sold.quantity), unitCode=sold.unit_code)
    line.add("cbc:LineExtensionAmount", cents(sold.net), currencyID=currency)
    item = line.add("cac:Item")
    item.add("cbc:Name", sold.name)
    if sold.code:
        item.add("cac:SellersItemIdentification").add("cbc:ID", sold.code)
    if sold.gtin:
        item.add("cac:StandardItemIdentification").add("cbc:ID", sold.gtin, schemeID="0160")
    _add_category(item.add("cac:ClassifiedTaxCategory"), sold.rate, with_reason=False)
    price = line.add("cac:Price")
    price.add("cbc:PriceAmount", number(sold.price), currencyID=currency)
    if sold.base_quantity is not None:
        price.add("cbc:BaseQuantity", number(sold.base_quantity), unitCode=sold.unit_code)


def _add_day(parent: Node, name: str, day: dt.date | None) -> None:
    if day is not None:
        parent.add(name, day.isoformat())
