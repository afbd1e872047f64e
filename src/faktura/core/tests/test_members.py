"""People join by invitation, may do what their role lets them, and one owner always stays."""

import datetime as dt

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.errors import Given, Invalid, NotAllowed, NotFound
from faktura.core.people.invitations import (
    LIFETIME,
    Invitation,
    Newcomer,
    accept_invitation,
    invitations_of,
    invite,
    invited_by_secret,
    withdraw_invitation,
)
from faktura.core.people.members import LastOwner, change_membership, leave
from faktura.core.people.roles import MAY, Deed, may, require
from faktura.core.people.users import (
    Membership,
    Permission,
    Scope,
    User,
    accounts_of,
    add_user,
    change_user,
    members_of,
)
from faktura.core.tests.conftest import Firm, a_firm
from faktura.store.database import Database

EVA = "eva@applecorp.example"
AS_EVA = Newcomer("Eva Nová", "hash", "en")


def invited(firm: Firm, permission: Permission = "write", scopes: tuple[Scope, ...] = ("invoices",)) -> str:
    return firm.do(invite, EVA, permission, scopes, "en")


def accept(firm: Firm, secret: str, who: User | Newcomer = AS_EVA) -> User:
    return firm.do(lambda books: accept_invitation(office_of(books), secret, who))[0]


def office_of(books: Books) -> Office:
    return Office(books.tx, books.now)


def owner(firm: Firm) -> User:
    return firm.do(lambda books: members_of(books, 1, 0))[0].user


def add(firm: Firm, permission: Permission) -> User:
    return accept(firm, invited(firm, permission))


def membership(firm: Firm, user: User) -> Membership | None:
    found: Membership | None = firm.do(lambda books: books.look_up(Membership, user_id=user.id))
    return found


def events(firm: Firm) -> list[str]:
    return [happening.name for happening in firm.do(lambda books: books.all(Happening))]


def codes(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, list[str]]:
    return {name: [problem.code for problem in found] for name, found in refused.value.problems.items()}


def test_somebody_new_joins_by_an_invitation_once(firm: Firm) -> None:
    secret = invited(firm)
    found = firm.do(lambda books: invited_by_secret(office_of(books), secret))
    assert (found.invitation.email, found.account.id, found.user) == (EVA, firm.account.id, None)

    eva = accept(firm, secret)

    assert (eva.email, eva.full_name, eva.language, eva.default_account_id) == (EVA, "Eva Nová", "en", firm.account.id)
    joined = membership(firm, eva)
    assert joined is not None
    assert (joined.permission, joined.scopes) == ("write", ("invoices",))
    assert events(firm)[-2:] == ["member_invited", "member_joined"]
    with pytest.raises(NotFound):
        accept(firm, secret)


def test_the_secret_itself_is_kept_nowhere(firm: Firm) -> None:
    secret = invited(firm)
    [kept] = firm.do(invitations_of)
    assert secret not in (kept.hash, kept.mailed_hash)
    assert secret not in str(firm.do(lambda books: books.all(Happening))[-1].details)


def test_who_has_the_address_already_must_be_signed_in_with_it(firm: Firm) -> None:
    eva = firm.do(lambda books: add_user(office_of(books), EVA, "Eva", "hash"))
    secret = invited(firm)
    with pytest.raises(NotAllowed):
        accept(firm, secret)
    with pytest.raises(NotAllowed):
        accept(firm, secret, owner(firm))
    accept(firm, secret, eva)
    assert membership(firm, eva) is not None


def test_an_invitation_ends_by_time_by_withdrawal_and_by_the_next_one(firm: Firm) -> None:
    first = invited(firm)
    second = invited(firm)
    for_gone = firm.do(invitations_of)
    assert len(for_gone) == 1
    with pytest.raises(NotFound):
        accept(firm, first)
    firm.do(withdraw_invitation, for_gone[0].id)
    with pytest.raises(NotFound):
        accept(firm, second)
    late = invited(firm)
    firm.clock.stand_at(firm.clock.now() + LIFETIME + dt.timedelta(seconds=1))
    assert firm.do(invitations_of) == []
    with pytest.raises(NotFound):
        accept(firm, late)


