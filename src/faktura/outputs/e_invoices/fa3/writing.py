"""A document as FA(3), in the order of its schema."""

import datetime as dt

from faktura.core.countries.pl import lists
from faktura.core.documents.record import CORRECTIONS
from faktura.core.documents.third_parties import Agreement
from faktura.core.invoices.record import Invoice, MarginKind
from faktura.outputs.e_invoices.fa3.parties import add_parties
from faktura.outputs.e_invoices.fa3.paying import add_payment
from faktura.outputs.e_invoices.fa3.rates import (
    ELSEWHERE,
    EXEMPT,
    MARGIN,
    OWED_BY_BUYER,
    SERVICE_IN_EU,
    UNDER_SHOP,
    is_eu_firm,
)
from faktura.outputs.e_invoices.fa3.rows import add_order, add_rows, needs_split_payment
from faktura.outputs.e_invoices.fa3.told import ADVANCES, Told, sums_of
from faktura.outputs.e_invoices.numbers import cents, number
from faktura.outputs.reading.texts import in_one_line, in_paragraphs
from faktura.xml import Node

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"

VAT_ACT = "Ustawa z dnia 11 marca 2004 r. o podatku od towarów i usług"

MARGINS: dict[MarginKind, str] = {
    "travel_agencies": "P_PMarzy_2",
    "second_hand_goods": "P_PMarzy_3_1",
    "works_of_art": "P_PMarzy_3_2",
    "collectables_and_antiques": "P_PMarzy_3_3",
}


def fa3(told: Told, made_at: dt.datetime) -> bytes:
    """The file; `made_at` stands in it, and is the only thing that differs from one writing to the next."""
    root = Node.root("Faktura", {"": NAMESPACE})
    _add_head(root.add("Naglowek"), made_at)
    add_parties(root, told)
    _add_invoice(root.add("Fa"), told)
    _add_foot(root, told.invoice)
    return root.written()


def _add_head(head: Node, made_at: dt.datetime) -> None:
    head.add("KodFormularza", "FA", kodSystemowy="FA (3)", wersjaSchemy="1-0E")
    head.add("WariantFormularza", "3")
    head.add("DataWytworzeniaFa", f"{made_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}")
    head.add("SystemInfo", "faktura")


def _add_invoice(fa: Node, told: Told) -> None:
    invoice = told.invoice
    fa.add("KodWaluty", in_one_line(invoice.currency))
    fa.add("P_1", invoice.issued_on.isoformat())
    fa.add("P_2", in_one_line(invoice.number))
    _add_days(fa, invoice)
    _add_sums(fa, told)
    _add_annotations(fa.add("Adnotacje"), told)
    fa.add("RodzajFaktury", told.kind)
    if told.is_correction:
        _add_corrected(fa, told)
    if invoice.receipt_number:
        fa.add("FP", "1")
    if "TP" in invoice.document_markings:
        fa.add("TP", "1")
    _add_description(fa, "Numer paragonu", _receipt_known(invoice))
    for advance in told.advances:
        _add_advance(fa.add("FakturaZaliczkowa"), advance.number, advance.ksef_number)
    add_rows(fa, told)
    add_payment(fa, told)
    _add_terms(fa, invoice)
    add_order(fa, told)


def _receipt_known(invoice: Invoice) -> str:
    """The number of the receipt; a dash says only that there was one."""
    number = in_one_line(invoice.receipt_number)
    return number if any(letter.isalnum() for letter in number) else ""


def _add_days(fa: Node, invoice: Invoice) -> None:
    """When it was supplied or paid in advance, where that is another day; of what goes on, from when until when."""
    if invoice.sale_date_kind == "continuous_service" and invoice.service_from and invoice.service_until:
        period = fa.add("OkresFa")
        period.add("P_6_Od", invoice.service_from.isoformat())
        period.add("P_6_Do", invoice.service_until.isoformat())
    elif invoice.taxable_on is not None and invoice.taxable_on != invoice.issued_on:
        fa.add("P_6", invoice.taxable_on.isoformat())


def _add_sums(fa: Node, told: Told) -> None:
    for rate, sums in sums_of(told).items():
        if not rate.has_tax:
            fa.add(f"P_13_{rate.sums}", cents(sums.net + sums.vat))
            continue
        fa.add(f"P_13_{rate.sums}", cents(sums.net))
        fa.add(f"P_14_{rate.sums}", cents(sums.vat))
        if told.is_foreign and rate != UNDER_SHOP:
            fa.add(f"P_14_{rate.sums}W", cents(sums.native_vat))
    fa.add("P_15", cents(told.total))
    if told.is_foreign and told.kind in ADVANCES and told.invoice.exchange_rate is not None:
        fa.add("KursWalutyZ", number(told.invoice.exchange_rate))


