"""A sandbox in the hands of whoever controls it: its state shown, changed, and brought back."""

import contextlib
import copy
import datetime as dt
import functools
import importlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from faktura.agents.desk import Desk
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.ksef.connection import connection_of
from faktura.core.ksef.receive import fetch_now
from faktura.core.people.accounts import Account
from faktura.jobs.restate_account import bring_up_to_today
from faktura.outputs.mail.box import MailBox
from faktura.sandbox.control.barrier import Barrier
from faktura.sandbox.control.checkpoints import Checkpoints
from faktura.sandbox.control.faults import Faults
from faktura.sandbox.control.ledger import Ledger
from faktura.sandbox.control.parts import Part, Switched, bring_back, keep
from faktura.sandbox.control.paths import ACROSS, DIGITS, WITHIN, Doors, Paths
from faktura.sandbox.control.reset import bring_example_back, forget_answers, read_example
from faktura.sandbox.control.state import AccountState, Wrong, check_keys, merged, read_instant, read_state
from faktura.sandbox.example.ksef import FIRM, connect_example, is_connected
from faktura.sandbox.outside.deliveries import HeldBack
from faktura.sandbox.outside.ksef.asked import KsefWhenAsked
from faktura.sandbox.outside.ksef.standing import Handed
from faktura.sandbox.outside.receiver import Receiver
from faktura.sandbox.outside.registries import BELOW, Doubles, usual_world
from faktura.sandbox.stories.outcomes import bring_outcomes, outcomes_due
from faktura.sandbox.stories.stage import Stage
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of
from faktura.wire.service import Modes, Service
from faktura.wire.visitors import Visitors

MOST_JOBS = 1000
"""Done by one request: one that has others put may go on for ever."""


