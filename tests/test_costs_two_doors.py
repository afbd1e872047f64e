"""The papers of a firm become costs: told at two doors, read in the pages, and sent out by real mail."""

import base64
import io
import re
import zipfile
from html import unescape
from typing import Any

import pytest
from falcon import testing

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.people.api_keys import add_api_key
from faktura.core.received.accounting import account_for
from faktura.core.received.compose import compose_expense
from faktura.core.received.find import find_paper
from faktura.dialects import installed
from faktura.jobs import Reach, handlers
from faktura.outputs.mail.server import read_mail_server
from faktura.outputs.printing.printer import Printer
from faktura.outputs.words.words import events_in
from faktura.sandbox.example.days import line
from faktura.sandbox.example.drawn import invoice_of, receipt
from faktura.store.database import Database
from faktura.web import application
from faktura.web.tests.conftest import Browser, in_books
from faktura.web.tests.test_inbox import upload as upload_in_pages
from faktura.web.tests.typed_forms import forms_of
from faktura.wire.service import Service
from faktura.worker import Worker
from tests import needs
from tests.built_once import built_once
from tests.firm import Firm, open_firm
from tests.mail_double import mail_server

DIALECTS = {dialect.name: dialect for dialect in installed()}

pytestmark = [needs.FAKTUROID, needs.INFAKT]

EN = events_in("en")

NOBODY = "00000000-0000-4000-8000-000000000000"

VERBS: dict[str, tuple[str, dict[str, Any]]] = {
    "paid": ("PUT", {}),
    "unpaid": ("PUT", {}),
    "update_file_name": ("PUT", {"file_name": "nowa nazwa"}),
    "assign_cost_category": ("POST", {"cost_category_id": 9}),
    "create_note": ("POST", {"content": "Za co to?"}),
    "destroy": ("DELETE", {}),
}


