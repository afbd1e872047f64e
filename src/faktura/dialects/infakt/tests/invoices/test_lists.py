"""Documents in lists: order, search, numbers; sections 1.4 to 1.7 and 2 as far as they are about documents."""

from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    ADVANCE,
    CORRECTIVE,
    FINAL,
    INVOICES,
    KINDS,
    MARGIN,
    NOON,
    Json,
    issue,
    post,
    service_of,
)
from faktura.store.database import Database
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE

PATTERNS = {
    INVOICES: "{}/{}",
    CORRECTIVE: "{}/KOR/{}",
    ADVANCE: "{}/ZAL/{}",
    FINAL: "{}/RZL/{}",
    MARGIN: "{}/MAR/{}",
}
NUMBERED = {
    INVOICES: "vat",
    CORRECTIVE: "corrective_invoice",
    ADVANCE: "advance",
    FINAL: "final",
    MARGIN: "margin_invoice",
}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def numbers(client: Client, query: str = "", path: str = INVOICES) -> list[str]:
    answer = client.get(f"{path}.json", query_string=query)
    assert answer.status_code == 200, answer.text
    return [entity["number"] for entity in answer.json["entities"]]


def test_every_list_holds_its_own_kinds_and_no_others(client: Client) -> None:
    made = {path: issue(client, path) for path in KINDS}
    proforma = issue(client, kind="proforma")

    assert numbers(client) == [proforma["number"], made[INVOICES]["number"]]
    assert numbers(client, path=CORRECTIVE) == [made[CORRECTIVE]["number"]]
    assert numbers(client, path=FINAL) == [made[FINAL]["number"]]
    assert len(numbers(client, path=ADVANCE)) == 2


def test_another_firm_sees_nothing(client: Client, database: Database, clock: Clock) -> None:
    stranger = Client(client.service, open_firm(database, clock, "gruszka", country="PL"))
    for path in KINDS:
        issue(client, path)
        assert numbers(stranger, path=path) == []


def test_the_newest_date_comes_first_and_of_one_date_what_was_made_last(client: Client) -> None:
    for day, number in (("2026-11-02", "a"), ("2026-11-20", "b"), ("2026-11-02", "c"), ("2026-11-01", "d")):
        issue(client, invoice_date=day, number=number)

    assert numbers(client) == ["b", "c", "a", "d"]
    assert numbers(client, "order=invoice_date+asc") == ["d", "a", "c", "b"]
    assert numbers(client, "order=nothing+desc") == ["b", "c", "a", "d"]
    assert numbers(client, "order=number+desc") == ["d", "c", "b", "a"]


def test_pages_are_cut_and_counted_within_the_kind(client: Client) -> None:
    for number in "abcde":
        issue(client, number=number)
    issue(client, CORRECTIVE)

    page = client.get("/invoices.json", query_string="limit=2&offset=2").json
    assert ([e["number"] for e in page["entities"]], page["metainfo"]["total_count"]) == (["c", "b"], 5)
    assert page["metainfo"]["next"] == "https://api.infakt.pl/api/v3/invoices.json?limit=2&offset=4"


SEARCHED: Json = {
    "number": "77/2026",
    "invoice_date": "2026-11-02",
    "payment_date": "2026-11-30",
    "status": "paid",
    "paid_date": "2026-11-20",
    "currency": "EUR",
    "payment_method": "card",
    "client_company_name": "Zażółć",
    "client_tax_code": "PL 525-224-84-81",
    "services": [service_of(100)],
}


@pytest.mark.parametrize(
    "asked",
    [
        *(
            "q[number_eq]=77/2026",
            "q[number_cont]=7/20",
            "q[invoice_date_gteq]=2026-11-02&q[invoice_date_lt]=2026-11-03",
        ),
        *("q[invoice_date_lteq]=2026-11-02", "q[status_eq]=paid", "q[paid_date_null]=false", "q[currency_eq]=eur"),
        *("q[clean_client_nip_eq]=5252248481", "q[clean_client_nip_eq]=PL5252248481", "q[payment_method_eq]=card"),
        *("q[client_company_name_cont]=ŻÓŁ", "q[gross_price_lt]=200", "q[payment_date_eq]=2026-11-30"),
        *("q[client_tax_code_eq]=PL+525-224-84-81", "q[paid_date_gt]=2026-11-19", "q[left_to_pay_eq]=123"),
        *("q[status_in][]=paid&q[status_in][]=sent", "q[number_eq]=77/2026&q[status_eq]=paid"),
    ],
)
def test_a_search_finds_what_it_names(client: Client, asked: str) -> None:
    issue(client, **SEARCHED)
    issue(client, number="other", invoice_date="2026-11-10")

    assert numbers(client, asked) == ["77/2026"]


def test_a_search_by_client_finds_its_documents(client: Client) -> None:
    issue(client, client_company_name="Inna")
    created = issue(client, number="77")

    assert numbers(client, f"q[client_id_eq]={created['client_id']}") == ["77"]
    assert len(numbers(client, "q[paid_date_null]=true")) == 2


