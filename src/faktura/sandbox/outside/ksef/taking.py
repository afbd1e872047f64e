"""An invoice taken by KSeF's double: checked as KSeF checks it, and given its number, or a code that says why not."""

import datetime as dt
import zlib
from typing import NamedTuple

from stdnum.exceptions import ValidationError

from faktura.core.countries.numbers import read_nip
from faktura.outputs.e_invoices.checking import faults_in
from faktura.sandbox.outside.ksef.facts import facts_of, read_invoice
from faktura.sandbox.outside.ksef.held import Facts, Full, Mode, Sent, Session, Status, Stored
from faktura.sandbox.outside.ksef.keys import digest_of
from faktura.sandbox.outside.ksef.numbers import WARSAW, ksef_number
from faktura.sandbox.outside.ksef.system import System

MOST_BYTES = 1024 * 1024
MOST_WITH_ATTACHMENT = 3 * 1024 * 1024

FA3 = "FA (3)"

MOST_FAULTS = 10

STEP = dt.timedelta(microseconds=1)
"""Between two invoices that are stored, so that each has its own instant."""

SUCCESS = Status(200, "Sukces")

DESCRIPTIONS = {
    100: "Faktura przyjęta do dalszego przetwarzania",
    150: "Trwa przetwarzanie",
    405: "Przetwarzanie anulowane z powodu błędu sesji",
    410: "Nieprawidłowy zakres uprawnień",
    415: "Brak możliwości wysyłania faktury z załącznikiem",
    430: "Błąd weryfikacji pliku faktury",
    435: "Błąd odszyfrowania pliku",
    440: "Duplikat faktury",
    450: "Błąd weryfikacji semantyki dokumentu faktury",
    500: "Nieznany błąd (500)",
    550: "Operacja została anulowana przez system",
}

FORBIDDEN = frozenset(chr(code) for code in (*range(0x7F, 0x85), *range(0x86, 0xA0), *range(0xFDD0, 0xFDF0)))
"""Characters that XML allows, and no invoice may have."""


class Rejected(ValueError):  # noqa: N818 (says what became of the invoice)
    def __init__(self, code: int, *details: str) -> None:
        super().__init__(f"{code} {DESCRIPTIONS[code]}: {'; '.join(details)}")
        self.status = failed(code, *details)


class Taken(NamedTuple):
    """What became of an invoice."""

    status: Status
    facts: Facts | None = None
    ksef_number: str | None = None


class Coming(NamedTuple):
    """An invoice on its way in: who sends it, in what session if any, and what it was said to be."""

    tax_no: str
    form: str
    offline: bool = False
    corrected_digest: str | None = None
    session: str | None = None
    has_part: bool = False


def failed(code: int, *details: str) -> Status:
    return Status(code, DESCRIPTIONS[code], details or None)


def take(system: System, content: bytes, coming: Coming, now: dt.datetime) -> Taken:
    """Check and keep an invoice; what the control ordered to fail does so instead."""
    ordered = system.take_first("fail_next")
    if ordered:
        return Taken(failed(ordered, f"Kod {ordered} na żądanie sterowania."))
    facts: Facts | None = None
    try:
        facts = checked(content, coming, now)
        return Taken(SUCCESS, facts, keep(system, content, facts, coming, now).ksef_number)
    except Duplicate as twin:
        return Taken(twin.status, facts)
    except Rejected as why:
        return Taken(why.status, facts)


def checked(content: bytes, coming: Coming, now: dt.datetime) -> Facts:
    """The facts of an invoice that KSeF takes.

    Raises:
        Rejected: it does not; says why.

    """
    try:
        root = read_invoice(content)
    except ValueError as error:
        raise Rejected(430, str(error)) from None
    if FORBIDDEN & set(content.decode()):
        raise Rejected(430, "Dokument zawiera niedozwolone znaki.")
    if coming.form == FA3 and (faults := faults_in(content, "fa3")):
        raise Rejected(450, *faults[:MOST_FAULTS])
    try:
        facts = facts_of(root)
    except ValueError as error:
        raise Rejected(450, str(error)) from None
    _require_sense(content, facts, coming, now)
    return facts


