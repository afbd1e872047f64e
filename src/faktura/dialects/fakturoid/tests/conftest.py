"""What the tests of this dialect share: a client of its door over an empty database on each engine."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from falcon import testing

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.accounts import Account
from faktura.core.people.applications import grant_access
from faktura.core.people.tokens import issue_code
from faktura.dialects.fakturoid import DIALECT
from faktura.dialects.fakturoid.tests.oauth import REDIRECT_URI, Grants, Integration, in_office, register
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.store.transaction import Transaction
from faktura.wire.service import Modes, Service
from tests.built_once import built_once
from tests.firm import Firm, open_firm

HOST = "faktura.example"
MOUNT = "/fakturoid/api/v3"

T = TypeVar("T")


class Client:
    """Calls the door in-process, as the firm's owner unless told otherwise."""

    def __init__(self, service: Service, firm: Firm) -> None:
        self.service = service
        self.firm = firm
        self._client = testing.TestClient(built_once(DIALECT.application, service))

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> testing.Result:
        """`path` begins with / for one below the account, or is below the mount where `whole` is true.

        `headers` are added to a User-Agent, the token and, with a body, the type of JSON; one that is None is left out.
        `raw` is a body as it stands.
        """
        headers = {"User-Agent": "Tests (tests@faktura.example)", "Authorization": f"Bearer {self.firm.token}"}
        if options.get("raw") is not None:
            headers["Content-Type"] = "application/json"
        headers |= options.pop("headers", {})
        where = path if options.pop("whole", False) else f"/accounts/{self.firm.account.slug}{path}"
        raw = options.pop("raw", None)
        return self._client.simulate_request(
            method,
            where,
            root_path=MOUNT,
            host=HOST,
            json=body if raw is None else None,
            body=raw,
            headers={name: value for name, value in headers.items() if value is not None},
            **options,
        )

    def write(self, work: Callable[[Books], T]) -> T:
        """Work in the firm's books past the door, as its owner."""
        firm, now = self.firm, self.service.clock.now()
        return self.service.database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, now)))

    def get(self, path: str, **options: Any) -> testing.Result:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> testing.Result:
        return self.call("POST", path, body, **options)

    def patch(self, path: str, body: Any = None, **options: Any) -> testing.Result:
        return self.call("PATCH", path, body, **options)

    def delete(self, path: str, **options: Any) -> testing.Result:
        return self.call("DELETE", path, **options)


class Desk:
    """Where a firm with a bank account and one subject issues its documents; what is refused here fails the test."""

    folder = "invoices"

    def __init__(self, client: Client) -> None:
        self.client = client
        self.subject_id: int = client.post("/subjects.json", {"name": "Odběratel a.s."}).json["id"]

    def issue(self, *lines: Any, **values: Any) -> Any:
        """An invoice; without lines one over 100 and 21 %."""
        body = {"subject_id": self.subject_id, "lines": list(lines) or [line(100)]} | values
        answer = self.client.post(f"/{self.folder}.json", body)
        assert answer.status_code == 201, answer.text
        return answer.json

    def read(self, invoice: Any) -> Any:
        """The document as it is now; it may be given by its id."""
        invoice_id = invoice if isinstance(invoice, int) else invoice["id"]
        answer = self.client.get(f"/{self.folder}/{invoice_id}.json")
        assert answer.status_code == 200, answer.text
        return answer.json

    def change(self, invoice: Any, **values: Any) -> Any:
        answer = self.client.patch(f"/{self.folder}/{invoice['id']}.json", values)
        assert answer.status_code == 200, answer.text
        return answer.json

    def pay(self, invoice: Any, **values: Any) -> Any:
        answer = self.client.post(f"/{self.folder}/{invoice['id']}/payments.json", values)
        assert answer.status_code == 201, answer.text
        return answer.json

    def fire(self, invoice: Any, event: str) -> testing.Result:
        return self.client.post(f"/{self.folder}/{invoice['id']}/fire.json", query_string=f"event={event}")

    def refusal(self, **values: Any) -> Any:
        """The errors of a create that must be refused and leave nothing behind."""
        before = self.client.get(f"/{self.folder}.json").json
        body = {"subject_id": self.subject_id, "lines": [line(100)]} | values
        answer = self.client.post(f"/{self.folder}.json", body)
        assert answer.status_code == 422, answer.text
        assert self.client.get(f"/{self.folder}.json").json == before
        return answer.json["errors"]

    def change_refusal(self, invoice: Any, **values: Any) -> Any:
        answer = self.client.patch(f"/{self.folder}/{invoice['id']}.json", values)
        assert answer.status_code == 422, answer.text
        assert self.read(invoice) == invoice
        return answer.json["errors"]

    def add_subject(self, **values: Any) -> Any:
        answer = self.client.post("/subjects.json", {"name": "Karel"} | values)
        assert answer.status_code == 201, answer.text
        return answer.json

    def set_account(self, **values: Any) -> None:
        """Change the settings of the firm's account."""
        account_id, now = self.client.firm.account.id, self.client.service.clock.now()

        def work(tx: Transaction) -> None:
            office = Office(tx, now)
            office.change(office.find(Account, id=account_id), **values)

        self.client.service.database.write(work)

    def listed(self, query: str = "", path: str = "") -> Any:
        answer = self.client.get(path or f"/{self.folder}.json", query_string=query)
        assert answer.status_code == 200, answer.text
        return answer.json


