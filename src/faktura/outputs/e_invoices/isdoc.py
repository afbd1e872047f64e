"""A document as ISDOC 6.0.2, the Czech format of invoices: element by element in the order of its schema."""

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import ClassVar
from urllib.parse import quote

from babel import Locale

from faktura.outputs.e_invoices.accounts import domestic
from faktura.outputs.e_invoices.numbers import money, number
from faktura.outputs.reading.settled import NOTHING, Amount, Charge, Firm, Item, Settled, Tax
from faktura.outputs.reading.texts import in_one_line, in_paragraphs
from faktura.outputs.words.words import labels_in
from faktura.xml import Node

NAMESPACE = "http://isdoc.cz/namespace/2013"
VERSION = "6.0.2"
MEDIA_TYPE = "application/xml"
SYSTEM = "faktura"
"""Without a version: the same document is the same file after an upgrade."""

SIMPLE = Decimal(10_000)
"""A tax document up to so many crowns need not name its buyer (§ 30 of the Czech VAT act)."""

Supplements = Sequence[tuple[str, str]]
"""Files beside the document: what each is called, and the SHA-256 digest of its bytes in base64."""


class _Node(Node):
    """An element of a document in the currency of the books."""

    is_foreign: ClassVar[bool] = False

    def add_amount(self, name: str, amount: Amount, *, twin: str = "before") -> None:
        """In the currency of the books; a document in another currency has both, the own one `before` or `after`."""
        if self.is_foreign and twin == "before":
            self.add(f"{name}Curr", money(amount.own))
        self.add(name, money(amount.native))
        if self.is_foreign and twin == "after":
            self.add(f"{name}Curr", money(amount.own))


class _ForeignNode(_Node):
    """One of a document in another currency."""

    is_foreign = True


def isdoc(settled: Settled, supplements: Supplements = ()) -> bytes:
    """The file, byte for byte the same for the same document; of `supplements` the first shows it as it is on paper."""
    kind = _ForeignNode if settled.is_foreign else _Node
    root = kind.root("Invoice", {"": NAMESPACE}, version=VERSION)
    _add_head(root, settled)
    _add_party(root.add("AccountingSupplierParty"), settled.seller)
    _add_buyer(root, settled)
    _add_references(root, settled)
    if settled.delivery is not None:
        _add_party(root.add("Delivery"), settled.delivery)
    _add_items(root.add("InvoiceLines"), settled)
    _add_deposits(root, settled)
    _add_taxes(root.add("TaxTotal"), settled)
    _add_totals(root.add("LegalMonetaryTotal"), settled)
    _add_payment(root, settled)
    _add_supplements(root, supplements)
    return root.written()


def _type_of(settled: Settled) -> int:
    if settled.sort == "credit_note" and settled.corrected_kind == "tax_document":
        return 6
    if settled.sort == "invoice" and _is_anonymous(settled):
        return 7
    return _TYPES[settled.sort]


_TYPES = {"invoice": 1, "credit_note": 2, "debit_note": 3, "proforma": 4, "tax_document": 5}


def _is_anonymous(settled: Settled) -> bool:
    """A simple tax document to somebody of whom no more than a name is known; no buyer who owes the tax is."""
    owed = any(tax.charge.treatment == "reverse_charge" for tax in settled.taxes)
    in_crowns = settled.native_currency == "CZK" and (settled.net + settled.vat).native <= SIMPLE
    return settled.is_taxed and in_crowns and not owed and settled.buyer.is_named_alone


def _add_head(root: _Node, settled: Settled) -> None:
    facts = settled.facts
    root.add("DocumentType", str(_type_of(settled)))
    root.add("ID", in_one_line(facts.number))
    root.add("UUID", settled.uuid.upper())
    root.add("IssuingSystem", SYSTEM)
    root.add("IssueDate", _day(facts.issued_on))
    if settled.is_taxed and _type_of(settled) in {1, 5, 7}:
        root.add("TaxPointDate", _day(settled.taxed_on))
    root.add("VATApplicable", _yes(is_so=settled.is_taxed))
    root.add("ElectronicPossibilityAgreementReference", "")
    root.add_known("Note", in_paragraphs("\n\n".join(filter(None, (facts.note, facts.footer)))))
    root.add("LocalCurrencyCode", settled.native_currency)
    if settled.is_foreign:
        root.add("ForeignCurrencyCode", settled.currency)
    root.add("CurrRate", number(settled.exchange_rate))
    root.add("RefCurrRate", "1")


