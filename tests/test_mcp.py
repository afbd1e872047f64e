"""The books in the hands of an agent, over the protocol and as a process of its own: in real use and in a sandbox."""

from typing import Any

import pytest

from faktura.agents.desk import TOOLS, Desk, Refused
from faktura.agents.remote import CONTROLS
from faktura.agents.writing import WRITINGS
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.people.users import Membership, Permission, Scope
from faktura.core.proposals.record import Proposal
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs
from tests.agent import agent
from tests.firm import Firm, issue_any, open_firm
from tests.running import run
from tests.sandboxes import Sandbox

SITE = "http://127.0.0.1:8000"
WORK = [{"name": "Práce", "unit_price": "100"}]

WHOLE = {
    "registration_no": "05123456",
    "vat_no": "CZ05123456",
    "street": "Krátká 2",
    "city": "Brno",
    "postcode": "60200",
}


@pytest.fixture
def firm(database: Database) -> Firm:
    """One that may issue invoices."""
    opened = open_firm(database, Clock())
    bank = Given({"name": "Bank", "number": "2600000000/2010", "currency": "CZK"})

    def work(books: Books) -> Account:
        add_bank_account(books, bank)
        return Office(books.tx, books.now).change(books.account, **WHOLE)

    return opened._replace(account=in_books(database, opened, work))


@pytest.fixture
def contact(database: Database, firm: Firm) -> Contact:
    added: Contact = in_books(database, firm, lambda books: add_contact(books, Given({"name": "Odběratel a.s."})))
    return added


@pytest.fixture
def desk(database: Database, firm: Firm) -> Desk:
    return desk_of(database, firm)


def desk_of(database: Database, firm: Firm) -> Desk:
    return Desk(database, Clock(), firm.account.slug, firm.user.email, SITE)


def in_books(database: Database, firm: Firm, work: Any) -> Any:
    return database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, Clock().now())))


def count(database: Database, firm: Firm, cls: Any) -> Any:
    return in_books(database, firm, lambda books: books.count(cls))


def let_in(database: Database, firm: Firm, permission: Permission, scopes: tuple[Scope, ...]) -> None:
    def work(books: Books) -> None:
        [member] = books.all(Membership)
        books.change(member, changed(member, permission=permission, scopes=scopes))

    in_books(database, firm, work)


def test_an_agent_reads_and_proposes_and_a_person_confirms(
    database: Database, database_url: str, firm: Firm, contact: Contact
) -> None:
    settings = {"FAKTURA_DATABASE_URL": database_url}
    who = "--account", "applecorp", "--as", firm.user.email
    with agent(*who, settings=settings) as mine:
        told = mine.call("firm").json
        assert (told["your_permission"], told["currency"]) == ("owner", "CZK")
        assert mine.call("list_contacts", text="odb").json == [{"id": contact.id, "name": "Odběratel a.s."}]
        proposed = mine.call("issue_invoice", contact_id=contact.id, lines=WORK).json
        number, would = proposed["proposal_id"], proposed["would"]
        assert (would["gross_total"], would["currency"], would["number"][-5:]) == ("121.00", "CZK", "-0001")
        assert proposed["confirm_at"] == f"{SITE}/applecorp/proposals/{number}"
        assert count(database, firm, Invoice) == 0

        assert f"{number}\topen\tissue_invoice\t" in run("proposal", "list", *who[:2], settings=settings).stdout
        said = run("proposal", "confirm", str(number), *who, settings=settings)
        assert (said.returncode, said.stderr) == (0, "")

        [invoice] = in_books(database, firm, lambda books: books.all(Invoice))
        state = mine.call("proposal", id=number).json
        assert (state["state"], state["page"]) == ("confirmed", f"{SITE}/applecorp/invoices/{invoice.id}")
    happened = next(h for h in in_books(database, firm, lambda b: b.all(Happening)) if h.name == "invoice_issued")
    assert (happened.user_id, happened.program) == (firm.user.id, "faktura mcp")
    assert "decided confirmed" in run("proposal", "refuse", str(number), *who, settings=settings).stderr


def test_in_a_sandbox_what_is_asked_is_done_immediately(sandbox: Sandbox) -> None:
    url = sandbox.server.url
    with agent("--sandbox", url, "--account", "applecorp") as mine:
        offered = mine.tools()
        added = mine.call("add_contact", name="Nový s.r.o.", email="novy@firma.example").json["id"]
        assert mine.call("contact", id=added).json["page"] == f"{url}/applecorp/subjects/{added}"
        assert mine.call("sandbox_state").json["clock"] is None
        clock = {"clock": "2026-12-24T12:00:00Z"}
        assert mine.call("sandbox_change", patch=clock).json["clock"] == clock["clock"]
        issued = mine.call("issue_invoice", contact_id=added, lines=WORK).json
        assert issued["done"]["issued_on"] == "2026-12-24"
        assert sandbox.server.ask("GET", issued["page"].removeprefix(url)).status == 302
        assert "lines" in mine.call("issue_invoice", contact_id=added, lines=[]).text
        assert mine.call("sandbox_reset").json["clock"] is None
        assert mine.call("contact", id=added).wrong

    assert offered.keys() == TOOLS.keys() | CONTROLS.keys()
    for tool in offered.values():
        assert (tool.input_schema["type"], bool(tool.description)) == ("object", True), tool.name
    writing = {name for name, tool in offered.items() if tool.annotations and not tool.annotations.read_only_hint}
    controlling = {name for name in writing if name.startswith("sandbox_")}
    assert writing - controlling == {tool.name for tool in WRITINGS}
    assert CONTROLS.keys() - controlling == {
        *("sandbox_state", "sandbox_mails", "sandbox_webhooks", "sandbox_changes", "sandbox_faults"),
        *("sandbox_requests", "sandbox_assert", "sandbox_stories", "sandbox_events"),
    }


