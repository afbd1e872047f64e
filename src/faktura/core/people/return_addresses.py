"""Where a person may be sent back to after consent: RFC 9700, 2.1 and 4.1.3; RFC 8252, 7 and 8.4."""

import re
from urllib.parse import SplitResult, urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def is_acceptable(address: str) -> bool:
    """Whether it is https, http to this machine itself, or a scheme that an app has for its own.

    Such a scheme is a domain name turned round (com.example.app), so it has a dot, which no scheme that a browser
    gives a meaning to has.
    """
    parts = parts_of(address)
    if parts is None or parts.username is not None:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return _is_loopback(parts) if parts.scheme == "http" else "." in parts.scheme


def leads_to(registered: str, asked: str) -> bool:
    """Whether an address that was registered allows the one that is asked for.

    They are compared exactly, but for the port of this machine itself, which an app is given when it starts.
    """
    if registered == asked:
        return True
    allowed, wanted = parts_of(registered), parts_of(asked)
    if allowed is None or wanted is None or not (_is_loopback(allowed) and _is_loopback(wanted)):
        return False
    return _without_port(allowed) == _without_port(wanted)


def parts_of(address: str) -> SplitResult | None:
    """The parts of an address that is absolute, has no fragment and holds only what an address may."""
    if not _ADDRESS.fullmatch(address):
        return None
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return None
    return parts


def _is_loopback(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in LOOPBACK


def _without_port(parts: SplitResult) -> tuple[str | None, ...]:
    return (parts.username, parts.hostname, parts.path, parts.query)


_ADDRESS = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?@!$&'()*+,;=%\[\]-]+""")
