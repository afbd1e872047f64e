"""The house of the Fakturoid door: an account with rich and bare records of each resource, written through the door."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from falcon import testing

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.dialects import installed
from faktura.store.database import Database
from faktura.wire.service import Service
from tests.built_once import built_once
from tests.fidelity.house import CREATED, OK, Answer, Values
from tests.firm import Firm, open_firm

HOST = "faktura.example"
MOUNT = "/fakturoid/api/v3"
NOW = dt.datetime(2026, 11, 21, 9, 30, 0, 481_000, dt.UTC)

DIALECTS = {dialect.name: dialect for dialect in installed()}

ACCOUNT: Values = {
    "full_name": "Jan Novák",
    "invoice_email": "fakturace@applecorp.example",
    "phone": "+420 777 123 456",
    "web": "https://applecorp.example",
    "registration_no": "12345679",
    "vat_no": "CZ12345679",
    "local_vat_no": "1234567890",
    "street": "Dlouhá 1",
    "city": "Praha",
    "postcode": "110 00",
    "footer_note": "Zapsáni v obchodním rejstříku.",
    "invoice_note": "Fakturujeme Vám",
    "payment_method": "bank",
    "hide_bank_account_for": ("card", "cash"),
    "estimate_kind": "quote",
    "logo_url": "https://applecorp.example/logo.png",
}


class Resource(NamedTuple):
    """Where one is made and found, and what must be sent."""

    many: str
    one: str
    body: Callable[["Fakturoid"], Values]


def _line(_house: "Fakturoid") -> Values:
    return {"name": "Práce", "unit_price": 100, "vat_rate": 21}


def _paper(house: "Fakturoid") -> Values:
    return {"subject_id": house.subject_id, "lines": [_line(house)]}


RESOURCES: Mapping[str, Resource] = {
    "subject": Resource("/subjects.json", "/subjects/{id}.json", lambda _: {"name": "Karel"}),
    "invoice": Resource("/invoices.json", "/invoices/{id}.json", _paper),
}

INSIDE: Mapping[str, Callable[["Fakturoid"], Values]] = {"lines": _line}
"""What must be sent of what lies inside a resource."""

NEVER_CHANGED = frozenset({"invoice_payment", "expense_payment", "inbox_file"})
"""What there is no update of."""

LISTS: Mapping[str, str] = {
    "user": "/users.json",
    "account": "/account.json",
    "bank_account": "/bank_accounts.json",
    "subject": "/subjects.json",
    "invoice": "/invoices.json",
}


class Door:
    """Calls of somebody at the door, in-process."""

    def __init__(self, service: Service, firm: Firm) -> None:
        self.service = service
        self.firm = firm
        self._client = testing.TestClient(built_once(DIALECTS["fakturoid"].application, service))

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> testing.Result:
        """`path` is below the account, or below the mount where `whole` is true; a header that is None is left out."""
        headers = {"User-Agent": "Tests (tests@faktura.example)", "Authorization": f"Bearer {self.firm.token}"}
        headers |= options.pop("headers", {})
        where = path if options.pop("whole", False) else f"/accounts/{self.firm.account.slug}{path}"
        sent = {name: value for name, value in headers.items() if value is not None}
        return self._client.simulate_request(
            method, where, root_path=MOUNT, host=HOST, json=body, headers=sent, **options
        )

    def read(self, path: str, *, whole: bool = False) -> Any:
        answer = self.call("GET", path, whole=whole)
        assert answer.status_code == OK, answer.text
        return answer.json


class Fakturoid:
    """`subject_id` is the bare subject, which everything is made out to unless it says otherwise."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self.clock = clock
        clock.stand_at(NOW)
        self.database: Database = service.database
        self.door = Door(service, open_firm(service.database, clock, **ACCOUNT))
        self.elsewhere = Door(service, open_firm(service.database, clock, "barecorp"))
        self.count = itertools.count(1)
        self._parents: dict[tuple[str, int], Values] = {}
        self._bare: dict[str, Values] = {}
        self._examples: dict[str, list[Values]] = {}
        self.past_the_door(_add_bank_accounts)
        self._bare["subject"] = self.made("subject")
        self.subject_id: int = self._bare["subject"]["id"]
        self._fill()

    def past_the_door(self, work: Callable[[Books], Any]) -> Any:
        """What the door has no verb for, as the firm's owner."""
        firm, now = self.door.firm, self.clock.now()
        return self.database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, now)))

    def made(self, of: str, **values: Any) -> Values:
        """A record that must not be refused."""
        answer = self.add(of, values)
        assert answer.status == CREATED, answer
        record: Values = answer.record
        return record

    def bare(self, of: str) -> Values:
        if of not in self._bare:
            self._bare[of] = self.made(of)
        return self._bare[of]

    def shown(self, of: str) -> list[Values]:
        resource, *inside = of.split(".")
        found: list[Values] = self._examples[resource]
        for name in inside:
            found = [part for one in found for part in _parts(one[name])]
        return found

    def add(self, of: str, values: Values, leaving_out: str = "") -> Answer:
        outer, _, inner = of.partition(".")
        if inner:
            body = {name: value for name, value in (INSIDE[inner](self) | values).items() if name != leaving_out}
            return self._inside(of, self.add(outer, {inner: [body]}))
        resource = RESOURCES[of]
        body = {name: value for name, value in (resource.body(self) | values).items() if name != leaving_out}
        return self._answer(self.door.call("POST", resource.many, body))

    def change(self, of: str, values: Values, besides: Values) -> Answer:
        outer, _, inner = of.partition(".")
        if inner:
            made = self.add(outer, {inner: [INSIDE[inner](self) | besides]}).record
            kept = {"id": made[inner][0]["id"]} | values
            return self._inside(of, self._changed(outer, made, {inner: [kept]}))
        return self._changed(of, self.made(of, **besides), values)

    def again(self, of: str, record: Values) -> Values:
        outer, _, inner = of.partition(".")
        if not inner:
            read: Values = self.door.read(RESOURCES[of].one.format(**record))
            return read
        parent = self.again(outer, self._parents[of, record["id"]])
        return next(part for part in parent[inner] if part["id"] == record["id"])

    def may_change(self, of: str) -> bool:
        return of.partition(".")[0] not in NEVER_CHANGED

    def _changed(self, of: str, made: Values, values: Values) -> Answer:
        return self._answer(self.door.call("PATCH", RESOURCES[of].one.format(**made), values))

    def _inside(self, of: str, answer: Answer) -> Answer:
        parts = (answer.record or {}).get(of.partition(".")[2])
        if not parts:
            return answer
        self._parents[of, parts[0]["id"]] = answer.record
        return answer._replace(record=parts[0])

    @staticmethod
    def _answer(answer: testing.Result) -> Answer:
        shown = answer.json if answer.text else None
        done = answer.status_code in {OK, CREATED}
        return Answer(answer.status_code, shown if done else None, {} if done else (shown or {}).get("errors", {}))

    def _fill(self) -> None:
        self.bare("invoice")
        self._examples["current_user"] = [self.door.read("/user.json", whole=True)]
        for of, path in LISTS.items():
            self._examples[of] = [one for door in (self.door, self.elsewhere) for one in _parts(door.read(path))]


def _parts(value: Any) -> Iterator[Values]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def _add_bank_accounts(books: Books) -> None:
    whole = {"name": "Hlavní účet", "currency": "CZK", "number": "19-2000145399/0800", "default": True}
    books.add(BankAccount, iban="CZ6508000000192000145399", bic="GIBACZPX", **whole)
    books.add(BankAccount, name="Eura", currency="EUR", number="1234/2010")
