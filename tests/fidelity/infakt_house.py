"""The house of inFakt's door: a firm that is only read, one that is written to, and one that is foreign to both."""

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from falcon import testing

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.documents.attachments import GivenFile, attach
from faktura.core.invoices.find import find_invoice
from faktura.core.people.api_keys import add_api_key
from faktura.dialects import installed
from faktura.jobs import handlers
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.store.records import changed
from faktura.wire.service import Modes, Service
from faktura.worker import Worker
from tests.built_once import built_once
from tests.fidelity.house import CREATED, OK, Answer, Values
from tests.fidelity.infakt_papers import PAPERS
from tests.fidelity.infakt_samples import LEAST, SAMPLES, inside, samples, service
from tests.firm import Firm, open_firm

HOST = "api.infakt.pl"
NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
AN_HOUR = dt.timedelta(hours=1)
MOST = 100
NOBODY = "00000000-0000-4000-8000-000000000000"

FULL, _OTHER, BARE = range(3)

OSS = {"oss_invoice", "corrective_oss_invoice"}
"""Sections 11 and 12: there is no PUT, and a next number is told without its kind."""


class Caller:
    """Somebody with a key of one firm."""

    def __init__(self, house: "Infakt", firm: Firm) -> None:
        self.house = house
        self.firm = firm
        self.key = house.issue_key(firm, house.dialect.key_scopes)

    def ask(self, method: str, path: str, body: Any = None, query: str = "", **options: Any) -> testing.Result:
        """`raw` is a body as it stands; a `key` that is None is left out."""
        raw, key = options.get("raw"), options.get("key", self.key)
        return self.house.door.simulate_request(
            method,
            path,
            root_path="/v3",
            host=HOST,
            protocol="https",
            query_string=query,
            json=body if raw is None else None,
            body=raw,
            headers={} if key is None else {"X-inFakt-ApiKey": key},
        )

    def get(self, path: str, **parameters: Any) -> Any:
        answer = self.ask("GET", f"{path}.json", query=urlencode(parameters))
        assert answer.status_code == OK, answer.text
        return answer.json

    def create(self, noun: str, values: Values) -> Values:
        created = self.ask("POST", f"{path_of(noun)}.json", {noun: values})
        assert created.status_code == CREATED, created.text
        record: Values = created.json
        return record

    def least(self, noun: str, values: Values) -> Values:
        """What is enough to create one, with these values; a final invoice follows an advance of the same order."""
        if noun != "final_invoice" or "previous_advance_id" in values:
            return LEAST[noun] | values
        order: Values = {name: values[name] for name in ("currency", "client_company_name") if name in values}
        advance = self.create("advance_invoice", self.least("advance_invoice", order))
        return LEAST[noun] | {"previous_advance_id": advance["id"]} | values


