"""The editor of documents in a browser with scripts: by keyboard alone, never twice, and nothing typed is lost."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.catalogue import add_product
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.documents.numbering import next_number
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.core.names import sought
from faktura.core.people.users import add_user, join
from faktura.store.database import Database, open_database
from faktura.store.transaction import Transaction
from tests import needs
from tests.firm import PASSWORD, open_firm
from tests.pages.house import sign_in_as
from tests.running import end, start, wait_until_open
from tests.sandboxes import API

pytestmark = needs.FAKTUROID

NEW = "/applecorp/invoices/new"
DRAFTS = "/applecorp/invoices/drafts"

MANY = 10_000

KEYS_A_SECOND, MOST_SECONDS = 5, 40

T = TypeVar("T")


class Shop:
    """A firm with ten thousand contacts whose server is started, and may be killed and started again."""

    def __init__(self, database: Database, folder: Path) -> None:
        said: dict[str, Any] = {"street": "Krátká 2", "city": "Praha", "postcode": "110 00"}
        said |= {"registration_no": "27082440", "vat_no": "CZ27082440"}
        self.clock = Clock()
        self.firm = open_firm(database, self.clock, **said)
        self.database, self.folder = database, folder
        database.write(self.fill)
        self.settings = {
            "FAKTURA_DATABASE_URL": database.url.render_as_string(),
            "FAKTURA_SMTP_URL": "smtp://127.0.0.1:9?from=a@b.example",
        }
        self.server = start(folder, "serve", settings=self.settings)
        wait_until_open(self.server)

    def fill(self, tx: Transaction) -> None:
        books = Books(tx, self.firm.account, self.firm.user.id, self.clock.now())
        add_bank_account(books, Given({"name": "Hlavní", "number": "19-2000145399/0800"}))
        for name, price in (("Konzultace", 1500), ("Kontrola", 250)):
            add_product(books, Given({"name": name, "unit_net_price": Decimal(price), "vat_rate": Decimal(21)}))
        one = add_contact(books, Given({"name": "Pivovar Orlice", "due_days": 30}))
        ids = books.next_ids(Contact, MANY)
        names = ((n, f"Odběratel {n}") for n in ids)
        tx.insert_all(
            [
                msgspec.structs.replace(one, id=n, name=name, sought_name=sought(name), uuid=f"{n:032}")
                for n, name in names
            ]
        )
        eva = add_user(Office(tx, books.now), "eva@applecorp.example", "Eva", self.firm.user.password_hash, "cs")
        join(books, eva, "write")

    def do(self, work: Callable[[Books], T]) -> T:
        firm, now = self.firm, self.clock.now()
        return self.database.read(lambda tx: work(Books(tx, firm.account, firm.user.id, now)))

    @property
    def numbers(self) -> list[str]:
        return self.do(lambda books: [invoice.number for invoice in books.all(Invoice)])

    @property
    def next_number(self) -> str:
        return self.do(lambda books: next_number(books, "invoice", books.today))

    def kill(self) -> None:
        """Without a word of farewell, and start it again at the same address."""
        self.server.kill()
        end(self.server.process)
        self.server = start(self.folder, "serve", port=self.server.port, settings=self.settings)
        wait_until_open(self.server)


@pytest.fixture(scope="module")
def shop(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("editor")
    file = folder / "faktura.sqlite"
    file.write_bytes(sqlite_template.read_bytes())
    database = open_database(f"sqlite:///{file}")
    shop = Shop(database, folder)
    yield shop
    end(shop.server.process)
    database.close()


@pytest.fixture
def site(shop: Shop) -> str:
    return shop.server.url


@pytest.fixture
def owner(page: Page, shop: Shop) -> Page:
    return sign_in_as(page, shop.firm.user.email, PASSWORD)


def choose_customer(page: Page) -> None:
    """Three letters, and the best that fits."""
    expect(page.locator("#contact_id")).to_be_focused()
    page.keyboard.type("piv")
    expect(page.locator("#contact_id")).to_have_attribute("aria-activedescendant", re.compile("option-0"))
    page.keyboard.press("Enter")
    expect(page.locator("#contact_id")).to_have_value("Pivovar Orlice")


def choose_product(page: Page, place: int, letters: str, name: str) -> None:
    """The caret is in the quantity then, and the price is filled in."""
    field = page.locator(f"#lines-{place}-name")
    page.keyboard.type(letters)
    expect(field).to_have_attribute("aria-activedescendant", re.compile("option-0"))
    page.keyboard.press("Enter")
    expect(field).to_have_value(name)
    expect(page.locator(f"#lines-{place}-quantity")).to_be_focused()


def go_to(page: Page, field: str) -> None:
    while page.evaluate("document.activeElement.id") != field:
        page.keyboard.press("Tab")


def type_line(page: Page, *texts: str) -> None:
    """Name, quantity, unit and price, each left by Enter; VAT and discount stay as they are."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def slowly(page: Page) -> Callable[[Route], None]:
    """Over a line that takes half a second."""

    def answer(route: Route) -> None:
        page.wait_for_timeout(500)
        route.continue_()

    return answer


