"""A Polish shop sells to Germany and France over the one-stop shop, and something comes back.

Its program speaks at inFakt's door; whoever keeps its books reads the pages.
"""

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
from falcon import testing

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.money.exchange_rates import Quotation, keep_rates
from faktura.core.people.api_keys import add_api_key
from faktura.dialects import installed
from faktura.jobs import handlers
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.web import application
from faktura.web.tests.conftest import Browser, without_wholes
from faktura.wire.service import Service
from faktura.worker import Worker
from tests import needs
from tests.built_once import built_once
from tests.firm import Firm, open_firm

pytestmark = [needs.INFAKT]

Values = dict[str, Any]

NOON = dt.datetime(2026, 11, 27, 11, tzinfo=dt.UTC)
EURO = Decimal("4.2531")

LAMP: Values = {"name": "Lampa", "unit": "szt.", "tax_rate": 19, "unit_net_price": 5000}

BERLIN: Values = {
    "country": "DE",
    "client_first_name": "Jürgen",
    "client_last_name": "Groß",
    "client_email": "juergen@example.com",
    "client_street": "Lindenallee",
    "client_street_number": "5",
    "client_post_code": "10115",
    "client_city": "Berlin",
    "currency": "EUR",
    "sale_type": "merchandise",
    "service_type": "electronic",
    "service_place_primary": "Lindenallee 5, Berlin",
    "services": [LAMP | {"quantity": 3, "additional_price": 900}],
}

LYON: Values = {
    "country": "FR",
    "client_first_name": "Élise",
    "client_last_name": "Moreau",
    "client_city": "Lyon",
    "currency": "EUR",
    "sale_type": "service",
    "service_type": "electronic",
    "service_place_primary": "adres rozliczeniowy: Lyon",
    "service_place_secondary": "IP 203.0.113.7",
    "services": [{"name": "E-book", "tax_rate": 5.5, "unit_net_price": 1990}],
}


class Shop:
    """Its program with a key, and its owner at a browser."""

    def __init__(self, service: Service, firm: Firm, key: str) -> None:
        self.service = service
        [dialect] = [one for one in installed() if one.name == "infakt"]
        self._door = testing.TestClient(built_once(dialect.application, service), headers={"X-inFakt-ApiKey": key})
        self.browser = Browser(application(service))
        self.browser.sign_in(firm.user.email)

    def ask(self, method: str, path: str, body: Values | None = None, query: str = "") -> testing.Result:
        return self._door.simulate_request(method, path, json=body, query_string=query)

    def done(self, method: str, path: str, body: Values | None = None, query: str = "") -> Any:
        answer = self.ask(method, path, body, query)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.content else None

    def sell(self, values: Values) -> Values:
        document: Values = self.done("POST", "/oss_invoices.json", {"oss_invoice": values})
        return document

    def read(self, path: str) -> str:
        page = self.browser.get(f"/applecorp{path}")
        assert page.status_code == 200
        return without_wholes(page.text).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def shop(database: Database, printer: Printer) -> Shop:
    clock = Clock()
    clock.stand_at(NOON)
    service = Service(database, clock, "http://faktura.example", printer=printer, secret_key="of tests")
    said: Values = {"street": "Krótka 2", "city": "Warszawa", "postcode": "00-001", "vat_no": "5252248481"}
    firm = open_firm(database, clock, language="en", country="PL", currency="PLN", invoice_language="pl", **said)
    quoted = [Quotation("EUR", (NOON - dt.timedelta(days=days)).date(), EURO) for days in range(30)]

    def work(tx: Any) -> str:
        keep_rates(Office(tx, clock.now()), "nbp", quoted)
        return add_api_key(
            Office(tx, clock.now()), firm.account, firm.user, "shop", ("api:invoices:read", "api:invoices:write")
        )

    return Shop(service, firm, database.write(work))


