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
