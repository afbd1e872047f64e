"""Section 8: margin invoices, and what corrects them."""

import re
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.dialects.infakt.invoices.fields import MARGIN_KINDS
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import (
    BLANK,
    CORRECTIVE,
    INVOICES,
    MARGIN,
    NOON,
    NOT_LISTED,
    TODAY,
    WRONG,
    Json,
    add_bank_account,
    again,
    change,
    issue,
    pair,
    refusal,
    refused_change,
    resold,
    service_of,
    work,
)

ATTRIBUTES = [
    *("id", "uuid", "number", "kind", "currency", "paid_price", "paid_date", "gross_price", "left_to_pay"),
    *("payment_date", "margin_kind", "margin_kind_symbol", "margin_kind_id", "margin_amount_price", "payment_method"),
    *("recipient_signature", "seller_signature", "invoice_date", "sale_date", "status", "client_id", "client_uuid"),
    *("client_company_name", "client_first_name", "client_last_name", "client_business_activity_kind"),
    *("client_street", "client_street_number", "client_flat_number", "client_city", "client_post_code"),
    *("client_tax_code", "client_country", "bank_account", "bank_name", "swift", "document_markings_ids", "bdo_code"),
    *("notes", "vat_exchange_date_kind", "sales_kind", "occasional_sale", "building_service", "vat_date_value"),
    *("third_party_addresses", "transaction_terms", "local_government_recipient_address", "ksef_number"),
    *("amount_in_words", "created_at", "services", "ksef_data"),
]
OF_A_LINE = ["id", "name", "unit", "quantity", "gtu_id", "margin_amount_price", "gross_with_margin_amount_price"]
DETAILS = {"local_government_recipient_address", "ksef_data"}


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    clock.stand_at(NOON)


def kept(client: Client, document: Json) -> Invoice:
    """The document as the books have it."""

    def read(tx: Any) -> Invoice:
        return find_invoice(Books(tx, client.firm.account, None, client.service.clock.now()), document["id"])

    return client.service.database.read(read)


def paper(client: Client, document: Json, path: str = MARGIN, locale: str = "pl") -> str:
    asked = f"document_type=original&locale={locale}"
    answer = client.get(f"{path}/{document['uuid']}/pdf.json", query_string=asked)
    assert answer.status_code == 200, answer.text
    pages = pypdfium2.PdfDocument(answer.content)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\N{NO-BREAK SPACE}", " ")


def test_a_margin_invoice_has_every_attribute_in_the_order_of_the_wire(client: Client) -> None:
    created = issue(client, MARGIN)

    assert list(created) == ATTRIBUTES
    assert [list(line) for line in created["services"]] == [OF_A_LINE]
    assert again(client, created, MARGIN) == created
    [listed] = client.get("/margin_invoices.json").json["entities"]
    assert set(created) - set(listed) == DETAILS


def test_what_is_not_said_is_as_the_contract_has_it(client: Client) -> None:
    created = issue(client, MARGIN)

    expected = {
        "number": "1/MAR/11/2026",
        "kind": "margin",
        "currency": "PLN",
        "paid_price": 0,
        "paid_date": None,
        "gross_price": 1200000,
        "left_to_pay": 1200000,
        "payment_date": "2026-12-05",
        "margin_kind": "Procedura marży – towary używane",
        "margin_kind_symbol": "second_hand_goods",
        "margin_kind_id": 1,
        "margin_amount_price": 200000,
        "recipient_signature": "",
        "invoice_date": TODAY,
        "sale_date": TODAY,
        "status": "draft",
        "client_country": "PL",
        "bank_account": "",
        "document_markings_ids": [],
        "vat_exchange_date_kind": None,
        "sales_kind": "sprzedaz_podstawowa",
        "occasional_sale": False,
        "building_service": False,
        "amount_in_words": "dwanaście tysięcy PLN 00/100",
        "ksef_number": None,
        "ksef_data": None,
    }
    assert {name: created[name] for name in expected} == expected
    [line] = created["services"]
    assert {name: line[name] for name in OF_A_LINE[1:]} == {
        "name": "Skoda Octavia",
        "unit": "",
        "quantity": 1,
        "gtu_id": None,
        "margin_amount_price": 200000,
        "gross_with_margin_amount_price": 1200000,
    }


