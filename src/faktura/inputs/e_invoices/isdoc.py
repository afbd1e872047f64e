"""An ISDOC, of version 6 or an older one: the Czech format, with amounts in the books' currency and in its own."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec.structs import replace

from faktura.core.money.amounts import rounded
from faktura.core.received.received_invoice import ZERO, Named, ReceivedInvoice, Sort, ToldLine, ToldRate
from faktura.core.vat_treatment import VatTreatment
from faktura.inputs.e_invoices.elements import Element
from faktura.inputs.e_invoices.payment import METHODS, account_of, bic_of
from faktura.inputs.e_invoices.said import Charge, Said, by_rate, exchange_rate_of, line_of
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

_UUID = re.compile(r"(?=.*[1-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
"""One of zeros alone says that there is none."""

Treatments = Mapping[Decimal, set[VatTreatment]]


def read_isdoc(root: Element) -> Said:
    """Amounts are those of its own currency where it has them: their elements have names that end in `Curr`."""
    home, abroad = root.code("LocalCurrencyCode", 3), root.code("ForeignCurrencyCode", 3)
    total = root.one("LegalMonetaryTotal")
    twin = "Curr" if abroad not in {"", home} and total.one("PayableAmountCurr") else ""
    rates = by_rate(_rates(root, twin))
    invoice = ReceivedInvoice(
        format="isdoc",
        sort=_SORTS.get(root.text("DocumentType"), "invoice"),
        number=root.text("ID"),
        uuid=_uuid(root.text("UUID").lower()),
        supplier=_party(root.one("AccountingSupplierParty/Party")),
        buyer=_party(root.one("AccountingCustomerParty/Party")),
        issued_on=root.day("IssueDate"),
        taxable_on=root.day("TaxPointDate"),
        currency=abroad if twin else home,
        exchange_rate=exchange_rate_of(root.number("CurrRate"), root.number("RefCurrRate")) if twin else None,
        lines=(*_lines(root, twin, rates), *_claimed(root, twin)),
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


def _uuid(written: str) -> str:
    return written if _UUID.fullmatch(written) else ""


def _party(party: Element) -> Named:
    address, schemes = party.one("PostalAddress"), party.all("PartyTaxScheme")
    numbers = {scheme.text("TaxScheme").upper(): scheme.text("CompanyID") for scheme in schemes}
    return Named(
        name=party.text("PartyName/Name"),
        street=" ".join(filter(None, (address.text("StreetName"), address.text("BuildingNumber")))),
        city=address.text("CityName"),
        postcode=address.text("PostalZone"),
        country=address.code("Country/IdentificationCode", 2),
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
        yield _charge(root, category, net, vat, is_owed=category.says("LocalReverseChargeFlag")), net, vat


def _charge(root: Element, category: Element, net: Decimal, vat: Decimal, *, is_owed: bool) -> Charge:
    """A document that is no matter of VAT may say a rate all the same: a proforma does, of what it asks for."""
    percent = category.number("Percent") or ZERO
    if is_owed:
        return Charge(percent, "reverse_charge")
    applies = category.first_text("VATApplicable") or root.text("VATApplicable")
    is_charged = bool(vat) or not rounded(net * percent / 100)
    if applies.lower() in {"false", "0"} and not (percent and is_charged):
        return Charge(ZERO, "not_subject")
    return Charge(percent, "taxed")


def _lines(root: Element, twin: str, rates: tuple[ToldRate, ...]) -> Iterator[ToldLine]:
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
            _charge_of_line(root, line, net, treatments),
            net,
            quantity=Decimal(1) if quantity is None else quantity,
            unit_price=None if twin else line.number("UnitPrice"),
        )
        yield replace(
            told,
            unit=unit_of(line.one("InvoicedQuantity").attribute("unitCode")),
            code=item.text("SellersItemIdentification/ID"),
            gtin=item.text("CatalogueItemIdentification/ID"),
        )


def _charge_of_line(root: Element, line: Element, net: Decimal, treatments: Treatments) -> Charge:
    """As the sum of its rate has it, where that has it in one way."""
    category = line.one("ClassifiedTaxCategory")
    percent, is_owed = category.number("Percent") or ZERO, bool(category.one("LocalReverseCharge"))
    known = treatments.get(percent, set())
    if not is_owed and len(known) == 1:
        return Charge(percent, next(iter(known)))
    return _charge(root, category, net, line.amount("LineExtensionTaxAmount"), is_owed=is_owed)


def _claimed(root: Element, twin: str) -> Iterator[ToldLine]:
    """What was taxed on an advance is taken off again, so that lines come to what is left to tax."""
    for deposit in root.all("TaxedDeposits/TaxedDeposit"):
        net = deposit.amount(f"TaxableDepositAmount{twin}")
        category = deposit.one("ClassifiedTaxCategory")
        vat = deposit.amount(f"TaxInclusiveDepositAmount{twin}") - net
        charge = _charge(root, category, net, vat, is_owed=bool(category.one("LocalReverseCharge")))
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
        bic=bic_of(details.text("BIC")),
        variable_symbol=details.text("VariableSymbol"),
    )
