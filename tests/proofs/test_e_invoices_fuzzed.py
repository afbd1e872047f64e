"""Whatever is done to a file of somebody else, it is read or refused by a kind, and nothing else happens."""

from random import Random
from typing import get_args

import msgspec
import pytest

from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.inputs.e_invoices.read import read_invoice
from faktura.inputs.e_invoices.refusing import NoInvoice, Reason
from faktura.inputs.tests.hostile import CII, ISDOC, UBL, a_pdf, example, isdoc_5, packed, zugferd_1
from faktura.outputs.e_invoices.checking import faults_of_schema
from tests import needs
from tests.proofs.history import length

pytestmark = [needs.ONE_ENGINE, pytest.mark.timeout(900)]

FILES = length(2000, 100_000)
PDFS = length(10, 500)

OUTCOMES = {*get_args(Reason), "isdoc", "ubl", "cii"}

TEXTS = (
    b"<",
    b">",
    b"&",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>",
    b"\0",
    b"\xff\xfe",
    b"-1",
    b"0",
    b"99999999999999",
    b"1e9",
    b"0.0000000001",
    b"NaN",
    b"2026-02-30",
    b"true",
    b" ",
)
"""What somebody may write where something else belongs."""


def examples() -> list[bytes]:
    named = [example(name) for name in (ISDOC, UBL, CII, "en16931/examples-ubl/ubl-tc434-example2.xml")]
    more = [example(f"samples-isdoc/{name}.isdoc") for name in ("foreign-currency", "final-with-taxed-deposit")]
    return [*named, *more, isdoc_5(), zugferd_1(), packed({"a.isdoc": named[0], "b.pdf": b"%PDF-1.7"})]


def spoiled(content: bytes, chance: Random) -> bytes:
    """With one to four places of it changed, taken out, doubled, or swapped with others."""
    for _ in range(chance.randint(1, 4)):
        begin = chance.randrange(len(content) + 1)
        end = min(len(content), begin + chance.choice((0, 1, 1, 4, 20, 300)))
        instead = chance.choice((b"", chance.randbytes(end - begin), chance.choice(TEXTS), content[begin:end] * 2))
        content = content[:begin] + instead + content[end:]
    return content


def between_tags(content: bytes, chance: Random) -> bytes:
    """Still an XML, in which texts are others."""
    parts = content.split(b">")
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(parts))
        _, bracket, tag = parts[place].partition(b"<")
        parts[place] = chance.choice((b"-1", b"0", b"9" * 12, b"x", b"", b"1.005", b"EUR", b"false")) + bracket + tag
    return b">".join(parts)


def outcome(content: bytes) -> str:
    """Why it is refused, or the format that it is read in; all that is read has the type that it should have."""
    try:
        found = read_invoice(content, faults_of_schema)
    except NoInvoice as refused:
        return refused.reason
    assert all("/" not in one.filename for one in found.enclosed)
    return msgspec.convert(msgspec.to_builtins(found.invoice), ReceivedInvoice, strict=False).format


def test_a_spoiled_file_is_read_or_refused(chance: Random) -> None:
    whole = examples()
    for _ in range(FILES):
        assert outcome(chance.choice((spoiled, between_tags))(chance.choice(whole), chance)) in OUTCOMES


def test_a_spoiled_pdf_is_read_or_refused(chance: Random) -> None:
    whole = a_pdf([("a.isdoc", example(ISDOC))])
    for _ in range(PDFS):
        assert outcome(spoiled(whole, chance)) in OUTCOMES
