"""Programs that want to hear of what happens in an account, at an address of theirs."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.listeners import TELLERS, Listener, Terms
from faktura.core.books.office import Office
from faktura.core.books.uses import remove_whole
from faktura.core.errors import Given, LimitReached, NotFound, Problem, Problems
from faktura.core.people.accounts import Account
from faktura.core.people.applications import GRANT_STANDS, Application, Grant
from faktura.core.people.return_addresses import parts_of
from faktura.core.people.users import Membership, User
from faktura.core.sealing import Sealed, sealed, unsealed
from faktura.core.texts import check_texts
from faktura.core.todos import take_off_list
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, changed, index, record, unique
from faktura.store.statements import Query

MOST = 20
"""Of an account: each event is written down once for each of them."""

LONGEST_ADDRESS = 2000
LONGEST_SECRET = 4000

CONFIRM = "confirm_webhook"

State = Literal["to_confirm", "active", "off", "given_up"]

AUTHORIZATION = "subscriptions.authorization"
"""Where the secret is kept."""


@record(
    "subscriptions",
    unique("account_id", "reference"),
    index("grant_id", over_all_accounts="what a program was let into is ended in all accounts together"),
    refers={"user_id": "users"},
    remembers={"application_id": "applications", "grant_id": "grants"},
)
class Subscription(Tenant):
    """Which events a program is told of, by which address, as long as the person who let it in lets it.

    One without an application is the account's own, in the hands of whoever of its owners saved it last.
    `events` are in the words of the `door` that it came through; addresses in what is told begin with `api_root` and
    `web_root`, by which it came. `authorization` is what it wants to hear by the name of Authorization, sealed. By
    `reference` it asks for what could not be delivered. It is `confirmed` once its address has answered as the terms of
    the door want, `given_up` where it was switched off for what it did not take, and `discreet` as a listener is.
    """

    reference: str
    door: str
    application_id: int | None
    grant_id: int | None
    user_id: int
    url: str
    events: tuple[str, ...]
    api_root: str
    web_root: str
    authorization: Sealed | None = None
    active: bool = True
    confirmed: bool = True
    given_up: bool = False
    discreet: bool = False

    @property
    def state(self) -> State:
        if not self.active:
            return "given_up" if self.given_up else "off"
        return "active" if self.confirmed else "to_confirm"


def subscribe(books: Books, given: Given, key: str, *, door: str, **of_program: Any) -> Subscription:
    """Add a subscription of the program that the rest says; `key` seals its secret.

    Raises:
        Invalid: a value breaks a rule.
        LimitReached: the account has as many as it may.

    """
    values = _checked(books, {"url": None, "events": None} | given, given, key, door)
    if len(books.stamps(Subscription, Selection(), MOST, 0)) == MOST:
        raise LimitReached(Subscription.table_name)
    reference = books.tx.chance.uuid(Subscription.table_name)
    added = books.add(Subscription, reference=reference, door=door, **of_program, **values)
    listen_again(books)
    _ask_to_confirm(books, added)
    books.note_event(Event("webhook_added", added, {"url": (None, added.url)}))
    return added


def subscribe_itself(
    books: Books, given: Given, key: str, door: str, web_root: str, *, confirmed: bool = False
) -> Subscription:
    """Add one of the account's own, which hears in the words of a door: from now on where that has no terms.

    Raises:
        Invalid: a value breaks a rule.
        LimitReached: the account has as many as it may.

    """
    nobodys = {"application_id": None, "grant_id": None, "user_id": books.user_id}
    roots = {"api_root": web_root + TELLERS[door].path, "web_root": web_root}
    confirmed = confirmed or terms_of(door) is None
    return subscribe(books, given, key, door=door, confirmed=confirmed, **roots, **nobodys)


def change_subscription(books: Books, old: Subscription, given: Given, key: str) -> Subscription:
    """Change the given values; another address has to confirm it anew, and whoever is switched on is given up no more.

    Raises:
        Invalid: a value breaks a rule.

    """
    values = _checked(books, given, given, key, old.door)
    if terms_of(old.door) is not None and values.get("url", old.url) != old.url:
        values["confirmed"] = False
    if values.get("active"):
        values["given_up"] = False
    own = {"user_id": books.user_id} if old.application_id is None else {}
    kept = books.change(old, changed(old, **own, **values))
    if kept is not old:
        listen_again(books)
        books.note_event(Event("webhook_changed", kept, _told(old, kept)))
    _ask_to_confirm(books, kept)
    return kept


def terms_of(door: str) -> Terms | None:
    return TELLERS[door].terms if door in TELLERS else None


def _ask_to_confirm(books: Books, subscription: Subscription) -> None:
    if subscription.state == "to_confirm":
        books.later(CONFIRM, subscription.id, books.tx.chance.uuid(CONFIRM))


def confirm(books: Books, asked: Subscription) -> None:
    """The address that was asked answered as it should: it is told from now on, unless it is another one by now."""
    found = books.look_up(Subscription, id=asked.id)
    if found is not None and found.url == asked.url and not found.confirmed:
        _change_itself(books, found, confirmed=True)
        take_off_list(books, "webhook_failed", found)


def give_up(books: Books, subscription: Subscription) -> None:
    """Switch it off for what it did not take, until an owner switches it on again."""
    _change_itself(books, subscription, active=False, given_up=True)


def _change_itself(books: Books, old: Subscription, **values: bool) -> None:
    kept = books.change(old, changed(old, **values))
    listen_again(books)
    books.note_event(Event("webhook_changed", kept, _told(old, kept)))


def change_by_hand(books: Books, record_id: int, given: Given, key: str) -> Subscription:
    """Change one of the account's own as given; one of a program is only switched on or off.

    A secret is sent to no other address than the one that it was given for.

    Raises:
        Invalid: a value breaks a rule, or the secret is not given with another address.

    """
    old = books.find(Subscription, record_id)
    if old.application_id is not None:
        given = given.only("active")
    elif old.authorization is not None and given.get("url", old.url) != old.url and "authorization" not in given:
        given.unread.setdefault("authorization", [Problem("blank")])
    return change_subscription(books, old, given, key)


def unsubscribe(books: Books, subscription: Subscription) -> None:
    """Tell the program nothing any more, not even what waits."""
    remove_whole(books, subscription)
    listen_again(books)
    without_secret = changed(subscription, authorization=None)
    books.note_event(Event("webhook_deleted", without_secret, {"url": (subscription.url, None)}))


def end_subscriptions_of(office: Office, grant: Grant) -> None:
    """Tell a program nothing of what it asked for by this grant, in any account."""
    for account_id, record_id in office.tx.rows(_OF_GRANT, grant_id=grant.id):
        books = Books(office.tx, office.find(Account, id=account_id), grant.user_id, office.now, way=office.way)
        unsubscribe(books, books.find(Subscription, record_id))


def subscriptions_of(door: str, application_id: int) -> Selection:
    """What a program sees: its own subscriptions, the oldest first."""
    own = Condition("door", "eq", door), Condition("application_id", "eq", application_id)
    return Selection(own, order=(Order("id"),))


class Listening(NamedTuple):
    """A subscription, whose it is, and the program that it is of; whether that one `hears` what it is told."""

    subscription: Subscription
    user: User
    application: Application | None
    hears: bool


def all_subscriptions(books: Books) -> list[Listening]:
    """Those of all programs and the account's own, the oldest first."""
    return [listening(books, one) for one in books.all(Subscription, Selection(order=(Order("id"),)))]


