"""A printed document is a PDF/A file that says what the document says, in every language."""

import datetime as dt
import io
import statistics
import time
from collections.abc import Iterator
from decimal import Decimal
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest

from faktura.outputs.printing.pdf import compose
from faktura.outputs.printing.printed import COPIES, Copies, PrintedDocument
from faktura.outputs.reading.facts import Advance, Party, Picture, RateSum
from faktura.outputs.tests.documents import DAY, document, line, pages_of, pictures_in, png, text_of
from faktura.outputs.words.words import BILINGUAL, LANGUAGES, labels_in

LETTERS = {
    "Czech": "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ",
    "Polish": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "Slovak": "äĺľôŕÄĹĽÔŔ",
    "German": "äöüßÄÖÜẞ",
    "Hungarian": "őűŐŰ",
    "signs": "„“”’–—…€§°×−",
}


def is_archival(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        with opened.open_metadata() as metadata:
            is_told = metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")
        return "/OutputIntents" in opened.Root and is_told == ("3", "A")


Box = tuple[float, float, float, float]


def boxes_on(pdf: bytes) -> Iterator[tuple[Box, list[Box]]]:
    """Where each letter stands on its page, with those after it."""
    with pypdfium2.PdfDocument(pdf) as opened:
        for page in opened:
            text = page.get_textpage()
            letters = [n for n in range(text.count_chars()) if not text.get_text_range(n, 1).isspace()]
            boxes: list[Box] = [text.get_charbox(n) for n in letters]
            for place, box in enumerate(boxes):
                yield box, boxes[place + 1 :]


def overlap(one: Box, other: Box) -> bool:
    """Whether more of two letters than their edges is in the same place."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and along > 1


def test_a_document_is_a_tagged_archival_file_in_its_language() -> None:
    printed = compose(document(language="pl"))

    assert is_archival(printed)
    with pikepdf.open(io.BytesIO(printed)) as opened:
        assert opened.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in opened.Root
        assert opened.Root.Lang == "pl"
        assert opened.docinfo.Title == "Faktura VAT 2026-0001"
        assert not opened.check_pdf_syntax()


@pytest.mark.parametrize("letters", LETTERS.values(), ids=LETTERS.keys())
def test_every_letter_can_be_read_from_the_file(letters: str) -> None:
    printed = compose(document(note=letters))

    assert letters in text_of(printed)
    assert is_archival(printed)


def test_what_looks_like_markup_stands_there_as_it_was_typed() -> None:
    typed = '#v(99cm) $x^2$ *b* _i_ `c` \\ @ref <tag> // /* [x] {y} ~ "q" -- ... = h'

    text = text_of(compose(document(note=typed, lines=(line(typed),), footer="#pagebreak()", number="*1*")))

    assert "".join(text.split()).count("".join(typed.split())) == 2
    assert "#pagebreak()" in text
    assert "daňový doklad *1*" in text


def test_line_breaks_are_kept() -> None:
    assert "První\nDruhý" in text_of(compose(document(note="První\nDruhý")))


def test_many_lines_make_several_numbered_pages_with_repeated_heads() -> None:
    pages = pages_of(compose(document(lines=tuple(line(f"Položka {n}.") for n in range(1, 121)))))

    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert f"Strana {number} / {len(pages)}" in page
    for page in pages[1:-1]:
        assert "Faktura – daňový doklad 2026-0001" in page
        assert "Cena za j." in page
    whole = "\n".join(pages)
    assert all(f"Položka {n}." in whole for n in range(1, 121))


def test_the_same_document_gives_the_same_bytes() -> None:
    first, other = document(), document(number="2026-0002")

    assert compose(first) == compose(first)
    assert compose(first) != compose(other)


def test_the_day_of_printing_is_the_documents_own() -> None:
    moment = dt.datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=ZoneInfo("Europe/Prague"))
    for printed, told in ((document(), "D:20261121000000Z"), (document(changed_at=moment), "D:20261122083000Z")):
        with pikepdf.open(io.BytesIO(compose(printed))) as opened:
            assert opened.docinfo.CreationDate == told


@pytest.mark.parametrize("letters", ["漢字公司", "한국어", "Ελληνικά", "Кирилиця", "שלום", "مرحبا"])
def test_letters_of_other_writings_are_printed(letters: str) -> None:
    printed = compose(document(note=f"před {letters} po"))

    text = text_of(printed)
    assert sorted(set(letters) - set(text)) == []
    assert "\x00" not in text
    assert is_archival(printed)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("☕ 😀", "[hot beverage] [grinning face]"),
        ("👩\u200d💻", "[woman][personal computer]"),
        ("❤\ufe0f", "❤"),
        ("\U0001d400", "A"),
        ("a\ue000b\u00adc\u200dd", "abcd"),
    ],
)
def test_what_no_font_has_stands_there_by_its_name(text: str, said: str) -> None:
    printed = compose(document(note=f"před {text} po"))

    assert f"před {said} po" in text_of(printed)
    assert is_archival(printed)


LONG = "Supercalifragilistic" * 8
HUGE = Decimal("999999999999.99")


def long_and_huge() -> PrintedDocument:
    """All that is unusually wide."""
    amounts = {"unit_price": HUGE, "net": HUGE, "vat": HUGE, "gross": HUGE, "discount": Decimal(10)}
    part = RateSum(vat_rate=Decimal(21), net=HUGE, vat=HUGE, native_net=HUGE, native_vat=HUGE)
    party = Party(name=LONG, address=(LONG,), country="CZ", vat_no=LONG)
    return document(
        lines=(line(LONG, **amounts), line("Práce", unit=LONG, detail=LONG, **amounts)),
        rate_sums=(part,),
        advances=(Advance(number=LONG, amount=HUGE, by_rate=(part,)),),
        rest=(part,),
        **dict.fromkeys(("number", "note", "order_number", "payment_method", "footer", "seller_signature"), LONG),
        **dict.fromkeys(("seller", "buyer", "delivery"), party),
        **dict.fromkeys(("net_total", "vat_total", "total", "to_pay"), HUGE),
        currency="EUR",
        native_currency="CZK",
        exchange_rate=Decimal("25.125"),
    )


def test_words_without_spaces_are_broken_inside_their_column_and_stay_whole_words() -> None:
    printed = compose(long_and_huge())

    text = text_of(printed)
    assert text.count("999 999 999 999,99") == 8 + 3 * 4 + 5
    assert "".join(text.split()).count(LONG) >= 16
    assert not {"\u200b", "\u00ad", "\x00", "\ufffe"} & set(text)
    assert is_archival(printed)


def test_no_letter_stands_over_another_or_off_the_page() -> None:
    for box, others in boxes_on(compose(long_and_huge())):
        left, bottom, right, top = box
        assert left >= 45
        assert right <= 596 - 45
        assert [other for other in others if overlap(box, other)] == [], (left, bottom, right, top)


def test_a_word_that_fits_into_a_line_is_not_broken() -> None:
    text = text_of(compose(document(note="slovo " * 13 + "nejneobhospodařovávatelnějšími konec")))

    assert "nejneobhospodařovávatelnějšími" in text


def test_control_characters_are_left_out() -> None:
    printed = compose(document(note="a\x00b\x07c\x1b\x9f"))

    assert is_archival(printed)
    assert "abc" in text_of(printed)


@pytest.mark.parametrize("copies", COPIES)
def test_each_copy_is_a_document_of_its_own_that_says_what_it_is(copies: Copies) -> None:
    pages = pages_of(compose(document(copies=copies, language="pl")))

    said = {"": "", "original": "Oryginał", "copy": "Kopia", "duplicate": "Duplikat"}
    assert len(pages) == len(COPIES[copies])
    for page, copy in zip(pages, COPIES[copies], strict=True):
        assert "Strona 1 / 1" in page
        assert {word for word in said.values() if word and word in page} == ({said[copy]} if copy else set())


def test_a_duplicate_and_only_it_bears_the_day_on_which_it_was_made() -> None:
    original, duplicate = pages_of(compose(document(copies="original_duplicate", duplicated_on=DAY, language="pl")))

    assert "Duplikat, Data wystawienia duplikatu: 21.11.2026" in duplicate
    assert "duplikatu" not in original


def test_a_logo_is_printed_and_what_is_no_picture_is_left_out() -> None:
    logos = (Picture("image/png", png()), None, Picture("image/png", b"no picture"))
    with_logo, without, broken = (compose(document(logo=logo)) for logo in logos)

    assert pictures_in(with_logo) == pictures_in(without) + 1
    assert is_archival(with_logo)
    assert broken == without


@pytest.mark.parametrize("logo", [b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'])
def test_a_logo_brings_in_no_file_of_the_server(logo: bytes) -> None:
    assert b"root:" not in compose(document(logo=Picture("image/png", logo)))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("cs", ["Odběratel", "21. 11. 2026", "1 234,50 Kč", "Převodem", "2,5 h"]),
        ("sk", ["Odberateľ", "21. 11. 2026", "1 234,50 CZK", "Prevodom", "2,5 h"]),
        ("pl", ["Nabywca", "21.11.2026", "1 234,50 CZK", "Przelew", "2,5 h"]),
        ("en", ["Buyer", "21 Nov 2026", "1,234.50 CZK", "Bank transfer", "2.5 h"]),
        ("de", ["Käufer", "21.11.2026", "1.234,50 CZK", "Überweisung", "2,5 h"]),
        ("pe", ["Nabywca / Buyer", "21.11.2026", "1 234,50 CZK", "Przelew / Bank transfer", "2,5 h"]),
        ("hu", ["Buyer", "21 Nov 2026", "1,234.50 CZK", "Bank transfer", "2.5 h"]),
    ],
)
def test_a_document_speaks_its_language(language: str, told: list[str]) -> None:
    text = text_of(compose(document(language=language, to_pay=Decimal("1234.5"))))

    assert [words for words in told if words not in text] == []


@pytest.mark.parametrize("language", [*LANGUAGES, *BILINGUAL])
def test_every_label_can_be_printed_in_every_language(language: str) -> None:
    labels = [label for one in BILINGUAL.get(language, (language,)) for label in labels_in(one).values()]

    printed = compose(document(language=language, note="\n".join(labels)))

    assert all(labels)
    assert is_archival(printed)


def test_a_document_without_vat_has_no_columns_for_it() -> None:
    taxed, untaxed = (text_of(compose(document(title="invoice", taxed=taxed))) for taxed in (True, False))

    assert "Rekapitulace DPH" in taxed
    assert "Bez DPH" in taxed
    assert "DPH" not in untaxed
    assert "Celkem 3 025,00 Kč" in untaxed


def test_a_correction_tells_what_was_and_what_is() -> None:
    pair = (line("Praca", state="before"), line("Praca", state="after", quantity=Decimal(2)))
    corrected = {"corrected_number": "1/10/2026", "corrected_on": DAY, "correction_reason": "Rabat"}

    text = text_of(compose(document(title="vat_correction", language="pl", lines=pair, **corrected)))

    assert "Faktura korygująca 2026-0001" in text
    assert "1/10/2026 (21.11.2026)" in text
    assert "Rabat" in text
    assert text.index("Przed korektą") < text.index("Po korekcie")


def test_sums_of_rates_are_told_in_the_currency_of_taxes_too() -> None:
    rate_sum = RateSum(
        vat_rate=Decimal(21),
        net=Decimal(100),
        vat=Decimal(21),
        native_net=Decimal("2512.5"),
        native_vat=Decimal("527.63"),
    )
    foreign = document(currency="EUR", native_currency="CZK", exchange_rate=Decimal("25.125"), rate_sums=(rate_sum,))

    text = text_of(compose(foreign))

    assert "21 % 100,00 21,00 121,00 2 512,50 527,63" in text
    assert "1 EUR = 25,125 CZK" in text


def test_advances_and_payments_are_deducted_and_the_rest_is_to_be_paid_or_returned() -> None:
    advance = Advance(number="2026-0009", amount=Decimal(121), paid_on=DAY)

    text = text_of(compose(document(advances=(advance,), paid=Decimal(1000), to_pay=Decimal(-5))))

    assert "2026-0009, 21. 11. 2026 -121,00 Kč" in text
    assert "Zaplaceno -1 000,00 Kč" in text
    assert "K vrácení 5,00 Kč" in text


def test_everything_else_that_a_document_has_to_say_stands_on_it() -> None:
    told = {
        "do_not_pay": True,
        "cancelled": True,
        "reverse_charge": True,
        "split_payment": True,
        "total_in_words": "trzy tysiące PLN 00/100",
        "exempt_under": "art. 113 ust. 1",
        "seller_signature": "Jan Novák",
        "buyer_signature": "Eva Malá",
        "order_number": "O-77",
    }
    delivery = Party(name="Sklad", address=("Dlouhá 1",))
    third = Party(name="Factor S.A.", role="Faktor", vat_no="5260250274", country="PL", facts=(("GLN", "590"),))

    text = text_of(compose(document(language="pl", delivery=delivery, third_parties=(third,), **told)))

    for words in (
        "Nie płacić, już opłacono.",
        "Ten dokument został anulowany",
        "Odwrotne obciążenie.",
        "Mechanizm podzielonej płatności",
        "Słownie: trzy tysiące PLN 00/100",
        "Podstawa zwolnienia: art. 113 ust. 1",
        "Wystawił(a) Jan Novák",
        "Odebrał(a) Eva Malá",
        "Numer zamówienia O-77",
        "Adres dostawy\nSklad\nDlouhá 1",
        "Faktor\nFactor S.A.",
        "NIP 5260250274",
        "GLN 590",
    ):
        assert words in text, words


def test_account_numbers_are_grouped_and_each_stands_in_one_line() -> None:
    account, iban = "61109010140000071219812874", "PL61109010140000071219812874"

    text = text_of(compose(document(language="pl", bank_account=account, iban=iban)))

    assert "Numer konta 61 1090 1014 0000 0712 1981 2874\n" in text
    assert "IBAN PL61 1090 1014 0000 0712 1981 2874\n" in text


def test_what_was_set_for_the_document_before_is_not_set_again() -> None:
    kept = tuple(line(f"Work {n}") for n in range(40))
    alike = [document(number=f"2026-{n}", lines=kept) for n in range(6)]
    others = [document(number=f"2027-{n}", lines=tuple(line(f"Part {n}.{m}") for m in range(40))) for n in range(6)]

    assert cost_of(alike) < 0.8 * cost_of(others)


def cost_of(documents: list[PrintedDocument]) -> float:
    """The usual seconds of processor time, after the first one."""
    seconds = []
    for each in documents:
        began = time.process_time()
        compose(each)
        seconds.append(time.process_time() - began)
    return statistics.median(seconds[1:])
