"""A private certificate authority for HTTPS on one machine; it stays in the sandbox's folder."""

import os
import socket
from pathlib import Path

import trustme

from faktura.dialects import installed
from faktura.sandbox.files import CA, CA_KEY, CHAIN, KEY


def make_certificates(folder: Path, host: str) -> None:
    """Make the authority where there is none yet, and have it certify this server anew."""
    ca, ca_key = folder / CA, folder / CA_KEY
    if ca.exists() and ca_key.exists():
        authority = trustme.CA.from_pem(ca.read_bytes(), ca_key.read_bytes())
    else:
        authority = trustme.CA(organization_name="faktura sandbox")
        _write(ca_key, authority.private_key_pem.bytes())
        _write(ca, authority.cert_pem.bytes())
    clients_hosts = {name for dialect in installed() for name in dialect.hosts}
    names = {"localhost", "127.0.0.1", "::1", host, socket.gethostname(), *clients_hosts}
    certificate = authority.issue_cert(*sorted(names))
    _write(folder / KEY, certificate.private_key_pem.bytes())
    _write(folder / CHAIN, b"".join(pem.bytes() for pem in certificate.cert_chain_pems))


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(content)
