"""Documents on paper (6.1, 6.6, 18): printed, sent by e-mail, and many in one file."""

import io
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from faktura.core.books.books import Books
from faktura.core.messages import Message
from faktura.dialects.infakt.tests.conftest import Client
from faktura.outputs.printing.printer import Printer
from tests import needs

pytestmark = needs.ONE_ENGINE

TRIES = 30
WARSAW = ZoneInfo("Europe/Warsaw")

KINDS = ("invoices", "corrective_invoices", "advance_invoices", "final_invoices")
SERVICE = {"name": "Zażółć gęślą jaźń", "tax_symbol": "23", "quantity": 1, "unit_net_price": 6623}


@pytest.fixture
def account(client: Client) -> dict[str, Any]:
    bank = {"bank_name": "Bank A", "account_number": "61109010140000071219812874"}
    made: dict[str, Any] = client.post("/bank_accounts.json", {"bank_account": bank}).json
    return made


def issue(client: Client, **values: Any) -> dict[str, Any]:
    body = {"client_company_name": "Łódź sp. z o.o.", "client_business_activity_kind": "other_business"}
    answer = client.post("/invoices.json", {"invoice": body | {"services": [SERVICE]} | values})
    assert answer.status_code == 201, answer.json
    issued: dict[str, Any] = answer.json
    return issued


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range().replace("\N{NO-BREAK SPACE}", " ") for page in document]


def pdf(client: Client, uuid: str, query: str = "document_type=original") -> Any:
    return client.get(f"/invoices/{uuid}/pdf.json", query_string=query)


def letters(client: Client) -> list[Message]:
    firm, now = client.firm, client.service.clock.now()
    return client.service.database.write(lambda tx: Books(tx, firm.account, None, now).all(Message))


def test_the_print_tells_what_the_invoice_tells(client: Client, account: dict[str, Any]) -> None:
    invoice = issue(client)
    answer = pdf(client, invoice["uuid"])

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    told = pages(answer.content)[0]
    for text in (invoice["number"], "Zażółć gęślą jaźń", "Łódź sp. z o.o.", "81,46", "Oryginał", "Bank A"):
        assert text in told
    assert account["account_number"][2:6] in told


def test_printing_a_draft_makes_it_printed_once(client: Client) -> None:
    invoice = issue(client)
    assert invoice["status"] == "draft"
    pdf(client, invoice["uuid"])
    assert client.get(f"/invoices/{invoice['uuid']}.json").json["status"] == "printed"
    client.post(f"/invoices/{invoice['uuid']}/paid.json", {})
    pdf(client, invoice["uuid"])
    assert client.get(f"/invoices/{invoice['uuid']}.json").json["status"] == "paid"


def test_in_maintenance_it_is_printed_and_stays_a_draft(client: Client) -> None:
    invoice = issue(client)
    client.service.modes.read_only = True
    assert pdf(client, invoice["uuid"]).status_code == 200
    assert client.get(f"/invoices/{invoice['uuid']}.json").json["status"] == "draft"


@pytest.mark.parametrize(
    ("document_type", "titles"),
    [
        ("original", ["Oryginał"]),
        ("copy", ["Kopia"]),
        ("original_copy", ["Oryginał", "Kopia"]),
        ("duplicate", ["Duplikat"]),
        ("original_duplicate", ["Oryginał", "Duplikat"]),
        ("copy_duplicate", ["Kopia", "Duplikat"]),
        ("regular", [""]),
        ("double_regular", ["", ""]),
    ],
)
def test_every_document_type_is_printed(client: Client, document_type: str, titles: list[str]) -> None:
    answer = pdf(client, issue(client)["uuid"], f"document_type={document_type}")
    told = pages(answer.content)
    assert len(told) == len(titles)
    for page, title in zip(told, titles, strict=True):
        assert title in page


