"""What is true of every page: its headers, its errors, no script, its languages."""

import datetime as dt
import gzip
import logging
import re
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from faktura import web
from faktura.core.clock import Clock
from faktura.core.contact_links import make_contact_link
from faktura.core.contacts import Contact
from faktura.core.errors import Given, InUse, Invalid, LimitReached, Refusal, WrongState
from faktura.core.generators.change import add_generator
from faktura.core.inventory.items import add_item
from faktura.core.papers.enter import enter_paper
from faktura.core.papers.record import Paper
from faktura.core.people.accounts import RESERVED
from faktura.core.people.applications import register_application
from faktura.core.people.users import Language
from faktura.core.proposals.deeds import AddContact
from faktura.core.proposals.record import Proposal
from faktura.core.proposals.verbs import Outcome, propose
from faktura.store.chance import SYSTEM
from faktura.store.database import Database
from faktura.web.door.people import OPEN
from faktura.web.tests.conftest import Browser, add, enter, in_books, in_office, issue
from faktura.wire.service import Service
from tests import needs
from tests.any_value import FOREIGN_DIGITS
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE

TEMPLATES = Path(web.__file__).parent / "templates"

WITHOUT_IDS = {
    "home": "/me/accounts",
    "contacts": "/applecorp/subjects",
    "overview": "/applecorp",
    "invoices": "/applecorp/invoices",
    "papers": "/applecorp/papers",
    "KSeF": "/applecorp/ksef",
    "new contact": "/applecorp/subjects/new",
    "contacts brought in": "/applecorp/subjects/import",
    "settings": "/applecorp/settings",
    "settings of the firm": "/applecorp/settings/account",
    "settings of the look": "/applecorp/settings/look",
    "settings of numbers": "/applecorp/settings/numbers",
    "new format": "/applecorp/settings/numbers/new",
    "settings of bank accounts": "/applecorp/settings/bank_accounts",
    "new bank account": "/applecorp/settings/bank_accounts/new",
    "settings of people": "/applecorp/settings/users",
    "invitation": "/applecorp/settings/users/invite",
    "rights": "/applecorp/settings/users/1",
    "leaving": "/applecorp/settings/users/1/remove",
    "forgotten password": "/reset",
    "settings of mail": "/applecorp/settings/mail",
    "integrations": "/applecorp/settings/integrations",
    "requests of programs": "/applecorp/settings/requests",
    "webhooks": "/applecorp/settings/webhooks",
    "new webhook": "/applecorp/settings/webhooks/new",
    "shutting out": "/applecorp/settings/integrations/1/1/shut-out",
    "settings of e-invoices": "/applecorp/settings/e-invoices",
    "settings of KSeF": "/applecorp/settings/ksef",
    "certificate for KSeF": "/applecorp/settings/ksef/certificate",
    "token for KSeF": "/applecorp/settings/ksef/token",
    "certificate for working offline": "/applecorp/settings/ksef/offline",
    "end of a connection to KSeF": "/applecorp/settings/ksef/disconnect",
    "settings of texts": "/applecorp/settings/texts",
    "settings of bookkeeping": "/applecorp/settings/bookkeeping",
    "settings of reminders": "/applecorp/settings/reminders",
    "new step of reminders": "/applecorp/settings/reminders/new",
    "step of reminders": "/applecorp/settings/reminders/2",
    "text of a reminder": "/applecorp/settings/reminders/2/texts/cs",
    "removal of a reminder": "/applecorp/settings/reminders/2/remove",
    "set-up of money": "/setup/money",
    "set-up of the look": "/setup/look",
    "history": "/applecorp/history",
    "todos": "/applecorp/todos",
    "proposals": "/applecorp/proposals",
    "products": "/applecorp/inventory_items",
    "expenses": "/applecorp/expenses",
    "new expense": "/applecorp/expenses/new",
    "expenses together": "/applecorp/expenses/together",
    "inbox": "/applecorp/inbox",
    "check of a file": "/applecorp/inbox/check",
    "received from KSeF": "/applecorp/inbox/ksef",
    "new product": "/applecorp/inventory_items/new",
    "recurring documents": "/applecorp/recurring_generators",
    "templates": "/applecorp/generators",
    "new template": "/applecorp/generators/new",
    "new recurring document": "/applecorp/recurring_generators/new",
    "export": "/applecorp/export?part=all",
    "export for the accountant": "/applecorp/export/accountant?since=2000-01-01&until=2100-01-01&invoices=yes",
    "new document": "/applecorp/invoices/new",
    "drafts": "/applecorp/invoices/drafts",
    "me": "/me",
    "password": "/me/security",
    "browsers": "/me/sessions",
    "API keys": "/me/keys",
    "new API key": "/me/keys/new",
    "applications": "/me/applications",
    "new application": "/me/applications/new",
    "another secret": "/me/applications/1/secret",
    "end of an application": "/me/applications/1/end",
    "shortcuts": "/me/shortcuts",
    "search": "/applecorp/search?query=karel",
}
"""Pages of the owner that are about no record."""


