"""A document of the European standard as CII, the cross-industry invoice of the United Nations (D16B, Factur-X)."""

import datetime as dt
from decimal import Decimal

from faktura.outputs.e_invoices.en16931 import TRANSFER, Rate, RateTotal, SoldItem, Standard
from faktura.outputs.e_invoices.numbers import cents, number
from faktura.outputs.e_invoices.parties import TradeParty
from faktura.outputs.e_invoices.ubl import CUSTOMIZATIONS, PROCESSES
from faktura.outputs.reading.settled import Address, Firm
from faktura.outputs.reading.texts import in_one_line
from faktura.xml import Node

_DATA = "urn:un:unece:uncefact:data:standard:"
_NAMESPACES = {
    "rsm": f"{_DATA}CrossIndustryInvoice:100",
    "ram": f"{_DATA}ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{_DATA}UnqualifiedDataType:100",
}
_QUALIFIED = {"qdt": f"{_DATA}QualifiedDataType:100"}

_DAY = "102"
"""Of the list of formats of dates: year, month and day without anything between."""


def cii(said: Standard) -> bytes:
    declared = _NAMESPACES | _QUALIFIED if said.preceding else _NAMESPACES
    root = Node.root("rsm:CrossIndustryInvoice", declared)
    _add_head(root, said)
    trade = root.add("rsm:SupplyChainTradeTransaction")
    for item in said.items:
        _add_item(trade.add("ram:IncludedSupplyChainTradeLineItem"), item)
    agreement = trade.add("ram:ApplicableHeaderTradeAgreement")
    agreement.add_known("ram:BuyerReference", said.buyer_reference)
    _add_party(agreement.add("ram:SellerTradeParty"), said.seller)
    _add_party(agreement.add("ram:BuyerTradeParty"), said.buyer)
    _add_delivery(trade.add("ram:ApplicableHeaderTradeDelivery"), said)
    _add_settlement(trade.add("ram:ApplicableHeaderTradeSettlement"), said)
    return root.written()


def _add_head(root: Node, said: Standard) -> None:
    context = root.add("rsm:ExchangedDocumentContext")
    if process := PROCESSES[said.profile]:
        context.add("ram:BusinessProcessSpecifiedDocumentContextParameter").add("ram:ID", process)
    context.add("ram:GuidelineSpecifiedDocumentContextParameter").add("ram:ID", CUSTOMIZATIONS[said.profile])
    document = root.add("rsm:ExchangedDocument")
    document.add("ram:ID", in_one_line(said.settled.facts.number))
    document.add("ram:TypeCode", said.type_code)
    _add_day(document, "IssueDateTime", said.settled.facts.issued_on)
    if said.note:
        document.add("ram:IncludedNote").add("ram:Content", said.note)


def _add_day(parent: Node, name: str, day: dt.date | None) -> None:
    if day is not None:
        parent.add(f"ram:{name}").add("udt:DateTimeString", f"{day:%Y%m%d}", format=_DAY)


def _add_item(line: Node, sold: SoldItem) -> None:
    document = line.add("ram:AssociatedDocumentLineDocument")
    document.add("ram:LineID", sold.number)
    if sold.note:
        document.add("ram:IncludedNote").add("ram:Content", sold.note)
    product = line.add("ram:SpecifiedTradeProduct")
    if sold.gtin:
        product.add("ram:GlobalID", sold.gtin, schemeID="0160")
    product.add_known("ram:SellerAssignedID", sold.code)
    product.add("ram:Name", sold.name)
    price = line.add("ram:SpecifiedLineTradeAgreement").add("ram:NetPriceProductTradePrice")
    price.add("ram:ChargeAmount", number(sold.price))
    if sold.base_quantity is not None:
        price.add("ram:BasisQuantity", number(sold.base_quantity), unitCode=sold.unit_code)
    delivery = line.add("ram:SpecifiedLineTradeDelivery")
    delivery.add("ram:BilledQuantity", number(sold.quantity), unitCode=sold.unit_code)
    settlement = line.add("ram:SpecifiedLineTradeSettlement")
    tax = settlement.add("ram:ApplicableTradeTax")
    tax.add("ram:TypeCode", "VAT")
    _add_rate(tax, sold.rate, with_code=False)
    summation = settlement.add("ram:SpecifiedTradeSettlementLineMonetarySummation")
    summation.add("ram:LineTotalAmount", cents(sold.net))


def _add_rate(tax: Node, rate: Rate, *, with_code: bool) -> None:
    tax.add("ram:CategoryCode", rate.category)
    if with_code:
        tax.add_known("ram:ExemptionReasonCode", rate.reason_code)
    if rate.percent is not None:
        tax.add("ram:RateApplicablePercent", number(rate.percent))


