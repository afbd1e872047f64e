"""An ISDOC, of version 6 or an older one: the Czech format, with amounts in the books' currency and in its own."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from faktura.core.money.amounts import fine
from faktura.core.received.received_invoice import ZERO, Named, ReceivedInvoice, Sort, ToldLine, ToldRate
from faktura.core.vat_treatment import VatTreatment
from faktura.inputs.e_invoices.elements import Element
from faktura.inputs.e_invoices.payment import METHODS, account_of
from faktura.inputs.e_invoices.said import Charge, Said, by_rate, line_of
from faktura.inputs.e_invoices.units import unit_of

_SORTS: Mapping[str, Sort] = {
    "2": "credit_note",
    "3": "debit_note",
    "4": "proforma",
    "5": "tax_document",
    "6": "credit_note",
}

_METHODS = {**METHODS, "50": "cod"}
"""What others pay by a giro of the post is here what its postman brings."""

_NO_UUID = "00000000-0000-0000-0000-000000000000"

Treatments = Mapping[Decimal, set[VatTreatment]]


def read_isdoc(root: Element) -> Said:
    home, abroad = root.text("LocalCurrencyCode").upper(), root.text("ForeignCurrencyCode").upper()
    twin = "Curr" if abroad and abroad != home else ""
    total, rate = root.one("LegalMonetaryTotal"), _rate(root) if twin else None
    rates = by_rate(_rates(root, twin))
    invoice = ReceivedInvoice(
        format="isdoc",
        sort=_SORTS.get(root.text("DocumentType"), "invoice"),
        number=root.text("ID"),
        uuid=root.text("UUID").lower().replace(_NO_UUID, ""),
        supplier=_party(root.one("AccountingSupplierParty/Party")),
        buyer=_party(root.one("AccountingCustomerParty/Party")),
        issued_on=root.day("IssueDate"),
        taxable_on=root.day("TaxPointDate"),
        currency=(abroad if twin else home),
        exchange_rate=rate,
        lines=(*_lines(root, twin, rate, rates), *_claimed(root, twin)),
        rates=rates,
        rounding=total.amount(f"PayableRoundingAmount{twin}"),
        prepaid=total.amount(f"PaidDepositsAmount{twin}"),
        payable=total.amount(f"PayableAmount{twin}"),
        order_number=root.first_text(
            "OrderReferences/OrderReference/ExternalOrderID", "OrderReferences/OrderReference/SalesOrderID"
        ),
        note=root.paragraphs("Note"),
        corrected=_numbers(root, "OriginalDocumentReferences/OriginalDocumentReference"),
        advances=_numbers(root, "NonTaxedDeposits/NonTaxedDeposit", "TaxedDeposits/TaxedDeposit"),
    )
    return Said(
        _with_payment(invoice, root),
        net=total.amount(f"DifferenceTaxExclusiveAmount{twin}", f"TaxExclusiveAmount{twin}"),
        gross=total.amount(f"DifferenceTaxInclusiveAmount{twin}", f"TaxInclusiveAmount{twin}"),
    )


def _rate(root: Element) -> Decimal | None:
    """What one unit of the document's currency is worth in that of its seller's books."""
    worth, units = root.number("CurrRate"), root.number("RefCurrRate")
    return fine(worth / units) if worth and units else None


def _party(party: Element) -> Named:
    address, schemes = party.one("PostalAddress"), party.all("PartyTaxScheme")
    numbers = {scheme.text("TaxScheme").upper(): scheme.text("CompanyID") for scheme in schemes}
    return Named(
        name=party.text("PartyName/Name"),
        street=" ".join(filter(None, (address.text("StreetName"), address.text("BuildingNumber")))),
        city=address.text("CityName"),
        postcode=address.text("PostalZone"),
        country=address.text("Country/IdentificationCode").upper(),
        registration_no=party.text("PartyIdentification/ID"),
        vat_no=numbers.get("VAT", ""),
        local_vat_no=numbers.get("TIN", ""),
        email=party.text("Contact/ElectronicMail"),
        phone=party.text("Contact/Telephone"),
    )


def _rates(root: Element, twin: str) -> Iterator[tuple[Charge, Decimal, Decimal]]:
    """What was taxed on an advance is in the full sums, and not in the differences."""
    for tax in root.all("TaxTotal/TaxSubTotal"):
        net = tax.amount(f"DifferenceTaxableAmount{twin}", f"TaxableAmount{twin}")
        vat = tax.amount(f"DifferenceTaxAmount{twin}", f"TaxAmount{twin}")
        category = tax.one("TaxCategory")
        percent = category.number("Percent") or ZERO
        is_owed = category.says("LocalReverseChargeFlag")
        yield _charge(root, category, percent, is_owed=is_owed, is_charged=bool(vat)), net, vat


def _charge(root: Element, category: Element, percent: Decimal, *, is_owed: bool, is_charged: bool) -> Charge:
    """A document that is no matter of VAT may say a rate all the same: a proforma does, of what it asks for."""
    if is_owed:
        return Charge(percent, "reverse_charge")
    applies = category.first_text("VATApplicable") or root.text("VATApplicable")
    if applies.lower() in {"false", "0"} and not (percent and is_charged):
        return Charge(ZERO, "not_subject")
    return Charge(percent, "taxed")


def _lines(root: Element, twin: str, rate: Decimal | None, rates: tuple[ToldRate, ...]) -> Iterator[ToldLine]:
    """Those that say something without costing anything are left out: some programs write texts as lines."""
    treatments: dict[Decimal, set[VatTreatment]] = defaultdict(set)
    for of_rate in rates:
        treatments[of_rate.vat_rate].add(of_rate.treatment)
    for line in root.all("InvoiceLines/InvoiceLine"):
        net, quantity = line.amount(f"LineExtensionAmount{twin}"), line.number("InvoicedQuantity")
        if not net and quantity == 0:
            continue
        item = line.one("Item")
        told = line_of(
            item.text("Description"),
            _charge_of_line(root, line, treatments),
            net,
            quantity=Decimal(1) if quantity is None else quantity,
            unit_price=line.number("UnitPrice") if rate is None else None,
        )
        yield replace(
            told,
            unit=unit_of(line.one("InvoicedQuantity").attribute("unitCode")),
            code=item.text("SellersItemIdentification/ID"),
            gtin=item.text("CatalogueItemIdentification/ID"),
        )


def _charge_of_line(root: Element, line: Element, treatments: Treatments) -> Charge:
    """As the sum of its rate has it, where that has it in one way."""
    category = line.one("ClassifiedTaxCategory")
    percent, is_owed = category.number("Percent") or ZERO, bool(category.one("LocalReverseCharge"))
    known = treatments.get(percent, set())
    if not is_owed and len(known) == 1:
        return Charge(percent, next(iter(known)))
    is_charged = bool(line.amount("LineExtensionTaxAmount"))
    return _charge(root, category, percent, is_owed=is_owed, is_charged=is_charged)


def _claimed(root: Element, twin: str) -> Iterator[ToldLine]:
    """What was taxed on an advance is taken off again, so that lines come to what is left to tax."""
    for deposit in root.all("TaxedDeposits/TaxedDeposit"):
        net = deposit.amount(f"TaxableDepositAmount{twin}")
        category = deposit.one("ClassifiedTaxCategory")
        is_charged = deposit.amount(f"TaxInclusiveDepositAmount{twin}") != net
        is_owed = bool(category.one("LocalReverseCharge"))
        percent = category.number("Percent") or ZERO
        charge = _charge(root, category, percent, is_owed=is_owed, is_charged=is_charged)
        yield line_of(deposit.text("ID"), charge, 0 - net, quantity=Decimal(-1))


def _numbers(root: Element, *paths: str) -> tuple[str, ...]:
    found = (one.text("ID") for path in paths for one in root.all(path))
    return tuple(dict.fromkeys(filter(None, found)))


def _with_payment(invoice: ReceivedInvoice, root: Element) -> ReceivedInvoice:
    """By the first of its payments that names an account, or else by the first."""
    payments = root.all("PaymentMeans/Payment")
    payment = next((one for one in payments if one.one("Details/BankCode")), root.one("PaymentMeans/Payment"))
    details = payment.one("Details")
    number = "/".join(filter(None, (details.text("ID"), details.text("BankCode"))))
    account = account_of(details.text("IBAN"), number)
    return replace(
        invoice,
        due_on=details.day("PaymentDueDate"),
        payment_method=_METHODS.get(payment.text("PaymentMeansCode"), ""),
        bank_account=account.number,
        iban=account.iban,
        bic=details.text("BIC"),
        variable_symbol=details.text("VariableSymbol"),
    )