@pytest.mark.parametrize(("locale", "title"), [("pl", "Sprzedawca"), ("en", "Seller"), ("pe", "Sprzedawca / Seller")])
def test_the_locale_is_polish_english_or_both(client: Client, locale: str, title: str) -> None:
    answer = pdf(client, issue(client)["uuid"], f"document_type=original&locale={locale}")
    assert title in pages(answer.content)[0]


@pytest.mark.parametrize("query", ["", "document_type=carbon", "document_type=original&locale=xx"])
def test_a_missing_or_unknown_kind_of_print_is_a_422(client: Client, query: str) -> None:
    invoice = issue(client)
    refused = pdf(client, invoice["uuid"], query)
    assert refused.status_code == 422
    assert refused.json["errors"].keys() <= {"document_type", "locale"}
    assert client.get(f"/invoices/{invoice['uuid']}.json").json["status"] == "draft"


def test_the_code_of_polish_banks_is_on_a_print_in_zlotys(client: Client, account: dict[str, Any]) -> None:
    content = pdf(client, issue(client, payment_method="transfer")["uuid"]).content
    page = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
    payload = zxingcpp.read_barcodes(page)[0].text
    assert f"|PL|{account['account_number']}|008146|" in payload


def test_an_invoice_is_sent_to_its_client_and_marked_as_sent(client: Client) -> None:
    invoice = issue(client, client_email="klient@lodz.example")
    path = f"/invoices/{invoice['uuid']}/deliver_via_email.json"
    answer = client.post(path, {"print_type": "original", "locale": "pe"})

    assert (answer.status_code, answer.content) == (202, b"")
    [letter] = letters(client)
    assert (letter.recipient, letter.print_as, letter.language) == ("klient@lodz.example", "original", "pe")
    assert client.get(f"/invoices/{invoice['uuid']}.json").json["status"] == "sent"


def test_without_an_address_it_says_so_in_the_services_words(client: Client) -> None:
    invoice = issue(client)
    refused = client.post(f"/invoices/{invoice['uuid']}/deliver_via_email.json", {"print_type": "original"})
    assert refused.status_code == 422
    assert "adres e-mail Klienta jest nieznany" in refused.text
    assert letters(client) == []


@pytest.mark.parametrize("said", [{}, {"print_type": None}, {"print_type": ""}])
def test_a_letter_has_the_original_where_nothing_is_said(client: Client, said: dict[str, Any]) -> None:
    path = f"/invoices/{issue(client)['uuid']}/deliver_via_email.json"
    answer = client.post(path, {"recipient": "a@b.example"} | said)

    assert answer.status_code == 202, answer.text
    assert [letter.print_as for letter in letters(client)] == ["original"]


def test_a_kind_of_print_is_one_of_the_list(client: Client) -> None:
    path = f"/invoices/{issue(client)['uuid']}/deliver_via_email.json"
    refused = client.post(path, {"recipient": "a@b.example", "print_type": "double_regular"})

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["print_type"])


def test_many_are_printed_into_one_file(client: Client) -> None:
    uuids = [issue(client)["uuid"] for _ in range(3)]
    unknown = "00000000-0000-4000-8000-000000000000"
    ordered = client.post("/async/incomes/pdf_many.json", {"uuids": [*uuids, unknown]})

    assert ordered.status_code == 201
    assert (ordered.json["accepted_uuids"], ordered.json["rejected_uuids"]) == (uuids, [unknown])
    token = ordered.json["download_token"]
    assert len(token) == 16
    for _ in range(TRIES):
        ready: dict[str, Any] = client.get(f"/async/incomes/pdf_many/{token}/check.json").json
        if ready != {"ready": False}:
            break
    assert ready == {"ready": True}
    fetched = client.get(f"/async/incomes/pdf_many/{token}.json")
    assert fetched.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(fetched.content)) as whole:
        assert len(whole.pages) == 3


