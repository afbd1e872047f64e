"""A secret of an account's that must be told to others later is kept encrypted by the key of the server.

Whoever first has one loads cryptography.
"""

import os
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

Sealed = Annotated[bytes, "sealed"]
"""What a secret of a record is declared as: it can be read by the key of the server alone, and at its place."""

KEY_ID = 4
NONCE = 12


def sealed(server_key: str, account_id: int, place: str, text: str) -> bytes:
    """The text as only this server reads it, in this account, and at this place: table.attribute.

    It begins with what tells keys apart, so that those sealed by an older one are found.
    """
    nonce = os.urandom(NONCE)
    return (
        _key_id(server_key) + nonce + _cipher(server_key).encrypt(nonce, text.encode(), _belonging(account_id, place))
    )


def unsealed(server_key: str, account_id: int, place: str, kept: bytes) -> str | None:
    """The text; None where it was sealed by another key, or belongs elsewhere."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 (not without a secret)

    if not is_sealed_by(server_key, kept):
        return None
    nonce, hidden = kept[KEY_ID : KEY_ID + NONCE], kept[KEY_ID + NONCE :]
    try:
        return _cipher(server_key).decrypt(nonce, hidden, _belonging(account_id, place)).decode()
    except InvalidTag:
        return None


def is_sealed_by(server_key: str, kept: bytes) -> bool:
    return kept[:KEY_ID] == _key_id(server_key)


def _key_id(server_key: str) -> bytes:
    return _derived(server_key, b"faktura key id", KEY_ID)


def _cipher(server_key: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 (not without a secret)

    return AESGCM(_derived(server_key, b"faktura sealing", 32))


def _derived(server_key: str, purpose: bytes, length: int) -> bytes:
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 (not without a secret)
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return HKDF(hashes.SHA256(), length, None, purpose).derive(server_key.encode())


def _belonging(account_id: int, place: str) -> bytes:
    return f"{account_id} {place}".encode()
