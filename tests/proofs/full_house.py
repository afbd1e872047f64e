"""A house with every kind of record: firms that traded through both doors, and people who were at the pages."""

import base64
import contextlib
import re
import sys
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import msgspec

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.accounts.change import change_account
from faktura.core.accounts.drawing import redraw
from faktura.core.accounts.logo import keep_logo
from faktura.core.accounts.reminders import say
from faktura.core.books.books import Books
from faktura.core.books.listeners import Seen
from faktura.core.books.office import Office
from faktura.core.books.side_notes import note
from faktura.core.clock import Clock
from faktura.core.contact_links import make_contact_link
from faktura.core.contacts import Contact
from faktura.core.deliveries import Attempt, Notice, note_delivery
from faktura.core.documents.numbering import NumberFormat
from faktura.core.errors import Given
from faktura.core.invoices.batch_files import add_part
from faktura.core.invoices.batches import Member, complete_batch, note_result, order_batch
from faktura.core.invoices.drafts import keep_draft
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.collective import CollectiveIdentifier
from faktura.core.ksef.connection import KsefConnection
from faktura.core.ksef.pace import KsefPace, KsefRest
from faktura.core.ksef.received import KsefReceived, Metadata
from faktura.core.ksef.sendings import KsefSending
from faktura.core.ksef.service import KsefService
from faktura.core.people.accounts import Account
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.calls import add_calls
from faktura.core.people.first_secrets import FirstSecret
from faktura.core.people.hashes import secret_hash
from faktura.core.people.invitations import invite
from faktura.core.people.own_password import ask_for_reset
from faktura.core.people.users import User
from faktura.core.proposals.deeds import ChangeContact
from faktura.core.proposals.verbs import Outcome, propose
from faktura.core.received.file_checks import order_check
from faktura.core.received.record import Expense
from faktura.core.registries.answers import keep_answer
from faktura.core.registries.checks import keep_check
from faktura.core.registries.days import take_call
from faktura.core.registries.facts import Heard
from faktura.core.subscriptions import Subscription
from faktura.core.todos import put_on_list
from faktura.dialects import installed
from faktura.outputs.tests.documents import png
from faktura.sandbox.example.exchange_rates import add_exchange_rates
from faktura.store import schema
from faktura.store.chance import SYSTEM
from faktura.store.counters import numbered, set_last_ids
from faktura.store.database import Database, open_database
from faktura.store.every import every
from faktura.store.queries import Selection
from faktura.store.records import RECORDS
from faktura.store.transaction import Transaction
from tests.firm import PASSWORD, open_firm
from tests.proofs.operations import Asked
from tests.running import Answer, Server, run, running

FIRST_DOOR = "/fakturoid/api/v3"
SECOND_DOOR = "/infakt/v3"

SLUGS = ("applecorp", "pearcorp")
ACCOUNTS_OF_BANKS = {"applecorp": "61109010140000071219812874", "pearcorp": "27114020040000300201355387"}

FILE = "data:application/pdf;base64," + base64.b64encode(b"%PDF-1.4\n%%EOF\n").decode()
LINES = [{"name": "Usługa", "quantity": "2", "unit_price": "100", "vat_rate": 23}]
SERVICES = [{"name": "Usługa", "tax_symbol": "23", "quantity": 1, "unit_net_price": 6623}]
ABROAD = {
    "country": "DE",
    "client_first_name": "Anna",
    "client_last_name": "Weber",
    "currency": "EUR",
    "service_type": "electronic",
    "service_place_primary": "billing address",
    "sale_type": "service",
    "corrected_invoice_number": "1/OSS/11/2026",
    "corrected_invoice_date": "2026-11-02",
    "correction_reason": "other",
}
"""What a consumer in another country is told, on a correction as well."""

EBOOKS = [{"name": "E-book", "tax_rate": 19, "unit_net_price": 1500, "quantity": 2}]
EBOOKS_GIVEN_BACK = [
    {**EBOOKS[0], "group": 1, "correction": False},
    {**EBOOKS[0], "group": 1, "correction": True, "quantity": 1},
]

RESOLD = [{"name": "Obraz", "gross_with_margin_amount_price": 12300, "margin_amount_price": 2300}]

PAPERS = {
    "internal_invoice": {
        "transaction_kind_symbol": "inventory_for_vat",
        "services": [{"tax_symbol": 23, "net_price": 5}],
    },
    "fiscal_report": {"services": [{"tax_symbol": 8, "gross_price": 10800}]},
    "internal_evidence": {"classification_symbol": "sold", "service_name": "Złom", "unit_price": 5000},
    "daily_revenue": {"services": [{"unit_price": 48250}]},
}

APART = 1_000_000
"""As many ids lie between the tables' first ones; all have eight digits."""


