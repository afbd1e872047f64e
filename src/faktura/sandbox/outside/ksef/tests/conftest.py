"""A double on a port of its own, asked by the library that the program itself asks KSeF by."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from ksef_client import KsefClient, KsefClientOptions
from ksef_client.services import crypto
from ksef_client.services.auth import build_auth_token_request_xml, build_ksef_token_auth_request, encrypt_ksef_token
from ksef_client.services.xades import sign_xades_enveloped

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.keys import KeyPair
from faktura.sandbox.outside.ksef.serving import listening

TAX_NO = "1234563218"
SUPPLIER = "1111111111"

INSTANT = dt.datetime(2026, 11, 30, 9, 0, tzinfo=dt.UTC)
"""After the days on which the samples were issued."""


class Firm(NamedTuple):
    """Who asks the double: its client, signed in."""

    client: KsefClient
    access: str
    refresh: str = ""


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(INSTANT)
    return clock


@pytest.fixture
def double(clock: Clock) -> Iterator[Double]:
    with listening(clock) as found:
        yield found


@pytest.fixture
def client(double: Double) -> Iterator[KsefClient]:
    options = KsefClientOptions(
        base_url=double.base,
        base_qr_url=f"{double.base}/qr",
        base_lighthouse_url=f"{double.base}/latarnia",
        timeout_seconds=20,
    )
    with KsefClient(options) as found:
        yield found


@pytest.fixture
def firm(double: Double, client: KsefClient) -> Firm:
    return signed_in(client, double.certificate(TAX_NO))


def sample(shared: Path, name: str) -> bytes:
    return (shared / "schemas" / "samples-fa3" / f"{name}.xml").read_bytes()


def signed_in(client: KsefClient, pair: KeyPair, tax_no: str = TAX_NO) -> Firm:
    reference, operation = begun_by(client, pair, tax_no)
    status = client.auth.get_auth_status(reference, operation).status
    assert status.code == 200, status
    tokens = client.auth.redeem_token(operation)
    return Firm(client, tokens.access_token.token, tokens.refresh_token.token)


def begun_by(client: KsefClient, pair: KeyPair, tax_no: str = TAX_NO) -> tuple[str, str]:
    """A sign-in by a signature: its reference and its token."""
    request = build_auth_token_request_xml(
        challenge=client.auth.get_challenge().challenge,
        context_identifier_type="nip",
        context_identifier_value=tax_no,
    )
    begun = client.auth.submit_xades_auth_request(sign_xades_enveloped(request, *pair))
    assert begun is not None
    return begun.reference_number, begun.authentication_token.token


def begun_by_token(client: KsefClient, token: str, tax_no: str = TAX_NO) -> tuple[str, str]:
    challenge = client.auth.get_challenge()
    certificate = client.security.get_public_key_certificate("KsefTokenEncryption")
    request = build_ksef_token_auth_request(
        challenge=challenge.challenge,
        context_identifier_type="nip",
        context_identifier_value=tax_no,
        encrypted_token_base64=encrypt_ksef_token(
            public_certificate=certificate.certificate, token=token, timestamp_ms=challenge.timestamp_ms
        ),
        public_key_id=certificate.public_key_id,
    )
    begun = client.auth.submit_ksef_token_auth(request)
    return begun.reference_number, begun.authentication_token.token


def encryption_of(client: KsefClient) -> crypto.EncryptionData:
    certificate = client.security.get_public_key_certificate("SymmetricKeyEncryption")
    return crypto.build_encryption_data(certificate.certificate, public_key_id=certificate.public_key_id)
