"""What pages look like: pictures at three widths, compared with those in `pictures/`; `make look` takes them again.

They are half as large as the page, in the 216 colours that each way of counting pixels agrees on.
"""

import datetime as dt
import io
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, Page, expect

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.contact_links import make_contact_link
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.people.users import hash_password
from faktura.sandbox.example.firms import OWNER, fill
from faktura.sandbox.files import EXAMPLE, MANIFEST
from faktura.sandbox.folder import opened
from faktura.store import schema
from faktura.store.queries import Condition, Selection
from faktura.store.transaction import Transaction
from tests import needs
from tests.pages.examples import in_account
from tests.pages.house import sign_in
from tests.running import PATIENCE, running
from tests.sandboxes import Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT]

PICTURES = Path(__file__).parent / "pictures"
TAKEN_AGAIN = os.environ.get("FAKTURA_LOOK") == "1"

NOW = dt.datetime(2035, 3, 15, 1, 30, tzinfo=dt.UTC)
"""Later than any day on which this runs: nothing of the example is due before its clock stands here."""

SIZES = ((1280, 900), (390, 844), (320, 700))
MOST_DIFFERENT = 0.001
"""Of the pixels."""

OF_MEMBERS: Mapping[str, str] = {
    "overview": "/applecorp",
    "documents": "/applecorp/invoices",
    "document": "/applecorp/invoices/{invoice}",
    "editor": "/applecorp/invoices/new",
    "send": "/applecorp/invoices/{invoice}/send",
    "payment": "/applecorp/invoices/{invoice}/payments/new",
    "bulk": "/applecorp/invoices/bulk?verb=pdf&all=yes",
    "contacts": "/applecorp/subjects",
    "contact": "/applecorp/subjects/{contact}",
    "contact-form": "/applecorp/subjects/{contact}/edit",
    "products": "/applecorp/inventory_items",
    "expenses": "/applecorp/expenses",
    "export": "/applecorp/export?since=2035-02-01&until=2035-02-28",
    "settings": "/applecorp/settings",
    "account": "/applecorp/settings/account",
    "bank-accounts": "/applecorp/settings/bank_accounts",
    "people": "/applecorp/settings/users",
    "me": "/me",
    "not-found": "/applecorp/subjects/999999",
}
OF_ANYBODY: Mapping[str, str] = {
    "sign-in": "/sign-in",
    "reset": "/reset",
    "setup": "/setup",
    "public": "/applecorp/p/{token}/{number}",
    "public-polish": "/jabluszko/p/{polish_token}/{polish_number}",
    "portal": "/applecorp/c/" + "s" * 43,
    "panel": "/sandbox/panel",
}


class Gallery(NamedTuple):
    """Pages of the owner and of somebody who is not signed in, and what stands in addresses."""

    owner: Page
    nobody: Page
    names: Mapping[str, str]


@pytest.fixture(scope="module")
def gallery(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """A sandbox whose example begins on the same day each time."""
    folder = tmp_path_factory.mktemp("look")
    data = folder / "data"
    data.mkdir()
    (data / MANIFEST).write_text(json.dumps({"web": {"email": OWNER, "password": "look"}}))
    with opened(data / EXAMPLE) as database:
        schema.prepare(database)
        database.write(lambda tx: list(fill(Office(tx, NOW), hash_password("look"))))
        database.write(open_portal)
    with running(folder, "sandbox", "--data", str(data)) as server:
        sandbox = Sandbox(server, data)
        assert sandbox.control({"clock": NOW.isoformat()}).status == 200
        pages = []
        for _ in range(2):
            context = browser.new_context(base_url=server.url, device_scale_factor=0.5, locale="cs-CZ")
            context.set_default_timeout(PATIENCE * 1000)
            pages.append(context.new_page())
        sign_in(pages[0], sandbox)
        yield Gallery(pages[0], pages[1], names(sandbox))
        for page in pages:
            page.context.close()


def open_portal(tx: Transaction) -> None:
    """Let whoever owes something see all of their documents."""
    account = tx.get(Account, slug="applecorp")
    assert account is not None
    books = Books(tx, account, None, NOW)
    *_, owing = books.all(Invoice, Selection((Condition("left_to_pay", "gt", 0),)))
    make_contact_link(books, owing.contact_id, "s" * 43)


def names(sandbox: Sandbox) -> dict[str, str]:
    asked = "SELECT id, contact_id, token, number FROM invoices WHERE account_id = ? AND left_to_pay > 0 ORDER BY id"
    *_, (invoice, contact, token, number) = in_account(sandbox, "applecorp", asked)
    *_, (_, _, polish, polish_number) = in_account(sandbox, "jabluszko", asked)
    ids = {"invoice": invoice, "contact": contact, "token": token, "number": number}
    return {name: str(value) for name, value in ids.items()} | {
        "polish_token": str(polish),
        "polish_number": str(polish_number).replace("/", "%2F"),
    }


@pytest.mark.parametrize("state", [*OF_MEMBERS, *OF_ANYBODY])
def test_a_page_looks_as_it_did(gallery: Gallery, state: str) -> None:
    page = gallery.owner if state in OF_MEMBERS else gallery.nobody
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto({**OF_MEMBERS, **OF_ANYBODY}[state].format(**gallery.names))
    if page.locator("#preview").count():
        expect(page.locator("#preview")).not_to_be_empty()
    wrong: dict[str, str] = {}
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
        picture = shot.convert("P", palette=Image.Palette.WEB, dither=Image.Dither.NONE)
        file = PICTURES / f"{state}-{width}.png"
        if TAKEN_AGAIN:
            picture.save(file, optimize=True)
        elif (part := difference(picture, file)) > MOST_DIFFERENT:
            wrong[file.name] = f"{part:.2%} differ"

    assert wrong == {}, "make look takes the pictures again"


def difference(picture: Image.Image, file: Path) -> float:
    """The part of the pixels that are not those of the file; all of them where sizes differ."""
    kept = Image.open(file).convert("RGB")
    if kept.size != picture.size:
        return 1
    told = ImageChops.difference(picture.convert("RGB"), kept).convert("L")
    return 1 - told.histogram()[0] / (told.width * told.height)
