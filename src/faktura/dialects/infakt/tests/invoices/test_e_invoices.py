"""Documents as files for other programs: ours, at the address at which the contract has the FA(3) alone."""

from typing import Any

import pytest
from lxml import etree

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.dialects.infakt.tests.conftest import Client, issue_key
from faktura.dialects.infakt.tests.issuing import FINAL, INVOICES, KINDS, issue
from faktura.outputs.e_invoices.checking import faults_in
from tests import needs

pytestmark = needs.ONE_ENGINE

SELLER = {"vat_no": "PL1234563218", "street": "Długa 1", "city": "Kraków", "postcode": "30-001"}
BUYER = {"client_tax_code": "5252248481", "client_city": "Łódź", "client_post_code": "90-001"}
ROOTS = {"isdoc": {"Invoice"}, "ubl": {"Invoice", "CreditNote"}, "cii": {"CrossIndustryInvoice"}}


@pytest.fixture(autouse=True)
def seller(client: Client) -> None:
    def work(tx: Any) -> Any:
        books = Books(tx, client.firm.account, None, client.service.clock.now())
        return change_account(books, Given(SELLER))

    client.firm = client.firm._replace(account=client.service.database.write(work))


def download(client: Client, document: dict[str, Any], query: str, path: str = INVOICES) -> Any:
    return client.get(f"{path}/{document['uuid']}/download_xml.json", query_string=query)


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("wanted", ROOTS)
def test_every_kind_is_downloaded_in_three_formats(client: Client, path: str, wanted: str) -> None:
    document = issue(client, path, **({} if path == FINAL else BUYER))
    answer = download(client, document, f"format={wanted}&profile=en16931", path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/xml"), answer.text
    root = etree.fromstring(answer.content)
    assert etree.QName(root).localname in ROOTS[wanted]
    assert document["number"].encode() in answer.content
    if wanted == "isdoc":
        assert faults_in(answer.content, "isdoc") == []


def test_what_a_document_cannot_be_is_said_in_one_sentence(client: Client) -> None:
    refused = download(client, issue(client, **BUYER), "format=ubl")
    assert refused.status_code == 422
    assert refused.json == {"error": "Brak referencji nabywcy: uzupełnij ją na stronie kontrahenta."}

    proforma = issue(client, kind="proforma", **BUYER)
    refused = download(client, proforma, "format=cii")
    assert (refused.status_code, list(refused.json)) == (422, ["error"])
    assert download(client, proforma, "format=isdoc").status_code == 200


def test_formats_and_rules_are_those_of_a_list(client: Client) -> None:
    invoice = issue(client, **BUYER)
    unknown = "nie znajduje się na liście dopuszczalnych wartości"
    for query, name in (("format=fa3", "format"), ("format=ubl&profile=zugferd", "profile")):
        refused = download(client, invoice, query)
        assert (refused.status_code, refused.json["errors"]) == (422, {name: [unknown]})


def test_a_draft_has_its_files_and_an_unknown_document_none(client: Client) -> None:
    draft = issue(client, status="draft", **BUYER)
    assert download(client, draft, "format=isdoc").status_code == 200
    for query in ("format=isdoc", "format=ubl"):
        assert download(client, {"uuid": "0" * 36}, query).status_code == 404
        assert download(client, draft, query, "/final_invoices").status_code == 404


def test_reading_it_needs_the_right_to_read(client: Client) -> None:
    document = issue(client)
    client.key = issue_key(client.service, client.firm, ("api:clients:read",))
    assert download(client, document, "format=isdoc").status_code == 401
