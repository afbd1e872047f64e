"""Polish documents of every kind, at random, as FA(3) is told of them."""

import datetime as dt
from collections.abc import Mapping
from random import Random
from typing import Any, get_args

import msgspec

from faktura.core.countries.pl import lists
from faktura.core.documents.deductions import advance_of
from faktura.core.documents.record import CORRECTIONS, Line, Seller
from faktura.core.documents.third_parties import Agreement, LocalUnit, ThirdParty, ThirdPartyRole, TransactionTerms
from faktura.core.invoices.record import Invoice, MarginKind
from faktura.outputs.e_invoices.fa3.rates import lacks_sale_kind
from faktura.outputs.e_invoices.fa3.rows import PROCEDURES
from faktura.outputs.e_invoices.fa3.told import Kind, Named, Told
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.tests.any_document import DAY, KINDS, METHODS, ODD, any_document
from faktura.store.records import changed

RATES = ("23", "23", "22", "8", "7", "5", "4", "3", "0")
SOLD = tuple(kind for kind in KINDS if kind != "proforma")
BUYERS: tuple[Mapping[str, Any], ...] = (
    {"buyer_country": "PL", "buyer_vat_no": "1111111111"},
    {"buyer_country": None, "buyer_vat_no": "PL1111111111"},
    {"buyer_country": "PL", "buyer_vat_no": None},
    {"buyer_country": "DE", "buyer_vat_no": "DE123456788"},
    {"buyer_country": "GR", "buyer_vat_no": "EL094259216"},
    {"buyer_country": "CZ", "buyer_vat_no": "1111111111"},
    {"buyer_country": "SK", "buyer_vat_no": None},
    {"buyer_country": "US", "buyer_vat_no": "98-7654321"},
    {"buyer_country": "GB", "buyer_vat_no": None},
)
ACCOUNTS = (
    (None, None, None),
    ("81 9150 0009 0000 0001 0000 0004", None, None),
    ("81915000090000000100000004", "PL81915000090000000100000004", "BREXPLPW"),
    (None, "DE89370400440532013000", "COBADEFFXXX"),
)
KSEF_NUMBERS = (None, "1234563218-20261101-0100001AF629-37")


def any_told(chance: Random) -> Told:
    """One that KSeF takes."""
    bank = dict(zip(("bank_account", "iban", "bic"), chance.choice(ACCOUNTS), strict=True))
    parties = {"seller": _seller(chance), **chance.choice(BUYERS), **_others(chance)}
    fixed = parties | bank | _terms(chance) | {"number": f"{_text(chance)}1", "buyer_name": f"{_text(chance)}A"}
    invoice, context = any_document(chance, rates=RATES, native="PLN", kind=chance.choice(SOLD), **fixed)
    invoice.lines = tuple(_coded(chance, line) for line in invoice.lines)
    invoice.advance_amount = invoice.advance_amount or None
    if invoice.margin_kind is not None:
        invoice.margin_kind = chance.choice(get_args(MarginKind))
    if lacks_sale_kind(invoice):
        invoice.sale_kind = chance.choice(("service", "merchandise"))
    return _told(chance, invoice, context)


def _told(chance: Random, invoice: Invoice, context: Context) -> Told:
    kind = _kind(chance, invoice, context)
    facts, advances = facts_of(invoice, context), tuple(_named(chance) for _ in range(chance.randint(1, 3)))
    told = Told(invoice, facts, kind, advances=advances if kind in {"ROZ", "KOR_ROZ"} else ())
    if invoice.kind in CORRECTIONS:
        invoice.corrected_on = invoice.corrected_on or DAY
        original = changed(invoice, id=8, kind="invoice", ksef_number=chance.choice(KSEF_NUMBERS))
        told = told._replace(original=chance.choice((None, original)))
    if kind in {"KOR_ZAL", "KOR_ROZ"}:
        told = told._replace(owed_before=advance_of(invoice))
    if kind in {"ZAL", "KOR_ZAL"}:
        order, _ = any_document(chance, rates=RATES, native="PLN", kind="proforma", seller=invoice.seller)
        return told._replace(order=chance.choice((invoice, changed(order, buyer_country=invoice.buyer_country))))
    return told