def _require_sense(content: bytes, facts: Facts, coming: Coming, now: dt.datetime) -> None:
    most = MOST_WITH_ATTACHMENT if facts.has_attachment else MOST_BYTES
    if len(content) > most:
        raise Rejected(430, f"Rozmiar pliku przekracza {most} bajtów.")
    if facts.form != coming.form:
        raise Rejected(430, f"Dokument {facts.form} nie jest zgodny ze schematem sesji {coming.form}.")
    if coming.tax_no != facts.seller.value and not (facts.self_invoiced and coming.tax_no == facts.buyer.value):
        raise Rejected(410, "NIP sprzedawcy nie jest zgodny z kontekstem uwierzytelnienia.")
    if facts.has_attachment and not coming.has_part:
        raise Rejected(415)
    for party in (facts.seller, facts.buyer, *facts.third):
        if party.sort == "Nip" and not _is_tax_no(party.value or ""):
            raise Rejected(450, f"Nieprawidłowy NIP {party.value}.")
    if facts.issued_on > now.astimezone(WARSAW).date():
        raise Rejected(450, "Data wystawienia faktury P_1 jest późniejsza niż data przyjęcia.")


class Duplicate(Rejected):
    def __init__(self, twin: Stored) -> None:
        session = twin.session or ""
        detail = (
            f"Duplikat faktury. Faktura o numerze KSeF: {twin.ksef_number} została już prawidłowo przesłana"
            f" do systemu w sesji: {session}"
        )
        super().__init__(440, detail)
        named = {"originalSessionReferenceNumber": session, "originalKsefNumber": twin.ksef_number}
        self.status = Status(440, DESCRIPTIONS[440], (detail,), named)


def keep(system: System, content: bytes, facts: Facts, coming: Coming, now: dt.datetime) -> Stored:
    """Give an invoice its number.

    Raises:
        Duplicate: another one of its seller has its kind and number.
        Rejected: there is no more room.

    """
    if (twin := system.held.twin(facts)) is not None:
        raise Duplicate(twin)
    last = system.held.last_stored_at
    made = Stored(
        ksef_number=ksef_number(facts.seller.value or "", now, system.held.next_place()),
        digest=digest_of(content),
        facts=facts,
        mode=_mode(facts, coming, now),
        taken_at=now,
        numbered_at=now,
        stored_at=now if last is None else max(now, last + STEP),
        packed=zlib.compress(content, 1),
        session=coming.session,
        corrected_digest=coming.corrected_digest,
    )
    try:
        system.held.store(made)
    except Full:
        raise Rejected(550, "Pamięć symulatora KSeF jest pełna.") from None
    return made


def _mode(facts: Facts, coming: Coming, now: dt.datetime) -> Mode:
    """Issued on an earlier day than it comes is offline, whatever was said."""
    return "Offline" if coming.offline or facts.issued_on < now.astimezone(WARSAW).date() else "Online"


def _is_tax_no(text: str) -> bool:
    try:
        read_nip(text)
    except ValidationError:
        return False
    return True


def add_sent(system: System, session: Session, content: bytes | None, coming: Coming, told: "Told") -> Sent:
    """Write down what was sent in a session, and take it, where it could be decrypted."""
    now = system.now()
    taken = Taken(failed(435)) if content is None else take(system, content, coming, now)
    made = Sent(
        reference=system.reference("EE", now),
        place=len(session.sent) + 1,
        digest=told.digest,
        taken_at=now,
        ready_at=system.ready_at(now),
        status=taken.status,
        number=None if taken.facts is None else taken.facts.number,
        file_name=told.file_name,
        ksef_number=taken.ksef_number,
    )
    session.sent.append(made)
    session.updated_at = now
    return made


class Told(NamedTuple):
    """What the sender said of the file."""

    digest: str
    file_name: str | None = None
