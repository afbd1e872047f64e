"""What KSeF would refuse of a document, by the attributes that it stands in."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from stdnum.exceptions import ValidationError

from faktura.core.countries.numbers import read_nip, why_not
from faktura.core.documents.record import CORRECTIONS
from faktura.core.errors import Code, Problems
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.e_invoices.fa3.parties import address_lines, eu_number, is_polish, others_of
from faktura.outputs.e_invoices.fa3.paying import account_of
from faktura.outputs.e_invoices.fa3.rates import EXEMPT, lacks_sale_kind, rate_of
from faktura.outputs.e_invoices.fa3.told import OFFICIAL, Told, sums_of
from faktura.outputs.e_invoices.fa3.writing import exempt_by, reason_of
from faktura.outputs.reading.settled import Firm
from faktura.outputs.reading.settling import buyer_firm, seller_firm
from faktura.outputs.reading.texts import in_one_line, in_paragraphs

MOST_BYTES = 1_000_000
"""Of a file without attachments."""

LONGEST_NAME, LONGEST_TEXT, LONGEST_PARTY, LONGEST_NOTE = 256, 256, 512, 3500
LONGEST_PHONE, LONGEST_EMAIL = 16, 255
SHORTEST_ACCOUNT, LONGEST_ACCOUNT = 10, 34

_EU_NUMBER = re.compile(r"[0-9A-Z+*]{1,12}")
_INTERNAL_ID = re.compile(r"\d{10}-\d{5}")
_EMAIL = re.compile(r".+@.+")
_ELEMENT = re.compile(r"Element '\{[^}]*\}(\w+)'")


class Said(NamedTuple):
    """A text as the file has it, and how long it may be."""

    attribute: str
    text: str
    longest: int


def problems_of(told: Told, today: dt.date) -> Problems:
    """All that can be seen of the document itself."""
    problems, invoice = Problems(), told.invoice
    for attribute, text, longest in (*_texts(told), *_texts_of_lines(invoice)):
        if len(text) > longest:
            problems.add(attribute, "too_long", longest)
    if not in_one_line(invoice.number):
        problems.add("number", "blank")
    if invoice.issued_on > today:
        problems.add("issued_on", "in_future")
    _check_seller(told, problems)
    _check_number(buyer_firm(invoice), "buyer_vat_no", problems)
    _check_others(invoice, problems)
    _check_contact(buyer_firm(invoice), "buyer_", problems)
    _check_taxes(told, problems)
    _check_correction(told, problems)
    account = account_of(told) if invoice.payment_method == "bank" else ""
    if account and len(account) < SHORTEST_ACCOUNT:
        problems.add("bank_account", "too_short", SHORTEST_ACCOUNT)
    elif len(account) > LONGEST_ACCOUNT:
        problems.add("bank_account", "too_long", LONGEST_ACCOUNT)
    return problems


def check_file(file: bytes, problems: Problems) -> None:
    """Add what the schema, and the size that KSeF takes, say against the file of a document without problems."""
    if len(file) > MOST_BYTES:
        problems.add("lines", "files_too_large", MOST_BYTES // 1_000_000)
    for fault in faults_in(file, "fa3"):
        found = _ELEMENT.search(fault)
        attribute = _ATTRIBUTES.get(found[1] if found else "", "lines")
        if attribute not in problems:
            problems.add(attribute, "not_in_list" if "[facet 'enumeration']" in fault else "malformed")


_ATTRIBUTES = {
    "KodWaluty": "currency",
    "KodKraju": "buyer_country",
    "KodUE": "buyer_country",
    "NrVatUE": "buyer_vat_no",
    "NrID": "buyer_vat_no",
    "NIP": "buyer_vat_no",
    "Email": "buyer_email",
    "Telefon": "buyer_phone",
    "IDWew": "third_parties.internal_no",
    "P_1": "issued_on",
    "P_2": "number",
    "P_6": "taxable_on",
    "P_6_Od": "service_from",
    "P_6_Do": "service_until",
    "DataWystFaKorygowanej": "corrected_on",
    "NrFaKorygowanej": "corrected_number",
    "PrzyczynaKorekty": "note",
    "KursWaluty": "exchange_rate",
    "KursWalutyZ": "exchange_rate",
    "KursWalutyZK": "exchange_rate",
    "P_15": "gross_total",
    "DataZaplaty": "paid_on",
    "DataZaplatyCzesciowej": "payments.paid_on",
    "Termin": "due_on",
    "OpisPlatnosci": "custom_payment_method",
    "NrRB": "bank_account",
    "SWIFT": "bic",
    "NazwaBanku": "bank_name",
    "BDO": "bdo_code",
    "DataUmowy": "transaction_terms",
    "NrUmowy": "transaction_terms",
    "DataZamowienia": "transaction_terms",
    "NrZamowienia": "transaction_terms",
    "P_19A": "vat_exemption",
    "StopkaFaktury": "note",
    "P_12": "lines.vat_rate",
    "P_12_XII": "lines.vat_rate",
    "P_8A": "lines.unit",
    "P_8B": "lines.quantity",
    "P_9A": "lines.unit_price",
    "P_9B": "lines.unit_price",
    "GTU": "lines.gtu",
}
"""Where it stands what an element says; of an element that is not here, it is in the lines."""


def _texts(told: Told) -> Iterator[Said]:
    """The note of a correction is its reason."""
    invoice, seller, buyer = told.invoice, seller_firm(told.invoice.seller), buyer_firm(told.invoice)
    yield Said("seller.name", seller.name, LONGEST_PARTY)
    yield Said("seller.phone", seller.phone, LONGEST_PHONE)
    yield Said("seller.email", seller.email, LONGEST_EMAIL)
    yield Said("buyer_name", buyer.name, LONGEST_PARTY)
    yield Said("buyer_phone", buyer.phone, LONGEST_PHONE)
    yield Said("buyer_email", buyer.email, LONGEST_EMAIL)
    for line in address_lines(buyer.address):
        yield Said("buyer_street", line, LONGEST_PARTY)
    yield Said("number", in_one_line(invoice.number), LONGEST_TEXT)
    if invoice.kind in CORRECTIONS:
        yield Said("note", reason_of(told), LONGEST_TEXT)
        yield Said("corrected_number", in_one_line(invoice.corrected_number), LONGEST_TEXT)
    else:
        yield Said("note", in_paragraphs(invoice.note), LONGEST_NOTE)
    yield Said("footer_note", in_paragraphs(invoice.footer_note), LONGEST_NOTE)
    yield Said("bank_name", in_one_line(told.facts.bank_name), LONGEST_TEXT)
    yield Said("order_number", in_one_line(invoice.order_number), LONGEST_TEXT)
    yield Said("receipt_number", in_one_line(invoice.receipt_number), LONGEST_TEXT)
    yield Said("bdo_code", in_one_line(invoice.bdo_code), 9)


def _texts_of_lines(invoice: Invoice) -> Iterator[Said]:
    for line in invoice.lines:
        yield Said("lines.name", in_one_line(line.name), LONGEST_NAME)
        yield Said("lines.unit", in_one_line(line.unit), LONGEST_TEXT)
        yield Said("lines.item_code", in_one_line(line.item_code), 50)
        yield Said("lines.gtin", in_one_line(line.gtin), 20)
        for name in ("pkwiu", "cn", "pkob"):
            yield Said(f"lines.{name}", in_one_line(getattr(line, name)), 50)


def _check_seller(told: Told, problems: Problems) -> None:
    firm = seller_firm(told.invoice.seller)
    if not firm.vat_no:
        problems.add("seller.vat_no", "blank")
    else:
        _check_nip(firm.vat_no, "seller.vat_no", problems)
    if not firm.name:
        problems.add("seller.name", "blank")
    if not address_lines(firm.address):
        problems.add("seller.street", "blank")
    _check_contact(firm, "seller.", problems)


def _check_number(firm: Firm, attribute: str, problems: Problems) -> None:
    if not firm.vat_no:
        return
    if is_polish(firm):
        _check_nip(firm.vat_no, attribute, problems)
    elif (number := eu_number(firm)) and not _EU_NUMBER.fullmatch(number[1]):
        problems.add(attribute, "malformed")


def _check_nip(text: str, attribute: str, problems: Problems) -> None:
    try:
        read_nip(text)
    except ValidationError as wrong:
        code: Code = why_not(wrong)
        problems.add(attribute, code)


def _check_others(invoice: Invoice, problems: Problems) -> None:
    for firm, _, internal_no in others_of(invoice):
        if len(firm.name) > LONGEST_PARTY:
            problems.add("third_parties.name", "too_long", LONGEST_PARTY)
        if internal_no and not _INTERNAL_ID.fullmatch(internal_no):
            problems.add("third_parties.internal_no", "malformed")
        elif internal_no:
            _check_nip(internal_no.partition("-")[0], "third_parties.internal_no", problems)
        else:
            _check_number(firm, "third_parties.tax_no", problems)


def _check_contact(firm: Firm, prefix: str, problems: Problems) -> None:
    if firm.email and not _EMAIL.fullmatch(firm.email):
        problems.add(f"{prefix}email", "malformed_email")


def _check_taxes(told: Told, problems: Problems) -> None:
    invoice = told.invoice
    if not invoice.lines and not _corrects_dates(invoice):
        problems.add("lines", "blank")
    if any(not in_one_line(line.name) for line in invoice.lines):
        problems.add("lines.name", "blank")
    if any(rate_of(invoice, line.vat_rate, line.vat_treatment) is None for line in invoice.lines):
        problems.add("lines.vat_rate", "not_in_list")
    if lacks_sale_kind(invoice):
        problems.add("sale_kind", "blank")
    if EXEMPT in sums_of(told) and not exempt_by(invoice):
        problems.add("vat_exemption", "not_in_list" if invoice.vat_exemption else "blank")
    if told.is_foreign and (invoice.exchange_rate is None or invoice.native_currency != OFFICIAL):
        problems.add("exchange_rate", "unknown_rate")


def _corrects_dates(invoice: Invoice) -> bool:
    before = invoice.sale_date_before, invoice.service_from_before, invoice.service_until_before
    return invoice.kind in CORRECTIONS and any(before)


def _check_correction(told: Told, problems: Problems) -> None:
    if told.is_correction:
        for name in ("corrected_number", "corrected_on"):
            if not getattr(told.invoice, name):
                problems.add(name, "blank")