def _add_party(party: Node, trade: TradeParty) -> None:
    firm = trade.firm
    party.add("ram:Name", firm.name)
    if trade.legal_no:
        party.add("ram:SpecifiedLegalOrganization").add("ram:ID", trade.legal_no)
    _add_contact(party, firm)
    _add_address(party.add("ram:PostalTradeAddress"), firm.address)
    if trade.endpoint:
        address = party.add("ram:URIUniversalCommunication")
        address.add("ram:URIID", trade.endpoint.value, schemeID=trade.endpoint.scheme)
    if trade.vat_no:
        party.add("ram:SpecifiedTaxRegistration").add("ram:ID", trade.vat_no, schemeID="VA")


def _add_contact(party: Node, firm: Firm) -> None:
    if not (firm.contact_name or firm.phone or firm.email):
        return
    contact = party.add("ram:DefinedTradeContact")
    contact.add_known("ram:PersonName", firm.contact_name)
    if firm.phone:
        contact.add("ram:TelephoneUniversalCommunication").add("ram:CompleteNumber", firm.phone)
    if firm.email:
        contact.add("ram:EmailURIUniversalCommunication").add("ram:URIID", firm.email)


def _add_address(parent: Node, address: Address) -> None:
    parent.add_known("ram:PostcodeCode", address.postcode)
    parent.add_known("ram:LineOne", address.line)
    parent.add_known("ram:CityName", address.city)
    parent.add("ram:CountryID", address.country)


def _add_delivery(delivery: Node, said: Standard) -> None:
    """The day of the supply stands here, and nowhere else (BT-72)."""
    if said.deliver_to is not None:
        place, to = delivery.add("ram:ShipToTradeParty"), said.deliver_to
        place.add_known("ram:Name", to.name)
        _add_address(place.add("ram:PostalTradeAddress"), to.address)
    if said.settled.is_taxed or said.tells_delivery:
        event = delivery.add("ram:ActualDeliverySupplyChainEvent")
        _add_day(event, "OccurrenceDateTime", said.settled.taxed_on)


def _add_settlement(settlement: Node, said: Standard) -> None:
    settled, facts = said.settled, said.settled.facts
    settlement.add_known("ram:PaymentReference", settled.variable_symbol)
    if said.native_vat is not None:
        settlement.add("ram:TaxCurrencyCode", settled.native_currency)
    settlement.add("ram:InvoiceCurrencyCode", settled.currency)
    _add_means(settlement.add("ram:SpecifiedTradeSettlementPaymentMeans"), said)
    for total in said.totals:
        _add_total(settlement.add("ram:ApplicableTradeTax"), total)
    if said.period:
        period = settlement.add("ram:BillingSpecifiedPeriod")
        for place, day in zip(("Start", "End"), said.period, strict=True):
            _add_day(period, f"{place}DateTime", day)
    if facts.due_on is not None:
        _add_day(settlement.add("ram:SpecifiedTradePaymentTerms"), "DueDateDateTime", facts.due_on)
    _add_sums(settlement.add("ram:SpecifiedTradeSettlementHeaderMonetarySummation"), said)
    for before in said.preceding:
        reference = settlement.add("ram:InvoiceReferencedDocument")
        reference.add("ram:IssuerAssignedID", before.number)
        if before.issued_on is not None:
            issued = reference.add("ram:FormattedIssueDateTime")
            issued.add("qdt:DateTimeString", f"{before.issued_on:%Y%m%d}", format=_DAY)


def _add_means(means: Node, said: Standard) -> None:
    settled = said.settled
    means.add("ram:TypeCode", said.means_code)
    if said.means_code != TRANSFER:
        return
    account = means.add("ram:PayeePartyCreditorFinancialAccount")
    account.add("ram:IBANID" if settled.iban else "ram:ProprietaryID", said.account)
    if settled.bic:
        means.add("ram:PayeeSpecifiedCreditorFinancialInstitution").add("ram:BICID", settled.bic)


def _add_total(tax: Node, total: RateTotal) -> None:
    tax.add("ram:CalculatedAmount", cents(total.vat))
    tax.add("ram:TypeCode", "VAT")
    tax.add_known("ram:ExemptionReason", total.rate.reason)
    tax.add("ram:BasisAmount", cents(total.net))
    _add_rate(tax, total.rate, with_code=True)


def _add_sums(totals: Node, said: Standard) -> None:
    settled = said.settled
    _add_sum(totals, "LineTotalAmount", said.net)
    _add_sum(totals, "TaxBasisTotalAmount", said.net)
    totals.add("ram:TaxTotalAmount", cents(said.vat), currencyID=settled.currency)
    if said.native_vat is not None:
        totals.add("ram:TaxTotalAmount", cents(said.native_vat), currencyID=settled.native_currency)
    if settled.rounding.own:
        _add_sum(totals, "RoundingAmount", settled.rounding.own)
    _add_sum(totals, "GrandTotalAmount", said.net + said.vat)
    if settled.paid.own:
        _add_sum(totals, "TotalPrepaidAmount", settled.paid.own)
    _add_sum(totals, "DuePayableAmount", settled.payable.own)


def _add_sum(totals: Node, name: str, amount: Decimal) -> None:
    totals.add(f"ram:{name}", cents(amount))
