"""Story 10: the month is chosen, what is confirmed is in every file, and then it is locked."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any, NamedTuple

import openpyxl
import pypdfium2
import pytest
from lxml import etree
from playwright.sync_api import Browser, Locator, Page, expect

from faktura.outputs.e_invoices.checking import faults_in
from faktura.outputs.tests.documents import text_of
from faktura.web.door.lists import ROWS
from tests import needs
from tests.pages.house import sign_in
from tests.running import PATIENCE
from tests.sandboxes import API, Sandbox

pytestmark = needs.FAKTUROID

LIST = "/applecorp/invoices?since=2025-11-01&until=2025-11-30"
ALL = "/applecorp/invoices?since=2025-10-01&until=2025-11-30"
MANY, OF_MONTH = 120, 52
"""Three pages of the list, of which a month takes more than one."""

NAME = "Odběratel, jehož jméno je tak dlouhé, že se na list papíru vejde teprve na dva řádky, akciová společnost"

NUMBER = r"2025-\d{4}"
SHEET = (595, 842)


class Told(NamedTuple):
    """How many documents, and what they come to."""

    numbers: frozenset[str]
    total: Decimal


def of_csv(content: bytes) -> Told:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    return Told(frozenset(row["Číslo"] for row in rows), sum((amount(row["Celkem"]) for row in rows), Decimal()))


def of_xlsx(content: bytes) -> Told:
    heads, *rows = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    columns = {head: place for place, head in enumerate(heads)}
    numbers = frozenset(str(row[columns["Číslo"]]) for row in rows)
    return Told(numbers, sum((Decimal(str(row[columns["Celkem"]])) for row in rows), Decimal()))


def of_pdf(content: bytes) -> Told:
    with pypdfium2.PdfDocument(io.BytesIO(content)) as paper:
        return of_sheets([sheet.get_textpage().get_text_range() for sheet in paper])


def of_zip(content: bytes) -> Told:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        return of_sheets([text_of(files.read(name)) for name in files.namelist()])


def of_sheets(sheets: list[str]) -> Told:
    """Each has one document, whose number and total its text tells."""
    numbers, total = [], Decimal()
    for sheet in sheets:
        [number] = set(re.findall(NUMBER, sheet))
        numbers.append(number)
        total += max(amount(found) for found in re.findall(r"\d{1,3}(?:\s\d{3})*,\d\d(?=\sKč)", sheet))
    assert len(set(numbers)) == len(sheets)
    return Told(frozenset(numbers), total)


def amount(text: str) -> Decimal:
    return Decimal(re.sub(r"[^\d,.-]", "", text).replace(",", "."))


def of_isdoc(content: bytes) -> Told:
    numbers, total = [], Decimal()
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        for name in files.namelist():
            if name.endswith(".isdoc"):
                file = files.read(name)
                assert faults_in(file, "isdoc") == []
                invoice = etree.fromstring(file)
                numbers.append(str(invoice.findtext("{*}ID")))
                total += Decimal(str(invoice.findtext(".//{*}LegalMonetaryTotal/{*}TaxInclusiveAmount")))
    return Told(frozenset(numbers), total)


def of_pohoda(content: bytes) -> Told:
    pack = etree.fromstring(content)
    sums = pack.iterfind(".//{*}invoiceSummary/{*}homeCurrency/*")
    total = sum((Decimal(one.text or "0") for one in sums if not len(one)), Decimal())
    return Told(frozenset(str(item.get("id")) for item in pack), total)


FILES: Mapping[str, Callable[[bytes], Told]] = {
    "csv": of_csv,
    "xlsx": of_xlsx,
    "pdf": of_pdf,
    "zip": of_zip,
    "isdoc": of_isdoc,
    "pohoda": of_pohoda,
}


@pytest.fixture(scope="module")
def month(started: Sandbox) -> Told:
    """November of an account, at a sandbox that is reset once."""
    assert started.reset().status == 200
    path = f"{API}/accounts/applecorp"
    buyer = started.call("POST", f"{path}/subjects.json", {"name": NAME}).json

    def issue(n: int) -> Any:
        lines = [{"name": "Jablka", "unit_price": f"{1000 + n}.5", "vat_rate": 21}]
        day = f"2025-{11 if n < OF_MONTH else 10}-{n % 30 + 1:02}"
        answer = started.call(
            "POST", f"{path}/invoices.json", {"subject_id": buyer["id"], "lines": lines, "issued_on": day}
        )
        assert answer.status == 201, answer.body
        return answer.json

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(issue, range(MANY)))[:OF_MONTH]
    return Told(frozenset(one["number"] for one in made), sum((Decimal(one["total"]) for one in made), Decimal()))


@pytest.fixture
def sandbox(started: Sandbox) -> Sandbox:
    """As it is: the month stays."""
    return started


def choose_all(page: Page, verb: str) -> None:
    page.goto(LIST)
    page.locator("#all").check()
    page.locator("#verb").select_option(verb)
    page.locator("#chosen button").click()
    page.wait_for_url("**/bulk?*")


def confirmed(page: Page) -> tuple[int, Decimal]:
    """Count and sum, as the page before the file says them."""
    cells = page.locator(".sheet tbody tr").first.locator("td")
    return int(cells.nth(0).inner_text()), amount(cells.nth(2).inner_text())


def done(page: Page) -> Locator:
    button = page.locator("#progress .button.main")
    expect(button).to_be_visible(timeout=PATIENCE * 1000)
    return button


@pytest.mark.parametrize("verb", FILES)
def test_what_is_confirmed_is_in_the_file(owner: Page, month: Told, verb: str) -> None:
    choose_all(owner, verb)
    assert confirmed(owner) == (len(month.numbers), month.total)
    owner.locator("main form.form button").click()
    with owner.expect_download() as download:
        done(owner).click()

    assert FILES[verb](download.value.path().read_bytes()) == month


@pytest.mark.parametrize("verb", ["isdoc", "pohoda"])
def test_a_bookkeeper_takes_the_month_to_another_program(accountant: Page, month: Told, verb: str) -> None:
    accountant.goto("/applecorp/export?kind=invoice")
    accountant.get_by_role("link", name="Pro účetní").click()
    accountant.wait_for_url("**/export/accountant?*")
    accountant.locator("#since").fill("2025-11-01")
    accountant.locator("#until").fill("2025-11-30")
    accountant.locator("form.filters button").click()
    accountant.wait_for_url("**since=2025-11-01*")
    assert confirmed(accountant) == (len(month.numbers), month.total)
    accountant.locator("#verb").select_option(verb)
    accountant.locator("main form.form button").click()
    with accountant.expect_download() as download:
        done(accountant).click()

    assert download.value.suggested_filename.startswith("applecorp-2025-11-")
    assert FILES[verb](download.value.path().read_bytes()) == month


def test_a_list_of_many_has_its_heads_on_each_sheet_and_no_column_cut(owner: Page, month: Told) -> None:
    """Story 14: a page of the list is longer than a sheet."""
    owner.emulate_media(color_scheme="dark")
    address, seen = ALL, set()
    while address:
        owner.goto(address)
        seen |= numbers_on_paper(owner.pdf(prefer_css_page_size=True, print_background=True))
        following = owner.locator(".pages a[rel=next]")
        address = following.get_attribute("href") or "" if following.count() else ""

    assert len(seen) == MANY
    assert seen > month.numbers


def numbers_on_paper(paper: bytes) -> set[str]:
    """The documents that stand on the sheets, each of which says what its columns are."""
    with pypdfium2.PdfDocument(io.BytesIO(paper)) as printed:
        assert {tuple(map(round, sheet.get_size())) for sheet in printed} == {SHEET}
        texts = [sheet.get_textpage().get_text_range() for sheet in printed]
        assert len(texts) > 1 or len(re.findall(NUMBER, texts[0])) < ROWS
        assert bytes(printed[0].render(scale=0.5, grayscale=True).buffer).count(255) > SHEET[0] * SHEET[1] // 6
    for text in texts:
        rows = re.findall(NUMBER, text)
        for head in ("Číslo", "Odběratel", "Stav", "Celkem", "Zbývá", "Vystaveno", "Splatnost"):
            assert head in text or not rows, head
        assert text.count("Odběratel, jehož") == len(rows)
    return {number for text in texts for number in re.findall(NUMBER, text)}


@pytest.fixture
def accountant(browser: Browser, owner: Page, sandbox: Sandbox) -> Iterator[Page]:
    """The owner makes an accountant of her."""
    owner.goto("/applecorp/settings/users")
    owner.locator("li", has_text="accountant@applecorp.example").locator("a").first.click()
    owner.locator("[name=permission]").select_option("accountant")
    owner.locator("main form button").first.click()
    owner.wait_for_url("**/settings/users")
    with browser.new_context(base_url=sandbox.server.url) as context:
        context.set_default_timeout(PATIENCE * 1000)
        yield sign_in(context.new_page(), sandbox, "accountant")


def test_an_accountant_locks_them_all_and_edits_none(accountant: Page, owner: Page, month: Told) -> None:
    choose_all(accountant, "lock")
    assert confirmed(accountant) == (len(month.numbers), month.total)
    accountant.locator("main form.form button").click()
    expect(accountant.locator("#progress tbody tr")).to_have_count(OF_MONTH, timeout=PATIENCE * 1000)
    assert {*accountant.locator("#progress tbody td").all_inner_texts()} == {"Hotovo"}

    accountant.locator("#progress tbody a").first.click()
    accountant.wait_for_url(re.compile(r"/invoices/\d+$"))
    document = accountant.url
    assert not accountant.locator("a[href$='/edit'], a[href$='/payments/new'], a[href$='/send']").count()
    statuses = []
    for verb in ("edit", "send", "payments/new"):
        answer = accountant.goto(f"{document}/{verb}")
        statuses.append(answer.status if answer else 0)
    assert statuses == [403] * 3
    owner.goto(document)
    assert not owner.locator("a[href$='/edit']").count()