class Infakt:
    """The `gallery` has three records of each noun, which stay as they are; others are made in the `workshop`."""

    def __init__(self, database: Database, printer: Printer) -> None:
        self.clock = Clock()
        self.clock.stand_at(NOON)
        [self.dialect] = [dialect for dialect in installed() if dialect.name == "infakt"]
        self.service = Service(
            database, self.clock, "http://faktura.example", frozenset({HOST}), Modes(), printer=printer
        )
        self.door = testing.TestClient(built_once(self.dialect.application, self.service))
        self.gallery, self.workshop, self.elsewhere = map(self._open, ("gallery", "workshop", "elsewhere"))
        for caller in (self.workshop, self.elsewhere):
            for values in SAMPLES["bank_account"]:
                caller.create("bank_account", values)
        self.records = {noun: [*map(self._hang(noun), (FULL, _OTHER, BARE))] for noun in SAMPLES}
        self._link()
        self.foreign = {noun: self.elsewhere.create(noun, self.elsewhere.least(noun, {})) for noun in SAMPLES}
        self._asked: dict[str, Any] = {}
        self._keys: dict[tuple[str, ...], str] = {}
        self._written: Values = {}
        self.tasks = self._hand_in()
        self._furnish()

    def _open(self, slug: str) -> Caller:
        firm = open_firm(self.service.database, self.clock, slug, country="PL", currency="PLN", language="pl")
        return Caller(self, firm)

    def _hang(self, noun: str) -> Callable[[int], Values]:
        def hang(which: int) -> Values:
            self.clock.stand_at(NOON - (BARE - which) * AN_HOUR)
            return self.gallery.create(noun, self.gallery.least(noun, samples(noun)[which]))

        return hang

    def _link(self) -> None:
        """Corrections of dates of documents that are here, and advances of one order after the other."""
        caller, spans = self.gallery, (("2026-08-01", "2026-08-31"), ("2026-07-01", "2026-07-31"))
        for price, (first, last) in enumerate(spans, 3000):
            days = {"sale_date": last, "continuous_service_start_on": first, "continuous_service_end_on": last}
            original = caller.create("invoice", caller.least("invoice", days | {"services": [service(price)]}))
            before = {f"{name}_before_correction": day for name, day in days.items()}
            named: Values = {"corrected_invoice_number": original["number"], "corrected_invoice_uuid": original["uuid"]}
            sent = LEAST["corrective_invoice"] | named | before | {"services": None}
            self.records["corrective_invoice"].append(caller.create("corrective_invoice", sent))
        for _ in spans:
            following: Values = {
                "previous_advance_id": self.records["advance_invoice"][-1]["id"],
                "advance_price": 1000,
            }
            self.records["advance_invoice"].append(caller.create("advance_invoice", following))

    def _hand_in(self) -> dict[str, Values]:
        """By how it will end, a task as it was answered when it was handed in."""
        caller = self.workshop
        invoice = caller.create("invoice", caller.least("invoice", {}))
        create, pay = "/async/invoices.json", f"{one('invoice', invoice)}/paid.json"
        asked = {
            "task_created": caller.ask("POST", create, {"invoice": LEAST["invoice"]}),
            "task_not_created": caller.ask("POST", create, {"invoice": LEAST["invoice"] | {"services": []}}),
            "task_paid": caller.ask("POST", f"/async{pay}"),
            "task_not_paid": caller.ask("POST", f"/async{pay}"),
        }
        return {state: answer.json for state, answer in asked.items()}

    def _furnish(self) -> None:
        """What was handed in is done; a file lies beside an invoice, a link leads to it; of papers, one is no draft."""
        worker = Worker(self.service.database, self.clock, handlers())
        while worker.do_next():
            pass
        shown = self.records["invoice"][FULL]

        def work(tx: Any) -> None:
            books = Books(tx, self.gallery.firm.account, None, self.clock.now())
            old = find_invoice(books, shown["id"])
            files = attach(books, old, [GivenFile("umowa.pdf", "application/pdf", b"umowa")])
            books.change(old, changed(old, attachments=files))

        self.service.database.write(work)
        self.gallery.ask("POST", f"/invoices/{shown['uuid']}/share_links.json")
        for noun in PAPERS:
            for method, action in (("PUT", "mark_as_accounted"), ("GET", "pdf")):
                self.gallery.ask(method, f"{one(noun, self.records[noun][FULL])}/{action}.json")

    def issue_key(self, firm: Firm, scopes: tuple[str, ...]) -> str:
        def work(tx: Any) -> str:
            return add_api_key(Office(tx, self.clock.now()), firm.account, firm.user, "fidelity", scopes)

        return self.service.database.write(work)

    def key_with(self, *scopes: str) -> str:
        """A key of the gallery that is let into nothing else."""
        if scopes not in self._keys:
            self._keys[scopes] = self.issue_key(self.gallery.firm, scopes)
        return self._keys[scopes]

    def asked(self, path: str, **parameters: Any) -> Any:
        """An answer to the gallery, which is the same however often it is asked for."""
        told = f"{path}?{urlencode(parameters)}"
        if told not in self._asked:
            self._asked[told] = self.gallery.get(path, **parameters)
        return self._asked[told]

    def listed(self, path: str, **parameters: Any) -> list[Values]:
        """All that a list has, of all its pages."""
        entities: list[Values] = []
        while True:
            page = self.asked(path, limit=MOST, offset=len(entities), **parameters)
            entities += page["entities"]
            if len(entities) == page["metainfo"]["total_count"]:
                return entities

    def shown(self, of: str) -> list[Values]:
        """What `of` names: a noun, the path of a list, or something that lies inside one."""
        whole, *path = of.split(".")
        found = self._examples(whole)
        for name in path:
            found = [*_flat(one.get(name) for one in found)]
        return found

    def _examples(self, of: str) -> list[Values]:
        if of in self.records:
            return [self.asked(one(of, record)) for record in self.records[of]]
        if of in self.tasks:
            return [self._task(of)]
        return self._sources[of]() if of in self._sources else self.listed(f"/{of}")

    @functools.cached_property
    def _sources(self) -> Mapping[str, Callable[[], list[Values]]]:
        """What is neither a noun nor a list that has the name of its path."""
        invoice = one("invoice", self.records["invoice"][FULL])
        return {
            "account": lambda: [self.asked("/account/details")],
            "activity": lambda: self.asked("/account/activities", limit=MOST)["entities"],
            "attachment": lambda: self.listed(f"{invoice}/attachments"),
            "share_link": lambda: [self.asked(f"{invoice}/share_links")],
            "next_number": lambda: [
                self.asked(f"{path_of(noun)}/next_number") for noun in SAMPLES if is_numbered(noun)
            ],
            "task": lambda: [*self.tasks.values(), *map(self._task, self.tasks)],
        }

    def _task(self, state: str) -> Values:
        reference = self.tasks[state]["invoice_task_reference_number"]
        answer: Values = self.workshop.get(f"/async/invoices/status/{reference}")
        return answer

    def bare(self, of: str) -> Values:
        whole, _, path = of.partition(".")
        record = self.asked(one(whole, self.records[whole][BARE]))
        found = [*_flat([record[path]])] if path else [record]
        return found[0] if found else {}

    def add(self, of: str, values: Values, leaving_out: str = "") -> Answer:
        noun, _, name = of.partition(".")
        values = {name: inside(noun, name, values, leaving_out)} if name else values
        sent = self.workshop.least(noun, values)
        if not name:
            sent = {key: value for key, value in sent.items() if key != leaving_out}
        return self._answer(of, self.workshop.ask("POST", f"{path_of(noun)}.json", {noun: sent}))

    def may_change(self, of: str) -> bool:
        noun = of.partition(".")[0]
        return noun in self.records and noun not in OSS

    def change(self, of: str, values: Values, besides: Values) -> Answer:
        noun, _, name = of.partition(".")
        values, besides = ({name: inside(noun, name, sent)} if name and sent else sent for sent in (values, besides))
        record = self.workshop.create(noun, self.workshop.least(noun, besides))
        return self._answer(of, self.workshop.ask("PUT", f"{one(noun, record)}.json", {noun: values}))

    def _answer(self, of: str, answer: testing.Result) -> Answer:
        """What lies inside a record has no address: it is read again in the record that was written last."""
        if answer.status_code not in {OK, CREATED}:
            return Answer(answer.status_code, None, answer.json.get("errors") or {"error": [answer.json["error"]]})
        self._written = answer.json
        return Answer(answer.status_code, _first_inside(of, answer.json), {})

    def again(self, of: str, record: Values) -> Values:
        noun, _, name = of.partition(".")
        read = self.workshop.get(one(noun, self._written if name else record))
        return _first_inside(of, read)

    def at(self, path: str, whose: str = "gallery") -> str:
        """The address of something that the gallery has, that a foreign firm has, or that nobody has."""
        return re.sub(r"{(\w+)}", lambda name: str(self._named(path, name[1], whose)), path)

    def _named(self, path: str, name: str, whose: str) -> Any:
        if whose == "missing":
            return {"id": 999_999, "attachment_id": 999_999, "token": "0" * 16}.get(name, NOBODY)
        noun = next((noun for noun in SAMPLES if f"/{noun}s/" in path), None)
        match name:
            case "reference":
                return self._reference(f"{noun}", self.gallery if whose == "gallery" else self.elsewhere)
            case "token":
                return self._token(whose)
            case "attachment_id":
                return self.shown("attachment")[0]["id"]
            case "ticket":
                return self.shown("attachment")[0]["download_link"].rpartition("/")[2].removesuffix(".json")
        if noun is None:
            return 1
        record = self.records[noun][FULL] if whose == "gallery" else self.foreign[noun]
        return record.get(name, record["id"])

    def _reference(self, noun: str, caller: Caller) -> Any:
        """Of a task, which nobody does."""
        handed_in = caller.ask("POST", f"/async{path_of(noun)}.json", {noun: LEAST[noun]})
        return handed_in.json["invoice_task_reference_number"]

    def _token(self, whose: str) -> Any:
        """Of some documents that are printed together."""
        caller, invoice = self.gallery, self.records["invoice"][FULL]
        if whose != "gallery":
            caller, invoice = self.elsewhere, self.foreign["invoice"]
        return caller.ask("POST", "/async/incomes/pdf_many.json", {"uuids": [invoice["uuid"]]}).json["download_token"]


def path_of(noun: str) -> str:
    return f"/{noun}s"


def one(noun: str, record: Mapping[str, Any]) -> str:
    return f"{path_of(noun)}/{record['uuid' if is_issued(noun) and 'uuid' in record else 'id']}"


def is_issued(noun: str) -> bool:
    return noun.endswith("invoice") or noun in PAPERS


def is_numbered(noun: str) -> bool:
    """Whether its next number is told as that of a kind of invoice (section 6)."""
    return is_issued(noun) and noun not in {*PAPERS, *OSS}


def _first_inside(of: str, record: Values) -> Values:
    name = of.partition(".")[2]
    return next(iter(_flat([record[name]]))) if name else record


def _flat(values: Any) -> Any:
    for value in values:
        yield from value if isinstance(value, list) else [] if value is None else [value]