COUNT = """
for (const name of ["keydown", "pointerdown", "mousedown", "click"])
  addEventListener(name, (event) => {
    if (name !== "click" || event.detail) sessionStorage[name] = Number(sessionStorage[name] || 0) + 1;
  }, true);
"""
"""Counted through all pages; a click that a key makes has no detail."""


def test_a_document_is_issued_by_keyboard_alone_among_ten_thousand_contacts(page: Page, shop: Shop) -> None:
    """Story 2; by mouse it is in test_without_scripts.py."""
    expected, before = shop.next_number, shop.numbers
    page.add_init_script(COUNT)
    page.goto("/sign-in")
    expect(page.locator("[name=email]")).to_be_focused()
    page.keyboard.type(shop.firm.user.email)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.keyboard.press("n")
    page.wait_for_url(f"**{NEW}?kind=invoice")
    choose_customer(page)
    expect(page.locator("#due_days-hint")).to_contain_text("30")
    go_to(page, "lines-0-name")
    choose_product(page, 0, "konz", "Konzultace")
    type_line(page, "3", "h", "")
    expect(page.locator("#lines-1-name")).to_be_focused()
    choose_product(page, 1, "kontr", "Kontrola")
    type_line(page, "", "", "3*450+20")
    page.keyboard.type("Sleva")
    go_to(page, "lines-2-unit_price")
    page.keyboard.type("-21,50")

    for part in (page.locator("#totals"), page.locator("#preview")):
        expect(part).to_contain_text("7 076,69 Kč".replace(" ", "\u00a0"))
    expect(page.locator("#lines-2-unit_price")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#lines-1-name")).to_have_value("Sleva")
    expect(page.locator("#lines-1-unit_price")).to_be_focused()
    expect(page.locator("#lines-3-name")).to_have_value("")
    page.keyboard.press("Control+Enter")

    expect(page.locator("h1")).to_contain_text(expected)
    [issued] = shop.do(lambda books: [one for one in books.all(Invoice) if one.number not in before])
    assert (issued.number, issued.gross_total) == (expected, Decimal("7076.69"))
    assert [one.name for one in issued.lines] == ["Konzultace", "Sleva", "Kontrola"]
    counted: dict[str, str] = page.evaluate("({...sessionStorage})")
    assert int(counted.pop("keydown")) <= KEYS_A_SECOND * MOST_SECONDS
    assert counted == {}


def test_what_is_pressed_twice_is_issued_and_sent_once(owner: Page, context: BrowserContext, shop: Shop) -> None:
    """Story 4. To a customer who is added with the document, also once."""
    before = shop.numbers
    owner.goto(NEW)
    expect(owner.locator("#contact_id")).to_be_focused()
    owner.keyboard.type("Nováček")
    expect(owner.get_by_role("option", name="Nováček")).to_be_visible()
    owner.keyboard.press("Enter")
    expect(owner.locator("[id='new_contact.name']")).to_have_value("Nováček")
    owner.locator("[id='new_contact.email']").fill("novacek@firma.example")
    go_to(owner, "lines-0-name")
    type_line(owner, "Ležák", "1", "", "100")
    context.route(f"**{NEW}", slowly(owner))
    owner.locator("[name=then]").dblclick()
    owner.wait_for_url("**/send")
    context.route("**/send", slowly(owner))
    owner.locator("main form [type=submit], main form.form .actions button").first.dblclick()
    owner.wait_for_url(re.compile(r"/invoices/\d+#timeline$"))
    owner.go_back()
    owner.go_back()
    expect(owner.locator("#lines-0-name")).to_have_value("")
    go_to(owner, "lines-0-name")
    owner.keyboard.press("Control+Enter")
    expect(owner.locator("#wrong")).to_be_focused()

    assert len(shop.numbers) == len(before) + 1
    letters = shop.do(lambda books: books.all(Message))
    assert [letter.recipient for letter in letters] == ["novacek@firma.example"]
    assert [one.name for one in shop.do(lambda books: books.all(Contact)) if one.name == "Nováček"] == ["Nováček"]


def test_what_was_typed_outlives_browser_and_server_and_no_program_sees_it(
    owner: Page, context: BrowserContext, shop: Shop
) -> None:
    """Story 3."""
    before, expected = shop.numbers, shop.next_number
    owner.goto(NEW)
    choose_customer(owner)
    go_to(owner, "lines-0-name")
    for n in range(1, 8):
        type_line(owner, f"Položka {n}", "1", "", str(n))
    expect(owner.locator("#kept")).to_contain_text("Koncept uložen")
    owner.close()
    shop.kill()

    page = context.new_page()
    page.goto(DRAFTS)
    page.locator("tbody a").first.click()
    expect(page.locator("#lines-6-name")).to_have_value("Položka 7")
    expect(page.locator("#contact_id")).to_have_value("Pivovar Orlice")
    assert (shop.numbers, shop.next_number) == (before, expected)
    bearer = {"Authorization": f"Bearer {shop.firm.token}"}
    seen: Any = shop.server.ask("GET", f"{API}/accounts/applecorp/invoices.json", headers=bearer).json
    assert sorted(one["number"] for one in seen) == sorted(before)
    page.locator("#contact_id").press("Control+Enter")
    expect(page.locator("h1")).to_contain_text(expected)
    assert shop.numbers == [*before, expected]
    page.goto(DRAFTS)
    expect(page.locator("tbody a")).to_have_count(0)


def test_what_is_not_kept_yet_is_kept_when_the_page_is_left(owner: Page) -> None:
    """In a narrow window, which loads no preview."""
    owner.set_viewport_size({"width": 1199, "height": 900})
    owner.goto(NEW)
    choose_customer(owner)
    go_to(owner, "lines-0-name")
    owner.keyboard.type("Na poslední chvíli")
    expect(owner.locator("#preview")).to_be_empty()
    owner.goto("/applecorp/subjects")
    owner.goto(DRAFTS)
    while not owner.locator("tbody a").count():
        owner.reload()
    owner.locator("tbody a").first.click()
    expect(owner.locator("#lines-0-name")).to_have_value("Na poslední chvíli")


def test_two_people_change_one_document(owner: Page, shop: Shop) -> None:
    """Story 5."""
    made = shop.do(lambda books: books.all(Invoice))[-1]
    edit = f"/applecorp/invoices/{made.id}/edit"
    browser = owner.context.browser
    assert browser is not None
    with browser.new_context(base_url=shop.server.url) as context:
        eva = sign_in_as(context.new_page(), "eva@applecorp.example", PASSWORD)
        for page in (owner, eva):
            page.goto(edit)
            page.locator("details.more > summary").click()
        save(eva, note="Eva", order_number="77")
        eva.wait_for_url(f"**/{made.id}")
        save(owner, note="Jan", variable_symbol="2026123")
    expect(owner.locator("#wrong")).to_be_focused()
    expect(owner.locator("#note-wrong")).to_contain_text("Eva")
    expect(owner.locator("#note")).to_have_value("Jan")
    expect(owner.locator("#order_number")).to_have_value("77")
    save(owner)
    owner.wait_for_url(f"**/{made.id}")

    kept = shop.do(lambda books: books.find(Invoice, made.id))
    assert (kept.note, kept.order_number, kept.variable_symbol) == ("Jan", "77", "2026123")
    history = shop.do(lambda books: [(one.user_id, (one.details or {}).get("note")) for one in books.all(Happening)])
    assert [notes for _, notes in history if notes] == [(None, "Eva"), ("Eva", "Jan")]
    assert len({person for person, notes in history if notes}) == 2
    expect(owner.locator("#timeline")).to_contain_text("Eva → Jan")


def save(page: Page, **texts: str) -> None:
    """What of a document that the customer may have is changed is confirmed where that is asked."""
    for name, text in texts.items():
        page.locator(f"#{name}").fill(text)
    if page.locator("#confirmed").count():
        page.locator("#confirmed").check()
    page.locator("[data-main]").click()
