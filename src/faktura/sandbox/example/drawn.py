"""Papers of suppliers as they come in: an invoice as a PDF, the picture of a receipt as a register prints it."""

import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from faktura.core.people.accounts import Account
from faktura.core.received.record import Expense
from faktura.inputs.png import GRAY, png

LEFT, MIDDLE, RIGHT, TOP = 56, 320, 539, 780
"""Points of a page: its edges, and where its second column begins."""

POLISH = "ĄĆĘŁŃÓŚŹŻąćęłńóśźż"
_GLYPHS = ("Aogonek", "Cacute", "Eogonek", "Lslash", "Nacute", "Oacute", "Sacute", "Zacute", "Zdotaccent")
_DIFFERENCES = "".join(f"/{name}" for name in (*_GLYPHS, *(name[0].lower() + name[1:] for name in _GLYPHS)))
_CODES = {letter: bytes([128 + number]) for number, letter in enumerate(POLISH)}


class Text(NamedTuple):
    """Words on a page; from its right end, where they are an amount."""

    x: float
    y: float
    words: str
    size: int = 10
    bold: bool = False
    ends: bool = False


def invoice_of(expense: Expense, buyer: Account) -> bytes:
    """The supplier's invoice that an expense is entered from."""
    seller, currency = expense.seller, expense.currency
    texts = [
        Text(LEFT, TOP, f"Faktura nr {expense.original_number}", 18, bold=True),
        Text(MIDDLE, TOP, f"Data wystawienia: {expense.issued_on}"),
        Text(MIDDLE, TOP - 16, f"Data dostawy: {expense.taxable_on}"),
        Text(MIDDLE, TOP - 32, f"Płatne do: {expense.due_on}"),
        *_party(LEFT, "Sprzedawca", seller.name, seller.street, f"{seller.postcode} {seller.city}", seller.vat_no),
        *_party(MIDDLE, "Nabywca", buyer.name, buyer.street, f"{buyer.postcode} {buyer.city}", buyer.vat_no),
    ]
    rows = [("Nazwa", "Liczba", "Cena netto", "VAT", "Kwota netto")]
    rows += [
        (
            line.name,
            f"{line.quantity:f} {line.unit}".replace(".", ",", 1),
            _amount(line.unit_net_price),
            f"{line.vat_rate:f}%",
            _amount(line.net),
        )
        for line in expense.lines
    ]
    y = 610
    for number, row in enumerate(rows):
        texts += _row(y, row, bold=not number)
        y -= 18
    for label, amount in (("Razem netto", expense.net_total), ("Razem VAT", expense.vat_total)):
        y -= 18
        texts += [Text(MIDDLE, y, label), Text(RIGHT, y, _amount(amount), ends=True)]
    y -= 24
    texts += [
        Text(MIDDLE, y, "Do zapłaty", 12, bold=True),
        Text(RIGHT, y, f"{_amount(expense.gross_total)} {currency}", 12, ends=True),
    ]
    if expense.iban:
        texts.append(Text(LEFT, y - 48, f"Konto: {expense.iban}"))
    return pdf_of(texts, rules=(616 - 8, y + 18))


def pdf_of(texts: Iterable[Text], rules: Sequence[float] = ()) -> bytes:
    """A page of texts with rules across it, in fonts that every reader has."""
    drawn = [f"{LEFT} {y} m {RIGHT} {y} l S".encode() for y in rules] + [_shown(text) for text in texts]
    stream = b"\n".join((b"0.5 w", *drawn))
    encoding = f"/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[128{_DIFFERENCES}]>>"
    fonts = [
        f"/F{number}<</Type/Font/Subtype/Type1/BaseFont/Helvetica{style}{encoding}>>"
        for number, style in enumerate(("", "-Bold"))
    ]
    used = f"/Resources<</Font<<{''.join(fonts)}>>>>"
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R{used}>>".encode(),
        b"<</Length %d>>stream\n%b\nendstream" % (len(stream), stream),
    )
    objects = [b"%d 0 obj%b endobj\n" % (number, part) for number, part in enumerate(parts, 1)]
    *places, end = itertools.accumulate(map(len, objects), initial=len(b"%PDF-1.4\n"))
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    trailer = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(parts) + 1, end)
    return b"".join((b"%PDF-1.4\n", *objects, head, table, trailer))