def _add_annotations(node: Node, told: Told) -> None:
    invoice, rates = told.invoice, sums_of(told).keys()
    node.add("P_16", _yes(invoice.vat_date_kind == "payment"))
    node.add("P_17", _yes(told.facts.selfbilling))
    owed = {OWED_BY_BUYER, SERVICE_IN_EU} & rates or (ELSEWHERE in rates and is_eu_firm(invoice))
    node.add("P_18", _yes(bool(owed)))
    node.add("P_18A", _yes(needs_split_payment(invoice)))
    exempt = node.add("Zwolnienie")
    if EXEMPT in rates:
        exempt.add("P_19", "1")
        exempt.add("P_19A", exempt_by(invoice))
    else:
        exempt.add("P_19N", "1")
    node.add("NoweSrodkiTransportu").add("P_22N", "1")
    node.add("P_23", _yes("TT_D" in invoice.document_markings))
    margin = node.add("PMarzy")
    if MARGIN in rates and invoice.margin_kind is not None:
        margin.add("P_PMarzy", "1")
        margin.add(MARGINS[invoice.margin_kind], "1")
    else:
        margin.add("P_PMarzyN", "1")


def exempt_by(invoice: Invoice) -> str:
    """The provision by which it is exempt; whoever is no payer of VAT is so by article 113 where nothing else is said.

    Empty where none is known.
    """
    usual = "" if invoice.seller.vat_mode == "vat_payer" else "113-1-9"
    found = lists.vat_exemptions().get(invoice.vat_exemption or usual)
    if found is None:
        return ""
    return f"{found.basis} ustawy o VAT" if found.act == VAT_ACT else f"{found.basis}, {found.act}"


def _yes(answer: bool) -> str:  # noqa: FBT001 (it is what is answered)
    return "1" if answer else "2"


def _add_corrected(fa: Node, told: Told) -> None:
    invoice, original = told.invoice, told.original
    fa.add_known("PrzyczynaKorekty", reason_of(told))
    fa.add_known("TypKorekty", {"mistake": "1", "other": "2"}.get(invoice.correction_reason or "", ""))
    node = fa.add("DaneFaKorygowanej")
    if invoice.corrected_on is not None:
        node.add("DataWystFaKorygowanej", invoice.corrected_on.isoformat())
    node.add("NrFaKorygowanej", in_one_line(invoice.corrected_number))
    if original is not None and original.ksef_number:
        node.add("NrKSeF", "1")
        node.add("NrKSeFFaKorygowanej", original.ksef_number)
    else:
        node.add("NrKSeFN", "1")
    if told.owed_before is not None:
        fa.add("P_15ZK", cents(told.owed_before))
        if told.is_foreign and original is not None and original.exchange_rate is not None:
            fa.add("KursWalutyZK", number(original.exchange_rate))


def reason_of(told: Told) -> str:
    """What the document says of why it corrects, or the word for the sort of reason."""
    return in_one_line(told.invoice.note) or told.facts.correction_reason


def _add_description(fa: Node, key: str, value: str) -> None:
    if value:
        node = fa.add("DodatkowyOpis")
        node.add("Klucz", key)
        node.add("Wartosc", value)


def _add_advance(node: Node, own_number: str, ksef_number: str | None) -> None:
    if ksef_number:
        node.add("NrKSeFFaZaliczkowej", ksef_number)
    else:
        node.add("NrKSeFZN", "1")
        node.add("NrFaZaliczkowej", in_one_line(own_number))


def _add_terms(fa: Node, invoice: Invoice) -> None:
    """What was agreed on before; the number of an order by itself is that of one."""
    terms = invoice.transaction_terms
    contracts, orders = (terms.contracts, terms.orders) if terms else ((), ())
    order_number = in_one_line(invoice.order_number)
    if not orders and order_number:
        orders = (Agreement(order_number),)
    if not contracts and not orders:
        return
    node = fa.add("WarunkiTransakcji")
    for name, number_name, day_name, agreements in (
        ("Umowy", "NrUmowy", "DataUmowy", contracts),
        ("Zamowienia", "NrZamowienia", "DataZamowienia", orders),
    ):
        for agreement in agreements:
            agreed = node.add(name)
            if agreement.made_on is not None:
                agreed.add(day_name, agreement.made_on.isoformat())
            agreed.add_known(number_name, in_one_line(agreement.number))


def _add_foot(root: Node, invoice: Invoice) -> None:
    """Notes, of which that of a correction is its reason, and the number in the register of waste."""
    note = None if invoice.kind in CORRECTIONS else invoice.note
    texts = [text for text in (in_paragraphs(note), in_paragraphs(invoice.footer_note)) if text]
    bdo = in_one_line(invoice.bdo_code)
    if not texts and not bdo:
        return
    foot = root.add("Stopka")
    for text in texts:
        foot.add("Informacje").add("StopkaFaktury", text)
    if bdo:
        foot.add("Rejestry").add("BDO", bdo)