def repeat(service: Service, firm: Firm, contact: Contact) -> int:
    """The id of what issues every month."""
    plan = {"name": "Nájem", "recurring": True, "start_on": dt.date(2099, 1, 31), "months": 1}
    return in_books(service, firm, lambda books: add_generator(books, Given(plan | {"contact_id": contact.id}))).id


def written_down(service: Service, firm: Firm) -> Paper:
    values = {"lines": [Given({"unit_price": Decimal(100)})]}
    return in_books(service, firm, lambda books: enter_paper(books, "daily_revenue", Given(values)))


def proposed(service: Service, firm: Firm) -> Proposal:
    deed = AddContact(name="Nový s.r.o.")
    return in_books(service, firm, lambda books: propose(books, deed, Outcome(firm.account, {"name": (None, "Nový")})))


def pages_of_papers(owner: Browser, service: Service, firm: Firm) -> dict[str, TestResponse]:
    paper = f"/applecorp/papers/{written_down(service, firm).id}"
    shown = {f"paper: {verb}": owner.get(f"{paper}{verb}") for verb in ("", "/edit", "/delete")}
    return {"new paper": owner.get("/applecorp/papers/new?kind=fiscal_report"), **shown}


@pytest.fixture
def pages(owner: Browser, browser: Browser, service: Service, firm: Firm) -> dict[str, TestResponse]:
    """One of each."""
    contact = add(service, firm, "Karel")
    invoice = issue(service, firm, contact)
    counted = {"name": "Mošt", "sku": "M-1", "track_quantity": True, "stock": Decimal(1)}
    counted |= {"purchase_unit_net_price": Decimal(9)}
    item = in_books(service, firm, lambda books: add_item(books, Given(counted)))
    secret = SYSTEM.letters("contact_links", 32)
    in_books(service, firm, lambda books: make_contact_link(books, contact.id, secret))
    _, client_id, _ = in_office(
        service,
        lambda office: register_application(office, firm.user, "Shop", "integration", ("https://shop.example/cb",)),
    )
    asks = f"/consent?client_id={client_id}&redirect_uri=https://shop.example/cb"
    return {
        **{name: owner.get(path) for name, path in WITHOUT_IDS.items()},
        "contact": owner.get(f"/applecorp/subjects/{contact.id}"),
        "invoice": owner.get(f"/applecorp/invoices/{invoice.id}"),
        "public invoice": browser.get(f"/applecorp/p/{invoice.token}/{invoice.number}"),
        "portal": browser.get(f"/applecorp/c/{secret}"),
        "links of a contact": owner.get(f"/applecorp/subjects/{contact.id}/links"),
        "consent": owner.get(asks),
        "change of a contact": owner.get(f"/applecorp/subjects/{contact.id}/edit"),
        "merging of a contact": owner.get(f"/applecorp/subjects/{contact.id}/merge"),
        "deletion of a contact": owner.get(f"/applecorp/subjects/{contact.id}/delete"),
        **{
            f"document: {verb}": owner.get(f"/applecorp/invoices/{invoice.id}/{verb}")
            for verb in ("send", "payments/new", "correct", "delete", "note")
        },
        "what follows": owner.get(f"/applecorp/invoices/{issue(service, firm, contact, kind='proforma').id}/follow-up"),
        **{
            f"expense: {verb}": owner.get(f"/applecorp/expenses/{enter(service, firm, contact).id}{verb}")
            for verb in ("", "/edit", "/payments/new", "/delete")
        },
        **{
            f"product: {verb}": owner.get(f"/applecorp/inventory_items/{item.id}{verb}")
            for verb in ("", "/edit", "/moves", "/moves/new", "/delete")
        },
        **{
            f"recurring document: {verb}": owner.get(f"/applecorp/{verb.format(repeat(service, firm, contact))}")
            for verb in ("recurring_generators/{}", "recurring_generators/{}/run", "recurring_generators/{}/skip")
        },
        **{
            f"template: {verb}": owner.get(f"/applecorp/generators/{repeat(service, firm, contact)}/{verb}")
            for verb in ("edit", "delete", "document")
        },
        **pages_of_papers(owner, service, firm),
        "proposal": owner.get(f"/applecorp/proposals/{proposed(service, firm).id}"),
        "verb for many": owner.get(f"/applecorp/invoices/bulk?verb=pay&id={invoice.id}"),
        "change of a document": owner.get(f"/applecorp/invoices/{invoice.id}/edit"),
        "copy of a document": owner.get(f"/applecorp/invoices/{invoice.id}/copy"),
        "sign-in": browser.get("/sign-in"),
        "to the sign-in": browser.get("/"),
        "wrong password": browser.sign_in(firm.user.email, "wrong"),
        "400": owner.get("/consent"),
        "404": owner.get("/applecorp/subjects/999"),
        "405": owner.get("/sign-out"),
    }


