"""Addresses that stand as codes on prints: where KSeF shows the invoice, and who signed it before KSeF had it.

Whoever first signs one loads cryptography.
"""

import base64
import datetime as dt
import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SALT = 32
"""Bytes of salt in a signature by an RSA key."""


class Unfit(Exception):  # noqa: N818 (says what a certificate is)
    """By this certificate or key nothing can be signed; the text says why, and nothing of the key."""


def digest_of(xml: bytes) -> str:
    """The SHA-256 of the bytes, as KSeF is told it."""
    return base64.b64encode(hashlib.sha256(xml).digest()).decode()


def invoice_link(qr_url: str, tax_no: str, issued_on: dt.date, digest: str) -> str:
    """Code I: whoever opens it sees whether KSeF holds these bytes."""
    return f"{qr_url.rstrip('/')}/invoice/{tax_no}/{issued_on:%d-%m-%Y}/{_in_address(base64.b64decode(digest))}"


def certificate_link(qr_url: str, tax_no: str, digest: str, certificate: str, key: str) -> str:
    """Code II: whoever opens it sees that the issuer signed it by a certificate of KSeF's; both are PEM.

    What is signed is the address so far, without its scheme.

    Raises:
        Unfit: they are no certificate and key of the sorts that KSeF knows, or do not belong together.

    """
    serial = serial_of(certificate)
    told = _in_address(base64.b64decode(digest))
    address = f"{qr_url.rstrip('/')}/certificate/Nip/{tax_no}/{tax_no}/{serial}/{told}"
    signed = address.partition("://")[2] or address
    return f"{address}/{_in_address(_signature(signed.encode(), certificate, key))}"


def serial_of(certificate: str) -> str:
    """The serial number as KSeF writes it, of sixteen hexadecimal digits or more.

    Raises:
        Unfit: it is no certificate.

    """
    from cryptography import x509  # noqa: PLC0415 (not without something to sign)

    try:
        return f"{x509.load_pem_x509_certificate(certificate.encode()).serial_number:016X}"
    except ValueError:
        raise Unfit("It is no certificate") from None


def _signature(signed: bytes, certificate: str, key: str) -> bytes:
    from cryptography import x509  # noqa: PLC0415 (not without something to sign)
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa  # noqa: PLC0415

    try:
        opened = serialization.load_pem_private_key(key.encode(), password=None)
    except (ValueError, TypeError):
        raise Unfit("It is no private key, or one that asks for a password") from None
    if opened.public_key() != x509.load_pem_x509_certificate(certificate.encode()).public_key():
        raise Unfit("The private key is not that of the certificate")
    if isinstance(opened, rsa.RSAPrivateKey):
        return opened.sign(signed, padding.PSS(padding.MGF1(hashes.SHA256()), SALT), hashes.SHA256())
    if isinstance(opened, ec.EllipticCurvePrivateKey):
        return _by_curve(opened, signed)
    raise Unfit("The private key is neither of RSA nor of an elliptic curve")


def _by_curve(key: "EllipticCurvePrivateKey", signed: bytes) -> bytes:
    """Both numbers of the signature, one after the other (IEEE P1363)."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 (not without something to sign)
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature  # noqa: PLC0415

    size = (key.key_size + 7) // 8
    return b"".join(
        part.to_bytes(size, "big") for part in decode_dss_signature(key.sign(signed, ec.ECDSA(hashes.SHA256())))
    )


def _in_address(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).decode().rstrip("=")
