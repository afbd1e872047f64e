"""What members of an account may do there, by what they are."""

from collections.abc import Mapping
from typing import Literal

from faktura.core.errors import NotAllowed
from faktura.core.people.users import Membership, Permission, Scope

Deed = Literal["read", "export", "note", "lock", "write", "manage"]
"""Look, take away as files, leave private notes, lock and unlock, issue and change, decide about firm and members."""

_EVERYBODY: frozenset[Deed] = frozenset({"read", "export"})
_ACCOUNTANT: frozenset[Deed] = _EVERYBODY | {"note", "lock"}
_WRITER: frozenset[Deed] = _ACCOUNTANT | {"write"}

MAY: Mapping[Permission, frozenset[Deed]] = {
    "owner": _WRITER | {"manage"},
    "write": _WRITER,
    "accountant": _ACCOUNTANT,
    "read": _EVERYBODY,
}


def may(membership: Membership, deed: Deed, scope: Scope | None = None) -> bool:
    """Whether a member may do that, with what a scope is about where one is named."""
    return deed in MAY[membership.permission] and (scope is None or scope in membership.scopes)


def require(membership: Membership, deed: Deed, scope: Scope | None = None) -> None:
    """Do nothing where a member may do that.

    Raises:
        NotAllowed: they may not.

    """
    if not may(membership, deed, scope):
        raise NotAllowed(scope or deed)
