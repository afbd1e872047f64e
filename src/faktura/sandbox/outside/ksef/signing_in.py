"""Signing in: a challenge, answered by a signature or by a token, becomes an access token and one that renews it."""

import datetime as dt
import hashlib
from typing import Literal

import msgspec
from cryptography import x509

from faktura.sandbox.outside.ksef.calls import DONE, Answer, Refused, spelled, told
from faktura.sandbox.outside.ksef.held import SignIn, Status, Token
from faktura.sandbox.outside.ksef.keys import der_of, serial_of
from faktura.sandbox.outside.ksef.standing import TaxNo
from faktura.sandbox.outside.ksef.system import ACCESS, OWNERS_RIGHTS, REFRESH, Asked, System, page_of, unpacked_base64
from faktura.sandbox.outside.ksef.xades import read_signed

CHALLENGE = dt.timedelta(minutes=10)
OPERATION = dt.timedelta(minutes=45)

TOKENS_END = dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC)
"""The end of 2026 in Poland: from then on nobody signs in by a token."""

SUCCESS = Status(200, "Uwierzytelnianie zakończone sukcesem")
NO_RIGHTS = Status(415, "Uwierzytelnianie zakończone niepowodzeniem", ("Brak przypisanych uprawnień",))
ENDED = Status(
    425,
    "Uwierzytelnienie unieważnione",
    ("Uwierzytelnienie i powiązane refresh tokeny zostały unieważnione przez użytkownika",),
)
BLOCKED = Status(480, "Uwierzytelnienie zablokowane", ("Podejrzenie incydentu bezpieczeństwa.",))

METHODS = {
    "Token": ("Token", "token.ksef", "Token KSeF"),
    "InternalCertificate": ("XadesSignature", "xades.ksef-certificate", "Certyfikat KSeF"),
    "QualifiedSeal": ("XadesSignature", "xades.qualified-seal", "Pieczęć kwalifikowana"),
}


class Context(msgspec.Struct):
    type: Literal["Nip", "InternalId", "NipVatUe", "PeppolId"]
    value: TaxNo


class TokenRequest(msgspec.Struct, rename="camel"):
    challenge: str
    context_identifier: Context
    encrypted_token: str
    public_key_id: str | None = None


def challenge(system: System, asked: Asked) -> Answer:
    text = system.reference("CR", asked.now)
    system.held.add(system.held.challenges, text, asked.now)
    stamp = int(asked.now.timestamp() * 1000)
    shown = {"challenge": text, "timestamp": spelled(asked.now), "timestampMs": stamp}
    return told({**shown, "clientIp": asked.call.address})


def by_signature(system: System, asked: Asked) -> Answer:
    signed = read_signed(asked.call.body)
    _use_challenge(system, signed.challenge, asked.now)
    if signed.context_sort != "Nip":
        raise Refused(21117, "Nieprawidłowy identyfikator podmiotu dla wskazanego typu kontekstu.")
    certificate, chain = signed.certificate, asked.call.first("verifyCertificateChain") == "true"
    status = _doubt(system, certificate, asked.now, chain=chain) or SUCCESS
    rights = _rights_of_signer(system, signed.tax_no, signed.context)
    if status.code == SUCCESS.code and not rights:
        status = NO_RIGHTS
    known = system.held.certificates.get(serial_of(certificate))
    if known is not None:
        known.used_at = asked.now
    method: Literal["InternalCertificate", "QualifiedSeal"] = (
        "InternalCertificate" if system.keys.is_ours(certificate) else "QualifiedSeal"
    )
    made = SignIn(
        reference=system.reference("AU", asked.now),
        tax_no=signed.context,
        method=method,
        proof=signed.digest,
        status=status,
        started_at=asked.now,
        ready_at=system.ready_at(asked.now),
        rights=rights,
        certificate=der_of(certificate),
    )
    return _begun(system, asked, made)