class House:
    """A Polish firm at both doors and in the pages, a worker, and a mail server."""

    def __init__(self, service: Service, firm: Firm, key: str) -> None:
        self.service, self.firm = service, firm
        fakturoid, infakt = (built_once(DIALECTS[name].application, service) for name in ("fakturoid", "infakt"))
        bearer = {"Authorization": f"Bearer {firm.token}", "User-Agent": "Tests (tests@faktura.example)"}
        self._fakturoid = testing.TestClient(fakturoid, headers=bearer)
        self._infakt = testing.TestClient(infakt, headers={"X-inFakt-ApiKey": key})
        self.browser = Browser(application(service))
        self.browser.sign_in(firm.user.email)
        supplier = {"name": "Tartak Sosna", "vat_no": "5250951294", "street": "Borowa 1", "city": "Kielce"}
        self.supplier = in_books(service, firm, lambda books: add_contact(books, Given(supplier)))

    def fakturoid(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._fakturoid.simulate_request(method, f"/accounts/applecorp{path}", json=body)
        assert answer.status_code < 300, answer.text
        return answer.json if answer.content else None

    def infakt(self, method: str, path: str, body: Any = None, **more: Any) -> Any:
        answer = self._infakt.simulate_request(method, f"/documents/costs{path}", json=body, **more)
        assert answer.status_code < 300, answer.text
        return answer.json

    def many(self, verb: str, *uuids: str, **said: Any) -> Any:
        method, usual = VERBS[verb]
        return self.infakt(method, f"/{verb}_many.json", usual | said | {"uuids": ",".join(uuids)})

    def upload(self, name: str, content: bytes) -> str:
        """At the second door; the uuid of the scan."""
        head = f'--edge\r\nContent-Disposition: form-data; name="uploads[]"; filename="{name}"\r\n\r\n'.encode()
        answer = self._infakt.simulate_post(
            "/documents/costs/upload.json",
            body=head + content + b"\r\n--edge--\r\n",
            headers={"Content-Type": "multipart/form-data; boundary=edge"},
        )
        [entity] = answer.json["entities"]
        assert entity["success"], answer.text
        uuid: str = entity["document_scan_uuid"]
        return uuid

    def cost(self, uuid: str) -> Any:
        return self.infakt("GET", f"/{uuid}.json")

    def statuses(self, uuid: str) -> list[str]:
        return [status["symbol"] for status in self.cost(uuid)["statuses"]]

    def page(self, path: str) -> str:
        """What a person reads on it."""
        answer = self.browser.get(f"/applecorp/{path}")
        assert answer.status_code == 200, path
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\u00a0", " ").split())

    def send(self, path: str, **typed: str) -> None:
        """The form of a page, filled in as far as it is not filled in already."""
        form = max(forms_of(self.browser.get(f"/applecorp/{path}").text), key=lambda one: len(one.fields))
        answer = self.browser.post(f"/applecorp/{path}", **(dict(form.fields) | form.shown | typed))
        assert answer.status_code == 303, re.findall(r"<li><a href=.#.*", answer.text)

    def invoice(self, number: str, price: int = 1000) -> bytes:
        """A real PDF of the supplier's, with real text in it."""

        def drawn(books: Books) -> bytes:
            lines = [line("Deski", "2", price, "m3", rate=23)]
            given = Given({"contact_id": self.supplier.id, "lines": lines, "original_number": number})
            return invoice_of(compose_expense(books, given).expense, books.account)

        return in_books(self.service, self.firm, drawn)

    def work(self, lane: str = "reading", port: int = 0) -> None:
        reach = Reach(mail_server=read_mail_server(f"smtp://127.0.0.1:{port}?from=posta@house.example"))
        worker = Worker(self.service.database, self.service.clock, handlers(), reach)
        while worker.do_next(lane):
            pass

    def happened(self, paper_id: int) -> list[str]:
        found = in_books(self.service, self.firm, lambda books: books.all(Happening))
        return [one.name for one in found if (one.kind, one.record_id) == ("expenses", paper_id)]


@pytest.fixture
def house(database: Database, printer: Printer) -> House:
    clock = Clock()
    service = Service(database, clock, "http://faktura.example", printer=printer, secret_key="of tests")
    said: dict[str, Any] = {"country": "PL", "currency": "PLN", "vat_rate": 23, "language": "en"}
    firm = open_firm(database, clock, **said, street="Krótka 2", city="Warszawa", vat_no="5252248481")
    scopes = ("api:costs:read", "api:costs:write")
    key = database.write(lambda tx: add_api_key(Office(tx, clock.now()), firm.account, firm.user, "tests", scopes))
    return House(service, firm, key)


def test_a_scan_is_asked_about_read_and_entered_as_a_cost(house: House) -> None:
    uuid = house.upload("FV-118.pdf", house.invoice("FV/118/2026"))
    assert house.cost(uuid)["kind"] == "document_scan"
    [waiting] = house.fakturoid("GET", "/inbox_files.json")
    assert (waiting["filename"], waiting["ocr_status"]) == ("FV-118.pdf", "created")
    assert "FV-118.pdf" in house.page("inbox")

    # It is sorted and asked about before anybody enters it.
    assert house.many("assign_cost_category", uuid, cost_category_id=25)["success"]
    house.send(f"inbox/{waiting['id']}/accounting", accounting="to_clarify", content="Dla kogo te deski?")
    asked = house.cost(uuid)
    assert (asked["category"], asked["newest_note"]["content"]) == (
        "Zakup towarów i/lub materiałów",
        "Dla kogo te deski?",
    )
    assert house.statuses(uuid) == ["to_clarify", "payment_not_applicable"]
    house.many("create_note", uuid, content="Na nową szopę.")
    page = house.page("inbox")
    assert all(words in page for words in ("Dla kogo te deski?", "Na nową szopę.", "To be cleared up"))

    # It is read, and the form of the cost says what the paper says.
    house.work()
    assert house.fakturoid("GET", "/inbox_files.json")[0]["ocr_status"] == "processed"
    form = f"expenses/new?scan={waiting['id']}"
    assert 'value="FV/118/2026"' in house.browser.get(f"/applecorp/{form}").text
    seen = house.browser.get(f"/applecorp/expenses/{waiting['id']}/picture")
    assert (seen.status_code, seen.content_type, seen.data[:4]) == (200, "image/png", b"\x89PNG")
    house.send(form, description="Deski na szopę")

    # One row is a cost here and an expense there, in the words of each.
    cost = house.cost(uuid)
    [expense] = house.fakturoid("GET", "/expenses.json")
    assert house.fakturoid("GET", "/inbox_files.json") == []
    assert (cost["kind"], cost["number"], cost["source"]) == ("cost", "FV/118/2026", "upload")
    assert (cost["net_price"], cost["tax_price"], cost["gross_price"]) == (200000, 46000, 246000)
    assert (expense["original_number"], expense["total"]) == ("FV/118/2026", "2460.0")
    assert (cost["seller_name"], expense["supplier_name"]) == ("Tartak Sosna",) * 2
    assert [file["file_name"] for file in cost["attachments"]] == [file["filename"] for file in expense["attachments"]]
    assert (cost["issue_date"], cost["due_date"]) == (expense["issued_on"], expense["due_on"])
    assert [note["content"] for note in cost["notes"]] == ["Dla kogo te deski?", "Na nową szopę."]
    here = f"expenses/{expense['id']}"
    page = house.page(here)
    assert all(
        words in page for words in ("FV/118/2026", "Zakup towarów i/lub materiałów", "Na nową szopę.", "2,460.00")
    )


def test_a_cost_is_paid_at_two_doors_and_corrected(house: House) -> None:
    uuid, here = _bought(house)
    assert house.many("paid", uuid, received_amount=100000)["success"]
    assert house.statuses(uuid)[1] == "partial_payment"
    assert "Paid in part" in house.page(here)
    house.fakturoid("POST", f"/{here}/payments.json", {"amount": "1460"})
    assert house.statuses(uuid)[1] == "paid"
    assert house.fakturoid("GET", f"/{here}.json")["status"] == "paid"

    assert house.many("unpaid", uuid)["success"]
    [row] = house.fakturoid("GET", f"/{here}.json")["lines"]
    house.fakturoid("PATCH", f"/{here}.json", {"lines": [{"id": row["id"], "unit_price": "1800"}]})
    corrected = house.cost(uuid)
    assert (corrected["gross_price"], house.statuses(uuid)[1]) == (221400, "unpaid")
    house.send(f"{here}/accounting", accounting="accounted")
    assert house.statuses(uuid) == ["cost_accounted", "unpaid"]
    assert house.cost(uuid)["accounted_at"] == house.service.clock.now().date().isoformat()
    assert "In the books" in house.page(here)


def test_what_is_in_the_books_is_deleted_only_where_that_is_said(house: House) -> None:
    uuid, here = _bought(house)
    house.send(f"{here}/accounting", accounting="accounted")
    paper_id = _id_of(house, uuid)

    assert house.many("destroy", uuid)["entities"] == [{"uuid": uuid, "number": "FV/118/2026", "status": "failure"}]
    assert house.many("destroy", uuid, allow_correction=True)["success"]
    assert house.infakt("GET", ".json")["entities"] == house.fakturoid("GET", "/expenses.json") == []
    assert house.browser.get(f"/applecorp/{here}").status_code == 404
    names = house.happened(paper_id)
    assert (names[0], names[-1]) == ("scan_added", "expense_deleted")
    assert {"scan_read", "expense_entered", "expense_changed"} <= set(names)
    assert all(words in house.page("history") for words in (EN["expense_entered"], EN["expense_deleted"]))


def test_what_pages_and_the_first_door_enter_are_costs_too(house: House) -> None:
    answer = upload_in_pages(house.browser, house.invoice("FV/1"), "FV-1.pdf")
    assert answer.status_code == 303
    house.work()
    picture = base64.b64encode(receipt(("PARAGON", ""), ("SUMA PLN", "12,30"))).decode()
    house.fakturoid("POST", "/inbox_files.json", {"attachment": f"data:image/png;base64,{picture}"})
    subject = {"subject_id": house.supplier.id, "lines": [{"name": "Gwoździe", "unit_price": "10", "vat_rate": 23}]}
    house.fakturoid("POST", "/expenses.json", subject | {"original_number": "FV/2"})

    costs = house.infakt("GET", ".json")["entities"]
    assert [(cost["kind"], cost["number"], cost["source"]) for cost in costs] == [
        ("cost", "FV/2", "infakt"),
        ("document_scan", "attachment.png", "upload"),
        ("document_scan", "FV-1.pdf", "upload"),
    ]
    listed = house.page("expenses")
    assert "FV/2" in listed
    assert "FV-1.pdf" not in listed


@pytest.mark.parametrize("verb", VERBS)
def test_what_is_done_to_many_is_done_to_all_but_the_one_that_it_cannot_be_done_to(house: House, verb: str) -> None:
    """Its uuid stands in the middle, with one that nobody has."""
    good, bad, more = (house.upload(f"{n}.pdf", house.invoice(f"FV/{n}")) for n in range(3))
    scans = {file["filename"]: file["id"] for file in house.fakturoid("GET", "/inbox_files.json")}
    entered = [bad] if verb == "assign_cost_category" else [good, more] if verb in {"paid", "unpaid"} else [bad]
    for uuid in entered:
        _enter(house, scans[f"{[good, bad, more].index(uuid)}.pdf"], uuid)
    if verb == "unpaid":
        house.many("paid", good, more)
    if verb not in {"paid", "unpaid", "assign_cost_category"}:
        _make_refuse(house, bad, verb)
    before = house.cost(bad), house.happened(_id_of(house, bad))

    result = house.many(verb, good, NOBODY, bad, more)

    assert result["success"] is False
    assert [(entity["uuid"], entity["status"]) for entity in result["entities"]] == [
        (good, "success"),
        (bad, "failure"),
        (more, "success"),
    ]
    assert (house.cost(bad), house.happened(_id_of(house, bad))) == before


def test_files_of_costs_go_out_by_mail_in_a_zip(house: House) -> None:
    papers = {f"FV-{n}.pdf": house.invoice(f"FV/{n}") for n in range(3)}
    uuids = [house.upload(name, content) for name, content in papers.items()]
    answer = house.infakt("GET", "/download_many.json", query_string=f"uuids={','.join([*uuids, NOBODY])}")
    assert answer == {"message": "OK"}

    with mail_server() as room:
        house.work("mail", room.port)
    [letter] = room.emails
    assert letter["To"] == house.firm.user.email
    [packed] = letter.iter_attachments()
    with zipfile.ZipFile(io.BytesIO(packed.get_content())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == papers


def _bought(house: House) -> tuple[str, str]:
    """The uuid of a cost, and where it is an expense."""
    uuid = house.upload("FV-118.pdf", house.invoice("FV/118/2026"))
    _enter(house, _id_of(house, uuid), uuid)
    return uuid, f"expenses/{_id_of(house, uuid)}"


def _enter(house: House, scan_id: int, uuid: str) -> None:
    house.browser.get("/applecorp/inbox")
    house.browser.post(f"/applecorp/inbox/{scan_id}/read")
    house.work()
    house.send(f"expenses/new?scan={scan_id}")
    assert house.cost(uuid)["kind"] == "cost"


def _make_refuse(house: House, uuid: str, verb: str) -> None:
    """A paper that the verb cannot be done to: it is locked, in the books, or has all notes that one may have."""
    if verb == "update_file_name":
        house.fakturoid("POST", f"/expenses/{_id_of(house, uuid)}/fire.json?event=lock")
    elif verb == "destroy":
        in_books(house.service, house.firm, lambda books: account_for(books, find_paper(books, uuid), "accounted"))
    else:
        for number in range(100):
            house.many("create_note", uuid, content=f"Notatka {number}")


def _id_of(house: House, uuid: str) -> int:
    return in_books(house.service, house.firm, lambda books: find_paper(books, uuid)).id