def _add_party(parent: _Node, firm: Firm) -> None:
    """Numbers and parts of an address that are not known stay empty: the schema wants them."""
    party, address = parent.add("Party"), firm.address
    party.add("PartyIdentification").add("ID", firm.registration_no)
    party.add("PartyName").add("Name", firm.name)
    postal = party.add("PostalAddress")
    postal.add("StreetName", address.street)
    postal.add("BuildingNumber", address.house)
    postal.add("CityName", address.city)
    postal.add("PostalZone", address.postcode)
    country = postal.add("Country")
    country.add("IdentificationCode", address.country)
    country.add("Name", _country(address.country))
    for company_id, scheme in ((firm.vat_no, "VAT"), (firm.local_vat_no, "TIN")):
        if company_id:
            tax = party.add("PartyTaxScheme")
            tax.add("CompanyID", company_id)
            tax.add("TaxScheme", scheme)
    if firm.register_note:
        party.add("RegisterIdentification").add("Preformatted", firm.register_note)
    if firm.contact_name or firm.phone or firm.email:
        contact = party.add("Contact")
        contact.add_known("Name", firm.contact_name)
        contact.add_known("Telephone", firm.phone)
        contact.add_known("ElectronicMail", firm.email)


def _add_buyer(root: _Node, settled: Settled) -> None:
    if _type_of(settled) != 7:  # noqa: PLR2004 (a row of the list of the format)
        _add_party(root.add("AccountingCustomerParty"), settled.buyer)
        return
    anonymous = root.add("AnonymousCustomerParty")
    anonymous.add("ID", "1")
    # It has the type of an address, in which some signs cannot stand.
    letters = (c if c.isalnum() or c in " -._" else quote(c, safe="") for c in settled.buyer.name)
    anonymous.add("IDScheme", "".join(letters))


def _add_references(root: _Node, settled: Settled) -> None:
    facts = settled.facts
    if order := in_one_line(facts.order_number):
        reference = root.add("OrderReferences").add("OrderReference")
        reference.add("SalesOrderID", order)
        reference.add("ExternalOrderID", order)
    if settled.sort in {"credit_note", "debit_note"}:
        original = root.add("OriginalDocumentReferences").add("OriginalDocumentReference", id="o1")
        original.add("ID", in_one_line(facts.corrected_number))
        if facts.corrected_on is not None:
            original.add("IssueDate", _day(facts.corrected_on))
        original.add_known("UUID", settled.corrected_uuid.upper())


def _add_items(lines: _Node, settled: Settled) -> None:
    for item in settled.items:
        line = lines.add("InvoiceLine")
        line.add("ID", item.id)
        line.add("InvoicedQuantity", number(item.quantity), unitCode=item.unit)
        line.add_amount("LineExtensionAmount", item.net)
        _add_before_discount(line, item, "LineExtensionAmountBeforeDiscount", with_vat=False)
        line.add_amount("LineExtensionAmountTaxInclusive", item.gross)
        _add_before_discount(line, item, "LineExtensionAmountTaxInclusiveBeforeDiscount", with_vat=True)
        line.add("LineExtensionTaxAmount", money(item.vat.native))
        line.add("UnitPrice", money(item.unit_price.native))
        line.add("UnitPriceTaxInclusive", money(item.unit_gross_price.native))
        _add_category(line, settled, item.charge)
        line.add_known("VATNote", _vat_note(settled, item.charge))
        sold = line.add("Item")
        sold.add("Description", item.name)
        if item.gtin:
            sold.add("CatalogueItemIdentification").add("ID", item.gtin)
        if item.code:
            sold.add("SellersItemIdentification").add("ID", item.code)


