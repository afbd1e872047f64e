"""Sections 11 and 12: what a shop sells to consumers of other countries, and what comes back."""

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pypdfium2
import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    BLANK,
    NOON,
    NOT_LISTED,
    OSS,
    OSS_CORRECTION,
    TODAY,
    WRONG,
    Json,
    again,
    consumed,
    count,
    issue,
    least,
    pair,
    refusal,
    work,
    wrapper_of,
)

ATTRIBUTES = [
    *("id", "number", "country", "client_email", "client_name", "client_first_name", "client_last_name"),
    *("client_street", "client_street_number", "client_flat_number", "client_post_code", "client_city"),
    *("service_date", "issue_date", "payment_date", "service_type", "service_place_primary"),
    *("service_place_secondary", "currency", "seller_signature", "recipient_signature", "comments", "net_price"),
    *("tax_price", "gross_price", "advance_price", "sale_type", "services"),
]
OF_A_LINE = [
    *("id", "name", "unit", "quantity", "net_price", "tax_price", "unit_net_price", "additional_price"),
    *("gross_price", "tax_rate"),
]
OF_CORRECTIONS = ["uuid", "corrected_invoice_number", "corrected_invoice_date", "correction_reason"]


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def kept(client: Client, document: Json) -> Invoice:
    """The document as the books have it."""

    def read(tx: Any) -> Invoice:
        return find_invoice(Books(tx, client.firm.account, None, client.service.clock.now()), document["id"])

    return client.service.database.read(read)


def address(document: Json, path: str = OSS) -> str:
    return f"{path}/{document['id']}"


def test_an_oss_invoice_has_every_attribute_of_the_contract_and_no_other(client: Client) -> None:
    created = issue(client, OSS)

    assert list(created) == ATTRIBUTES
    assert [list(line) for line in created["services"]] == [OF_A_LINE]
    assert client.get(f"{address(created)}.json").json == created


def test_a_correction_has_the_same_and_what_it_corrects(client: Client) -> None:
    created = issue(client, OSS_CORRECTION)

    assert set(created) == {*ATTRIBUTES, *OF_CORRECTIONS}
    assert [list(line) for line in created["services"]] == [[*OF_A_LINE, "group", "correction"]] * 2
    assert again(client, created, OSS_CORRECTION) == created


def test_lists_leave_out_the_lines_of_oss_invoices_and_no_others(client: Client) -> None:
    created, correction = issue(client, OSS), issue(client, OSS_CORRECTION)

    [listed] = client.get("/oss_invoices.json").json["entities"]
    assert listed == {name: value for name, value in created.items() if name != "services"}
    assert client.get("/corrective_oss_invoices.json").json["entities"] == [correction]


def test_what_is_not_said_is_as_the_contract_has_it(client: Client) -> None:
    created = issue(client, OSS)

    expected = {
        "number": "1/OSS/11/2026",
        "country": "DE",
        "client_email": None,
        "client_name": "Jürgen Groß",
        "client_street": None,
        "service_date": TODAY,
        "issue_date": TODAY,
        "service_place_secondary": None,
        "comments": None,
        "advance_price": 0,
        "sale_type": "service",
    }
    assert {name: created[name] for name in expected} == expected
    assert created["services"][0]["additional_price"] == 0


def test_what_is_said_is_kept(client: Client) -> None:
    said = {
        "client_email": "juergen@example.com",
        "client_street": "Lindenallee",
        "client_street_number": "5",
        "client_flat_number": "2",
        "client_post_code": "10115",
        "client_city": "Berlin",
        "service_date": "2026-11-20",
        "issue_date": "2026-11-19",
        "payment_date": "2026-12-01",
        "service_place_secondary": "adres IP",
        "seller_signature": "Anna",
        "recipient_signature": "J. Groß",
        "advance_price": 100,
        "sale_type": "merchandise",
        "number": "OSS 7",
    }

    created = issue(client, OSS, **said)
    assert {name: created[name] for name in said} == said


@pytest.mark.parametrize("name", ["notes", "comments"])
def test_remarks_are_written_by_either_name_and_read_as_comments(client: Client, name: str) -> None:
    assert issue(client, OSS, **{name: "Dziękujemy"})["comments"] == "Dziękujemy"


def test_numbers_count_by_month_and_kind(client: Client) -> None:
    assert [issue(client, path)["number"] for path in (OSS, OSS, OSS_CORRECTION)] == [
        *("1/OSS/11/2026", "2/OSS/11/2026"),
        "1/OSS-KOR/11/2026",
    ]
    assert client.get("/oss_invoices/next_number.json").json == {
        "next_number": "3/OSS/11/2026",
        "invoice_date": TODAY,
    }
    assert client.get("/corrective_oss_invoices/next_number.json", query_string="date=2026-12-01").json == {
        "next_number": "1/OSS-KOR/12/2026",
        "invoice_date": "2026-12-01",
    }


