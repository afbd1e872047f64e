"""A change that is sent again changes nothing more, whatever it says of modes, rates and prices."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, line
from tests import needs

MODES = st.sampled_from(["without_vat", "from_total_with_vat"])
CHANGES = st.fixed_dictionaries({}, optional={"price_mode": MODES, "reverse_charge": st.booleans()})
LINES = st.fixed_dictionaries(
    {},
    optional={
        "vat_rate": st.sampled_from([Decimal(rate) for rate in ("0", "12", "21")]),
        "quantity": st.sampled_from([Decimal(number) for number in ("1", "3", "0.5")]),
    },
)
ENTERED = st.sampled_from(
    [
        {"unit_price": Decimal("12.345")},
        {"net": Decimal("99.99")},
        {"gross": Decimal(121)},
        {"unit_price": Decimal("-99.99")},
    ]
)
SENT = st.sampled_from(["shown", "entered", "other", "nothing"])


def sold(entered: dict[str, Decimal]) -> Given:
    return Given({"name": "Práce", "vat_rate": Decimal(21), "quantity": Decimal(2)} | entered)


def price_sent(invoice: Invoice, what: str) -> dict[str, Decimal]:
    [first] = invoice.lines
    prices = {"shown": first.unit_net_price, "entered": first.entered, "other": Decimal("33.33")}
    return {"unit_price": prices[what]} if what in prices else {}


@needs.ONE_ENGINE
@settings(max_examples=60)
@given(ENTERED, MODES, CHANGES, LINES, SENT)
def test_a_change_that_is_sent_again_changes_nothing_more(
    firm: Firm, entered: dict[str, Decimal], mode: str, values: dict[str, Any], of_line: dict[str, Any], what: str
) -> None:
    issued = firm.issue(sold(entered), price_mode=mode)
    again = Given({"id": issued.lines[0].id} | of_line | price_sent(issued, what))
    once = firm.do(change_invoice, issued.id, Given({"lines": [again]} | values))

    assert firm.do(change_invoice, issued.id, Given({"lines": [Given(again)]} | values)) == once


@pytest.mark.parametrize("mode", ["without_vat", "from_total_with_vat"])
def test_a_net_price_sent_back_as_it_was_shown_stays_the_net_price(firm: Firm, mode: str) -> None:
    issued = firm.issue(line(121), price_mode="from_total_with_vat")
    shown = Given({"id": issued.lines[0].id, "unit_price": Decimal(100), "vat_rate": Decimal(12)})
    changed = firm.do(change_invoice, issued.id, Given({"price_mode": mode, "lines": [shown]}))

    assert (changed.lines[0].unit_net_price, changed.gross_total) == (100, 112)


def test_a_net_price_sent_back_with_reverse_charge_turned_on_and_off_stays_what_it_was(firm: Firm) -> None:
    issued = firm.issue(line(121), price_mode="from_total_with_vat")
    for reverse_charge, total in ((True, 100), (False, 121)):
        shown = Given({"id": issued.lines[0].id, "unit_price": Decimal(100)})
        changed = firm.do(change_invoice, issued.id, Given({"reverse_charge": reverse_charge, "lines": [shown]}))
        assert changed.gross_total == total


def test_quantity_rate_and_discount_have_six_places_rounded_half_away_from_zero(firm: Firm) -> None:
    issued = firm.issue(line(1, quantity="1.0000005"), line(1, quantity="1.0000015", vat_rate=Decimal("21.0000005")))

    assert [one.quantity for one in issued.lines] == [Decimal("1.000001"), Decimal("1.000002")]
    assert issued.lines[1].vat_rate == Decimal("21.000001")