@pytest.mark.parametrize(("place", "symbol"), list(enumerate(MARGIN_KINDS, 1)))
def test_a_scheme_is_written_by_its_symbol_and_read_by_its_name(client: Client, place: int, symbol: str) -> None:
    created = issue(client, MARGIN, margin_kind=symbol)

    told = created["margin_kind"], created["margin_kind_symbol"], created["margin_kind_id"]
    assert told == (MARGIN_KINDS[symbol], symbol, place)
    assert change(client, created, MARGIN, margin_kind=MARGIN_KINDS[symbol]) == created
    assert change(client, created, MARGIN, margin_kind=None) == created


def test_the_books_keep_the_vat_inside_each_margin_and_the_door_shows_none(client: Client) -> None:
    """2,000.00 x 23/123 = 373.98; 99.99 x 23/123 = 18.70; where nothing was gained there is no VAT."""
    lines = [resold(), resold(50000, 9999, quantity=2), resold(70000, -5000), resold(100, 0)]
    created = issue(client, MARGIN, services=lines)

    assert (created["gross_price"], created["margin_amount_price"]) == (1320100, 204999)
    assert not {"tax_price", "net_price", "tax_symbol"} & {*created, *created["services"][0]}
    now = kept(client, created)
    assert [line.margin_vat for line in now.lines] == [Decimal("373.98"), Decimal("18.70"), 0, 0]
    assert [line.purchase_price for line in now.lines] == [10000, Decimal("400.01"), 750, 1]
    assert (now.margin_vat_total, now.vat_total) == (Decimal("392.68"), Decimal(0))


def test_a_scheme_is_needed_and_is_one_of_four(client: Client) -> None:
    assert refusal(client, MARGIN, margin_kind="cars") == {"margin_kind": [NOT_LISTED]}
    for missing in (None, ""):
        assert refusal(client, MARGIN, margin_kind=missing) == {"margin_kind": [BLANK]}
    assert refused_change(client, issue(client, MARGIN), MARGIN, margin_kind="cars") == {"margin_kind": [NOT_LISTED]}


def test_a_line_says_its_price_and_how_much_of_it_is_the_margin(client: Client) -> None:
    for name in ("margin_amount_price", "gross_with_margin_amount_price"):
        line = {key: value for key, value in resold().items() if key != name}
        assert refusal(client, MARGIN, services=[line]) == {f"services.{name}": [BLANK]}
    too_much = {"services.margin_amount_price": ["jest za duże"]}
    assert refusal(client, MARGIN, services=[resold(100, 101)]) == too_much
    assert refusal(client, MARGIN, services=[]) == {"services": [BLANK]}
    created = issue(client, MARGIN)
    assert refused_change(client, created, MARGIN, services=[resold(100, 101)]) == too_much


def test_lines_that_are_sent_replace_all(client: Client) -> None:
    created = issue(client, MARGIN)

    changed = change(client, created, MARGIN, services=[resold(1150000, 150000), resold(200, 100)])
    assert (changed["gross_price"], changed["margin_amount_price"]) == (1150200, 150100)
    assert kept(client, changed).margin_vat_total == Decimal("280.49") + Decimal("0.19")
    assert change(client, created, MARGIN, notes="Bez wad")["services"] == changed["services"]


def test_a_margin_invoice_is_no_other_document(client: Client) -> None:
    created, other = issue(client, MARGIN), issue(client)

    assert client.get(f"{INVOICES}/{created['uuid']}.json").status_code == 404
    assert client.get(f"{MARGIN}/{other['uuid']}.json").status_code == 404
    assert client.get(f"{MARGIN}/{created['id']}.json").json == created
    assert issue(client, kind="margin")["kind"] == "vat"


@pytest.mark.parametrize(
    "asked",
    [
        "q[margin_amount_price_gt]=150000",
        "q[margin_kind_eq]=second_hand_goods",
        "q[margin_kind_symbol_eq]=second_hand_goods",
        "q[number_eq]=1/MAR/11/2026",
        "q[gross_price_eq]=1200000",
        "q[clean_client_nip_eq]=5252248481",
        "q[client_company_name_cont]=gęśl",
    ],
)
def test_it_is_found_by_its_attributes(client: Client, asked: str) -> None:
    found = issue(client, MARGIN, client_tax_code="525-224-84-81")
    issue(
        client,
        MARGIN,
        client_company_name="Inna",
        margin_kind="works_of_art",
        services=[resold(1000, 100)],
    )

    listed = client.get("/margin_invoices.json", query_string=asked).json["entities"]
    assert [one["id"] for one in listed] == [found["id"]]