@pytest.mark.parametrize(
    "asked",
    [
        *("nip=5", "q[nothing_eq]=1", "q[services_eq]=1", "q[services_null]=true", "q[transaction_terms_eq]=x"),
        *("q[document_markings_ids_gt]=1", "q[amount_in_words_cont]=sto", "q[extensions_eq]=1", "q[created_at_cont]=2"),
    ],
)
def test_what_cannot_be_searched_is_passed_over(client: Client, asked: str) -> None:
    issue(client)

    assert len(numbers(client, asked)) == 1


def test_a_search_by_the_time_of_making_takes_days_and_instants(client: Client) -> None:
    issue(client)

    for asked, found in (
        ("gteq]=2026-11-21", 1),
        ("lt]=2026-11-21", 0),
        ("eq]=2026-11-21T12:00:00.000%2B01:00", 1),
        ("gt]=2026-11-21T12:00:00", 0),
    ):
        assert len(numbers(client, f"q[created_at_{asked}")) == found, asked
    assert client.get("/invoices.json", query_string="q[created_at_eq]=soon").status_code == 400


def test_vat_invoices_and_proformas_are_told_apart_by_kind(client: Client) -> None:
    issue(client, number="v")
    issue(client, kind="proforma", number="p")

    for kind, found in (("vat", ["v"]), ("proforma", ["p"]), ("correction", []), ("nothing", [])):
        assert numbers(client, f"q[kind_eq]={kind}") == found


@pytest.mark.parametrize("path", KINDS)
def test_the_next_number_is_the_one_that_the_next_document_gets(client: Client, path: str) -> None:
    for n in (1, 2):
        told = client.get(f"{path}/next_number.json").json
        before = told["next_number"]
        if path != ADVANCE:
            assert before == PATTERNS[path].format(n, "11/2026")
        assert told == {"next_number": before, "invoice_date": "2026-11-21", "invoice_kind": NUMBERED[path]}
        assert client.get(f"{path}/next_number.json").json == told
        assert issue(client, path)["number"] == before


@pytest.mark.parametrize("path", KINDS)
def test_the_next_number_of_another_month_begins_anew(client: Client, path: str) -> None:
    issue(client, path)

    told = client.get(f"{path}/next_number.json", query_string="date=2026-12-05").json
    assert told["next_number"] == PATTERNS[path].format(1, "12/2026")
    assert told["invoice_date"] == "2026-12-05"


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("vat", "1/11/2026"),
        ("proforma", "1/PROF/11/2026"),
        ("advance", "1/ZAL/11/2026"),
        ("final", "1/RZL/11/2026"),
        ("margin", "1/MAR/11/2026"),
    ],
)
def test_the_next_number_is_told_by_kind(client: Client, kind: str, number: str) -> None:
    told = client.get("/invoices/next_number.json", query_string=f"kind={kind}").json

    assert (told["next_number"], told["invoice_kind"]) == (number, kind)


def test_the_next_number_of_nothing_is_a_400(client: Client) -> None:
    assert client.get("/invoices/next_number.json", query_string="kind=nothing").status_code == 400
    assert client.get("/invoices/next_number.json", query_string="date=soon").status_code == 400


def test_numbers_of_a_month_run_on_for_each_kind_by_itself(client: Client) -> None:
    assert [issue(client)["number"] for _ in range(3)] == ["1/11/2026", "2/11/2026", "3/11/2026"]
    assert issue(client, kind="proforma")["number"] == "1/PROF/11/2026"
    assert issue(client, CORRECTIVE)["number"] == "1/KOR/11/2026"
    assert issue(client, invoice_date="2026-10-31")["number"] == "1/10/2026"


def test_after_a_number_that_was_given_the_next_is_one_more(client: Client) -> None:
    issue(client, number="24/11/2026")
    issue(client, number="3924/2026")

    assert issue(client)["number"] == "25/11/2026"


def test_a_document_that_is_refused_takes_no_number(client: Client) -> None:
    assert post(client, payment_method="x").status_code == 422

    assert issue(client)["number"] == "1/11/2026"


def test_what_the_contract_has_no_word_for_is_shown_by_the_nearest_that_it_has(client: Client) -> None:
    """Another door issues documents, too."""
    buyer = issue(client)["client_id"]
    line = Given({"name": "A", "unit_price": Decimal("82.005"), "vat_rate": Decimal(23), "quantity": Decimal(24)})

    def issue_elsewhere(tx: Any) -> Invoice:
        given = {"contact_id": buyer, "lines": [line], "payment_method": "custom", "kind": "correction"}
        return issue_invoice(Books(tx, client.firm.account, None, NOON), Given(given | {"corrected_number": "7"}))

    made = client.service.database.write(issue_elsewhere)
    [shown] = client.get("/corrective_invoices.json").json["entities"]
    assert (shown["id"], shown["payment_method"], shown["net_price"]) == (made.id, "other", 196812)
    [row] = shown["services"]
    assert (row["unit_net_price"], row["group"], row["correction"]) == (8201, None, None)
