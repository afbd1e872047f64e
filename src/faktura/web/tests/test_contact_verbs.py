"""Contacts that are merged and brought in from a table, and how they pay."""

import re
from datetime import timedelta
from html import unescape

import pytest
from werkzeug.test import TestResponse

from faktura.core.contacts import Contact
from faktura.web.tests.conftest import Browser, add, again, in_books, issue
from faktura.wire.arrival import FIRST_BYTES
from faktura.wire.service import Service
from tests.firm import Firm

IMPORT = "/applecorp/subjects/import"


def contacts(service: Service, firm: Firm) -> dict[str, Contact]:
    return {contact.name: contact for contact in in_books(service, firm, lambda books: books.all(Contact))}


def send_file(browser: Browser, content: bytes) -> TestResponse:
    """As a browser does it; werkzeug's own way leaves files open."""
    browser.get(IMPORT)
    hidden = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in browser.hidden.items()
    )
    begins = f'{hidden}--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    body = begins.encode() + content + b"\r\n--x--\r\n"
    return browser._open("POST", IMPORT, data=body, content_type="multipart/form-data; boundary=x")  # noqa: SLF001


# Two that are one


def test_two_contacts_become_one_without_scripts(owner: Browser, service: Service, firm: Firm) -> None:
    kept = add(service, firm, "Karel Novák", city="Praha")
    gone = add(service, firm, "Novák Karel", city="Brno", email="karel@novak.example")
    invoice = issue(service, firm, gone)
    path = f"/applecorp/subjects/{kept.id}/merge"

    offered = owner.get(f"{path}?other=&other-words=novak").text
    assert re.findall(r'type="radio" name="other" value="(\d+)"', offered) == [str(gone.id)]
    choosing = owner.get(f"{path}?other-words=novak&other={gone.id}").text
    assert "Novák Karel will be deleted" in unescape(choosing)
    assert '<option value="gone" selected>karel@novak.example' in choosing
    assert '<option value="kept" selected>Praha' in choosing
    done = owner.post(f"{path}?other={gone.id}", name="kept", city="gone", email="gone")

    assert (done.status_code, done.location) == (303, f"/applecorp/subjects/{kept.id}")
    merged = contacts(service, firm)
    assert list(merged) == ["Karel Novák"]
    assert (merged["Karel Novák"].city, merged["Karel Novák"].email) == ("Brno", "karel@novak.example")
    assert again(service, firm, invoice).contact_id == kept.id


def test_nobody_is_merged_with_themselves_or_with_nobody(owner: Browser, service: Service, firm: Firm) -> None:
    kept = add(service, firm, "Karel Novák")
    path = f"/applecorp/subjects/{kept.id}/merge"

    assert 'type="radio"' not in owner.get(f"{path}?other-words=novak").text
    assert "Merge Karel Novák" in owner.get(f"{path}?other={kept.id}").text
    assert owner.post(path).status_code == 404
    assert owner.post(f"{path}?other=999").status_code == 404
    refused = owner.post(f"{path}?other={kept.id}")
    assert refused.status_code == 422
    assert "These two do not go together." in refused.text
    assert list(contacts(service, firm)) == ["Karel Novák"]


# A table


def test_a_table_is_tried_first_and_then_brought_in_once(owner: Browser, service: Service, firm: Firm) -> None:
    add(service, firm, "Karel", registration_no="27082440", city="Brno")
    table = "Název;IČO;Město;Role;Barva\nKarel;27082440;Praha;;red\nNový;;Plzeň;Supplier;\n;;Olomouc;;\n".encode()
    tried = send_file(owner, table)

    assert tried.status_code == 200
    text = unescape(tried.text)
    assert "1 contact would be added, 1 changed, 1 row left out." in re.sub(r"\s+", " ", text)
    assert "These columns are not known and are left out: Barva" in text
    assert "left out: Name: Fill this in." in text
    assert contacts(service, firm)["Karel"].city == "Brno"
    hidden = dict(owner.hidden)
    assert hidden["table"]
    for _ in "twice":
        owner.hidden = hidden
        assert owner.post(IMPORT).location == "/applecorp/subjects?sort=-added"
    found = contacts(service, firm)
    assert {name: (c.city, c.role) for name, c in found.items()} == {
        "Karel": ("Praha", "customer"),
        "Nový": ("Plzeň", "supplier"),
    }


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\0", "This is neither a CSV file nor an Excel file."),
        (b"a,b\n1,2\n", "The first row has to name the columns"),
        (b"", "The first row has to name the columns"),
        (b"name\n" + b"x\n" * 1001, "The table has more than 1000 rows."),
    ],
)
def test_what_is_no_table_of_contacts_is_refused_at_its_field(owner: Browser, content: bytes, words: str) -> None:
    refused = send_file(owner, content)

    assert refused.status_code == 422
    assert words in refused.text
    assert 'aria-describedby="file-hint file-wrong" aria-invalid="true"' in refused.text


def test_a_file_may_be_larger_than_a_form_and_no_larger_than_its_page_says(owner: Browser) -> None:
    assert send_file(owner, b"name,city\n" + b"Karel," + b"x" * FIRST_BYTES).status_code == 200
    assert send_file(owner, b"name\n" + b"x" * 2_000_000).status_code == 413


def test_without_a_file_nothing_is_tried(owner: Browser) -> None:
    owner.get(IMPORT)
    refused = owner.post(IMPORT)

    assert refused.status_code == 422
    assert "Choose a file." in refused.text


# How they pay


def test_a_contact_shows_what_it_owes_and_which_documents_are_unpaid(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    today = in_books(service, firm, lambda books: books.today)
    invoice = issue(service, firm, contact, issued_on=today - timedelta(days=30), due_days=10)
    page = unescape(owner.get(f"/applecorp/subjects/{contact.id}").text).replace("\u00a0", " ")

    assert page.count("CZK 121.00</span>") == 2
    assert "To be paid" in page
    assert "Of it overdue" in page
    assert page.count(f">{invoice.number}</a>") == 2