def test_of_many_none_found_is_a_404_and_none_asked_a_422(client: Client) -> None:
    unknown = {"uuids": ["00000000-0000-4000-8000-000000000000"]}
    assert client.post("/async/incomes/pdf_many.json", unknown).status_code == 404
    bodies: list[dict[str, Any]] = [{}, {"uuids": []}, {"uuids": "abc"}]
    for body in bodies:
        assert client.post("/async/incomes/pdf_many.json", body).status_code == 422
    for path in ("0123456789abcdef.json", "0123456789abcdef/check.json", "x/check.json"):
        assert client.get(f"/async/incomes/pdf_many/{path}").status_code == 404


def test_a_print_that_is_not_ready_says_so_and_goes_on(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    uuid = issue(client)["uuid"]
    ordered = client.post("/async/incomes/pdf_many.json", {"uuids": [uuid]}).json
    bulk = f"/async/incomes/pdf_many/{ordered['download_token']}"
    client.service.printer = Printer()
    monkeypatch.setattr("faktura.dialects.infakt.invoices.printing.PATIENCE", 0.0)
    monkeypatch.setattr("faktura.dialects.infakt.invoices.printing.A_MOMENT", 0.0)
    answers = (pdf(client, uuid), client.get(f"{bulk}.json"))
    monkeypatch.undo()

    for answer in answers:
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "wydruku" in answer.text
    assert pdf(client, uuid).status_code == 200
    assert client.get(f"{bulk}.json").status_code == 200


def test_every_kind_of_document_is_printed_and_mailed(client: Client) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    for kind in KINDS:
        assert client.get(f"/{kind}/{unknown}/pdf.json", query_string="document_type=copy").status_code == 404
        assert client.post(f"/{kind}/{unknown}/deliver_via_email.json", {"print_type": "copy"}).status_code == 404


def test_a_record_that_is_named_by_its_uuid_keeps_conditions_too(client: Client) -> None:
    invoice = issue(client)
    path = f"/invoices/{invoice['uuid']}.json"
    tag = client.get(path).headers["ETag"]
    assert client.put(path, {"invoice": {"notes": "A"}}, headers={"If-Match": tag}).status_code == 200
    assert client.put(path, {"invoice": {"notes": "B"}}, headers={"If-Match": tag}).status_code == 412
    assert client.post(f"/invoices/{invoice['uuid']}/paid.json", {}, headers={"If-Match": tag}).status_code == 412


def test_a_duplicate_bears_the_day_on_which_it_is_made(client: Client) -> None:
    uuid = issue(client, invoice_date="2026-10-01", sale_date="2026-10-01")["uuid"]
    today = client.service.clock.now().astimezone(WARSAW)
    original, duplicate = pages(pdf(client, uuid, "document_type=original_duplicate").content)

    assert f"Data wystawienia duplikatu: {today:%d.%m.%Y}" in duplicate
    assert "duplikatu" not in original


def test_advance_and_final_invoices_state_what_was_taken_in_and_what_is_left(client: Client) -> None:
    buyer = {"client_company_name": "Łódź sp. z o.o.", "client_business_activity_kind": "other_business"}
    order = [{"name": "Altana", "tax_symbol": "23", "quantity": 1, "unit_net_price": 100000}]
    taken = {"payment_method": "cash", "advance_price": 40000, "services": order}
    advance = client.post("/advance_invoices.json", {"advance_invoice": buyer | taken}).json
    after = {"payment_method": "cash", "previous_advance_id": advance["id"]}
    final = client.post("/final_invoices.json", {"final_invoice": buyer | after}).json

    advance_paper, final_paper = (
        pages(client.get(f"/{kind}/{one['uuid']}/pdf.json", query_string="document_type=regular").content)[0]
        for kind, one in (("advance_invoices", advance), ("final_invoices", final))
    )
    for words in ("Otrzymana zaliczka", "23 % 325,20 74,80 400,00", "Do zapłaty 830,00 zł", "Data otrzymania"):
        assert words in advance_paper, words
    for words in (f"{advance['number']} 23 % 325,20 74,80 400,00", "23 % 674,80 155,20 830,00"):
        assert words in final_paper, words