def _kind(chance: Random, invoice: Invoice, context: Context) -> Kind:
    if invoice.kind in CORRECTIONS:
        return chance.choice(("KOR", "KOR_ZAL", "KOR_ROZ")) if invoice.kind == "correction" else "KOR"
    if invoice.kind == "tax_document":
        return "ZAL"
    return "ROZ" if any(advance.by_rate for advance in context.deducts) else "VAT"


def _named(chance: Random) -> Named:
    return Named(f"Z/{chance.randint(1, 99)}", chance.choice(KSEF_NUMBERS))


def _coded(chance: Random, line: Line) -> Line:
    codes: dict[str, Any] = {
        "name": f"{_text(chance)}x",
        "item_code": chance.choice((None, _text(chance))),
        "pkwiu": chance.choice((None, "84.11.12.0")),
        "cn": chance.choice((None, "8471 30 00")),
        "gtu": chance.choice((None, *lists.goods_groups())),
    }
    return msgspec.structs.replace(line, **codes)


def _seller(chance: Random) -> Seller:
    return Seller(
        f"{_text(chance)}S",
        chance.choice(("vat_payer", "vat_payer", "vat_payer", "non_vat_payer")),
        street=chance.choice((None, "Długa 1/2", f"{_text(chance)}u")),
        city="Kraków",
        postcode=chance.choice((None, "30-001")),
        country="PL",
        vat_no=chance.choice(("1234563218", "PL1234563218", "123-456-32-18")),
        phone=chance.choice((None, "+48 123 456 789")),
        email=chance.choice((None, "biuro@example.pl")),
        selfbilling=chance.random() < 0.1,
    )


def _others(chance: Random) -> dict[str, Any]:
    roles = get_args(ThirdPartyRole)
    foreign = {"country": "US", "tax_no": "98-7654321"}
    numbers: tuple[dict[str, str], ...] = ({"tax_no": "1111111111"}, {"internal_no": "1234563218-00012"}, {}, foreign)
    parties = [
        ThirdParty(place, chance.choice(roles), f"{_text(chance)}T", city="Gdynia", **chance.choice(numbers))
        for place in range(chance.choice((0, 0, 1, 2)))
    ]
    unit = LocalUnit("Szkoła nr 1", "Długa", "1", "Kraków", "30-001", "PL", tax_no=chance.choice((None, "1111111111")))
    return {
        "third_parties": tuple(parties),
        "recipient_unit": chance.choice((None, None, unit)),
        "seller_unit": chance.choice((None, None, unit)),
        "buyer_phone": chance.choice((None, "600 700 800")),
        "buyer_email": chance.choice((None, "a@example.com")),
    }


def _terms(chance: Random) -> dict[str, Any]:
    days = {"service_from": DAY - dt.timedelta(30), "service_until": DAY}
    continuous = {"sale_date_kind": "continuous_service", **days} if chance.random() < 0.2 else {}
    markings = chance.sample((*PROCEDURES, "TP", "SW", "EE"), chance.choice((0, 0, 1, 2)))
    agreements = tuple(Agreement(chance.choice((None, "U/1")), chance.choice((None, DAY))) for _ in range(2))
    return continuous | {
        "supply_code": None,
        "taxable_on": chance.choice((None, DAY, DAY - dt.timedelta(3))),
        "vat_date_kind": chance.choice(("issue", "sale", "payment")),
        "vat_exemption": chance.choice(list(lists.vat_exemptions())),
        "sale_kind": chance.choice((None, "service", "merchandise")),
        "split_payment": chance.random() < 0.3,
        "split_payment_kind": chance.choice((None, "required", "optional")),
        "document_markings": tuple(markings),
        "transaction_terms": chance.choice((None, TransactionTerms(agreements, agreements))),
        "bdo_code": chance.choice((None, "000123456")),
        "receipt_number": chance.choice((None, f"{_text(chance)}7")),
        "correction_reason": chance.choice((None, "mistake", "other")),
        "payment_method": chance.choice((*METHODS, "accredited", "compensation")),
        "custom_payment_method": "Dogadane",
        "bank_name": chance.choice((None, "Bank A", _text(chance))),
        "paid_on": chance.choice((None, None, DAY, DAY + dt.timedelta(1))),
    }


def _text(chance: Random) -> str:
    return "".join(chance.choices(ODD, k=chance.randint(0, 12)))
