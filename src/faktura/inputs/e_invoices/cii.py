"""A cross-industry invoice (CII) of the United Nations, as Factur-X and XRechnung have it, or of ZUGFeRD 1 before them.

That one has other names for some elements, which stand behind those of today.
"""

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from faktura.core.received.received_invoice import Enclosed, Named, ReceivedInvoice, ToldLine
from faktura.inputs.e_invoices.elements import Element
from faktura.inputs.e_invoices.payment import METHODS, account_of, bic_of
from faktura.inputs.e_invoices.said import Charge, Said, by_rate, exchange_rate_of, line_of
from faktura.inputs.e_invoices.standard import (
    attachments,
    charge_of,
    corrects,
    price_of_one,
    sort_of,
    warn_of_addresses,
)
from faktura.inputs.e_invoices.units import unit_of

_HEAD = "ExchangedDocument|HeaderExchangedDocument"
_TRADE = "SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction"
_AGREEMENT = "ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement"
_DELIVERY = "ApplicableHeaderTradeDelivery|ApplicableSupplyChainTradeDelivery"
_SETTLEMENT = "ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement"
_SUMS = "SpecifiedTradeSettlementHeaderMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
_DATE = "DateTimeString|DateString"


def read_cii(root: Element) -> Said:
    head, trade = root.one(_HEAD), root.one(_TRADE)
    agreement, settlement = trade.one(_AGREEMENT), trade.one(_SETTLEMENT)
    total = settlement.one(_SUMS)
    code, currency = head.text("TypeCode"), settlement.code("InvoiceCurrencyCode", 3)
    before = tuple(
        filter(None, (one.text() for one in settlement.all("InvoiceReferencedDocument/IssuerAssignedID|ID")))
    )
    invoice = ReceivedInvoice(
        format="cii",
        sort=sort_of(code),
        number=head.text("ID"),
        supplier=_party(agreement.one("SellerTradeParty")),
        buyer=_party(agreement.one("BuyerTradeParty")),
        issued_on=head.day(f"IssueDateTime/{_DATE}"),
        taxable_on=trade.day(f"{_DELIVERY}/ActualDeliverySupplyChainEvent/OccurrenceDateTime/{_DATE}")
        or settlement.day(f"ApplicableTradeTax/TaxPointDate/{_DATE}"),
        currency=currency or total.one("TaxTotalAmount").attribute("currencyID").upper(),
        exchange_rate=_rate(settlement, currency),
        lines=(*_lines(trade), *_allowances(settlement)),
        rates=by_rate(_rates(settlement)),
        rounding=total.amount("RoundingAmount"),
        prepaid=total.amount("TotalPrepaidAmount"),
        payable=total.amount("DuePayableAmount", "GrandTotalAmount"),
        order_number=agreement.first_text("BuyerOrderReferencedDocument/IssuerAssignedID|ID", "BuyerReference"),
        note="\n\n".join(filter(None, (one.paragraphs() for one in head.all("IncludedNote/Content")))),
        corrected=before if corrects(code) else (),
        advances=() if corrects(code) else before,
    )
    return Said(
        _with_payment(invoice, settlement),
        net=total.amount("TaxBasisTotalAmount", "LineTotalAmount"),
        gross=total.amount("GrandTotalAmount"),
        enclosed=_enclosed(agreement),
    )


def _rate(settlement: Element, currency: str) -> Decimal | None:
    rate = settlement.one("TaxApplicableTradeCurrencyExchange")
    return exchange_rate_of(rate.number("ConversionRate")) if rate.text("SourceCurrencyCode") == currency else None


def _party(party: Element) -> Named:
    address, country = party.one("PostalTradeAddress"), party.code("PostalTradeAddress/CountryID", 2)
    registered = party.all("SpecifiedTaxRegistration/ID")
    numbers = {number.attribute("schemeID").upper(): number.text() for number in registered}
    contact = party.one("DefinedTradeContact")
    return Named(
        name=party.first_text("Name", "SpecifiedLegalOrganization/TradingBusinessName"),
        street=", ".join(filter(None, map(address.text, ("LineOne", "LineTwo", "LineThree")))),
        city=address.text("CityName"),
        postcode=address.text("PostcodeCode"),
        country=country,
        registration_no=party.text("SpecifiedLegalOrganization/ID"),
        vat_no=numbers.get("VA", ""),
        local_vat_no=numbers.get("FC", "") if country == "SK" else "",
        email=contact.text("EmailURIUniversalCommunication/URIID|CompleteNumber"),
        phone=contact.text("TelephoneUniversalCommunication/CompleteNumber"),
        electronic_scheme=party.one("URIUniversalCommunication/URIID").attribute("schemeID"),
        electronic_address=party.text("URIUniversalCommunication/URIID"),
    )


