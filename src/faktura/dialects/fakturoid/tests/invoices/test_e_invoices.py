"""Invoices as files for other programs: ours, beside the contract."""

import base64
import hashlib
import io
import zipfile
from typing import Any

import facturx
import pikepdf
import pytest
from lxml import etree

from faktura.dialects.fakturoid.tests.conftest import Desk
from faktura.outputs.e_invoices.checking import faults_in
from tests import needs

pytestmark = needs.ONE_ENGINE

NS = {"i": "http://isdoc.cz/namespace/2013"}
TRIES = 20


def download(desk: Desk, invoice: dict[str, Any], ending: str) -> Any:
    """As clients do it: whoever gets 204 asks again."""
    path = f"/invoices/{invoice['id']}/download.{ending}"
    answers = (desk.client.get(path) for _ in range(TRIES))
    return next(answer for answer in answers if answer.status_code != 204)


def text_at(file: bytes, path: str) -> str | None:
    found = etree.fromstring(file).findtext("/".join(f"i:{step}" for step in path.split("/")), namespaces=NS)
    return None if found is None else str(found)


def test_an_invoice_is_downloaded_as_isdoc(desk: Desk) -> None:
    invoice = desk.issue({"name": "Příliš žluťoučký kůň", "unit_price": "1000", "vat_rate": 21})
    answer = download(desk, invoice, "isdoc")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml")
    assert f'attachment; filename="{invoice["number"]}.isdoc"' in answer.headers["Content-Disposition"]
    assert faults_in(answer.content, "isdoc") == []
    assert text_at(answer.content, "ID") == invoice["number"]
    assert text_at(answer.content, "LegalMonetaryTotal/PayableAmount") == "1210"
    assert text_at(answer.content, "InvoiceLines/InvoiceLine/Item/Description") == "Příliš žluťoučký kůň"


def test_the_same_version_is_the_same_file_and_another_is_another(desk: Desk) -> None:
    invoice = desk.issue()
    first, again = (download(desk, invoice, "isdoc").content for _ in range(2))
    desk.client.patch(f"/invoices/{invoice['id']}.json", {"note": "Jiný text"})

    assert first == again
    assert download(desk, invoice, "isdoc").content != first


def test_the_pdf_carries_the_same_file(desk: Desk) -> None:
    invoice = desk.issue()
    answer = download(desk, invoice, "pdf?embed=isdoc")

    assert f'filename="{invoice["number"]}-isdoc.pdf"' in answer.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert list(pdf.attachments) == ["invoice.isdoc"]
        attached = pdf.attachments["invoice.isdoc"]
        assert (attached.relationship, attached.get_file().mime_type) == (pikepdf.Name.Alternative, "text/xml")
        assert attached.get_file().read_bytes() == download(desk, invoice, "isdoc").content
        named = pdf.Root.AF
        assert [file.UF for file in named] == ["invoice.isdoc"]
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert answer.content == download(desk, invoice, "pdf?embed=isdoc").content


def test_a_pdf_that_nobody_wants_anything_of_carries_nothing(desk: Desk) -> None:
    with pikepdf.open(io.BytesIO(download(desk, desk.issue(), "pdf").content)) as pdf:
        assert list(pdf.attachments) == []


def test_what_cannot_be_carried_is_refused(desk: Desk) -> None:
    refused = desk.client.get(f"/invoices/{desk.issue()['id']}/download.pdf?embed=fa3")
    assert (refused.status_code, refused.json["error_description"]) == (400, 'Parameter "embed" is invalid')