class Control:
    """Shows and changes the state of a running sandbox; `example` is the database that a reset goes back to.

    The `box` has the letters that it sends, the `receiver` what its webhooks told, the `ledger` what was asked of it;
    `faults` are the rules of what happens to requests on their way. `do_due` does so many jobs at most and says how
    many it did. Whatever changes the world comes past barriers: `requests` past one, `jobs` past the other.
    """

    def __init__(self, service: Service, example: Path, box: MailBox) -> None:
        self._service = service
        self._example = example
        self.folder = example.parent
        self.box = box
        self.receiver = Receiver(service.clock)
        self.registries = Doubles(service.clock)
        self.ksef = KsefWhenAsked(service.clock, f"{service.public_url}{BELOW}ksef")
        self.doors = Doors(functools.partial(_pages_of, service))
        self.faults = Faults(self.doors)
        self.ledger = Ledger(service.clock)
        self.held_back = HeldBack()
        self.usual_limits = copy.deepcopy(service.modes.rate_limits)
        self.requests = Barrier("Requests under way")
        self.jobs = Barrier("Jobs under way")
        self.do_due: Callable[[int], int] = lambda _most: 0
        self._changing = threading.Lock()
        self.parts: dict[str, Part] = {
            "switches": Switched(service),
            "rate_limit": service.rate_limit,
            "request_log": service.requests,
            "last_uses": service.last_uses,
            "mails": box,
            "webhooks": self.receiver,
            "registries": self.registries,
            "ksef": self.ksef,
            "faults": self.faults,
            "held_back": self.held_back,
            "ledger": self.ledger,
        }
        self._at_first = keep(self.parts)
        self.checkpoints = Checkpoints(service, self.parts, self._still)

    def add_part(self, name: str, part: Part) -> None:
        """Have something more kept by checkpoints and brought back by them and by a reset."""
        self.parts[name] = part
        self._at_first[name] = part.keep()

    def state(self) -> dict[str, Any]:
        service, modes = self._service, self._service.modes
        standing = service.clock.standing
        known = service.database.read(accounts)
        return {
            "clock": standing and standing.isoformat().replace("+00:00", "Z"),
            "read_only": modes.read_only,
            "busy_search": modes.busy_search,
            "fail_next_mail": self.box.refusal,
            "webhooks": msgspec.to_builtins(self.receiver.failing),
            "registries": msgspec.to_builtins(self.registries.world),
            "ksef": msgspec.to_builtins(self.ksef.standing),
            "ksef_inbox": [],
            "rate_limits": modes.rate_limits,
            "accounts": {a.slug: {"blocked": a.blocked, "contact_limit": a.contact_limit} for a in known},
        }

    def desk(self, slug: str) -> Desk:
        """The tools of agents in an account, which act as its first owner, immediately."""
        service = self._service
        return Desk(service.database, service.clock, slug, None, service.public_url, at_once=True)

    @property
    def clock(self) -> Clock:
        return self._service.clock

    def stage(self, slug: str) -> Stage:
        """The firm of that name, for stories that are played in its books."""
        service = self._service
        return Stage(service.database, service.clock, slug, service.public_url, self._stand_at)

    def _stand_at(self, instant: dt.datetime) -> None:
        self.change({"clock": instant.isoformat()})

    def change(self, patch: Mapping[str, Any]) -> None:
        """Merge the patch into the state.

        Raises:
            Wrong: the state would not be one; nothing was changed.

        """
        with self._changing:
            old = self.state()
            any_firm = {"rights": None}
            check_keys(patch, old | {"rate_limits": self.usual_limits, "ksef": old["ksef"] | any_firm})
            new = read_state(merged(old, patch))
            if new.accounts.keys() != old["accounts"].keys():
                raise Wrong("An account cannot be removed")
            clock = read_instant(new.clock)
            self._hand_in(new.ksef_inbox, clock)
            self._service.database.write(lambda tx: self._change_accounts(tx, new.accounts))
            self._service.clock.stand_at(clock)
            # Whoever was let in a moment ago by the real time may have come too late by this one.
            self._service.visitors = Visitors()
            self._restate_documents()
            if new.ksef_inbox:
                self._service.database.write(self._have_fetched)
            if new.rate_limits != old["rate_limits"]:
                self._service.rate_limit.forget()
            self._service.modes = Modes(new.read_only, new.busy_search, new.rate_limits)
            self.box.refusal = new.fail_next_mail
            self.receiver.failing = new.webhooks
            if "ksef" in patch:
                self.ksef.standing = new.ksef
            if patch.get("registries") is not None:
                self.registries.world = usual_world() | new.registries
                self._forget_registries()

    def _hand_in(self, handed: Sequence[Handed], clock: dt.datetime | None) -> None:
        try:
            self.ksef.hand_in(handed, clock or Clock().now())
        except ValueError as error:
            raise Wrong(f"KSeF would not take what is in ksef_inbox: {error}") from None

    def _have_fetched(self, tx: Transaction) -> None:
        """Whoever is connected looks for what was handed in, without waiting for their hour."""
        for account in accounts(tx):
            books = Books(tx, account, None, self.clock.now())
            connection = connection_of(books)
            if connection is not None and connection.active:
                fetch_now(books)

    def _forget_registries(self) -> None:
        """Whatever was heard of them was said by a registry that is no more."""
        self._service.database.write(forget_answers)
        if self._service.registries is not None:
            self._service.registries.forget()

    def reset(self) -> None:
        """Bring the example data and the default state back; credentials and tokens stay."""
        with self._changing:
            example = read_example(self._example)
            self._service.database.write(lambda tx: bring_example_back(tx, example))
            self._service.forget()
            self._forget_registries()
            bring_back(self.parts, self._at_first)
            self._restate_documents()
        self.connect_example()

    def connect_example(self) -> None:
        """Have the Polish example firm connected to KSeF's double, where there is such a firm."""
        service, address = self._service, self.ksef.base
        firm = service.database.read(lambda tx: next((one for one in accounts(tx) if one.slug == FIRM), None))
        if firm is None:
            return

        def is_done(tx: Transaction) -> bool:
            return is_connected(Books(tx, firm, None, service.clock.now()), address)

        if not service.database.read(is_done):
            pair = self.ksef.double().certificate((firm.vat_no or "").removeprefix("PL"), name=firm.name)
            now, key = service.clock.now(), service.secret_key
            service.database.write(lambda tx: connect_example(Books(tx, firm, None, now), pair, key, address))

    def do_jobs(self) -> int:
        """Do every job that is due, and what becomes due by that; say how many. What waits in memory is written first.

        Raises:
            Busy: those under way do not come to their end.

        """
        with self.jobs.closed():
            self._service.write_what_waits()
            return self.do_due(MOST_JOBS)

    @contextlib.contextmanager
    def _still(self) -> Iterator[None]:
        """While nobody changes anything."""
        with self.jobs.closed(), self.requests.closed(), self._changing:
            yield

    def bring_outcomes(self) -> None:
        """Let happen what values in the books of any account have for an outcome by now, as a request of its own."""
        with self.requests.inside():
            self._bring_outcomes()

    def _bring_outcomes(self) -> None:
        database, now = self._service.database, self._service.clock.now()

        def waits(tx: Transaction) -> list[Account]:
            return [account for account in accounts(tx) if outcomes_due(Books(tx, account, None, now))]

        def bring(account: Account) -> None:
            database.write(lambda tx: bring_outcomes(Books(tx, account, None, now)))

        for account in database.read(waits):
            bring(account)

    def _restate_documents(self) -> None:
        """A clock that was moved has passed due dates, or gone back behind them, and payers may have paid."""
        database, now = self._service.database, self._service.clock.now()

        def restate(account: Account) -> bool:
            return database.write(lambda tx: bring_up_to_today(Books(tx, account, None, now)))

        for account in database.read(accounts):
            while restate(account):
                pass
        self._bring_outcomes()

    def _change_accounts(self, tx: Transaction, wanted: Mapping[str, AccountState]) -> None:
        office = Office(tx, self._service.clock.now())
        for account in accounts(tx):
            state = wanted[account.slug]
            unpaid = (f"{self._service.public_url}/billing/{account.slug}/2026-0001",) if state.blocked else ()
            office.change(account, blocked=state.blocked, unpaid_invoices=unpaid, contact_limit=state.contact_limit)


def _pages_of(service: Service) -> Paths:
    """The paths that people may open, with those that no noun has."""
    served = ("/readyz", "/llms.txt", "/{dialect}/docs", "/{dialect}/docs.md", "/{dialect}/openapi.json")
    documents = dict.fromkeys(served, ("GET", "HEAD"))
    # Imported here, so that no start waits for them.
    web: Any = importlib.import_module("faktura.web")
    rules = web.application(service).url_map.iter_rules()
    return documents | {_pattern_of(rule.rule): tuple(rule.methods or ()) for rule in rules}


def _pattern_of(rule: str) -> str:
    kinds = {"id": DIGITS, "int": DIGITS, "path": ACROSS}
    return re.sub(r"<(?:(\w+)[^:>]*:)?[^>]*>", lambda found: kinds.get(found[1], WITHIN), rule)


def accounts(tx: Transaction) -> list[Account]:
    return tx.records(Account, _ACCOUNTS)


_ACCOUNTS = Query(sa.select(*columns_of(Account)).order_by(Account.table.c.id))
