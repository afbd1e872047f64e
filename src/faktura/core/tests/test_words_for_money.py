"""Amounts in Polish words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.core.money.words_for_money import in_polish, number_in_polish

NUMBERS = st.integers(min_value=0, max_value=10**18 - 1)

SMALL = {number_in_polish(n): n for n in range(1, 1000)}
SCALES = {
    **dict.fromkeys(("tysiąc", "tysiące", "tysięcy"), 10**3),
    **dict.fromkeys(("milion", "miliony", "milionów"), 10**6),
    **dict.fromkeys(("miliard", "miliardy", "miliardów"), 10**9),
    **dict.fromkeys(("bilion", "biliony", "bilionów"), 10**12),
    **dict.fromkeys(("biliard", "biliardy", "biliardów"), 10**15),
}


def read(words: str) -> int:
    """The reverse: what stands before a scale is that many of it, nothing is one."""
    total, before = 0, list[str]()
    for word in words.split():
        if word in SCALES:
            total += SCALES[word] * (SMALL[" ".join(before)] if before else 1)
            before = []
        else:
            before.append(word)
    return total + (SMALL[" ".join(before)] if before and before != ["zero"] else 0)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (1, "jeden"),
        (11, "jedenaście"),
        (19, "dziewiętnaście"),
        (20, "dwadzieścia"),
        (21, "dwadzieścia jeden"),
        (100, "sto"),
        (115, "sto piętnaście"),
        (999, "dziewięćset dziewięćdziesiąt dziewięć"),
        (1000, "tysiąc"),
        (1001, "tysiąc jeden"),
        (2000, "dwa tysiące"),
        (5000, "pięć tysięcy"),
        (12000, "dwanaście tysięcy"),
        (21000, "dwadzieścia jeden tysięcy"),
        (22000, "dwadzieścia dwa tysiące"),
        (112000, "sto dwanaście tysięcy"),
        (124000, "sto dwadzieścia cztery tysiące"),
        (1000000, "milion"),
        (3000000, "trzy miliony"),
        (25000001, "dwadzieścia pięć milionów jeden"),
        (1002000004, "miliard dwa miliony cztery"),
    ],
)
def test_numbers_are_spelled_as_polish_grammar_has_them(number: int, words: str) -> None:
    assert number_in_polish(number) == words


def test_the_first_thousand_are_all_different() -> None:
    assert len(SMALL) == 999


@given(NUMBERS)
def test_a_number_can_be_read_out_of_its_words(number: int) -> None:
    assert read(number_in_polish(number)) == number


@given(NUMBERS.map(lambda number: number // 1000 * 1000))
def test_a_scale_has_the_form_that_its_number_asks_for(number: int) -> None:
    """One alone; two to four unless in the teens; and many."""
    thousands = number // 1000 % 1000
    words = number_in_polish(number).split()
    if thousands == 1:
        assert words[-1] == "tysiąc"
        assert words[-2:-1] != ["jeden"]
    elif thousands:
        few = thousands % 10 in {2, 3, 4} and thousands % 100 not in {12, 13, 14}
        assert words[-1] == ("tysiące" if few else "tysięcy")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_hundredths_are_told_in_two_digits_and_a_debt_by_its_sign(amount: Decimal) -> None:
    words = in_polish(amount, "PLN")

    whole, _, rest = words.removeprefix("minus ").rpartition(" PLN ")
    assert read(whole) + Decimal(rest.removesuffix("/100")) / 100 == abs(amount)
    assert words.startswith("minus ") is (amount < 0)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("811.37", "EUR", "osiemset jedenaście EUR 37/100"),
        ("81.46", "PLN", "osiemdziesiąt jeden PLN 46/100"),
        ("-81.74", "PLN", "minus osiemdziesiąt jeden PLN 74/100"),
        ("0", "PLN", "zero PLN 00/100"),
        ("-0.004", "PLN", "zero PLN 00/100"),
        ("1.999", "PLN", "dwa PLN 00/100"),
    ],
)
def test_amounts_are_told_as_documents_tell_them(amount: str, currency: str, words: str) -> None:
    assert in_polish(Decimal(amount), currency) == words
