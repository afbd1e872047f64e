"""6.3, 6.4: what lines and documents come to, by the examples of the contract."""

import pytest

from faktura.core.clock import Clock
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import BLANK, NOON, NOT_LISTED, Json, change, issue, refusal, service_of
from tests import needs

pytestmark = needs.ONE_ENGINE


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def amounts(line: Json) -> tuple[int, int, int, int]:
    return line["unit_net_price"], line["net_price"], line["tax_price"], line["gross_price"]


def only_line(client: Client, **values: object) -> Json:
    [line] = issue(client, services=[{"name": "A", "tax_symbol": "23"} | values])["services"]
    found: Json = line
    return found


@pytest.mark.parametrize(("net", "tax", "gross"), [(6623, 1523, 8146), (6600, 1518, 8118), (812, 187, 999)])
def test_the_examples_from_net(client: Client, net: int, tax: int, gross: int) -> None:
    created = issue(client, services=[service_of(net)])

    assert amounts(created["services"][0]) == (net, net, tax, gross)
    assert (created["net_price"], created["tax_price"], created["gross_price"]) == (net, tax, gross)


@pytest.mark.parametrize(
    ("quantity", "unit", "net"),
    [(3, 333, 999), (0.5, 101, 51), ("1.5", 101, 152), (0.333333, 100, 33), (4, 6867, 27468)],
)
def test_the_net_price_is_unit_price_times_quantity_rounded_half_up(
    client: Client, quantity: object, unit: int, net: int
) -> None:
    line = only_line(client, quantity=quantity, unit_net_price=unit)

    assert (line["unit_net_price"], line["net_price"]) == (unit, net)


def test_gross_counts_only_where_no_net_price_is_there(client: Client) -> None:
    assert amounts(only_line(client, gross_price=999)) == (812, 812, 187, 999)
    assert amounts(only_line(client, gross_price=999, unit_net_price=100)) == (100, 100, 23, 123)
    assert amounts(only_line(client, gross_price=999, net_price=100)) == (100, 100, 23, 123)


def test_from_gross_the_unit_price_is_the_net_price_by_the_quantity(client: Client) -> None:
    assert amounts(only_line(client, gross_price=10000, quantity=3)) == (2710, 8130, 1870, 10000)


def test_of_both_net_prices_that_of_the_line_decides_and_that_of_the_unit_is_kept(client: Client) -> None:
    assert amounts(only_line(client, unit_net_price=333, net_price=1000, quantity=3)) == (333, 1000, 230, 1230)


def test_a_tax_price_that_is_sent_is_passed_over(client: Client) -> None:
    assert only_line(client, unit_net_price=1000, tax_price=999)["tax_price"] == 230


@pytest.mark.parametrize("symbol", ["zw", "np", "oo", "0", 0])
def test_what_is_exempt_or_not_taxed_here_has_no_tax(client: Client, symbol: object) -> None:
    created = issue(client, services=[service_of(1000, tax_symbol=symbol)], vat_exemption_reason=1)

    assert (created["tax_price"], created["gross_price"]) == (0, 1000)
    assert created["services"][0]["tax_symbol"] == str(symbol)


@pytest.mark.parametrize(("symbol", "tax"), [("23", 230), ("8", 80), ("5", 50), (22, 220), (7, 70), (3, 30)])
def test_every_rate_of_the_list_is_taken(client: Client, symbol: object, tax: int) -> None:
    assert only_line(client, unit_net_price=1000, tax_symbol=symbol)["tax_price"] == tax


def test_the_sums_of_an_invoice_are_the_sums_of_its_lines(client: Client) -> None:
    """Rounded line by line: together the VAT would be 69."""
    created = issue(client, services=[service_of(101), service_of(101), service_of(98, tax_symbol="8")])

    lines = created["services"]
    assert [line["tax_price"] for line in lines] == [23, 23, 8]
    for name in ("net_price", "tax_price", "gross_price"):
        assert created[name] == sum(line[name] for line in lines)


def test_vat_of_three_lines_is_not_that_of_their_sum(client: Client) -> None:
    assert issue(client, services=[service_of(102)] * 3)["tax_price"] == 69
    assert issue(client, services=[service_of(306)])["tax_price"] == 70