def receipt(*lines: tuple[str, str]) -> bytes:
    """A PNG of lines, each with what stands at its left and at its right; one without a right stands in the middle."""
    rows = list(itertools.chain(_BLANK * 2, *(_printed(*line) for line in lines), _BLANK * 2))
    return png(WIDTH, [row for row in rows for _ in range(DOTS)], depth=1, colours=GRAY)


def _party(x: float, role: str, *lines: str | None) -> Iterator[Text]:
    *said, tax_number = lines
    shown = [*(line or "" for line in said), f"NIP: {tax_number}"]
    yield Text(x, 710, role, bold=True)
    yield from (Text(x, 694 - 15 * number, line) for number, line in enumerate(shown))


def _row(y: float, row: tuple[str, str, str, str, str], *, bold: bool) -> Iterator[Text]:
    name, *values = row
    yield Text(LEFT, y, name, bold=bold)
    for x, value in zip((320, 400, 450, RIGHT), values, strict=True):
        yield Text(x, y, value, bold=bold, ends=True)


def _amount(value: Decimal) -> str:
    return f"{value:,.2f}".replace(",", " ").replace(".", ",")


def _shown(text: Text) -> bytes:
    x = text.x - (_width(text.words) * text.size if text.ends else 0)
    words = b"".join(_CODES.get(letter) or letter.encode("ascii", "replace") for letter in text.words)
    escaped = words.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F%d %d Tf %.1f %.1f Td (%b) Tj ET" % (text.bold, text.size, x, text.y, escaped)


def _width(words: str) -> float:
    """Of digits and what stands between them exactly, of letters about so much."""
    return sum(0.278 if letter in " ,.:" else 0.72 if letter.isupper() else 0.556 for letter in words)


COLUMNS = 32
"""Letters in a row of a receipt, each six points wide."""

DOTS = 2
"""Of a picture, for each point of a letter."""

WIDTH = (COLUMNS + 4) * 6 * DOTS

_BLANK = [b"\xff" * ((WIDTH + 7) // 8)] * 4


def _printed(left: str, right: str) -> Iterator[bytes]:
    """A row of letters as rows of bits, of which black are nought."""
    line = f"{left}{right:>{COLUMNS - len(left)}}" if right else f"{left:^{COLUMNS}}"
    columns = [
        column
        for letter in _without_marks(f"  {line}  ").upper()
        for column in (*_LETTERS.get(letter, _LETTERS[" "]), 0)
    ]
    for row in range(7):
        bits = "".join("0" * DOTS if column >> row & 1 else "1" * DOTS for column in columns)
        yield int(bits.ljust(-len(bits) // 8 * -8, "1"), 2).to_bytes((len(bits) + 7) // 8, "big")
    yield from _BLANK[:3]


def _without_marks(line: str) -> str:
    """As a register prints it, which has no letters but those of English."""
    return "".join(filter(str.isascii, unicodedata.normalize("NFD", line.replace("ł", "l").replace("Ł", "L"))))


_LETTERS = {
    line[0]: bytes.fromhex(line[1:])
    for line in """\
 0000000000
%2313086462
*2a1c7f1c2a
,0050300000
-0808080808
.0060600000
/2010080402
03e5149453e
100427f4000
24261514946
32141454b31
41814127f10
52745454539
63c4a494930
70171090503
83649494936
9064949291e
:0036360000
=1414141414
A7e1111117e
B7f49494936
C3e41414122
D7f4141221c
E7f49494941
F7f09090901
G3e4149497a
H7f0808087f
I00417f4100
J2040413f01
K7f08142241
L7f40404040
M7f020c027f
N7f0408107f
O3e4141413e
P7f09090906
Q3e4151215e
R7f09192946
S4649494931
T01017f0101
U3f4040403f
V1f2040201f
W3f4038403f
X6314081463
Y0708700807
Z6151494543
""".splitlines()
}
"""Of a matrix printer: five columns of seven points, the highest point in the lowest bit."""