def _add_before_discount(line: _Node, item: Item, name: str, *, with_vat: bool) -> None:
    if item.before_discount is None:
        return
    percent = item.charge.percent if with_vat and item.charge.treatment == "taxed" else Decimal(0)
    line.add(name, money(item.before_discount.native * (100 + percent) / 100))


def _add_category(parent: _Node, settled: Settled, charge: Charge, *, from_gross: bool | None = None) -> None:
    """A domestic reverse charge says the rate that the buyer pays, and of what, where the schema has its code."""
    from_gross = settled.from_gross and charge.treatment == "taxed" if from_gross is None else from_gross
    category = parent.add("ClassifiedTaxCategory")
    category.add("Percent", number(_percent(settled, charge)))
    category.add("VATCalculationMethod", "1" if from_gross else "0")
    category.add("VATApplicable", _yes(is_so=settled.is_taxed))
    if _is_owed_at_home(settled, charge) and settled.supply_code in _SUPPLIES:
        category.add("LocalReverseCharge").add("LocalReverseChargeCode", settled.supply_code)


_SUPPLIES = frozenset({"1", "2", "4", "5"})
"""Codes of supplies that the format knows: gold, emission allowances, building work, and goods of the annex."""


def _is_owed_at_home(settled: Settled, charge: Charge) -> bool:
    return charge.treatment == "reverse_charge" and settled.is_at_home and settled.is_taxed


def _percent(settled: Settled, charge: Charge) -> Decimal:
    is_told = charge.treatment == "taxed" or _is_owed_at_home(settled, charge)
    return charge.percent if is_told else Decimal(0)


def _vat_note(settled: Settled, charge: Charge) -> str:
    """Why a taxed document charges no VAT on a line, in the words that stand on paper."""
    labels = labels_in(settled.facts.language)
    if charge.treatment == "taxed" or not settled.is_taxed:
        return ""
    if charge.treatment == "reverse_charge":
        return labels["reverse_charge"]
    if charge.treatment == "margin":
        return labels[f"margin_{settled.facts.margin_kind}"] if settled.facts.margin_kind else labels["rate_margin"]
    if charge.treatment == "exempt" and settled.facts.exempt_under:
        return f"{labels['exempt_by']}: {settled.facts.exempt_under}"
    return labels[f"rate_{charge.treatment}"]


def _add_deposits(root: _Node, settled: Settled) -> None:
    if settled.deposits:
        listed = root.add("NonTaxedDeposits")
        for deposit in settled.deposits:
            untaxed = listed.add("NonTaxedDeposit")
            untaxed.add("ID", deposit.number)
            untaxed.add("VariableSymbol", deposit.variable_symbol)
            untaxed.add_amount("DepositAmount", deposit.amount)
    if settled.taxed_deposits:
        listed = root.add("TaxedDeposits")
        for part in settled.taxed_deposits:
            taxed = listed.add("TaxedDeposit")
            taxed.add("ID", part.number)
            taxed.add("VariableSymbol", part.variable_symbol)
            taxed.add_amount("TaxableDepositAmount", part.net)
            taxed.add_amount("TaxInclusiveDepositAmount", part.net + part.vat)
            _add_category(taxed, settled, part.charge, from_gross=False)


def _add_taxes(total: _Node, settled: Settled) -> None:
    for tax, percent, is_owed in _by_percent(settled):
        one = total.add("TaxSubTotal")
        sums = {"": (tax.net, tax.vat), "AlreadyClaimed": (tax.claimed_net, tax.claimed_vat)}
        sums["Difference"] = tax.net - tax.claimed_net, tax.vat - tax.claimed_vat
        for word, (net, vat) in sums.items():
            one.add_amount(f"{word}TaxableAmount", net)
            one.add_amount(f"{word}TaxAmount", vat)
            one.add_amount(f"{word}TaxInclusiveAmount", net + vat)
        category = one.add("TaxCategory")
        category.add("Percent", number(percent))
        category.add("TaxScheme", "VAT")
        category.add("VATApplicable", _yes(is_so=settled.is_taxed))
        if is_owed:
            category.add("LocalReverseChargeFlag", "true")
    total.add_amount("TaxAmount", settled.vat)


