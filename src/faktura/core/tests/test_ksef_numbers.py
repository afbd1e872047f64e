"""Numbers of KSeF, found in what banks make of the text of a transfer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ksef_client.utils.collective_identifier import is_valid_collective_identifier_number
from ksef_client.utils.ksef_number import is_valid_ksef_number
from stdnum.pl import nip

from faktura.core.ksef.numbers import check_digits, is_collective, is_ksef_number, numbers_in, seller_of
from tests import needs

pytestmark = needs.ONE_ENGINE

NUMBER = "5265877635-20250826-0100001AF629-AF"
"""The example of the ministry's documentation."""

OTHER = "5260250274-20261101-00A1B2C3D4E5-" + check_digits("5260250274-20261101-00A1B2C3D4E5")
COLLECTIVE = "5260250274-IZ202701-0A1B2C3D4E5F-" + check_digits("5260250274-IZ202701-0A1B2C3D4E5F")

WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def check_digit(digits: str) -> int:
    return sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=True)) % 11


TAX_NUMBERS = st.integers(100_000_000, 999_999_999).map(str).map(lambda digits: f"{digits}{check_digit(digits)}")


@st.composite
def numbers(draw: st.DrawFn) -> str:
    tax_no = draw(TAX_NUMBERS.filter(nip.is_valid))
    middle = draw(
        st.one_of(st.dates().map(lambda day: f"20{day:%y%m%d}"), st.dates().map(lambda day: f"IZ20{day:%y%m}"))
    )
    technical = "".join(draw(st.lists(st.sampled_from("0123456789ABCDEF"), min_size=12, max_size=12)))
    told = f"{tax_no}-{middle}-{technical}"
    return f"{told}-{check_digits(told)}"


def test_both_sorts_are_told_apart() -> None:
    assert is_ksef_number(NUMBER)
    assert not is_collective(NUMBER)
    assert is_collective(COLLECTIVE)
    assert not is_ksef_number(COLLECTIVE)
    assert seller_of(COLLECTIVE) == "5260250274"


def test_check_digits_are_those_of_the_ministry() -> None:
    assert is_valid_ksef_number(NUMBER)
    assert is_valid_ksef_number(OTHER)
    assert is_valid_collective_identifier_number(COLLECTIVE)


@pytest.mark.parametrize(
    "wrong",
    [NUMBER[:-1] + "E", NUMBER.replace("20250826", "20251326"), NUMBER.replace("5265877635", "5265877636"), "", "FV/1"],
)
def test_what_does_not_fit_is_no_number(wrong: str) -> None:
    assert not is_ksef_number(wrong)
    assert numbers_in(wrong) == ((), ())


@pytest.mark.parametrize(
    "text",
    [
        f"Zapłata za FV 1/2026, {NUMBER}",
        f"/VAT/23,00/IDC/5265877635/INV/{NUMBER}/TXT/faktura",
        NUMBER.lower(),
        NUMBER.replace("-", " "),
        NUMBER.replace("-", ""),
        NUMBER.replace("-", "\u2013"),
        f"{NUMBER[:20]}\r\n{NUMBER[20:]}",
        f"01234{NUMBER}67",
        "526587 7635-20250826 0100001AF629\u00a0-AF",
    ],
)
def test_a_number_is_found_however_it_is_written(text: str) -> None:
    assert numbers_in(text).numbers == (NUMBER,)


def test_several_are_found_each_once() -> None:
    assert numbers_in(f"{NUMBER} {OTHER},{NUMBER} {COLLECTIVE}") == ((NUMBER, OTHER), (COLLECTIVE,))


@given(numbers(), st.data())
def test_any_number_is_found_with_gaps_anywhere(number: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(number)))
    gap = data.draw(st.sampled_from((" ", "\n", "  ", "\u00a0")))

    found = numbers_in(f"Faktura {number[:place]}{gap}{number[place:]}, dziękujemy")

    assert [*found.numbers, *found.collectives] == [number]


@given(st.text(alphabet="0123456789ABCDEF -/", max_size=200))
def test_what_is_no_number_is_seldom_found(text: str) -> None:
    for number in numbers_in(text).numbers:
        assert is_valid_ksef_number(number)
