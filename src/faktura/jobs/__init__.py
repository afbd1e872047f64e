"""One short file for each background job; the file's name is the job's name.

A file has one of two functions. Arguments are those that the job was put with, as JSON brought them back.

* `do(place, *arguments)` runs in the transaction that crosses the job out: all of it is kept, or nothing.
* `go_out(errand, *arguments)` talks to the outside world, with no transaction open (on SQLite one would hold up every
  other writer). It returns a function of `place`, which then runs like `do`. When the worker dies in between, the job
  is done again from the start, so the outside world must bear to be told twice.

A job that fails is put off. `DELAYS` are the times between its tries; when it fails after the last of them it is given
up: a line in the log, an event in the history of its account, and `faktura job list` say so. One that comes back by
itself waits for its next time instead. A file may have `refused(place, error, *arguments)`, which then writes down why
and the job is over; where the business refuses `do`, that is so the first time.

`place` is the `Books` of the account that the job was put for, or the `Office` for a job of the house. It may be run
again when another transaction came in between, so it changes nothing but records. A file with `EVERY` (a timedelta, or
a function that tells the next time after an instant) is a job of the house that comes back by itself.

A file's `LANE` is the sort of its work: each lane has threads of its own, so that what waits for a mail server keeps
nothing else waiting. Within a lane accounts take turns. A file without one is in the lane of the house, whose jobs ask
nobody outside and are quickly done. What is not to be done yet raises `Later`,
what belongs into another lane `Elsewhere`. Jobs that were put `in_order` are done one after the other.
"""

import contextlib
import datetime as dt
import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import HOUSE
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import NotFound, Refusal
from faktura.core.people.accounts import Account
from faktura.outputs.e_invoices.official_rules import Absence, OfficialRules
from faktura.outputs.mail.box import Post
from faktura.outputs.mail.letters import Letter, send
from faktura.outputs.printing.printer import Printer
from faktura.outside.http import Client
from faktura.outside.ksef.line import Ksef
from faktura.outside.registries.asking import Registries
from faktura.store.database import Database
from faktura.store.transaction import Transaction

T = TypeVar("T")

Arguments = list[Any]
Effect = Callable[[Any], object]
Every = dt.timedelta | Callable[[dt.datetime], dt.datetime]


def doubling(first: dt.timedelta, longest: dt.timedelta, whole: dt.timedelta) -> tuple[dt.timedelta, ...]:
    """Delays each twice the one before, at the most `longest`, as many as fit into the whole time."""
    delays: list[dt.timedelta] = []
    while sum(delays, first) <= whole:
        delays.append(min(first, longest))
        first = min(first * 2, longest)
    return tuple(delays)


USUAL_DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(hours=1), dt.timedelta(days=1))
"""Of what asks nobody outside."""

LANES: Mapping[str, int] = {
    "mail": 3,
    "webhooks": 3,
    "slow_webhooks": 3,
    "tasks": 2,
    "reading": 1,
    "ksef": 2,
    "ksef_received": 1,
    "outside": 1,
    "house": 1,
}
"""How many threads do the jobs of each sort."""

USUAL_LANE = "house"


class Later(Exception):  # noqa: N818 (says when a job is done)
    """The job is not to be done yet, but after a delay; nothing failed."""

    def __init__(self, delay: dt.timedelta, why: str) -> None:
        super().__init__(why)
        self.delay = delay


class Elsewhere(Exception):  # noqa: N818 (says where a job is done)
    """The job is to be done under another name, in the lane of that; it keeps its place in its order."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotTaken(Exception):  # noqa: N818 (says what became of it)
    """Somebody outside did not take what a job brought: it is tried again like a failure, but is none of ours."""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What of the outside world jobs may reach: nothing, where nobody says so.

    Without a `printer` letters go out alone, without `rules` e-invoices are checked by their schemas. An account sends
    no more than `mails_per_hour`. `rate_sources` are addresses of exchange rates by bank: "cnb", "nbp", "ecb"; the
    `client` asks them. `registries` know firms, `ksef` takes invoices. Links in letters begin with `public_url`. By the
    `secret_key` secrets are read that are told to programs.
    """

    mail_server: Post | None = None
    mails_per_hour: int | None = None
    printer: Printer | None = None
    rules: OfficialRules | Absence = "not_set"
    rate_sources: Mapping[str, str] = {}
    client: Client = Client()
    registries: Registries | None = None
    ksef: Ksef | None = None
    public_url: str = ""
    secret_key: str = ""


