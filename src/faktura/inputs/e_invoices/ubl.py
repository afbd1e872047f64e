"""A UBL invoice or credit note, of the European standard or of an older profile."""

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


def read_ubl(root: Element) -> Said:
    total = root.one("LegalMonetaryTotal")
    currency = root.code("DocumentCurrencyCode", 3) or total.one("PayableAmount").attribute("currencyID").upper()
    code = root.text("InvoiceTypeCode|CreditNoteTypeCode")
    before = tuple(filter(None, (one.text() for one in root.all("BillingReference/InvoiceDocumentReference/ID"))))
    invoice = ReceivedInvoice(
        format="ubl",
        sort="credit_note" if root.name == "CreditNote" else sort_of(code),
        number=root.text("ID"),
        supplier=_party(root.one("AccountingSupplierParty/Party")),
        buyer=_party(root.one("AccountingCustomerParty/Party")),
        issued_on=root.day("IssueDate"),
        taxable_on=root.day("TaxPointDate") or root.day("Delivery/ActualDeliveryDate"),
        currency=currency,
        exchange_rate=_rate(root, currency),
        lines=(*_lines(root), *_allowances(root)),
        rates=by_rate(_rates(root, currency)),
        rounding=total.amount("PayableRoundingAmount"),
        prepaid=total.amount("PrepaidAmount"),
        payable=total.amount("PayableAmount"),
        order_number=root.first_text("OrderReference/ID", "BuyerReference"),
        note="\n\n".join(filter(None, (one.paragraphs() for one in root.all("Note")))),
        corrected=before if root.name == "CreditNote" or corrects(code) else (),
        advances=() if root.name == "CreditNote" or corrects(code) else before,
    )
    return Said(
        _with_payment(invoice, root),
        net=total.amount("TaxExclusiveAmount", "LineExtensionAmount"),
        gross=total.amount("TaxInclusiveAmount", "PayableAmount"),
        enclosed=_enclosed(root),
    )


def _rate(root: Element, currency: str) -> Decimal | None:
    rate = root.one("TaxExchangeRate")
    return exchange_rate_of(rate.number("CalculationRate")) if rate.text("SourceCurrencyCode") == currency else None


def _party(party: Element) -> Named:
    address, country = party.one("PostalAddress"), party.code("PostalAddress/Country/IdentificationCode", 2)
    numbers = {tax.text("TaxScheme/ID").upper(): tax.text("CompanyID") for tax in party.all("PartyTaxScheme")}
    street = " ".join(filter(None, (address.text("StreetName"), address.text("BuildingNumber"))))
    more = (address.text("AdditionalStreetName"), *(line.text() for line in address.all("AddressLine/Line")))
    return Named(
        name=party.first_text("PartyLegalEntity/RegistrationName", "PartyName/Name"),
        street=", ".join(filter(None, (street, *more))),
        city=address.text("CityName"),
        postcode=address.text("PostalZone"),
        country=country,
        registration_no=party.text("PartyLegalEntity/CompanyID"),
        vat_no=numbers.pop("VAT", ""),
        local_vat_no=next(iter(numbers.values()), "") if country == "SK" else "",
        email=party.text("Contact/ElectronicMail"),
        phone=party.text("Contact/Telephone"),
        electronic_scheme=party.one("EndpointID").attribute("schemeID"),
        electronic_address=party.text("EndpointID"),
    )


def _lines(root: Element) -> Iterator[ToldLine]:
    for line in root.all("InvoiceLine|CreditNoteLine"):
        item, price = line.one("Item"), line.one("Price")
        quantity = line.one("InvoicedQuantity|CreditedQuantity")
        told = line_of(
            item.first_text("Name", "Description"),
            _charge(item.one("ClassifiedTaxCategory")),
            line.amount("LineExtensionAmount"),
            quantity=quantity.number(),
            unit_price=price_of_one(price, "PriceAmount", "BaseQuantity"),
        )
        yield replace(
            told,
            unit=unit_of(quantity.attribute("unitCode")),
            code=item.text("SellersItemIdentification/ID"),
            gtin=item.text("StandardItemIdentification/ID"),
        )


def _allowances(root: Element) -> Iterator[ToldLine]:
    """What is taken off or put on the whole document (BG-20, BG-21), a line each."""
    for one in root.all("AllowanceCharge"):
        amount = one.amount("Amount")
        net = amount if one.says("ChargeIndicator") else 0 - amount
        yield line_of(one.text("AllowanceChargeReason"), _charge(one.one("TaxCategory")), net)


def _rates(root: Element, currency: str) -> Iterator[tuple[Charge, Decimal, Decimal]]:
    """A second total says the tax in the currency of the seller's books."""
    for total in root.all("TaxTotal"):
        if total.one("TaxAmount").attribute("currencyID") not in {currency, ""}:
            continue
        for tax in total.all("TaxSubtotal"):
            yield _charge(tax.one("TaxCategory")), tax.amount("TaxableAmount"), tax.amount("TaxAmount")


def _charge(category: Element) -> Charge:
    return charge_of(category, "ID", "Percent")


def _with_payment(invoice: ReceivedInvoice, root: Element) -> ReceivedInvoice:
    """By the first of its means that names an account, or else by the first."""
    means = root.all("PaymentMeans")
    mean = next((one for one in means if one.one("PayeeFinancialAccount")), root.one("PaymentMeans"))
    account = account_of(mean.text("PayeeFinancialAccount/ID"))
    branch = mean.one("PayeeFinancialAccount/FinancialInstitutionBranch")
    due = (root, "DueDate"), (mean, "PaymentDueDate"), (root, "PaymentTerms/PaymentDueDate")
    return replace(
        invoice,
        due_on=next((day for place, path in due if (day := place.day(path))), None),
        payment_method=METHODS.get(mean.text("PaymentMeansCode"), ""),
        bank_account=account.number,
        iban=account.iban,
        bic=bic_of(branch.first_text("ID", "FinancialInstitution/ID")),
        variable_symbol=mean.text("PaymentID"),
    )


def _enclosed(root: Element) -> tuple[Enclosed, ...]:
    references = root.all("AdditionalDocumentReference")
    warn_of_addresses(root.all("AdditionalDocumentReference/Attachment/ExternalReference/URI"))
    objects = ((one.text("ID"), one.one("Attachment/EmbeddedDocumentBinaryObject")) for one in references)
    return attachments((number, written) for number, written in objects if written)
