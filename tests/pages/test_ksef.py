"""KSeF in the pages of a Polish firm: every state of a document from all sides, sent and taken back with a thumb."""

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection, connection_of
from faktura.core.ksef.mark import LIVE, KsefMark, SendingState
from faktura.core.ksef.sendings import KsefSending
from faktura.core.people.accounts import Account
from faktura.core.people.users import hash_password
from faktura.sandbox.example.firms import fill
from faktura.sandbox.files import EXAMPLE, MANIFEST
from faktura.sandbox.folder import opened
from faktura.store import schema
from faktura.store.records import changed
from faktura.store.transaction import Transaction
from tests import needs
from tests.ksef_firm import BUYER
from tests.pages.conftest import listen
from tests.pages.house import sign_in
from tests.pages.looking import MOST_BYTES, Looker
from tests.pages.walk import from_all_sides, in_lines
from tests.running import PATIENCE, running
from tests.sandboxes import Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT]

OWNER = "owner@jabluszko.example"

NEVER = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
"""When the worker is to look at what stands here."""

STATES: tuple[tuple[SendingState, dict[str, Any]], ...] = (
    ("waiting", {"deadline": NEVER, "mode": "offline24"}),
    ("sent", {}),
    ("accepted", {"ksef_number": "5265877635-20261120-0100001AF629-AF", "upo": b"<Potwierdzenie/>"}),
    (
        "rejected",
        {"code": 450, "text": "Błąd weryfikacji semantyki dokumentu faktury", "details": ("P_13_1: brak", "x" * 200)},
    ),
    ("rejected", {"code": 440, "text": "Duplikat faktury"}),
    ("failed", {"text": "timeout"}),
)


class Desk(NamedTuple):
    """Somebody of the Polish firm, the ids of its documents in the order of STATES, and of one that never set out."""

    page: Page
    said: list[str]
    documents: list[int]
    other: int


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A firm with documents in every state."""
    folder = tmp_path_factory.mktemp("ksef")
    data = folder / "data"
    data.mkdir()
    now = Clock().now()
    (data / MANIFEST).write_text(json.dumps({"web": {"email": OWNER, "password": "ksef"}}))
    with opened(data / EXAMPLE) as database:
        schema.prepare(database)
        database.write(lambda tx: list(fill(Office(tx, now), hash_password("ksef"))))
        *documents, other = database.write(lambda tx: put_all(tx, now))
    with running(folder, "sandbox", "--data", str(data)) as server:
        context = browser.new_context(base_url=server.url, locale="cs-CZ")
        context.set_default_timeout(PATIENCE * 1000)
        said: list[str] = []
        listen(context, said)
        page = sign_in(context.new_page(), Sandbox(server, data), slug="jabluszko")
        yield Desk(page, said, documents, other)
        context.close()


def put_all(tx: Transaction, now: dt.datetime) -> list[int]:
    """A document in each state, and one that never set out."""
    account = tx.get(Account, slug="jabluszko")
    assert account
    books = Books(tx, account, None, now)
    buyer = add_contact(books, Given(BUYER))
    line = Given({"name": "Jabłka", "unit_price": Decimal(100), "vat_rate": Decimal(5)})
    given = Given({"contact_id": buyer.id, "lines": [line]})
    invoices = [issue_invoice(books, given) for _ in (*STATES, None)]
    if (there := connection_of(books)) is not None:
        books.remove(there)
    said = {"environment": "test", "tax_no": "1234563218", "method": "token", "active": True, "receive": False}
    urls = dict.fromkeys(("api_url", "qr_url", "status_url"), "https://ksef.example")
    books.add(KsefConnection, **urls, **(said | {"send_delay": 3600, "checked_at": now}))
    for invoice, (state, values) in zip(invoices, STATES, strict=False):
        put(books, invoice, state, values)
    return [invoice.id for invoice in invoices]


def put(books: Books, invoice: Invoice, state: SendingState, values: dict[str, Any]) -> None:
    said = {"uuid": f"{invoice.id}", "invoice_id": invoice.id, "attempt": 1, "kind": "VAT", "number": invoice.number}
    said |= {"xml": b"<Faktura/>", "digest": "digest", "not_before": NEVER, "next_at": NEVER, "state": state}
    said["environment"] = "test"
    books.add(KsefSending, **(said | {"live_invoice_id": invoice.id if state in LIVE else None} | values))
    mark = KsefMark(state, "https://qr.example/invoice/1", values.get("mode", "online"))
    books.change(invoice, changed(invoice, ksef=mark, ksef_number=values.get("ksef_number")))


def paths(desk: Desk) -> list[str]:
    documents = [f"/jabluszko/invoices/{one}" for one in (*desk.documents, desk.other)]
    lists = [f"/jabluszko/ksef?part={part}" for part in ("under_way", "refused", "accepted")]
    others = ["/jabluszko/invoices", "/jabluszko/invoices?ksef=refused", "/jabluszko/invoices/new", "/jabluszko"]
    return [*documents, *lists, *others]


@pytest.mark.parametrize("language", ["cs", "pl", "en"])
def test_every_state_is_seen_from_all_sides(desk: Desk, language: str) -> None:
    page, looker = desk.page, Looker(desk.page, desk.said)
    speak(page, language)
    wrong: dict[str, list[str]] = {}
    for path in paths(desk):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        found = [*from_all_sides(looker, language), *looker.said]
        if (weight := len(answer.body())) > MOST_BYTES:
            found.append(f"weighs {weight} bytes")
        if found:
            wrong[path] = found
        looker.said.clear()

    assert not wrong, in_lines(wrong)


def speak(page: Page, language: str) -> None:
    page.goto("/me")
    page.locator("[name=language]").select_option(language)
    page.locator("main form button").first.click()
    expect(page.locator("html")).to_have_attribute("lang", language)


def test_with_a_thumb_a_document_is_sent_and_taken_back(desk: Desk) -> None:
    page = desk.page
    speak(page, "pl")
    Looker(page, desk.said).turn(390, "light")
    page.goto(f"/jabluszko/invoices/{desk.other}")
    card = page.locator("#ksef")
    card.get_by_role("button", name="Wyślij do KSeF").click()
    expect(card).to_contain_text("Do tej chwili można ją cofnąć")
    expect(page.get_by_role("status")).to_contain_text("Dokument idzie do KSeF")

    card.get_by_role("button", name="Cofnij wysyłkę").click()
    expect(card).to_contain_text("Nie wysłano do KSeF")


def test_without_scripts_it_is_the_same(browser: Browser, desk: Desk) -> None:
    state = desk.page.context.storage_state()
    site = "/".join(desk.page.url.split("/")[:3])
    with browser.new_context(base_url=site, storage_state=state, java_script_enabled=False) as context:
        page = context.new_page()
        speak(page, "pl")
        page.goto(f"/jabluszko/invoices/{desk.other}")
        page.locator("#ksef").get_by_role("button", name="Wyślij do KSeF").click()
        expect(page.locator("#ksef")).to_contain_text("Do tej chwili można ją cofnąć")
        page.locator("#ksef").get_by_role("button", name="Cofnij wysyłkę").click()
        expect(page.locator("#ksef")).to_contain_text("Nie wysłano do KSeF")
