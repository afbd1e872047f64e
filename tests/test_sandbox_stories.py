"""Stories are played on real records, and every event that programs can hear of can be made to happen."""

import datetime as dt
import http.client
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
import sqlalchemy as sa
from falcon import testing

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.listeners import TELLERS
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.subscriptions import subscribe_itself
from faktura.outputs.mail.box import MailBox
from faktura.sandbox.control.application import control_application
from faktura.sandbox.control.control import Control
from faktura.sandbox.example.firms import fill
from faktura.sandbox.folder import opened
from faktura.sandbox.stories.recipes import customer, invoice
from faktura.sandbox.stories.scenarios import SCENARIOS
from faktura.sandbox.stories.triggers import triggers
from faktura.store.check import check
from faktura.store.database import Database
from faktura.store.statements import Query
from faktura.store.transaction import columns_of
from faktura.wire.service import Service
from tests import needs
from tests.running import PATIENCE
from tests.sandboxes import Sandbox

LOCAL: dict[str, Any] = {"remote_addr": "127.0.0.1", "headers": {"Host": "localhost:8000"}}

FIRMS = ("applecorp", "jabluszko")
ROOT = "http://faktura.example"

pytestmark = needs.ONE_ENGINE

T = TypeVar("T")


class World:
    """The example firms, with a control address but without a server."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        service = Service(database, self.clock, ROOT)
        self._control = Control(service, Path("example.sqlite"), MailBox())
        self._client = testing.TestClient(control_application(self._control))

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        answer = self._client.simulate_post(path, body=None if body is None else msgspec.json.encode(body), **LOCAL)
        assert answer.status_code == status, answer.text
        return answer.json

    def get(self, path: str) -> Any:
        return self._client.simulate_get(path, **LOCAL).json

    def in_firm(self, work: Callable[[Books], T], slug: str = "applecorp") -> T:
        """What its owner does there."""
        return self._control.stage(slug).do(work)

    def invoice(self, invoice_id: int, slug: str = "applecorp") -> Invoice:
        return self.in_firm(lambda books: books.find(Invoice, invoice_id), slug)

    def told(self, listener_id: int) -> list[str]:
        """The names of all that a listener is to hear, the newest last."""
        jobs = self.database.read(lambda tx: tx.records(Job, _JOBS))
        told = [msgspec.json.decode(job.arguments) for job in jobs if job.name == "deliver"]
        return [name for to, name, *_ in told if to == listener_id]


_JOBS = Query(sa.select(*columns_of(Job)).order_by(Job.table.c.id))


@pytest.fixture(scope="module")
def example(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the example firms."""
    file = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("example") / "example.sqlite"))
    with opened(file) as database:
        database.write(lambda tx: list(fill(Office(tx, Clock().now()), "no hash")))
    return file


@pytest.fixture
def world(example: Path, tmp_path: Path) -> Iterator[World]:
    with opened(Path(shutil.copy(example, tmp_path / "world.sqlite"))) as database:
        yield World(database)


def test_the_control_address_says_which_stories_there_are_and_what_happens_in_them(world: World) -> None:
    told = {one["name"]: one for one in world.get("/scenarios")["scenarios"]}

    assert set(told) == set(SCENARIOS) == {"late-payer", "advance", "unreliable-payer", "returned-goods"}
    assert [step["name"] for step in told["late-payer"]["steps"]] == [
        "issue",
        "send",
        "become-overdue",
        "remind",
        "pay-a-part",
        "pay-the-rest",
    ]


@pytest.mark.parametrize("slug", FIRMS)
def test_a_late_payer_is_reminded_and_pays_in_two_parts_step_by_step(world: World, slug: str) -> None:
    def seen() -> tuple[str, int]:
        found = world.invoice(records["invoice"]["id"], slug)
        return found.status, len(found.payments)

    story = world.post("/scenarios/late-payer", {"account": slug})
    records = story["records"]
    assert (story["played"], story["next"], seen()) == (["issue"], "send", ("open", 0))
    assert records["invoice"]["page"] == f"http://faktura.example/{slug}/invoices/{records['invoice']['id']}"

    states = []
    while story["next"]:
        story = world.post("/scenarios/late-payer/next")
        states.append((story["played"][-1], *seen()))

    assert states == [
        ("send", "sent", 0),
        ("become-overdue", "overdue", 0),
        ("remind", "overdue", 0),
        ("pay-a-part", "overdue", 1),
        ("pay-the-rest", "paid", 2),
    ]
    paid = world.invoice(records["invoice"]["id"], slug)
    assert paid.last_reminded_at is not None
    assert paid.payments[0].amount == paid.payments[1].amount == paid.gross_total / 2
    assert world.clock.standing is not None
    assert world.clock.now().date() > paid.due_on


def test_a_story_is_played_on_a_record_that_is_there(world: World) -> None:
    mine = world.in_firm(lambda books: invoice(books, price=500, due_days=7))

    story = world.post("/scenarios/late-payer", {"record": mine.id, "whole": True})

    assert story["next"] is None
    assert story["records"]["invoice"]["id"] == mine.id
    assert world.invoice(mine.id).status == "paid"


def test_an_advance_ends_in_a_final_invoice_that_takes_it_off(world: World) -> None:
    records = world.post("/scenarios/advance", {"whole": True})["records"]

    proforma, advance, final = (
        world.invoice(records[part]["id"]) for part in ("proforma", "tax_document", "final_invoice")
    )
    assert (proforma.kind, proforma.status) == ("proforma", "paid")
    assert advance.kind == "tax_document"
    assert final.kind == "final_invoice"
    assert final.remaining_amount == 0


