"""People, and what each may do in which account."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

import sqlalchemy as sa
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.books.office import Office
from faktura.core.errors import Given, NotFound, Problems
from faktura.core.people.accounts import Account
from faktura.core.people.first_secrets import forget_first_secrets
from faktura.core.texts import check_texts
from faktura.store.records import Shared, Tenant, changed, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

Permission = Literal["owner", "write", "accountant", "read"]
Scope = Literal["reports", "expenses", "invoices"]
Language = Literal["cs", "en", "pl"]

WRITERS: frozenset[Permission] = frozenset({"owner", "write"})
"""Whose programs may write, too: what an accountant may do beyond reading is done by themselves."""

PERMISSIONS: tuple[Permission, ...] = get_args(Permission)
LANGUAGES: tuple[Language, ...] = get_args(Language)

EVERY_SCOPE: tuple[Scope, ...] = ("invoices", "expenses", "reports")

SCOPES_OF_KINDS: Mapping[str, Scope] = {"invoices": "invoices", "expenses": "expenses", "generators": "invoices"}
"""By kind of record, what must be open to whoever sees what happened to it, or what is to be done about it."""

_passwords = PasswordHash((Argon2Hasher(),))
_quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))

NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$g/tRZ6WPhBNmsvA9fbXxtQ$EDY/AWTziClE7xV4o/x2XimQXiZSeK6S+H8cifvdKBg"
"""Of a password that nobody has: to look at it takes as long as to look at a person's, from the first time on."""


@record("users", unique("email"), watched=True, refers={"default_account_id": "accounts"})
class User(Shared):
    """A person, who signs in with the e-mail address, kept in lower case; `language` is that of messages to them.

    `password_version` grows with every other password; sessions and grants stand only under the one they began with.
    """

    email: str
    full_name: str
    password_hash: str
    language: Language = "cs"
    default_account_id: int | None = None
    avatar_url: str | None = None
    password_version: int = 1


@record(
    "memberships",
    unique("account_id", "user_id"),
    index("user_id", over_all_accounts="a person's accounts are found by the person"),
    watched=True,
    refers={"user_id": "users"},
)
class Membership(Tenant):
    """A person's place in an account: a scope that is not among `scopes` is closed to them.

    Applications whose ids are in `shut_out` may do in their other accounts what they do for them, and nothing here.
    What each permission is good for stands in `src/faktura/core/people/roles.py`.
    """

    user_id: int
    permission: Permission = "owner"
    scopes: tuple[Scope, ...] = EVERY_SCOPE
    shut_out: tuple[int, ...] = ()


class Seat(NamedTuple):
    """An account as one of its members has it."""

    account: Account
    membership: Membership


class Member(NamedTuple):
    """A person as one of the accounts has them."""

    user: User
    membership: Membership


Members = Mapping[int | None, Member]
"""By id; nobody is no member."""

MOST_MEMBERS = 1000


def add_user(office: Office, email: str, full_name: str, password_hash: str, language: Language = "cs") -> User:
    """Add a person.

    Raises:
        Invalid: the address is taken, or a text is not what is seen of it.

    """
    forget_first_secrets(office)
    problems = Problems()
    check_texts(User, {"email": email, "full_name": full_name}, problems)
    if office.look_up(User, email=email.lower()) is not None:
        problems.add("email", "taken")
    problems.refuse()
    return office.add(User, email=email.lower(), full_name=full_name, password_hash=password_hash, language=language)


def change_user(office: Office, user: User, given: Given) -> User:
    """Change how a person is called, in which language they are spoken to, which account they open first.

    Raises:
        Invalid: the name is empty or not what is seen of it, or there is no such language or account of theirs.

    """
    problems = Problems(given.unread)
    check_texts(User, given, problems)
    for name in given.keys() - {"full_name", "language", "default_account_id"}:
        problems.add(name, "immutable")
    if "full_name" in given and not (given["full_name"] or "").strip() and "full_name" not in problems:
        problems.add("full_name", "blank")
    if "language" in given and given["language"] not in LANGUAGES:
        problems.add("language", "not_in_list")
    own = given.get("default_account_id")
    if own is not None and own not in {seat.account.id for seat in accounts_of(office, user)}:
        problems.add("default_account_id", "not_in_list")
    problems.refuse()
    return office.change(office.find(User, id=user.id), **given)


