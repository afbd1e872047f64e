"""The house of the Fakturoid door: an account with rich and bare records of each resource, written through the door."""

import base64
import datetime as dt
import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from falcon import testing

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.dialects import installed
from faktura.wire.service import Service
from tests.built_once import built_once
from tests.fidelity.house import CREATED, OK, Answer, Values
from tests.firm import Firm, open_firm

HOST = "faktura.example"
MOUNT = "/fakturoid/api/v3"
NOW = dt.datetime(2026, 11, 21, 9, 30, 0, 481_000, dt.UTC)

PDF = f"data:application/pdf;base64,{base64.b64encode(b'%PDF-1.7 faktura').decode()}"

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
    return {"name": "Práce", "unit_price": 100}


def _paper(house: "Fakturoid") -> Values:
    return {"subject_id": house.subject_id, "lines": [_line(house)]}


def _template(house: "Fakturoid") -> Values:
    return {"name": "Paušál"} | _paper(house)


def _recurring(house: "Fakturoid") -> Values:
    return _template(house) | {"start_date": "2027-01-31", "months_period": 1}


def _item(house: "Fakturoid") -> Values:
    prices = {"native_purchase_price": 80, "native_retail_price": 120}
    return {"name": "Mýdlo", "sku": f"SKU-{next(house.count)}"} | prices


def _move(_house: "Fakturoid") -> Values:
    return {"direction": "in", "moved_on": "2026-11-20", "quantity_change": 5, "purchase_price": 80}


def _webhook(_house: "Fakturoid") -> Values:
    return {"webhook_url": "https://shop.example/hooks", "events": ["invoice_paid"]}


MOVES = "/inventory_items/{item}/inventory_moves"

RESOURCES: Mapping[str, Resource] = {
    "subject": Resource("/subjects.json", "/subjects/{id}.json", lambda _: {"name": "Karel"}),
    "invoice": Resource("/invoices.json", "/invoices/{id}.json", _paper),
    "invoice_payment": Resource("/invoices/{invoice}/payments.json", "", lambda _: {}),
    "expense": Resource("/expenses.json", "/expenses/{id}.json", _paper),
    "expense_payment": Resource("/expenses/{expense}/payments.json", "", lambda _: {}),
    "inbox_file": Resource("/inbox_files.json", "", lambda _: {"attachment": PDF}),
    "inventory_item": Resource("/inventory_items.json", "/inventory_items/{id}.json", _item),
    "inventory_move": Resource(f"{MOVES}.json", f"{MOVES}/{{id}}.json", _move),
    "generator": Resource("/generators.json", "/generators/{id}.json", _template),
    "recurring_generator": Resource("/recurring_generators.json", "/recurring_generators/{id}.json", _recurring),
    "webhook": Resource("/webhooks.json", "/webhooks/{id}.json", _webhook),
}

INSIDE: Mapping[str, Callable[["Fakturoid"], Values]] = {
    "lines": _line,
    "attachments": lambda _: {"data_url": PDF},
    "retail_prices": lambda _: {"amount": 5, "currency": "EUR"},
}
"""What must be sent of what lies inside a resource."""

NEVER_CHANGED = frozenset({"invoice_payment", "expense_payment", "inbox_file"})
"""What there is no update of."""

PART_OF: Mapping[str, str] = {
    "invoice_payment": "invoice.payments",
    "expense_payment": "expense.payments",
    "webhook_payload": "failed_delivery.body",
}
"""What has a word of its own and is read inside something else."""

