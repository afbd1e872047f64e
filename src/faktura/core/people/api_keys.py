"""Keys, each of which opens one account."""

import datetime as dt

import msgspec
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.errors import Problems
from faktura.core.people.accounts import Account
from faktura.core.people.credentials import Credential
from faktura.core.people.hashes import secret_hash
from faktura.core.people.users import WRITERS, Membership, Permission, User
from faktura.core.texts import check_texts
from faktura.store.records import Shared, index, record, unique
from faktura.store.statements import Query


@record(
    "api_keys",
    unique("hash"),
    index("account_id"),
    index("user_id"),
    watched=True,
    refers={"account_id": "accounts", "user_id": "users"},
)
class ApiKey(Shared):
    """A key that opens one account, within its scopes, while its user is a member there.

    When it was `used_at` last is known within minutes.
    """

    hash: str
    account_id: int
    user_id: int
    name: str
    scopes: tuple[str, ...]
    used_at: dt.datetime | None = None


class KeyHolder(msgspec.Struct, frozen=True):
    """Who stands at the door with a key, whose name is the `program`, as one look at the database shows."""

    user_id: int
    scopes: tuple[str, ...]
    account_id: int
    account_version: int
    program: str
    permission: Permission
    key_id: int

    @property
    def may_write(self) -> bool:
        return self.permission in WRITERS

    @property
    def credential(self) -> Credential:
        return Credential("key", self.key_id)


def add_api_key(
    office: Office, account: Account, user: User, name: str, scopes: tuple[str, ...], known: str | None = None
) -> str:
    """The key's text, which is told this once (or is already `known` to somebody).

    Raises:
        Invalid: it has no name, or one that is not what is seen of it.

    """
    problems = Problems()
    if not name.strip():
        problems.add("name", "blank")
    check_texts(ApiKey, {"name": name}, problems)
    problems.refuse()
    key = known or office.tx.chance.digits(ApiKey.table_name, 20)
    office.add(ApiKey, hash=secret_hash(key), account_id=account.id, user_id=user.id, name=name, scopes=scopes)
    return key


def holder_of_key(office: Office, key: str) -> KeyHolder | None:
    """Who brings this key, or None where no standing key reads so."""
    rows = office.tx.rows(_HOLDER, hash=secret_hash(key))
    return KeyHolder(*rows[0]) if rows else None


_k, _m, _a = (cls.table.c for cls in (ApiKey, Membership, Account))


_HOLDER = Query(
    sa.select(_k.user_id, _k.scopes, _a.id, _a.version, _k.name, _m.permission, _k.id)
    .select_from(ApiKey.table)
    .join(Account.table, _a.id == _k.account_id)
    .join(Membership.table, sa.and_(_m.account_id == _k.account_id, _m.user_id == _k.user_id))
    .where(_k.hash == sa.bindparam("hash"))
)