def test_an_isdocx_holds_the_paper_and_the_attachments_by_their_digests(desk: Desk) -> None:
    data = "data:text/plain;base64," + base64.b64encode(b"plan").decode()
    named = [{"filename": name, "data_url": data} for name in ("plán.txt", "manifest.xml")]
    invoice = desk.issue(attachments=named)
    answer = download(desk, invoice, "isdocx")
    number = invoice["number"]

    assert f'filename="{number}.isdocx"' in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert list(files) == ["manifest.xml", f"{number}.isdoc", f"{number}.pdf", "plán.txt", "2-manifest.xml"]
    assert faults_in(files["manifest.xml"], "isdoc_manifest") == []
    assert etree.fromstring(files["manifest.xml"])[0].get("filename") == f"{number}.isdoc"
    main = files[f"{number}.isdoc"]
    assert faults_in(main, "isdoc") == []
    told = {
        supplement.findtext("i:Filename", namespaces=NS): supplement.findtext("i:DigestValue", namespaces=NS)
        for supplement in etree.fromstring(main).iterfind("i:SupplementsList/i:Supplement", NS)
    }
    beside = list(files.items())[2:]
    assert told == {name: base64.b64encode(hashlib.sha256(content).digest()).decode() for name, content in beside}
    previews = etree.fromstring(main).xpath("//i:Supplement[@preview='true']/i:Filename/text()", namespaces=NS)
    assert previews == [f"{number}.pdf"]
    assert answer.content == download(desk, invoice, "isdocx").content


@pytest.mark.parametrize("ending", ["isdoc", "isdocx", "pdf?embed=isdoc"])
def test_an_invoice_of_nothing_has_no_isdoc(desk: Desk, ending: str) -> None:
    invoice = desk.issue()
    gone = [{"id": line["id"], "_destroy": True} for line in invoice["lines"]]
    assert desk.client.patch(f"/invoices/{invoice['id']}.json", {"lines": gone}).json["lines"] == []
    refused = desk.client.get(f"/invoices/{invoice['id']}/download.{ending}")

    assert refused.status_code == 422
    assert refused.json == {"errors": {"document": ["has no lines"]}}


@pytest.mark.parametrize("ending", ["isdoc", "isdocx", "pdf?embed=isdoc"])
def test_an_unknown_invoice_has_none(desk: Desk, ending: str) -> None:
    assert desk.client.get(f"/invoices/999/download.{ending}").status_code == 404


POLISH = {"country": "PL", "currency": "PLN", "vat_no": "1234563218", "street": "Długa 1/2", "city": "Kraków"}
STEEL = {"name": "Stal", "unit_price": 100, "vat_rate": 23}


def test_an_invoice_of_a_polish_account_is_downloaded_as_ksef_takes_it(desk: Desk) -> None:
    desk.set_account(**POLISH)
    invoice = desk.issue(STEEL, currency="PLN")
    answer = download(desk, invoice, "fa3.xml")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml")
    assert (
        f'attachment; filename="{invoice["number"].replace("/", "-")}.fa3.xml"' in answer.headers["Content-Disposition"]
    )
    assert faults_in(answer.content, "fa3") == []
    assert b"<P_13_1>100.00</P_13_1><P_14_1>23.00</P_14_1><P_15>123.00</P_15>" in answer.content


def test_what_ksef_would_refuse_is_refused_by_its_attribute(desk: Desk) -> None:
    desk.set_account(**POLISH)
    invoice = desk.issue(STEEL, currency="PLN", client_country="PL", client_vat_no="1111111112")
    refused = desk.client.get(f"/invoices/{invoice['id']}/download.fa3.xml")
    assert (refused.status_code, refused.json) == (422, {"errors": {"client_vat_no": ["má chybnou kontrolní číslici"]}})


def test_ksef_takes_nothing_of_a_czech_account(desk: Desk) -> None:
    refused = desk.client.get(f"/invoices/{desk.issue()['id']}/download.fa3.xml")
    told = {"errors": {"document": ["is of a sort that does not go to KSeF"]}}
    assert (refused.status_code, refused.json) == (422, told)


ORDERED = {"order_number": "OBJ-1"}
BUYER = {"client_vat_no": "CZ87654326", "client_registration_no": "87654326"}
ROOTS = {"ubl": "Invoice", "cii": "CrossIndustryInvoice"}


