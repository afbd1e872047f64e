"""E-invoices of others come in at every door, are read by the worker, and are booked in the pages, each once."""

import base64
import re
import threading
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from falcon import testing

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.documents.attachments import find_attachment
from faktura.core.errors import Given, NotFound, Refusal, WrongState
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.api_keys import add_api_key
from faktura.core.received.book import book_scan
from faktura.core.received.record import Expense
from faktura.core.received.scans import INBOX, add_scan
from faktura.dialects import installed
from faktura.jobs import Reach, handlers
from faktura.outputs.mail.server import read_mail_server
from faktura.outputs.printing.printer import Printer
from faktura.store.check import check
from faktura.store.database import Database
from faktura.store.queries import Selection
from faktura.web import application
from faktura.web.tests.conftest import Browser
from faktura.wire.service import Service
from faktura.worker import Worker
from tests import needs
from tests.beside import shared_or_skip
from tests.built_once import built_once
from tests.firm import Firm, open_firm

SAMPLES = shared_or_skip() / "schemas" / "samples-isdoc"
EXAMPLES = shared_or_skip() / "schemas"
DIALECTS = {dialect.name: dialect for dialect in installed()}

pytestmark = [needs.FAKTUROID, needs.INFAKT]

IBAN = "CZ6508000000192000145399"


class House:
    """A firm that sells and one that buys on one server: both doors, the pages of the buyer, and a worker."""

    def __init__(self, service: Service, seller: Firm, buyer: Firm, key: str) -> None:
        self.service, self.seller, self.buyer = service, seller, buyer
        fakturoid, second = (built_once(DIALECTS[name].application, service) for name in ("fakturoid", "infakt"))
        self.doors = {firm.account.slug: self._door(fakturoid, firm) for firm in (seller, buyer)}
        self.infakt = testing.TestClient(second, headers={"X-inFakt-ApiKey": key})
        self.browser = Browser(application(service))
        self.browser.sign_in(buyer.user.email)

    @staticmethod
    def _door(app: Any, firm: Firm) -> testing.TestClient:
        head = {"Authorization": f"Bearer {firm.token}", "User-Agent": "Tests (tests@faktura.example)"}
        return testing.TestClient(app, headers=head)

    def do(self, firm: Firm, work: Callable[[Books], Any]) -> Any:
        clock = self.service.clock
        return self.service.database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, clock.now())))

    def ask(self, firm: Firm, method: str, path: str, body: Any = None) -> testing.Result:
        slug = firm.account.slug
        return self.doors[slug].simulate_request(method, f"/accounts/{slug}{path}", json=body)

    def put(self, content: bytes, filename: str) -> int:
        """Into the buyer's inbox, at the first door; the id of the file."""
        attachment = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
        given = {"attachment": attachment, "filename": filename, "send_to_ocr": True}
        answer = self.ask(self.buyer, "POST", "/inbox_files.json", given)
        assert answer.status_code == 201, answer.text
        assert answer.json["ocr_status"] == "created"
        found: int = answer.json["id"]
        return found

    def work(self) -> None:
        reach = Reach(mail_server=read_mail_server("smtp://127.0.0.1:0?from=posta@house.example"))
        worker = Worker(self.service.database, self.service.clock, handlers(), reach)
        while worker.do_next("reading"):
            pass

    def page(self, path: str) -> str:
        answer = self.browser.get(f"/buyer/{path}")
        assert answer.status_code == 200, path
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\u00a0", " ").split())

    def book(self, scan_id: int, **said: str) -> Expense:
        self.browser.get("/buyer/inbox")
        answer = self.browser.post(f"/buyer/inbox/{scan_id}/book", **said)
        assert (answer.status_code, answer.location) == (303, f"/buyer/expenses/{scan_id}"), answer.text
        return self.expense(scan_id)

    def expense(self, expense_id: int) -> Expense:
        found: Expense = self.do(self.buyer, lambda books: books.find(Expense, expense_id))
        return found

    def issue(self, **values: Any) -> Invoice:
        """By the seller to the buyer, as contacts have it."""

        def work(books: Books) -> Invoice:
            account = self.buyer.account
            buyer = {name: getattr(account, name) for name in ("name", "street", "city", "registration_no", "vat_no")}
            contact = add_contact(books, Given(buyer | {"postcode": "11000", "country": "CZ"}))
            return issue_invoice(books, Given({"contact_id": contact.id, "order_number": "O-1"} | values))

        made: Invoice = self.do(self.seller, work)
        return made

    def download(self, invoice: Invoice, name: str) -> bytes:
        answer = self.ask(self.seller, "GET", f"/invoices/{invoice.id}/download.{name}")
        assert answer.status_code == 200, answer.text
        return answer.content


