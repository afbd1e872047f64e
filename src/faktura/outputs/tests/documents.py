"""Documents to print, and how to read what was printed."""

import datetime as dt
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pikepdf
import pypdfium2
import segno
import zxingcpp

from faktura.outputs.printing.printed import PrintedDocument
from faktura.outputs.reading.facts import Facts, Party, RateSum, SoldLine

DAY = dt.date(2026, 11, 21)


def line(name: str = "Práce", **values: Any) -> SoldLine:
    usual = SoldLine(
        name=name,
        quantity=Decimal("2.5"),
        unit="h",
        unit_price=Decimal(1000),
        vat_rate=Decimal(21),
        net=Decimal(2500),
        vat=Decimal(525),
        gross=Decimal(3025),
    )
    return msgspec.structs.replace(usual, **values)


FACTS = Facts(
    title="vat_invoice",
    number="2026-0001",
    seller=Party(
        name="Applecorp s.r.o.",
        address=("Jablečná 1", "110 00 Praha 1"),
        country="CZ",
        registration_no="12345679",
        vat_no="CZ12345679",
    ),
    buyer=Party(name="Pearcorp sp. z o.o.", address=("ul. Gruszkowa 5/7", "00-001 Warszawa"), country="PL"),
    issued_on=DAY,
    taxable_on=DAY,
    due_on=dt.date(2026, 12, 5),
    payment_method="bank",
    iban="CZ6508000000192000145399",
    variable_symbol="20260001",
    lines=(line(),),
    rate_sums=(RateSum(vat_rate=Decimal(21), net=Decimal(2500), vat=Decimal(525)),),
    net_total=Decimal(2500),
    vat_total=Decimal(525),
    total=Decimal(3025),
    to_pay=Decimal(3025),
)


def document(**values: Any) -> PrintedDocument:
    """Facts and what paper needs besides, by name; usually in the language of the facts."""
    facts = msgspec.structs.replace(FACTS, **{n: v for n, v in values.items() if n in Facts.__struct_fields__})
    of_print = {name: value for name, value in values.items() if name not in Facts.__struct_fields__}
    return PrintedDocument(facts=facts, language=facts.language, **of_print)


def pages_of(pdf: bytes) -> list[str]:
    """What stands on each page, with plain spaces."""
    with pypdfium2.PdfDocument(pdf) as opened:
        return [page.get_textpage().get_text_range().replace("\u00a0", " ").replace("\r\n", "\n") for page in opened]


def text_of(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


def codes_on(pdf: bytes) -> list[str]:
    """What a camera reads off the printed pages."""
    return [code.text for picture in pictures_of(pdf) for code in zxingcpp.read_barcodes(picture)]


def pictures_of(pdf: bytes) -> Iterator[memoryview]:
    """The pages as rows of grey points, 144 to the inch."""
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            shown = page.render(scale=2, grayscale=True)
            yield memoryview(bytes(shown.buffer)).cast("B", (shown.height, shown.stride))


def pictures_in(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return sum(len(page.get_images()) for page in opened.pages)


def png() -> bytes:
    """Some picture."""
    picture = io.BytesIO()
    segno.make("logo").save(picture, kind="png", scale=4)
    return picture.getvalue()