def listening(books: Books, subscription: Subscription) -> Listening:
    office, program = Office(books.tx, books.now), subscription.application_id
    application = None if program is None else office.look_up(Application, id=program)
    user = office.find(User, id=subscription.user_id)
    return Listening(subscription, user, application, may_hear(books, subscription, ""))


def find_subscription(books: Books, record_id: int, door: str, application_id: int) -> Subscription:
    """A program's own subscription.

    Raises:
        NotFound: it has none with this id.

    """
    found = books.find(Subscription, record_id)
    if (found.door, found.application_id) != (door, application_id):
        raise NotFound(Subscription.table_name)
    return found


def may_hear(books: Books, subscription: Subscription, scope: str) -> bool:
    """Whether its program would still be let in to see what it is told: asked again for each message.

    A program of a person's own needs no grant that stands: it gets another whenever it asks. The account's own hear
    what that owner may see who saved them.
    """
    whose = {"account_id": books.account.id, "user_id": subscription.user_id}
    program = subscription.application_id
    query = {} if program is None else {"application_id": program}
    rows = books.tx.rows(_OWNER if program is None else _STANDING, **whose, **query)
    if not rows:
        return False
    scopes, shut_out = rows[0]
    return program not in shut_out and (not scope or scope in scopes)


def authorization_of(subscription: Subscription, key: str) -> str | None:
    """The secret as it was given; None where there is none, or where it was sealed by another key."""
    kept = subscription.authorization
    return None if kept is None else unsealed(key, subscription.account_id, AUTHORIZATION, kept)


