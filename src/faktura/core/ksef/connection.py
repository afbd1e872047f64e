"""How an account reaches KSeF: as whom, by which secrets, and what it wants of it."""

import datetime as dt
from typing import Any, Literal, get_args

import msgspec
import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.office import Office
from faktura.core.books.uses import remove_whole
from faktura.core.errors import Given, Problems, WrongState
from faktura.core.ksef.addresses import Environment
from faktura.core.ksef.certificates import ends_at, read_key_pair
from faktura.core.ksef.pace import Limit
from faktura.core.people.accounts import Account
from faktura.core.sealing import Sealed, sealed, unsealed
from faktura.core.texts import as_seen
from faktura.core.todos import put_on_list, take_off_list
from faktura.store.records import Tenant, changed, record, unique
from faktura.store.statements import Query

Method = Literal["certificate", "token"]
"""By what it signs in; tokens end with 2026."""

SendMode = Literal["by_hand", "at_issue", "at_printing"]

Right = Literal["InvoiceRead", "InvoiceWrite"]
"""As KSeF calls them."""

Secret = Literal["token", "private_key", "refresh_token", "offline_key", "enrolment_key"]

Purpose = Literal["Authentication", "Offline"]
"""What a certificate of KSeF is for, as KSeF calls it."""

Side = Literal["Subject1", "Subject2", "Subject3"]
"""As what the firm stands on an invoice, as KSeF calls it: who sells, who buys, a third party."""


class Mark(msgspec.Struct, frozen=True):
    """Everything of a side that KSeF kept before `until` was fetched."""

    side: Side
    until: dt.datetime


@record("ksef_connections", unique("account_id"), paged=False)
class KsefConnection(Tenant):
    """The one connection of an account.

    `tax_no` is the ten digits by which KSeF knows the firm. Certificates are PEM; keys, token and the token that
    sign-ins are renewed by (`refresh_token`) are sealed. The `offline` ones sign what is issued while KSeF does not
    answer. `rights` are those that KSeF said at the last sign-in. One that is not `active` sends and fetches nothing,
    and `last_error` says why. Documents wait `send_delay` seconds before they leave, in which that can be undone.
    `limits` are those that KSeF names. A certificate that it is asked for belongs to the `enrolment_key`, and is
    fetched by `enrolment_ref`; `enrolment_error` is why it was not given.
    """

    environment: Environment
    api_url: str
    qr_url: str
    status_url: str
    tax_no: str
    method: Method
    token: Sealed | None = None
    certificate: str | None = None
    private_key: Sealed | None = None
    certificate_until: dt.datetime | None = None
    refresh_token: Sealed | None = None
    refresh_until: dt.datetime | None = None
    offline_certificate: str | None = None
    offline_key: Sealed | None = None
    offline_until: dt.datetime | None = None
    rights: tuple[Right, ...] = ()
    active: bool = False
    last_error: str | None = None
    checked_at: dt.datetime | None = None
    send_mode: SendMode = "by_hand"
    send_delay: int = 0
    offline_allowed: bool = False
    receive: bool = True
    receive_every: int = 60
    marks: tuple[Mark, ...] = ()
    incomes_fetched_at: dt.datetime | None = None
    costs_fetched_at: dt.datetime | None = None
    limits: tuple[Limit, ...] = ()
    enrolment_ref: str | None = None
    enrolment_key: Sealed | None = None
    enrolment_for: Purpose | None = None
    enrolment_error: str | None = None


TOKENS_END = dt.date(2026, 12, 31)
"""The last day on which KSeF lets anybody in by a token, as the ministry has announced: people are told, and KSeF
decides."""

NEEDED: tuple[Right, ...] = get_args(Right)

LONGEST_ERROR = 500
LONGEST_DELAY = 24 * 60 * 60
"""Seconds."""

EVERY = range(15, 24 * 60 + 1)
"""Minutes between two looks for what was received."""

WISHES = ("send_mode", "send_delay", "offline_allowed", "receive", "receive_every")
"""What the firm wants of KSeF, whoever it is there."""

