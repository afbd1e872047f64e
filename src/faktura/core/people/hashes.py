"""Secrets of programs are kept as hashes only."""

import hashlib
import hmac


def secret_hash(secret: str) -> str:
    """SHA-256 in hex: enough for secrets that are random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_fits(hashed: str, secret: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(hashed, secret_hash(secret))