@pytest.fixture
def house(database: Database, printer: Printer) -> House:
    clock = Clock()
    service = Service(database, clock, "http://faktura.example", printer=printer, secret_key="of tests")
    said: dict[str, Any] = {"language": "en", "street": "Dlouhá 1", "city": "Praha", "postcode": "11000"}
    more: dict[str, Any] = {
        "registration_no": "27074358",
        "vat_no": "CZ27074358",
        "invoice_email": "a@a.example",
        "phone": "+420777000111",
    }
    seller = open_firm(database, clock, "seller", **said, **more)
    buyer = open_firm(database, clock, "buyer", **said, registration_no="25596641", vat_no="CZ25596641")
    scopes = ("api:costs:read", "api:costs:write")
    key = database.write(lambda tx: add_api_key(Office(tx, clock.now()), buyer.account, buyer.user, "tests", scopes))
    built = House(service, seller, buyer, key)
    account = {"name": "Účet", "number": "19-2000145399/0800", "iban": IBAN, "currency": "CZK", "default": True}
    built.do(seller, lambda books: add_bank_account(books, Given(account)))
    return built


def line(name: str, price: str, rate: int, quantity: str = "1") -> Given:
    return Given({"name": name, "unit_price": Decimal(price), "vat_rate": Decimal(rate), "quantity": Decimal(quantity)})


LINES = [line("Kování", "333.333", 21, "3"), line("Kniha", "199.9", 12, "7"), line("Doprava", "99", 21)]


def sums(paper: Invoice | Expense) -> dict[Decimal, tuple[Decimal, Decimal]]:
    return {one.vat_rate: (one.net, one.vat) for one in paper.vat_sums}


@pytest.mark.parametrize("name", ["isdoc", "isdocx", "ubl.xml", "cii.xml", "pdf?embed=isdoc"])
@pytest.mark.parametrize("mode", ["without_vat", "from_total_with_vat"])
def test_what_one_firm_issues_is_the_same_in_the_books_of_another(house: House, name: str, mode: str) -> None:
    invoice = house.issue(lines=LINES, price_mode=mode)
    content = house.download(invoice, name)
    scan_id = house.put(content, f"faktura.{name.partition('?')[0]}")
    house.work()
    expense = house.book(scan_id)

    assert sums(expense) == sums(invoice)
    assert (expense.gross_total, expense.rounding) == (invoice.gross_total, invoice.rounding)
    assert (expense.issued_on, expense.due_on) == (invoice.issued_on, invoice.due_on)
    assert (expense.variable_symbol, expense.iban) == (invoice.variable_symbol, IBAN)
    assert (expense.original_number, expense.seller.vat_no) == (invoice.number, "CZ27074358")
    kept = house.do(house.buyer, lambda books: find_attachment(books, expense, expense.attachments[0].id))
    assert kept.content == content
    assert check(house.service.database, lambda _: None, AUDIT) == []


def test_an_isdoc_of_a_supplier_is_an_expense_by_one_press_in_the_browser(house: House) -> None:
    invoice = house.issue(lines=LINES)
    content = house.download(invoice, "isdoc")
    house.browser.get("/buyer/inbox")
    sent = house.browser.send_file("/buyer/inbox", content=content, filename="faktura.isdoc", under="content")
    assert sent.status_code == 303
    assert "Being read" in house.page("inbox")
    house.work()

    page = house.page("inbox")
    assert all(said in page for said in ("ISDOC", invoice.number, "CZ27074358", "Book it"))
    [scan] = house.do(house.buyer, lambda books: books.all(Expense, INBOX))
    house.book(scan.id)
    assert "The expense was entered." in house.page(f"expenses/{scan.id}")

    # The same file again leads to that expense, and nothing is booked.
    again = house.put(content, "faktura.isdoc")
    house.work()
    page = house.page("inbox")
    assert "This invoice was entered before:" in page
    assert house.browser.post(f"/buyer/inbox/{again}/book").status_code == 409
    assert house.browser.post(f"/buyer/inbox/{again}/attach").status_code == 303
    assert len(house.expense(scan.id).attachments) == 2
    assert house.do(house.buyer, lambda books: books.count(Expense)) == 1