@needs.FAKTUROID
@needs.INFAKT
def test_an_agent_has_the_control_of_a_sandbox(sandbox: Sandbox) -> None:
    server, kept = sandbox.server, "before-the-agent"
    with agent("--sandbox", server.url, "--account", "jabluszko") as mine:
        assert mine.call("sandbox_checkpoint", name=kept).json["name"] == kept
        added = mine.call("add_contact", name="Nowy sp. z o.o.").json["id"]
        changes = mine.call("sandbox_changes", name=kept).json["changes"]
        assert ("added", "contacts", added) in {(one["change"], one["record"], one["id"]) for one in changes}

        rule = {"path": "/clients.json", "doors": ["infakt"], "count": 1, "fault": {"status": 503}}
        number = mine.call("sandbox_add_fault", rule=rule).json["id"]
        assert server.ask("GET", "/infakt/v3/clients.json").status == 503
        assert {one["id"]: one["hits"] for one in mine.call("sandbox_faults").json["faults"]}[number] == 1
        assert not mine.call("sandbox_remove_fault", id=number).wrong
        assert f"There is no rule {number}" in mine.call("sandbox_remove_fault", id=number).text

        [failed, *_] = mine.call("sandbox_requests", filters={"door": "infakt", "status": "5xx"}).json["requests"]
        assert (failed["status"], failed["faults"]) == (503, [number])
        expected = {"door": "infakt", "status": 503, "since": failed["id"] - 1}
        assert mine.call("sandbox_assert", expected=expected).json == {"holds": True, "found": [failed["id"]]}
        judged = mine.call("sandbox_assert", expected=expected | {"method": "PUT"}).json
        assert (judged["holds"], judged["nearest"][0]["id"]) == (False, failed["id"])

        stories = {one["name"]: one["steps"] for one in mine.call("sandbox_stories").json["scenarios"]}
        first, second, *_ = [step["name"] for step in stories["late-payer"]]
        begun = mine.call("sandbox_play", story="late-payer").json
        assert (begun["account"], begun["played"], begun["next"]) == ("jabluszko", [first], second)
        assert mine.call("sandbox_play_on", story="late-payer").json["played"] == [first, second]
        assert mine.call("sandbox_play", story="advance", options={"whole": True}).json["next"] is None
        assert {"name": "invoice_paid", "can_happen": True} in mine.call("sandbox_events").json["events"]
        assert mine.call("sandbox_trigger", event="invoice_paid").json["account"] == "jabluszko"

        assert "There is no checkpoint lost" in mine.call("sandbox_rewind", name="lost").text
        assert "name is missing" in mine.call("sandbox_rewind").text
        assert "clock" in mine.call("sandbox_rewind", name=kept).json
        assert mine.call("contact", id=added).wrong
    server.ask("DELETE", f"/sandbox/checkpoints/{kept}")


def test_what_cannot_be_served_is_said_in_a_sentence(database_url: str, firm: Firm) -> None:
    settings = {"FAKTURA_DATABASE_URL": database_url}
    assert "Name an account" in run("mcp", settings=settings).stderr
    nobody = run("mcp", "--account", "applecorp", "--as", "nobody@firma.example", settings=settings)
    assert (nobody.returncode, "no such user" in nobody.stderr) == (1, True)
    elsewhere = run("mcp", "--account", "pearcorp", "--as", firm.user.email, settings=settings)
    assert (elsewhere.returncode, "no such account" in elsewhere.stderr) == (1, True)
    silent = run("mcp", "--sandbox", "http://127.0.0.1:1")
    assert (silent.returncode, "Start one by `faktura sandbox`" in silent.stderr) == (1, True)


def test_an_address_that_is_no_sandbox_is_said_to_be_none(sandbox: Sandbox) -> None:
    for address in ("/applecorp", "/static"):
        said = run("mcp", "--sandbox", sandbox.server.url + address)
        assert (said.returncode, f"{address} is no sandbox of faktura" in said.stderr) == (1, True), said.stderr


