"""Certificates of KSeF: what a request must say, enrolment, what there is, handed out, revoked."""

import base64
import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from msgspec import Meta

from faktura.sandbox.outside.ksef.calls import DONE, SET, Answer, Refused, spelled, told
from faktura.sandbox.outside.ksef.held import Certificate, Enrolment
from faktura.sandbox.outside.ksef.keys import (
    KeyPair,
    PublicKey,
    der_of,
    key_pair,
    new_key,
    read_certificate,
    read_request,
    serial_of,
    subject_of,
)
from faktura.sandbox.outside.ksef.system import Asked, System, unpacked_base64

VALID = dt.timedelta(days=730)

MOST_CERTIFICATES = 6
MOST_ENROLMENTS = 12

RSA_BITS = 2048

Kind = Literal["Authentication", "Offline"]
Serial = Annotated[str, Meta(pattern=r"\A[0-9A-F]{16}\Z")]

NAMES = {
    "commonName": NameOID.COMMON_NAME,
    "countryName": NameOID.COUNTRY_NAME,
    "givenName": NameOID.GIVEN_NAME,
    "surname": NameOID.SURNAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "uniqueIdentifier": NameOID.X500_UNIQUE_IDENTIFIER,
    "organizationName": NameOID.ORGANIZATION_NAME,
    "organizationIdentifier": NameOID.ORGANIZATION_IDENTIFIER,
}


class Enrolling(msgspec.Struct, rename="camel"):
    certificate_name: Annotated[str, Meta(pattern=r"\A[a-zA-Z0-9_\- ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]{5,100}\Z")]
    certificate_type: Kind
    csr: str
    valid_from: dt.datetime | None = None


class Query(msgspec.Struct, rename="camel"):
    certificate_serial_number: Serial | None = None
    name: str | None = None
    type: Kind | None = None
    status: Literal["Active", "Blocked", "Revoked", "Expired"] | None = None
    expires_after: dt.datetime | None = None


class Retrieving(msgspec.Struct, rename="camel"):
    certificate_serial_numbers: Annotated[list[Serial], Meta(min_length=1, max_length=10)]


class Changing(msgspec.Struct, rename="camel"):
    valid_to: dt.datetime


def given(system: System, tax_no: str, sort: Kind, days: int, name: str) -> KeyPair:
    """One without a request, as if it had been fetched long ago."""
    key, now = new_key(), system.now()
    kept = _certify(
        system, tax_no, name, sort, subject_of(tax_no, name), key.public_key(), now, dt.timedelta(days=days)
    )
    return key_pair(read_certificate(kept.der), key)


def limits(system: System, asked: Asked) -> Answer:
    made, requested = len(_active(system, asked.tax_no, asked.now)), len(_enrolments(system, asked.tax_no))
    shown = {
        "canRequest": made < MOST_CERTIFICATES and requested < MOST_ENROLMENTS,
        "enrollment": {"remaining": max(0, MOST_ENROLMENTS - requested), "limit": MOST_ENROLMENTS},
        "certificate": {"remaining": max(0, MOST_CERTIFICATES - made), "limit": MOST_CERTIFICATES},
    }
    return told(shown)


def data(_system: System, asked: Asked) -> Answer:
    """Who signed in, as the request must name it."""
    if asked.who.certificate is None:
        raise Refused(25001, "Brak możliwości pobrania danych do CSR dla wykorzystanego sposobu uwierzytelnienia.")
    return told(_named(read_certificate(asked.who.certificate).subject))


def enrol(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Enrolling)
    if asked.who.certificate is None:
        description = "Brak możliwości złożenia wniosku certyfikacyjnego dla wykorzystanego sposobu uwierzytelnienia."
        raise Refused(25002, description)
    if len(_enrolments(system, asked.tax_no)) >= MOST_ENROLMENTS:
        raise Refused(25006, "Osiągnięto limit możliwych do złożenia wniosków certyfikacyjnych.")
    if len(_active(system, asked.tax_no, asked.now)) >= MOST_CERTIFICATES:
        raise Refused(25007, "Osiągnięto limit dopuszczalnej liczby posiadanych certyfikatów.")
    request = _request(wanted.csr)
    if _named(request.subject) != _named(read_certificate(asked.who.certificate).subject):
        raise Refused(25003, "Dane w CSR nie zgadzają się z danymi w użytym wektorze uwierzytelniającym.")
    begins = wanted.valid_from or asked.now
    kept = _certify(
        system,
        asked.tax_no,
        wanted.certificate_name,
        wanted.certificate_type,
        request.subject,
        _key(request),
        begins,
        VALID,
    )
    name = system.reference("EN", asked.now)
    made = Enrolment(name, asked.tax_no, kept.serial, asked.now, system.ready_at(asked.now))
    system.held.add(system.held.enrolments, name, made)
    return told({"referenceNumber": name, "timestamp": spelled(asked.now)}, 202)