class ExpenseDesk(Desk):
    """Where the firm enters what its subject sold to it."""

    folder = "expenses"


class GeneratorDesk(Desk):
    """Where the firm keeps templates of what it issues."""

    folder = "generators"

    def issue(self, *lines: Any, **values: Any) -> Any:
        return super().issue(*lines, **({"name": "Paušál"} | values))

    def refusal(self, **values: Any) -> Any:
        return super().refusal(**({"name": "Paušál"} | values))


class RecurringDesk(GeneratorDesk):
    """Where the firm keeps templates that issue by themselves."""

    folder = "recurring_generators"

    def issue(self, *lines: Any, **values: Any) -> Any:
        return super().issue(*lines, **({"start_date": "2027-01-31", "months_period": 1} | values))

    def refusal(self, **values: Any) -> Any:
        return super().refusal(**({"start_date": "2027-01-31", "months_period": 1} | values))


def line(price: str | float, rate: float = 21, quantity: str | float = 1, **values: Any) -> dict[str, Any]:
    return {"name": "Práce", "unit_price": price, "vat_rate": rate, "quantity": quantity} | values


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(database: Database, clock: Clock, printer: Printer) -> Service:
    modes = Modes(rate_limits={"fakturoid": {"all": 200}})
    return Service(database, clock, f"http://{HOST}", modes=modes, printer=printer)


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock)


@pytest.fixture
def client(service: Service, firm: Firm) -> Client:
    return Client(service, firm)


@pytest.fixture
def desk(client: Client) -> Desk:
    client.service.modes.rate_limits.clear()
    account = {"name": "Hlavní účet", "currency": "CZK", "number": "19-2000145399/0800", "default": True}
    client.write(lambda books: books.add(BankAccount, iban="CZ6508000000192000145399", bic="GIBACZPX", **account))
    return Desk(client)


@pytest.fixture
def expenses(desk: Desk) -> ExpenseDesk:
    return ExpenseDesk(desk.client)


@pytest.fixture
def generators(desk: Desk) -> GeneratorDesk:
    return GeneratorDesk(desk.client)


@pytest.fixture
def recurring(desk: Desk) -> RecurringDesk:
    return RecurringDesk(desk.client)


@pytest.fixture
def integration(database: Database, clock: Clock, firm: Firm) -> Integration:
    return register(database, clock, firm.user)


@pytest.fixture
def shop(client: Client, integration: Integration) -> Grants:
    return Grants(client, integration.client_id, integration.secret)


@pytest.fixture
def personal(client: Client, firm: Firm) -> Grants:
    return Grants(client, firm.client_id, firm.client_secret)


@pytest.fixture
def consent(database: Database, clock: Clock, integration: Integration, firm: Firm) -> Callable[..., str]:
    """The code that a person's consent gives."""

    def give(**pkce: Any) -> str:
        def work(office: Office) -> str:
            grant = grant_access(office, integration.application, firm.user.id)
            return issue_code(office, grant, REDIRECT_URI, **pkce)

        code: str = in_office(database, clock, work)
        return code

    return give