def change_password(office: Office, user: User, password_hash: str) -> User:
    """Whoever got in by the old one, by signing in or by consent, is out."""
    for account, _ in accounts_of(office, user):
        Books(office.tx, account, user.id, office.now, way=office.way).note_event(Event("password_changed", user))
    return office.change(user, password_hash=password_hash, password_version=user.password_version + 1)


def hash_password(password: str) -> str:
    """Argon2id, about a tenth of a second of work: call it before the transaction."""
    return _passwords.hash(password)


def hash_unguessable(secret: str) -> str:
    """The same of what nobody chose: where all guesses are vain, none of them has to take long."""
    return _quick.hash(secret)


def password_fits(user: User | None, password: str) -> bool:
    """Takes as long for a user who does not exist as for one who does."""
    fits = _passwords.verify(password, user.password_hash if user else NOBODYS_HASH)
    return fits and user is not None


def join(books: Books, user: User, permission: Permission, scopes: tuple[Scope, ...] = EVERY_SCOPE) -> Membership:
    """Make a person a member of the account; the first account a person joins is their default."""
    member = books.add(Membership, user_id=user.id, permission=permission, scopes=scopes)
    office = Office(books.tx, books.now)
    if user.default_account_id is None:
        office.change(user, default_account_id=books.account.id)
    return member


def let_in(books: Books, user: User, permission: Permission, scopes: tuple[Scope, ...] = EVERY_SCOPE) -> Membership:
    """Let a person into the account, or give a member another permission."""
    member = books.look_up(Membership, user_id=user.id)
    if member is None:
        member = join(books, user, permission, scopes)
        books.note_event(Event("member_joined", user, {"permission": (None, permission)}))
    elif member.permission != permission:
        details = {"permission": (member.permission, permission)}
        member = books.change(member, changed(member, permission=permission))
        books.note_event(Event("member_changed", user, details))
    return member


def accounts_of(office: Office, user: User) -> list[Seat]:
    """The accounts a person is a member of, the oldest first."""
    rows = office.tx.rows(_ACCOUNTS, user_id=user.id)
    width = len(Account.__struct_fields__)
    return [Seat(Account(*row[:width]), Membership(*row[width:])) for row in rows]


def seat_in(office: Office, user: User, slug: str) -> Seat:
    """The account with this slug, as this person has it.

    Raises:
        NotFound: there is none, or the person is no member of it.

    """
    for seat in accounts_of(office, user):
        if seat.account.slug == slug:
            return seat
    raise NotFound(Account.table_name)


def members_of(books: Books, limit: int, offset: int) -> list[Member]:
    """The people of the account, in the order in which they joined."""
    rows = books.tx.rows(_MEMBERS, account_id=books.account.id, limit=limit, offset=offset)
    width = len(User.__struct_fields__)
    return [Member(User(*row[:width]), Membership(*row[width:])) for row in rows]


def members_by_id(books: Books) -> Members:
    return {member.user.id: member for member in members_of(books, MOST_MEMBERS, 0)}


def first_owner(books: Books) -> User | None:
    """The account's owner; of several the one who joined first."""
    found = books.tx.records(User, _OWNER, account_id=books.account.id)
    return found[0] if found else None


def owner_name(books: Books) -> str | None:
    """The name of the account's owner; of several the first one's."""
    owner = first_owner(books)
    return None if owner is None else owner.full_name


_ACCOUNTS = Query(
    sa.select(*columns_of(Account), *columns_of(Membership))
    .join_from(Membership.table, Account.table, Membership.table.c.account_id == Account.table.c.id)
    .where(Membership.table.c.user_id == sa.bindparam("user_id"))
    .order_by(Account.table.c.id)
)

_OWNER = Query(
    sa.select(*columns_of(User))
    .join_from(Membership.table, User.table, Membership.table.c.user_id == User.table.c.id)
    .where(Membership.table.c.account_id == sa.bindparam("account_id"), Membership.table.c.permission == "owner")
    .order_by(Membership.table.c.id)
    .limit(1)
)

_MEMBERS = Query(
    sa.select(*columns_of(User), *columns_of(Membership))
    .join_from(Membership.table, User.table, Membership.table.c.user_id == User.table.c.id)
    .where(Membership.table.c.account_id == sa.bindparam("account_id"))
    .order_by(Membership.table.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
    .offset(sa.bindparam("offset", type_=sa.Integer))
)