@pytest.mark.parametrize("path", ["/applecorp/", "/applecorp/invoices/", "/sign-in/"])
def test_an_address_typed_with_a_slash_too_many_opens(owner: Browser, path: str) -> None:
    assert owner.get(path).status_code == owner.get(path.rstrip("/")).status_code != 404


def test_no_account_can_be_opened_where_a_page_is(app: Flask) -> None:
    first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert {word for word in first if word and not word.startswith("<")} <= RESERVED


WITHOUT_SCRIPTS = {"public invoice", "portal", "sign-in", "to the sign-in", "wrong password"}


def test_every_page_forbids_foreign_scripts_foreign_content_and_frames(pages: dict[str, TestResponse]) -> None:
    own = {"script-src": "'self'", "connect-src": "'self'"}
    for name, page in pages.items():
        policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
        assert policy.pop("form-action") == ("'self' https://shop.example" if name == "consent" else "'self'"), name
        assert policy == {
            "default-src": "'none'",
            "style-src": "'self'",
            "img-src": "'self' data:",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
        } | ({} if name in WITHOUT_SCRIPTS else own), name
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["X-Frame-Options"] == "DENY"
        assert page.headers["Referrer-Policy"] == "same-origin"


def test_no_page_is_kept_by_anybody(pages: dict[str, TestResponse]) -> None:
    assert {page.headers["Cache-Control"] for page in pages.values()} == {"no-store"}


def test_no_page_has_scripts_styles_or_handlers_in_it(pages: dict[str, TestResponse]) -> None:
    """Scripts are files of our own, and on the pages of members only."""
    for name, page in pages.items():
        scripts = re.findall(r"<script[^>]*>", page.text)
        assert bool(scripts) == (name not in WITHOUT_SCRIPTS), name
        assert all(re.match(r'<script (type="module" )?src="/static/[0-9a-f]{12}/', script) for script in scripts)
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page.text, re.IGNORECASE), name


def test_no_template_asks_for_what_the_policy_blocks() -> None:
    templates = [path.read_text() for path in TEMPLATES.rglob("*.html")]

    assert len(templates) > 20
    for text in templates:
        assert not re.search(r"hx-on|js:|\sstyle=|hx-trigger=\"[^\"]*\[", text)


def test_every_form_that_changes_something_carries_a_token(pages: dict[str, TestResponse]) -> None:
    for name, page in pages.items():
        forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", page.text, re.DOTALL)
        assert forms or name in {"to the sign-in", "public invoice", "portal"}, name
        assert all('name="csrf_token" value="' in form for form in forms), name