def test_a_number_may_be_asked_to_be_new(client: Client) -> None:
    number = issue(client, OSS)["number"]

    assert "duplicated_number" in refusal(client, OSS, number=number, check_duplicate_number=True)


@pytest.mark.parametrize("path", [OSS, OSS_CORRECTION])
@pytest.mark.parametrize(
    "name",
    [
        *("country", "client_first_name", "client_last_name", "service_type", "service_place_primary"),
        *("currency", "sale_type", "services"),
    ],
)
def test_what_is_required_is_missed_in_its_own_name(client: Client, path: str, name: str) -> None:
    assert refusal(client, path, **{name: None}) == {name: [BLANK]}


@pytest.mark.parametrize("name", ["corrected_invoice_number", "corrected_invoice_date", "correction_reason"])
def test_a_correction_says_what_it_corrects_and_why(client: Client, name: str) -> None:
    assert refusal(client, OSS_CORRECTION, **{name: None}) == {name: [BLANK]}


@pytest.mark.parametrize(
    ("name", "value"), [("country", "CH"), ("country", "XX"), ("service_type", "gift"), ("sale_type", "x")]
)
def test_what_is_in_no_list_is_refused(client: Client, name: str, value: str) -> None:
    assert refusal(client, OSS, **{name: value}) == {name: [NOT_LISTED]}


def test_every_line_has_a_rate_and_no_addition_below_zero(client: Client) -> None:
    assert refusal(client, OSS, services=[consumed(tax_rate=None)]) == {"services.tax_rate": [BLANK]}
    assert refusal(client, OSS, services=[consumed(additional_price=-1)]) == {"services.additional_price": [WRONG]}


def test_a_rate_that_the_country_does_not_have_is_taken(client: Client) -> None:
    assert issue(client, OSS, services=[consumed(tax_rate=13.5)])["services"][0]["tax_rate"] == Decimal("13.5")


def test_greece_is_spelled_as_for_vat_and_kept_as_the_country_that_it_is(client: Client) -> None:
    greek, german = issue(client, OSS, country="el"), issue(client, OSS)

    assert greek["country"] == "EL"
    assert kept(client, greek).buyer_country == "GR"
    for country, found in (("EL", greek), ("DE", german)):
        [listed] = client.get("/oss_invoices.json", query_string=f"q[country_eq]={country}").json["entities"]
        assert listed["id"] == found["id"]


def test_the_kind_of_sale_is_the_one_that_other_doors_know(client: Client) -> None:
    assert kept(client, issue(client, OSS, sale_type="merchandise")).oss == "goods"
    assert kept(client, issue(client, OSS, sale_type="service")).oss == "service"


def test_greece_stands_in_the_order_as_it_is_spelled(client: Client) -> None:
    for country in ("FR", "EL", "EE", "HR", "ES"):
        issue(client, OSS, country=country)
    for order, expected in (("country", "EE EL ES FR HR"), ("country desc", "HR FR ES EL EE")):
        for offset in (0, 2):
            rows = client.get(
                "/oss_invoices.json", query_string=f"order={order.replace(' ', '+')}&offset={offset}&limit=2"
            )
            assert [row["country"] for row in rows.json["entities"]] == expected.split()[offset : offset + 2]


def test_lists_are_searched_by_client_and_put_in_order(client: Client) -> None:
    first = issue(client, OSS, issue_date="2026-11-03", client_first_name="Anne")
    issue(client, OSS, issue_date="2026-11-05")
    third = issue(client, OSS, issue_date="2026-11-04", client_first_name="Élise")

    def asked(query: str) -> list[str]:
        entities = client.get("/oss_invoices.json", query_string=query).json["entities"]
        return [entity["issue_date"][-2:] for entity in entities]

    assert asked("") == ["05", "04", "03"]
    assert asked("order=issue_date asc") == ["03", "04", "05"]
    assert asked(f"q[client_name_eq]={first['client_name']}") == ["03"]
    assert asked("q[issue_date_gt]=2026-11-03") == ["05", "04"]
    [some] = client.get("/oss_invoices.json", query_string="fields=number&q[client_first_name_eq]=Élise").json[
        "entities"
    ]
    assert some == {"id": third["id"], "number": third["number"]}