class Tenant(NamedTuple):
    """A firm, and what opens it at each door."""

    id: int
    slug: str
    email: str
    token: str
    key: str

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}

    @property
    def keyed(self) -> dict[str, str]:
        return {"X-inFakt-ApiKey": self.key, "Content-Type": "application/json"}


def open_house(url: str) -> list[Tenant]:
    """Two firms that did nothing yet, in an empty database; no id will be one of two tables."""
    with contextlib.closing(open_database(url)) as database:
        schema.prepare(database)
        database.write(lambda tx: set_last_ids(tx, {name: APART * n for n, name in enumerate(numbered(), 10)}))
        database.write(lambda tx: add_exchange_rates(Office(tx, Clock().now())))
        return [open_tenant(database, slug) for slug in SLUGS]


def every_scope() -> tuple[str, ...]:
    """What a key may be let into at most."""
    return tuple(scope for dialect in installed() for scope in dialect.key_scopes)


def open_tenant(database: Database, slug: str) -> Tenant:
    clock = Clock()
    firm = open_firm(database, clock, slug, country="PL", currency="PLN", vat_rate=23, invoice_language="pl")

    def work(tx: Transaction) -> str:
        books = Books(tx, firm.account, firm.user.id, clock.now())
        books.add(NumberFormat, kind="invoice", pattern=f"{slug}-#yyyy#-#dddd#")
        say(books, 1, "pl", Given({"body": f"Proszę zapłacić {slug}"}))
        change_account(books, Given({"payment_page": f"https://{slug}.example/{{number}}"}))
        note(books, "infakt", books.account, {"vat_exemptions": [1]})
        return add_api_key(Office(tx, clock.now()), firm.account, firm.user, "tests", every_scope())

    return Tenant(firm.account.id, slug, firm.user.email, firm.token, database.write(work))


def trade(server: Server, tenant: Tenant) -> None:
    """Have the firm do all that leaves a record of some kind."""
    second = SecondDoor(server, tenant)
    bank_account = {"bank_name": f"Bank of {tenant.slug}", "account_number": ACCOUNTS_OF_BANKS[tenant.slug]}
    second.add("bank_accounts", bank_account=bank_account)
    second.add("products", product={"name": f"Product of {tenant.slug}", "tax_symbol": "23"})
    contact = trade_at_first(FirstDoor(server, tenant), tenant)
    invoice = trade_at_second(second, contact)
    second.add(f"invoices/{invoice['uuid']}/quick_payments")
    sign_in(server, tenant.email, PASSWORD + "!")
    assert sign_in(server, tenant.email, PASSWORD) != ""


def trade_at_first(first: "FirstDoor", tenant: Tenant) -> Any:
    """The contact of all that was made there."""
    contact = first.add(
        "subjects", name=f"Contact of {tenant.slug}", custom_id=f"contact-{tenant.slug}", email="buyer@firma.example"
    )
    item = first.add(
        "inventory_items",
        name=f"Item of {tenant.slug}",
        sku=f"sku-{tenant.slug}",
        native_retail_price="15",
        track_quantity=True,
        quantity="10",
        native_purchase_price="9",
    )
    out = {"direction": "out", "moved_on": "2026-11-20", "quantity_change": "3"}
    first.add(f"inventory_items/{item['id']}/inventory_moves", **out)
    known = {"subject_id": contact["id"], "lines": [*LINES, {"sku": item["sku"], "unit_price": "15"}]}
    issued = first.add("invoices", **known, custom_id=f"invoice-{tenant.slug}", attachments=[{"data_url": FILE}])
    first.add(f"invoices/{issued['id']}/payments", amount="10")
    first.add(f"invoices/{issued['id']}/message", email="buyer@firma.example", subject="Faktura", message="Dobrý den")
    proforma = first.add("invoices", **known, document_type="proforma", proforma_followup_document="none")
    first.add(f"invoices/{proforma['id']}/payments", amount="10")
    first.ask("DELETE", f"invoices/{first.add('invoices', **known)['id']}.json")
    first.add("webhooks", webhook_url=f"https://{tenant.slug}.example/hooks", events=["invoice_paid"])
    expense = first.add(
        "expenses",
        **known,
        custom_id=f"expense-{tenant.slug}",
        variable_symbol=f"{tenant.id}77",
        attachments=[{"data_url": FILE}],
    )
    first.add(f"expenses/{expense['id']}/payments", amount="10")
    first.add("inbox_files", attachment=FILE)
    first.add("generators", **known, name=f"Template of {tenant.slug}")
    plan = {"start_date": "2030-01-31", "months_period": 1}
    first.add("recurring_generators", **known, **plan, name=f"Rent of {tenant.slug}")
    return contact


