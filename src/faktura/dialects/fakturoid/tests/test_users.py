"""Section 2.1: users."""

from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.access import applications_of
from faktura.core.people.reach import shut_out
from faktura.core.people.users import EVERY_SCOPE, Permission, Scope, User, add_user, join
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE


def add_colleague(
    client: Client, email: str, permission: Permission = "write", scopes: tuple[Scope, ...] = EVERY_SCOPE
) -> User:
    def work(books: Books) -> User:
        user = add_user(Office(books.tx, books.now), email, "Eva Nová", "no hash")
        join(books, user, permission, scopes)
        return user

    return client.write(work)


def add_membership(client: Client, user: User, permission: Permission, scopes: tuple[Scope, ...] = EVERY_SCOPE) -> None:
    client.write(lambda books: join(books, Office(books.tx, books.now).find(User, id=user.id), permission, scopes))


def read_me(client: Client, **options: Any) -> Any:
    return client.get("/user.json", whole=True, **options)


def test_the_current_user_has_the_attributes_of_the_table_in_its_order(client: Client) -> None:
    assert list(read_me(client).json) == ["id", "full_name", "email", "avatar_url", "default_account", "accounts"]


def test_an_account_of_the_current_user_has_the_attributes_of_the_table_in_its_order(client: Client) -> None:
    [account] = read_me(client).json["accounts"]

    assert list(account) == ["slug", "logo", "name", "registration_no", "permission", "allowed_scope"]


def test_the_current_user_is_the_one_of_the_token(service: Any, database: Database, clock: Clock) -> None:
    firm = open_firm(database, clock, "kiwicorp", registration_no="27082440", logo_url="https://kiwi.example/logo.png")

    assert read_me(Client(service, firm)).json == {
        "id": firm.user.id,
        "full_name": "Jan Novák",
        "email": "owner@kiwicorp.example",
        "avatar_url": None,
        "default_account": "kiwicorp",
        "accounts": [
            {
                "slug": "kiwicorp",
                "logo": "https://kiwi.example/logo.png",
                "name": "Kiwicorp s.r.o.",
                "registration_no": "27082440",
                "permission": "owner",
                "allowed_scope": ["invoices", "expenses", "reports"],
            }
        ],
    }


def test_the_current_user_sees_every_account_of_theirs_and_no_other(
    client: Client, firm: Firm, database: Database, clock: Clock
) -> None:
    elsewhere = Client(client.service, open_firm(database, clock, "pearcorp"))
    open_firm(database, clock, "plumcorp")
    add_membership(elsewhere, firm.user, "read", ("expenses",))

    me = read_me(client).json
    assert [(a["slug"], a["permission"], a["allowed_scope"]) for a in me["accounts"]] == [
        ("applecorp", "owner", ["invoices", "expenses", "reports"]),
        ("pearcorp", "read", ["expenses"]),
    ]
    assert me["default_account"] == "applecorp"


@pytest.mark.parametrize("token", [None, "Bearer nonsense", "Basic bm9ib2R5"])
def test_the_current_user_is_told_to_nobody_without_a_token(client: Client, token: str | None) -> None:
    refused = read_me(client, headers={"Authorization": token})

    assert (refused.status_code, refused.json["error"]) == (401, "invalid_token")


def test_a_token_of_the_users_reaches_all_accounts_of_theirs(
    client: Client, firm: Firm, database: Database, clock: Clock
) -> None:
    elsewhere = Client(client.service, open_firm(database, clock, "pearcorp"))
    add_membership(elsewhere, firm.user, "write")

    found = client.get("/accounts/pearcorp/account.json", whole=True)
    assert (found.status_code, found.json["subdomain"]) == (200, "pearcorp")


def test_an_account_that_shut_the_application_out_is_none_of_the_current_users(
    client: Client, firm: Firm, database: Database, clock: Clock
) -> None:
    elsewhere = Client(client.service, open_firm(database, clock, "pearcorp"))
    add_membership(elsewhere, firm.user, "write")
    assert [account["slug"] for account in read_me(client).json["accounts"]] == ["applecorp", "pearcorp"]
    [application] = client.write(lambda books: applications_of(Office(books.tx, books.now), firm.user))
    elsewhere.write(lambda books: shut_out(books, firm.user.id, application.id))

    assert [account["slug"] for account in read_me(client).json["accounts"]] == ["applecorp"]


def test_a_user_of_the_account_has_the_attributes_of_the_table_in_its_order(client: Client) -> None:
    [user] = client.get("/users.json").json

    assert list(user) == ["id", "full_name", "email", "avatar_url", "permission", "allowed_scope"]


def test_the_users_of_the_account_are_listed_with_what_they_may(client: Client, firm: Firm) -> None:
    colleague = add_colleague(client, "Eva@Applecorp.example", permission="read", scopes=("invoices",))

    assert client.get("/users.json").json == [
        {
            "id": firm.user.id,
            "full_name": "Jan Novák",
            "email": "owner@applecorp.example",
            "avatar_url": None,
            "permission": "owner",
            "allowed_scope": ["invoices", "expenses", "reports"],
        },
        {
            "id": colleague.id,
            "full_name": "Eva Nová",
            "email": "eva@applecorp.example",
            "avatar_url": None,
            "permission": "read",
            "allowed_scope": ["invoices"],
        },
    ]


def test_the_users_of_another_account_are_not_listed(client: Client, database: Database, clock: Clock) -> None:
    other = Client(client.service, open_firm(database, clock, "pearcorp"))
    add_colleague(other, "eva@pearcorp.example")

    assert [user["email"] for user in client.get("/users.json").json] == ["owner@applecorp.example"]


def test_users_come_in_pages_of_40(client: Client) -> None:
    for n in range(41):
        add_colleague(client, f"colleague{n}@applecorp.example")

    pages = [client.get("/users.json", query_string=f"page={page}").json for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [40, 2, 0]
    assert len({user["id"] for page in pages for user in page}) == 42


def test_a_single_user_of_v2_is_gone(client: Client, firm: Firm) -> None:
    gone = client.get(f"/users/{firm.user.id}.json")

    assert (gone.status_code, gone.json["error"]) == (404, "resource_not_found")