def test_a_consumer_is_known_by_name_and_by_the_whole_address(client: Client) -> None:
    berlin, again_there = issue(client, OSS, client_city="Berlin"), issue(client, OSS, client_city="Berlin")
    vienna = issue(client, OSS, country="AT")

    assert kept(client, berlin).contact_id == kept(client, again_there).contact_id
    assert kept(client, vienna).contact_id != kept(client, berlin).contact_id
    assert vienna["client_city"] is None


def test_an_addition_enlarges_the_base_of_units(client: Client) -> None:
    """The first example of 11.2."""
    line = consumed(6867, quantity=4, tax_rate=20, additional_price=300)

    created = issue(client, OSS, services=[line])
    assert {name: created[name] for name in ("net_price", "tax_price", "gross_price")} == {
        "net_price": 27768,
        "tax_price": 5554,
        "gross_price": 33322,
    }
    [shown] = created["services"]
    assert (shown["net_price"], shown["tax_price"], shown["gross_price"]) == (27768, 5554, 33322)
    assert (shown["unit_net_price"], shown["additional_price"]) == (6867, 300)


def test_an_addition_comes_on_top_of_a_net_price(client: Client) -> None:
    """The second example of 11.2."""
    line = {"name": "Kurs", "net_price": 6867, "quantity": 4, "tax_rate": 20, "additional_price": 300}

    created = issue(client, OSS, services=[line])
    [shown] = created["services"]
    assert (shown["unit_net_price"], shown["net_price"], shown["tax_price"], shown["gross_price"]) == (
        *(1717, 6867),
        *(1433, 8600),
    )
    assert created["net_price"] == 7167


def test_an_addition_is_inside_a_gross_price(client: Client) -> None:
    """The third example of 11.2."""
    line = {"name": "Kurs", "gross_price": 6867, "quantity": 4, "tax_rate": 20, "additional_price": 300}

    created = issue(client, OSS, services=[line])
    [shown] = created["services"]
    assert (shown["unit_net_price"], shown["net_price"], shown["tax_price"], shown["gross_price"]) == (
        *(1356, 5423),
        *(1144, 6867),
    )
    assert (created["net_price"], created["gross_price"]) == (5723, 6867)


def test_any_lines_come_to_a_base_with_what_was_added_and_its_tax(client: Client) -> None:
    chance = random.Random(11)  # noqa: S311 (the same lines each time)
    for _ in range(25):
        lines = [_any_line(chance) for _ in range(chance.randint(1, 4))]
        created = issue(client, OSS, services=lines)
        bases = [_base(sent) for sent in lines]
        taxes = [
            sent["gross_price"] - base
            if "gross_price" in sent
            else _rounded(base * Decimal(str(sent["tax_rate"])) / 100)
            for sent, base in zip(lines, bases, strict=True)
        ]
        assert created["net_price"] == sum(bases)
        assert [line["tax_price"] for line in created["services"]] == taxes
        assert created["gross_price"] == sum(bases) + sum(taxes)


def _any_line(chance: random.Random) -> Json:
    sort = chance.choice(["unit_net_price", "net_price", "gross_price"])
    prices = {sort: chance.randint(1000, 1000000), "additional_price": chance.choice([0, chance.randint(1, 900)])}
    rate = chance.choice([0, 5.5, 7, 13.5, 19, 20, 25, 27])
    return {"name": "Towar", "quantity": chance.choice([1, 3, 0.5, 7.25]), "tax_rate": rate} | prices


def _base(sent: dict[str, int]) -> int:
    if "gross_price" in sent:
        return _rounded(sent["gross_price"] * 100 / (100 + Decimal(str(sent["tax_rate"]))))
    of_units = Decimal(str(sent["quantity"])) * sent.get("unit_net_price", 0)
    return _rounded(of_units) + sent.get("net_price", 0) + sent["additional_price"]


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def test_whoever_is_exempt_at_home_charges_the_vat_of_the_other_country(client: Client) -> None:
    created = issue(client, OSS, services=[consumed(10000, tax_rate=19)])

    assert created["tax_price"] == 1900


@pytest.mark.parametrize("path", [OSS, OSS_CORRECTION])
def test_what_is_handed_in_is_issued_later(client: Client, path: str) -> None:
    body = client.post(f"/async{path}.json", {wrapper_of(path): least(client, path)})

    assert body.status_code == 201
    assert (body.json["action"], body.json["invoice_kind"]) == ("create_invoice", path.strip("/").removesuffix("s"))
    work(client.service)
    asked = client.get(f"/async{path}/status/{body.json['invoice_task_reference_number']}.json").json
    assert asked["processing_code"] == 201
    assert client.get(f"{path}/{asked['invoice_uuid']}.json").status_code == 200


