"""Links of documents through both doors: what is covered, what follows a proforma, what is refused."""

import pytest

from faktura.store.database import Database
from tests import needs
from tests.test_documents_two_doors import Doors, Values, refused
from tests.test_rates_two_doors import open_doors

pytestmark = [needs.FAKTUROID, needs.INFAKT]

SERVICE = {"name": "Dom", "tax_symbol": "23", "unit_net_price": 10000}
ADVANCE, FINAL = "advance_invoice", "final_invoice"


@pytest.fixture
def doors(database: Database) -> Doors:
    return open_doors(database, country="PL", currency="PLN", vat_rate=23, invoice_language="pl")


def listed(doors: Doors, query: str = "") -> list[int]:
    return [found["id"] for found in doors.fakturoid("GET", f"/invoices.json{query}")]


def listed_there(doors: Doors, kind: str, query: str = "") -> list[int]:
    return [found["id"] for found in doors.infakt("GET", f"/{kind}s.json{query}")["entities"]]


def covered_chain(doors: Doors) -> tuple[Values, Values]:
    advance = doors.issue_here(ADVANCE, advance_price=12300, advance_date="2026-11-13", services=[SERVICE])
    return advance, doors.issue_here(FINAL, previous_advance_id=advance["id"])


def test_a_final_invoice_that_its_advances_cover_is_a_draft_here_and_paid_there(doors: Doors) -> None:
    advance, final = covered_chain(doors)

    assert (final["status"], final["paid_date"], final["left_to_pay"]) == ("draft", None, 0)
    for document in (advance, final):
        seen = doors.first(document["id"])
        assert (seen["status"], seen["paid_on"]) == ("paid", "2026-11-13")
    assert doors.first(final["id"])["show_already_paid_note_in_pdf"]
    assert sorted(listed(doors, "?status=paid")) == [advance["id"], final["id"]]
    assert listed(doors, "?status=open") == listed(doors, "?status=overdue") == []
    assert listed_there(doors, FINAL, "?q[status_eq]=draft") == [final["id"]]


def test_a_covered_final_invoice_that_is_sent_back_is_as_it_was_and_can_be_called_paid(doors: Doors) -> None:
    _, final = covered_chain(doors)
    path = f"/final_invoices/{final['uuid']}"

    sent_back = doors.infakt("PUT", f"{path}.json", {FINAL: final})
    assert {**sent_back, "services": []} == {**final, "services": []}
    assert doors.first(final["id"])["status"] == "paid"
    doors.infakt("POST", f"{path}/paid.json", {"paid_date": "2026-11-20"})
    now = doors.second(final["id"], FINAL)
    assert (now["status"], now["paid_date"]) == ("paid", "2026-11-20")
    assert "status" in refused(doors.ask_second("POST", f"{path}/paid.json"))


def test_a_covered_final_invoice_takes_no_payment_and_one_that_grows_does(doors: Doors) -> None:
    _, final = covered_chain(doors)
    path = f"/invoices/{final['id']}/payments.json"

    assert doors.ask_first("POST", path, {}).status_code == 403
    grown = doors.infakt("PUT", f"/final_invoices/{final['uuid']}.json", {FINAL: {"services": [SERVICE, SERVICE]}})
    assert (grown["status"], grown["left_to_pay"], doors.first(final["id"])["status"]) == ("draft", 12300, "open")
    doors.fakturoid("POST", path, {})
    assert doors.second(final["id"], FINAL)["status"] == doors.first(final["id"])["status"] == "paid"


@pytest.mark.parametrize(
    ("follow_up", "kind"), [("final_invoice_paid", "final_invoice"), ("tax_document", "tax_document")]
)
@pytest.mark.parametrize("way", ["paid_price", "services", "paid_date", "paid"])
def test_a_proforma_that_is_paid_at_the_second_door_has_issued_what_the_first_said(
    doors: Doors, way: str, follow_up: str, kind: str
) -> None:
    proforma = doors.issue(document_type="proforma", proforma_followup_document=follow_up)
    doors.fakturoid("POST", f"/invoices/{proforma['id']}/payments.json", {"amount": "61.5"})
    path = f"/invoices/{proforma['id']}"
    bodies: Values = {"paid_price": 12300, "services": [SERVICE | {"unit_net_price": 5000}], "paid_date": "2026-11-20"}
    if way == "paid":
        doors.infakt("POST", f"{path}/paid.json")
    else:
        doors.infakt("PUT", f"{path}.json", {"invoice": {way: bodies[way]}})

    following = [doors.first(found) for found in listed(doors) if found != proforma["id"]]
    total = "61.5" if way == "services" else "123.0"
    assert {(one["document_type"], one["status"]) for one in following} == {(kind, "paid")}
    assert sum(float(one["total"]) for one in following) == float(total)
    assert doors.first(proforma["id"])["status"] == "paid"


def test_a_proforma_of_the_second_door_has_nothing_issued_unless_the_first_wants_it(doors: Doors) -> None:
    proforma, other = (doors.issue_here("invoice", kind="proforma", services=[SERVICE]) for _ in range(2))
    assert doors.first(proforma["id"])["proforma_followup_document"] == "none"

    doors.infakt("PUT", f"/invoices/{proforma['uuid']}.json", {"invoice": {"paid_price": 12300}})
    assert len(listed(doors)) == 2
    doors.fakturoid("PATCH", f"/invoices/{other['id']}.json", {"proforma_followup_document": "tax_document"})
    doors.infakt("POST", f"/invoices/{other['uuid']}/paid.json")
    assert len(listed_there(doors, ADVANCE)) == 1


def test_what_has_a_tax_document_at_the_first_door_stays_paid_at_the_second(doors: Doors) -> None:
    proforma = doors.issue(document_type="proforma", proforma_followup_document="tax_document")
    path = f"/invoices/{proforma['id']}.json"
    doors.infakt("PUT", path, {"invoice": {"paid_price": 12300}})
    [document] = listed_there(doors, ADVANCE)

    told = refused(doors.ask_second("PUT", path, {"invoice": {"paid_price": 100}}))
    assert list(told) == ["paid_price"]
    assert doors.first(document)["number"] in told["paid_price"][0]


def test_a_tax_document_that_an_invoice_took_off_by_its_proforma_ends_no_chain(doors: Doors) -> None:
    proforma = doors.issue(document_type="proforma", proforma_followup_document="tax_document")
    payment = doors.fakturoid("POST", f"/invoices/{proforma['id']}/payments.json", {})
    doors.issue(related_id=proforma["id"])

    body = {"previous_advance_id": payment["tax_document_id"], "payment_method": "transfer"}
    assert list(refused(doors.ask_second("POST", "/final_invoices.json", {FINAL: body}))) == ["previous_advance_id"]
