"""What is put into a column comes back out of it, on both engines."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.store.columns import LARGEST_EXACT
from faktura.store.database import Database
from faktura.store.transaction import Transaction
from tests.samples import Sample

FIRST = dt.datetime(1, 1, 3, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
AMOUNTS = st.decimals(-LARGEST_EXACT + 1, LARGEST_EXACT - 1, places=6) | st.decimals(-1000, 1000, places=2)
MOMENTS = st.builds(
    lambda ms, zone: (FIRST + dt.timedelta(milliseconds=ms)).astimezone(zone),
    st.integers(0, 9997 * 365 * 86_400_000),
    st.timezones(),
)
PLAIN = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS

SAMPLES = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS,
        "note": TEXTS,
        "number": st.integers(-(2**31), 2**31 - 1),
        "amount": AMOUNTS,
        "day": st.dates(),
        "at": MOMENTS,
        "flag": st.booleans(),
        "data": st.binary(max_size=40),
        "words": st.lists(TEXTS, max_size=3).map(tuple),
        "values": st.dictionaries(TEXTS, PLAIN | st.lists(PLAIN, max_size=3), max_size=3),
    },
)


def kept(database: Database, **values: Any) -> Sample:
    """A sample as it comes back."""

    def work(tx: Transaction) -> int:
        sample = Sample(1, tx.next_id(Sample), 1, NOW, NOW, **values)
        tx.insert(sample)
        return sample.id

    sample_id = database.write(work)
    found = database.read(lambda tx: tx.get(Sample, account_id=1, id=sample_id))
    assert found is not None
    return found


@given(values=SAMPLES)
def test_every_value_comes_back_as_it_was_put_in(samples: Database, values: dict[str, Any]) -> None:
    found = kept(samples, **values)

    assert found == Sample(1, found.id, 1, NOW, NOW, **values)
    assert {name: type(getattr(found, name)) for name in values if name != "at"} == {
        name: type(value) for name, value in values.items() if name != "at"
    }
    if found.at is not None:
        assert found.at.tzinfo == dt.UTC


@pytest.mark.parametrize(
    ("amount", "spelled"), [("1.500000", "1.5"), ("100", "100"), ("1E+2", "100"), ("-0", "0"), ("0.000001", "0.000001")]
)
def test_a_decimal_comes_back_in_plain_notation_without_trailing_zeros(
    samples: Database, amount: str, spelled: str
) -> None:
    assert f"{kept(samples, amount=Decimal(amount)).amount}" in {spelled, f"{Decimal(spelled)}"}


@pytest.mark.parametrize(
    "amount", ["0.0000001", "9000000000000", "-9000000000000", "NaN", "Infinity", f"1.{'0' * 40}1", "1E+30"]
)
def test_a_decimal_that_cannot_be_kept_exactly_is_refused(samples: Database, amount: str) -> None:
    with pytest.raises(ValueError, match=r"decimal places|too large"):
        kept(samples, amount=Decimal(amount))


def test_an_instant_is_kept_to_the_millisecond(samples: Database) -> None:
    found = kept(samples, at=NOW.replace(microsecond=123_999))

    assert found.at == NOW.replace(microsecond=123_000)


def test_a_time_without_an_offset_is_no_instant(samples: Database) -> None:
    with pytest.raises(ValueError, match="no offset"):
        kept(samples, at=dt.datetime(2026, 11, 21))  # noqa: DTZ001 (what is refused)


def test_half_a_surrogate_pair_is_refused(samples: Database) -> None:
    with pytest.raises(UnicodeEncodeError):
        kept(samples, code="\ud800")


@pytest.mark.parametrize("text", ["\0", "a\0b", "\ud800"])
def test_a_text_that_cannot_be_kept_finds_no_record(samples: Database, text: str) -> None:
    assert samples.read(lambda tx: tx.get(Sample, account_id=1, code=text)) is None
    assert samples.write(lambda tx: [tx.get(Sample, account_id=1, code=text), tx.next_id(Sample)]) == [None, 1]
