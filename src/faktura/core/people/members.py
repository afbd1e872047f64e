"""Members of an account: what they may do there is changed, and they leave; one owner always stays."""

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.office import Office
from faktura.core.errors import NotFound, Problems, Refusal
from faktura.core.people.access import remove_member
from faktura.core.people.users import EVERY_SCOPE, PERMISSIONS, Member, Membership, Permission, Scope, User
from faktura.store.records import changed
from faktura.store.statements import Query


class LastOwner(Refusal):
    """Without this owner nobody could decide about the account: another member is made owner first."""


def find_member(books: Books, user_id: int) -> Member:
    """One of the people of the account.

    Raises:
        NotFound: there is no such member.

    """
    membership = _member(books, user_id)
    return Member(Office(books.tx, books.now).find(User, id=user_id), membership)


def change_membership(
    books: Books, user_id: int, permission: Permission, scopes: tuple[Scope, ...] = EVERY_SCOPE
) -> Membership:
    """Let a member do more, or less.

    Raises:
        NotFound: there is no such member.
        Invalid: there is no such permission or scope.
        LastOwner: nobody else is owner.

    """
    old = _member(books, user_id)
    problems = Problems()
    if permission not in PERMISSIONS:
        problems.add("permission", "not_in_list")
    if not set(scopes) <= set(EVERY_SCOPE):
        problems.add("scopes", "not_in_list")
    problems.refuse()
    if permission != "owner":
        _keep_an_owner(books, old)
    kept = books.change(old, changed(old, permission=permission, scopes=scopes))
    if kept is not old:
        user = Office(books.tx, books.now).find(User, id=user_id)
        books.note_event(Event("member_changed", user, differences(old, kept)))
    return kept


def leave(books: Books, user_id: int) -> None:
    """Let a member into the account no longer, nor their keys to it, whether they go or are sent.

    Raises:
        NotFound: there is no such member.
        LastOwner: nobody else is owner.

    """
    _keep_an_owner(books, _member(books, user_id))
    office = Office(books.tx, books.now, books.way)
    remove_member(office, office.find(User, id=user_id), books.account.slug, by=books.user_id)


def _member(books: Books, user_id: int) -> Membership:
    found = books.look_up(Membership, user_id=user_id)
    if found is None:
        raise NotFound(Membership.table_name)
    return found


def _keep_an_owner(books: Books, member: Membership) -> None:
    if member.permission == "owner" and books.tx.rows(_OWNERS, account_id=books.account.id)[0][0] == 1:
        raise LastOwner("the last owner of an account stays")


_m = Membership.table.c

_OWNERS = Query(sa.select(sa.func.count()).where(_m.account_id == sa.bindparam("account_id"), _m.permission == "owner"))
