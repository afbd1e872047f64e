"""What is offered for a line: the price that a customer had last, before that of the catalogue."""

from decimal import Decimal

from faktura.core.catalogue import add_product
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.offers import Offer, offered_lines
from faktura.core.tests.conftest import Firm, line


def offered(firm: Firm, text: str, contact_id: int | None, most: int = 8) -> list[tuple[str, Decimal, bool]]:
    offers: list[Offer] = firm.do(offered_lines, text, contact_id, most)
    return [(offer.name, offer.net, offer.known) for offer in offers]


def test_the_price_that_a_customer_had_last_is_offered_to_them_alone(firm: Firm) -> None:
    firm.do(add_product, Given({"name": "Konzultace", "unit_net_price": Decimal(1500), "vat_rate": Decimal(21)}))
    other = firm.do(add_contact, Given({"name": "Jiný"}))
    for price in (1200, 1300):
        firm.issue(line(price, name="Konzultace"), line(5, name="Cesta na konzultaci"))

    assert offered(firm, "KONZ", firm.contact.id) == [
        ("Konzultace", Decimal(1300), False),
        ("Cesta na konzultaci", Decimal(5), False),
    ]
    assert offered(firm, "konz", other.id) == offered(firm, "konz", None) == [("Konzultace", Decimal(1500), True)]
    assert len(offered(firm, "", firm.contact.id, 1)) == 1