def test_lists_are_sorted_by_margin(client: Client) -> None:
    made = [issue(client, MARGIN, services=[resold(1000, margin)])["id"] for margin in (300, 100, 200)]

    for way, order in (("asc", (1, 2, 0)), ("desc", (0, 2, 1))):
        listed = client.get("/margin_invoices.json", query_string=f"order=margin_amount_price {way}&fields=id").json
        assert [one["id"] for one in listed["entities"]] == [made[place] for place in order]


def test_paper_has_the_words_of_the_law_and_neither_vat_nor_margin(client: Client) -> None:
    """Art. 106e (2) and (3): no price of a unit, no rate, no net and no VAT."""
    add_bank_account(client)
    created = issue(client, MARGIN, payment_method="transfer", services=[resold(1200000, 200000, quantity=3)])

    told = paper(client, created)
    for text in ("Faktura VAT marża", "procedura marży – towary używane", "12 000,00", "1/MAR/11/2026"):
        assert text in told
    for text in ("Netto", "netto", "Kwota VAT", "23", r"\b2 000,00", "10 000,00", "373,98", "4 000,00"):
        assert not re.search(text, told)
    assert again(client, created, MARGIN)["status"] == "printed"
    assert "Margin scheme – second-hand goods" in paper(client, created, locale="en")


def test_each_scheme_has_its_words(client: Client) -> None:
    words = {
        "second_hand_goods": "procedura marży – towary używane",
        "travel_agencies": "procedura marży dla biur podróży",
        "works_of_art": "procedura marży – dzieła sztuki",
        "collectables_and_antiques": "procedura marży – przedmioty kolekcjonerskie i antyki",
    }
    for symbol, said in words.items():
        assert said in paper(client, issue(client, MARGIN, margin_kind=symbol))


def test_many_are_printed_together_with_others(client: Client) -> None:
    uuids = [issue(client, path)["uuid"] for path in (MARGIN, INVOICES)]

    ordered = client.post("/async/incomes/pdf_many.json", {"uuids": uuids})
    assert (ordered.status_code, ordered.json["accepted_uuids"]) == (201, uuids)


def test_it_is_mailed_and_paid(client: Client) -> None:
    created = issue(client, MARGIN, client_email="kupiec@example.com")

    sent = client.post(f"{MARGIN}/{created['uuid']}/deliver_via_email.json", {"print_type": "original"})
    assert (sent.status_code, sent.content) == (202, b"")
    assert again(client, created, MARGIN)["status"] == "sent"
    paid = client.post(f"{MARGIN}/{created['uuid']}/paid.json", query_string="paid_date=2026-11-25")
    assert (paid.status_code, paid.content) == (204, b"")
    now = again(client, created, MARGIN)
    assert (now["status"], now["paid_date"], now["left_to_pay"]) == ("paid", "2026-11-25", 1200000)
    twice = client.post(f"{MARGIN}/{created['uuid']}/paid.json")
    assert twice.status_code == 422

    def letters(tx: Any) -> list[Message]:
        return Books(tx, client.firm.account, None, client.service.clock.now()).all(Message)

    [letter] = client.service.database.read(letters)
    assert "1/MAR/11/2026" in letter.subject
    assert not re.search(r"373,98|\b2 000,00|10 000,00|VAT|DPH", letter.body)


def test_it_is_handed_in_and_made_later(client: Client) -> None:
    body = {"client_company_name": "Gęśl", "payment_method": "cash", "margin_kind": "travel_agencies"}
    for services, code in (([resold()], 201), ([service_of()], 422)):
        handed_in = client.post("/async/margin_invoices.json", {"margin_invoice": body | {"services": services}})
        assert (handed_in.status_code, handed_in.json["invoice_kind"]) == (201, "margin_invoice")
        work(client.service)
        reference = handed_in.json["invoice_task_reference_number"]
        task = client.get(f"/async/margin_invoices/status/{reference}.json").json
        assert task["processing_code"] == code
        if code == 201:
            assert client.get(f"{MARGIN}/{task['invoice_uuid']}.json").json["margin_kind_symbol"] == "travel_agencies"
        else:
            assert task["invoice_errors"].keys() == {
                "services.margin_amount_price",
                "services.gross_with_margin_amount_price",
            }