def _lines(trade: Element) -> Iterator[ToldLine]:
    for line in trade.all("IncludedSupplyChainTradeLineItem"):
        product = line.one("SpecifiedTradeProduct")
        price = line.one("SpecifiedLineTradeAgreement|SpecifiedSupplyChainTradeAgreement/NetPriceProductTradePrice")
        quantity = line.one("SpecifiedLineTradeDelivery|SpecifiedSupplyChainTradeDelivery/BilledQuantity")
        settlement = line.one("SpecifiedLineTradeSettlement|SpecifiedSupplyChainTradeSettlement")
        sums = "SpecifiedTradeSettlementLineMonetarySummation|SpecifiedTradeSettlementMonetarySummation"
        if not settlement:
            continue  # A text of ZUGFeRD 1, which stands among the lines.
        told = line_of(
            product.first_text("Name", "Description"),
            _charge(settlement.one("ApplicableTradeTax")),
            settlement.amount(f"{sums}/LineTotalAmount"),
            quantity=quantity.number(),
            unit_price=price_of_one(price, "ChargeAmount", "BasisQuantity"),
        )
        yield replace(
            told,
            unit=unit_of(quantity.attribute("unitCode")),
            code=product.text("SellerAssignedID"),
            gtin=product.text("GlobalID"),
        )


def _allowances(settlement: Element) -> Iterator[ToldLine]:
    """What is taken off or put on the whole document (BG-20, BG-21), a line each."""
    for one in settlement.all("SpecifiedTradeAllowanceCharge"):
        amount = one.amount("ActualAmount")
        net = amount if one.says("ChargeIndicator/Indicator") else 0 - amount
        yield line_of(one.text("Reason"), _charge(one.one("CategoryTradeTax")), net)
    for one in settlement.all("SpecifiedLogisticsServiceCharge"):
        yield line_of(one.text("Description"), _charge(one.one("AppliedTradeTax")), one.amount("AppliedAmount"))


def _rates(settlement: Element) -> Iterator[tuple[Charge, Decimal, Decimal]]:
    for tax in settlement.all("ApplicableTradeTax"):
        yield _charge(tax), tax.amount("BasisAmount"), tax.amount("CalculatedAmount")


def _charge(tax: Element) -> Charge:
    return charge_of(tax, "CategoryCode", "RateApplicablePercent|ApplicablePercent")


def _with_payment(invoice: ReceivedInvoice, settlement: Element) -> ReceivedInvoice:
    """By the first of its means that names an account, or else by the first."""
    means = settlement.all("SpecifiedTradeSettlementPaymentMeans")
    mean = next(
        (one for one in means if one.one("PayeePartyCreditorFinancialAccount")),
        settlement.one("SpecifiedTradeSettlementPaymentMeans"),
    )
    written = mean.one("PayeePartyCreditorFinancialAccount")
    account = account_of(written.text("IBANID"), written.text("ProprietaryID"))
    return replace(
        invoice,
        due_on=settlement.day(f"SpecifiedTradePaymentTerms/DueDateDateTime/{_DATE}"),
        payment_method=METHODS.get(mean.text("TypeCode"), ""),
        bank_account=account.number,
        iban=account.iban,
        bic=bic_of(mean.text("PayeeSpecifiedCreditorFinancialInstitution/BICID")),
        variable_symbol=settlement.text("PaymentReference"),
    )


def _enclosed(agreement: Element) -> tuple[Enclosed, ...]:
    references = agreement.all("AdditionalReferencedDocument")
    warn_of_addresses(agreement.all("AdditionalReferencedDocument/URIID"))
    objects = ((one.text("IssuerAssignedID|ID"), one.one("AttachmentBinaryObject")) for one in references)
    return attachments((number, written) for number, written in objects if written)