def _by_percent(settled: Settled) -> Iterator[tuple[Tax, Decimal, bool]]:
    """The format has one sum for whatever is charged alike: all without a rate stand in one."""
    found: dict[tuple[Decimal, bool], Tax] = {}
    for tax in settled.taxes:
        key = _percent(settled, tax.charge), _is_owed_at_home(settled, tax.charge)
        old = found.get(key, Tax(charge=tax.charge, net=NOTHING, vat=NOTHING))
        found[key] = Tax(
            charge=old.charge,
            net=old.net + tax.net,
            vat=old.vat + tax.vat,
            claimed_net=old.claimed_net + tax.claimed_net,
            claimed_vat=old.claimed_vat + tax.claimed_vat,
        )
    for (percent, is_owed), tax in found.items():
        yield tax, percent, is_owed


def _add_totals(totals: _Node, settled: Settled) -> None:
    net, vat, claimed = settled.net, settled.vat, settled.claimed_net
    sums = {
        "TaxExclusiveAmount": net,
        "TaxInclusiveAmount": net + vat,
        "AlreadyClaimedTaxExclusiveAmount": claimed,
        "AlreadyClaimedTaxInclusiveAmount": claimed + settled.claimed_vat,
        "DifferenceTaxExclusiveAmount": net - claimed,
        "DifferenceTaxInclusiveAmount": net + vat - claimed - settled.claimed_vat,
        "PayableRoundingAmount": settled.rounding,
        "PaidDepositsAmount": settled.paid,
        "PayableAmount": settled.payable,
    }
    for name, amount in sums.items():
        totals.add_amount(name, amount, twin="after")


def _add_payment(root: _Node, settled: Settled) -> None:
    """How it is paid; where that has no code, or nothing is to be paid, importing programs ask for nothing."""
    code = _MEANS.get(settled.payment_method)
    if code is None or settled.sort == "tax_document":
        return
    payment = root.add("PaymentMeans").add("Payment")
    payment.add("PaidAmount", money(settled.payable.own))
    payment.add("PaymentMeansCode", code)
    if code == _CASH:
        details = payment.add("Details")
        details.add("DocumentID", in_one_line(settled.facts.number))
        details.add("IssueDate", _day(settled.facts.issued_on))
    elif code == _TRANSFER:
        details = payment.add("Details")
        details.add("PaymentDueDate", _day(settled.facts.due_on or settled.facts.issued_on))
        account = domestic(settled.bank_account, settled.iban)
        details.add("ID", account.number)
        details.add("BankCode", account.bank_code)
        details.add("Name", settled.bank_name)
        details.add("IBAN", settled.iban)
        details.add("BIC", settled.bic)
        details.add_known("VariableSymbol", settled.variable_symbol)


_CASH, _TRANSFER = "10", "42"
_MEANS = {"bank": _TRANSFER, "cash": _CASH, "cod": _CASH, "card": "48", "check": "20"}


def _add_supplements(root: _Node, supplements: Supplements) -> None:
    if not supplements:
        return
    listed = root.add("SupplementsList")
    for place, (name, digest) in enumerate(supplements):
        supplement = listed.add("Supplement", preview=_yes(is_so=not place))
        supplement.add("Filename", name)
        supplement.add("DigestMethod", Algorithm="http://www.w3.org/2001/04/xmlenc#sha256")
        supplement.add("DigestValue", digest)


def _day(day: dt.date) -> str:
    return day.isoformat()


def _yes(*, is_so: bool) -> str:
    return "true" if is_so else "false"


@functools.cache
def _country(code: str) -> str:
    """In Czech. A file names the republic as its law does, where readers of paper call it by its short name."""
    return "Česká republika" if code == "CZ" else str(Locale("cs").territories.get(code, code))
