"""A private certificate authority for HTTPS on one machine; it stays in the sandbox's folder."""

import os
import socket
from pathlib import Path
from typing import NamedTuple

import trustme

from faktura.dialects import installed


class Certificates(NamedTuple):
    """PEM files."""

    ca: Path
    chain: Path
    key: Path


def certificates_in(folder: Path) -> Certificates:
    return Certificates(folder / "ca.pem", folder / "server.pem", folder / "server.key")


def make_certificates(folder: Path, host: str) -> None:
    """Make the authority where there is none yet, and have it certify this server anew."""
    files = certificates_in(folder)
    ca_key = folder / "ca.key"
    if files.ca.exists() and ca_key.exists():
        authority = trustme.CA.from_pem(files.ca.read_bytes(), ca_key.read_bytes())
    else:
        authority = trustme.CA(organization_name="faktura sandbox")
        _write(ca_key, authority.private_key_pem.bytes())
        _write(files.ca, authority.cert_pem.bytes())
    clients_hosts = {name for dialect in installed() for name in dialect.hosts}
    names = {"localhost", "127.0.0.1", "::1", host, socket.gethostname(), *clients_hosts}
    certificate = authority.issue_cert(*sorted(names))
    _write(files.key, certificate.private_key_pem.bytes())
    _write(files.chain, b"".join(pem.bytes() for pem in certificate.cert_chain_pems))


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(content)
