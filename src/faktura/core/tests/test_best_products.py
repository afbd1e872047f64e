"""What a text offers of the catalogue: the few whose names fit best."""

from decimal import Decimal

from faktura.core.catalogue import add_product, best_products
from faktura.core.errors import Given
from faktura.core.tests.conftest import Firm


def test_names_that_begin_with_a_text_come_before_the_others(firm: Firm) -> None:
    for name in ("A velká bota", "Bota", "Botník", "Klobouk"):
        firm.do(add_product, Given({"name": name, "unit_net_price": Decimal(100)}))

    assert [one.name for one in firm.do(best_products, "bot", 8)] == ["Bota", "Botník", "A velká bota"]
    assert [one.name for one in firm.do(best_products, "bot", 1)] == ["Bota"]
    assert len(firm.do(best_products, "", 8)) == 4


def test_a_name_that_begins_with_a_text_comes_first_however_many_hold_it_elsewhere(firm: Firm) -> None:
    for number in range(70):
        firm.do(add_product, Given({"name": f"A {number} bota"}))
    firm.do(add_product, Given({"name": "Bóta"}))

    assert [one.name for one in firm.do(best_products, "bot", 2)] == ["Bóta", "A 0 bota"]
