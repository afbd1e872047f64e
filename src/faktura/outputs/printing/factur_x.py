"""A PDF that says of itself that it is a Factur-X: what its metadata need besides the file that it carries."""

import io

import pikepdf
from lxml import etree

from faktura.outputs.printing.printed import FACTUR_X

LEVEL = "EN 16931"

_FX = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_EXTENSION = "http://www.aiim.org/pdfa/ns/extension/"
_SCHEMA = "http://www.aiim.org/pdfa/ns/schema#"
_PROPERTY = "http://www.aiim.org/pdfa/ns/property#"

_SAID = {"DocumentType": "INVOICE", "DocumentFileName": FACTUR_X, "Version": "1.0", "ConformanceLevel": LEVEL}
_MEANT = {
    "DocumentType": "The kind of document: an invoice",
    "DocumentFileName": "The name of the file that the PDF carries",
    "Version": "The version of the schema of that file",
    "ConformanceLevel": "The profile that the file keeps",
}


def marked(file: bytes) -> bytes:
    """The same PDF with the mark; the same bytes for the same bytes.

    A PDF/A declares what is not of its standard: in the one list that it has of that.
    """
    with pikepdf.open(io.BytesIO(file)) as pdf:
        head, packet, tail = _parts(pdf.Root.Metadata.read_bytes())
        rdf = packet.find(f"{{{_RDF}}}RDF")
        declared = packet.find(f".//{{{_EXTENSION}}}schemas/{{{_RDF}}}Bag")
        if declared is not None:
            declared.insert(0, _declaration())
        rdf.append(_description())
        pdf.Root.Metadata = pdf.make_stream(head + etree.tostring(packet, encoding="UTF-8") + tail)
        pdf.Root.Metadata.Type, pdf.Root.Metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
        written = io.BytesIO()
        pdf.save(written, deterministic_id=True)
    return written.getvalue()


def _parts(metadata: bytes) -> tuple[bytes, etree._Element, bytes]:
    """The XML between the two instructions that a packet of metadata begins and ends with."""
    start, end = metadata.index(b"<x:xmpmeta"), metadata.index(b"</x:xmpmeta>") + len(b"</x:xmpmeta>")
    return metadata[:start], etree.fromstring(metadata[start:end]), metadata[end:]


def _description() -> etree._Element:
    description = etree.Element(f"{{{_RDF}}}Description", {f"{{{_RDF}}}about": ""}, nsmap={"fx": _FX})
    for name, value in _SAID.items():
        etree.SubElement(description, f"{{{_FX}}}{name}").text = value
    return description


def _declaration() -> etree._Element:
    """What the properties of the mark are, as PDF/A-3 wants it said of each."""
    schema = _resource({"schema": "Factur-X", "namespaceURI": _FX, "prefix": "fx"}, _SCHEMA)
    listed = etree.SubElement(etree.SubElement(schema, f"{{{_SCHEMA}}}property"), f"{{{_RDF}}}Seq")
    for name, meant in _MEANT.items():
        told = {"name": name, "valueType": "Text", "category": "external", "description": meant}
        listed.append(_resource(told, _PROPERTY))
    return schema


def _resource(values: dict[str, str], namespace: str) -> etree._Element:
    resource = etree.Element(f"{{{_RDF}}}li", {f"{{{_RDF}}}parseType": "Resource"})
    for name, value in values.items():
        etree.SubElement(resource, f"{{{namespace}}}{name}").text = value
    return resource
