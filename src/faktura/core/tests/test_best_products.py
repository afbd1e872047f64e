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
