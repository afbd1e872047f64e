"""Papers without a buyer (sections 13 to 16): the endpoints and the rules that all four kinds have."""

from typing import Any
from urllib.parse import urlencode

import pytest

from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import BLANK, NOT_LISTED, SUMMARY, Json, work
from faktura.dialects.infakt.tests.papers.writing import DAILY, EVIDENCES, INTERNAL, LEAST, PAPERS, REPORTS, enter, send
from faktura.wire.service import Service

NUMBERS = {INTERNAL: "{}/FW/03/2026", REPORTS: "RO/{}/03/2026", EVIDENCES: "{}/DW/03/2026", DAILY: "{}/UD/03/2026"}
DAYS = {INTERNAL: "invoice_date", REPORTS: "invoice_date", EVIDENCES: "invoice_date", DAILY: "issue_date"}
SPELLED = {
    INTERNAL: "internal",
    REPORTS: "fiscal_report",
    EVIDENCES: "internal_evidence",
    DAILY: "daily_revenue",
}
LISTED = [
    (REPORTS, "services"),
    (DAILY, "services"),
    (INTERNAL, "services"),
    (INTERNAL, "transaction_kind_symbol"),
    (EVIDENCES, "classification_symbol"),
    (EVIDENCES, "service_name"),
]

every_kind = pytest.mark.parametrize("path", PAPERS)


@every_kind
def test_a_paper_is_read_by_uuid_and_by_id(client: Client, path: str) -> None:
    entered = enter(client, path)
    for named in (entered["uuid"], entered["uuid"].upper(), entered["id"]):
        assert client.get(f"{path}/{named}.json").json == entered


@every_kind
def test_a_paper_begins_as_a_draft_whatever_is_said(client: Client, path: str) -> None:
    assert enter(client, path, status="printed")["status"] == "draft"


@every_kind
def test_numbers_go_up_within_a_month_and_each_kind_by_itself(client: Client, path: str) -> None:
    numbers = [enter(client, path, **{DAYS[path]: f"2026-03-{day}"})["number"] for day in ("01", "31")]
    assert numbers == [NUMBERS[path].format(1), NUMBERS[path].format(2)]
    other = enter(client, path, **{DAYS[path]: "2026-04-01"})["number"]
    assert other == NUMBERS[path].format(1).replace("/03/", "/04/")
    for another in PAPERS:
        told = client.get(f"{another}/next_number.json", params={"date": "2026-03-15"}).json
        expected = NUMBERS[another].format(3 if another == path else 1)
        assert told == {"next_number": expected, "invoice_date": "2026-03-15", "invoice_kind": SPELLED[another]}


@every_kind
def test_a_number_of_the_client_is_kept_and_the_series_goes_on_behind_it(client: Client, path: str) -> None:
    assert enter(client, path, number="3924/2026")["number"] == "3924/2026"
    day = {DAYS[path]: "2026-03-02"}
    assert enter(client, path, number=NUMBERS[path].format(7), **day)["number"] == NUMBERS[path].format(7)
    assert enter(client, path, **day)["number"] == NUMBERS[path].format(8)


@every_kind
def test_a_number_twice_is_refused_where_that_is_asked_for(client: Client, path: str) -> None:
    first = enter(client, path)
    assert enter(client, path, number=first["number"])["number"] == first["number"]
    refused = send(client, path, number=first["number"], check_duplicate_number=True)
    assert (refused.status_code, refused.json["error"]) == (422, SUMMARY)
    assert refused.json["errors"] == {"duplicated_number": ["Faktura o podanym numerze już istnieje."]}


@every_kind
def test_a_deleted_paper_is_gone_and_its_number_stays_taken(client: Client, path: str) -> None:
    day = {DAYS[path]: "2026-03-02"}
    entered = enter(client, path, **day)
    assert client.delete(f"{path}/{entered['uuid']}.json").status_code == 204
    assert client.get(f"{path}/{entered['uuid']}.json").status_code == 404
    assert enter(client, path, **day)["number"] == NUMBERS[path].format(2)


@every_kind
def test_a_change_leaves_alone_what_is_not_sent(client: Client, path: str) -> None:
    entered = enter(client, path)
    changed = client.put(f"{path}/{entered['uuid']}.json", {path.strip("/")[:-1]: {"notes": "Uwaga"}})
    assert (changed.status_code, changed.json) == (200, entered | {"notes": "Uwaga"})
    assert client.put(f"{path}/{entered['uuid']}.json", {path.strip("/")[:-1]: {}}).json == changed.json


