"""UPO, the official receipt that KSeF has taken an invoice: version 4.3, of one invoice or of a whole session."""

from collections.abc import Sequence

from faktura.sandbox.outside.ksef.held import Session, Stored
from faktura.sandbox.outside.ksef.numbers import WARSAW
from faktura.xml import Node

NAMESPACE = "http://upo.schematy.mf.gov.pl/KSeF/v4-3"


def of_invoice(session: Session, stored: Stored) -> bytes:
    return _receipt(session, [stored], whole=False)


def of_session(session: Session, stored: Sequence[Stored]) -> bytes:
    """All of it on one page."""
    return _receipt(session, stored, whole=True)


def _receipt(session: Session, stored: Sequence[Stored], *, whole: bool) -> bytes:
    root = Node.root("Potwierdzenie", {"": NAMESPACE})
    root.add("NazwaPodmiotuPrzyjmujacego", "Ministerstwo Finansów")
    root.add("NumerReferencyjnySesji", session.reference)
    proof = root.add("Uwierzytelnienie")
    proof.add("IdKontekstu").add("Nip", session.tax_no)
    proof.add("NumerReferencyjnyTokenaKSeF" if session.by_token else "SkrotDokumentuUwierzytelniajacego", session.proof)
    if whole:
        _describe(root, len(stored))
    root.add("NazwaStrukturyLogicznej", f"Schemat_{session.form.replace(' ', '')}_v1-0E.xsd")
    root.add("KodFormularza", session.form)
    for one in stored:
        _add(root.add("Dokument"), one)
    return root.written()


def _describe(root: Node, count: int) -> None:
    described = root.add("OpisPotwierdzenia")
    for name, value in (
        ("Strona", 1),
        ("LiczbaStron", 1),
        ("ZakresDokumentowOd", 1),
        ("ZakresDokumentowDo", count),
        ("CalkowitaLiczbaDokumentow", count),
    ):
        described.add(name, str(value))


def _add(document: Node, stored: Stored) -> None:
    facts = stored.facts
    document.add("NipSprzedawcy", facts.seller.value)
    document.add("NumerKSeFDokumentu", stored.ksef_number)
    document.add("NumerFaktury", facts.number)
    document.add("DataWystawieniaFaktury", facts.issued_on.isoformat())
    document.add("DataPrzeslaniaDokumentu", stored.taken_at.astimezone(WARSAW).isoformat())
    document.add("DataNadaniaNumeruKSeF", stored.numbered_at.astimezone(WARSAW).isoformat())
    document.add("SkrotDokumentu", stored.digest)
    document.add("TrybWysylki", stored.mode)
