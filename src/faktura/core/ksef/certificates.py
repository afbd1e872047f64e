"""Certificates and their keys as people have them: PEM, or both in one file with a password.

Whoever first reads one loads cryptography.
"""

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from faktura.core.errors import Code, Invalid, Problem

if TYPE_CHECKING:
    from cryptography import x509

LARGEST = 64 * 1024
"""Bytes of a file."""

KEY_BITS = 2048
"""The least that KSeF takes of RSA."""


class KeyPair(NamedTuple):
    """Both as PEM, the key without a password."""

    certificate: str
    private_key: str


def read_key_pair(certificate: bytes, private_key: bytes = b"", password: str = "") -> KeyPair:
    """The pair in two files, or in one: PEM, DER or PKCS #12, whatever they are called.

    Raises:
        Invalid: one of them cannot be read, the password does not open the key, or they do not belong together.

    """
    if len(certificate) > LARGEST or len(private_key) > LARGEST:
        raise _wrong("certificate", "too_large")
    found, key = _read(certificate, private_key, password)
    _check_key(key)
    if _public(found.public_key()) != _public(key.public_key()):
        raise _wrong("private_key", "not_together")
    return KeyPair(_pem_of(found), _pem_of_key(key))


def read_certificate(pem: str) -> "x509.Certificate":
    """The first certificate of a PEM.

    Raises:
        Invalid: it is none.

    """
    from cryptography import x509  # noqa: PLC0415 (not without a certificate)

    try:
        return x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        raise _wrong("certificate", "malformed") from None


def ends_at(pem: str) -> dt.datetime:
    """The instant from which the certificate no longer counts."""
    return read_certificate(pem).not_valid_after_utc


def serial_of(pem: str) -> str:
    """The serial number as KSeF writes it: 16 hexadecimal digits."""
    return f"{read_certificate(pem).serial_number:016X}"


def _read(certificate: bytes, private_key: bytes, password: str) -> "tuple[x509.Certificate, Any]":
    if private_key:
        return _certificate_in(certificate), _key_in(private_key, password)
    if b"-----BEGIN" in certificate:
        return _certificate_in(certificate), _key_in(certificate, password)
    return _both_in(certificate, password)


def _certificate_in(content: bytes) -> "x509.Certificate":
    from cryptography import x509  # noqa: PLC0415 (not without a certificate)

    load = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
    try:
        return load(content)
    except ValueError:
        raise _wrong("certificate", "malformed") from None


def _key_in(content: bytes, password: str) -> Any:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 (not without a key)
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415

    is_pem = b"-----BEGIN" in content
    load = serialization.load_pem_private_key if is_pem else serialization.load_der_private_key
    with contextlib.suppress(TypeError):  # it is not locked
        try:
            return load(content, password.encode() or None)
        except (ValueError, UnsupportedAlgorithm):
            raise _wrong("password" if password else "private_key", "malformed") from None
    if not password:
        raise _wrong("password", "blank")
    return load(content, None)


def _both_in(content: bytes, password: str) -> "tuple[x509.Certificate, Any]":
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415 (not without a certificate)

    try:
        key, found, _ = pkcs12.load_key_and_certificates(content, password.encode())
    except ValueError:
        if content[:1] != b"\x30":
            raise _wrong("certificate", "malformed") from None
        raise _wrong("password", "malformed" if password else "blank") from None
    if found is None or key is None:
        raise _wrong("private_key", "blank")
    return found, key


def _check_key(key: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric import ec, rsa  # noqa: PLC0415 (not without a key)

    is_rsa = isinstance(key, rsa.RSAPrivateKey) and key.key_size >= KEY_BITS
    if not is_rsa and not (isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1)):
        raise _wrong("private_key", "not_in_list")


def _public(key: Any) -> bytes:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (not without a key)

    spelled: bytes = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return spelled


def _pem_of(certificate: "x509.Certificate") -> str:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (not without a certificate)

    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _pem_of_key(key: Any) -> str:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 (not without a key)

    plain = serialization.NoEncryption()
    spelled: bytes = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    return spelled.decode()


def _wrong(attribute: str, code: Code) -> Invalid:
    return Invalid({attribute: [Problem(code)]})