@every_kind
def test_of_another_kind_there_is_no_such_paper(client: Client, path: str) -> None:
    entered = enter(client, path)
    for other in PAPERS:
        if other != path:
            for named in (entered["uuid"], entered["id"]):
                assert client.get(f"{other}/{named}.json").status_code == 404
                assert client.put(f"{other}/{named}.json", {other.strip("/")[:-1]: {}}).status_code == 404
                assert client.delete(f"{other}/{named}.json").status_code == 404


@every_kind
def test_an_invoice_is_no_paper_and_a_paper_is_no_invoice(client: Client, path: str) -> None:
    entered = enter(client, path)
    assert client.get(f"/invoices/{entered['uuid']}.json").status_code == 404
    assert client.get("/invoices.json").json["entities"] == []


@pytest.mark.parametrize(("path", "status"), [(INTERNAL, "printed"), (REPORTS, "paid")])
def test_what_is_put_into_the_accounts_is_a_draft_no_longer(client: Client, path: str, status: str) -> None:
    entered = enter(client, path)
    for named in (entered["uuid"], entered["id"]):
        answer = client.put(f"{path}/{named}/mark_as_accounted.json")
        entity = {"uuid": entered["uuid"], "number": entered["number"], "status": "success"}
        assert (answer.status_code, answer.json) == (200, {"success": True, "entities": [entity]})
    assert client.get(f"{path}/{entered['uuid']}.json").json == entered | {"status": status}
    for other in {INTERNAL, REPORTS, "/invoices"} - {path}:
        assert client.put(f"{other}/{entered['uuid']}/mark_as_accounted.json").status_code == 404


@pytest.mark.parametrize("path", [EVIDENCES, DAILY])
def test_neither_evidences_nor_daily_revenues_are_put_into_the_accounts(client: Client, path: str) -> None:
    assert client.put(f"{path}/{enter(client, path)['uuid']}/mark_as_accounted.json").status_code == 404


@pytest.mark.parametrize("path", [EVIDENCES, DAILY])
def test_what_was_printed_is_a_draft_no_longer(client: Client, path: str) -> None:
    entered = enter(client, path)
    for more in ({}, {"document_type": "original"}, {"locale": "en"}):
        answer = client.get(f"{path}/{entered['uuid']}/pdf.json", params=more)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
        assert answer.content.startswith(b"%PDF")
    assert client.get(f"{path}/{entered['uuid']}.json").json == entered | {"status": "printed"}
    assert client.get(f"{path}/{entered['uuid']}/pdf.json", params={"document_type": "x"}).status_code == 422


@pytest.mark.parametrize("path", [INTERNAL, REPORTS])
def test_neither_internal_invoices_nor_fiscal_reports_have_a_print(client: Client, path: str) -> None:
    assert client.get(f"{path}/{enter(client, path)['uuid']}/pdf.json").status_code == 404


@every_kind
def test_a_paper_is_written_down_later(client: Client, service: Service, path: str) -> None:
    wrapper = path.strip("/")[:-1]
    task = send(client, f"/async{path}", path)
    assert task.status_code == 201
    assert task.json["invoice_kind"] == wrapper
    work(service)
    asked = client.get(f"/async{path}/status/{task.json['invoice_task_reference_number']}.json").json
    assert (asked["processing_code"], asked["processing_description"]) == (201, "Faktura stworzona")
    assert client.get(f"{path}/{asked['invoice_uuid']}.json").status_code == 200


def test_a_report_without_a_rate_fails_later_as_at_once(client: Client, service: Service) -> None:
    lines = [{"net_price": 10000}]
    task = send(client, f"/async{REPORTS}", REPORTS, services=lines)
    work(service)
    asked = client.get(f"/async{REPORTS}/status/{task.json['invoice_task_reference_number']}.json").json
    assert (asked["processing_code"], asked["processing_description"]) == (422, "Nie udało się stworzyć faktury")
    assert asked["invoice_errors"] == {"base": ["Stawka VAT nie może być pusta."]}
    assert errors_of(client, REPORTS, services=lines) == asked["invoice_errors"]