def test_every_page_is_whole_and_tells_its_language(pages: dict[str, TestResponse]) -> None:
    for name, page in pages.items():
        if name != "to the sign-in":
            assert page.content_type == "text/html; charset=utf-8"
            assert page.text.startswith("<!doctype html>\n<html lang="), name
            assert page.text.count("<h1>") == 1, name
            assert re.search(r"<title>[^<]+ – Faktura</title>", page.text), name


@pytest.mark.usefixtures("firm")
def test_nothing_is_open_but_the_sign_in_and_what_customers_get(app: Flask) -> None:
    assert set(app.view_functions) >= OPEN
    closed = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN]
    assert len(closed) >= 6
    browser = Browser(app)
    browser.get("/sign-in")
    for rule in closed:
        path = re.sub(r"<id:[^>]*>", "1", rule.rule)
        path = re.sub("<(account:)?slug>", "applecorp", path)
        ask = browser.post if "POST" in (rule.methods or ()) else browser.get
        assert ask(path).location.startswith("/sign-in?next="), path


@pytest.mark.parametrize(
    "path",
    ["/robots.txt", "/Nonsense", "/a/b/c", "/static/nonsense.css", "/static/../people.py", "/static/htmx/README.md"],
)
def test_an_unknown_address_is_not_found_by_anybody(browser: Browser, owner: Browser, path: str) -> None:
    for visitor in (browser, owner):
        missing = visitor.get(path)
        assert missing.status_code == 404
        assert "There is no such page" in missing.text


def static_addresses(page: str) -> list[str]:
    return re.findall(r'"(/static/[^"]*)"', page)


def test_static_files_may_be_kept_for_good_under_an_address_that_changes_with_them(owner: Browser) -> None:
    mark, style, script, _ = static_addresses(owner.get("/me").text)

    for address, kind in ((mark, "image/svg+xml"), (style, "text/css"), (script, "text/javascript")):
        file = owner.get(address)
        assert (file.status_code, file.mimetype) == (200, kind)
        assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert file.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in file.headers
        pressed = owner.get(address, **{"Accept-Encoding": "gzip"})
        assert pressed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(pressed.data) == file.data
    old = owner.get(re.sub("/[0-9a-f]{12}/", "/0123456789ab/", style))
    assert (old.status_code, old.headers["Cache-Control"]) == (200, "no-cache")


def test_pages_and_static_files_keep_their_weight(owner: Browser, service: Service, firm: Firm) -> None:
    for n in range(60):
        add(service, firm, f"Firma s dlouhým jménem {n}", email=f"fakturace{n}@firma.example", city="Praha")
    page = owner.get("/applecorp/subjects")
    _, style, *scripts = (owner.get(address) for address in static_addresses(page.text))

    assert len(page.data) <= 40_000
    assert len(style.data) <= 20_000
    assert sum(len(script.data) for script in scripts) <= 50_000
    own = [path for path in (Path(web.__file__).parent / "static/js").iterdir() if path.suffix == ".js"]
    assert len(own) >= 4
    assert sum(path.stat().st_size for path in own) <= 12_000


def test_a_form_that_is_too_large_is_refused(browser: Browser) -> None:
    browser.get("/sign-in")

    assert browser.post("/sign-in", email="a" * 100_000).status_code == 413


@pytest.mark.parametrize("path", ["/applecorp/subjects?query=%00", "/apple%00corp/subjects", "/sign-in?next=%00"])
def test_a_nul_is_refused_before_any_database_sees_it(owner: Browser, path: str) -> None:
    assert owner.get(path).status_code == 400


def test_a_nul_in_a_form_is_refused(browser: Browser) -> None:
    browser.get("/sign-in")

    assert browser.post("/sign-in", email="\0", password="x").status_code == 400


