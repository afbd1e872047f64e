"""Every address that the page on electronic invoices names opens, and what is not built is what it says."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests import needs
from tests.sandboxes import Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT]

PAGE = (Path(__file__).parent.parent / "docs" / "e-invoices.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(/[^`]*\{[^`]*)`", PAGE)))
DOORS = ("/accounts/", "/invoices/", "/{slug}/")


@pytest.fixture
def invoice(sandbox: Sandbox) -> dict[str, Any]:
    """One that has all that any of the formats wants."""
    account = "/fakturoid/api/v3/accounts/applecorp"
    buyer = {
        "name": "Kupující a.s.",
        "registration_no": "87654326",
        "vat_no": "CZ87654326",
        "city": "Brno",
        "zip": "60200",
    }
    subject = sandbox.call("POST", f"{account}/subjects.json", buyer).json["id"]
    line = {"name": "Vývoj", "quantity": 10, "unit_price": "1000", "vat_rate": 21}
    body = {"subject_id": subject, "order_number": "OBJ-1", "lines": [line]}
    issued = sandbox.call("POST", f"{account}/invoices.json", body)
    assert issued.status == 201, issued.body
    found: dict[str, Any] = issued.json
    return found


def test_the_page_names_addresses_of_all_doors() -> None:
    assert {door: any(path.startswith(door) for path in NAMED) for door in DOORS} == dict.fromkeys(DOORS, True)
    assert len(NAMED) == 21


@pytest.mark.parametrize("named", [path for path in NAMED if path.startswith("/accounts/")])
def test_what_is_named_of_one_door_opens(sandbox: Sandbox, invoice: dict[str, Any], named: str) -> None:
    path = named.replace("{slug}", "applecorp").replace("{id}", str(invoice["id"]))
    answers = (sandbox.call("GET", f"/fakturoid/api/v3{path}") for _ in range(20))
    assert next(answer for answer in answers if answer.status != 204).status == 200


@pytest.mark.parametrize("named", [path for path in NAMED if path.startswith("/invoices/")])
def test_what_is_named_of_the_other_door_opens(sandbox: Sandbox, named: str) -> None:
    buyer = {"client_company_name": "Gęśl sp. z o.o.", "client_tax_code": "5252248481", "payment_method": "cash"}
    line = {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 10000}
    issued = sandbox.with_key("api_key", "POST", "/infakt/v3/invoices.json", {"invoice": buyer | {"services": [line]}})
    assert issued.status == 201, issued.body
    path = f"/infakt/v3{named}".replace("{uuid}", issued.json["uuid"])
    answer = sandbox.with_key("api_key", "GET", path + ("" if "isdoc" in path else "&profile=en16931"))

    assert (answer.status, answer.headers["content-type"]) == (200, "application/xml"), answer.body


@pytest.mark.parametrize("named", [path for path in NAMED if path.startswith("/{slug}/")])
def test_what_is_named_of_the_pages_opens(sandbox: Sandbox, invoice: dict[str, Any], named: str) -> None:
    signed_in = sandbox.sign_in_at("/applecorp", sandbox.told["web"]["password"])
    headers = {"Cookie": signed_in.headers["set-cookie"].partition(";")[0]}
    token = invoice["public_html_url"].split("/p/")[1].split("/")[0]
    path = named.replace("{slug}", "applecorp").replace("{id}", str(invoice["id"]))
    path = path.replace("{token}", token).replace("{number}", invoice["number"])

    answer = sandbox.server.ask("GET", path, headers=headers)
    if "location" in answer.headers:
        answer = sandbox.server.ask("GET", answer.headers["location"], headers=headers)
    assert answer.status == 200
