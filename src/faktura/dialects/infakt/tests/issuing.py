"""What the tests of documents share: how one is issued, refused, and looked at again."""

import datetime as dt
from typing import Any

from faktura.dialects.infakt.tests.conftest import Client
from faktura.jobs import handlers
from faktura.wire.service import Service
from faktura.worker import Worker

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
TODAY = "2026-11-21"

BLANK = "nie może być puste"
WRONG = "jest nieprawidłowy"
NOT_LISTED = "nie znajduje się na liście dopuszczalnych wartości"
TOO_EARLY = "nie może być wcześniejsza niż data wystawienia"
SUMMARY = "Wystąpiły błędy walidacji."

INVOICES = "/invoices"
CORRECTIVE = "/corrective_invoices"
ADVANCE = "/advance_invoices"
FINAL = "/final_invoices"
MARGIN = "/margin_invoices"
OSS = "/oss_invoices"
OSS_CORRECTION = "/corrective_oss_invoices"
KINDS = (
    INVOICES,
    CORRECTIVE,
    ADVANCE,
    FINAL,
    MARGIN,
)

Json = dict[str, Any]


def service_of(net: int = 10000, **values: Any) -> Json:
    return {"name": "Usługa", "tax_symbol": "23", "unit_net_price": net} | values


def pair(group: int | str, before: Json, after: Json) -> list[Json]:
    """The two rows of a correction."""
    return [before | {"group": group, "correction": False}, after | {"group": group, "correction": True}]


def resold(gross: int = 1200000, margin: int = 200000, **values: Any) -> Json:
    """A line of a margin invoice."""
    prices = {"gross_with_margin_amount_price": gross, "margin_amount_price": margin}
    return {"name": "Skoda Octavia"} | prices | values


def consumed(net: int = 1500, **values: Any) -> Json:
    """A line of an OSS invoice."""
    return {"name": "E-book", "tax_rate": 7, "unit_net_price": net} | values


def wrapper_of(path: str) -> str:
    return path.strip("/").removesuffix("s")


def least(client: Client, path: str, buyer: Json | None = None) -> Json:
    """What is enough to issue a document of the kind; an advance before it is of the same buyer."""
    said: Json = {"client_company_name": "Gęśl", "payment_method": "cash"}
    if path == CORRECTIVE:
        rows = pair(1, service_of(), service_of(9000))
        return said | {"corrected_invoice_number": "7/2020", "services": rows}
    if path == ADVANCE:
        return said | {"advance_price": 5000, "services": [service_of()]}
    if path == MARGIN:
        return said | {"margin_kind": "second_hand_goods", "services": [resold()]}
    if path in {OSS, OSS_CORRECTION}:
        return _consumption(path)
    if path == FINAL:
        return {"payment_method": "cash", "previous_advance_id": issue(client, ADVANCE, **(buyer or {}))["id"]}
    return said | {"services": [service_of()]}


def _consumption(path: str) -> Json:
    said: Json = {
        "country": "DE",
        "client_first_name": "Jürgen",
        "client_last_name": "Groß",
        "currency": "EUR",
        "service_type": "electronic",
        "service_place_primary": "adres nabywcy",
        "sale_type": "service",
    }
    if path == OSS:
        return said | {"services": [consumed()]}
    corrected = {"corrected_invoice_number": "7/OSS/2020", "corrected_invoice_date": "2020-05-05"}
    rows = pair(1, consumed(), consumed(quantity=0))
    return said | corrected | {"correction_reason": "mistake", "services": rows}


def post(client: Client, path: str = INVOICES, **values: Any) -> Any:
    buyer = {name: value for name, value in values.items() if name.startswith("client_")}
    return client.post(f"{path}.json", {wrapper_of(path): least(client, path, buyer) | values})


def issue(client: Client, path: str = INVOICES, **values: Any) -> Json:
    created = post(client, path, **values)
    assert created.status_code == 201, created.text
    found: Json = created.json
    return found


def change(client: Client, document: Json, path: str = INVOICES, **values: Any) -> Json:
    changed = client.put(f"{path}/{document['uuid']}.json", {wrapper_of(path): values})
    assert changed.status_code == 200, changed.text
    found: Json = changed.json
    return found


def again(client: Client, document: Json, path: str = INVOICES) -> Json:
    found: Json = client.get(f"{path}/{document['uuid']}.json").json
    return found


def count(client: Client, path: str = INVOICES) -> int:
    found: int = client.get(f"{path}.json").json["metainfo"]["total_count"]
    return found


def refusal(client: Client, path: str = INVOICES, **values: Any) -> dict[str, list[str]]:
    """The errors of a create that must be refused and leave nothing behind."""
    body = {wrapper_of(path): least(client, path) | values}
    before = count(client, path), count(client, "/clients")
    refused = client.post(f"{path}.json", body)
    assert refused.status_code == 422, refused.text
    assert refused.json["error"] == SUMMARY
    assert (count(client, path), count(client, "/clients")) == before
    errors: dict[str, list[str]] = refused.json["errors"]
    return errors


def refused_change(client: Client, document: Json, path: str = INVOICES, **values: Any) -> dict[str, list[str]]:
    """The errors of a change that must be refused and change nothing."""
    refused = client.put(f"{path}/{document['uuid']}.json", {wrapper_of(path): values})
    assert refused.status_code == 422, refused.text
    assert again(client, document, path) == document
    errors: dict[str, list[str]] = refused.json["errors"]
    return errors


def add_bank_account(client: Client, number: str = "49915000093326449042496767", **values: Any) -> Json:
    given = {"bank_name": "Bank A", "account_number": number} | values
    added = client.post("/bank_accounts.json", {"bank_account": given})
    assert added.status_code == 201, added.text
    found: Json = added.json
    return found


def add_client(client: Client, **values: Any) -> Json:
    added = client.post("/clients.json", {"client": {"company_name": "Gęśl"} | values})
    assert added.status_code == 201, added.text
    found: Json = added.json
    return found


def work(service: Service) -> None:
    """Do all that was handed in."""
    worker = Worker(service.database, service.clock, handlers())
    while worker.do_next():
        pass
