"""Addresses that stand as codes on prints: where KSeF shows the invoice, and who signed it before KSeF had it.

Whoever first signs one loads cryptography.
"""

import base64
import datetime as dt
import hashlib
from typing import TYPE_CHECKING, cast

from faktura.core.ksef.certificates import serial_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

SALT = 32
"""Bytes of salt in a signature by an RSA key."""


def digest_of(xml: bytes) -> str:
    """The SHA-256 of the bytes, as KSeF is told it."""
    return base64.b64encode(hashlib.sha256(xml).digest()).decode()


def invoice_link(qr_url: str, tax_no: str, issued_on: dt.date, digest: str) -> str:
    """Code I: whoever opens it sees whether KSeF holds these bytes."""
    return f"{qr_url.rstrip('/')}/invoice/{tax_no}/{issued_on:%d-%m-%Y}/{_in_address(base64.b64decode(digest))}"


def certificate_link(qr_url: str, tax_no: str, digest: str, certificate: str, key: str) -> str:
    """Code II: whoever opens it sees that the issuer signed it by a certificate of KSeF's; both are PEM.

    What is signed is the address so far, without its scheme.
    """
    told = _in_address(base64.b64decode(digest))
    address = f"{qr_url.rstrip('/')}/certificate/Nip/{tax_no}/{tax_no}/{serial_of(certificate)}/{told}"
    signed = address.partition("://")[2] or address
    return f"{address}/{_in_address(_signature(signed.encode(), key))}"


def _signature(signed: bytes, key: str) -> bytes:
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 (not without something to sign)
    from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: PLC0415

    opened = serialization.load_pem_private_key(key.encode(), password=None)
    if isinstance(opened, rsa.RSAPrivateKey):
        return opened.sign(signed, padding.PSS(padding.MGF1(hashes.SHA256()), SALT), hashes.SHA256())
    return _by_curve(cast("EllipticCurvePrivateKey", opened), signed)


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
