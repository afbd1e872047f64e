"""A certificate that KSeF itself gives: asked for with a key made here, and fetched when it is there."""

import base64
from typing import TYPE_CHECKING, NamedTuple

from faktura.core.ksef.certificates import KeyPair, read_key_pair
from faktura.core.ksef.connection import Purpose
from faktura.outside.ksef.failures import Refused, Unreachable
from faktura.outside.ksef.line import Line
from faktura.outside.ksef.signing_in import DONE, FAILED_ITSELF, GOING_ON, OK

if TYPE_CHECKING:
    from ksef_client.models import CertificateEnrollmentDataResponse

NAMES: dict[Purpose, str] = {"Authentication": "faktura", "Offline": "faktura offline"}
"""What the certificates are called in KSeF's list."""


class Request(NamedTuple):
    """What is asked for, in base64, and the key that belongs to it, as PEM."""

    csr: str
    private_key: str


def make_request(line: Line) -> Request:
    """A request in the name of whoever signed in, with a new key.

    Raises:
        Refused: by a token no certificate can be asked for.

    """
    from ksef_client.services.csr import generate_csr_ec  # noqa: PLC0415 (not without KSeF)

    said: CertificateEnrollmentDataResponse = line.call(
        "other", lambda client, access: client.certificates.get_enrollment_data(access)
    )
    made = generate_csr_ec(said.to_dict())
    return Request(made.csr_base64, _pem(made.private_key_base64))


def hand_in(line: Line, request: Request, purpose: Purpose) -> str:
    """The reference by which the certificate is fetched."""
    from ksef_client.models import EnrollCertificateRequest, KsefCertificateType  # noqa: PLC0415 (not without KSeF)

    wanted = EnrollCertificateRequest(NAMES[purpose], KsefCertificateType(purpose), request.csr)
    taken = line.call("other", lambda client, access: client.certificates.send_enrollment(wanted, access_token=access))
    return str(taken.reference_number)


def fetch(line: Line, reference: str, private_key: str) -> KeyPair | None:
    """The certificate with its key; None where it is not there yet.

    Raises:
        Refused: KSeF does not give it.

    """
    from ksef_client.models import RetrieveCertificatesRequest  # noqa: PLC0415 (not without KSeF)

    said = line.call(
        "other", lambda client, access: client.certificates.get_enrollment_status(reference, access_token=access)
    )
    if said.status.code == GOING_ON:
        return None
    if said.status.code >= FAILED_ITSELF:
        message = f"KSeF could not make the certificate: {said.status.code}"
        raise Unreachable(message)
    if said.status.code != DONE or said.certificate_serial_number is None:
        details = tuple(said.status.details or ())
        raise Refused(OK, said.status.code, ": ".join((said.status.description, *details)), details)
    wanted = RetrieveCertificatesRequest([said.certificate_serial_number])
    listed = line.call(
        "other", lambda client, access: client.certificates.retrieve_certificate(wanted, access_token=access)
    ).certificates
    if not listed:
        message = "KSeF made a certificate and does not hand it out"
        raise Unreachable(message)
    return read_key_pair(base64.b64decode(listed[0].certificate), private_key.encode())


def _pem(key: str) -> str:
    """Of a key in base64."""
    lines = [key[start : start + 64] for start in range(0, len(key), 64)]
    return "\n".join(("-----BEGIN PRIVATE KEY-----", *lines, "-----END PRIVATE KEY-----", ""))