def test_an_invitation_opens_no_other_account(firm: Firm, database: Database) -> None:
    other = a_firm(database, "pearcorp")
    invited(firm)
    [invitation] = firm.do(lambda books: books.all(Invitation))
    assert other.do(invitations_of) == []
    with pytest.raises(NotFound):
        other.do(withdraw_invitation, invitation.id)


def test_members_and_what_is_no_address_are_not_invited(firm: Firm) -> None:
    with pytest.raises(Invalid) as refused:
        firm.do(invite, owner(firm).email.upper(), "write")
    assert codes(refused) == {"email": ["taken"]}
    with pytest.raises(Invalid) as refused:
        firm.do(invite, "eva", "king", ("everything",), "xx")
    assert codes(refused) == {
        "email": ["malformed_email"],
        "permission": ["not_in_list"],
        "scopes": ["not_in_list"],
        "language": ["not_in_list"],
    }


@pytest.mark.parametrize(
    ("permission", "deeds"),
    [
        ("owner", "read export note lock write manage"),
        ("write", "read export note lock write"),
        ("accountant", "read export note lock"),
        ("read", "read export"),
    ],
)
def test_a_role_is_good_for_its_deeds_within_its_scopes(firm: Firm, permission: Permission, deeds: str) -> None:
    member = membership(firm, add(firm, permission))
    assert member is not None
    every: list[Deed] = ["read", "export", "note", "lock", "write", "manage"]
    assert [deed for deed in every if may(member, deed)] == deeds.split()
    assert set(deeds.split()) == MAY[permission]
    require(member, "read", "invoices")
    with pytest.raises(NotAllowed):
        require(member, "read", "expenses")


def test_a_members_role_is_changed_and_the_history_says_so(firm: Firm) -> None:
    eva = add(firm, "read")
    changed = firm.do(change_membership, eva.id, "accountant", ("invoices", "reports"))
    assert (changed.permission, changed.scopes) == ("accountant", ("invoices", "reports"))
    assert events(firm)[-1] == "member_changed"
    with pytest.raises(Invalid):
        firm.do(change_membership, eva.id, "king")


def test_the_last_owner_neither_goes_nor_becomes_less(firm: Firm) -> None:
    jan, eva = owner(firm), add(firm, "write")
    with pytest.raises(LastOwner):
        firm.do(leave, jan.id)
    with pytest.raises(LastOwner):
        firm.do(change_membership, jan.id, "write")

    firm.do(change_membership, eva.id, "owner")
    firm.do(change_membership, jan.id, "read")
    firm.do(leave, jan.id)

    assert membership(firm, jan) is None
    assert events(firm)[-1] == "member_left"
    with pytest.raises(LastOwner):
        firm.do(leave, eva.id)
    with pytest.raises(NotFound):
        firm.do(leave, jan.id)


def test_a_person_says_how_they_are_called_and_spoken_to(firm: Firm) -> None:
    jan = owner(firm)
    changed = firm.do(
        lambda books: change_user(office_of(books), jan, Given({"full_name": "Jan Nový", "language": "pl"}))
    )
    assert (changed.full_name, changed.language) == ("Jan Nový", "pl")
    wrong = Given({"full_name": " ", "language": "de", "email": "x@y.cz", "default_account_id": 0})
    with pytest.raises(Invalid) as refused:
        firm.do(lambda books: change_user(office_of(books), changed, wrong))
    assert {name: found[0] for name, found in codes(refused).items()} == {
        "full_name": "blank",
        "language": "not_in_list",
        "email": "immutable",
        "default_account_id": "not_in_list",
    }
    assert len(firm.do(lambda books: accounts_of(office_of(books), jan))) == 1
