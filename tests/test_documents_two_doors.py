"""Documents through two doors: stories told at one and heard at the other, in the words of each."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from falcon import testing
from hypothesis import example, given, settings
from hypothesis import strategies as st

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.dialects import installed
from faktura.store.database import Database
from faktura.wire.service import Service
from tests import needs
from tests.built_once import built_once
from tests.firm import Firm, open_firm

DIALECTS = {dialect.name: dialect for dialect in installed()}

pytestmark = [needs.FAKTUROID, needs.INFAKT]

Values = dict[str, Any]

FINEST = Decimal("0.000001")


class Doors:
    """A Polish firm at both doors; what is refused here fails the test."""

    def __init__(self, service: Service, firm: Firm, key: str) -> None:
        fakturoid, infakt = (built_once(DIALECTS[name].application, service) for name in ("fakturoid", "infakt"))
        self.owner = firm.user.full_name
        bearer = {"Authorization": f"Bearer {firm.token}", "User-Agent": "Tests (tests@faktura.example)"}
        self._fakturoid = testing.TestClient(fakturoid, headers=bearer)
        self._infakt = testing.TestClient(infakt, headers={"X-inFakt-ApiKey": key})
        account = {"bank_name": "Bank A", "account_number": "61109010140000071219812874"}
        self.infakt("POST", "/bank_accounts.json", {"bank_account": account})
        self.subject_id: int = self.fakturoid("POST", "/subjects.json", {"name": "Gęśl sp. z o.o.", "country": "PL"})[
            "id"
        ]

    def ask_first(self, method: str, path: str, body: Values | None = None) -> Any:
        return self._fakturoid.simulate_request(method, f"/accounts/applecorp{path}", json=body)

    def ask_second(self, method: str, path: str, body: Values | None = None) -> Any:
        return self._infakt.simulate_request(method, path, json=body)

    def fakturoid(self, method: str, path: str, body: Values | None = None) -> Any:
        answer = self.ask_first(method, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.content else None

    def infakt(self, method: str, path: str, body: Values | None = None) -> Any:
        answer = self.ask_second(method, path, body)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.content else None

    def issue(self, *lines: Values, **values: Any) -> Values:
        """At the first door; without lines one over 100 and 23 %."""
        sold = list(lines) or [{"name": "Usługa", "unit_price": "100", "vat_rate": 23}]
        invoice: Values = self.fakturoid(
            "POST", "/invoices.json", {"subject_id": self.subject_id, "lines": sold} | values
        )
        return invoice

    def issue_here(self, wrapper: str, **values: Any) -> Values:
        """At the second door, by the wrapper of its kind."""
        known = {"client_id": self.subject_id, "payment_method": "transfer"}
        document: Values = self.infakt("POST", f"/{wrapper}s.json", {wrapper: known | values})
        return document

    def first(self, document_id: int) -> Values:
        found: Values = self.fakturoid("GET", f"/invoices/{document_id}.json")
        return found

    def second(self, document_id: int, kind: str = "invoice") -> Values:
        found: Values = self.infakt("GET", f"/{kind}s/{document_id}.json")
        return found


@pytest.fixture
def doors(database: Database) -> Doors:
    clock = Clock()
    service = Service(database, clock, "http://faktura.example")
    firm = open_firm(database, clock, country="PL", currency="PLN", vat_rate=23, invoice_language="pl")
    scopes = (
        *("api:invoices:read", "api:invoices:write"),
        *("api:sensitive:bank_accounts:read", "api:sensitive:bank_accounts:write"),
    )
    key = database.write(lambda tx: add_api_key(Office(tx, clock.now()), firm.account, firm.user, "tests", scopes))
    return Doors(service, firm, key)


def test_an_invoice_of_the_first_door_is_a_vat_invoice_at_the_second(doors: Doors) -> None:
    issued = doors.issue({"name": "Usługa", "quantity": "2.5", "unit_price": "100", "vat_rate": 23}, note="Dziękujemy")
    seen = doors.second(issued["id"])

    assert (seen["kind"], seen["number"], seen["status"]) == ("vat", issued["number"], "draft")
    assert (seen["net_price"], seen["tax_price"], seen["gross_price"]) == (25000, 5750, 30750)
    assert (seen["client_id"], seen["client_company_name"]) == (doors.subject_id, "Gęśl sp. z o.o.")
    assert (seen["invoice_date"], seen["payment_date"]) == (issued["issued_on"], issued["due_on"])
    assert seen["notes"] == "Dziękujemy"
    [line] = seen["services"]
    assert (line["quantity"], line["tax_symbol"], line["unit_net_price"]) == (2.5, "23", 10000)


def test_an_invoice_of_the_first_door_has_at_the_second_what_nobody_said(doors: Doors) -> None:
    seen = doors.second(doors.issue()["id"])
    [listed] = doors.infakt("GET", "/invoices.json")["entities"]

    for found in (seen, listed):
        assert (found["sales_kind"], found["seller_signature"]) == ("sprzedaz_podstawowa", doors.owner)


def test_an_invoice_of_the_second_door_is_an_invoice_at_the_first(doors: Doors) -> None:
    service = {"name": "Usługa", "tax_symbol": "23", "quantity": 1, "unit_net_price": 6623}
    issued = doors.issue_here("invoice", services=[service])
    seen = doors.first(issued["id"])

    assert (seen["document_type"], seen["number"], seen["status"]) == ("invoice", issued["number"], "open")
    assert (seen["subtotal"], seen["total"], seen["remaining_amount"]) == ("66.23", "81.46", "81.46")
    assert [(line["name"], line["vat_rate"]) for line in seen["lines"]] == [("Usługa", 23)]
    assert seen["payment_method"] == "bank"


def test_one_series_counts_the_invoices_of_both_doors(doors: Doors) -> None:
    service = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 100}
    numbers = [
        doors.issue()["number"],
        doors.issue_here("invoice", services=[service])["number"],
        doors.issue()["number"],
    ]
    assert [number.split("/")[0] for number in numbers] == ["1", "2", "3"]


def test_a_proforma_paid_by_two_transfers_at_the_first_door_is_paid_at_the_second(doors: Doors) -> None:
    proforma = doors.issue(document_type="proforma")
    path = f"/invoices/{proforma['id']}/payments.json"
    doors.fakturoid("POST", path, {"amount": "23"})
    part = doors.second(proforma["id"])
    assert (part["kind"], part["status"], part["paid_price"], part["left_to_pay"]) == ("proforma", "draft", 2300, 10000)
    doors.fakturoid("POST", path)

    paid = doors.second(proforma["id"])
    assert (paid["status"], paid["paid_price"], paid["left_to_pay"]) == ("paid", 12300, 0)
    final = doors.second(doors.first(proforma["id"])["related_id"], "final_invoice")
    assert (final["kind"], final["status"], final["gross_price"], final["left_to_pay"]) == ("final", "paid", 12300, 0)


def test_a_proforma_marked_as_paid_at_the_second_door_is_paid_at_the_first(doors: Doors) -> None:
    service = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 10000}
    proforma = doors.issue_here("invoice", kind="proforma", services=[service])
    doors.infakt("POST", f"/invoices/{proforma['uuid']}/paid.json", {"paid_date": proforma["invoice_date"]})

    seen = doors.first(proforma["id"])
    assert (seen["document_type"], seen["status"], seen["paid_on"]) == ("proforma", "paid", proforma["invoice_date"])
    assert seen["payments"] == []


def test_a_margin_invoice_is_an_invoice_without_vat_at_the_first_door(doors: Doors) -> None:
    line = {"name": "Octavia", "gross_with_margin_amount_price": 1200000, "margin_amount_price": 200000}
    sold = doors.issue_here("margin_invoice", margin_kind="second_hand_goods", services=[line])

    seen = doors.first(sold["id"])
    assert (seen["document_type"], seen["subtotal"], seen["total"]) == ("invoice", "12000.0", "12000.0")
    assert [(one["vat_rate"], one["unit_price"]) for one in seen["lines"]] == [(0, "12000.0")]
    assert "373.98" not in str(seen)
    for asked in ("invoice", "regular"):
        listed = doors.fakturoid("GET", f"/invoices.json?document_type={asked}")
        assert sold["id"] in [one["id"] for one in listed]


def test_a_price_that_the_first_door_lowers_lowers_the_margin(doors: Doors) -> None:
    line = {"name": "Octavia", "gross_with_margin_amount_price": 1200000, "margin_amount_price": 200000}
    sold = doors.issue_here("margin_invoice", margin_kind="second_hand_goods", services=[line])
    path = f"/invoices/{sold['id']}.json"

    changed = {"lines": [{"id": sold["services"][0]["id"], "unit_price": "11500", "vat_rate": 23}]}
    assert doors.fakturoid("PATCH", path, changed)["total"] == "11500.0"
    now = doors.second(sold["id"], "margin_invoice")
    assert (now["gross_price"], now["margin_amount_price"]) == (1150000, 150000)
    added = {"lines": [{"name": "Opony", "unit_price": "100", "vat_rate": 23}]}
    assert doors.ask_first("PATCH", path, added).status_code == 422
    assert doors.second(sold["id"], "margin_invoice") == now


CONSUMED: Values = {
    "country": "DE",
    "client_first_name": "Jürgen",
    "client_last_name": "Groß",
    "currency": "EUR",
    "service_type": "electronic",
    "service_place_primary": "Lindenallee 5, Berlin",
    "sale_type": "merchandise",
    "services": [{"name": "Lampa", "tax_rate": 19, "unit_net_price": 2000, "quantity": 3}],
}


def sold_abroad(doors: Doors, wrapper: str = "oss_invoice", **values: Any) -> Values:
    document: Values = doors.infakt("POST", f"/{wrapper}s.json", {wrapper: CONSUMED | values})
    return document


def taken_back(doors: Doors, sold: Values) -> Values:
    row = {"name": "Lampa", "tax_rate": 19, "unit_net_price": 2000, "group": 1}
    rows = [row | {"quantity": 3, "correction": False}, row | {"quantity": 2, "correction": True}]
    said = {"corrected_invoice_number": sold["number"], "corrected_invoice_date": sold["issue_date"]}
    return sold_abroad(doors, "corrective_oss_invoice", **said, correction_reason="other", services=rows)


def test_both_doors_tell_the_same_of_what_is_sold_under_the_one_stop_shop(doors: Doors) -> None:
    sold = sold_abroad(doors)

    seen = doors.first(sold["id"])
    assert (seen["document_type"], seen["oss"], seen["client_country"]) == ("invoice", "goods", "DE")
    assert (seen["subtotal"], seen["total"], seen["currency"]) == ("60.0", "71.4", "EUR")
    assert (sold["net_price"], sold["tax_price"], sold["gross_price"]) == (6000, 1140, 7140)
    assert [(one["vat_rate"], one["total_vat"]) for one in seen["lines"]] == [(19, "11.4")]
    assert [(one["vat_rate"], one["base"], one["vat"]) for one in seen["vat_rates_summary"]] == [(19, "60.0", "11.4")]
    assert seen["transferred_tax_liability"] is False


def test_corrections_of_every_sort_are_found_at_the_first_door(doors: Doors) -> None:
    line = {"name": "Octavia", "gross_with_margin_amount_price": 1200000, "margin_amount_price": 200000}
    car = doors.issue_here("margin_invoice", margin_kind="second_hand_goods", services=[line])
    rows = [line | {"group": 1, "correction": False}, line | {"group": 1, "correction": True}]
    rows[1] |= {"gross_with_margin_amount_price": 1150000, "margin_amount_price": 150000}
    cheaper = doors.issue_here("corrective_invoice", corrected_invoice_number=car["number"], services=rows)
    back = taken_back(doors, sold_abroad(doors))
    plain = doors.issue(document_type="correction", correction_id=doors.issue()["id"])

    listed = doors.fakturoid("GET", "/invoices.json?document_type=correction")
    assert {one["id"] for one in listed} == {cheaper["id"], back["id"], plain["id"]}
    assert {one["document_type"] for one in listed} == {"correction"}
    ids = {one["id"] for one in doors.fakturoid("GET", "/invoices.json?document_type=regular")}
    assert ids >= {cheaper["id"], back["id"], plain["id"]}


def test_a_return_that_is_corrected_at_the_first_door_is_one_at_the_second(doors: Doors) -> None:
    sold = sold_abroad(doors, currency="PLN")
    contact_id = doors.first(sold["id"])["subject_id"]
    line = {"name": "Lampa", "unit_price": "-20", "vat_rate": 19}
    asked = {"document_type": "correction", "correction_id": sold["id"], "subject_id": contact_id}

    back = doors.issue(line, **asked)
    assert (back["document_type"], back["oss"], back["total"]) == ("correction", "goods", "-23.8")
    seen = doors.second(back["id"], "corrective_oss_invoice")
    assert (seen["country"], seen["tax_price"], seen["gross_price"]) == ("DE", -380, -2380)
    assert (seen["corrected_invoice_number"], seen["service_type"]) == (sold["number"], "electronic")
    assert doors.first(sold["id"])["correction_id"] == back["id"]


def test_what_is_under_the_one_stop_shop_cannot_be_taken_out_of_it(doors: Doors) -> None:
    sold = sold_abroad(doors, currency="PLN")
    path = f"/invoices/{sold['id']}.json"

    for refused in ({"oss": "disabled"}, {"client_country": "CH"}, {"client_country": None}):
        answer = doors.ask_first("PATCH", path, refused)
        assert (answer.status_code, [*answer.json["errors"]]) == (422, [*refused])
    assert doors.fakturoid("PATCH", path, {"transferred_tax_liability": True})["total"] == "71.4"
    assert doors.first(sold["id"])["transferred_tax_liability"] is False
    doors.fakturoid("PATCH", path, {"oss": "service"})
    assert doors.second(sold["id"], "oss_invoice")["sale_type"] == "service"


def test_what_the_first_door_sells_under_the_one_stop_shop_stays_an_invoice_at_the_second(doors: Doors) -> None:
    """It has no evidence of a place, and a number among the invoices."""
    sold = doors.issue({"name": "Lampa", "unit_price": "20", "vat_rate": 19}, oss="goods", client_country="DE")

    assert doors.second(sold["id"])["number"] == sold["number"]
    assert doors.ask_second("GET", f"/oss_invoices/{sold['id']}.json").status_code == 404


def test_a_final_invoice_from_tax_documents_is_one_at_both_doors(doors: Doors) -> None:
    proforma = doors.issue(document_type="proforma", proforma_followup_document="tax_document")
    payment = doors.fakturoid("POST", f"/invoices/{proforma['id']}/payments.json", {})
    line = {"name": "Całość", "unit_price": "300", "vat_rate": 23}
    final = doors.issue(line, document_type="final_invoice", tax_document_ids=[payment["tax_document_id"]])

    seen = doors.second(final["id"], "final_invoice")
    assert (seen["gross_price"], seen["left_to_pay"]) == (36900, 24600)
    advance = doors.second(payment["tax_document_id"], "advance_invoice")
    assert (advance["kind"], advance["gross_price"]) == ("advance", 12300)


def test_an_advance_chain_of_the_second_door_is_told_at_the_first(doors: Doors) -> None:
    service = {"name": "Dom", "tax_symbol": "23", "unit_net_price": 10000}
    first = doors.issue_here("advance_invoice", advance_price=40000, services=[service])
    second = doors.issue_here("advance_invoice", advance_price=40000, previous_advance_id=first["id"])
    final = doors.issue_here("final_invoice", previous_advance_id=second["id"])

    assert (first["left_to_pay"], second["left_to_pay"]) == (-27700, -67700)
    seen = [doors.first(document["id"]) for document in (first, second, final)]
    assert [found["document_type"] for found in seen] == ["tax_document", "tax_document", "final_invoice"]
    assert [found["remaining_amount"] for found in seen] == ["-277.0", "-677.0", "-677.0"]


def test_a_correction_of_a_foreign_invoice_keeps_its_rate_at_both_doors(doors: Doors) -> None:
    original = doors.issue(currency="EUR", exchange_rate="4.25")
    line = {"name": "Zwrot", "unit_price": "-20", "vat_rate": 23}
    correction = doors.issue(line, document_type="correction", correction_id=original["id"], currency="EUR")
    assert (correction["exchange_rate"], correction["native_total"]) == ("4.25", "-104.55")

    seen = doors.second(correction["id"], "corrective_invoice")
    assert (seen["kind"], seen["currency"], seen["gross_price"]) == ("correction", "EUR", -2460)
    assert (seen["corrected_invoice_number"], seen["corrected_invoice_gross_price"]) == (original["number"], 12300)


def test_a_correction_of_the_second_door_is_linked_at_the_first(doors: Doors) -> None:
    service = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 6623}
    original = doors.issue_here("invoice", services=[service])
    rows = [
        service | {"group": 1, "correction": False},
        service | {"group": 1, "correction": True, "unit_net_price": 6600},
    ]
    correction = doors.issue_here(
        "corrective_invoice",
        services=rows,
        correction_reason="mistake",
        corrected_invoice_uuid=original["uuid"],
        corrected_invoice_number=original["number"],
    )

    assert (correction["net_price"], correction["gross_price"]) == (-23, -28)
    seen = doors.first(correction["id"])
    assert (seen["document_type"], seen["correction_id"], seen["total"]) == ("correction", original["id"], "-0.28")
    assert doors.first(original["id"])["correction_id"] == correction["id"]


def test_what_the_second_door_changes_moves_stock(doors: Doors) -> None:
    """Its lines name no product: they are of the product of the line that says the same."""
    said = {"name": "Sok", "sku": "S-1", "native_retail_price": "7", "native_purchase_price": "4"}
    item = doors.fakturoid("POST", "/inventory_items.json", said | {"track_quantity": True, "quantity": "10"})

    def stock() -> str:
        found: str = doors.fakturoid("GET", f"/inventory_items/{item['id']}.json")["quantity"]
        return found

    issued = doors.issue({"sku": "S-1", "quantity": "4", "vat_rate": 23})
    seen = doors.second(issued["id"])
    service = {name: seen["services"][0][name] for name in ("name", "tax_symbol", "unit_net_price")}
    more = {"services": [service | {"quantity": 6}, service | {"name": "Dowóz", "quantity": 1}]}
    doors.infakt("PUT", f"/invoices/{issued['id']}.json", {"invoice": more})
    assert stock() == "4.0"
    assert doors.first(issued["id"])["lines"][0]["inventory"]["item_id"] == item["id"]
    refused = doors.ask_second(
        "PUT", f"/invoices/{issued['id']}.json", {"invoice": {"services": [service | {"quantity": 11}]}}
    )
    assert (refused.status_code, stock()) == (422, "4.0")

    rows = [service | {"group": 1, "correction": after, "quantity": 1 if after else 6} for after in (False, True)]
    original = {"corrected_invoice_uuid": seen["uuid"], "corrected_invoice_number": seen["number"]}
    correction = doors.issue_here("corrective_invoice", services=rows, correction_reason="mistake", **original)
    assert stock() == "9.0"
    doors.infakt("DELETE", f"/corrective_invoices/{correction['uuid']}.json")
    doors.infakt("DELETE", f"/invoices/{issued['id']}.json")
    assert stock() == "10.0"


def test_what_is_deleted_at_one_door_is_gone_at_the_other(doors: Doors) -> None:
    issued = doors.issue()
    doors.infakt("DELETE", f"/invoices/{issued['id']}.json")
    assert doors.fakturoid("GET", "/invoices.json") == []


MOVED_AT_FIRST = {"updated_at"}

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
prices = st.decimals(min_value=Decimal("-999.99"), max_value=Decimal("9999.99"), places=2).map(str)
lines = st.fixed_dictionaries(
    {
        "name": st.sampled_from(("Usługa", "Towar <b>", "Práce")),
        "unit_price": prices,
        "vat_rate": st.sampled_from((0, 5, 8, 23)),
        "quantity": st.sampled_from(("1", "2.5", "0.333", "40")),
    }
)
changes = st.fixed_dictionaries(
    {},
    optional={
        "notes": texts,
        "client_city": texts,
        "receipt_number": texts,
        "not_income": st.booleans(),
        "split_payment": st.booleans(),
        "bdo_code": texts,
    },
)

SEEN_AS = {"notes": {"note"}, "client_city": {"client_city"}}
"""By attribute of the second door, those of the first that hold the same."""


many = settings(max_examples=30)


def test_a_change_at_the_second_door_leaves_all_else_at_the_first(doors: Doors) -> None:
    @many
    @given(st.lists(lines, max_size=4), changes)
    def check(sold: list[Values], sent: Values) -> None:
        issued = doors.issue(*sold)
        doors.infakt("PUT", f"/invoices/{issued['id']}.json", {"invoice": sent})

        after = doors.first(issued["id"])
        moved = {name for name in issued if issued[name] != after[name]} - MOVED_AT_FIRST
        assert moved <= set().union(*(SEEN_AS.get(name, set()) for name in sent))
        seen = doors.second(issued["id"])
        assert {name: seen[name] for name in sent if sent[name]} == {
            name: value for name, value in sent.items() if value
        }

    check()


def test_a_quantity_is_rounded_the_same_way_at_both_doors(doors: Doors) -> None:
    first = doors.issue({"name": "Usługa", "unit_price": "100", "vat_rate": 23, "quantity": "1.0000005"})
    service = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 10000, "quantity": "1.0000005"}
    second = doors.issue_here("invoice", services=[service])

    for document in (first, second):
        assert doors.first(document["id"])["lines"][0]["quantity"] == "1.000001"
        assert doors.second(document["id"])["services"][0]["quantity"] == 1.000001


quantities = st.decimals(min_value=Decimal("0.0000005"), max_value=Decimal(9999), places=9).map(lambda q: f"{q:f}")
smallest = st.decimals(min_value=Decimal("-0.02"), max_value=Decimal("0.02"), places=2)
NEGATIVE_NOTHING = re.compile(r"""(?<=["\s:\[,])-0(\.0+)?(?=["\s\]},])""")


def test_whatever_the_quantity_both_doors_round_it_alike_and_write_no_negative_zero(doors: Doors) -> None:
    @many
    @given(quantities, smallest, st.sampled_from((0, 23)))
    @example("1.0000005", Decimal("-0.01"), 0)
    @example("0.0000005", Decimal("-0.01"), 23)
    @example("2.0000015", Decimal("-0.00"), 0)
    def check(quantity: str, price: Decimal, rate: int) -> None:
        sold = {"name": "Usługa", "quantity": quantity}
        here = doors.issue(sold | {"unit_price": f"{price:f}", "vat_rate": rate})
        there = doors.issue_here(
            "invoice", services=[sold | {"tax_symbol": str(rate), "unit_net_price": int(price * 100)}]
        )
        doors.fakturoid("PATCH", f"/invoices/{here['id']}.json", {"lines": [here["lines"][0]]})
        doors.infakt("PUT", f"/invoices/{there['id']}.json", {"invoice": {"services": there["services"]}})

        at_first = [doors.first(document["id"])["lines"][0]["quantity"] for document in (here, there)]
        at_second = [doors.second(document["id"])["services"][0]["quantity"] for document in (here, there)]
        assert len(set(at_first)) == len(set(at_second)) == 1
        assert Decimal(at_first[0]) == Decimal(str(at_second[0])) == Decimal(quantity).quantize(FINEST, ROUND_HALF_UP)
        for document in (here, there):
            for answer in (
                doors.ask_first("GET", f"/invoices/{document['id']}.json"),
                doors.ask_second("GET", f"/invoices/{document['id']}.json"),
            ):
                assert not NEGATIVE_NOTHING.search(answer.text), answer.text

    check()


def test_no_two_documents_of_a_polish_firm_share_a_symbol(doors: Doors) -> None:
    service = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 100}
    proforma = doors.issue_here("invoice", kind="proforma", services=[service])
    issued = [proforma, doors.issue(), doors.issue(document_type="proforma"), doors.issue()]

    assert proforma["number"].startswith("1/PROF/")
    symbols = [doors.first(document["id"])["variable_symbol"] for document in issued]
    assert len(set(symbols)) == len(symbols)


def refused(answer: Any) -> Values:
    assert answer.status_code == 422, answer.text
    errors: Values = answer.json["errors"]
    return errors


def test_an_advance_that_one_door_took_off_is_refused_at_the_other(doors: Doors) -> None:
    service = {"name": "Dom", "tax_symbol": "23", "unit_net_price": 10000}
    advance = doors.issue_here("advance_invoice", advance_price=4000, services=[service])
    final = doors.issue(document_type="final_invoice", tax_document_ids=[advance["id"]])

    assert (final["total"], final["remaining_amount"]) == ("123.0", "83.0")
    body = {"previous_advance_id": advance["id"], "client_id": doors.subject_id, "payment_method": "transfer"}
    assert list(refused(doors.ask_second("POST", "/final_invoices.json", {"final_invoice": body}))) == [
        "previous_advance_id"
    ]
    doors.fakturoid("DELETE", f"/invoices/{final['id']}.json")
    other = doors.issue_here("final_invoice", previous_advance_id=advance["id"])
    assert other["left_to_pay"] == 8300
    values: Values = {
        "document_type": "final_invoice",
        "tax_document_ids": [advance["id"]],
        "subject_id": doors.subject_id,
    }
    values["lines"] = [{"name": "Dom", "unit_price": "100", "vat_rate": 23}]
    assert list(refused(doors.ask_first("POST", "/invoices.json", values))) == ["tax_document_ids"]


def test_a_tax_document_of_the_first_door_is_an_advance_of_its_whole_total_at_the_second(doors: Doors) -> None:
    proforma = doors.issue(document_type="proforma", proforma_followup_document="tax_document")
    payment = doors.fakturoid("POST", f"/invoices/{proforma['id']}/payments.json", {})
    service = {"name": "Dom", "tax_symbol": "23", "unit_net_price": 20000}

    final = doors.issue_here("final_invoice", previous_advance_id=payment["tax_document_id"], services=[service])

    assert (final["gross_price"], final["left_to_pay"]) == (24600, 12300)
    assert [advance["advance_price"] for advance in final["previous_advances"]] == [12300]
    assert doors.first(final["id"])["remaining_amount"] == "123.0"


def test_the_paid_price_of_the_second_door_agrees_with_the_payments_of_the_first(doors: Doors) -> None:
    invoice = doors.issue()
    doors.fakturoid("POST", f"/invoices/{invoice['id']}/payments.json", {"amount": "100"})
    path = f"/invoices/{invoice['id']}.json"

    assert doors.second(invoice["id"])["paid_price"] == 10000
    assert list(refused(doors.ask_second("PUT", path, {"invoice": {"paid_price": 5000}}))) == ["paid_price"]
    doors.infakt("PUT", path, {"invoice": {"paid_price": 12300}})
    assert doors.first(invoice["id"])["status"] == "paid"


def test_a_proforma_called_paid_at_the_second_door_is_taken_off_at_the_first(doors: Doors) -> None:
    service = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 10000}
    proforma = doors.issue_here("invoice", kind="proforma", services=[service])
    invoice = doors.issue(related_id=proforma["id"])
    assert (invoice["status"], invoice["remaining_amount"]) == ("open", "123.0")

    doors.infakt("POST", f"/invoices/{proforma['uuid']}/paid.json", {"paid_date": proforma["invoice_date"]})

    now = doors.first(invoice["id"])
    assert (now["status"], now["remaining_amount"], now["show_already_paid_note_in_pdf"]) == ("paid", "0.0", True)
    assert doors.second(invoice["id"])["left_to_pay"] == 0
