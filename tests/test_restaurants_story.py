"""A restaurant's November: takings, the report of its cash register, an invoice to a receipt, and the month's files."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pypdfium2
import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.clock import Clock
from faktura.jobs import Reach, handlers
from faktura.outputs.printing.printer import Printer
from faktura.store.check import check
from faktura.store.database import Database
from faktura.worker import Worker
from tests import needs
from tests.doors_and_pages import House, without_marks
from tests.test_documents_two_doors import Values

pytestmark = [needs.FAKTUROID, needs.INFAKT]

NOVEMBER = "since=2026-11-01&until=2026-11-30"
PAPERS = "/applecorp/papers"
STALL = {1: 48250, 2: 61300, 3: 57000}
"""By day of the month, what a stall that charges no VAT took in, in grosze."""

TRIES = 30


@pytest.fixture
def house(database: Database, printer: Printer) -> House:
    clock = Clock()
    clock.stand_at(dt.datetime(2026, 12, 1, 8, tzinfo=dt.UTC))
    return House(database, printer, clock)


def write_down_takings(house: House) -> dict[int, Values]:
    """Each day by itself; one was typed wrongly, another written down twice."""
    days = {
        day: house.doors.infakt(
            "POST",
            "/daily_revenues.json",
            {
                "daily_revenue": {
                    "issue_date": f"2026-11-{day:02}",
                    "description": "Stoisko na rynku",
                    "services": [{"quantity": 1, "unit_price": price, "flat_rate_tax_symbol": "3"}],
                }
            },
        )
        for day, price in [*STALL.items(), (4, STALL[3])]
    }
    house.doors.infakt("DELETE", f"/daily_revenues/{days.pop(4)['uuid']}.json")
    right: Values = {"daily_revenue": {"services": [{"quantity": 1, "unit_price": 63100}], "notes": "Poprawiono"}}
    days[2] = house.doors.infakt("PUT", f"/daily_revenues/{days[2]['uuid']}.json", right)
    assert [days[day]["number"] for day in STALL] == ["1/UD/11/2026", "2/UD/11/2026", "3/UD/11/2026"]
    assert days[2]["services"][0]["total_price"] == 63100
    return days


def report_the_cash_register(house: House) -> Values:
    """From gross, as it prints it; a rate that was left out is put in before the report goes into the accounts."""
    food, drinks = {"tax_symbol": "8", "gross_price": 1284000}, {"tax_symbol": "23", "gross_price": 246000}
    path, whole = "/fiscal_reports", {"invoice_date": "2026-11-30", "services": [food]}
    report = house.doors.infakt("POST", f"{path}.json", {"fiscal_report": whole})
    assert (report["net_price"], report["tax_price"], report["gross_price"]) == (1188889, 95111, 1284000)

    here = f"{path}/{report['uuid']}"
    report = house.doors.infakt("PUT", f"{here}.json", {"fiscal_report": {"services": [food, drinks]}})
    assert (report["net_price"], report["tax_price"], report["gross_price"]) == (1388889, 141111, 1530000)
    told = house.doors.infakt("PUT", f"{here}/mark_as_accounted.json")
    assert told["entities"] == [{"uuid": report["uuid"], "number": "RO/1/11/2026", "status": "success"}]
    found: Values = house.doors.infakt("GET", f"{here}.json")
    assert found["status"] == "paid"
    return found


def invoice_a_receipt(house: House) -> tuple[Values, Values]:
    """A guest who paid at the till asks for an invoice, and a dish of it is taken back afterwards."""
    dinner = {"name": "Kolacja", "tax_symbol": "8", "quantity": 2, "unit_net_price": 10000}
    said: Values = {"receipt_number": "W123", "status": "paid", "paid_date": "2026-11-20", "invoice_date": "2026-11-20"}
    invoice = house.doors.issue_here("invoice", **said, services=[dinner])
    assert (invoice["receipt_number"], invoice["status"], invoice["gross_price"]) == ("W123", "paid", 21600)

    rows = [dinner | {"group": 1, "correction": False}, dinner | {"quantity": 1, "group": 1, "correction": True}]
    named: Values = {"corrected_invoice_number": invoice["number"], "corrected_invoice_uuid": invoice["uuid"]}
    correction = house.doors.issue_here(
        "corrective_invoice", **named, correction_reason="other", invoice_date="2026-11-21", services=rows
    )
    assert correction["gross_price"] == -10800
    return invoice, correction


def write_down_the_rest(house: House) -> tuple[Values, Values]:
    """Soup for a charity, which is no sale but taxed like one, and old oil that was sold without VAT."""
    soup = {"transaction_kind_symbol": "free_transfer_of_goods", "invoice_date": "2026-11-25", "notes": "Zupa"}
    lines = [{"tax_symbol": "8", "net_price": 15000}]
    gift = house.doors.infakt("POST", "/internal_invoices.json", {"internal_invoice": soup | {"services": lines}})
    assert (gift["number"], gift["gross_price"]) == ("1/FW/11/2026", 16200)
    oil = {"classification_symbol": "sold", "service_name": "Olej posmażalniczy", "quantity": "40.0", "unit_price": 120}
    sold = house.doors.infakt(
        "POST", "/internal_evidences.json", {"internal_evidence": oil | {"invoice_date": "2026-11-26"}}
    )
    assert (sold["number"], sold["total_price"]) == ("1/DW/11/2026", 4800)
    return gift, sold


def read_the_month(house: House, days: dict[int, Values], report: Values) -> None:
    listed = without_marks(house.owner.get(f"{PAPERS}?{NOVEMBER}").text)
    for number in ("1/UD/11/2026", "2/UD/11/2026", "3/UD/11/2026", "RO/1/11/2026", "1/FW/11/2026", "1/DW/11/2026"):
        assert number in listed
    assert "4/UD/11/2026" not in listed
    assert "3 papers" in without_marks(house.owner.get(f"{PAPERS}?kind=daily_revenue&{NOVEMBER}").text)

    page = without_marks(house.owner.get(f"{PAPERS}/{report['id']}").text)
    for said in ("15,300.00", "13,888.89", "1,411.11", "Paid"):
        assert said in page
    corrected = without_marks(house.owner.get(f"{PAPERS}/{days[2]['id']}").text)
    assert "631.00" in corrected
    assert "Poprawiono" in corrected


def export_papers(house: House) -> list[list[str]]:
    answer = house.owner.get(f"{PAPERS}/export.csv?{NOVEMBER}")
    return [*csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))][1:]


def export_documents(house: House) -> str:
    """Ordered on the page of the month that is over, and made by a worker."""
    asked = house.owner.get("/applecorp/export").location or ""
    house.owner.get(asked)
    ordered = house.owner.post(asked, verb="csv")
    jobs = {name: handler for name, handler in handlers().items() if handler.every is None}
    worker = Worker(house.service.database, house.service.clock, jobs, Reach(printer=house.service.printer))
    while worker.do_next():
        pass
    return house.owner.get(f"{ordered.location}/file").text


def print_together(house: House, documents: list[Values]) -> list[str]:
    """Section 18: the text of each page."""
    uuids = [document["uuid"] for document in documents]
    ordered = house.doors.infakt("POST", "/async/incomes/pdf_many.json", {"uuids": uuids})
    path = f"/async/incomes/pdf_many/{ordered['download_token']}"
    for _ in range(TRIES):
        if house.doors.infakt("GET", f"{path}/check.json")["ready"]:
            break
    content = house.doors.ask_second("GET", f"{path}.json").content
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]


def test_a_restaurant_keeps_its_november(house: House) -> None:
    days, report = write_down_takings(house), report_the_cash_register(house)
    invoice, correction = invoice_a_receipt(house)
    write_down_the_rest(house)

    assert "W123" in house.page(invoice["id"])
    assert "Do paragonu" in house.paper("invoices", invoice)
    read_the_month(house, days, report)

    rows = export_papers(house)
    assert [row[0] for row in rows] == [
        *("1/UD/11/2026", "2/UD/11/2026", "3/UD/11/2026", "1/FW/11/2026", "1/DW/11/2026"),
        *("RO/1/11/2026", "RO/1/11/2026"),
    ]
    of_rate = {row[7]: tuple(map(Decimal, row[9:12])) for row in rows if row[0] == report["number"]}
    assert of_rate == {
        "8 %": (Decimal("11888.89"), Decimal("951.11"), Decimal(12840)),
        "23 %": (Decimal(2000), Decimal(460), Decimal(2460)),
    }
    documents = export_documents(house)
    assert invoice["number"] in documents
    assert correction["number"] in documents

    printed = print_together(house, [*days.values(), invoice, correction])
    assert len(printed) == 5
    for document in (*days.values(), invoice, correction):
        assert any(document["number"] in page for page in printed)
    assert check(house.service.database, lambda _: None, AUDIT) == []