def test_ids_of_another_account_are_missing(database: Database, desk: Desk, firm: Firm) -> None:
    other = open_firm(database, Clock(), "pearcorp")
    theirs = in_books(database, other, issue_any)
    for tool, arguments in (
        ("document", {"id": theirs.id}),
        ("contact", {"id": theirs.contact_id}),
        ("issue_invoice", {"contact_id": theirs.contact_id, "lines": WORK}),
        ("pay_invoice", {"invoice_id": theirs.id}),
        ("send_letter", {"invoice_id": theirs.id}),
        ("change_contact", {"contact_id": theirs.contact_id, "name": "Naše"}),
    ):
        with pytest.raises(Refused, match="no such"):
            desk.call(tool, arguments)
    assert desk.call("history", {"kind": "invoices", "id": theirs.id}) == {"events": []}
    assert count(database, firm, Proposal) == 0


@pytest.mark.parametrize("permission", ["read", "accountant"])
def test_a_member_who_may_not_write_proposes_nothing(
    database: Database, desk: Desk, firm: Firm, contact: Contact, permission: Permission
) -> None:
    let_in(database, firm, permission, ("invoices", "expenses", "reports"))
    assert desk.call("contact", {"id": contact.id})["name"] == "Odběratel a.s."
    with pytest.raises(Refused, match="may not do that: write"):
        desk.call("issue_invoice", {"contact_id": contact.id, "lines": WORK})
    assert count(database, firm, Proposal) == 0


def test_what_is_closed_to_a_member_is_closed_to_their_agent(
    database: Database, desk: Desk, firm: Firm, contact: Contact
) -> None:
    proposed = desk.call("issue_invoice", {"contact_id": contact.id, "lines": WORK})
    let_in(database, firm, "owner", ("expenses",))
    for tool, arguments in (("list_documents", {}), ("owed", {}), ("proposal", {"id": proposed["proposal_id"]})):
        with pytest.raises(Refused, match="invoices is closed"):
            desk.call(tool, arguments)
    assert desk.call("list_proposals", {}) == {"proposals": []}
    assert {event["kind"] for event in desk.call("history", {})["events"]} == {"contacts"}
    assert desk.call("totals", {"since": "2026-01-01", "until": "2026-12-31"}).keys() == {"expenses"}


def test_every_question_has_an_answer(database: Database, desk: Desk, firm: Firm) -> None:
    invoice = in_books(database, firm, issue_any)
    expense = desk.call("enter_expense", {"contact_id": invoice.contact_id, "lines": WORK})
    run_number = expense["proposal_id"]
    assert desk.call("document", {"id": invoice.id})["total"] == "121.00 CZK"
    assert desk.call("list_documents", {"part": "unpaid"})["found"][0]["left_to_pay"] == "121.00 CZK"
    assert desk.call("owed", {})["together"] == {"documents": 1, "amount": "121.00 CZK"}
    assert desk.call("numbers", {})[0]["next"][0]
    assert desk.call("list_expenses", {})["all"] == 0
    assert desk.call("todos", {}) == []
    assert desk.call("list_proposals", {})["proposals"][0]["proposal_id"] == run_number
    year = {"since": f"{invoice.issued_on.year}-01-01", "until": f"{invoice.issued_on.year}-12-31"}
    assert desk.call("totals", year)["issued"] == [
        {"documents": 1, "without_vat": "100.00 CZK", "with_vat": "121.00 CZK"}
    ]
    [event] = desk.call("history", {"kind": "invoices", "id": invoice.id})["events"]
    assert (event["event"], event["by"]) == ("Issued", "Jan Novák")


def test_a_letter_is_filled_in_so_that_who_confirms_it_sees_it(database: Database, desk: Desk, firm: Firm) -> None:
    invoice = in_books(database, firm, issue_any)
    with pytest.raises(Refused, match="recipient: cannot be empty"):
        desk.call("send_letter", {"invoice_id": invoice.id})
    told = desk.call("send_letter", {"invoice_id": invoice.id, "recipient": "kupec@firma.example"})
    assert told["would"]["letter"].startswith(f"kupec@firma.example\nFaktura {invoice.number}")


def test_a_blocked_account_is_closed_to_agents(database: Database, desk: Desk, firm: Firm) -> None:
    def block(books: Books) -> Account:
        return Office(books.tx, books.now).change(books.account, blocked=True)

    in_books(database, firm, block)
    with pytest.raises(Refused, match="blocked"):
        desk.call("firm", {})


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("nothing", {}, "no tool nothing"),
        ("document", {}, "id"),
        ("document", {"id": "1"}, "id"),
        ("document", {"id": 2**31}, "id"),
        ("list_documents", {"part": "all", "and": 1}, "and"),
        ("issue_invoice", {"contact_id": 1, "lines": []}, "lines"),
        ("add_contact", {"name": "Nový", "email": "nobody"}, "email: is no e-mail address"),
        ("add_contact", {"name": ""}, "name: cannot be empty"),
    ],
)
def test_wrong_arguments_are_said_in_a_sentence(desk: Desk, tool: str, arguments: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        desk.call(tool, arguments)


def test_a_firm_that_lacks_something_is_told_what(database: Database) -> None:
    bare = open_firm(database, Clock())
    invoice = in_books(database, bare, issue_any)
    with pytest.raises(Refused, match="registration no, vat no, street"):
        desk_of(database, bare).call("issue_invoice", {"contact_id": invoice.contact_id, "lines": WORK})