NO_ENROLMENT = {"enrolment_for": None, "enrolment_ref": None, "enrolment_key": None, "enrolment_error": None}

ABOUT = ("environment", "tax_no", "method", "certificate_until", "offline_until", *WISHES)
"""What the history says of a connection: never a secret, nor what KSeF moves by itself."""


def connection_of(books: Books) -> KsefConnection | None:
    """The connection of the account, active or not."""
    return books.look_up(KsefConnection)


def active_connection(books: Books) -> KsefConnection:
    """The connection that documents go out by.

    Raises:
        WrongState: there is none, or it is not active.

    """
    connection = connection_of(books)
    if connection is None or not connection.active:
        raise WrongState("not_connected")
    return connection


def active_or_none(books: Books) -> KsefConnection | None:
    """The same, where a job does nothing without one."""
    connection = connection_of(books)
    return connection if connection is not None and connection.active else None


def subject_of(connection: KsefConnection) -> str:
    """Whose calls KSeF counts."""
    return f"{connection.environment} {connection.tax_no}"


def connected_accounts(office: Office) -> list[int]:
    """The accounts with an active connection that are not blocked."""
    return [row[0] for row in office.tx.rows(_CONNECTED)]


def change_connection(books: Books, given: Given) -> KsefConnection:
    """Change what the firm wants of KSeF: WISHES.

    Raises:
        Invalid: a value breaks a rule.
        WrongState: there is no connection.

    """
    old = required_connection(books)
    problems = Problems(given.unread)
    for name in given.keys() - set(WISHES):
        problems.add(name, "immutable")
    values = wishes_in(given, problems)
    problems.refuse()
    return _noted(books, old, books.change(old, changed(old, **values)))


def keep_offline_pair(books: Books, certificate: str, private_key: str, key: str) -> KsefConnection:
    """Have what is issued while KSeF does not answer signed by this pair, given as PEM.

    Raises:
        Invalid: they do not belong together, or the certificate has ended.
        WrongState: there is no connection.

    """
    old, problems = required_connection(books), Problems()
    secrets = pair_in(books, certificate, private_key, problems)
    problems.refuse()
    values = {
        "offline_certificate": secrets["certificate"],
        "offline_key": seal(books, key, "offline_key", secrets["private_key"]),
        "offline_until": secrets["certificate_until"],
    }
    return _noted(books, old, books.change(old, changed(old, **values)))


def disconnect(books: Books) -> None:
    """Forget how KSeF is reached, with all secrets; what was sent and received stays.

    Raises:
        WrongState: there is no connection.

    """
    connection = required_connection(books)
    remove_whole(books, connection)
    books.note_event(Event("ksef_disconnected", connection))


def required_connection(books: Books) -> KsefConnection:
    """The connection, active or not.

    Raises:
        WrongState: there is none.

    """
    connection = connection_of(books)
    if connection is None:
        raise WrongState("not_connected")
    return connection


def order_check(books: Books) -> KsefConnection:
    """Have a job sign in, and write down what came of it.

    Raises:
        WrongState: there is no connection.

    """
    old = required_connection(books)
    books.later(CHECK)
    return books.change(old, changed(old, checked_at=None))


def note_unreachable(books: Books) -> None:
    """Write down that nobody answers, for whoever waits for the check; nothing else follows from that."""
    old = connection_of(books)
    if old is not None:
        books.change(old, changed(old, checked_at=books.now, last_error="unreachable"))


def note_sign_in(books: Books, rights: tuple[Right, ...] | None) -> KsefConnection | None:
    """Write down that KSeF let the firm in, with these rights; None where it does not say which.

    The connection is active from then on, unless it lacks a right that is needed.
    """
    old = connection_of(books)
    if old is None:
        return None
    missing = [] if rights is None else [right for right in NEEDED if right not in rights]
    if missing:
        kept = books.change(old, changed(old, rights=rights, checked_at=books.now))
        return put_out(books, f"no_right {' '.join(missing)}") or kept
    values = {"rights": rights or (), "checked_at": books.now, "active": True, "last_error": None}
    kept = books.change(old, changed(old, **values))
    take_off_list(books, "ksef_disconnected", kept)
    take_off_list(books, "ksef_not_connected", books.account)
    return kept