def by_token(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(TokenRequest)
    _use_challenge(system, wanted.challenge, asked.now)
    require_key(system, "KsefTokenEncryption", wanted.public_key_id)
    status, token = _token_of(system, wanted, asked.now)
    rights = () if token is None else system.rights_of(token.tax_no, token.rights)
    if status.code == SUCCESS.code and not rights:
        status = NO_RIGHTS
    made = SignIn(
        reference=system.reference("AU", asked.now),
        tax_no=wanted.context_identifier.value,
        method="Token",
        proof="" if token is None else token.reference,
        status=status,
        started_at=asked.now,
        ready_at=system.ready_at(asked.now),
        rights=rights,
    )
    return _begun(system, asked, made)


def status(system: System, asked: Asked) -> Answer:
    who = asked.who
    if who.reference != asked.path[0]:
        raise _no_operation(asked.path[0])
    if asked.now - who.started_at > dt.timedelta(days=7):
        raise _no_operation(asked.path[0])
    return told(_shown(system, who, asked.now))


def redeem(system: System, asked: Asked) -> Answer:
    """Once only."""
    who = asked.who
    code = _status(who, asked.now).code
    if code != SUCCESS.code:
        raise Refused(21301, "Brak autoryzacji.", f"Status uwierzytelniania ({code}) nie pozwala na pobranie tokenów.")
    if who.redeemed:
        detail = f"Tokeny dla operacji uwierzytelniania {who.reference} zostały już pobrane."
        raise Refused(21301, "Brak autoryzacji.", detail)
    who.redeemed, who.refresh_until = True, asked.now + REFRESH
    access = system.token("ContextToken", who, asked.now, asked.now + ACCESS)
    refresh = system.token("RefreshToken", who, asked.now, who.refresh_until)
    return told({"accessToken": access, "refreshToken": refresh})


def renew(system: System, asked: Asked) -> Answer:
    who = asked.who
    token = system.held.tokens.get(who.proof)
    if who.revoked:
        detail = "Status uwierzytelniania (425) nie pozwala na odświeżenie tokenu dostępowego."
        raise Refused(21301, "Brak autoryzacji.", detail)
    if token is not None and token.revoked:
        raise Refused(21301, "Brak autoryzacji.", "Token KSeF został unieważniony.")
    who.refreshed_at = asked.now
    return told({"accessToken": system.token("ContextToken", who, asked.now, asked.now + ACCESS)})


def active(system: System, asked: Asked) -> Answer:
    known = [one for one in system.held.sign_ins.values() if one.tax_no == asked.tax_no and not one.revoked]
    rows, token = page_of(known[::-1], asked.call, most=100)
    items = [
        {"referenceNumber": one.reference, "isCurrent": one is asked.who, **_shown(system, one, asked.now)}
        for one in rows
    ]
    return told({"continuationToken": token, "items": items})


def end_current(_system: System, asked: Asked) -> Answer:
    asked.who.revoked = True
    return DONE


def end(system: System, asked: Asked) -> Answer:
    found = system.held.sign_ins.get(asked.path[0])
    if found is not None and found.tax_no == asked.tax_no:
        found.revoked = True
    return DONE


def require_key(system: System, usage: str, key_id: str | None) -> None:
    """Do nothing where the double has such a key.

    Raises:
        Refused: it has another one, or had it once.

    """
    if key_id is not None and key_id not in {one.key_id for one in system.keys.public if one.usage == usage}:
        description = "Przesłany identyfikator klucza jest nieznany lub wskazuje na wycofany klucz."
        raise Refused(21470, description, f"Klucz o identyfikatorze {key_id} nie jest wspierany.")


def digest_of_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _use_challenge(system: System, text: str, now: dt.datetime) -> None:
    made_at = system.held.challenges.pop(text, None)
    if made_at is None or now - made_at > CHALLENGE:
        raise Refused(21111, "Nieprawidłowe wyzwanie autoryzacyjne.")


def _begun(system: System, asked: Asked, made: SignIn) -> Answer:
    if made.tax_no in system.held.blocked:
        made.status = BLOCKED
    system.held.add(system.held.sign_ins, made.reference, made)
    token = system.token("OperationToken", made, asked.now, asked.now + OPERATION)
    return told({"referenceNumber": made.reference, "authenticationToken": token}, 202)


def _doubt(system: System, certificate: x509.Certificate, now: dt.datetime, *, chain: bool) -> Status | None:
    """What is wrong with a certificate; a test environment takes those that nobody signed but their owner."""
    known = system.held.certificates.get(serial_of(certificate))
    ends = certificate.not_valid_after_utc if known is None else known.ends
    if known is not None and known.revoked:
        return _certificate_fails("Certyfikat odwołany")
    if known is not None and known.sort != "Authentication":
        return _certificate_fails("Niepoprawny certyfikat")
    if not certificate.not_valid_before_utc <= now < ends:
        return _certificate_fails("Nieważny certyfikat")
    if chain and not system.keys.is_ours(certificate):
        return _certificate_fails("Niezaufany łańcuch certyfikatów")
    return None


def _certificate_fails(why: str) -> Status:
    return Status(460, "Uwierzytelnianie zakończone niepowodzeniem z powodu błędu certyfikatu", (why,))


def _rights_of_signer(system: System, signer: str | None, context: str) -> tuple[str, ...]:
    """The owner has all, others what they were granted."""
    granted = OWNERS_RIGHTS if signer == context else system.held.grants.get((context, signer or ""), ())
    return system.rights_of(context, granted)


def _token_of(system: System, wanted: TokenRequest, now: dt.datetime) -> tuple[Status, Token | None]:
    content = unpacked_base64(wanted.encrypted_token, "encryptedToken")
    try:
        text = system.keys.opened("KsefTokenEncryption", content).decode()
    except ValueError:
        return _token_fails("Nieprawidłowy token"), None
    token, _, stamp = text.rpartition("|")
    found = next((one for one in system.held.tokens.values() if one.digest == digest_of_token(token)), None)
    if found is None or found.tax_no != wanted.context_identifier.value:
        return _token_fails("Nieprawidłowy token"), None
    if found.revoked:
        return _token_fails("Token unieważniony"), found
    if now >= TOKENS_END:
        return _token_fails("Token nieaktywny"), found
    if not stamp.isdigit() or abs(int(stamp) / 1000 - now.timestamp()) > CHALLENGE.total_seconds():
        return _token_fails("Nieprawidłowy czas tokena"), found
    found.used_at = now
    return SUCCESS, found


def _token_fails(why: str) -> Status:
    return Status(450, "Uwierzytelnianie zakończone niepowodzeniem z powodu błędnego tokenu", (why,))


def _status(who: SignIn, now: dt.datetime) -> Status:
    if who.revoked:
        return ENDED
    return Status(100, "Uwierzytelnianie w toku") if now < who.ready_at else who.status


def _shown(_system: System, who: SignIn, now: dt.datetime) -> dict[str, object]:
    category, code, name = METHODS[who.method]
    return {
        "startDate": spelled(who.started_at),
        "authenticationMethod": who.method,
        "authenticationMethodInfo": {"category": category, "code": code, "displayName": name},
        "status": msgspec.to_builtins(_status(who, now)),
        "isTokenRedeemed": who.redeemed,
        "lastTokenRefreshDate": who.refreshed_at and spelled(who.refreshed_at),
        "refreshTokenValidUntil": who.refresh_until and spelled(who.refresh_until),
    }


def _no_operation(name: str) -> Refused:
    detail = f"Operacja uwierzytelniania o numerze referencyjnym {name} nie została znaleziona."
    return Refused(21304, "Brak uwierzytelnienia.", detail)
