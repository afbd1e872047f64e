"""What lines, rates and documents come to: the worked examples, and what holds for all numbers (BR-CO-17)."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.core.documents.record import ZERO, Line, PriceMode, Tally
from faktura.core.documents.totals import Terms, Totals, native, priced, share, totals, vat_inside
from faktura.core.money.amounts import rounded

MODES: tuple[PriceMode, ...] = ("without_vat", "from_total_with_vat")
TALLIES: tuple[Tally, ...] = ("by_rate", "by_line")


def line(price: str, rate: str = "21", quantity: str = "1", **values: Any) -> Line:
    return Line(1, "Práce", Decimal(price), quantity=Decimal(quantity), vat_rate=Decimal(rate), **values)


def come_to(lines: list[Line], terms: Terms) -> Totals:
    return totals([priced(one, terms) for one in lines], terms)


def amounts(low: str = "-1000000", high: str = "1000000", places: int = 3) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(low), Decimal(high), allow_nan=False, allow_infinity=False, places=places)


LINES = st.lists(
    st.builds(
        Line,
        st.integers(1, 1000),
        st.just("x"),
        amounts(),
        quantity=amounts("0.001", "1000"),
        vat_rate=st.sampled_from([Decimal(rate) for rate in ("0", "5", "12", "21", "23", "5.5")]),
        vat_treatment=st.sampled_from(["taxed", "taxed", "taxed", "exempt", "reverse_charge"]),
    ),
    max_size=8,
)
TERMS = st.builds(
    Terms,
    st.sampled_from(MODES),
    st.sampled_from(TALLIES),
    taxed=st.booleans(),
    round_total=st.booleans(),
    exchange_rate=st.none() | amounts("0.000001", "1000", places=6),
    margin_rate=st.sampled_from([ZERO, Decimal(23)]),
)


@pytest.mark.parametrize(
    ("price", "quantity", "net"),
    [
        ("82.005", "1", "82.01"),
        ("18.223", "3", "54.67"),
        ("833.67", "1.5", "1250.51"),
        ("-82.005", "1", "-82.01"),
        ("0.005", "1", "0.01"),
        ("0.0049", "1", "0"),
    ],
)
def test_a_line_is_rounded_half_away_from_zero(price: str, quantity: str, net: str) -> None:
    assert priced(line(price, "0", quantity), Terms()).net == Decimal(net)


def test_three_lines_are_rounded_before_they_are_summed() -> None:
    assert come_to([line("833.67", "0", "1.5")] * 3, Terms()).gross == Decimal("3751.53")


def test_vat_is_computed_on_the_sum_of_a_rate_or_added_up_from_lines() -> None:
    lines = [line("10.12"), line("10.14")]

    assert come_to(lines, Terms()).vat == Decimal("4.25")
    assert come_to(lines, Terms(tally="by_line")).vat == Decimal("4.26")


def test_a_price_with_vat_holds_it() -> None:
    found = priced(line("600"), Terms("from_total_with_vat"))

    assert (found.unit_net_price, found.unit_gross_price) == (Decimal("495.87"), 600)
    assert (found.net, found.vat, found.gross) == (Decimal("495.87"), Decimal("104.13"), 600)


def test_native_sums_are_those_of_the_sums_and_not_of_the_lines() -> None:
    terms = Terms(exchange_rate=Decimal("21.95"))
    lines = [priced(line(net, "0"), terms) for net in ("82.01", "18.22", "54.67", "0.1")]

    assert [found.native_net for found in lines] == [Decimal(n) for n in ("1800.12", "399.93", "1200.01", "2.2")]
    assert totals(lines, terms).native_net == Decimal("3402.25")


def test_a_total_is_rounded_once_on_the_sum() -> None:
    found = come_to([line("833.67", "0", "1.5")] * 3, Terms(round_total=True))

    assert (found.gross, found.rounding, found.net) == (3752, Decimal("0.47"), Decimal("3751.53"))


def test_a_line_by_its_whole_price_with_vat_holds_it_too() -> None:
    found = priced(line("123", "23", "2", basis="gross"), Terms())

    assert (found.net, found.vat, found.gross) == (100, 23, 123)
    assert (found.unit_net_price, found.unit_gross_price) == (50, Decimal("61.5"))


def test_of_a_corrected_pair_what_was_before_counts_negative() -> None:
    before, after = line("100", group=1, after=False), line("80", group=1, after=True)

    found = come_to([before, after], Terms())
    assert (found.net, found.vat, found.gross) == (-20, Decimal("-4.2"), Decimal("-24.2"))


def test_without_lines_there_is_nothing() -> None:
    assert come_to([], Terms(round_total=True)) == Totals(ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, (), ZERO, ZERO)


@given(LINES, TERMS)
def test_sums_agree(lines: list[Line], terms: Terms) -> None:
    found = come_to(lines, terms)

    assert found.net == sum((s.net for s in found.vat_sums), ZERO)
    assert found.vat == sum((s.vat for s in found.vat_sums), ZERO)
    assert found.gross == found.net + found.vat + found.rounding
    assert abs(found.rounding) <= Decimal("0.5")
    assert terms.round_total or found.rounding == 0
    assert found.native_net == native(found.net, terms.exchange_rate)
    assert found.native_gross == native(found.gross, terms.exchange_rate)


@given(LINES, TERMS, st.randoms())
def test_no_order_of_lines_changes_a_total(lines: list[Line], terms: Terms, random: Any) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)

    one, other = come_to(lines, terms), come_to(shuffled, terms)
    assert one._replace(vat_sums=()) == other._replace(vat_sums=())
    assert set(one.vat_sums) == set(other.vat_sums)


RESOLD = st.lists(
    st.builds(
        Line,
        st.just(1),
        st.just("x"),
        amounts("0", "99999", 2),
        basis=st.just("gross"),
        vat_treatment=st.just("margin"),
        purchase_price=amounts("0", "99999", 2),
    ),
    max_size=8,
)


@given(RESOLD)
def test_of_margins_what_is_gained_has_vat_inside_and_what_is_lost_has_none(lines: list[Line]) -> None:
    """Art. 120 (4) of the Polish VAT act: line by line, so that a loss lowers no other."""
    found = come_to(lines, Terms(tally="by_line", margin_rate=Decimal(23)))

    assert (found.vat, found.net) == (0, found.gross)
    margins = [line.entered - (line.purchase_price or ZERO) for line in lines]
    assert found.margin == sum(margins, ZERO)
    inside = [(max(one, ZERO) * 23 / 123).quantize(Decimal("0.01"), ROUND_HALF_UP) for one in margins]
    assert found.margin_vat == sum(inside, ZERO)
    assert come_to(lines, Terms(taxed=False, margin_rate=Decimal(23))).margin_vat == 0


@given(RESOLD, st.data())
def test_of_margins_at_zero_there_is_no_vat_and_the_others_keep_theirs(lines: list[Line], data: st.DataObject) -> None:
    """Art. 119 (7) and (8) and 120 (20): travel outside the EU, in its part, and what is exported."""
    free = [data.draw(st.booleans()) for _ in lines]
    marked = [msgspec.structs.replace(line, margin_zero_rated=one) for line, one in zip(lines, free, strict=True)]
    found = come_to(marked, Terms(tally="by_line", margin_rate=Decimal(23)))
    others = [line for line, one in zip(lines, free, strict=True) if not one]

    assert found.margin == come_to(lines, Terms(tally="by_line", margin_rate=Decimal(23))).margin
    assert found.margin_vat == come_to(others, Terms(tally="by_line", margin_rate=Decimal(23))).margin_vat


@given(LINES, st.booleans())
def test_vat_of_a_rate_is_its_net_sum_times_the_rate(lines: list[Line], taxed: bool) -> None:  # noqa: FBT001 (drawn)
    for found in come_to(lines, Terms(taxed=taxed)).vat_sums:
        rate = found.vat_rate if taxed and found.vat_treatment == "taxed" else ZERO
        assert found.vat == (found.net * rate / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


@given(LINES)
def test_from_the_total_the_customer_pays_what_the_lines_say(lines: list[Line]) -> None:
    terms = Terms("from_total_with_vat")

    assert come_to(lines, terms).gross == sum((rounded(one.entered * one.quantity) for one in lines), ZERO)


@given(LINES, TERMS)
def test_a_line_is_net_and_vat_and_free_of_it_where_nobody_taxes(lines: list[Line], terms: Terms) -> None:
    for one in lines:
        found = priced(one, terms)
        assert found.gross == found.net + found.vat
        if not terms.taxed or one.vat_treatment != "taxed" or not one.vat_rate:
            assert found.vat == 0
            assert found.unit_net_price == found.unit_gross_price


@given(LINES, st.sampled_from(MODES))
def test_by_line_a_document_is_the_sum_of_its_lines(lines: list[Line], mode: PriceMode) -> None:
    terms = Terms(mode, "by_line")
    found = [priced(one, terms) for one in lines]

    assert totals(found, terms).vat == sum((one.vat for one in found), ZERO)


@given(LINES, TERMS)
def test_what_was_priced_once_is_priced_the_same_again(lines: list[Line], terms: Terms) -> None:
    once = [priced(one, terms) for one in lines]

    assert [priced(one, terms) for one in once] == once


@given(amounts(places=2), st.lists(amounts("0", "1000", places=2), min_size=1, max_size=6))
def test_shares_add_up_to_the_amount_and_are_nearly_in_proportion(amount: Decimal, parts: list[Decimal]) -> None:
    shares = share(amount, parts)

    assert sum(shares, ZERO) == amount
    whole = sum(parts, ZERO)
    for part, found in zip(parts, shares, strict=True):
        assert not whole or abs(found - amount * part / whole) <= Decimal("0.01") * len(parts)


@given(amounts(places=2), amounts("0", "100", places=1))
def test_the_vat_inside_a_price_is_that_on_what_it_leaves(gross: Decimal, rate: Decimal) -> None:
    net = gross - vat_inside(gross, rate)

    assert abs(rounded(net * rate / 100) - vat_inside(gross, rate)) <= Decimal("0.01")