def test_a_failure_of_the_program_is_a_page_and_a_line_in_the_log(
    owner: Browser, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.database.write(lambda tx: tx.cursor.execute("DROP TABLE contacts"))
    failed = owner.get("/applecorp/subjects")

    assert failed.status_code == 500
    assert "Something went wrong" in failed.text
    assert "contacts" not in failed.text
    assert [record.message for record in caplog.records if record.levelno >= logging.ERROR] == ["page failed"]


def test_a_failure_has_its_page_even_where_nobody_can_be_known(owner: Browser, service: Service) -> None:
    service.database.write(lambda tx: tx.cursor.execute("DROP TABLE sessions"))
    failed = owner.get("/me/accounts", **{"Accept-Language": "cs"})

    assert failed.status_code == 500
    assert "Něco se pokazilo" in failed.text
    assert "Jan Novák" not in failed.text


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (InUse("contacts"), "This is in use"),
        (WrongState("locked"), "The document is locked."),
        (LimitReached("contacts"), "The plan of this account"),
        (LimitReached("subscriptions"), "There are as many of these as there may be."),
        (Invalid({}), "load the page again"),
    ],
)
def test_whatever_the_core_refuses_outside_of_a_form_is_said_and_is_no_failure(
    app: Flask, refusal: Refusal, words: str
) -> None:
    with app.test_request_context("/sign-in", headers={"Accept-Language": "en"}):
        answer = app.make_response(app.handle_user_exception(refusal))

    assert answer.status_code == 409
    assert words in answer.get_data(as_text=True)


# Languages


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [
        ("cs-CZ,cs;q=0.9,en;q=0.8", "cs", "Přihlásit se"),
        ("pl", "pl", "Zaloguj się"),
        ("de, pl;q=0.5, cs;q=0.4", "pl", "Zaloguj się"),
        ("en-GB", "en", "Sign in"),
        ("de", "en", "Sign in"),
        ("", "en", "Sign in"),
    ],
)
def test_before_the_sign_in_the_browser_chooses_the_language(
    browser: Browser, asked: str, language: str, words: str
) -> None:
    page = browser.get("/sign-in", **{"Accept-Language": asked}).text

    assert f'<html lang="{language}"' in page
    assert f"<h1>{words}</h1>" in page


def test_after_the_sign_in_it_is_the_language_of_the_user(app: Flask, database: Database, clock: Clock) -> None:
    expected: dict[Language, str] = {"cs": "Účty", "pl": "Konta", "en": "Accounts"}
    for language, words in expected.items():
        firm = open_firm(database, clock, f"firm-{language}", language=language)
        visitor = Browser(app)
        visitor.sign_in(firm.user.email)
        page = visitor.get("/me/accounts", **{"Accept-Language": "de"}).text
        assert f'<html lang="{language}"' in page
        assert f"<h1>{words}</h1>" in page


def test_numbers_take_the_plural_of_the_language(
    app: Flask, service: Service, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, "jablko", language="cs")
    visitor = Browser(app)
    visitor.sign_in(firm.user.email)
    for days, words in ((1, "1 den"), (3, "3 dny"), (14, "14 dní")):
        contact = add(service, firm, "Karel", due_days=days)
        assert f"<dd>{words}</dd>" in visitor.get(f"/jablko/subjects/{contact.id}").text


@pytest.mark.parametrize("text", [*FOREIGN_DIGITS, "+1", "1_0", "9" * 5000])
def test_what_is_no_id_in_an_address_leads_nowhere(owner: Browser, service: Service, firm: Firm, text: str) -> None:
    issue(service, firm)

    for path in ("/applecorp/subjects/", "/applecorp/invoices/", "/applecorp/files/secret/"):
        assert owner.get(path + text).status_code == 404


@pytest.mark.parametrize("host", ["..", "a" * 300, "a b", "x:y:z", "[::1", "\xff"])
def test_a_host_that_is_none_is_refused(owner: Browser, host: str) -> None:
    for path in ("/", "/sign-in", "/applecorp/subjects", "/nowhere"):
        answer = owner.client.get(path, environ_overrides={"HTTP_HOST": host})
        assert answer.status_code in {200, 302, 400, 404}, path
        broken = {"HTTP_HOST": host, "QUERY_STRING": "a=%00"}
        assert owner.client.post(path, environ_overrides=broken).status_code == 400, path


def test_a_query_that_is_not_ascii_is_refused(browser: Browser) -> None:
    for path in ("/", "/sign-in", "/applecorp/subjects"):
        answer = browser.client.get(path, environ_overrides={"QUERY_STRING": "page=\xff"})
        assert answer.status_code == 400, path