def trade_at_second(second: "SecondDoor", contact: Any) -> Any:
    client = {"client_id": contact["id"], "payment_method": "transfer"}
    invoice = second.add("invoices", invoice={**client, "services": SERVICES, "vat_exemption_reason": 1})
    second.add("invoices", invoice={**client, "services": SERVICES, "number": f"{invoice['number'][:-4]}0099"})
    advance = second.add("advance_invoices", advance_invoice={**client, "advance_price": 4000, "services": SERVICES})
    second.add("final_invoices", final_invoice={"previous_advance_id": advance["id"], "payment_method": "transfer"})
    second.add("margin_invoices", margin_invoice={**client, "margin_kind": "works_of_art", "services": RESOLD})
    lines = [{**SERVICES[0], "group": 1, "correction": False}, {**SERVICES[0], "group": 1, "correction": True}]
    second.add(
        "corrective_invoices",
        corrective_invoice={
            **client,
            "corrected_invoice_number": invoice["number"],
            "correction_reason": "mistake",
            "services": lines,
        },
    )
    for kind, lines in (("oss_invoice", EBOOKS), ("corrective_oss_invoice", EBOOKS_GIVEN_BACK)):
        for start in ("", "async/"):
            second.add(f"{start}{kind}s", **{kind: {**ABROAD, "services": lines}})
    second.add(f"invoices/{invoice['uuid']}/share_links")
    for kind in ("invoice", "corrective_invoice", "advance_invoice", "final_invoice", "margin_invoice"):
        second.add(f"async/{kind}s", **{kind: {**client, "services": SERVICES}})
    for kind, values in PAPERS.items():
        second.add(f"{kind}s", **{kind: values})
        second.add(f"async/{kind}s", **{kind: values})
    second.add("async/incomes/pdf_many", uuids=[invoice["uuid"]])
    costs = second.server.ask("GET", f"{SECOND_DOOR}/documents/costs.json", headers=second.tenant.keyed).json
    uuids = ",".join(cost["uuid"] for cost in costs["entities"])
    second.add("documents/costs/create_note_many", uuids=uuids, content="Za co to?")
    return invoice


class FirstDoor(NamedTuple):
    server: Asked
    tenant: Tenant

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        at = f"{FIRST_DOOR}/accounts/{self.tenant.slug}/{path}"
        key = {"Idempotency-Key": f"{self.tenant.slug}-{abs(hash((method, path, str(body))))}"}
        answer = self.server.ask(method, at, body, self.tenant.bearer | key)
        assert answer.status < 300, (path, answer.body)
        return answer

    def add(self, path: str, **body: Any) -> Any:
        answer = self.ask("POST", f"{path}.json", body)
        return answer.json if answer.body else None


class SecondDoor(NamedTuple):
    server: Asked
    tenant: Tenant

    def add(self, path: str, **body: Any) -> Any:
        answer = self.server.ask("POST", f"{SECOND_DOOR}/{path}.json", body, self.tenant.keyed)
        assert answer.status < 300, (path, answer.body.decode())
        return answer.json if answer.body else None


def sign_in(server: Server, email: str, password: str) -> str:
    """The cookie of a person who has signed in; nothing where they were not let in."""
    form = server.ask("GET", "/sign-in")
    token = re.search(r'name="csrf_token" value="([^"]*)"', form.body.decode())
    assert token
    headers = {
        "Cookie": form.headers["set-cookie"].partition(";")[0],
        "Content-Type": "application/x-www-form-urlencoded",
    }
    sent = urlencode({"csrf_token": token[1], "email": email, "password": password})
    answer = server.ask("POST", "/sign-in", headers=headers, raw=sent.encode())
    return answer.headers["set-cookie"].partition(";")[0] if answer.status == 303 else ""