def test_what_is_left_to_pay_is_gross_less_what_was_paid(client: Client) -> None:
    created = issue(client, services=[service_of(6623)], paid_price=1000)
    assert (created["paid_price"], created["left_to_pay"]) == (1000, 7146)

    changed = change(client, created, paid_price=8146)
    assert (changed["paid_price"], changed["left_to_pay"]) == (8146, 0)


def test_a_discount_lowers_the_price_before_it(client: Client) -> None:
    line = only_line(client, unit_net_price_before_discount=1005, discount="10.0", quantity=2)

    assert (line["unit_net_price"], line["net_price"], line["discount"]) == (905, 1810, "10.0")
    assert line["unit_net_price_before_discount"] == 1005


def test_without_a_discount_the_price_before_it_is_the_price(client: Client) -> None:
    line = only_line(client, unit_net_price=1005)

    assert (line["unit_net_price_before_discount"], line["discount"]) == (1005, "0.0")


def test_codes_stand_together_and_alone(client: Client) -> None:
    assert only_line(client, unit_net_price=1, pkwiu="84.11.12.0")["symbol"] == "84.11.12.0 / - / -"
    assert only_line(client, unit_net_price=1, cn="8471")["symbol"] == "- / 8471 / -"


def test_codes_that_are_sent_together_are_taken_apart(client: Client) -> None:
    line = only_line(client, unit_net_price=1, symbol="84.11.12.0 / - / 1110")

    assert (line["pkwiu"], line["cn"], line["pkob"]) == ("84.11.12.0", None, "1110")
    assert line["symbol"] == "84.11.12.0 / - / 1110"


def test_every_other_attribute_of_a_line_comes_back(client: Client) -> None:
    sent = {"name": "B", "unit": "godz.", "gtin": "5901234123457", "flat_rate_tax_symbol": "8.5", "gtu_id": 12}

    line = only_line(client, unit_net_price=1, **sent)
    assert {name: line[name] for name in sent} == sent


def test_what_lines_told_formerly_is_lifted_to_the_document(client: Client) -> None:
    line = service_of(vat_date_value="paid_date", occasional_sale=True)

    created = issue(client, services=[line])
    assert (created["vat_date_value"], created["occasional_sale"]) == ("paid_date", True)
    assert not {"vat_date_value", "occasional_sale"} & created["services"][0].keys()
    assert issue(client, services=[line], vat_date_value="sale_date")["vat_date_value"] == "sale_date"


def test_what_is_lifted_from_a_line_must_be_of_the_documents_list(client: Client) -> None:
    sent = {"client_company_name": "Firma", "services": [service_of(vat_date_value="today")]}
    answer = client.post("/invoices.json", {"invoice": sent})

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["services.vat_date_value"])


def test_a_line_without_a_tax_symbol_is_told_by_two_keys(client: Client) -> None:
    told = {"services.gross": [BLANK], "value.tax_values": [BLANK]}

    assert refusal(client, services=[{"name": "A", "unit_net_price": 1}]) == told
    assert refusal(client, services=[service_of(tax_symbol="")]) == told


@pytest.mark.parametrize("services", [None, []])
def test_an_invoice_has_a_line_at_least(client: Client, services: object) -> None:
    assert refusal(client, services=services) == {"services": [BLANK]}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (service_of(name=" "), {"services.name": [BLANK]}),
        (service_of(tax_symbol="24"), {"services.tax_symbol": [NOT_LISTED]}),
        (service_of(gtu_id=14), {"services.gtu_id": [NOT_LISTED]}),
        (service_of(quantity=0), {"services.quantity": ["musi być większe od 0"]}),
        ({"name": "A", "tax_symbol": 8}, {"services.unit_net_price": [BLANK]}),
    ],
)
def test_what_is_wrong_with_a_line_is_told_by_its_attribute(client: Client, line: Json, told: Json) -> None:
    assert refusal(client, services=[line]) == told


@pytest.mark.parametrize(
    ("currency", "net", "words"),
    [
        ("EUR", 65965, "osiemset jedenaście EUR 37/100"),
        ("PLN", 6623, "osiemdziesiąt jeden PLN 46/100"),
        ("PLN", 0, "zero PLN 00/100"),
    ],
)
def test_the_gross_price_is_told_in_words(client: Client, currency: str, net: int, words: str) -> None:
    assert issue(client, currency=currency, services=[service_of(net)])["amount_in_words"] == words