LISTS: Mapping[str, str] = {
    "user": "/users.json",
    "account": "/account.json",
    "bank_account": "/bank_accounts.json",
    "number_format": "/number_formats/invoices.json",
    "subject": "/subjects.json",
    "invoice": "/invoices.json",
    "expense": "/expenses.json",
    "inbox_file": "/inbox_files.json",
    "inventory_item": "/inventory_items.json",
    "inventory_move": "/inventory_moves.json",
    "generator": "/generators.json",
    "recurring_generator": "/recurring_generators.json",
    "event": "/events.json",
    "todo": "/todos.json",
    "webhook": "/webhooks.json",
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

    def __init__(self, service: Service, clock: Clock, fill: Callable[["Fakturoid"], None]) -> None:
        self.clock = clock
        clock.stand_at(NOW)
        self.service = service
        self.door = Door(service, open_firm(service.database, clock, **ACCOUNT))
        self.elsewhere = Door(service, open_firm(service.database, clock, "barecorp"))
        self.count = itertools.count(1)
        self._parents: dict[tuple[str, int], Values] = {}
        self._bare: dict[str, Values] = {}
        self._examples: dict[str, list[Values]] = {}
        self.subject_id: int = self.bare("subject")["id"]
        fill(self)
        self._look()

    def past_the_door(self, work: Callable[[Books], Any], *, by_nobody: bool = False) -> Any:
        """What the door has no verb for, as the firm's owner or as the house itself."""
        firm, now = self.door.firm, self.clock.now()
        user_id = None if by_nobody else firm.user.id
        return self.service.database.write(lambda tx: work(Books(tx, firm.account, user_id, now)))

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
        resource, *inside = PART_OF.get(of, of).split(".")
        found = self._examples[resource]
        for name in inside:
            found = [part for one in found for part in _parts(one[name])]
        return found

    def may_change(self, of: str) -> bool:
        return of.partition(".")[0] not in NEVER_CHANGED

    def add(self, of: str, values: Values, leaving_out: str = "") -> Answer:
        outer, _, inner = of.partition(".")
        whole = INSIDE[inner](self) | values if inner else RESOURCES[of].body(self) | values
        body = {name: value for name, value in whole.items() if name != leaving_out}
        if inner:
            return self._inside(of, self.add(outer, {inner: [body]}))
        if of == "webhook":
            self._make_room()
        return self._answer(of, self.door.call("POST", self._path(RESOURCES[of].many), body))

    def change(self, of: str, values: Values, besides: Values) -> Answer:
        outer, _, inner = of.partition(".")
        if inner:
            made = self.made(outer, **{inner: [INSIDE[inner](self) | besides]})
            kept = {"id": made[inner][0]["id"]} | values
            return self._inside(of, self._changed(outer, made, {inner: [kept]}))
        return self._changed(of, self.made(of, **besides), values)

    def again(self, of: str, record: Values) -> Values:
        if of == "inbox_file":
            return next(one for one in self.door.read("/inbox_files.json") if one["id"] == record["id"])
        outer, _, inner = PART_OF.get(of, of).partition(".")
        if not inner:
            read: Values = self.door.read(self._path(RESOURCES[of].one, **record))
            return read
        parent = self.again(outer, self._parents[of, record["id"]])
        return next(part for part in parent[inner] if part["id"] == record["id"])

    def _path(self, pattern: str, **values: Any) -> str:
        """Payments are made for a document of their own."""
        parents = {of: self.made(of)["id"] for of in ("invoice", "expense") if f"{{{of}}}" in pattern}
        item = values.get("inventory_item_id") or (self._stocked() if "{item}" in pattern else None)
        return pattern.format(**values, **parents, item=item)

    def _make_room(self) -> None:
        """A program has only so many webhooks."""
        for one in self.door.read("/webhooks.json"):
            if self._examples and one not in self._examples["webhook"]:
                self.door.call("DELETE", f"/webhooks/{one['id']}.json")

    def _stocked(self) -> int:
        stocked: int = self.made("inventory_item", track_quantity=True, quantity=10)["id"]
        return stocked

    def _changed(self, of: str, made: Values, values: Values) -> Answer:
        return self._answer(of, self.door.call("PATCH", self._path(RESOURCES[of].one, **made), values))

    def _inside(self, of: str, answer: Answer) -> Answer:
        parts = (answer.record or {}).get(of.partition(".")[2])
        if not parts:
            return answer
        self._parents[of, parts[0]["id"]] = answer.record
        return answer._replace(record=parts[0])

    def _answer(self, of: str, answer: testing.Result) -> Answer:
        shown: Values = answer.json if answer.text else {}
        if answer.status_code not in {OK, CREATED}:
            return Answer(answer.status_code, None, shown.get("errors", {}))
        if of in PART_OF:
            self._parents[of, shown["id"]] = {"id": int(answer.headers["Location"].split("/")[-3])}
        return Answer(answer.status_code, shown, {})

    def _look(self) -> None:
        """Every example, as it is before anybody asks for more."""
        for of in RESOURCES:
            self.bare(of)
        self._examples["current_user"] = [self.door.read("/user.json", whole=True)]
        for of, path in LISTS.items():
            self._examples[of] = [one for door in (self.door, self.elsewhere) for one in _parts(door.read(path))]
        failed = [f"/webhooks/{one['failed_deliveries_uuid']}/failed_deliveries.json" for one in self.shown("webhook")]
        self._examples["failed_delivery"] = [one for path in failed for one in self.door.read(path)]


def _parts(value: Any) -> Iterator[Values]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value
