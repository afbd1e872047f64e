"""A secret of an account's that must be told to others later is kept encrypted by the key of the server.

Whoever first has one loads cryptography.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def sealed(server_key: str, account_id: int, text: str) -> bytes:
    """The text as only this server reads it, and only in this account."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(server_key).encrypt(nonce, text.encode(), _belonging(account_id))


def unsealed(server_key: str, account_id: int, kept: bytes) -> str | None:
    """The text; None where it was sealed by another key."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 (not without a secret)

    try:
        return _cipher(server_key).decrypt(kept[:NONCE], kept[NONCE:], _belonging(account_id)).decode()
    except InvalidTag:
        return None


def _cipher(server_key: str) -> "AESGCM":
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 (not without a secret)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    return AESGCM(HKDF(hashes.SHA256(), 32, None, b"faktura sealing").derive(server_key.encode()))


def _belonging(account_id: int) -> bytes:
    return str(account_id).encode()