NOTHING_OUTSIDE = Reach()


class Errand(msgspec.Struct, frozen=True):
    """What a job has at hand while no transaction is open; `job` is its name, and this its so many-th of `attempts`."""

    database: Database
    clock: Clock
    account_id: int
    reach: Reach = NOTHING_OUTSIDE
    job: str | None = None
    attempts: int = 1

    def read(self, work: Callable[[Any], T]) -> T:
        """Read in the place of the job, in a transaction of its own."""
        return self.database.read(lambda tx: work(opened_for(tx, self.account_id, self.clock.now(), self.job)))

    def write(self, work: Callable[[Any], T]) -> T:
        """Write down, in a transaction of its own, what is to stay whatever becomes of the job."""
        return self.database.write(
            lambda tx: work(opened_for(tx, self.account_id, self.clock.now(), self.job)), turn=self.account_id
        )


def send_secret(errand: Errand, write: Callable[[Any], Letter]) -> Effect:
    """Send a letter with a secret that is made while it is written, so that it waits nowhere.

    Nothing is sent where e-mail is switched off, or where nobody wants it any more (`NotFound`).

    Raises:
        Undelivered: the server did not take it.

    """
    if errand.reach.mail_server is not None:
        with contextlib.suppress(NotFound):
            send(errand.reach.mail_server, errand.write(write))
    return lambda _place: None


class Handler(msgspec.Struct, frozen=True):
    """What is to be done for a job of one name: `begin` comes back with what runs in the transaction."""

    begin: Callable[[Errand, Arguments], Effect]
    every: Every | None = None
    refused: Callable[..., object] | None = None
    lane: str = USUAL_LANE
    delays: tuple[dt.timedelta, ...] = USUAL_DELAYS

    def delay_after(self, error: Exception, attempts: int) -> dt.timedelta | None:
        """How long it waits for its next try; None where this was the last one."""
        if (self.refused is not None and isinstance(error, Refusal)) or attempts > len(self.delays):
            return None
        return self.delays[attempts - 1]


def nothing_more(_place: Books | Office) -> None:
    """What `go_out` returns where it leaves nothing to write down."""


def opened_for(tx: Transaction, account_id: int, now: dt.datetime, job: str | None = None) -> Books | Office:
    """Where a job of an account, or of the house, is done."""
    office = Office(tx, now)
    if account_id == HOUSE:
        return office
    return Books(tx, office.find(Account, id=account_id), None, now, job)


def next_time(every: Every, now: dt.datetime) -> dt.datetime:
    """When a job that comes back is due again."""
    return now + every if isinstance(every, dt.timedelta) else every(now)


@functools.cache
def handlers() -> Mapping[str, Handler]:
    """By name, the jobs whose files are there."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg)
    return {name: _handler(name) for name in names}


def _handler(name: str) -> Handler:
    module = importlib.import_module(f"{__name__}.{name}")
    do, go_out = getattr(module, "do", None), getattr(module, "go_out", None)
    lane = getattr(module, "LANE", USUAL_LANE)
    if lane not in LANES:
        message = f"{module.__name__} is in no lane of {', '.join(LANES)}"
        raise TypeError(message)
    if (do is None) == (go_out is None):
        message = f"{module.__name__} must have either do or go_out"
        raise TypeError(message)
    made = inside(do) if do is not None else outside(go_out)  # type: ignore[arg-type]
    return msgspec.structs.replace(
        made,
        every=getattr(module, "EVERY", None),
        refused=getattr(module, "refused", None),
        lane=lane,
        delays=getattr(module, "DELAYS", USUAL_DELAYS),
    )


def inside(do: Callable[..., object], every: Every | None = None, **values: Any) -> Handler:
    return Handler(lambda _errand, arguments: lambda place: do(place, *arguments), every, **values)


def outside(go_out: Callable[..., Effect], every: Every | None = None, **values: Any) -> Handler:
    return Handler(lambda errand, arguments: go_out(errand, *arguments), every, **values)
