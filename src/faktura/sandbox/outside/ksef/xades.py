"""A request to sign in as a firm: its signature verified, then compared with its schema without the signature."""

import base64
import functools
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from faktura.sandbox.outside.ksef.calls import Refused
from faktura.sandbox.outside.ksef.keys import pem_of, read_certificate
from faktura.xml import careful, lxml

if TYPE_CHECKING:
    from lxml import etree

REQUEST = "http://ksef.mf.gov.pl/auth/token/2.1"
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"

NAMES = {"t": REQUEST, "ds": SIGNATURE, "xades": XADES}

SCHEMA = Path(__file__).with_name("schemat_auth_v2-1.xsd")

TAX_NO = re.compile(r"(?:VATPL-|TINPL-)?([1-9]\d{9})")


class Signed(NamedTuple):
    """What was signed, by whom, and the digest of the whole; `tax_no` is that of who signed, where it says one."""

    challenge: str
    context_sort: str
    context: str
    certificate: x509.Certificate
    tax_no: str | None
    digest: str


def read_signed(content: bytes) -> Signed:
    """The request of a signed document.

    Raises:
        Refused: it is none, its signature does not fit, or it is not of its schema.

    """
    root = _read(content)
    certificate = _verified(root)
    for one in root.findall("ds:Signature", NAMES):
        root.remove(one)
    if not (schema := _schema()).validate(root):
        raise Refused(21401, "Dokument nie jest zgodny ze schemą (xsd).", *(one.message for one in schema.error_log))
    context = root.find("t:ContextIdentifier", NAMES)
    assert context is not None  # noqa: S101 (the schema says so)
    return Signed(
        challenge=(root.findtext("t:Challenge", "", NAMES)).strip(),
        context_sort=str(context[0].tag).rpartition("}")[2],
        context=(context[0].text or "").strip(),
        certificate=certificate,
        tax_no=tax_no_of(certificate),
        digest=base64.b64encode(hashlib.sha256(content).digest()).decode(),
    )


@functools.cache
def _schema() -> "etree.XMLSchema":
    etree_: Any = lxml()
    schema: etree.XMLSchema = etree_.XMLSchema(etree_.parse(str(SCHEMA), careful()))
    return schema


def tax_no_of(certificate: x509.Certificate) -> str | None:
    """The firm's number in a certificate: of a seal in `organizationIdentifier`, of a person in `serialNumber`."""
    for oid in (x509.NameOID.ORGANIZATION_IDENTIFIER, x509.NameOID.SERIAL_NUMBER):
        for one in certificate.subject.get_attributes_for_oid(oid):
            if found := TAX_NO.fullmatch(str(one.value)):
                return found[1]
    return None


def _read(content: bytes) -> "etree._Element":
    etree_: Any = lxml()
    try:
        root: etree._Element = etree_.fromstring(content, careful())
    except (etree_.XMLSyntaxError, ValueError):
        raise Refused(21001, "Nieczytelna treść.") from None
    if root.getroottree().docinfo.doctype:
        raise Refused(9101, "Nieprawidłowy dokument.")
    return root


def _verified(root: "etree._Element") -> x509.Certificate:
    """Whose signature it is; both the document and what is said of the signature are signed."""
    signature = root.find("ds:Signature", NAMES)
    if signature is None:
        raise Refused(9101, "Nieprawidłowy dokument.", "Brak podpisu.")
    certificate = _certificate(signature)
    _require_whole(signature, certificate)
    try:
        xmlsec.tree.add_ids(root, ["Id"])
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(pem_of(certificate), xmlsec.constants.KeyDataFormatCertPem, None)
        context.verify(signature)
    except xmlsec.Error:
        raise Refused(9101, "Nieprawidłowy dokument.", "Nieprawidłowy podpis.") from None
    return certificate


def _certificate(signature: "etree._Element") -> x509.Certificate:
    text = signature.findtext("ds:KeyInfo/ds:X509Data/ds:X509Certificate", "", NAMES)
    try:
        return read_certificate(base64.b64decode(text))
    except ValueError:
        raise Refused(21115, "Nieprawidłowy certyfikat.") from None


def _require_whole(signature: "etree._Element", certificate: x509.Certificate) -> None:
    """Refuse a signature that leaves out the document, its own properties or its certificate."""
    signed = {one.get("URI") for one in signature.iterfind("ds:SignedInfo/ds:Reference", NAMES)}
    properties = signature.find("ds:Object/xades:QualifyingProperties/xades:SignedProperties", NAMES)
    if properties is None or {"", f"#{properties.get('Id')}"} - signed:
        raise Refused(9101, "Nieprawidłowy dokument.", "Podpis nie obejmuje całego dokumentu.")
    digest = base64.b64encode(certificate.fingerprint(hashes.SHA256())).decode()
    named = [one.text for one in properties.iterfind(".//xades:CertDigest/ds:DigestValue", NAMES)]
    if digest not in named:
        raise Refused(21115, "Nieprawidłowy certyfikat.", "Podpis wskazuje inny certyfikat.")
