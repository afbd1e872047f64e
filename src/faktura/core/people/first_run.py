"""The first run: whoever started the server lets themselves in, and opens the first account."""

from collections.abc import Collection

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.codes import countries
from faktura.core.contacts import is_email
from faktura.core.errors import NotAllowed, NotFound, Problems
from faktura.core.people.accounts import Account, home_of, open_account
from faktura.core.people.first_secrets import FirstSecret
from faktura.core.people.hashes import secret_hash
from faktura.core.people.invitations import Newcomer
from faktura.core.people.users import User, add_user, let_in
from faktura.store.statements import Query


def nobody_is_here(office: Office) -> bool:
    return not office.tx.rows(_ANYBODY)


def no_account_is_open(office: Office) -> bool:
    return not office.tx.rows(_ANY_ACCOUNT)


def expect_somebody(office: Office, secret: str) -> bool:
    """Let the secret open the set-up while nobody is there; whether it does so from now on.

    Every process of a server calls it with the same secret, and the first one is answered yes.
    """
    if not nobody_is_here(office) or office.look_up(FirstSecret, hash=secret_hash(secret)) is not None:
        return False
    office.add(FirstSecret, hash=secret_hash(secret))
    return True


def is_expected(office: Office, secret: str) -> bool:
    """Whether the secret opens the set-up."""
    return office.look_up(FirstSecret, hash=secret_hash(secret)) is not None and nobody_is_here(office)


def open_house(office: Office, secret: str, email: str, newcomer: Newcomer) -> User:
    """Be the first person; the secret opens nothing any more, for anybody.

    Raises:
        NotFound: it opens nothing, or somebody is there already.
        Invalid: the address is none, or the name is not what is seen of it.

    """
    known = office.look_up(FirstSecret, hash=secret_hash(secret))
    if known is None or not nobody_is_here(office):
        raise NotFound(FirstSecret.table_name)
    email = email.strip().lower()
    problems = Problems()
    if not is_email(email):
        problems.add("email", "malformed_email")
    if not newcomer.full_name.strip():
        problems.add("full_name", "blank")
    problems.refuse()
    office.tx.remove(known)
    return add_user(office, email, newcomer.full_name, newcomer.password_hash, newcomer.language)


def found_firm(office: Office, user: User, slug: str, name: str, country: str, mounts: Collection[str] = ()) -> Account:
    """Open the first account of the server, whose owner is the first person; more of them are the operator's to open.

    Raises:
        NotAllowed: there is one already.
        Invalid: as for opening it; or the name is empty, or there is no such country.

    """
    if not no_account_is_open(office):
        raise NotAllowed("the first account is open")
    problems = Problems()
    if not name.strip():
        problems.add("name", "blank")
    if country not in countries():
        problems.add("country", "not_in_list")
    problems.refuse()
    account = open_account(office, slug, name, mounts=mounts, country=country, **home_of(country, office.now))
    let_in(Books(office.tx, account, user.id, office.now, way=office.way), user, "owner")
    return account


_ANYBODY = Query(sa.select(User.table.c.id).limit(1))
_ANY_ACCOUNT = Query(sa.select(Account.table.c.id).limit(1))
