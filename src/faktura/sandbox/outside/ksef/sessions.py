"""Sessions: invoices are sent one by one in an online one, and looked after in any; what a batch is stands beside."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from faktura.sandbox.outside.ksef.calls import DONE, Answer, Refused, not_valid, spelled, told, xml
from faktura.sandbox.outside.ksef.held import Sent, Session, Status
from faktura.sandbox.outside.ksef.keys import decrypted, digest_of
from faktura.sandbox.outside.ksef.receipts import of_invoice, of_session
from faktura.sandbox.outside.ksef.signing_in import require_key
from faktura.sandbox.outside.ksef.system import Asked, System, page_of, unpacked_base64
from faktura.sandbox.outside.ksef.taking import DESCRIPTIONS, Coming, Told, add_sent

VALID = dt.timedelta(hours=12)

MOST_INVOICES = 10_000

FORMS = {("FA (2)", "1-0E", "FA"), ("FA (3)", "1-0E", "FA")}

UPO_LINK = dt.timedelta(days=3)

Digest = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9+/]{43}=\Z")]


class Form(msgspec.Struct, rename="camel"):
    system_code: str
    schema_version: str
    value: str


class Encryption(msgspec.Struct, rename="camel"):
    encrypted_symmetric_key: str
    initialization_vector: str
    public_key_id: str | None = None


class Opening(msgspec.Struct, rename="camel"):
    form_code: Form
    encryption: Encryption


class Sending(msgspec.Struct, rename="camel"):
    invoice_hash: Digest
    invoice_size: Annotated[int, Meta(ge=1)]
    encrypted_invoice_hash: Digest
    encrypted_invoice_size: Annotated[int, Meta(ge=1)]
    encrypted_invoice_content: str
    offline_mode: bool = False
    hash_of_corrected_invoice: Digest | None = None


def open_online(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Opening)
    made = begun(system, asked, wanted.form_code, wanted.encryption)
    return told({"referenceNumber": made.reference, "validUntil": spelled(made.valid_until)}, 201)


def begun(system: System, asked: Asked, form: Form, encryption: Encryption, *, batch: bool = False) -> Session:
    """A session that is open; one whose key cannot be decrypted says so by its status."""
    if (form.system_code, form.schema_version, form.value) not in FORMS:
        raise not_valid("Wskazany kod formularza nie jest wspierany.")
    require_key(system, "SymmetricKeyEncryption", encryption.public_key_id)
    key, iv = opened_key(system, encryption)
    made = Session(
        reference=system.reference("SB" if batch else "SO", asked.now),
        sort="Batch" if batch else "Online",
        tax_no=asked.tax_no,
        proof=asked.who.proof,
        by_token=asked.who.method == "Token",
        form=form.system_code,
        created_at=asked.now,
        updated_at=asked.now,
        valid_until=asked.now + VALID,
        upo_reference=system.reference("EU", asked.now),
        key=key,
        iv=iv,
        failure=Status(415, "Błąd odszyfrowania dostarczonego klucza") if key is None else None,
    )
    system.held.add(system.held.sessions, made.reference, made)
    return made


def opened_key(system: System, encryption: Encryption) -> tuple[bytes | None, bytes]:
    """The key of 32 bytes, or None where it was not encrypted for the double; and the 16 bytes to begin with."""
    iv = unpacked_base64(encryption.initialization_vector, "initializationVector")
    if len(iv) != 16:  # noqa: PLR2004 (a block)
        raise not_valid("initializationVector musi mieć 16 bajtów.")
    content = unpacked_base64(encryption.encrypted_symmetric_key, "encryptedSymmetricKey")
    try:
        key = system.keys.opened("SymmetricKeyEncryption", content)
    except ValueError:
        return None, iv
    return key if len(key) == 32 else None, iv  # noqa: PLR2004 (AES-256)


def send(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked, sort="Online")
    sending = asked.call.read(Sending)
    _require_open(session, asked.now, "wysyłkę faktur")
    if len(session.sent) >= MOST_INVOICES:
        detail = f"Sesja o numerze referencyjnym {session.reference} osiągnęła limit faktur {MOST_INVOICES}."
        raise Refused(21155, "Przekroczono dozwoloną liczbę faktur w sesji.", detail)
    content = unpacked_base64(sending.encrypted_invoice_content, "encryptedInvoiceContent")
    _require_same(content, sending.encrypted_invoice_size, sending.encrypted_invoice_hash)
    try:
        plain = None if session.key is None else decrypted(content, session.key, session.iv)
    except ValueError:
        plain = None
    if plain is not None:
        _require_same(plain, sending.invoice_size, sending.invoice_hash)
    corrected = sending.hash_of_corrected_invoice
    if corrected is not None:
        _require_correctable(system, sending, corrected, asked.tax_no)
    coming = Coming(
        asked.tax_no,
        session.form,
        offline=sending.offline_mode,
        corrected_digest=corrected,
        session=session.reference,
        has_part=corrected is not None,
    )
    made = add_sent(system, session, plain, coming, Told(sending.invoice_hash))
    return told({"referenceNumber": made.reference}, 202)


def _require_correctable(system: System, sending: Sending, corrected: str, tax_no: str) -> None:
    """A technical correction replaces what was issued offline and refused."""
    if not sending.offline_mode:
        raise not_valid("Korekta techniczna jest dostępna wyłącznie w trybie offline.")
    known = [one for one in _all_sent(system, tax_no) if one.digest == corrected]
    if any(one.ksef_number for one in known):
        detail = "Nie można wysłać korekty technicznej do prawidłowo przetworzonej faktury."
        raise Refused(21167, "Status faktury nie pozwala na korektę techniczną.", detail)
    if any(one.corrected_digest == corrected for one in system.held.invoices.values()):
        detail = "Faktura posiada już przetworzoną prawidłowo korektę techniczną."
        raise Refused(21166, "Korekta techniczna niedostępna.", detail)


def _all_sent(system: System, tax_no: str) -> list[Sent]:
    return [sent for one in system.held.sessions.values() if one.tax_no == tax_no for sent in one.sent]


def close_online(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked, sort="Online")
    _require_open(session, asked.now, "jej zamknięcie")
    session.closed_at = session.updated_at = asked.now
    return DONE


def session_of(system: System, asked: Asked, *, sort: str | None = None) -> Session:
    """That of the path, of the firm that asks.

    Raises:
        Refused: there is none.

    """
    name = asked.path[0]
    found = system.held.sessions.get(name)
    if found is None or found.tax_no != asked.tax_no or sort not in {None, found.sort}:
        detail = f"Sesja o numerze referencyjnym {name} nie została znaleziona."
        raise Refused(21173, "Brak sesji o wskazanym numerze referencyjnym.", detail)
    return found


def status_of(session: Session, now: dt.datetime) -> Status:
    """How a session stands: whoever is not closed by its end is closed by it."""
    if session.failure is not None:
        return session.failure
    word = "interaktywna" if session.sort == "Online" else "wsadowa"
    if session.closed_at is None and now < session.valid_until:
        return Status(100, "Sesja interaktywna otwarta" if session.sort == "Online" else "Sesja wsadowa rozpoczęta")
    if not session.sent:
        return Status(440, "Sesja anulowana", ("Nie przesłano faktur",))
    if any(now < one.ready_at for one in session.sent):
        waiting = Status(170, "Sesja interaktywna zamknięta")
        return waiting if session.sort == "Online" else Status(150, "Trwa przetwarzanie")
    if not any(one.ksef_number for one in session.sent):
        return Status(445, "Błąd weryfikacji, brak poprawnych faktur")
    return Status(200, f"Sesja {word} przetworzona pomyślnie")


def show(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked)
    status, counts = status_of(session, asked.now), _counts(session, asked.now)
    shown: dict[str, Any] = {
        "status": msgspec.to_builtins(status),
        "dateCreated": spelled(session.created_at),
        "dateUpdated": spelled(session.updated_at),
        "validUntil": spelled(session.valid_until),
        **dict(zip(("invoiceCount", "successfulInvoiceCount", "failedInvoiceCount"), counts, strict=True)),
    }
    if status.code == 200:  # noqa: PLR2004 (success)
        shown["upo"] = {
            "pages": [
                {
                    "referenceNumber": session.upo_reference,
                    "downloadUrl": system.link(f"upo/{session.reference}/{session.upo_reference}"),
                    "downloadUrlExpirationDate": spelled(asked.now + UPO_LINK),
                }
            ]
        }
    return told(shown)


def _counts(session: Session, now: dt.datetime) -> tuple[int, int, int]:
    ready = [one for one in session.sent if now >= one.ready_at]
    good = sum(1 for one in ready if one.ksef_number)
    return len(session.sent), good, len(ready) - good


def list_sessions(system: System, asked: Asked) -> Answer:
    call = asked.call
    sort = call.first("sessionType")
    if sort not in {"Online", "Batch"}:
        raise not_valid("sessionType jest wymagany.")
    known = [one for one in system.held.sessions.values() if one.tax_no == asked.tax_no and one.sort == sort]
    if name := call.first("referenceNumber"):
        known = [one for one in known if one.reference == name]
    if wanted := call.query.get("statuses"):
        known = [one for one in known if _word(status_of(one, asked.now)) in wanted]
    rows, token = page_of(known[::-1], call)
    return told({"continuationToken": token, "sessions": [_in_list(one, asked.now) for one in rows]})


def _word(status: Status) -> str:
    if status.code == 200:  # noqa: PLR2004 (success)
        return "Succeeded"
    if status.code == 440:  # noqa: PLR2004 (nothing was sent)
        return "Cancelled"
    return "InProgress" if status.code < 200 else "Failed"  # noqa: PLR2004


def _in_list(session: Session, now: dt.datetime) -> dict[str, Any]:
    total, good, bad = _counts(session, now)
    return {
        "referenceNumber": session.reference,
        "status": msgspec.to_builtins(status_of(session, now)),
        "dateCreated": spelled(session.created_at),
        "dateUpdated": spelled(session.updated_at),
        "validUntil": spelled(session.valid_until),
        "totalInvoiceCount": total,
        "successfulInvoiceCount": good,
        "failedInvoiceCount": bad,
    }


def list_invoices(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked)
    return _listed(system, asked, session, session.sent)


def list_failed(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked)
    failed_ones = [one for one in session.sent if one.ksef_number is None and asked.now >= one.ready_at]
    return _listed(system, asked, session, failed_ones)


def _listed(system: System, asked: Asked, session: Session, sent: list[Sent]) -> Answer:
    rows, token = page_of(sent, asked.call)
    shown = [_shown(system, session, one, asked.now) for one in rows]
    return told({"continuationToken": token, "invoices": shown})


def show_invoice(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked)
    return told(_shown(system, session, _sent(session, asked.path[1]), asked.now))


def _sent(session: Session, name: str) -> Sent:
    found = next((one for one in session.sent if one.reference == name), None)
    if found is None:
        raise not_valid(f"Faktura o numerze referencyjnym {name} nie została znaleziona.")
    return found


def _shown(system: System, session: Session, sent: Sent, now: dt.datetime) -> dict[str, Any]:
    """Before it is ready, only that it was taken; later that it is looked at."""
    shown: dict[str, Any] = {
        "ordinalNumber": sent.place,
        "referenceNumber": sent.reference,
        "invoiceHash": sent.digest,
        "invoiceFileName": sent.file_name,
        "invoicingDate": spelled(sent.taken_at),
    }
    if now < sent.ready_at:
        code = 100 if now - sent.taken_at < (sent.ready_at - sent.taken_at) / 2 else 150
        return {**shown, "status": {"code": code, "description": DESCRIPTIONS[code]}}
    shown |= {"invoiceNumber": sent.number, "status": msgspec.to_builtins(sent.status)}
    if sent.ksef_number is None:
        return shown
    stored = system.held.invoices[sent.ksef_number]
    return shown | {
        "ksefNumber": stored.ksef_number,
        "acquisitionDate": spelled(stored.numbered_at),
        "permanentStorageDate": spelled(stored.stored_at),
        "invoicingMode": stored.mode,
        "upoDownloadUrl": system.link(f"upo/{session.reference}/{stored.ksef_number}"),
        "upoDownloadUrlExpirationDate": spelled(now + UPO_LINK),
    }


def receipt_by_reference(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked)
    sent = _sent(session, asked.path[1])
    if sent.ksef_number is None or asked.now < sent.ready_at:
        raise not_valid(f"UPO dla faktury {sent.reference} nie zostało znalezione.")
    return receipt(system, session, sent.ksef_number)


def receipt_by_number(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked)
    number = asked.path[1]
    if not any(one.ksef_number == number and asked.now >= one.ready_at for one in session.sent):
        raise _no_receipt(f"UPO o numerze KSeF {number} i numerze referencyjnym sesji {session.reference}")
    return receipt(system, session, number)


def receipt_of_session(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked)
    name = asked.path[1]
    if name != session.upo_reference or status_of(session, asked.now).code != 200:  # noqa: PLR2004 (success)
        raise _no_receipt(f"UPO o numerze referencyjnym {name} dla sesji {session.reference}")
    return whole_receipt(system, session)


def receipt_by_link(system: System, asked: Asked) -> Answer:
    """By an address that a status has named."""
    reference, what = asked.path
    session = system.held.sessions[reference]
    return whole_receipt(system, session) if what == session.upo_reference else receipt(system, session, what)


def receipt(system: System, session: Session, number: str) -> Answer:
    content = of_invoice(session, system.held.invoices[number])
    return xml(content, ("x-ms-meta-hash", digest_of(content)))


def whole_receipt(system: System, session: Session) -> Answer:
    numbers = [one.ksef_number for one in session.sent if one.ksef_number is not None]
    content = of_session(session, [system.held.invoices[number] for number in numbers])
    return xml(content, ("x-ms-meta-hash", digest_of(content)))


def _no_receipt(what: str) -> Refused:
    return Refused(21178, "Nie znaleziono UPO dla podanych kryteriów.", f"{what} nie zostało znalezione.")


def _require_open(session: Session, now: dt.datetime, what: str) -> None:
    status = status_of(session, now)
    if status.code != 100:  # noqa: PLR2004 (open)
        detail = f"Status sesji {status.code} uniemożliwia {what}."
        raise Refused(21180, "Status sesji nie pozwala na wykonanie operacji.", detail)


def _require_same(content: bytes, size: int, digest: str) -> None:
    if len(content) != size:
        raise Refused(21402, "Nieprawidłowy rozmiar pliku.", "Długość treści nie zgadza się z rozmiarem pliku.")
    if digest_of(content) != digest:
        raise Refused(21403, "Nieprawidłowy skrót pliku.", "Skrót treści nie zgadza się ze skrótem pliku.")
