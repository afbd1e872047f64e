"""Files that others send, made worse: packed, attached, broken, or written to harm whoever reads them."""

import io
import zipfile
from collections.abc import Iterable, Mapping

import pikepdf
import pytest

from faktura.inputs.e_invoices.read import ReadFile, read_invoice
from faktura.inputs.e_invoices.refusing import NoInvoice
from faktura.outputs.e_invoices.checking import faults_of_schema
from tests.beside import SHARED

ISDOC = "samples-isdoc/invoice-two-rates.isdoc"
UBL = "samples-en16931/ubl-cz-two-rates.xml"
CII = "samples-en16931/cii-cz-two-rates.xml"


NS = "http://isdoc.cz/namespace/2013"


def read(content: bytes) -> ReadFile:
    return read_invoice(content, faults_of_schema)


def refused(content: bytes) -> str:
    """Why the file is not read."""
    with pytest.raises(NoInvoice) as caught:
        read(content)
    return caught.value.reason


def example(name: str) -> bytes:
    return (SHARED / "schemas" / name).read_bytes()


def changed(content: bytes, *changes: tuple[str, str]) -> bytes:
    """A file with a text of it instead of another one, which must be there."""
    text = content.decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text.encode()


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return out.getvalue()


def a_pdf(embedded: Iterable[tuple[str, bytes]] = (), associated: Iterable[tuple[str, bytes]] = ()) -> bytes:
    """With files that are embedded, and others that belong to the document as a whole."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, content in embedded:
            pdf.attachments[name] = _specification(pdf, name, content)
        listed = [_specification(pdf, name, content).obj for name, content in associated]
        if listed:
            pdf.Root.AF = pikepdf.Array(listed)
        pdf.save(out)
    return out.getvalue()


def _specification(pdf: pikepdf.Pdf, name: str, content: bytes) -> pikepdf.AttachedFileSpec:
    said = {"description": "", "mime_type": "text/xml", "creation_date": "", "mod_date": ""}
    return pikepdf.AttachedFileSpec(pdf, content, filename=name, **said)


def zugferd_1() -> bytes:
    """A file of the first version, by the names that its elements had."""
    return changed(
        example(CII),
        ("urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100", "urn:ferd:CrossIndustryDocument:invoice:1p0"),
        ("CrossIndustryInvoice", "CrossIndustryDocument"),
        ("urn:cen.eu:en16931:2017", "urn:ferd:CrossIndustryDocument:invoice:1p0:comfort"),
        ("ExchangedDocumentContext", "SpecifiedExchangedDocumentContext"),
        ("rsm:ExchangedDocument>", "rsm:HeaderExchangedDocument>"),
        ("SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction"),
        ("ApplicableHeaderTrade", "ApplicableSupplyChainTrade"),
        ("SpecifiedLineTrade", "SpecifiedSupplyChainTrade"),
        ("SettlementHeaderMonetarySummation", "SettlementMonetarySummation"),
        ("SettlementLineMonetarySummation", "SettlementMonetarySummation"),
        ("RateApplicablePercent", "ApplicablePercent"),
    )


def isdoc_5() -> bytes:
    return changed(
        example(ISDOC),
        ("http://isdoc.cz/namespace/2013", "http://isdoc.cz/namespace/invoice"),
        ('version="6.0.2"', 'version="5.2.1"'),
    )


def with_type(content: bytes, declared: str) -> bytes:
    """With a document type before the root."""
    head, _, rest = content.decode().partition("?>")
    return f"{head}?>{declared}{rest}".encode()
