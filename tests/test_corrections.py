"""Whatever can be corrected is, at both doors, on paper and on pages; the others say that they are not."""

from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from tests import needs
from tests.doors_and_pages import House
from tests.test_documents_two_doors import Values, refused

pytestmark = [needs.FAKTUROID, needs.INFAKT]

CORRECTIVE, OSS_CORRECTIVE = "corrective_invoice", "corrective_oss_invoice"


def service_of(net: int = 10000, **values: Any) -> Values:
    return {"name": "Usługa", "tax_symbol": "23", "unit_net_price": net} | values


def resold(gross: int, margin: int) -> Values:
    return {"name": "Octavia", "gross_with_margin_amount_price": gross, "margin_amount_price": margin}


def pair(before: Values, after: Values) -> list[Values]:
    return [before | {"group": 1, "correction": False}, after | {"group": 1, "correction": True}]


@pytest.fixture
def house(database: Database, printer: Printer) -> House:
    return House(database, printer, Clock())


def invoice(house: House) -> Values:
    return house.doors.issue_here("invoice", services=[service_of()])


def advance(house: House) -> Values:
    return house.doors.issue_here("advance_invoice", advance_price=5000, services=[service_of()])


def final(house: House) -> Values:
    return house.doors.issue_here("final_invoice", previous_advance_id=advance(house)["id"])


def margin(house: House) -> Values:
    return house.doors.issue_here("margin_invoice", margin_kind="second_hand_goods", services=[resold(1200000, 200000)])


def correction(house: House) -> Values:
    original = invoice(house)
    return correct(house, original, pair(service_of(), service_of(9000)))


def oss(house: House) -> Values:
    said = {"country": "DE", "currency": "EUR", "service_type": "electronic", "service_place_primary": "adres"}
    said |= {"client_first_name": "Jürgen", "client_last_name": "Groß", "sale_type": "service"}
    services = [{"name": "E-book", "tax_rate": 7, "unit_net_price": 1000}]
    body = {"oss_invoice": said | {"services": services}}
    found: Values = house.doors.infakt("POST", "/oss_invoices.json", body)
    return found


def correct(house: House, original: Values, services: list[Values], **more: Any) -> Values:
    named = {"corrected_invoice_uuid": original["uuid"], "corrected_invoice_number": original["number"]}
    return house.doors.issue_here(CORRECTIVE, services=services, correction_reason="other", **named, **more)


OF_VAT = pair(service_of(), service_of(9000)), (-1000, -230, -1230), "-12.3"
OF_MARGIN = pair(resold(1200000, 200000), resold(1150000, 150000)), (-50000, 0, -50000), "-500.0"
AGAIN = pair(service_of(9000), service_of(9500)), (500, 115, 615), "6.15"

CORRECTED = {
    "invoice": (invoice, "invoices", *OF_VAT),
    "advance": (advance, "advance_invoices", *OF_VAT),
    "final": (final, "final_invoices", *OF_VAT),
    "margin": (margin, "margin_invoices", *OF_MARGIN),
    "correction": (correction, "corrective_invoices", *AGAIN),
}
"""By kind: how one is issued, where it stands, what corrects it, and what that comes to at either door."""


@pytest.mark.parametrize("kind", CORRECTED)
def test_what_is_corrected_at_the_second_door_is_linked_both_ways_wherever_one_looks(house: House, kind: str) -> None:
    made, resource, services, sums, total = CORRECTED[kind]
    original = made(house)
    corrected = correct(house, original, services)

    assert (corrected["net_price"], corrected["tax_price"], corrected["gross_price"]) == sums
    named = corrected["corrected_invoice_uuid"], corrected["corrected_invoice_number"]
    assert named == (original["uuid"], original["number"])
    assert corrected["corrected_invoice_gross_price"] == original["gross_price"]
    assert [row["correction"] for row in corrected["services"]] == [False, True]
    at_first = house.doors.first(corrected["id"])
    assert (at_first["document_type"], at_first["total"]) == ("correction", total)
    assert at_first["correction_id"] == original["id"]
    assert house.doors.second(original["id"], resource.removesuffix("s"))["gross_price"] == original["gross_price"]
    for one, other in ((original, corrected), (corrected, original)):
        assert other["number"] in house.page(one["id"])
    paper = house.paper("corrective_invoices", corrected)
    for text in (original["number"], "Przed korektą", "Po korekcie"):
        assert text in paper