def test_an_unreliable_payer_is_marked_and_the_mark_ends(world: World) -> None:
    story = world.post("/scenarios/unreliable-payer")
    contact_id = story["records"]["contact"]["id"]

    world.post("/scenarios/unreliable-payer/next")
    assert world.in_firm(lambda books: books.find(Contact, contact_id)).unreliable is True
    story = world.post("/scenarios/unreliable-payer", {"record": contact_id, "whole": True})

    assert story["records"]["contact"]["id"] == contact_id
    assert world.in_firm(lambda books: books.find(Contact, contact_id)).unreliable is False


@pytest.mark.parametrize("slug", FIRMS)
def test_returned_goods_are_credited_and_paid_back(world: World, slug: str) -> None:
    records = world.post("/scenarios/returned-goods", {"account": slug, "whole": True})["records"]

    sold, note = world.invoice(records["invoice"]["id"], slug), world.invoice(records["correction"]["id"], slug)
    assert (note.kind, note.status, note.corrected_id) == ("correction", "paid", sold.id)
    assert note.gross_total == -sold.gross_total


def test_a_step_that_is_refused_leaves_the_story_where_it_stood(world: World) -> None:
    mine = world.in_firm(lambda books: invoice(books, contact_id=customer(books, email=None).id))
    world.post("/scenarios/late-payer", {"record": mine.id})

    refused = world.post("/scenarios/late-payer/next", status=409)
    world.in_firm(lambda books: books.change(c := books.find(Contact, mine.contact_id), _with_email(c)))

    assert refused == {"error": "conflict", "error_description": "send is refused: recipient: ['blank']"}
    assert world.post("/scenarios/late-payer/next")["played"] == ["issue", "send"]


def _with_email(contact: Contact) -> Contact:
    return msgspec.structs.replace(contact, email="now@story.example")


def test_a_rewind_takes_a_story_back_to_where_it_stood(world: World) -> None:
    begun = world.post("/scenarios/late-payer")
    world.post("/checkpoints/begun", status=201)
    first = world.post("/scenarios/late-payer/next")
    world.post("/scenarios/late-payer/next")

    world.post("/checkpoints/begun/rewind")

    again = world.post("/scenarios/late-payer/next")
    assert (
        (again["played"], again["records"])
        == (first["played"], first["records"])
        == (["issue", "send"], begun["records"])
    )


def test_what_is_not_there_is_answered_with_what_is(world: World) -> None:
    assert world.post("/scenarios/never", status=404)["error_description"] == (
        "There is no scenario never; there are late-payer, advance, unreliable-payer, returned-goods"
    )
    assert "applecorp, pearcorp" in world.post("/scenarios/advance", {"account": "x"}, 404)["error_description"]
    assert world.post("/scenarios/late-payer", {"record": 999999}, 404)["error_description"] == (
        "issue: there is no such record in this account"
    )
    assert "was not begun" in world.post("/scenarios/advance/next", status=409)["error_description"]
    assert "unknown field `speed`" in world.post("/scenarios/advance", {"speed": 2}, 400)["error_description"]
    world.post("/scenarios/advance", {"whole": True})
    assert "is over" in world.post("/scenarios/advance/next", status=409)["error_description"]


def test_a_record_of_another_firm_is_not_there(world: World) -> None:
    foreign = world.in_firm(invoice, "pearcorp")

    world.post("/scenarios/late-payer", {"record": foreign.id, "account": "jabluszko"}, 404)


EVENTS = [(door, one.name) for door, teller in TELLERS.items() for one in triggers() if teller.knows(one.name)]


@needs.FAKTUROID
@pytest.mark.parametrize(("door", "name"), EVENTS, ids=[name for _, name in EVENTS])
def test_an_event_is_triggered_and_told_or_is_said_to_happen_never(world: World, door: str, name: str) -> None:
    can_happen = {one.name: one.recipe is not None for one in triggers()}[name]
    if not can_happen:
        answer = world.post(f"/events/{name}", status=404)
        assert answer["error_description"].startswith(f"There is no event {name}; there are ")
        return
    given = Given({"url": "http://127.0.0.1:9/", "events": (name,)})
    for slug in FIRMS:
        ours = world.in_firm(lambda books: subscribe_itself(books, given, "", door, ROOT, confirmed=True), slug)

        answer = world.post(f"/events/{name}", {"account": slug})

        assert answer["event"] == name
        assert world.told(ours.id) == [name]


def test_only_what_has_no_event_here_cannot_be_triggered(world: World) -> None:
    never = {one.name for one in triggers() if one.recipe is None}
    known = {
        name: ours for teller in TELLERS.values() for names in teller.names.values() for name, ours in names.items()
    }

    assert never == {name for name, ours in known.items() if ours is None}
    assert world.get("/events")["events"] == [
        {"name": name, "can_happen": ours is not None} for name, ours in known.items()
    ]


def test_stories_leave_whole_books(world: World) -> None:
    for name in SCENARIOS:
        for slug in FIRMS:
            world.post(f"/scenarios/{name}", {"account": slug, "whole": True})

    assert world.in_firm(lambda books: books.count(BankAccount)) > 0
    assert world.clock.now() > dt.datetime.now(dt.UTC)
    assert check(world.database, lambda _: None, AUDIT) == []


def test_what_is_sent_in_pieces_is_read_as_well(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(sandbox.server.host, sandbox.server.port, timeout=PATIENCE)
    pieces = (piece for piece in (b'{"account": ', b'"nobody"}'))
    connection.request(
        "POST", "/sandbox/scenarios/advance", pieces, {"Transfer-Encoding": "chunked"}, encode_chunked=True
    )

    answer = connection.getresponse()

    assert answer.status == 404
    assert b"There is no account nobody" in answer.read()
    connection.close()
