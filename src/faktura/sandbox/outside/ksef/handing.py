"""Invoices that somebody else sent: built as FA(3) from a few facts, or taken as they are."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from faktura.sandbox.outside.ksef.held import Facts, Party
from faktura.sandbox.outside.ksef.numbers import WARSAW
from faktura.sandbox.outside.ksef.standing import Handed, HandedLine
from faktura.sandbox.outside.ksef.system import System
from faktura.sandbox.outside.ksef.taking import FA3, Coming, Duplicate, Rejected, checked, keep
from faktura.xml import Node

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"

CENT = Decimal("0.01")

FIELDS = {"23": "1", "8": "2", "5": "3"}
"""Where the sums of a rate stand."""

NO = "2"


def hand_in(system: System, handed: Sequence[Handed], now: dt.datetime) -> list[str]:
    """Keep invoices that others send at that instant, all or none; their numbers.

    Raises:
        Rejected: KSeF would not take one of them; says why.

    """
    ready = [_ready(system, one, now) for one in handed]
    if len({(facts.seller.value, facts.kind, facts.number) for _, facts in ready}) < len(ready):
        raise Rejected(440, "Jeden numer występuje dwa razy.")
    return [
        keep(system, content, facts, Coming(facts.seller.value or "", facts.form), now).ksef_number
        for content, facts in ready
    ]


def _ready(system: System, handed: Handed, now: dt.datetime) -> tuple[bytes, Facts]:
    content = purchase(handed, now) if handed.xml is None else handed.xml.encode()
    facts = _as_said(handed, now)
    if handed.checked:
        facts = checked(content, Coming(handed.seller_tax_no, FA3), now)
    if (twin := system.held.twin(facts)) is not None:
        raise Duplicate(twin)
    return content, facts


def _as_said(handed: Handed, now: dt.datetime) -> Facts:
    return Facts(
        form=FA3,
        seller=Party("Nip", handed.seller_tax_no, handed.seller_name),
        buyer=Party("Nip", handed.buyer_tax_no, handed.buyer_name),
        third=(),
        number=handed.number,
        kind="VAT",
        issued_on=handed.issued_on or now.astimezone(WARSAW).date(),
        currency="PLN",
        net=(net := sum((_net(one) for one in handed.lines), start=Decimal(0))),
        vat=(vat := sum(_by_rate(handed, tax=True).values(), start=Decimal(0))),
        gross=net + vat,
    )


def purchase(handed: Handed, now: dt.datetime) -> bytes:
    """The facts as FA(3)."""
    root = Node.root("Faktura", {"": NAMESPACE})
    head = root.add("Naglowek")
    head.add("KodFormularza", "FA", kodSystemowy=FA3, wersjaSchemy="1-0E")
    head.add("WariantFormularza", "3")
    head.add("DataWytworzeniaFa", f"{now:%Y-%m-%dT%H:%M:%SZ}")
    _add_party(root.add("Podmiot1"), handed.seller_tax_no, handed.seller_name)
    buyer = root.add("Podmiot2")
    _add_party(buyer, handed.buyer_tax_no, handed.buyer_name)
    buyer.add("JST", NO)
    buyer.add("GV", NO)
    _add_invoice(root.add("Fa"), handed, handed.issued_on or now.astimezone(WARSAW).date())
    return root.written()


def _add_party(party: Node, tax_no: str, name: str) -> None:
    named = party.add("DaneIdentyfikacyjne")
    named.add("NIP", tax_no)
    named.add("Nazwa", name)
    address = party.add("Adres")
    address.add("KodKraju", "PL")
    address.add("AdresL1", "ul. Prosta 1")
    address.add("AdresL2", "00-001 Warszawa")


def _add_invoice(invoice: Node, handed: Handed, issued_on: dt.date) -> None:
    invoice.add("KodWaluty", "PLN")
    invoice.add("P_1", issued_on.isoformat())
    invoice.add("P_2", handed.number)
    nets, taxes = _by_rate(handed, tax=False), _by_rate(handed, tax=True)
    for rate, place in FIELDS.items():
        if rate in nets:
            invoice.add(f"P_13_{place}", str(nets[rate]))
            invoice.add(f"P_14_{place}", str(taxes[rate]))
    invoice.add("P_15", str(sum((*nets.values(), *taxes.values()), start=Decimal(0))))
    _add_notes(invoice.add("Adnotacje"))
    invoice.add("RodzajFaktury", "VAT")
    for number, line in enumerate(handed.lines, start=1):
        row = invoice.add("FaWiersz")
        row.add("NrWierszaFa", str(number))
        row.add("P_7", line.name)
        row.add("P_8A", line.unit)
        row.add("P_8B", str(line.quantity))
        row.add("P_9A", str(line.price))
        row.add("P_11", str(_net(line)))
        row.add("P_12", line.rate)
    _add_payment(invoice, handed)


def _add_notes(notes: Node) -> None:
    for name in ("P_16", "P_17", "P_18", "P_18A"):
        notes.add(name, NO)
    notes.add("Zwolnienie").add("P_19N", "1")
    notes.add("NoweSrodkiTransportu").add("P_22N", "1")
    notes.add("P_23", NO)
    notes.add("PMarzy").add("P_PMarzyN", "1")


def _add_payment(invoice: Node, handed: Handed) -> None:
    if handed.due_on is None and not handed.bank_account:
        return
    payment = invoice.add("Platnosc")
    if handed.due_on is not None:
        payment.add("TerminPlatnosci").add("Termin", handed.due_on.isoformat())
    payment.add("FormaPlatnosci", "6")
    if handed.bank_account:
        payment.add("RachunekBankowy").add("NrRB", handed.bank_account)


def _net(line: HandedLine) -> Decimal:
    return (line.price * line.quantity).quantize(CENT, ROUND_HALF_UP)


def _by_rate(handed: Handed, *, tax: bool) -> dict[str, Decimal]:
    """The net of each rate, or its tax."""
    nets: dict[str, Decimal] = {}
    for line in handed.lines:
        nets[line.rate] = nets.get(line.rate, Decimal(0)) + _net(line)
    if not tax:
        return nets
    return {rate: (net * Decimal(rate) / 100).quantize(CENT, ROUND_HALF_UP) for rate, net in nets.items()}
