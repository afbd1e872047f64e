"""What programs get into an account, by a key or as one of its members, and how its owner puts them out of it."""

from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.people.access import end_key
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.applications import GRANT_STANDS, Application, Grant
from faktura.core.people.users import Membership, User
from faktura.store.records import changed
from faktura.store.statements import Query
from faktura.store.transaction import columns_of


class KeyOf(NamedTuple):
    """A key to the account, and whose it is."""

    api_key: ApiKey
    user: User


class ProgramOf(NamedTuple):
    """An application as it acts for a member; the owner of the account may have `shut_out` it from here."""

    application: Application
    grant: Grant
    user: User
    is_shut_out: bool


def keys_to(books: Books) -> list[KeyOf]:
    """The keys that open the account, the oldest first."""
    rows, width = books.tx.rows(_KEYS, account_id=books.account.id), len(ApiKey.__struct_fields__)
    return [KeyOf(ApiKey(*row[:width]), User(*row[width:])) for row in rows]


def programs_of_members(books: Books) -> list[ProgramOf]:
    """The applications that act for members, each once for each of them, with the grant that was used last."""
    found: dict[tuple[int, int], ProgramOf] = {}
    first, second = len(Application.__struct_fields__), len(Grant.__struct_fields__)
    for row in books.tx.rows(_PROGRAMS, account_id=books.account.id):
        application, grant = Application(*row[:first]), Grant(*row[first : first + second])
        user, shut_out = User(*row[first + second : -1]), row[-1]
        known = found.get((user.id, application.id))
        if known is None or (grant.used_at or grant.created_at) > (known.grant.used_at or known.grant.created_at):
            found[user.id, application.id] = ProgramOf(application, grant, user, application.id in shut_out)
    return list(found.values())


def find_key_to(books: Books, key_id: int) -> ApiKey:
    """A key to the account.

    Raises:
        NotFound: there is no such key, or it opens another account.

    """
    key = Office(books.tx, books.now).look_up(ApiKey, id=key_id)
    if key is None or key.account_id != books.account.id:
        raise NotFound(ApiKey.table_name)
    return key


def end_key_to(books: Books, key_id: int) -> None:
    """Let a key to the account open nothing any more, whosever it is.

    Raises:
        NotFound: there is no such key, or it opens another account.

    """
    end_key(Office(books.tx, books.now, books.way), find_key_to(books, key_id), books.user_id)


def shut_out(books: Books, user_id: int, application_id: int) -> None:
    """Let an application act for a member in this account no longer; what it does for them elsewhere is theirs to end.

    Raises:
        NotFound: no such application acts for such a member.

    """
    found = find_program_of(books, user_id, application_id)
    if not found.is_shut_out:
        rest = _membership(books, found.user).shut_out
        _change(books, found.user, (*rest, application_id), (None, found.application.name))


def let_in_again(books: Books, user_id: int, application_id: int) -> None:
    """Take back that an application was shut out.

    Raises:
        NotFound: no such application acts for such a member.

    """
    found = find_program_of(books, user_id, application_id)
    if found.is_shut_out:
        rest = (one for one in _membership(books, found.user).shut_out if one != application_id)
        _change(books, found.user, tuple(rest), (found.application.name, None))


def find_program_of(books: Books, user_id: int, application_id: int) -> ProgramOf:
    """An application as it acts for a member.

    Raises:
        NotFound: no such application acts for such a member.

    """
    for one in programs_of_members(books):
        if (one.user.id, one.application.id) == (user_id, application_id):
            return one
    raise NotFound(Application.table_name)


def _membership(books: Books, user: User) -> Membership:
    membership = books.look_up(Membership, user_id=user.id)
    if membership is None:
        raise NotFound(Membership.table_name)
    return membership


def _change(books: Books, user: User, shut: tuple[int, ...], names: tuple[str | None, str | None]) -> None:
    membership = _membership(books, user)
    books.change(membership, changed(membership, shut_out=shut))
    books.note_event(Event("member_changed", user, {"shut_out": names}))


_k, _u, _g, _p, _m = (cls.table.c for cls in (ApiKey, User, Grant, Application, Membership))

_KEYS = Query(
    sa.select(*columns_of(ApiKey), *columns_of(User))
    .join_from(ApiKey.table, User.table, _u.id == _k.user_id)
    .where(_k.account_id == sa.bindparam("account_id"))
    .order_by(_k.id)
)

_PROGRAMS = Query(
    sa.select(*columns_of(Application), *columns_of(Grant), *columns_of(User), _m.shut_out)
    .select_from(Membership.table)
    .join(User.table, _u.id == _m.user_id)
    .join(Grant.table, GRANT_STANDS)
    .join(Application.table, _p.id == _g.application_id)
    .where(_m.account_id == sa.bindparam("account_id"))
    .order_by(_g.id)
)
