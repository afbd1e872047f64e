"""Story 15: a name of 200 letters and an amount of eleven digits are cut nowhere."""

from typing import Any

from playwright.sync_api import Page

from faktura.outputs.tests.documents import text_of
from tests import needs
from tests.pages.house import link_of
from tests.pages.looking import Looker
from tests.pages.walk import in_lines
from tests.sandboxes import API, Sandbox

pytestmark = needs.FAKTUROID

NAME = "Wm" * 100
AMOUNT = "99999999999.99"
AS_READ = "99 999 999 999,99"

WIDTHS = (1280, 390, 320)


def test_nothing_is_cut_on_any_page_nor_on_paper(owner: Page, sandbox: Sandbox) -> None:
    account = f"{API}/accounts/applecorp"
    buyer = sandbox.call("POST", f"{account}/subjects.json", {"name": NAME, "email": "wm@firma.example"}).json
    lines = [{"name": NAME, "unit_price": AMOUNT, "vat_rate": 0}]
    made = sandbox.call("POST", f"{account}/invoices.json", {"subject_id": buyer["id"], "lines": lines})
    assert made.status == 201, made.body
    invoice: Any = made.json
    document, contact = f"/applecorp/invoices/{invoice['id']}", f"/applecorp/subjects/{buyer['id']}"
    portal = f"/applecorp/c/{link_of(owner, contact)}"
    told = ["/applecorp/invoices", document, f"{document}/payments/new", contact, portal]
    told.append(invoice["public_html_url"])
    looker = Looker(owner, [])
    wrong: dict[str, list[str]] = {}
    for path in [*told, "/applecorp", f"{document}/send", "/applecorp/subjects", f"{document}/edit"]:
        owner.goto(path)
        if path.endswith("/edit"):
            looker.turn(WIDTHS[0], "light")
            owner.wait_for_selector("#preview .cards")
        if path in told:
            assert AS_READ in owner.locator("main").inner_text().replace("\u00a0", " "), path
        for width in WIDTHS:
            looker.turn(width, "light")
            wrong[path] = [*wrong.get(path, []), *looker.layout()]

    found = in_lines({path: said for path, said in wrong.items() if said})
    assert not found, found
    paper = text_of(owner.context.request.get(f"{invoice['public_html_url']}.pdf").body())
    assert AS_READ in paper.replace("\u00a0", " ")
    assert "".join(paper.split()).count(NAME) == 2
