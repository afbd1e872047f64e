"""Numbers and dates as anybody may send them, in every field and parameter: taken, or refused as the contract says."""

import json
from collections.abc import Iterator
from typing import Any

from faktura.dialects.infakt import bank_accounts, clients, products
from faktura.dialects.infakt.door.application import ENDPOINTS, ISSUED
from faktura.dialects.infakt.door.searching import keys_of
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import FINAL, INVOICES, NOT_LISTED, WRONG, issue, least
from faktura.wire.fields import Shape
from tests import needs
from tests.any_value import (
    ENDS_OF_THE_CALENDAR,
    ENDS_OF_TIME,
    FOREIGN_DIGITS,
    NOT_DATES,
    NOT_NUMBERS,
    OVERRIDE,
    Path,
    dates_in,
    numbers_in,
    sent,
    texts_in,
)

pytestmark = needs.ONE_ENGINE

Resource = tuple[str, Shape[Any, Any], dict[str, Any]]


PARAGRAPHS = {("comments",), ("note",), ("invoice_note",), ("notes",), ("client_notes",), ("services", "name")}

NOT_KEPT = {("original_invoice_number",), ("kind",), ("client_email",), ("client_phone",)}
"""Of a document whose client is known already."""


def resources(client: Client) -> Iterator[Resource]:
    """Where each resource is made, and what makes one."""
    client.service.modes.rate_limits.clear()
    yield "/clients.json", clients.CLIENT, {"company_name": "Gęśl"}
    yield "/products.json", products.PRODUCT, {"name": "Śruba", "tax_symbol": "23"}
    yield "/bank_accounts.json", bank_accounts.BANK_ACCOUNT, {"bank_name": "mBank", "account_number": "1"}
    for resource in ISSUED:
        if resource.path != FINAL:
            yield f"{resource.path}.json", resource.shape, least(client, resource.path)


def refused(client: Client, where: str, shape: Shape[Any, Any], body: Any, path: Path) -> bool:
    """Whether the value is refused as one of the wrong type, which it is before the business sees it (1.8)."""
    answer = client.post(where, {shape.name: body})
    named = shape.name + "".join(f"[{name}]" for name in path)
    return answer.status_code == 400 and answer.json == {"error": f"Nieprawidłowa wartość parametru: {named}."}


def test_what_is_no_number_is_refused_in_every_field(client: Client) -> None:
    for where, shape, values in resources(client):
        for path in numbers_in(shape):
            for text in NOT_NUMBERS:
                assert refused(client, where, shape, sent(values, path, text), path), (path, text)


def test_a_json_number_beyond_all_bounds_is_refused_in_every_field(client: Client) -> None:
    for where, shape, values in resources(client):
        for path in numbers_in(shape):
            for number in ("1e1000000", "-1e400", "1e308", "9" * 400):
                raw = json.dumps({shape.name: sent(values, path, "here")}).replace('"here"', number)
                assert client.post(where, raw=raw).status_code == 400, (path, number)


def test_what_is_no_date_is_refused_in_every_field(client: Client) -> None:
    for where, shape, values in resources(client):
        for path in dates_in(shape):
            for text in NOT_DATES:
                assert refused(client, where, shape, sent(values, path, text), path), (path, text)


def test_the_ends_of_the_calendar_make_no_document_fail(client: Client) -> None:
    for where, shape, values in resources(client):
        for path in dates_in(shape):
            for text in (*ENDS_OF_THE_CALENDAR, *ENDS_OF_TIME):
                answer = client.post(where, {shape.name: sent(values, path, text)})
                assert answer.status_code in {201, 400, 422}, (path, text)


def test_no_parameter_and_no_condition_makes_a_list_fail(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    issue(client)
    for endpoint in ENDPOINTS:
        if endpoint.method == "GET" and "{" not in endpoint.path:
            names = [parameter.name for parameter in endpoint.parameters if parameter.name != "q"]
            for text in (*NOT_NUMBERS, *NOT_DATES, *ENDS_OF_THE_CALENDAR, *ENDS_OF_TIME):
                for name in names:
                    answer = client.get(endpoint.path, params={name: text})
                    asks_ksef = endpoint.path.startswith("/ksef2/import/")
                    usual = {404, 422} if endpoint.marks else {422} if asks_ksef else {200}
                    assert answer.status_code in {400, *usual}, (endpoint.path, name, text)


def test_no_condition_of_a_search_makes_it_fail(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    issue(client)
    for resource in ISSUED:
        for name, key in keys_of(resource.listing()).items():
            for operator in key.operators:
                for text in ("1e1000000", "1_000", FOREIGN_DIGITS[0], "NaN", *ENDS_OF_THE_CALENDAR, ENDS_OF_TIME[3]):
                    answer = client.get(f"{resource.path}.json", params={f"q[{name}_{operator}]": text})
                    assert answer.status_code in {200, 400}, (name, operator, text)


def test_what_is_no_number_is_no_condition_and_no_part_of_a_list(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for text in NOT_NUMBERS:
        for name in ("q[id_eq]", "q[gross_price_lt]", "offset", "limit"):
            answer = client.get(f"{INVOICES}.json", params={name: text})
            assert (answer.status_code, answer.json) == (
                400,
                {"error": f"Nieprawidłowa wartość parametru: {name}."},
            ), text


def test_what_is_no_id_names_no_record(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    issue(client)
    for text in (*FOREIGN_DIGITS, "1_0", "+1", " 1", "1e0", "1.0", "-1", "9" * 5000):
        for endpoint in ENDPOINTS:
            if "{id}" in endpoint.path or "{uuid}" in endpoint.path:
                path = endpoint.path.replace("{id}", text).replace("{uuid}", text).replace("{attachment_id}", text)
                answer = client.call(endpoint.method, path, None if endpoint.method == "GET" else {})
                assert answer.status_code in {400, 404}, path


def test_what_misleads_who_reads_it_is_refused_in_every_text(client: Client) -> None:
    for where, shape, values in resources(client):
        for path in set(texts_in(shape)) - NOT_KEPT:
            answer = client.post(where, {shape.name: sent(values, path, f"a{OVERRIDE}b")})
            assert answer.status_code == 422, path
            assert WRONG in str(answer.json["errors"]) or NOT_LISTED in str(answer.json["errors"]), path


def test_a_line_has_no_end_within_it_and_paragraphs_have(client: Client) -> None:
    for where, shape, values in resources(client):
        for path in set(texts_in(shape)) - NOT_KEPT:
            answer = client.post(where, {shape.name: sent(values, path, "a\r\nb")})
            assert answer.status_code == (201 if path in PARAGRAPHS else 422), (path, answer.text)
