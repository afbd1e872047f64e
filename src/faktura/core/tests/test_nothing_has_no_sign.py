"""No amount is a negative zero, however it came about: it would be answered as "-0.0" and printed as "-0,00"."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from faktura.core.catalogue import add_product
from faktura.core.documents.record import Line
from faktura.core.documents.totals import Terms, native, priced, share, totals
from faktura.core.errors import Given
from faktura.core.invoices.follow_up import add_payment, remove_payment
from faktura.core.money.amounts import fine, rounded
from faktura.core.tests.conftest import Firm, line
from faktura.core.tests.test_totals import LINES, TERMS

NEARLY_NOTHING = st.decimals("-0.01", "0.01", allow_nan=False, allow_infinity=False, places=9)


def signed_zeros(value: Any) -> Iterator[Decimal]:
    """Those in a structure, however deep."""
    if isinstance(value, Decimal):
        if not value and value.is_signed():
            yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from signed_zeros(getattr(value, name))
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from signed_zeros(inner)


@given(NEARLY_NOTHING)
@example(Decimal("-0.0"))
def test_what_is_rounded_to_nothing_has_no_sign(amount: Decimal) -> None:
    rates = (Decimal(1), Decimal("0.000001"))
    found = [
        rounded(amount),
        fine(amount),
        *(native(amount, rate) for rate in rates),
        *share(rounded(amount), [amount, amount]),
    ]

    assert not list(signed_zeros(found))


@given(LINES, TERMS)
@example([Line(1, "x", Decimal(-100))], Terms())
@example([Line(1, "x", Decimal("-0.4"))], Terms(round_total=True))
@example([Line(1, "x", Decimal(100), group=1, after=False), Line(2, "x", Decimal(100), group=1, after=True)], Terms())
def test_no_sum_of_a_document_is_a_negative_zero(lines: list[Line], terms: Terms) -> None:
    lines = [priced(one, terms) for one in lines]

    assert not list(signed_zeros((lines, totals(lines, terms))))


@pytest.mark.parametrize("values", [{}, {"kind": "correction", "corrected_number": "7"}, {"round_total": True}])
def test_a_credit_note_without_vat_keeps_no_negative_zero(firm: Firm, values: dict[str, Any]) -> None:
    issued = firm.issue(line("-100", 0), line("-0.4", 0), **values)

    assert not list(signed_zeros(issued))
    assert not list(signed_zeros(firm.again(issued)))


def test_a_payment_that_takes_back_all_leaves_no_negative_zero(firm: Firm) -> None:
    issued = firm.issue(line("-100", 0))
    paid = firm.do(add_payment, issued.id, Given({})).invoice

    assert not list(signed_zeros(paid))
    assert not list(signed_zeros(firm.do(remove_payment, paid.id, paid.payments[0].id)))


def test_a_product_given_away_has_no_negative_zero(firm: Firm) -> None:
    given_away = Given({"name": "Vzorek", "unit_net_price": Decimal(-5), "vat_rate": Decimal(0)})

    assert not list(signed_zeros(firm.do(add_product, given_away)))
