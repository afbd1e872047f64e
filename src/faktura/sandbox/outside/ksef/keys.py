"""The keys of KSeF's double: what is encrypted for it, and its authority, which certifies the firms of a sandbox."""

import base64
import datetime as dt
import functools
import hashlib
import threading
from typing import NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID

FIRST_DAY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
LAST_DAY = dt.datetime(2099, 12, 31, tzinfo=dt.UTC)
"""The double's own certificates hold at whatever instant a sandbox stands."""

OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)

BLOCK = 128
"""Bits of AES's."""

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class KeyPair(NamedTuple):
    """A certificate and its private key, both PEM."""

    certificate: str
    key: str


class PublicKeys(NamedTuple):
    """A certificate that something is encrypted for; `usage` is KSeF's word."""

    usage: str
    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def key_id(self) -> str:
        spki = self.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return digest_of(spki)

    def shown(self) -> dict[str, object]:
        der = self.certificate.public_bytes(Encoding.DER)
        return {
            "certificate": base64.b64encode(der).decode(),
            "certificateId": digest_of(der),
            "publicKeyId": self.key_id,
            "validFrom": FIRST_DAY.isoformat(),
            "validTo": LAST_DAY.isoformat(),
            "usage": [self.usage],
        }


class Keys:
    """Two RSA keys, which take a fifth of a second to draw, and an authority."""

    def __init__(self) -> None:
        self._authority_key = ec.generate_private_key(ec.SECP256R1())
        self._authority = x509.Name([_named(NameOID.COMMON_NAME, "KSeF double CA"), _named(NameOID.COUNTRY_NAME, "PL")])
        self._drawing = threading.Lock()
        self._public: list[PublicKeys] = []

    @property
    def public(self) -> list[PublicKeys]:
        """Drawn when somebody is about to encrypt."""
        with self._drawing:
            if not self._public:
                self._public = [self._encrypting("KsefTokenEncryption"), self._encrypting("SymmetricKeyEncryption")]
            return self._public

    def opened(self, usage: str, content: bytes) -> bytes:
        """What was encrypted for the double.

        Raises:
            ValueError: it was not encrypted so.

        """
        return next(one.key for one in self.public if one.usage == usage).decrypt(content, OAEP)

    def certify(self, subject: x509.Name, key: PublicKey, begins: dt.datetime, ends: dt.datetime) -> x509.Certificate:
        """A certificate of eight bytes of serial number, signed by the authority."""
        return self._certified(subject, key, begins, ends)

    def is_ours(self, certificate: x509.Certificate) -> bool:
        """Whether the authority signed it."""
        try:
            self._authority_key.public_key().verify(
                certificate.signature, certificate.tbs_certificate_bytes, ec.ECDSA(hashes.SHA256())
            )
        except (InvalidSignature, ValueError):
            return False
        return True

    def _encrypting(self, usage: str) -> PublicKeys:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([_named(NameOID.COMMON_NAME, f"KSeF double {usage}")])
        return PublicKeys(usage, key, self._certified(subject, key.public_key(), FIRST_DAY, LAST_DAY))

    def _certified(
        self, subject: x509.Name, key: PublicKey, begins: dt.datetime, ends: dt.datetime
    ) -> x509.Certificate:
        serial = x509.random_serial_number() >> (159 - 63) | 1 << 62
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._authority)
            .public_key(key)
            .serial_number(serial)
            .not_valid_before(begins)
            .not_valid_after(ends)
            .sign(self._authority_key, hashes.SHA256())
        )


@functools.cache
def own_keys() -> Keys:
    """Those of all doubles of a process."""
    return Keys()


def _named(oid: x509.ObjectIdentifier, value: str) -> x509.NameAttribute[str]:
    return x509.NameAttribute(oid, value)


def serial_of(certificate: x509.Certificate) -> str:
    """Sixteen digits, as KSeF names its certificates."""
    return f"{certificate.serial_number:016X}"


def subject_of(tax_no: str, name: str) -> x509.Name:
    """A firm as its certificate names it, with its tax number in `organizationIdentifier`."""
    return x509.Name(
        [
            _named(NameOID.COMMON_NAME, name[:64]),
            _named(NameOID.ORGANIZATION_NAME, name[:64]),
            _named(NameOID.COUNTRY_NAME, "PL"),
            _named(NameOID.ORGANIZATION_IDENTIFIER, f"VATPL-{tax_no}"),
        ]
    )


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def key_pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> KeyPair:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return KeyPair(certificate.public_bytes(Encoding.PEM).decode(), pem.decode())


def read_certificate(der: bytes) -> x509.Certificate:
    return x509.load_der_x509_certificate(der)


def read_request(der: bytes) -> x509.CertificateSigningRequest:
    return x509.load_der_x509_csr(der)


def pem_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def key_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def encrypted(content: bytes, key: bytes, iv: bytes) -> bytes:
    padder = PKCS7(BLOCK).padder()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    return encryptor.update(padder.update(content) + padder.finalize()) + encryptor.finalize()


def decrypted(content: bytes, key: bytes, iv: bytes) -> bytes:
    """AES-256-CBC with padding.

    Raises:
        ValueError: it was not encrypted by this key.

    """
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    unpadder = PKCS7(BLOCK).unpadder()
    padded = decryptor.update(content) + decryptor.finalize()
    return unpadder.update(padded) + unpadder.finalize()


def digest_of(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def is_signed(certificate: x509.Certificate, signature: bytes, text: bytes) -> bool:
    """By ECDSA as r and s one after the other, by ECDSA in DER, or by RSA-PSS with 32 bytes of salt."""
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, text, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
            return True
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(_as_der(signature, key.key_size), text, ec.ECDSA(hashes.SHA256()))
            return True
    except (InvalidSignature, ValueError):
        return False
    return False


def _as_der(signature: bytes, bits: int) -> bytes:
    size = (bits + 7) // 8
    if len(signature) != 2 * size:
        return signature
    parts = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
    return encode_dss_signature(*parts)
