"""Users (2.1): who brings the token, and the people of an account."""

from typing import NamedTuple

import msgspec

from faktura.core.people.tokens import seats_of_token
from faktura.core.people.users import Member, Membership, Permission, Seat, User, members_of
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.paging import PAGE, PAGE_LENGTH, offset_of
from faktura.dialects.fakturoid.door.values import INTEGER, TEXT
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape, list_of, read_only
from faktura.wire.values import choice, choices

PERMISSION = choice("owner", "write", "read")
SCOPES = choices("reports", "expenses", "invoices")


class Visiting(NamedTuple):
    """The user of a token with all accounts that it opens."""

    user: User
    seats: list[Seat]

    @property
    def default_slug(self) -> str | None:
        return next((p.account.slug for p in self.seats if p.account.id == self.user.default_account_id), None)


def _permission(membership: Membership) -> Permission:
    """The contract knows no accountants: what they may do beyond reading is done in the pages."""
    return "read" if membership.permission == "accountant" else membership.permission


USER_ACCOUNT: Shape[Seat, None] = Shape(
    "user_account",
    Seat,
    (
        read_only("slug", TEXT, "account.slug", nullable=False),
        read_only("logo", TEXT, "account.logo_url"),
        read_only("name", TEXT, "account.name", nullable=False),
        read_only("registration_no", TEXT, "account.registration_no"),
        read_only("permission", PERMISSION, nullable=False, showing=lambda m, _: _permission(m.membership)),
        read_only("allowed_scope", SCOPES, "membership.scopes", nullable=False),
    ),
)

CURRENT_USER: Shape[Visiting, None] = Shape(
    "current_user",
    Visiting,
    (
        read_only("id", INTEGER, "user.id", nullable=False),
        read_only("full_name", TEXT, "user.full_name", nullable=False),
        read_only("email", TEXT, "user.email", nullable=False),
        read_only("avatar_url", TEXT, "user.avatar_url"),
        read_only("default_account", TEXT, "default_slug"),
        read_only("accounts", list_of(USER_ACCOUNT), "seats", nullable=False),
    ),
)

USER: Shape[Member, None] = Shape(
    "user",
    Member,
    (
        read_only("id", INTEGER, "user.id", nullable=False),
        read_only("full_name", TEXT, "user.full_name", nullable=False),
        read_only("email", TEXT, "user.email", nullable=False),
        read_only("avatar_url", TEXT, "user.avatar_url"),
        read_only("permission", PERMISSION, nullable=False, showing=lambda m, _: _permission(m.membership)),
        read_only("allowed_scope", SCOPES, "membership.scopes", nullable=False),
    ),
)


def read_current_user(call: Call) -> Answer:
    visiting = Visiting(call.user, seats_of_token(call.office, call.secret))
    return Answer(200, msgspec.json.encode(CURRENT_USER.show(visiting, None)))


def list_users(call: Call) -> Answer:
    members = members_of(call.books, PAGE_LENGTH, offset_of(call.query))
    return Answer(200, msgspec.json.encode([USER.show(member, None) for member in members]))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/user.json",
        serve=read_current_user,
        about="Read the user of the token",
        answers={200: CURRENT_USER},
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/users.json",
        serve=list_users,
        about="List the users of the account",
        parameters=(PAGE,),
        answers={200: [USER]},
    ),
)
