"""Codes I and II: their addresses are those of KSeF, their signatures can be checked, and a camera reads them."""

import base64
import datetime as dt
import hashlib
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import NameOID
from ksef_client import KsefClientOptions, KsefEnvironment
from ksef_client.services.verification_link import VerificationLinkService

from faktura.core.contacts import change_contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.certificates import serial_of
from faktura.core.ksef.mark import KsefMark, Mode, SendingState
from faktura.core.received.enter import enter_expense
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.outputs.e_invoices.ksef_links import (
    certificate_link,
    digest_of,
    invoice_link,
)
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.printing.pdf import compose
from faktura.outputs.printing.printed import COPIES, Copies, PrintedDocument
from faktura.outputs.reading.context import context_of
from faktura.outputs.reading.facts import Facts
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.reading.ksef import verification_of
from faktura.outputs.reading.payment import code_of, title_of, title_to_pay
from faktura.outputs.tests.documents import codes_on, text_of
from faktura.outputs.words.words import LANGUAGES
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs

pytestmark = needs.ONE_ENGINE

QR = "https://qr.ksef.mf.gov.pl"
TAX_NO = "5260250274"
DAY = dt.date(2026, 2, 1)
XML = b"<Faktura/>"
NUMBER = "5265877635-20250826-0100001AF629-AF"

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def curve() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certified(key: Any, serial: int = 0x01F20A5D352AE590) -> tuple[str, str]:
    """A certificate of a key and the key itself, as PEM."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Offline")])
    day = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(serial).not_valid_before(day).not_valid_after(day + dt.timedelta(days=730))
    certificate = built.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    return certificate.decode(), key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def polish(database: Database) -> Firm:
    firm = a_firm(database, country="PL", currency="PLN", invoice_language="pl", vat_no=TAX_NO)
    change = {"country": "PL", "vat_no": "5265877635", "email": "ksiegowa@nabywca.example"}
    firm.contact = firm.do(change_contact, firm.contact.id, Given(change))
    return firm


def issued(firm: Firm, state: SendingState = "accepted", mode: Mode = "online", **values: Any) -> Invoice:
    """A document that is on its way to KSeF, as it stands in the books."""
    digest = digest_of(XML)
    link = invoice_link(QR, TAX_NO, DAY, digest)
    signed = certificate_link(QR, TAX_NO, digest, *certified(curve())) if mode != "online" else ""
    kept = {"ksef": KsefMark(state, link, mode, signed), "ksef_number": NUMBER if state == "accepted" else None}
    made = firm.issue(**values)
    kept_so: Invoice = firm.do(lambda books: books.change(made, changed(made, **kept)))
    return kept_so


def read(firm: Firm, invoice: Invoice) -> Facts:
    return firm.do(lambda books: facts_of(invoice, context_of(books, invoice)))


def printed(facts: Facts, language: str = "pl", copies: Copies = "regular") -> bytes:
    return compose(PrintedDocument(facts=facts, language=language, copies=copies))


def test_code_one_is_the_address_that_ksef_documents() -> None:
    """The example of the ministry: NIP, day of issue and digest in letters that an address may have."""
    digest = base64.b64encode(base64.urlsafe_b64decode("UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE=")).decode()

    link = invoice_link("https://qr-test.ksef.mf.gov.pl/", "1111111111", DAY, digest)

    assert link == (
        "https://qr-test.ksef.mf.gov.pl/invoice/1111111111/01-02-2026/UtQp9Gpc51y-u3xApZjIjgkpZ01js-J8KflSPW8WzIE"
    )


def test_both_codes_are_those_of_the_library() -> None:
    service = VerificationLinkService(KsefClientOptions(base_url=KsefEnvironment.PROD.value))
    digest, (certificate, key) = digest_of(XML), certified(curve())

    assert invoice_link(QR, TAX_NO, DAY, digest) == service.build_invoice_verification_url(TAX_NO, DAY, digest)
    theirs = service.build_certificate_verification_url(
        seller_nip=TAX_NO,
        context_identifier_type="Nip",
        context_identifier_value=TAX_NO,
        certificate_serial=serial_of(certificate),
        invoice_hash=digest,
        private_key_pem=key,
    )
    assert without_signature(certificate_link(QR, TAX_NO, digest, certificate, key)) == without_signature(theirs)


def without_signature(link: str) -> str:
    return link.rpartition("/")[0]


@pytest.mark.parametrize("key", [curve(), rsa.generate_private_key(65537, 2048)], ids=["curve", "rsa"])
def test_code_two_is_signed_by_the_key_of_the_certificate(key: Key) -> None:
    link = certificate_link(QR, TAX_NO, digest_of(XML), *certified(key))

    signed, _, told = link.removeprefix("https://").rpartition("/")
    signature = base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))
    assert signed.startswith(f"qr.ksef.mf.gov.pl/certificate/Nip/{TAX_NO}/{TAX_NO}/01F20A5D352AE590/")
    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        key.public_key().verify(signature, signed.encode(), pss, hashes.SHA256())
    else:
        assert len(signature) == 64
        parts = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
        key.public_key().verify(encode_dss_signature(*parts), signed.encode(), ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_on_paper_holds_the_digest_of_the_bytes_and_the_number_stands_below(
    polish: Firm, language: str
) -> None:
    file = printed(read(polish, issued(polish)), language)

    code = next(code for code in codes_on(file) if code.startswith(QR))
    assert base64.urlsafe_b64decode(code.rpartition("/")[2] + "=") == hashlib.sha256(XML).digest()
    assert text_of(file).replace("\n", "").count(NUMBER) >= 2


@pytest.mark.parametrize("copies", COPIES)
def test_every_copy_has_the_code(polish: Firm, copies: Copies) -> None:
    file = printed(read(polish, issued(polish)), copies=copies)

    assert sum(code.startswith(QR) for code in codes_on(file)) == len(COPIES[copies])


def test_before_it_has_a_number_paper_says_offline(polish: Firm) -> None:
    text = text_of(printed(read(polish, issued(polish, "waiting"))))

    assert "OFFLINE" in text
    assert "CERTYFIKAT" not in text


@pytest.mark.parametrize("state", ["waiting", "accepted", "rejected"])
def test_what_was_issued_beside_ksef_has_both_codes(polish: Firm, state: SendingState) -> None:
    invoice = issued(polish, state, "offline24")
    file = printed(read(polish, invoice))

    kinds = {code.removeprefix(QR).split("/")[1] for code in codes_on(file) if code.startswith(QR)}
    assert kinds == {"invoice", "certificate"}
    assert "CERTYFIKAT" in text_of(file)


def test_a_camera_reads_the_long_signature_of_an_rsa_key(polish: Firm) -> None:
    signed = certificate_link(QR, TAX_NO, digest_of(XML), *certified(rsa.generate_private_key(65537, 2048)))
    invoice = issued(polish, "waiting", "offline24")
    assert invoice.ksef is not None
    of_rsa = changed(invoice, ksef=KsefMark("waiting", invoice.ksef.link, "offline24", signed))

    assert signed in codes_on(printed(read(polish, of_rsa)))


def test_what_ksef_refused_before_anybody_had_it_has_no_code(polish: Firm) -> None:
    assert verification_of(issued(polish, "rejected")) == ()
    assert verification_of(polish.issue()) == ()


def test_a_polish_buyer_is_asked_to_quote_the_number_in_the_transfer(polish: Firm) -> None:
    invoice = issued(polish)

    assert title_of(invoice) == f"{NUMBER} {invoice.number}"
    letter = polish.do(send_invoice, invoice.id, Given({}), "https://faktura.example/p/1").body
    assert f"Numer KSeF: {NUMBER}" in letter
    assert f"Tytuł przelewu: {NUMBER} {invoice.number}" in letter


@pytest.mark.parametrize("buyer", [{"buyer_country": "DE"}, {"buyer_vat_no": None}], ids=["abroad", "consumer"])
def test_who_need_not_quote_it_is_not_asked_to(polish: Firm, buyer: dict[str, Any]) -> None:
    invoice = changed(issued(polish), **buyer)

    assert title_of(invoice) == invoice.number


def test_the_code_of_polish_banks_has_no_room_for_the_number_and_that_of_sepa_has(polish: Firm) -> None:
    invoice = issued(polish)
    iban = "PL61109010140000071219812874"
    in_zlotys = code_of(changed(invoice, iban=iban, payment_method="bank"))
    in_euros = code_of(changed(invoice, iban=iban, currency="EUR", payment_method="bank"))

    assert in_zlotys is not None
    assert NUMBER not in in_zlotys.payload
    assert invoice.number in in_zlotys.payload
    assert in_euros is not None
    assert in_euros.payload.endswith(f"{NUMBER} {invoice.number}")


def test_a_supplier_is_paid_by_the_number(polish: Firm) -> None:
    given = {
        "contact_id": polish.contact.id,
        "original_number": "FV/7",
        "issued_on": DAY,
        "lines": [line(100)],
    }
    expense = polish.do(enter_expense, Given(given))

    assert title_to_pay(expense) == "FV/7"
    assert title_to_pay(changed(expense, ksef_number=NUMBER)) == f"{NUMBER} FV/7"