@pytest.mark.parametrize(("path", "title"), [(OSS, "Faktura OSS"), (OSS_CORRECTION, "Faktura korygująca OSS")])
def test_the_paper_says_whose_vat_it_is(client: Client, path: str, title: str) -> None:
    created = issue(client, path)

    answer = client.get(f"{address(created, path)}/pdf.json")
    assert answer.status_code == 200
    pages = pypdfium2.PdfDocument(answer.content)
    text = "".join(page.get_textpage().get_text_range() for page in pages).replace("\N{NO-BREAK SPACE}", " ")
    assert title in text
    assert "Procedura unijna OSS, VAT kraju konsumpcji: DE" in text
    assert client.get(f"{address(created, path)}/pdf.json", query_string="locale=xx").status_code == 422


def test_an_oss_invoice_is_mailed_and_a_correction_is_not(client: Client) -> None:
    created, correction = issue(client, OSS, client_email="j@example.com"), issue(client, OSS_CORRECTION)

    assert client.post(f"{address(created)}/deliver_via_email.json", {}).status_code == 202
    assert client.post(f"{address(correction, OSS_CORRECTION)}/deliver_via_email.json", {}).status_code == 404


@pytest.mark.parametrize("path", [OSS, OSS_CORRECTION])
def test_neither_is_changed_and_both_are_deleted(client: Client, path: str) -> None:
    created = issue(client, path)

    assert client.put(f"{address(created, path)}.json", {}).status_code == 404
    assert client.delete(f"{address(created, path)}.json").status_code == 204
    assert client.get(f"{address(created, path)}.json").status_code == 404
    assert count(client, path) == 0


@pytest.mark.parametrize("path", [OSS, OSS_CORRECTION])
@pytest.mark.parametrize(
    ("method", "action"),
    [
        *(("PUT", ""), ("PATCH", ""), ("POST", "/paid"), ("GET", "/share_links"), ("POST", "/share_links")),
        *(("POST", "/quick_payments"), ("POST", "/attachments"), ("PUT", "/mark_as_accounted")),
        *(("POST", "/send_to_ksef"), ("GET", "/download_xml")),
    ],
)
def test_what_the_table_of_resources_leaves_out_is_not_there(
    client: Client, path: str, method: str, action: str
) -> None:
    """Section 2."""
    created = issue(client, path)

    answer = client.call(method, f"{address(created, path)}{action}.json", None if method == "GET" else {})
    assert answer.status_code == 404
    assert client.get(f"{address(created, path)}.json").json == created


def test_both_are_printed_together(client: Client) -> None:
    created, correction = issue(client, OSS), issue(client, OSS_CORRECTION)
    uuids = [kept(client, created).uuid, correction["uuid"]]

    answer = client.post("/async/incomes/pdf_many.json", {"uuids": uuids})
    assert (answer.status_code, set(answer.json["accepted_uuids"])) == (201, set(uuids))


def test_a_shop_sells_to_germany_and_france_and_takes_something_back(client: Client) -> None:
    berlin = issue(client, OSS, services=[consumed(2000, quantity=3, tax_rate=19)], sale_type="merchandise")
    lyon = issue(client, OSS, country="FR", services=[consumed(5000, tax_rate=5.5)], sale_type="merchandise")
    sold = consumed(2000, quantity=3, tax_rate=19)

    said = {
        "original_invoice_number": berlin["number"],
        "corrected_invoice_date": berlin["issue_date"],
        "correction_reason": "other",
        "sale_type": "merchandise",
        "services": pair(1, sold, sold | {"quantity": 2}),
    }
    body = least(client, OSS_CORRECTION) | said
    del body["corrected_invoice_number"]
    back = client.post("/corrective_oss_invoices.json", {"corrective_oss_invoice": body}).json

    assert (lyon["tax_price"], lyon["gross_price"]) == (275, 5275)
    assert (back["net_price"], back["tax_price"], back["gross_price"]) == (-2000, -380, -2380)
    assert back["corrected_invoice_number"] == berlin["number"]
    assert back["correction_reason"] == "Inne: np. zwrot, rabat"
    note = kept(client, back)
    assert (note.corrected_id, note.contact_id) == (berlin["id"], kept(client, berlin).contact_id)
    assert kept(client, berlin).correction_id == back["id"]


def test_the_account_s_currency_is_counted_beside_the_euro(client: Client) -> None:
    document = kept(client, issue(client, OSS))

    assert document.currency == "EUR"
    assert [s.net for s in document.vat_sums] == [document.net_total]
