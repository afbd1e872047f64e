"""Numbers and dates off the wire, whatever is sent as one."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from faktura.wire.fields import Unreadable
from faktura.wire.values import (
    LARGEST_DECIMAL,
    LARGEST_INTEGER,
    or_none,
    read_boolean,
    read_date,
    read_decimal,
    read_integer,
)
from tests.any_value import FOREIGN_DIGITS, NOT_DATES, NOT_NUMBERS

ALMOST_NUMBERS = st.text("0123456789eE+-._ nNaAiIfF" + "".join(FOREIGN_DIGITS), max_size=30)
LONGEST = 40
"""Letters of a number written out."""

EXPONENTS = st.builds("{}e{}".format, st.integers(), st.integers())


def read_or_refused(read: Callable[[Any], Any], value: Any) -> Any:
    """The value, or the problems' codes."""
    try:
        return read(value)
    except Unreadable as unreadable:
        return [problem.code for problem in unreadable.problems]


@given(st.text() | ALMOST_NUMBERS | EXPONENTS)
@example("1e1000000")
@example("1" * 5000)
def test_any_text_is_a_number_within_bounds_or_none(text: str) -> None:
    for read, largest in ((read_decimal, LARGEST_DECIMAL), (read_integer, LARGEST_INTEGER)):
        number = read_or_refused(read, text)
        if number is None:
            assert not text.strip()
        elif number != ["not_a_number"]:
            assert text.strip().isascii()
            assert abs(number) <= largest
            assert len(f"{number:f}") < LONGEST


@given(st.floats() | st.integers() | st.booleans())
@example(1e308)
@example(10**400)
def test_any_json_number_is_a_number_within_bounds_or_none(value: Any) -> None:
    number = read_or_refused(read_decimal, value)
    assert number == ["not_a_number"] or abs(number) < LARGEST_DECIMAL


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_only_python_takes_for_a_number_is_none(text: str) -> None:
    for read in (read_decimal, read_integer):
        with pytest.raises(Unreadable):
            read(text)


@given(st.text() | ALMOST_NUMBERS)
def test_any_text_is_a_date_or_none(text: str) -> None:
    day = read_or_refused(read_date, text)
    assert day == ["not_a_date"] or isinstance(day, dt.date)


@pytest.mark.parametrize(
    "time", ["T10:00", " 10:00:00 +0100", "T10:00:00.123Z", "T23:59:59.1234567+01:00", " 10:00:00 UTC", "T10", "T1000"]
)
def test_a_time_after_a_date_is_cut(time: str) -> None:
    assert read_date(f"2026-11-20{time}") == dt.date(2026, 11, 20)


@pytest.mark.parametrize("rest", ["T", "Tomorrow", "T25:00", "T10:61", "T10:00 x", " x", "T10:00+99:00", "T10:00\nx"])
def test_what_follows_a_date_and_is_no_time_is_refused(rest: str) -> None:
    with pytest.raises(Unreadable):
        read_date(f"2026-11-20{rest}")


@pytest.mark.parametrize("text", ["", " ", "\t"])
def test_an_empty_text_is_no_value_where_none_is_asked_for(text: str) -> None:
    for read in (read_date, read_boolean, read_decimal):
        assert or_none(read)(text) is None
        with pytest.raises(Unreadable):
            read(text)


@pytest.mark.parametrize("text", [*NOT_DATES, "2026-W01-1", "20260101", 20260101])
def test_what_is_no_day_as_year_month_and_day_is_no_date(text: Any) -> None:
    with pytest.raises(Unreadable):
        read_date(text)