def test_at_the_first_door_a_file_is_told_as_read_and_leaves_the_inbox_as_an_expense(house: House) -> None:
    content = house.download(house.issue(lines=LINES), "ubl.xml").replace(b"25596641", b"12345679")
    scan_id = house.put(content, "faktura.xml")
    house.work()

    [file] = house.ask(house.buyer, "GET", "/inbox_files.json").json
    assert (file["ocr_status"], file["send_to_ocr"]) == ("processed", True)
    page = house.page("inbox")
    assert "The invoice is to somebody else:" in page
    assert "Look at it and book it" in page
    house.book(scan_id, confirmed="yes")
    assert house.ask(house.buyer, "GET", "/inbox_files.json").json == []
    [expense] = house.ask(house.buyer, "GET", "/expenses.json").json
    assert (expense["id"], expense["attachments"][0]["filename"]) == (scan_id, "faktura.xml")


def test_at_the_second_door_a_cost_is_filled_in_by_the_invoice_in_its_pdf(house: House) -> None:
    invoice = house.issue(lines=LINES)
    content = house.download(invoice, "pdf?embed=isdoc")
    head = b'--edge\r\nContent-Disposition: form-data; name="uploads[]"; filename="faktura.pdf"\r\n\r\n'
    answer = house.infakt.simulate_post(
        "/documents/costs/upload.json",
        body=head + content + b"\r\n--edge--\r\n",
        headers={"Content-Type": "multipart/form-data; boundary=edge"},
    )
    uuid = answer.json["entities"][0]["document_scan_uuid"]

    def cost() -> Any:
        return house.infakt.simulate_get(f"/documents/costs/{uuid}.json").json

    names = ("net_price", "tax_price", "gross_price", "currency", "issue_date", "due_date", "seller_tax_code")
    assert {cost()[name] for name in names} == {None}
    house.work()
    got = cost()
    assert got["kind"] == "document_scan"
    assert (got["net_price"], got["tax_price"]) == (int(invoice.net_total * 100), int(invoice.vat_total * 100))
    assert (got["gross_price"], got["currency"]) == (int(invoice.gross_total * 100), "CZK")
    assert (got["issue_date"], got["due_date"]) == (invoice.issued_on.isoformat(), invoice.due_on.isoformat())
    assert (got["seller_tax_code"], got["seller_bank_account"]) == ("CZ27074358", IBAN)
    [scan] = house.do(house.buyer, lambda books: books.all(Expense, INBOX))
    house.book(scan.id)
    assert {name: cost()[name] for name in names} == {name: got[name] for name in names}
    assert cost()["kind"] == "cost"


@pytest.mark.parametrize(
    ("filename", "says"),
    [
        ("isdoc-6.0.2/examples/test001.isdoc", "ISDOC"),
        ("isdoc-6.0.2/examples/test002.isdoc", "ISDOC"),
        ("isdoc-6.0.2/examples/test001.isdoc.pdf", "ISDOC"),
        ("en16931/examples-ubl/ubl-tc434-creditnote1.xml", "UBL"),
        ("en16931/examples-ubl/ubl-tc434-example2.xml", "UBL"),
        ("en16931/examples-ubl/ubl-tc434-example9.xml", "UBL"),
        ("samples-isdoc/credit-note.isdoc", "ISDOC"),
        ("samples-isdoc/final-with-taxed-deposit.isdoc", "ISDOC"),
        ("samples-isdoc/final-with-untaxed-deposit-rounded.isdoc", "ISDOC"),
        ("samples-isdoc/foreign-currency.isdoc", "ISDOC"),
        ("samples-isdoc/reverse-charge-domestic.isdoc", "ISDOC"),
        ("samples-isdoc/non-payer.isdoc", "ISDOC"),
    ],
)
def test_a_file_of_others_is_booked_as_it_tells(house: House, filename: str, says: str) -> None:
    scan_id = house.put((EXAMPLES / filename).read_bytes(), filename.rpartition("/")[2])
    house.work()
    told = house.expense(scan_id).told
    assert told is not None, house.page("inbox")
    assert says in house.page("inbox")

    expense = house.book(scan_id, confirmed="yes")
    assert expense.gross_total == told.total
    assert sum((one.net for one in expense.vat_sums), Decimal(0)) == expense.net_total
    assert expense.vat_total == sum((rate.vat for rate in told.rates), Decimal(0))
    assert check(house.service.database, lambda _: None, AUDIT) == []