@pytest.mark.parametrize("path", [INTERNAL, REPORTS])
@pytest.mark.parametrize("line", [{}, {"tax_symbol": ""}, {"tax_symbol": None}])
def test_a_rate_that_is_missing_is_said_under_base(client: Client, path: str, line: Json) -> None:
    found = errors_of(client, path, services=[{"net_price": 10000, **line}])
    assert found == {"base": ["Stawka VAT nie może być pusta."]}


@pytest.mark.parametrize(("path", "attribute"), LISTED)
def test_what_is_required_is_not_left_out(client: Client, path: str, attribute: str) -> None:
    assert errors_of(client, path, **{attribute: None}) == {attribute: [BLANK]}


@pytest.mark.parametrize("path", [INTERNAL, REPORTS, DAILY])
def test_a_paper_has_a_line(client: Client, path: str) -> None:
    assert errors_of(client, path, services=[]) == {"services": [BLANK]}
    entered = enter(client, path)
    refused = client.put(f"{path}/{entered['uuid']}.json", {path.strip("/")[:-1]: {"services": []}})
    assert (refused.status_code, refused.json["errors"]) == (422, {"services": [BLANK]})
    assert client.get(f"{path}/{entered['uuid']}.json").json == entered


@pytest.mark.parametrize(
    ("path", "attribute"), [(INTERNAL, "transaction_kind_symbol"), (EVIDENCES, "classification_symbol")]
)
def test_what_is_of_a_list_is_one_of_it(client: Client, path: str, attribute: str) -> None:
    assert errors_of(client, path, **{attribute: "other"}) == {attribute: [NOT_LISTED]}


@pytest.mark.parametrize(("path", "price"), [(INTERNAL, "net_price"), (REPORTS, "net_price"), (DAILY, "unit_price")])
def test_a_line_has_a_price(client: Client, path: str, price: str) -> None:
    found = errors_of(client, path, services=[{"tax_symbol": "23"}])
    assert found == {f"services.{price}": [BLANK]}


@every_kind
def test_every_attribute_is_cut_out_by_fields(client: Client, path: str) -> None:
    entered = enter(client, path)
    for name, value in entered.items():
        cut = client.get(f"{path}/{entered['uuid']}.json", params={"fields": name}).json
        assert cut == {"id": entered["id"], name: value}


@every_kind
def test_every_attribute_that_a_column_keeps_is_searched_and_sorted_by(client: Client, path: str) -> None:
    first, second = enter(client, path, notes="a"), enter(client, path, notes="b", number="x")
    for name in first.keys() - {"services", "ksef_data", "quantity", "unit_price"}:
        value = first[name]
        asked: Json = {f"q[{name}_null]": "true"} if value is None else {f"q[{name}_eq]": value}
        found = client.get(f"{path}.json", params=asked).json["entities"]
        expected = [paper for paper in (second, first) if paper[name] == value]
        assert found == expected, name
        ordered = client.get(f"{path}.json", params={"order": f"{name} desc"}).json["entities"]
        assert sorted(paper["id"] for paper in ordered) == [first["id"], second["id"]]
    ids = [paper["id"] for paper in client.get(f"{path}.json").json["entities"]]
    assert ids == [second["id"], first["id"]]


@pytest.mark.parametrize("path", [INTERNAL, REPORTS])
def test_net_goes_before_gross_and_gross_alone_is_taken_apart(client: Client, path: str) -> None:
    lines = [
        {"tax_symbol": 23, "net_price": "6623", "gross_price": 1},
        {"tax_symbol": "23", "gross_price": "8118", "name": "Altana", "vat_price": 1},
        {"tax_symbol": "zw", "net_price": 700},
    ]
    entered = enter(client, path, services=lines)
    found = [(one["name"], *(one[f"{what}_price"] for what in ("net", "vat", "gross"))) for one in entered["services"]]
    assert found == [("BRAK", 6623, 1523, 8146), ("BRAK", 6600, 1518, 8118), ("BRAK", 700, 0, 700)]
    assert [entered[f"{what}_price"] for what in ("net", "tax", "gross")] == [13923, 3041, 16964]
    assert [one["tax_symbol"] for one in entered["services"]] == ["23", "23", "zw"]


