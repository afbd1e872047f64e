"""Papers that come in: what a PDF says in its text is found, a file that is hostile or says nothing harms nobody."""

import contextlib
import datetime as dt
import io
import zlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from faktura.core.documents.media_types import media_type_of
from faktura.core.received.extraction import Extraction, RateSum
from faktura.inputs.paper_texts import Reader, paper_in
from faktura.inputs.papers import NothingToRead, read_paper
from faktura.inputs.pdf_text import NotRead, text_of_pdf
from faktura.outputs.printing.pdf import compose
from faktura.outputs.tests.documents import DAY, document
from tests import needs

pytestmark = needs.ONE_ENGINE

PDF = "application/pdf"
CZECH = Reader("CZ", frozenset({"25596641"}))


def a_pdf(page: bytes = b"", packed: bytes = b"") -> bytes:
    """A file of one page, as somebody might write it by hand."""
    stream, kind = packed or page, b"/Filter/FlateDecode" if packed else b""
    return b"\n".join(
        (
            b"%PDF-1.4",
            b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
            b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
            b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj",
            b"4 0 obj<<" + kind + b"/Length %d>>stream\n" % len(stream) + stream + b"\nendstream endobj",
            b"trailer<</Root 1 0 R>>",
        )
    )


def a_picture(kind: str) -> bytes:
    picture = io.BytesIO()
    Image.new("L", (40, 40), 255).save(picture, kind)
    return picture.getvalue()


@pytest.mark.parametrize("language", ["cs", "sk", "pl", "en"])
def test_what_we_print_ourselves_is_read(language: str) -> None:
    paper = read_paper(compose(document(language=language)), PDF, CZECH)

    assert (paper.number, paper.issued_on, paper.taxable_on, paper.due_on) == (
        "2026-0001",
        DAY,
        DAY,
        dt.date(2026, 12, 5),
    )
    assert (paper.vat_no, paper.iban, paper.currency) == ("CZ12345679", "CZ6508000000192000145399", "CZK")
    assert (paper.total, paper.rates) == (Decimal(3025), (RateSum(Decimal(21), Decimal(2500), Decimal(525)),))
    if language != "pl":
        assert (paper.registration_no, paper.variable_symbol) == ("12345679", "20260001")


def test_a_czech_invoice_with_two_rates() -> None:
    text = """
    Faktura – daňový doklad č. 2026-0042
    Dodavatel  Odběratel
    IČO: 25596641  IČO: 270 74 358
    DIČ: CZ25596641  DIČ: CZ27074358
    Datum vystavení  Datum splatnosti
    1. 11. 2026  15.11.2026
    DUZP: 31.10.2026  Variabilní symbol: 20260042
    Bankovní účet: 19-2000145399/0800  IBAN: CZ65 0800 0000 1920 0014 5399
    Základ 21 %  1 000,00  210,00  1 210,00
    Základ 12 %  100,00  12,00  112,00
    Celkem k úhradě: 1 322,00 Kč
    """

    assert paper_in(text, CZECH) == Extraction(
        number="2026-0042",
        variable_symbol="20260042",
        issued_on=dt.date(2026, 11, 1),
        taxable_on=dt.date(2026, 10, 31),
        due_on=dt.date(2026, 11, 15),
        registration_no="27074358",
        vat_no="CZ27074358",
        bank_account="19-2000145399/0800",
        iban="CZ6508000000192000145399",
        currency="CZK",
        total=Decimal(1322),
        rates=(
            RateSum(Decimal(21), Decimal(1000), Decimal(210)),
            RateSum(Decimal(12), Decimal(100), Decimal(12)),
        ),
    )


def test_a_polish_invoice() -> None:
    text = """
    FAKTURA VAT nr FV/118/11/2026
    Data wystawienia: 2026-11-01  Data sprzedaży: 2026-10-31  Termin płatności: 2026-11-15
    Sprzedawca NIP: 526-025-02-74
    Nr konta: 61 1090 1014 0000 0712 1981 2874
    Razem do zapłaty: 1.230,00 zł  w tym VAT 230,00  netto 1.000,00
    """

    paper = paper_in(text, Reader("PL"))

    assert (paper.number, paper.vat_no, paper.currency) == ("FV/118/11/2026", "5260250274", "PLN")
    assert (paper.issued_on, paper.taxable_on) == (dt.date(2026, 11, 1), dt.date(2026, 10, 31))
    assert (paper.due_on, paper.iban) == (dt.date(2026, 11, 15), "PL61109010140000071219812874")
    assert (paper.total, paper.rates) == (Decimal(1230), (RateSum(Decimal(23), Decimal(1000), Decimal(230)),))


def test_numbers_whose_check_digits_do_not_fit_are_not_taken() -> None:
    text = "IČO: 27074359 DIČ: CZ27074359 NIP 526-025-02-75 IBAN CZ66 0800 0000 1920 0014 5399 účet 19-2000145398/0800"

    assert paper_in(text, CZECH) == Extraction()


def test_sums_by_rate_are_taken_only_where_they_come_to_the_total() -> None:
    paper = paper_in("Vystaveno 1.11.2026\n1 000,00 210,00\nCelkem 1 300,00 Kč", CZECH)

    assert (paper.total, paper.rates) == (Decimal(1300), ())


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for label in ("Vystaveno ", "Celkem ", "IČO ", "Faktura č. "):
        paper_in(label + text, CZECH)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "WEBP"])
def test_a_picture_has_nothing_to_read(kind: str) -> None:
    picture = a_picture(kind)

    assert media_type_of(picture) == f"image/{kind.lower()}"
    with pytest.raises(NothingToRead):
        read_paper(picture, f"image/{kind.lower()}", CZECH)


def test_a_pdf_of_pictures_alone_has_nothing_to_read() -> None:
    assert text_of_pdf(a_pdf(b"0 0 100 100 re f")) == ""
    with pytest.raises(NothingToRead):
        read_paper(a_pdf(b"0 0 100 100 re f"), PDF, CZECH)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%PDF-1.7\n" + b"\xff" * 1000, compose(document())[:20_000]])
def test_what_is_cut_or_garbled_is_not_read(content: bytes) -> None:
    with pytest.raises(NotRead):
        text_of_pdf(content)


def test_a_stream_that_unpacks_to_more_than_memory_ends_its_own_process_alone() -> None:
    packing, spaces = zlib.compressobj(9), b" " * 10_000_000
    begun, block = (packing.compress(spaces) + packing.flush(zlib.Z_FULL_FLUSH) for _ in range(2))

    with contextlib.suppress(NotRead):
        assert text_of_pdf(a_pdf(packed=begun + block * 300)) == ""


def test_a_page_that_draws_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faktura.inputs.pdf_text.PATIENCE", 0.01)

    with pytest.raises(NotRead, match="too long"):
        text_of_pdf(compose(document()))