def put_out(books: Books, why: str) -> KsefConnection | None:
    """Send and fetch nothing any more, until somebody connects again; a person is to look after it.

    `why` is a word of ours ("key_lost", "certificate_ended", "token_ended", "no_right …"), or code and text of KSeF.
    """
    old = connection_of(books)
    if old is None:
        return None
    why = as_seen(why)[:LONGEST_ERROR]
    kept = books.change(old, changed(old, active=False, last_error=why, checked_at=books.now))
    if old.active:
        books.note_event(Event("ksef_disconnected", kept, {"last_error": (None, why)}))
        put_on_list(books, "ksef_disconnected", kept)
    return kept


def note_refresh_token(books: Books, text: str | None, until: dt.datetime | None, key: str) -> None:
    """Keep what later sign-ins are renewed by, so that not each of them is a whole one."""
    old = connection_of(books)
    if old is not None:
        token = None if text is None else seal(books, key, "refresh_token", text)
        books.change(old, changed(old, refresh_token=token, refresh_until=until))


def note_limits(books: Books, limits: tuple[Limit, ...]) -> None:
    """Keep how often KSeF lets this firm call."""
    old = connection_of(books)
    if old is not None:
        books.change(old, changed(old, limits=limits))


def seal(books: Books, key: str, name: Secret, text: str) -> bytes:
    """A secret as it is kept."""
    return sealed(key, books.account.id, f"{KsefConnection.table_name}.{name}", text)


def secret_of(connection: KsefConnection, name: Secret, key: str) -> str | None:
    """A secret as it was given; None where there is none, or where it was sealed by another key."""
    kept: bytes | None = getattr(connection, name)
    place = f"{KsefConnection.table_name}.{name}"
    return None if kept is None else unsealed(key, connection.account_id, place, kept)


CHECK = "check_ksef"
"""The job that signs in."""


def wishes_in(given: Given, problems: Problems) -> dict[str, Any]:
    """What the firm wants of KSeF, as far as it is given."""
    values = {name: given[name] for name in WISHES if given.get(name) is not None}
    if values.get("send_mode", "by_hand") not in get_args(SendMode):
        problems.add("send_mode", "not_in_list")
    delay, every = values.get("send_delay", 0), values.get("receive_every", EVERY[0])
    if not 0 <= delay <= LONGEST_DELAY:
        problems.add("send_delay", "too_small" if delay < 0 else "too_large")
    if every not in EVERY:
        problems.add("receive_every", "too_small" if every < EVERY[0] else "too_large")
    return values


def pair_in(books: Books, certificate: str, private_key: str, problems: Problems) -> dict[str, Any]:
    """A certificate and its key, in the clear, and until when it is good."""
    for name, text in (("certificate", certificate), ("private_key", private_key)):
        if not text and name not in problems:
            problems.add(name, "blank")
    if "certificate" in problems or "private_key" in problems:
        return {}
    pair = read_key_pair(certificate.encode(), private_key.encode())
    until = ends_at(pair.certificate)
    if until <= books.now:
        problems.add("certificate", "has_ended")
    return {"certificate": pair.certificate, "private_key": pair.private_key, "certificate_until": until}


def _noted(books: Books, old: KsefConnection, kept: KsefConnection) -> KsefConnection:
    details = {name: value for name, value in differences(old, kept).items() if name in ABOUT}
    if details:
        books.note_event(Event("ksef_changed", kept, details))
    return kept


_c, _a = KsefConnection.table.c, Account.table.c

_CONNECTED = Query(
    sa.select(_c.account_id)
    .join(Account.table, _a.id == _c.account_id)
    .where(_c.active.is_(sa.true()), _a.blocked.is_(sa.false()))
    .order_by(_a.id)
)