def enrolment(system: System, asked: Asked) -> Answer:
    found = system.held.enrolments.get(asked.path[0])
    if found is None or found.tax_no != asked.tax_no:
        raise Refused(25005, "Wniosek certyfikacyjny o podanym numerze referencyjnym nie istnieje.")
    if asked.now < found.ready_at:
        status: dict[str, Any] = {"code": 100, "description": "Wniosek przyjęty do realizacji"}
        return told({"requestDate": spelled(found.requested_at), "status": status})
    status = {"code": 200, "description": "Wniosek obsłużony (certyfikat wygenerowany)"}
    shown = {"requestDate": spelled(found.requested_at), "status": status, "certificateSerialNumber": found.serial}
    return told(shown)


def retrieve(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Retrieving).certificate_serial_numbers
    found = [one for one in _of(system, asked.tax_no) if one.serial in wanted]
    shown = [
        {
            "certificate": base64.b64encode(one.der).decode(),
            "certificateName": one.name,
            "certificateSerialNumber": one.serial,
            "certificateType": one.sort,
        }
        for one in found
    ]
    return told({"certificates": shown})


def query(system: System, asked: Asked) -> Answer:
    wanted, call = asked.call.read(Query), asked.call
    found = [one for one in _of(system, asked.tax_no)[::-1] if _fits(one, wanted, asked.now)]
    size, offset = call.number("pageSize", 10, 10, 50), call.number("pageOffset", 0, 0, 10_000)
    rows = found[offset * size : (offset + 1) * size]
    shown = [_in_list(one, asked.now) for one in rows]
    return told({"certificates": shown, "hasMore": len(found) > (offset + 1) * size})


def revoke(system: System, asked: Asked) -> Answer:
    found = _found(system, asked)
    if _status(found, asked.now) != "Active":
        description = "Nie można odwołać wskazanego certyfikatu, ponieważ jest już odwołany, zablokowany lub nieważny."
        raise Refused(25009, description)
    found.revoked = True
    return DONE


def set_end(system: System, asked: Asked) -> Answer:
    """Of the test environment: let a certificate end at another instant."""
    _found(system, asked).ends = asked.call.read(Changing).valid_to
    return SET


def _certify(
    system: System,
    tax_no: str,
    name: str,
    sort: Kind,
    subject: x509.Name,
    key: PublicKey,
    begins: dt.datetime,
    valid: dt.timedelta,
) -> Certificate:
    made = system.keys.certify(subject, key, begins.replace(microsecond=0), begins + valid)
    kept = Certificate(serial_of(made), tax_no, name, sort, der_of(made), system.now(), begins, begins + valid)
    system.held.add(system.held.certificates, kept.serial, kept)
    return kept


def _request(text: str) -> x509.CertificateSigningRequest:
    try:
        request = read_request(unpacked_base64(text, "csr"))
        if request.is_signature_valid:
            return request
    except ValueError:
        pass
    raise Refused(25004, "Niepoprawny format CSR lub niepoprawny podpis CSR.")


def _key(request: x509.CertificateSigningRequest) -> PublicKey:
    key = request.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size == RSA_BITS:
        return key
    raise Refused(25010, "Nieprawidłowy typ lub długość klucza.")


def _named(subject: x509.Name) -> dict[str, str]:
    found = {name: subject.get_attributes_for_oid(oid) for name, oid in NAMES.items()}
    return {name: str(values[0].value) for name, values in found.items() if values}


def _of(system: System, tax_no: str) -> list[Certificate]:
    return [one for one in system.held.certificates.values() if one.tax_no == tax_no]


def _active(system: System, tax_no: str, now: dt.datetime) -> list[Certificate]:
    return [one for one in _of(system, tax_no) if _status(one, now) == "Active"]


def _enrolments(system: System, tax_no: str) -> list[Enrolment]:
    return [one for one in system.held.enrolments.values() if one.tax_no == tax_no]


def _found(system: System, asked: Asked) -> Certificate:
    found = system.held.certificates.get(asked.path[0])
    if found is None or found.tax_no != asked.tax_no:
        raise Refused(25008, "Certyfikat o podanym numerze seryjnym nie istnieje.")
    return found


def _status(one: Certificate, now: dt.datetime) -> str:
    if one.revoked:
        return "Revoked"
    return "Active" if now < one.ends else "Expired"


def _fits(one: Certificate, wanted: Query, now: dt.datetime) -> bool:
    return (
        wanted.certificate_serial_number in {None, one.serial}
        and (wanted.name or "") in one.name
        and wanted.type in {None, one.sort}
        and wanted.status in {None, _status(one, now)}
        and (wanted.expires_after is None or one.ends > wanted.expires_after)
    )


def _in_list(one: Certificate, now: dt.datetime) -> dict[str, Any]:
    return {
        "certificateSerialNumber": one.serial,
        "name": one.name,
        "type": one.sort,
        "commonName": _named(read_certificate(one.der).subject).get("commonName", one.name),
        "status": _status(one, now),
        "subjectIdentifier": {"type": "Nip", "value": one.tax_no},
        "validFrom": spelled(one.begins),
        "validTo": spelled(one.ends),
        "lastUseDate": one.used_at and spelled(one.used_at),
        "requestDate": spelled(one.requested_at),
    }