def issued(desk: Desk, **values: Any) -> Any:
    """By a payer to a payer."""
    desk.set_account(vat_no="CZ12345679")
    return desk.issue(**BUYER, **values)


@pytest.mark.parametrize("syntax", ROOTS)
def test_an_invoice_is_downloaded_in_a_syntax_of_the_standard(desk: Desk, syntax: str) -> None:
    invoice = issued(desk, **ORDERED)
    answer = download(desk, invoice, f"{syntax}.xml")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml"), answer.text
    assert f'attachment; filename="{invoice["number"]}.{syntax}.xml"' in answer.headers["Content-Disposition"]
    assert etree.QName(etree.fromstring(answer.content)).localname == ROOTS[syntax]
    assert answer.content == download(desk, invoice, f"{syntax}.xml").content


def test_peppol_wants_a_reference_of_the_customer_and_the_bare_standard_does_not(desk: Desk) -> None:
    invoice = issued(desk)
    missing = desk.client.get(f"/invoices/{invoice['id']}/download.ubl.xml")

    lacks = "has no reference of the customer: fill in `order_number`, or for later documents the contact on its page"
    assert (missing.status_code, missing.json) == (422, {"errors": {"document": [lacks]}})
    bare = desk.client.get(f"/invoices/{invoice['id']}/download.ubl.xml?profile=en16931")
    assert (bare.status_code, b"CustomizationID>urn:cen.eu:en16931:2017<" in bare.content) == (200, True)
    assert b"peppol" not in bare.content
    assert desk.client.get(f"/invoices/{invoice['id']}/download.ubl.xml?profile=other").status_code == 400


def test_a_german_office_wants_to_know_whom_to_call(desk: Desk) -> None:
    invoice = issued(desk, **ORDERED)
    refused = desk.client.get(f"/invoices/{invoice['id']}/download.cii.xml?profile=xrechnung")

    assert refused.json["errors"]["document"][0].startswith("has no person, phone and e-mail of the seller")


def test_a_proforma_is_no_invoice_of_the_standard(desk: Desk) -> None:
    invoice = desk.issue(document_type="proforma", **ORDERED)
    refused = desk.client.get(f"/invoices/{invoice['id']}/download.ubl.xml")

    assert (refused.status_code, refused.json["errors"]["document"]) == (
        422,
        ["is a proforma, which the standard does not have"],
    )


def test_a_pdf_is_a_factur_x_and_carries_isdoc_beside(desk: Desk) -> None:
    invoice = issued(desk, **ORDERED)
    answer = download(desk, invoice, "pdf?embed=isdoc,facturx")

    assert f'filename="{invoice["number"]}-isdoc-facturx.pdf"' in answer.headers["Content-Disposition"]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        carried = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
        assert carried == {
            "invoice.isdoc": download(desk, invoice, "isdoc").content,
            "factur-x.xml": download(desk, invoice, "cii.xml").content,
        }
        assert {str(file.UF) for file in pdf.Root.AF} == carried.keys()
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    assert answer.content == download(desk, invoice, "pdf?embed=isdoc,facturx").content


def test_somebody_elses_reader_finds_the_level_and_the_file(desk: Desk) -> None:
    invoice = issued(desk, **ORDERED)
    answer = download(desk, invoice, "pdf?embed=facturx")
    name, content = facturx.get_xml_from_pdf(answer.content, check_xsd=True)

    assert (name, content) == ("factur-x.xml", download(desk, invoice, "cii.xml").content)
    assert facturx.get_level(etree.fromstring(content)) == "en16931"


def test_metadata_declare_the_mark_once_and_in_the_one_list_there_is(desk: Desk) -> None:
    answer = download(desk, issued(desk, **ORDERED), "pdf?embed=facturx")
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        metadata = pdf.Root.Metadata.read_bytes()

    assert metadata.count(b"pdfaExtension:schemas>") == 2
    assert metadata.count(b"namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#<") == 1
    assert b"ConformanceLevel>EN 16931<" in metadata