def rows_of(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, sorted; without its searched text, of which each engine has its own."""
    with contextlib.closing(open_database(url)) as database:
        return database.read(
            lambda tx: {
                name: sorted((row[: len(cls.__struct_fields__)] for rows in every(tx, cls) for row in rows), key=repr)
                for name, cls in RECORDS.items()
            }
        )


def make_house(file: Path) -> None:
    """Write the house into a file, and beside it what opens it."""
    with tempfile.TemporaryDirectory() as folder:
        tenants = open_house(url := f"sqlite:///{folder}/house.sqlite")
        settings = {"FAKTURA_DATABASE_URL": url, "FAKTURA_WORKER": "false", "FAKTURA_RATE_LIMITS": "false"}
        with running(Path(folder), "serve", settings=settings) as server:
            for tenant in tenants:
                trade(server, tenant)
        for tenant in tenants:
            begin_at_the_pages(url, tenant)
        # What lies in the log of the database is in the file as well then.
        made = run("db", "backup", str(file), "--database", url)
        assert made.returncode == 0, made.stderr
    file.with_suffix(".json").write_bytes(msgspec.json.encode(tenants))


def begin_at_the_pages(url: str, tenant: Tenant) -> None:
    """Begin what somebody finishes later."""

    def begin(office: Office) -> None:
        user = office.find(User, email=tenant.email)
        books = Books(office.tx, office.find(Account, id=tenant.id), user.id, office.now)
        shown = {"kind": "invoice", "contact_id": books.all(Contact)[0].id, "customer": f"Draft of {tenant.slug}"}
        keep_draft(books, None, [("note", f"Typed at {tenant.slug}")], shown)
        keep_logo(books, redraw(png()))
        make_contact_link(books, books.all(Contact)[0].id, SYSTEM.letters("contact_links", 32))
        contact = books.all(Contact)[0]
        deed = ChangeContact(contact_id=contact.id, street=f"Street of {tenant.slug}")
        propose(books, deed, Outcome(contact, {"street": (contact.street, deed.street)}))
        batch = order_batch(books, Selection(), "tag", {"tag": tenant.slug})
        note_result(books, batch, Member("document", batch.document_ids[0]), tenant.slug)
        add_part(books, batch, 0, 0, tenant.slug.encode())
        complete_batch(books, batch)
        [heard] = books.all(Subscription)
        paid = msgspec.to_builtins(books.all(Invoice)[0], str_keys=True)
        seen = Seen("invoice_paid", office.now, Invoice.table_name, paid)
        notice = Notice(heard.id, "invoice_paid", "invoices", f"key-{tenant.slug}", seen)
        note_delivery(books, notice, "failed", Attempt(0, f"request-{tenant.slug}", "500", office.now, office.now))
        add_calls(books, tenant.id)
        said = Heard("found", {"name": f"Firm of {tenant.slug}"}, f"proof-{tenant.slug}")
        answer = keep_answer(office, "ares", tenant.slug, said, office.now)
        keep_check(books, contact.id, answer, books.all(Expense)[0])
        order_check(books, Given({"content": b"<Invoice/>", "filename": f"{tenant.slug}.xml"}))
        take_call(office, "ares", office.now.date(), 100)
        send_to_ksef(office, books)
        put_on_list(books, "contact_unreliable", books.all(Contact)[0], of=tenant.slug)
        invite(books, f"newcomer@{tenant.slug}.example", "read")
        ask_for_reset(office, user.email, "http://localhost/reset/")
        # The program forgets it when the first person is there; until then a server has one.
        office.add(FirstSecret, hash=secret_hash(tenant.slug))

    with contextlib.closing(open_database(url)) as database:
        database.write(lambda tx: begin(Office(tx, Clock().now())))


def send_to_ksef(office: Office, books: Books) -> None:
    """As if a document had gone to KSeF, and one had come from there."""
    slug, now, invoice = books.account.slug, office.now, books.all(Invoice)[0]
    addresses = {
        "api_url": f"https://{slug}.example",
        "qr_url": "https://qr.example",
        "status_url": "https://s.example",
    }
    books.add(KsefConnection, environment="test", tax_no="1111111111", method="certificate", active=True, **addresses)
    sent: dict[str, Any] = {"kind": "VAT", "number": invoice.number, "xml": slug.encode(), "digest": slug}
    state: dict[str, Any] = {"state": "waiting", "live_invoice_id": invoice.id, "not_before": now, "next_at": now}
    books.add(KsefSending, uuid=slug, invoice_id=invoice.id, environment="test", attempt=1, **sent, **state)
    said = Metadata(*(slug,) * 2, now.date(), *(slug,) * 4, *(Decimal(1),) * 3, "PLN", "FA (3)")
    # Of digits alone, so that another one of the same look is a number of KSeF as well.
    number = f"{books.account.id:010}-20261121-010010010010-37"
    found: dict[str, Any] = {"ksef_number": number, "side": "Subject2", "xml": slug.encode(), "metadata": said}
    books.add(KsefReceived, environment="test", issued_on=now.date(), stored_at=now, **found)
    books.add(CollectiveIdentifier, reference=slug, ksef_numbers=(slug,))
    if office.look_up(KsefPace, subject="1111111111", sort="send") is None:
        office.add(KsefPace, subject="1111111111", sort="send", taken=(now,))
        office.add(KsefRest, subject="1111111111", until=now, seconds=30)
        office.add(KsefService, status_url="https://s.example", read_at=now)


def tenants_of(file: Path) -> list[Tenant]:
    return msgspec.json.decode(file.with_suffix(".json").read_bytes(), type=list[Tenant])


if __name__ == "__main__":
    make_house(Path(sys.argv[1]))