@pytest.mark.parametrize("kind", CORRECTED)
def test_what_was_corrected_is_not_deleted_before_its_correction(house: House, kind: str) -> None:
    made, resource, services, *_ = CORRECTED[kind]
    original = made(house)
    corrected = correct(house, original, services)

    path = f"/{resource}/{original['uuid']}.json"
    assert house.doors.ask_second("DELETE", path).status_code == 422
    assert house.doors.ask_first("DELETE", f"/invoices/{original['id']}.json").status_code == 422
    house.doors.infakt("DELETE", f"/corrective_invoices/{corrected['uuid']}.json")
    house.doors.infakt("DELETE", path)


@pytest.mark.parametrize("kind", ["invoice", "final", "advance", "correction"])
def test_what_is_corrected_at_the_first_door_is_linked_at_the_second(house: House, kind: str) -> None:
    made, _, _, _, _ = CORRECTED[kind]
    original = made(house)
    less = {"name": "Zwrot", "unit_price": "-20", "vat_rate": 23}
    corrected = house.doors.issue(less, document_type="correction", correction_id=original["id"])

    assert (corrected["correction_id"], corrected["total"]) == (original["id"], "-24.6")
    seen = house.doors.second(corrected["id"], CORRECTIVE)
    assert (seen["net_price"], seen["tax_price"], seen["gross_price"]) == (-2000, -460, -2460)
    assert (seen["corrected_invoice_number"], seen["corrected_invoice_uuid"]) == (original["number"], original["uuid"])
    assert seen["corrected_invoice_date"] == original["invoice_date"]
    assert corrected["number"] in house.page(original["id"])


@pytest.mark.parametrize("kind", ["invoice", "advance", "final", "margin"])
def test_what_is_corrected_on_pages_says_before_and_after_at_the_doors(house: House, kind: str) -> None:
    made, resource, *_ = CORRECTED[kind]
    original = made(house)
    here = f"/applecorp/invoices/{original['id']}"
    assert f'href="{here}/correct"' in house.owner.get(here).text
    house.owner.get(f"{here}/correct")
    chosen = {f"quantities.{original['services'][0]['id']}": "1"}
    seen = house.owner.post(f"{here}/correct", **chosen)
    total = f"{-original['gross_price'] / 100:.2f}"
    done = house.owner.post(f"{here}/correct", **chosen, seen=total)
    assert done.status_code == 303, seen.text

    [corrected] = house.doors.infakt("GET", "/corrective_invoices.json")["entities"]
    assert corrected["gross_price"] == -original["gross_price"]
    assert [row["correction"] for row in corrected["services"]] == [False, True]
    assert [row["quantity"] for row in corrected["services"]] == [1, 0]
    assert corrected["corrected_invoice_number"] == original["number"]
    assert ("margin_amount_price" in corrected["services"][0]) == (resource == "margin_invoices")


