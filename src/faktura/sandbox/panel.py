"""The sandbox's control as its panel uses it: the switches, who can sign in, and which letters were sent."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

import msgspec

from faktura.core.books.books import Books
from faktura.core.invoices.debts import UNPAID
from faktura.core.invoices.record import Invoice
from faktura.sandbox.control.barrier import Busy
from faktura.sandbox.control.changes import Change
from faktura.sandbox.control.checkpoints import Full, Unknown
from faktura.sandbox.control.control import Control, accounts
from faktura.sandbox.control.curl import curl_of
from faktura.sandbox.control.ledger import Exchange, Half
from faktura.sandbox.control.paths import PAGES
from faktura.sandbox.control.state import Wrong
from faktura.sandbox.control.worlds import plan_of
from faktura.sandbox.example.firms import FIRMS, PEOPLE
from faktura.sandbox.folder import Manifest
from faktura.sandbox.outside.mails import read_letter
from faktura.sandbox.worlds.worlds import Worlds
from faktura.store.transaction import Transaction
from faktura.wire.service import Service
from faktura.wire.switches import AskedHere, Changed, ChangesSince, Checkpoint, OtherWorld, Received, SentLetter, SignIn

MOST_LETTERS = 50
MOST_CHANGES = 50
LONGEST_TOLD = 4000
"""Characters of a body."""

T = TypeVar("T")


class Panel:
    """What `wire/switches.py` asks for."""

    def __init__(self, control: Control, service: Service, manifest: Manifest, worlds: Worlds | None = None) -> None:
        self._worlds = worlds
        self._control = control
        self._service = service
        self.password: str = manifest["web"]["password"]
        self.control_url: str = manifest["control_url"]
        self.usual_limits = control.usual_limits
        self.sign_ins = [
            SignIn(email, name, FIRMS[slug]["name"], permission, language)
            for email, name, slug, permission, language in PEOPLE
        ]

    def state(self) -> dict[str, Any]:
        return self._control.state()

    def change(self, patch: Mapping[str, Any]) -> None:
        self._control.change(patch)

    def reset(self) -> None:
        self._control.reset()

    def worlds(self) -> list[OtherWorld] | None:
        if self._worlds is None:
            return None
        return [
            OtherWorld(one.name, f"{one.manifest['control_url']}/panel", one.plan.expires_at)
            for one in self._worlds.all()
            if one.plan.expires_at is not None
        ]

    def make_world(self, name: str) -> str:
        if self._worlds is None:
            raise Wrong("A world makes no others")
        return self._worlds.make(plan_of({"name": name})).name

    def remove_world(self, name: str) -> None:
        if self._worlds is None:
            raise Wrong("A world removes no others")
        self._worlds.remove(name)

    def checkpoints(self) -> list[Checkpoint]:
        return [Checkpoint(one.name, one.made_at) for one in self._control.checkpoints.all()]

    def make_checkpoint(self, name: str) -> None:
        with _said():
            self._control.checkpoints.make(name)

    def rewind(self, name: str) -> None:
        with _said():
            self._control.checkpoints.rewind(name)

    def changes_since(self, name: str) -> ChangesSince:
        with _said():
            found = self._control.checkpoints.changes(name)
        first = found.changes[:MOST_CHANGES]
        return ChangesSince([_changed(one) for one in first], found.cut or len(first) < len(found.changes))

    def next_due(self) -> dt.date | None:
        return min((day for days in self._of_each(_due_days) for day in days), default=None)

    def letters(self) -> list[SentLetter]:
        return [read_letter(kept) for kept in self._control.box.letters[:MOST_LETTERS]]

    def rules(self) -> list[dict[str, Any]]:
        return [
            {"id": rule.id, "hits": rule.hits, "terms": msgspec.json.encode(rule.terms).decode()}
            for rule in self._control.faults.rules
        ]

    def add_rule(self, terms: Any) -> None:
        self._control.faults.add(terms)

    def delete_rule(self, number: int) -> None:
        self._control.faults.remove(number)

    def asked(self, text: str, most: int) -> list[AskedHere]:
        found = (one for one in self._control.ledger.exchanges if one.place.door != PAGES and one.has(text))
        return [_asked(one) for one in islice(found, most)]

    def received(self) -> list[Received]:
        return self._control.receiver.messages[:MOST_LETTERS]

    def _of_each(self, work: Callable[[Books], T]) -> list[T]:
        """What the work finds in the books of every account."""
        now = self._service.clock.now()

        def of_each(tx: Transaction) -> list[T]:
            return [work(Books(tx, account, None, now)) for account in accounts(tx)]

        return self._service.database.read(of_each)


def _asked(one: Exchange) -> AskedHere:
    return AskedHere(
        one.id,
        one.at,
        one.method,
        one.place.path,
        one.status,
        one.result,
        one.faults,
        one.milliseconds,
        _told(one.request),
        _told(one.answer),
        curl_of(one),
    )


def _told(half: Half | None) -> str:
    """Headers and body as a text, as much of it as a page shows."""
    if half is None:
        return ""
    headers = "".join(f"{name}: {value}\n" for name, value in half.headers)
    body = f"({half.size} bytes)" if half.text is None else half.text
    return f"{headers}\n{body if len(body) <= LONGEST_TOLD else f'{body[:LONGEST_TOLD]}…'}"


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """A refusal in words for whoever sits at the panel."""
    try:
        yield
    except (Unknown, Full, Busy) as error:
        raise ValueError(str(error)) from None


def _changed(one: Change) -> Changed:
    told = msgspec.json.format(msgspec.json.encode(one.changed or one.attributes), indent=2).decode()
    return Changed(one.change, one.record, one.id, one.account, told)


def _due_days(books: Books) -> list[dt.date]:
    """The days to come on which something is to be paid."""
    groups = books.sums(Invoice, UNPAID, ("left_to_pay",), ("due_on",))
    return [one.group[0] for one in groups if one.group[0] >= books.today]