BAD = {
    "another XML": (b'<?xml version="1.0"?><Faktura xmlns="urn:x"/>', "processing_rejected", "Faktura urn:x"),
    "one of KSeF": (
        b'<?xml version="1.0"?><Faktura xmlns="http://crd.gov.pl/wzor/2025/06/25/13775/"/>',
        "processing_rejected",
        "not read yet",
    ),
    "one that is cut": (b'<?xml version="1.0"?><Invoice xmlns="http://isdoc.cz/namespace/2013">', None, "damaged"),
    "one that is too large": (
        b'<?xml version="1.0"?><Invoice xmlns="http://isdoc.cz/namespace/2013">' + b" " * (5 << 20) + b"</Invoice>",
        None,
        "too large",
    ),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_what_is_no_e_invoice_says_why_and_stays_in_the_inbox(house: House, bad: tuple[bytes, str | None, str]) -> None:
    content, status, says = bad
    scan_id = house.put(content, "a.xml")
    house.work()

    assert says in house.page("inbox")
    [file] = house.ask(house.buyer, "GET", "/inbox_files.json").json
    assert file["ocr_status"] == (status or "processing_failed")
    assert house.browser.get(f"/buyer/inbox/{scan_id}/book").status_code == 404
    assert house.browser.get(f"/buyer/inbox/{scan_id}/file").data == content


def test_a_document_type_never_gets_into_the_inbox(house: House) -> None:
    attachment = base64.b64encode(b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><Invoice/>').decode()
    given = {"attachment": f"data:text/xml;base64,{attachment}"}

    assert house.ask(house.buyer, "POST", "/inbox_files.json", given).status_code == 422


def test_of_two_bookings_at_once_one_makes_an_expense(house: House) -> None:
    """Of one file, and of the same file that came in twice."""
    content = house.download(house.issue(lines=LINES), "isdoc")
    first, second = house.put(content, "a.isdoc"), house.put(content, "b.isdoc")
    house.work()
    begin, came_out = threading.Barrier(4), []

    def book(scan_id: int) -> None:
        begin.wait()
        try:
            came_out.append(house.do(house.buyer, lambda books: book_scan(books, scan_id)))
        except Refusal as refusal:
            came_out.append(refusal)

    threads = [threading.Thread(target=book, args=(scan_id,)) for scan_id in (first, first, second, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = [one for one in came_out if isinstance(one, Expense)]
    assert len(made) == 1
    assert all(isinstance(one, Expense | NotFound | WrongState) for one in came_out)
    entered = [one for one in house.do(house.buyer, lambda books: books.all(Expense)) if one.progress == "entered"]
    assert [one.id for one in entered] == [made[0].id]
    assert len(house.do(house.buyer, lambda books: books.all(Contact, Selection()))) == 1
    assert check(house.service.database, lambda _: None, AUDIT) == []


def test_a_schema_that_is_broken_is_warned_of_with_its_line(house: House) -> None:
    sample = (SAMPLES / "invoice-two-rates.isdoc").read_bytes()
    broken = re.sub(rb"<VATApplicable>.*?</VATApplicable>", b"<VATApplicable>maybe</VATApplicable>", sample, count=1)
    assert broken != sample
    scan_id = house.do(
        house.buyer, lambda books: add_scan(books, Given({"content": broken, "filename": "a.isdoc", "read": True}))
    ).id
    house.work()

    told = house.expense(scan_id).told
    assert told is not None
    assert any(one.doubt == "breaks_schema" and re.match(r"\d+: ", one.detail) for one in told.warnings)
    assert "The file is not written as its format demands:" in house.page("inbox")