def test_a_shop_sells_to_germany_and_france_and_takes_something_back(shop: Shop) -> None:
    """Three lamps with the freight to Berlin, an e-book to Lyon; one lamp comes back from Berlin."""
    lamps, book = shop.sell(BERLIN), shop.sell(LYON)

    assert [document["number"] for document in (lamps, book)] == ["1/OSS/11/2026", "2/OSS/11/2026"]
    assert (lamps["net_price"], lamps["tax_price"], lamps["gross_price"]) == (15900, 3021, 18921)
    assert (book["net_price"], book["tax_price"], book["gross_price"]) == (1990, 109, 2099)
    of_germany = shop.done("GET", "/oss_invoices.json", query="q[country_eq]=DE")["entities"]
    assert [one["id"] for one in of_germany] == [lamps["id"]]

    _is_read_in_the_pages(shop, lamps, book)
    _is_sent_and_printed(shop, lamps)
    back = _comes_back(shop, lamps)
    _is_read_beside_what_it_corrects(shop, lamps, back)


def _is_read_in_the_pages(shop: Shop, lamps: Values, book: Values) -> None:
    """The country, its rate, what shows the place, and what it is worth at home."""
    german, french = (shop.read(f"/invoices/{document['id']}") for document in (lamps, book))

    for told in ("Germany", "Lindenallee 5, Berlin", "Goods", "19 %", "189.21 €", "128.49"):
        assert told in german, told
    for told in ("France", "adres rozliczeniowy: Lyon", "IP 203.0.113.7", "Service", "5.5 %", "20.99 €"):
        assert told in french, told
    listed = shop.read("/invoices?kind=oss_invoice")
    assert lamps["number"] in listed
    assert book["number"] in listed


def _is_sent_and_printed(shop: Shop, lamps: Values) -> None:
    here = f"/oss_invoices/{lamps['id']}"
    assert shop.ask("POST", f"{here}/deliver_via_email.json", {}, "locale=pl").status_code == 202
    assert "juergen@example.com" in shop.read(f"/invoices/{lamps['id']}")

    with pypdfium2.PdfDocument(io.BytesIO(shop.ask("GET", f"{here}/pdf.json").content)) as paper:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in paper)
    assert "Procedura unijna OSS, VAT kraju konsumpcji: DE" in text.replace("\N{NO-BREAK SPACE}", " ")


def _comes_back(shop: Shop, lamps: Values) -> Values:
    """Handed in, and made later: two of the three lamps are kept, and the freight was paid for all the same."""
    kept = {name: value for name, value in BERLIN.items() if name != "services"}
    row = LAMP | {"group": 1, "additional_price": 900}
    corrected = {
        "corrected_invoice_number": lamps["number"],
        "corrected_invoice_date": lamps["issue_date"],
        "correction_reason": "other",
        "notes": "Zwrot w ciągu 14 dni",
        "services": [row | {"quantity": 3, "correction": False}, row | {"quantity": 2, "correction": True}],
    }
    path = "/corrective_oss_invoices"
    task = shop.done("POST", f"/async{path}.json", {"corrective_oss_invoice": kept | corrected})
    worker = Worker(shop.service.database, shop.service.clock, handlers())
    while worker.do_next():
        pass
    status = shop.done("GET", f"/async{path}/status/{task['invoice_task_reference_number']}.json")
    back: Values = shop.done("GET", f"{path}/{status['invoice_uuid']}.json")
    assert (back["number"], back["net_price"], back["tax_price"]) == ("1/OSS-KOR/11/2026", -5000, -950)
    return back


def _is_read_beside_what_it_corrects(shop: Shop, lamps: Values, back: Values) -> None:
    """Before and after; and each of the two documents leads to the other."""
    note, sold = shop.read(f"/invoices/{back['id']}"), shop.read(f"/invoices/{lamps['id']}")

    for told in ("OSS credit note", "Germany", "Before correction", "After correction", "59.50", lamps["number"]):
        assert told in note, told
    assert back["number"] in sold
    assert back["number"] in shop.read("/invoices?kind=oss_correction")
    assert back["number"] in shop.read("/invoices?part=corrections")
    assert lamps["number"] not in shop.read("/invoices?part=corrections")