def listener_of(subscription: Subscription) -> Listener:
    s = subscription
    return Listener(s.id, s.door, s.events, s.api_root, s.web_root, s.discreet)


def _checked(books: Books, values: Mapping[str, Any], given: Given, key: str, door: str) -> dict[str, Any]:
    """The values as they are kept; what is not given anew is left out."""
    problems = Problems(given.unread)
    kept = {name: value for name, value in values.items() if name not in problems}
    check_texts(Subscription, kept, problems)
    if "url" in kept and "url" not in problems:
        _check_address(kept["url"], problems)
    if "events" in kept:
        _check_events(kept["events"], door, problems)
    secret = kept.get("authorization")
    if secret and "authorization" not in problems:
        _check_secret(secret, problems)
    problems.refuse()
    if secret is not None:
        kept["authorization"] = sealed(key, books.account.id, AUTHORIZATION, secret)
    if kept.get("active", True) is None:
        del kept["active"]
    return kept


def _check_events(events: tuple[str, ...] | None, door: str, problems: Problems) -> None:
    if not events:
        problems.add("events", "empty_list")
    elif not all(map(TELLERS[door].knows, events)):
        problems.add("events", "not_in_list")


def _check_address(url: str | None, problems: Problems) -> None:
    if not url:
        problems.add("url", "blank")
    elif len(url) > LONGEST_ADDRESS:
        problems.add("url", "too_long", LONGEST_ADDRESS)
    else:
        parts = parts_of(url)
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
            problems.add("url", "malformed")


def _check_secret(secret: str, problems: Problems) -> None:
    """It stands in a header, where only such letters may."""
    if len(secret) > LONGEST_SECRET:
        problems.add("authorization", "too_long", LONGEST_SECRET)
    elif not secret.isascii() or secret != secret.strip():
        problems.add("authorization", "malformed")


def listen_again(books: Books) -> None:
    """Have the account hold those that are active."""
    ours = books.all(Subscription, Selection(order=(Order("id"),)))
    listeners = tuple(listener_of(subscription) for subscription in ours if subscription.state == "active")
    office = Office(books.tx, books.now, books.way)
    account = office.find(Account, id=books.account.id)
    books.account = account if account.listeners == listeners else office.change(account, listeners=listeners)


def _told(old: Subscription, kept: Subscription) -> dict[str, tuple[Any, Any]]:
    """What differs; of a secret only that it does."""
    told = dict(differences(old, kept))
    if "authorization" in told:
        told["authorization"] = (None, None)
    return told


_s, _p, _g, _u, _m = (cls.table.c for cls in (Subscription, Application, Grant, User, Membership))

_OF_GRANT = Query(sa.select(_s.account_id, _s.id).where(_s.grant_id == sa.bindparam("grant_id")).order_by(_s.id))

_LET_IN = (
    sa.select(_g.id).where(_g.application_id == _p.id, GRANT_STANDS).correlate(Application.table, User.table).exists()
)

_OWNER = Query(
    sa.select(_m.scopes, _m.shut_out).where(
        _m.account_id == sa.bindparam("account_id"), _m.user_id == sa.bindparam("user_id"), _m.permission == "owner"
    )
)

_STANDING = Query(
    sa.select(_m.scopes, _m.shut_out)
    .select_from(Membership.table)
    .join(User.table, _u.id == _m.user_id)
    .join(Application.table, _p.id == sa.bindparam("application_id"))
    .where(_m.account_id == sa.bindparam("account_id"), _m.user_id == sa.bindparam("user_id"))
    .where(((_p.kind == "personal") & (_p.user_id == _u.id)) | _LET_IN)
)
