"""What the tests of OAuth share: an integration, a personal application, and a person's consent."""

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from falcon import testing

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.applications import Application, Grant, register_application
from faktura.core.people.tokens import Token
from faktura.core.people.users import User
from faktura.store.database import Database
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

if TYPE_CHECKING:
    from faktura.dialects.fakturoid.tests.conftest import Client

REDIRECT_URI = "https://shop.example/callback?from=faktura"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


class Integration(NamedTuple):
    application: Application
    client_id: str
    secret: str


class Grants:
    """Asks the OAuth endpoints as an application would."""

    def __init__(self, client: "Client", client_id: str, secret: str) -> None:
        self.client = client
        self.client_id = client_id
        self.secret = secret

    def post(self, path: str, body: dict[str, Any] | None = None, **options: Any) -> testing.Result:
        headers = {"Authorization": basic(f"{self.client_id}:{self.secret}")} | options.pop("headers", {})
        return self.client.call("POST", path, body, whole=True, headers=headers, **options)

    def token(self, grant_type: str, **parameters: Any) -> testing.Result:
        return self.post("/oauth/token", {"grant_type": grant_type} | parameters)

    def exchange(self, code: str, redirect_uri: str = REDIRECT_URI, **parameters: Any) -> testing.Result:
        return self.token("authorization_code", code=code, redirect_uri=redirect_uri, **parameters)

    def revoke(self, token: str) -> testing.Result:
        return self.post("/oauth/revoke", {"token": token})

    def opens(self, token: str) -> bool:
        """Whether the access token opens what it should."""
        found = self.client.get("/user.json", whole=True, headers={"Authorization": f"Bearer {token}"})
        listed = self.client.get("/subjects.json", headers={"Authorization": f"Bearer {token}"})
        assert found.status_code == listed.status_code
        assert found.status_code in {200, 401}
        return found.status_code == 200


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def in_office(database: Database, clock: Clock, work: Callable[[Office], Any]) -> Any:
    def run(tx: Transaction) -> Any:
        return work(Office(tx, clock.now()))

    return database.write(run)


def register(database: Database, clock: Clock, user: User) -> Integration:
    addresses = (REDIRECT_URI, "http://localhost:3000/cb")

    def work(office: Office) -> Integration:
        return Integration(*register_application(office, user, "Shop", "integration", addresses))

    integration: Integration = in_office(database, clock, work)
    return integration


def everything() -> list[Query]:
    """All rows of all tables that hold credentials."""
    return [Query(sa.select(*columns_of(cls))) for cls in (Application, Grant, Token)]


def refusal(answer: testing.Result) -> tuple[int, str]:
    assert set(answer.json) == {"error", "error_description"}
    assert answer.json["error_description"]
    return answer.status_code, answer.json["error"]


# Authorize
