"""What the tests of papers without a buyer share: what is enough for one, and how it is sent."""

from typing import Any

from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import Json

INTERNAL = "/internal_invoices"
REPORTS = "/fiscal_reports"
EVIDENCES = "/internal_evidences"
DAILY = "/daily_revenues"

LEAST: dict[str, Json] = {
    INTERNAL: {
        "transaction_kind_symbol": "nonaccounting_sales",
        "services": [{"tax_symbol": "23", "net_price": 10000}],
    },
    REPORTS: {"services": [{"tax_symbol": "8", "gross_price": 10800}]},
    EVIDENCES: {"classification_symbol": "sold", "service_name": "Złom", "quantity": "2", "unit_price": 5000},
    DAILY: {"services": [{"quantity": 1, "unit_price": 48250}]},
}

PAPERS = tuple(LEAST)


def send(client: Client, path: str, kind: str = "", **values: Any) -> Any:
    """To the path of the kind, unless another one of its kind is named."""
    kind = kind or path
    return client.post(f"{path}.json", {kind.strip("/")[:-1]: LEAST[kind] | values})


def enter(client: Client, path: str, **values: Any) -> Json:
    entered = send(client, path, **values)
    assert entered.status_code == 201, entered.text
    found: Json = entered.json
    return found
