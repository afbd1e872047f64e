"""Numbers and dates as anybody may send them, in every field and parameter: taken, or refused as the contract says."""

import json
from typing import Any

import pytest

from faktura.dialects.fakturoid.door.application import ENDPOINTS
from faktura.dialects.fakturoid.expenses.fields import EXPENSE, EXPENSE_PAYMENT
from faktura.dialects.fakturoid.generators.fields import GENERATOR
from faktura.dialects.fakturoid.invoices.fields import INVOICE
from faktura.dialects.fakturoid.invoices.parts import PAYMENT
from faktura.dialects.fakturoid.subjects import SUBJECT
from faktura.dialects.fakturoid.tests.conftest import Client, Desk, ExpenseDesk, line
from faktura.wire.fields import Shape
from tests import needs
from tests.any_value import (
    ENDS_OF_THE_CALENDAR,
    ENDS_OF_TIME,
    FOREIGN_DIGITS,
    NOT_DATES,
    NOT_NUMBERS,
    OVERRIDE,
    READABLE,
    Path,
    dates_in,
    numbers_in,
    sent,
    texts_in,
)

pytestmark = needs.ONE_ENGINE

Resource = tuple[str, Shape[Any, Any], dict[str, Any]]


PARAGRAPHS = frozenset(
    {
        *("private_note", "custom_email_text", "overdue_email_text", "invoice_from_proforma_email_text"),
        *(
            "due_date_reminder_email_text",
            "thank_you_email_text",
            "custom_estimate_email_text",
            "note",
            "footer_note",
            "name",
            "description",
        ),
    }
)
"""Texts of several lines; the name of a line of a document is one, that of a subject is not."""


@pytest.fixture
def resources(desk: Desk) -> list[Resource]:
    """Where each resource is made, and what makes one."""
    invoice = {"subject_id": desk.subject_id, "lines": [line(100)]}
    unpaid = desk.issue()["id"]
    return [
        ("/subjects.json", SUBJECT, {"name": "Karel"}),
        ("/invoices.json", INVOICE, invoice),
        (f"/invoices/{unpaid}/payments.json", PAYMENT, {}),
        ("/expenses.json", EXPENSE, invoice),
        ("/generators.json", GENERATOR, invoice | {"name": "Paušál"}),
        (f"/expenses/{ExpenseDesk(desk.client).issue()['id']}/payments.json", EXPENSE_PAYMENT, {}),
    ]


def texts_of(shape: Shape[Any, Any]) -> list[Path]:
    """Those of a file are no names."""
    return [path for path in texts_in(shape) if path[0] != "attachments"]


def told(client: Client, where: str, body: Any, path: Path) -> list[str]:
    """What the answer says of a field that must be refused."""
    answer = client.post(where, body)
    assert answer.status_code == 422, (path, body, answer.text)
    problems: dict[str, list[str]] = answer.json["errors"]
    return problems.get(".".join(path), [])


def test_what_is_no_number_is_refused_in_every_field(client: Client, resources: list[Resource]) -> None:
    for text in NOT_NUMBERS:
        for where, shape, values in resources:
            for path in numbers_in(shape):
                assert "není číslo" in told(client, where, sent(values, path, text), path), path


def test_a_json_number_beyond_all_bounds_is_refused_in_every_field(client: Client, resources: list[Resource]) -> None:
    for number in ["1e1000000", "-1e400", "1e308", "9" * 400]:
        for where, shape, values in resources:
            for path in numbers_in(shape):
                raw = json.dumps(sent(values, path, "here")).replace('"here"', number)
                assert client.post(where, raw=raw).status_code in {400, 422}, path


def test_what_is_no_date_is_refused_in_every_field(client: Client, resources: list[Resource]) -> None:
    for text in NOT_DATES:
        for where, shape, values in resources:
            for path in dates_in(shape):
                assert "není datum" in told(client, where, sent(values, path, text), path), path


def test_the_ends_of_the_calendar_are_refused_in_every_field_of_a_document(
    client: Client, resources: list[Resource]
) -> None:
    for text in [*ENDS_OF_THE_CALENDAR, *ENDS_OF_TIME]:
        for where, shape, values in resources:
            for path in dates_in(shape):
                assert client.post(where, sent(values, path, text)).status_code == 422, path


def test_no_parameter_of_a_query_makes_a_list_fail(client: Client, desk: Desk) -> None:
    desk.issue()
    for text in [*NOT_NUMBERS, *NOT_DATES, *ENDS_OF_THE_CALENDAR, *ENDS_OF_TIME]:
        for endpoint in ENDPOINTS:
            path = endpoint.path.removeprefix("/accounts/{slug}")
            if endpoint.method == "GET" and "{" not in path:
                for parameter in endpoint.parameters:
                    answer = client.get(path, params={parameter.name: text})
                    assert answer.status_code in {200, 400}, (path, parameter.name)


def test_a_date_filter_at_an_end_of_the_calendar_finds_all_or_nothing(client: Client, desk: Desk) -> None:
    desk.issue()
    for text in [*ENDS_OF_THE_CALENDAR, *ENDS_OF_TIME]:
        for name in ("since", "until", "updated_since", "updated_until"):
            found = client.get("/invoices.json", params={name: text})
            assert (found.status_code, len(found.json)) == (200, text.startswith("9999") is name.endswith("until"))


def test_what_is_no_id_names_no_record(client: Client, desk: Desk) -> None:
    desk.issue()
    for text in [*FOREIGN_DIGITS, "1_0", "+1", " 1", "1e0", "1.0", "-1", "9" * 5000]:
        for endpoint in ENDPOINTS:
            path = endpoint.path.removeprefix("/accounts/{slug}")
            if "{" in path and not path.startswith("/users"):
                for name in ("id", "payment_id", "attachment_id"):
                    path = path.replace(f"{{{name}}}", text)
                answer = client.call(endpoint.method, path, None if endpoint.method == "GET" else {})
                assert answer.status_code in {404, 422}, path


def test_what_misleads_who_reads_it_is_refused_in_every_text(client: Client, resources: list[Resource]) -> None:
    for where, shape, values in resources:
        for path in texts_of(shape):
            assert "je neplatná hodnota" in told(client, where, sent(values, path, f"a{OVERRIDE}b"), path), path


def test_a_line_has_no_end_within_it_and_paragraphs_have(client: Client, resources: list[Resource]) -> None:
    for where, shape, values in resources:
        for path in texts_of(shape):
            answer = client.post(where, sent(values, path, "a\r\nb"))
            may = path[-1] in PARAGRAPHS and path != ("name",)
            assert ("je neplatná hodnota" in str(answer.json.get("errors"))) is not may, (path, answer.text)


def test_letters_of_every_script_are_kept_as_they_were_sent(client: Client) -> None:
    for text in READABLE:
        created = client.post("/subjects.json", {"name": f"x{text}", "city": text, "private_note": text})
        assert [created.json[name] for name in ("name", "city", "private_note")] == [f"x{text}", text, text]
