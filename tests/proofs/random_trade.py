"""A firm that does at both doors whatever comes into its head: a long history for proofs about books."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.proofs.full_house import FILE, FIRST_DOOR, SECOND_DOOR, Tenant
from tests.proofs.operations import Asked
from tests.running import Answer

EVENTS = ("mark_as_sent", "cancel", "undo_cancel", "lock", "unlock", "mark_as_uncollectible", "undo_uncollectible")
FOLLOW_UPS = ("none", "tax_document", "final_invoice_paid", "final_invoice")
KINDS = ("invoices", "corrective_invoices", "advance_invoices", "final_invoices")
NUMBERS = "2026-#dddd#"

MOST_TRIES = 5
"""One that a chain of advances took off does not show that at the first door."""


class Trader:
    """`done` counts what was answered as done, by the name of the deed; a refusal is an answer as well."""

    def __init__(self, server: Asked, tenant: Tenant, chance: random.Random) -> None:
        self.done: Counter[str] = Counter()
        self._server = server
        self._tenant = tenant
        self._chance = chance

    def trade(self, deeds: int) -> None:
        self.add_contact()
        for _ in range(deeds):
            self.do_any()

    def do_any(self) -> None:
        deed = self._chance.choice(DEEDS)
        if (answer := deed(self)) is not None:
            assert answer.status < 500, (deed.__name__, answer.status, answer.body)
            self.done[deed.__name__] += answer.status < 300

    # What happens at the first door

    def add_contact(self) -> Answer:
        return self._first("POST", "subjects", name=self._word(), custom_id=self._word())

    def change_contact(self) -> Answer | None:
        return self._with_some("subjects", lambda one: self._first("PATCH", f"subjects/{one['id']}", name=self._word()))

    def delete_contact(self) -> Answer | None:
        return self._with_some("subjects", lambda one: self._first("DELETE", f"subjects/{one['id']}"))

    def issue(self) -> Answer | None:
        kind = self._chance.choice(({}, {}, {"document_type": "proforma"}, {"number": self._number()}))
        if "document_type" in kind:
            kind["proforma_followup_document"] = self._chance.choice(FOLLOW_UPS)
        more = {"attachments": [{"data_url": FILE}]} if self._chance.random() < 0.1 else {}
        return self._with_some(
            "subjects",
            lambda one: self._first("POST", "invoices", subject_id=one["id"], lines=self._lines(), **kind, **more),
        )

    def change(self) -> Answer | None:
        values = self._chance.choice(
            (
                {"note": self._word()},
                {"lines": self._lines()},
                {"number": self._number()},
                {"issued_on": self._day()},
                {"currency": "EUR", "exchange_rate": "4.25"},
            )
        )
        return self._with_document(lambda one: self._first("PATCH", f"invoices/{one['id']}", **values))

    def delete(self) -> Answer | None:
        return self._with_document(lambda one: self._first("DELETE", f"invoices/{one['id']}"))

    def fire(self) -> Answer | None:
        event = self._chance.choice(EVENTS)
        return self._with_document(lambda one: self._first("POST", f"invoices/{one['id']}/fire", event=event))

    def pay(self) -> Answer | None:
        amount = self._chance.choice(({}, {"amount": self._price()}))
        return self._with_document(lambda one: self._first("POST", f"invoices/{one['id']}/payments", **amount))

    def take_a_payment_back(self) -> Answer | None:
        return self._with_payment(lambda path: self._first("DELETE", path))

    def make_a_tax_document(self) -> Answer | None:
        """Over a payment that is made for it, where nothing follows the proforma yet; else over whichever."""
        proformas = self._listed("invoices", "&document_type=proforma")
        waiting = [one for one in proformas if one["related_id"] is None and one["paid_on"] is None]
        if waiting and self._chance.random() < 0.5:
            path = f"invoices/{self._chance.choice(waiting)['id']}/payments"
            paid = self._first("POST", path, amount="0.01", mark_document_as_paid=False)
            return self._first("POST", f"{path}/{paid.json['id']}/create_tax_document") if paid.status < 300 else paid
        return self._with_payment(lambda path: self._first("POST", f"{path}/create_tax_document"))

    def settle(self) -> Answer | None:
        """A final invoice that deducts what a customer's tax documents say, of which some may be settled already."""
        there = self._listed("invoices", "&document_type=tax_document")
        fitting = [one for one in there if one["related_id"] is None] or there
        answer = None
        for one in self._chance.sample(fitting, min(len(fitting), MOST_TRIES)):
            of_one = [found["id"] for found in fitting if _trade_of(found) == _trade_of(one)]
            answer = self._settle(one, self._chance.choice(([one["id"]], of_one)))
            if answer.status < 300:
                break
        return answer

    def _settle(self, one: Any, documents: list[int]) -> Answer:
        return self._first(
            "POST",
            "invoices",
            subject_id=one["subject_id"],
            currency=one["currency"],
            exchange_rate=one["exchange_rate"],
            document_type="final_invoice",
            tax_document_ids=documents,
            lines=self._lines(),
        )

    def follow(self) -> Answer | None:
        """An invoice after a proforma, made by hand."""
        proformas = self._listed("invoices", "&document_type=proforma")
        if not proformas:
            return None
        one = self._chance.choice(proformas)
        known = {name: one[name] for name in ("subject_id", "currency", "exchange_rate")}
        return self._first("POST", "invoices", **known, related_id=one["id"], lines=self._lines())

    def write_a_letter(self) -> Answer | None:
        return self._with_document(
            lambda one: self._first("POST", f"invoices/{one['id']}/message", email="buyer@firma.example")
        )

    # What happens at the second door

    def issue_there(self) -> Answer | None:
        return self._with_some(
            "subjects",
            lambda one: self._second(
                "POST", "invoices", client_id=one["id"], payment_method="transfer", services=self._services()
            ),
        )

    def correct(self) -> Answer | None:
        before, after = self._services(1), self._services(1)
        lines = [before[0] | {"group": 1, "correction": False}, after[0] | {"group": 1, "correction": True}]
        return self._with_document(
            lambda one: self._second(
                "POST",
                "corrective_invoices",
                client_id=one["subject_id"],
                payment_method="transfer",
                corrected_invoice_number=one["number"],
                correction_reason="mistake",
                services=lines,
            )
        )

    def take_an_advance(self) -> Answer | None:
        previous = self._there("advance_invoices") if self._chance.random() < 0.5 else []
        going_on = {"previous_advance_id": self._chance.choice(previous)["id"]} if previous else {}
        return self._with_some(
            "subjects",
            lambda one: self._second(
                "POST",
                "advance_invoices",
                client_id=one["id"],
                payment_method="transfer",
                advance_price=self._chance.randrange(1, 5000),
                services=self._services(),
                **going_on,
            ),
        )

    def end_an_order(self) -> Answer | None:
        return self._with_one_there(
            "advance_invoices",
            lambda one: self._second(
                "POST", "final_invoices", previous_advance_id=one["id"], payment_method="transfer"
            ),
        )

    def change_there(self) -> Answer | None:
        kind = self._chance.choice(KINDS)
        values = self._chance.choice(
            (
                {"notes": self._word()},
                {"services": self._services()},
                {"status": "paid"},
                {"paid_price": self._chance.randrange(0, 200_000)},
                {"paid_date": self._chance.choice((None, self._day()))},
            )
        )
        return self._with_one_there(kind, lambda one: self._second("PUT", kind, one["uuid"], **values))

    def delete_there(self) -> Answer | None:
        kind = self._chance.choice(KINDS)
        return self._with_one_there(kind, lambda one: self._second("DELETE", kind, one["uuid"]))

    def pay_there(self) -> Answer | None:
        kind = self._chance.choice(KINDS)
        return self._with_one_there(kind, lambda one: self._second("POST", kind, f"{one['uuid']}/paid"))

    def share(self) -> Answer | None:
        return self._with_one_there(
            "invoices", lambda one: self._second("POST", "invoices", f"{one['uuid']}/share_links")
        )

    def add_a_bank_account(self) -> Answer:
        return self._second("POST", "bank_accounts", bank_name=self._word(), account_number=self._word())

    def delete_a_bank_account(self) -> Answer | None:
        return self._with_one_there("bank_accounts", lambda one: self._second("DELETE", "bank_accounts", one["id"]))

    def add_a_product(self) -> Answer:
        return self._second("POST", "products", name=self._word(), tax_symbol="23")

    # What is asked

    def _first(self, method: str, path: str, **body: Any) -> Answer:
        address = f"{FIRST_DOOR}/accounts/{self._tenant.slug}/{path}.json"
        return self._server.ask(method, address, body or None, self._tenant.bearer)

    def _second(self, method: str, kind: str, path: object = "", **body: Any) -> Answer:
        address = f"{SECOND_DOOR}/{kind}{f'/{path}' if path else ''}.json"
        return self._server.ask(method, address, {kind[:-1]: body} if body else None, self._tenant.keyed)

    def _listed(self, kind: str, asked: str = "") -> list[Any]:
        answer = self._server.ask(
            "GET", f"{FIRST_DOOR}/accounts/{self._tenant.slug}/{kind}.json?page=1{asked}", None, self._tenant.bearer
        )
        assert answer.status == 200
        return list(answer.json)

    def _there(self, kind: str) -> list[Any]:
        answer = self._server.ask("GET", f"{SECOND_DOOR}/{kind}.json", None, self._tenant.keyed)
        assert answer.status == 200
        return list(answer.json["entities"])

    def _with_some(self, kind: str, deed: Callable[[Any], Answer]) -> Answer | None:
        return deed(self._chance.choice(found)) if (found := self._listed(kind)) else None

    def _with_document(self, deed: Callable[[Any], Answer]) -> Answer | None:
        return self._with_some("invoices", deed)

    def _with_payment(self, deed: Callable[[str], Answer]) -> Answer | None:
        paths = [
            f"invoices/{one['id']}/payments/{paid['id']}"
            for one in self._listed("invoices")
            for paid in one["payments"]
        ]
        return deed(self._chance.choice(paths)) if paths else None

    def _with_one_there(self, kind: str, deed: Callable[[Any], Answer]) -> Answer | None:
        return deed(self._chance.choice(found)) if (found := self._there(kind)) else None

    # What is said

    def _word(self) -> str:
        return "".join(self._chance.choices("aábcčdďeéž łóź", k=12)).strip() + "."

    def _number(self) -> str:
        return f"{self._tenant.slug}-2026-{self._chance.randrange(1, 300):04}"

    def _day(self) -> str:
        return (dt.date(2026, 1, 1) + dt.timedelta(self._chance.randrange(600))).isoformat()

    def _price(self) -> str:
        return str(Decimal(self._chance.randrange(-1000, 100_000)) / 100)

    def _lines(self) -> list[dict[str, Any]]:
        return [
            {
                "name": self._word(),
                "quantity": str(Decimal(self._chance.randrange(1, 4000)) / 1000),
                "unit_price": self._price(),
                "vat_rate": self._chance.choice((0, 5, 8, 23)),
            }
            for _ in range(self._chance.randrange(1, 5))
        ]

    def _services(self, count: int = 0) -> list[dict[str, Any]]:
        return [
            {
                "name": self._word(),
                "tax_symbol": self._chance.choice(("0", "5", "8", "23")),
                "quantity": self._chance.randrange(1, 9),
                "unit_net_price": self._chance.randrange(1, 100_000),
            }
            for _ in range(count or self._chance.randrange(1, 5))
        ]


def _trade_of(document: Any) -> tuple[Any, ...]:
    return document["subject_id"], document["currency"]


DEEDS = (
    Trader.add_contact,
    Trader.change_contact,
    Trader.delete_contact,
    Trader.issue,
    Trader.issue,
    Trader.issue,
    Trader.change,
    Trader.delete,
    Trader.fire,
    Trader.pay,
    Trader.pay,
    Trader.take_a_payment_back,
    Trader.make_a_tax_document,
    Trader.settle,
    Trader.settle,
    Trader.follow,
    Trader.write_a_letter,
    Trader.issue_there,
    Trader.issue_there,
    Trader.correct,
    Trader.take_an_advance,
    Trader.take_an_advance,
    Trader.end_an_order,
    Trader.change_there,
    Trader.delete_there,
    Trader.pay_there,
    Trader.share,
    Trader.add_a_bank_account,
    Trader.delete_a_bank_account,
    Trader.add_a_product,
)
