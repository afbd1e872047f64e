"""What stands beside sending and receiving: batches, certificates, tokens, collective identifiers, Latarnia, codes."""

import base64
import datetime as dt
import io
import urllib.error
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest
from ksef_client.exceptions import KsefApiError, KsefHttpError
from ksef_client.openapi_models import (
    BatchFileInfo,
    BatchFilePartInfo,
    CertificateListItemStatus,
    EnrollCertificateRequest,
    GenerateTokenRequest,
    KsefCertificateType,
    OpenBatchSessionRequest,
    QueryCertificatesRequest,
    RetrieveCertificatesRequest,
    TokenPermissionType,
)
from ksef_client.services import crypto
from ksef_client.services.csr import generate_csr_ec
from ksef_client.services.verification_link import VerificationLinkService
from ksef_client.utils.collective_identifier import is_valid_collective_identifier_number

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.keys import KeyPair, pem_of, read_certificate
from faktura.sandbox.outside.ksef.numbers import ksef_number
from faktura.sandbox.outside.ksef.standing import Announced, Standing
from faktura.sandbox.outside.ksef.tests.conftest import (
    INSTANT,
    SUPPLIER,
    TAX_NO,
    Firm,
    begun_by_token,
    encryption_of,
    sample,
    signed_in,
)
from faktura.sandbox.outside.ksef.tests.test_receiving import purchases
from faktura.sandbox.outside.ksef.tests.test_sessions import FA3, Sender, number_of
from faktura.sandbox.outside.ksef.tests.test_signing_in import code_of


def zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def sent_as_batch(firm: Firm, package: bytes, *, parts: int = 1, spoilt: bool = False) -> str:
    """The reference of a batch that was uploaded and closed."""
    encryption = encryption_of(firm.client)
    assert encryption.encryption_info is not None
    size = -(-len(package) // parts)
    pieces = [
        crypto.encrypt_aes_cbc_pkcs7(package[place : place + size], encryption.key, encryption.iv)
        for place in range(0, len(package), size)
    ]
    file = BatchFileInfo(
        file_size=len(package),
        file_hash=crypto.sha256_base64(package),
        file_parts=[
            BatchFilePartInfo(ordinal_number=place, file_size=len(piece), file_hash=crypto.sha256_base64(piece))
            for place, piece in enumerate(pieces, start=1)
        ],
    )
    opened = firm.client.sessions.open_batch_session(
        OpenBatchSessionRequest(form_code=FA3, encryption=encryption.encryption_info, batch_file=file),
        access_token=firm.access,
    )
    for upload, piece in zip(opened.part_upload_requests, pieces, strict=True):
        content = bytes(len(piece)) if spoilt else piece
        headers = {name: value or "" for name, value in upload.headers.items()}
        request = urllib.request.Request(upload.url, content, headers, method=upload.method)  # noqa: S310
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 (the double's own address)
            assert answer.status == 201
    firm.client.sessions.close_batch_session(opened.reference_number, firm.access)
    return str(opened.reference_number)


@pytest.mark.parametrize("parts", [1, 3])
def test_a_batch_is_taken_apart_and_each_invoice_is_looked_at(
    firm: Firm, double: Double, shared_folder: Path, parts: int
) -> None:
    good, other = sample(shared_folder, "vat-mixed-rates"), sample(shared_folder, "zal")
    package = zipped({"1.xml": good, "2.xml": good, "3.xml": other})

    reference = sent_as_batch(firm, package, parts=parts)

    listed = firm.client.sessions.get_session_invoices(reference, access_token=firm.access).invoices
    assert [(one.invoice_file_name, one.status.code) for one in listed] == [
        ("1.xml", 200),
        ("2.xml", 440),
        ("3.xml", 200),
    ]
    status = firm.client.sessions.get_session_status(reference, firm.access)
    assert (status.status.code, status.successful_invoice_count, status.failed_invoice_count) == (200, 2, 1)
    assert [one.xml for one in double.invoices] == [good, other]


@pytest.mark.parametrize(("package", "spoilt", "code"), [(b"no archive", False, 430), (b"no archive", True, 405)])
def test_a_batch_that_cannot_be_read_says_why(firm: Firm, package: bytes, spoilt: Any, code: int) -> None:
    reference = sent_as_batch(firm, package, spoilt=spoilt)

    assert firm.client.sessions.get_session_status(reference, firm.access).status.code == code


def test_a_bomb_of_an_archive_is_not_unpacked(firm: Firm) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.xml", bytes(50_000_000))

    reference = sent_as_batch(firm, packed.getvalue())

    assert firm.client.sessions.get_session_status(reference, firm.access).status.code == 430


def enrolled(firm: Firm, sort: KsefCertificateType = KsefCertificateType.AUTHENTICATION) -> tuple[str, str, str]:
    """A new certificate: its serial number, itself, and its key in base64."""
    certificates, access = firm.client.certificates, firm.access
    request = generate_csr_ec(certificates.get_enrollment_data(access).to_dict())
    wanted = EnrollCertificateRequest(certificate_name="Faktura 1", certificate_type=sort, csr=request.csr_base64)
    reference = certificates.send_enrollment(wanted, access_token=access).reference_number
    status = certificates.get_enrollment_status(reference, access_token=access)
    assert status.status.code == 200
    serial = str(status.certificate_serial_number)
    [found] = certificates.retrieve_certificate(
        RetrieveCertificatesRequest(certificate_serial_numbers=[serial]), access_token=access
    ).certificates
    return serial, found.certificate, request.private_key_base64


def pem(certificate: str) -> str:
    return pem_of(read_certificate(base64.b64decode(certificate))).decode()


def test_a_certificate_is_enrolled_by_whom_an_older_one_signed_in(firm: Firm) -> None:
    serial, certificate, key = enrolled(firm)
    key_pem = f"-----BEGIN PRIVATE KEY-----\n{key}\n-----END PRIVATE KEY-----\n"

    renewed = signed_in(firm.client, KeyPair(pem(certificate), key_pem))

    listed = renewed.client.certificates.query_certificates(
        QueryCertificatesRequest(certificate_serial_number=serial), access_token=renewed.access
    ).certificates
    assert [(one.status, one.last_use_date is not None) for one in listed] == [(CertificateListItemStatus.ACTIVE, True)]
    limits = renewed.client.certificates.get_limits(renewed.access)
    assert (limits.certificate.remaining, limits.enrollment.remaining, limits.can_request) == (4, 11, True)


def test_a_request_must_name_who_signed_in(firm: Firm) -> None:
    data = firm.client.certificates.get_enrollment_data(firm.access).to_dict() | {"commonName": "Inny"}
    wanted = EnrollCertificateRequest(
        certificate_name="Faktura 1",
        certificate_type=KsefCertificateType.AUTHENTICATION,
        csr=generate_csr_ec(data).csr_base64,
    )

    with pytest.raises(KsefHttpError) as caught:
        firm.client.certificates.send_enrollment(wanted, access_token=firm.access)

    assert code_of(caught.value) == 25003


def test_a_token_is_given_listed_and_revoked(firm: Firm) -> None:
    wanted = GenerateTokenRequest(permissions=[TokenPermissionType.INVOICEWRITE], description="Wysyłanie faktur")
    made = firm.client.tokens.generate_token(wanted, access_token=firm.access)
    reference, operation = begun_by_token(firm.client, made.token)
    assert firm.client.auth.get_auth_status(reference, operation).status.code == 200

    firm.client.tokens.revoke_token(made.reference_number, access_token=firm.access)
    reference, operation = begun_by_token(firm.client, made.token)
    assert firm.client.auth.get_auth_status(reference, operation).status.details == ["Token unieważniony"]
    [listed] = firm.client.tokens.list_tokens(access_token=firm.access).tokens
    assert (listed.status.value, listed.last_use_date is not None) == ("Revoked", True)


def test_who_signed_in_by_a_token_makes_no_token_and_no_certificate(firm: Firm, double: Double) -> None:
    _, operation = begun_by_token(firm.client, double.token(TAX_NO))
    access = firm.client.auth.redeem_token(operation).access_token.token
    wanted = GenerateTokenRequest(permissions=[TokenPermissionType.INVOICEREAD], description="Odczyt")

    with pytest.raises(KsefApiError) as caught:
        firm.client.tokens.generate_token(wanted, access_token=access)
    assert caught.value.status_code == 403
    with pytest.raises(KsefHttpError) as refused:
        firm.client.certificates.get_enrollment_data(access)
    assert code_of(refused.value) == 25001


def test_invoices_of_one_seller_get_a_collective_identifier(firm: Firm, double: Double) -> None:
    numbers = double.hand_in(*purchases(3))
    client = firm.client.collective_identifiers

    made = client.generate_for_ksef_numbers(numbers[:2], access_token=firm.access).collective_identifier_number

    assert is_valid_collective_identifier_number(made)
    listed = client.list_invoices(made, access_token=firm.access).invoices
    assert [(one.ksef_number, one.details_hidden) for one in listed] == [(number, False) for number in numbers[:2]]
    [known] = client.list_by_ksef_number(numbers[0], access_token=firm.access).collective_identifiers
    assert known.collective_identifier_number == made
    assert client.list_by_ksef_number(numbers[2], access_token=firm.access).collective_identifiers == []
    day = INSTANT.date().isoformat()
    [found] = client.query_by_created_range(day, day, access_token=firm.access).collective_identifiers
    assert (found.collective_identifier_number, found.invoice_count) == (made, 2)


def test_an_unknown_invoice_has_no_collective_identifier(firm: Firm, double: Double) -> None:
    [known] = double.hand_in(*purchases(1))
    other = ksef_number(SUPPLIER, INSTANT, 4095)
    with pytest.raises(KsefHttpError) as caught:
        firm.client.collective_identifiers.generate_for_ksef_numbers([known, other], access_token=firm.access)

    assert code_of(caught.value) == 71001


def test_latarnia_tells_what_was_announced_while_the_api_is_down(firm: Firm, double: Double, clock: Clock) -> None:
    lighthouse = firm.client.lighthouse
    assert (lighthouse.get_status().status.value, lighthouse.get_messages()) == ("AVAILABLE", [])

    start, end = INSTANT, INSTANT + dt.timedelta(hours=4)
    failure = Announced("FAILURE", start, end)
    planned = Announced("MAINTENANCE", INSTANT + dt.timedelta(hours=12), INSTANT + dt.timedelta(hours=14))
    double.standing = Standing(state="down", announced=(failure, planned))
    assert lighthouse.get_status().status.value == "FAILURE"
    assert [(one.type.value, one.end) for one in lighthouse.get_messages()] == [
        ("FAILURE_START", None),
        ("MAINTENANCE_ANNOUNCEMENT", planned.end and planned.end.isoformat()),
    ]

    clock.stand_at(end)
    assert lighthouse.get_status().status.value == "AVAILABLE"
    assert [one.type.value for one in lighthouse.get_messages()][:2] == ["FAILURE_START", "FAILURE_END"]


def opened(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 (the double's own address)
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_the_first_code_leads_to_the_invoice(firm: Firm, shared_folder: Path) -> None:
    invoice = sample(shared_folder, "vat-mixed-rates")
    service = VerificationLinkService(firm.client.http_client._options)  # noqa: SLF001 (the library has no other way)
    day = str(invoice.partition(b"<P_1>")[2][:10].decode())
    address = service.build_invoice_verification_url(TAX_NO, day, crypto.sha256_base64(invoice))
    assert opened(address)[0] == 404

    Sender(firm).send(invoice)

    status, page = opened(address)
    assert (status, number_of(invoice) in page) == (200, True)
    assert opened(address.replace(TAX_NO, SUPPLIER))[0] == 404


def test_the_second_code_says_whether_its_issuer_signed_it(firm: Firm, shared_folder: Path) -> None:
    serial, certificate, key = enrolled(firm, KsefCertificateType.OFFLINE)
    service = VerificationLinkService(firm.client.http_client._options)  # noqa: SLF001 (the library has no other way)
    address = service.build_certificate_verification_url(
        seller_nip=TAX_NO,
        context_identifier_type="Nip",
        context_identifier_value=TAX_NO,
        certificate_serial=serial,
        invoice_hash=crypto.sha256_base64(sample(shared_folder, "zal")),
        signing_certificate_pem=pem(certificate),
        private_key_pem=key,
    )

    assert opened(address)[0] == 200
    assert opened(address.replace(f"/{TAX_NO}/{serial}", f"/{SUPPLIER}/{serial}"))[0] == 404
    assert opened(f"{address[:-4]}AAAA")[0] == 404