def test_an_oss_invoice_is_corrected_by_one_of_its_own_kind_alone(house: House) -> None:
    original = house.doors.second(oss(house)["id"], "oss_invoice")
    said = {name: original[name] for name in ("country", "currency", "service_type", "service_place_primary")}
    said |= {"client_first_name": "Jürgen", "client_last_name": "Groß", "sale_type": "service"}
    said |= {"corrected_invoice_number": original["number"], "corrected_invoice_date": original["issue_date"]}
    line = {"name": "E-book", "tax_rate": 7, "unit_net_price": 1000}
    rows = pair(line, line | {"quantity": 0})
    body = {OSS_CORRECTIVE: said | {"correction_reason": "mistake", "services": rows}}
    corrected = house.doors.infakt("POST", "/corrective_oss_invoices.json", body)

    assert (corrected["net_price"], corrected["tax_price"], corrected["gross_price"]) == (-1000, -70, -1070)
    at_first = house.doors.first(corrected["id"])
    assert (at_first["document_type"], at_first["correction_id"]) == ("correction", original["id"])
    assert house.doors.first(original["id"])["correction_id"] == corrected["id"]
    for one, other in ((original, corrected), (corrected, original)):
        assert other["number"] in house.page(one["id"])
    known = {"client_id": house.doors.first(original["id"])["subject_id"], "payment_method": "cash", "currency": "EUR"}
    known |= {"corrected_invoice_number": original["number"], "correction_reason": "mistake"}
    uuid = {"corrected_invoice_uuid": corrected["uuid"]}
    asked = {CORRECTIVE: known | uuid | {"services": pair(service_of(), service_of(9000))}}
    wrong = refused(house.doors.ask_second("POST", "/corrective_invoices.json", asked))
    assert list(wrong) == ["corrected_invoice_uuid"]


def test_what_cannot_be_corrected_is_refused_in_the_words_of_each_door(house: House) -> None:
    proforma = house.doors.issue_here("invoice", kind="proforma", services=[service_of()])
    rows = pair(service_of(), service_of(9000))
    known = {"client_id": house.doors.subject_id, "payment_method": "cash", "services": rows}
    named = {"corrected_invoice_uuid": proforma["uuid"], "corrected_invoice_number": proforma["number"]}
    wrong = refused(house.doors.ask_second("POST", "/corrective_invoices.json", {CORRECTIVE: known | named}))
    assert wrong == {"corrected_invoice_uuid": ["nie znajduje się na liście dopuszczalnych wartości"]}
    less = {"name": "Zwrot", "unit_price": "-20", "vat_rate": 23}
    body = {"subject_id": house.doors.subject_id, "document_type": "correction", "lines": [less]}
    for other in (proforma, margin(house), house.doors.second(oss(house)["id"], "oss_invoice")):
        answer = house.doors.ask_first("POST", "/invoices.json", body | {"correction_id": other["id"]})
        assert answer.status_code == 422, other
    assert house.doors.infakt("GET", "/corrective_invoices.json")["entities"] == []
    here = f"/applecorp/invoices/{proforma['id']}"
    assert f"{here}/correct" not in house.owner.get(here).text
    assert house.owner.get(f"{here}/correct").status_code == 409


def test_pairs_of_a_correction_are_copied_to_no_other_document(house: House) -> None:
    corrected = correction(house)

    here = f"/applecorp/invoices/{corrected['id']}"
    assert f"{here}/copy" not in house.owner.get(here).text
    assert house.owner.get(f"{here}/copy").status_code == 409
    less = {"name": "Zwrot", "unit_price": "-20", "vat_rate": 23}
    negative = house.doors.issue(less, document_type="correction", correction_id=invoice(house)["id"])
    assert house.owner.get(f"/applecorp/invoices/{negative['id']}/copy").status_code == 200


def test_what_is_left_to_correct_is_what_the_correction_of_a_correction_left(house: House) -> None:
    original = invoice(house)
    first = correct(house, original, pair(service_of(), service_of(9000)))
    correct(house, first, pair(service_of(9000), service_of(9500)))

    here = f"/applecorp/invoices/{original['id']}/correct"
    house.owner.get(here)
    chosen = {f"quantities.{original['services'][0]['id']}": "1"}
    house.owner.post(here, **chosen)
    assert house.owner.post(here, **chosen, seen="-116.85").status_code == 303
    newest = house.doors.infakt("GET", "/corrective_invoices.json?order=id desc")["entities"][0]
    assert [row["unit_net_price"] for row in newest["services"]] == [9500, 9500]
    assert newest["gross_price"] == -11685