def test_foreign_money_says_by_which_rate_tax_is_counted(client: Client) -> None:
    created = issue(client, MARGIN, currency="EUR")

    assert (created["currency"], created["vat_exchange_date_kind"]) == ("EUR", "vat")


def corrected(client: Client, original: Json, *rows: Json, **values: Any) -> Json:
    named = {"corrected_invoice_uuid": original["uuid"], "corrected_invoice_number": original["number"]}
    return issue(client, CORRECTIVE, services=[*rows], **named, **values)


def test_a_correction_says_margin_and_price_before_and_after(client: Client) -> None:
    """1,500.00 x 23/123 = 280.49, which is 93.49 less."""
    original = issue(client, MARGIN)

    correction = corrected(client, original, *pair(1, resold(), resold(1150000, 150000)))
    assert [list(line) for line in correction["services"]] == [[*OF_A_LINE, "group", "correction"]] * 2
    assert [line["margin_amount_price"] for line in correction["services"]] == [200000, 150000]
    told = correction["net_price"], correction["tax_price"], correction["gross_price"]
    assert told == (-50000, 0, -50000)
    assert again(client, correction, CORRECTIVE) == correction
    now = kept(client, correction)
    assert (now.margin_total, now.margin_vat_total) == (Decimal(-500), Decimal("-93.49"))
    assert now.margin_kind == "second_hand_goods"
    text = paper(client, correction, CORRECTIVE)
    assert "procedura marży – towary używane" in text
    assert not re.search(r"Kwota VAT|93,49|\b1 500,00", text)


def test_what_is_asked_of_lines_of_a_correction_is_answered_as_far_as_they_have_it(client: Client) -> None:
    correction = corrected(client, issue(client, MARGIN), *pair(1, resold(), resold(1150000, 150000)))

    asked = "fields=services(tax_symbol,margin_amount_price,correction)"
    lines = client.get(f"{CORRECTIVE}/{correction['uuid']}.json", query_string=asked).json["services"]
    assert [list(line) for line in lines] == [["id", "margin_amount_price", "correction"]] * 2


def test_a_correction_is_changed_and_may_take_all_back(client: Client) -> None:
    original = issue(client, MARGIN)
    correction = corrected(client, original, *pair(1, resold(), resold(1150000, 150000)))

    nothing = resold(0, 0, quantity=0)
    changed = change(client, correction, CORRECTIVE, services=pair(1, resold(), nothing))
    assert changed["gross_price"] == -1200000
    assert kept(client, changed).margin_vat_total == Decimal("-373.98")


def test_what_has_a_margin_is_corrected_with_margins_alone_and_nothing_else_is(client: Client) -> None:
    of_margin, other = issue(client, MARGIN), issue(client)

    said = {"corrected_invoice_uuid": of_margin["uuid"], "services": pair(1, service_of(), service_of(9000))}
    assert refusal(client, CORRECTIVE, **said) == {"services.margin_amount_price": [BLANK]}
    said = {"corrected_invoice_uuid": other["uuid"], "services": pair(1, resold(), resold(900000))}
    assert refusal(client, CORRECTIVE, **said) == {"services.margin_amount_price": [WRONG]}


@pytest.mark.parametrize("path", ["/advance_invoices", "/final_invoices"])
def test_advances_and_final_invoices_are_corrected_with_before_and_after(client: Client, path: str) -> None:
    original = issue(client, path)

    correction = corrected(client, original, *pair(1, service_of(), service_of(9000)))
    told = correction["net_price"], correction["tax_price"], correction["gross_price"]
    assert told == (-1000, -230, -1230)
    assert correction["corrected_invoice_number"] == original["number"]
    assert correction["corrected_invoice_gross_price"] == original["gross_price"]
    before, after = correction["services"]
    assert (before["correction"], after["correction"]) == (False, True)