@pytest.mark.parametrize("path", [INTERNAL, REPORTS, DAILY])
def test_services_that_are_sent_replace_all_lines(client: Client, path: str) -> None:
    [line] = LEAST[path]["services"]
    entered = enter(client, path, services=[line, line])
    changed = client.put(f"{path}/{entered['uuid']}.json", {path.strip("/")[:-1]: {"services": [line]}}).json
    assert (len(entered["services"]), changed["services"]) == (2, entered["services"][:1])


def test_evidences_are_found_and_sorted_by_quantity_and_price(client: Client) -> None:
    said = [("2", 5000), ("0.5", 1), ("10", 4000), ("2.0", 300)]
    few, least, many, again = [enter(client, EVIDENCES, quantity=q, unit_price=price)["id"] for q, price in said]

    def found(**query: str) -> list[int]:
        answer = client.get(f"{EVIDENCES}.json?{urlencode(query)}")
        assert answer.status_code == 200
        return [entity["id"] for entity in answer.json["entities"]]

    assert (
        found(**{"q[quantity_eq]": "2", "order": "id"})
        == found(**{"q[quantity_eq]": "2.0", "order": "id"})
        == [few, again]
    )
    assert found(**{"q[quantity_gt]": "2"}) == [many]
    assert found(**{"q[unit_price_lteq]": "300", "order": "id asc"}) == [least, again]
    assert found(**{"q[unit_price_eq]": "4000"}) == [many]
    assert found(order="quantity desc")[:1] == [many]
    assert found(order="quantity asc")[:1] == [least]
    assert found(order="unit_price desc") == [few, many, again, least]
    client.put(f"{EVIDENCES}/{few}.json", {"internal_evidence": {"unit_price": 2}})
    assert found(**{"q[unit_price_eq]": "2"}) == [few]


def test_an_evidence_comes_to_quantity_times_price_unless_its_total_is_said(client: Client) -> None:
    entered = enter(client, EVIDENCES, quantity=2.5, unit_price="4938")
    assert [entered[name] for name in ("quantity", "unit_price", "total_price")] == ["2.5", 4938, 12345]
    here = f"{EVIDENCES}/{entered['uuid']}.json"
    for said, shown in (
        ({"total_price": 12000}, ["2.5", 4938, 12000]),
        ({"notes": "x"}, ["2.5", 4938, 12000]),
        ({"quantity": "3"}, ["3.0", 4938, 14814]),
        ({"unit_price": 100}, ["3.0", 100, 300]),
    ):
        changed = client.put(here, {"internal_evidence": said}).json
        assert [changed[name] for name in ("quantity", "unit_price", "total_price")] == shown
    alone = enter(client, EVIDENCES, quantity="2", unit_price=None, total_price=700)
    assert [alone[name] for name in ("quantity", "unit_price", "total_price")] == ["2.0", 350, 700]


def test_every_kind_of_transaction_and_of_evidence_is_there(client: Client) -> None:
    symbols = [row["symbol"] for row in client.get("/transaction_kinds.json").json["entities"]]
    assert len(symbols) == 5
    for symbol in symbols:
        assert enter(client, INTERNAL, transaction_kind_symbol=symbol)["transaction_kind_symbol"] == symbol
    for symbol in ("sold", "salary"):
        assert enter(client, EVIDENCES, classification_symbol=symbol)["classification_symbol"] == symbol


def test_lines_of_takings_come_to_what_they_say(client: Client) -> None:
    lines = [{"quantity": 1, "unit_price": 48250}, {"quantity": "2.5", "unit_price": "333", "total_price": 1}]
    [first, second] = enter(client, DAILY, services=lines)["services"]
    assert (first, second) == (
        {"quantity": 1, "unit_price": 48250, "total_price": 48250},
        {"quantity": 2.5, "unit_price": 333, "total_price": 833},
    )


def errors_of(client: Client, path: str, **values: Any) -> Json:
    """The errors of a paper that must be refused, and leave nothing behind."""
    before = client.get(f"{path}/next_number.json").json
    refused = send(client, path, **values)
    assert (refused.status_code, refused.json["error"]) == (422, SUMMARY), refused.text
    assert client.get(f"{path}.json").json["entities"] == []
    assert client.get(f"{path}/next_number.json").json == before
    found: Json = refused.json["errors"]
    return found
