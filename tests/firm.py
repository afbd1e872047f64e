"""An example firm for tests: an account, its owner, and what they need to get in."""

from decimal import Decimal
from typing import Any, NamedTuple

from pwdlib.hashers.argon2 import Argon2Hasher

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account, open_account
from faktura.core.people.applications import grant_access, register_application
from faktura.core.people.tokens import issue_access_token
from faktura.core.people.users import Language, Permission, User, add_user, join
from faktura.store.database import Database
from faktura.store.transaction import Transaction

PASSWORD = "correct horse battery staple"
# A real one costs 64 MB and a tenth of a second, which is its purpose, each time that a test signs in.
_PASSWORD_HASH = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)


class Firm(NamedTuple):
    account: Account
    user: User
    client_id: str
    client_secret: str
    token: str


def open_firm(
    database: Database,
    clock: Clock,
    slug: str = "applecorp",
    *,
    permission: Permission = "owner",
    language: Language = "cs",
    **account: Any,
) -> Firm:
    """A firm whose only member has a personal application and an access token."""

    def work(tx: Transaction) -> Firm:
        office = Office(tx, clock.now())
        opened = open_account(office, slug, f"{slug.capitalize()} s.r.o.", **account)
        user = add_user(office, f"owner@{slug}.example", "Jan Novák", _PASSWORD_HASH, language)
        join(Books(tx, opened, user.id, clock.now()), user, permission)
        application, client_id, secret = register_application(office, user, "tests", "personal")
        token = issue_access_token(office, grant_access(office, application, user.id))
        return Firm(opened, user, client_id, secret, token)

    return database.write(work)


def issue_any(books: Books) -> Invoice:
    """A document of no matter what, to somebody new."""
    contact = add_contact(books, Given({"name": "Odběratel a.s."}))
    lines = [Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(21)})]
    return issue_invoice(books, Given({"contact_id": contact.id, "lines": lines}))
