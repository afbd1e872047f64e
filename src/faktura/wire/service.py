"""What every door is handed when the program is put together."""

import secrets
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import msgspec

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.accounts import Account
from faktura.outputs.mail.box import Post
from faktura.outputs.printing.printer import Printer
from faktura.outside.registries.asking import Registries
from faktura.outside.registries.firms import NOBODY, LookUps
from faktura.store.database import Database
from faktura.wire.call_counts import CallCounts
from faktura.wire.idempotency import Running
from faktura.wire.last_uses import LastUses
from faktura.wire.rate_limit import RateLimit
from faktura.wire.rendered import Rendered
from faktura.wire.request_log import RequestLog
from faktura.wire.security import Refusals, Uses
from faktura.wire.switches import Switches
from faktura.wire.visitors import Visitors


class Modes(msgspec.Struct):
    """What can be switched while the program runs.

    `read_only` is maintenance: only reads are served. `busy_search`: searches are refused. `rate_limits` holds, by door
    and kind of request, the requests a minute and address; a limit that is not there is off.
    """

    read_only: bool = False
    busy_search: bool = False
    rate_limits: dict[str, dict[str, int]] = msgspec.field(default_factory=dict)


class Service(msgspec.Struct):
    """Links are built from `public_url`, or from the address of the request where its Host is among `known_hosts`.

    Both stand without a slash at their end, hosts without a scheme. At hosts that are `shared` addresses begin with a
    path, at those that are `of_programs` nobody finds a page of ours. `lenient_content_type` lets a body be JSON that
    is not said to be. `sends_mail` is whether letters leave the house. `secret_key` signs what is handed out and comes
    back. `accounts` holds those seen lately, by id. `long_work` lets one request with a long body be worked on at a
    time, so that it shares the interpreter with the short ones of others and not with its like. `mounts` are the first
    words of the addresses that dialects answer at, `key_rights` the scopes of an API key by what it may do ("write",
    "read"). A letter that an owner sends to see whether it arrives is handed to the `mail_server`. Pages look firms up
    by `look_ups`, and ask `registries` for more. Accounts connect to KSeF itself, or to a
    `ksef_double` at an address; where that is None, to none. `switches` are those of a sandbox.
    """

    database: Database
    clock: Clock
    public_url: str
    known_hosts: frozenset[str] = frozenset()
    modes: Modes = msgspec.field(default_factory=Modes)
    rate_limit: RateLimit = msgspec.field(default_factory=RateLimit)
    accounts: dict[int, Account] = msgspec.field(default_factory=dict)
    visitors: Visitors[Any] = msgspec.field(default_factory=Visitors)
    uses: Uses = msgspec.field(default_factory=Uses)
    last_uses: LastUses = msgspec.field(default_factory=LastUses)
    calls: CallCounts = msgspec.field(default_factory=CallCounts)
    requests: RequestLog = msgspec.field(default_factory=RequestLog)
    refusals: Refusals = msgspec.field(default_factory=Refusals)
    running: Running = msgspec.field(default_factory=Running)
    rendered: Rendered = msgspec.field(default_factory=Rendered)
    long_work: AbstractContextManager[Any] = msgspec.field(default_factory=threading.Lock)
    printer: Printer = msgspec.field(default_factory=Printer)
    lenient_content_type: bool = False
    sends_mail: bool = True
    mounts: frozenset[str] = frozenset()
    key_rights: Mapping[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    mail_server: Post | None = None
    look_ups: LookUps = NOBODY
    registries: Registries | None = None
    ksef_double: str | None = None
    switches: Switches | None = None
    shared: Mapping[str, str] = msgspec.field(default_factory=dict)
    of_programs: frozenset[str] = frozenset()
    secret_key: str = msgspec.field(default_factory=secrets.token_hex)

    def base_url(self, scheme: str, host: str) -> str:
        """The address that links of an answer begin with."""
        known = host in self.known_hosts and scheme in {"http", "https"}
        return f"{scheme}://{host}{self.shared.get(host, '')}" if known else self.public_url

    def pages_url(self, scheme: str, host: str) -> str:
        """The same of links that lead people to pages."""
        return self.public_url if host in self.of_programs else self.base_url(scheme, host)

    def write_what_waits(self) -> None:
        """Write what is kept in memory for a while; what a thread of its own is writing just now is waited for."""
        self.last_uses.write(self.database, self.clock)
        self.calls.write(self.database, self.clock)

    def forget(self) -> None:
        """Drop whatever is true only of the database as it was, for all of it was replaced.

        Versions and ids begin again, so what is kept by them may be another state of the record, or another record.
        """
        self.accounts = {}
        self.visitors = Visitors()
        self.uses = Uses()
        self.refusals = Refusals()
        self.rendered = Rendered()
        self.printer.forget()
        self.calls.forget()

    def account(self, office: Office, account_id: int, version: int) -> Account:
        """The account at its present version."""
        account = self.accounts.get(account_id)
        if account is None or account.version != version:
            account = self.accounts[account_id] = office.find(Account, id=account_id)
        return account
