"""The editor of documents without scripts: what is typed, what it comes to, drafts, and what it becomes."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from faktura.core.bank_accounts import BankAccount, add_bank_account, delete_bank_account
from faktura.core.catalogue import Product
from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.core.documents.numbering import next_number
from faktura.core.errors import Given
from faktura.core.inventory.items import add_item
from faktura.core.invoices.drafts import drafts_of, keep_draft
from faktura.core.invoices.record import Invoice
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, add, again, in_books, issue, without_wholes
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

NEW = "/applecorp/invoices/new"
TOTALS = "/applecorp/invoices/totals"
DRAFTS = "/applecorp/invoices/drafts"

LINE = {"lines-0-name": "Práce", "lines-0-quantity": "2", "lines-0-unit_price": "3*450+20", "lines-0-vat_rate": "21"}


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    """One that has said all that its documents name."""
    said: dict[str, Any] = {"street": "Krátká 2", "city": "Praha", "postcode": "110 00"}
    said |= {"registration_no": "27082440", "vat_no": "CZ27082440"}
    return open_firm(database, clock, language="en", **said)


@pytest.fixture(autouse=True)
def bank_account(service: Service, firm: Firm) -> BankAccount:
    given = Given({"name": "Hlavní", "number": "19-2000145399/0800"})
    return in_books(service, firm, lambda books: add_bank_account(books, given))


def documents(service: Service, firm: Firm) -> list[Invoice]:
    return in_books(service, firm, lambda books: books.all(Invoice))


def typed_in(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    assert found is not None, name
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def test_a_document_is_typed_and_issued(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", due_days=30)
    assert 'value="Karel"' in owner.get(f"{NEW}?subject={contact.id}").text
    done = owner.post(NEW, contact_id=str(contact.id), kind="invoice", issued_on="2026-11-28", **LINE)

    [invoice] = documents(service, firm)
    assert (done.status_code, done.location) == (303, f"/applecorp/invoices/{invoice.id}")
    assert (invoice.buyer_name, invoice.due_days, invoice.currency) == ("Karel", 30, "CZK")
    assert (invoice.net_total, invoice.gross_total) == (Decimal(2740), Decimal("3315.40"))


def test_a_firm_that_has_not_said_who_it_is_issues_nothing(
    owner: Browser, service: Service, firm: Firm, bank_account: BankAccount
) -> None:
    contact = add(service, firm, "Karel")
    in_books(service, firm, lambda books: delete_bank_account(books, bank_account.id))
    owner.get(NEW)
    refused = owner.post(NEW, contact_id=str(contact.id), **LINE)

    assert refused.status_code == 409
    assert "The firm has to say more of itself first" in refused.text
    assert typed_in(refused.text, "lines-0-name") == "Práce"
    assert documents(service, firm) == []


def test_a_customer_is_found_without_a_script(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel Vomáčka", city="Brno")
    owner.get(NEW)
    page = owner.post(TOTALS, **{"contact_id-words": "vomacka"}, **LINE).text

    assert f'type="radio" name="contact_id" value="{contact.id}"' in page
    assert "Brno" in page
    assert typed_in(page, "lines-0-unit_price") == "3*450+20"
    assert documents(service, firm) == []


def test_totals_are_those_of_the_core_and_take_no_number(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    owner.get(NEW)
    fields = {"contact_id": str(contact.id), **LINE, "lines-1-name": "Cesta", "lines-1-unit_price": "100,50"}
    fields |= {"lines-1-vat_rate": "12", "lines-1-discount": "50"}
    part = owner.post_part(TOTALS, **owner.hidden | fields).text

    assert "<html" not in part
    for words in ("CZK2,740.00", "CZK575.40", "CZK50.25", "CZK6.03", "CZK3,371.68", "will be 2026-0001"):
        assert words in without_wholes(part).replace("\xa0", ""), words
    assert 'hidden data-sum="1">' in part
    assert in_books(service, firm, lambda books: next_number(books, "invoice", books.today)) == "2026-0001"


def test_beside_the_form_stands_the_document_as_its_customer_will_see_it(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    owner.get(NEW)
    fields = {"contact_id": str(contact.id), "note": "Děkujeme", **LINE}
    assert 'id="preview"' in owner.get(NEW).text
    assert "#preview" not in owner.post_part(TOTALS, **owner.hidden | fields).text
    typed = owner.post_part(TOTALS, **owner.hidden | fields, preview="yes").text
    shown = typed.partition('<hx-partial hx-target="#preview">')[2]
    whole = owner.post(TOTALS, **fields, preview="yes").text
    done = owner.post(NEW, **fields)
    [invoice] = documents(service, firm)
    public = owner.get(f"/applecorp/p/{invoice.token}/{invoice.number}").text

    assert done.status_code == 303
    for said in ("Děkujeme", "2026-0001", "Karel", "3 315,40 Kč".replace(" ", "\xa0")):
        assert all(said in page for page in (shown, whole, public)), said
    table = re.compile(r'<table class="lines.*?</table>', re.DOTALL)
    assert table.findall(shown) == table.findall(whole) == table.findall(public) != []


def test_a_document_is_issued_and_its_letter_comes_up(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel", email="karel@firma.example")
    owner.get(NEW)
    done = owner.post(NEW, contact_id=str(contact.id), then="send", **LINE)

    [invoice] = documents(service, firm)
    assert done.location == f"/applecorp/invoices/{invoice.id}/send"
    assert 'value="karel@firma.example"' in owner.get(done.location).text
    assert again(service, firm, invoice).sent_at is None


NEWCOMER = {"new_contact.name": "Nováček s.r.o.", "new_contact.registration_no": "27082440"}


def test_a_customer_who_is_no_contact_yet_is_added_with_the_document(
    owner: Browser, service: Service, firm: Firm
) -> None:
    owner.get(NEW)
    fields = {"contact_id": "", "contact_id-words": "Nov", **NEWCOMER, "new_contact.email": "n@firma.example", **LINE}
    assert "Nováček s.r.o." in owner.post_part(TOTALS, **owner.hidden | fields, preview="yes").text
    owner.get(NEW)
    kept = owner.post(DRAFTS, **fields).location
    assert kept is not None
    assert "Nováček s.r.o." in owner.get(DRAFTS).text
    assert in_books(service, firm, lambda books: books.all(Contact)) == []
    owner.get(kept)
    for _ in range(2):
        owner.post_bare(NEW, **owner.hidden | fields)

    [contact] = in_books(service, firm, lambda books: books.all(Contact))
    [invoice] = documents(service, firm)
    assert (contact.registration_no, contact.email, contact.role) == ("27082440", "n@firma.example", "customer")
    assert (invoice.contact_id, invoice.buyer_name) == (contact.id, "Nováček s.r.o.")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"new_contact.email": "nobody"}, "This is no e-mail address."),
        ({"new_contact.name": ""}, "Fill this in."),
        ({"contact_id": "1"}, "These two do not go together."),
        ({"lines-0-name": "", "lines-0-unit_price": "5"}, "Fill this in."),
    ],
)
def test_no_customer_is_added_with_a_document_that_is_refused(
    owner: Browser, service: Service, firm: Firm, fields: dict[str, str], sentence: str
) -> None:
    owner.get(NEW)
    refused = owner.post(NEW, **NEWCOMER | LINE | fields)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert typed_in(refused.text, "new_contact.registration_no") == "27082440"
    assert in_books(service, firm, lambda books: books.all(Contact)) == []


def test_a_customer_is_offered_to_be_created_where_a_form_can_take_one(owner: Browser) -> None:
    creating = owner.get("/applecorp/subjects/pick?query=<Nov>&new=new_contact.name").text
    assert 'data-new="new_contact.name">Create “&lt;Nov&gt;”' in creating
    assert "data-new" not in owner.get("/applecorp/subjects/pick?query=Nov").text
    assert "pick?new=new_contact.name" in owner.get(NEW).text


def test_what_is_left_empty_says_what_was_agreed_with_the_customer(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karl", due_days=30, currency="EUR", language="de")
    owner.get(NEW)
    part = owner.post_part(TOTALS, **owner.hidden, contact_id=str(contact.id), language="en").text
    page = owner.get(f"{NEW}?subject={contact.id}").text

    for said in ("Empty means as agreed: 30.", "EUR – Euro, as agreed", "Bank transfer, as agreed"):
        assert said in part, said
    assert "#language" not in part
    for said in ('<option value="">EUR – Euro, as agreed', '<option value="">German, as agreed'):
        assert said in page, said


@pytest.mark.parametrize(
    ("buyer", "fields"),
    [
        ({}, {"reverse_charge": "yes"}),
        ({}, {"lines-0-vat_rate": "reverse_charge"}),
        ({"country": "DE"}, {"lines-0-vat_rate": "0"}),
    ],
)
def test_a_customer_who_owes_the_vat_is_asked_for_a_vat_number(
    owner: Browser, service: Service, firm: Firm, buyer: dict[str, str], fields: dict[str, str]
) -> None:
    contact = add(service, firm, "Karl", **buyer)
    owner.get(NEW)
    part = owner.post_part(TOTALS, **owner.hidden | LINE | {"contact_id": str(contact.id)} | fields).text

    assert "but has no VAT number" in part
    assert f"/applecorp/subjects/{contact.id}/edit" in part


@pytest.mark.parametrize(
    ("buyer", "fields"),
    [
        ({"vat_no": "CZ27082440"}, {"reverse_charge": "yes"}),
        ({"country": "DE"}, {}),
        ({"country": "US"}, {"lines-0-vat_rate": "0"}),
        ({}, {"lines-0-vat_rate": "exempt"}),
    ],
)
def test_a_customer_who_owes_none_of_it_is_not(
    owner: Browser, service: Service, firm: Firm, buyer: dict[str, str], fields: dict[str, str]
) -> None:
    contact = add(service, firm, "Karl", **buyer)
    owner.get(NEW)
    part = owner.post_part(TOTALS, **owner.hidden | LINE | {"contact_id": str(contact.id)} | fields).text

    assert "has no VAT number" not in part


def test_without_a_script_a_line_is_added_and_one_is_removed(owner: Browser) -> None:
    owner.get(NEW)
    page = owner.post(TOTALS, **LINE).text
    assert typed_in(page, "lines-0-name") == "Práce"
    assert typed_in(page, "lines-1-name") == ""
    assert 'name="lines-2-name"' not in page

    fewer = owner.post(TOTALS, **LINE, **{"lines-1-name": "Cesta", "lines-1-unit_price": "5"}, without="0").text
    assert typed_in(fewer, "lines-0-name") == "Cesta"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"contact_id": ""}, "Fill this in."),
        ({"lines-0-unit_price": "much"}, "This is no number."),
        ({"lines-0-vat_rate": "a lot"}, "Choose one from the list."),
        ({"due_days": "soon"}, "This is no number."),
        ({"bank_account_id": "x"}, "Choose one from the list."),
        ({"bank_account_id": "999"}, "Choose one from the list."),
        ({"kind": "sermon"}, "Choose one from the list."),
        ({"issued_on": "2026-02-30"}, "There is no such day."),
    ],
)
def test_what_is_refused_is_said_and_what_was_typed_stays(
    owner: Browser, service: Service, firm: Firm, fields: dict[str, str], sentence: str
) -> None:
    contact = add(service, firm, "Karel")
    owner.get(NEW)
    refused = owner.post(NEW, **{"contact_id": str(contact.id), "note": "Děkujeme", **LINE} | fields)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert "Děkujeme" in refused.text
    assert documents(service, firm) == []
    assert in_books(service, firm, lambda books: next_number(books, "invoice", books.today)) == "2026-0001"


def test_a_form_that_is_sent_twice_issues_one_document(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    owner.get(NEW)
    sent = owner.hidden | {"contact_id": str(contact.id)} | LINE
    first, second = (owner.post_bare(NEW, **sent) for _ in range(2))

    assert first.location == second.location
    assert len(documents(service, firm)) == 1


def test_a_draft_is_kept_taken_up_again_and_issued_once(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    owner.get(NEW)
    kept = owner.post(DRAFTS, contact_id=str(contact.id), **LINE, **{"lines-1-unit_price": "wrong"})
    assert kept.status_code == 303
    page = owner.get(kept.location).text
    assert typed_in(page, "lines-0-unit_price") == "3*450+20"
    assert typed_in(page, "lines-1-unit_price") == "wrong"
    assert "Karel" in owner.get(DRAFTS).text
    assert documents(service, firm) == []

    owner.get(kept.location)
    sent = owner.hidden | {"contact_id": str(contact.id)} | LINE
    first = owner.post_bare(NEW, **sent)
    second = owner.post_bare(NEW, **sent | {"once": "another"})
    assert first.location == second.location
    assert [invoice.number for invoice in documents(service, firm)] == ["2026-0001"]
    assert in_books(service, firm, drafts_of) == []
    assert owner.get(kept.location).location == first.location


def keep(owner: Browser, **fields: str) -> str:
    """As the script does, without leaving the page; the answer is of the part beside the form."""
    answer = owner.post_part(DRAFTS, **fields)
    return answer.location or f"{answer.status_code}"


def test_a_form_is_one_draft_however_often_it_is_kept(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    hidden = owner.hidden
    first, second = (keep(owner, **hidden, **{"contact_id-words": name}) for name in ("Karel", "Karel V."))

    assert first == second
    assert [draft.customer for draft in in_books(service, firm, drafts_of)] == ["Karel V."]
    part = owner.get(first, **{"HX-Request-Type": "partial"}).text
    assert re.match(r'\s*<input type="hidden" name="draft" value="\d+">', part)


def test_a_draft_whose_page_never_heard_of_it_is_issued_with_its_form(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    owner.get(NEW)
    fields = owner.hidden | {"contact_id": str(contact.id)} | LINE
    keep(owner, **fields)
    owner.post_bare(NEW, **fields)

    assert in_books(service, firm, drafts_of) == []
    assert keep(owner, **fields) == "404"
    assert in_books(service, firm, drafts_of) == []
    assert len(documents(service, firm)) == 1


def test_a_draft_is_thrown_away_when_that_is_confirmed(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(NEW)
    kept = owner.post(DRAFTS, **LINE).location
    assert "No number was used" in owner.get(f"{kept}/drop").text
    assert owner.post(f"{kept}/drop").location == DRAFTS
    assert owner.get(kept).status_code == 404
    assert in_books(service, firm, drafts_of) == []


def test_a_copy_has_terms_and_lines_and_nothing_of_the_first(owner: Browser, service: Service, firm: Firm) -> None:
    first = issue(service, firm, "Karel", order_number="77", note="Díky", due_days=3)
    page = owner.get(f"/applecorp/invoices/{first.id}/copy").text
    assert typed_in(page, "lines-0-name") == "Práce"
    assert typed_in(page, "order_number") == "77"
    assert typed_in(page, "number") == typed_in(page, "variable_symbol") == ""
    assert typed_in(page, "lines-0-id") == ""


def test_a_line_is_offered_from_the_catalogue_and_from_earlier_documents(
    owner: Browser, service: Service, firm: Firm
) -> None:
    first = issue(service, firm, "Karel")
    offered = owner.get(f"/applecorp/invoices/lines?query=pra&contact_id={first.contact_id}").text
    assert 'data-label="Práce"' in offered
    assert 'data-net="100"' in offered
    assert 'data-vat_rate="21"' in offered
    assert 'data-label="Práce"' not in owner.get("/applecorp/invoices/lines?query=pra").text


def test_a_product_that_is_picked_is_moved_and_stays_on_the_line_and_on_its_copy(
    owner: Browser, service: Service, firm: Firm
) -> None:
    contact = add(service, firm, "Karel")
    said = {"name": "Mošt", "sku": "M-1", "track_quantity": True, "stock": Decimal(5), "unit_net_price": Decimal(80)}
    item = in_books(
        service, firm, lambda books: add_item(books, Given(said | {"purchase_unit_net_price": Decimal(40)}))
    )

    def stock() -> Decimal:
        return in_books(service, firm, lambda books: books.find(Product, item.id).stock)

    assert f'data-product="{item.id}"' in owner.get("/applecorp/invoices/lines?query=most").text
    picked = LINE | {"lines-0-product": str(item.id), "lines-0-name": "Mošt jablečný"}
    terms = {"contact_id": str(contact.id), "kind": "invoice", "issued_on": "2026-11-28"}
    assert "There are not so many in stock." in owner.post(TOTALS, **terms, **picked | {"lines-0-quantity": "6"}).text
    refused = owner.post(NEW, **terms, **picked | {"lines-0-quantity": "6"})
    assert (refused.status_code, stock()) == (422, Decimal(5))
    owner.post(NEW, **terms, **picked)
    [invoice] = documents(service, firm)
    assert (stock(), invoice.lines[0].product_id, invoice.lines[0].name) == (Decimal(3), item.id, "Mošt jablečný")
    assert (
        f'data-product="{item.id}"' in owner.get(f"/applecorp/invoices/lines?query=most&contact_id={contact.id}").text
    )

    page = owner.get(f"/applecorp/invoices/{invoice.id}/edit").text
    kept = {name: typed_in(page, name) for name in ("lines-0-id", "lines-0-product")}
    owner.post(f"/applecorp/invoices/{invoice.id}/edit", **terms, **picked | kept | {"lines-0-quantity": "1"})
    assert stock() == 4
    assert typed_in(owner.get(f"/applecorp/invoices/{invoice.id}/copy").text, "lines-0-product") == str(item.id)


def test_whoever_may_only_read_gets_no_editor(app: Flask, database: Database, clock: Clock, service: Service) -> None:
    firm = open_firm(database, clock, "readers", permission="read", language="en")
    invoice = issue(service, firm)
    reader = Browser(app)
    reader.sign_in(firm.user.email)

    for path in ("new", f"{invoice.id}/copy", f"{invoice.id}/edit"):
        assert reader.get(f"/readers/invoices/{path}").status_code == 403
    reader.get("/readers/invoices")
    for path in ("new", "totals", "drafts", f"{invoice.id}/edit"):
        assert reader.post(f"/readers/invoices/{path}", **LINE).status_code == 403
    assert 'href="/readers/invoices/new"' not in reader.get("/readers/invoices").text


def test_documents_and_drafts_of_another_account_are_not_found(
    owner: Browser, database: Database, clock: Clock, service: Service
) -> None:
    other = open_firm(database, clock, "others")
    invoice = issue(service, other)
    draft = in_books(service, other, lambda books: keep_draft(books, None, [("a", "b")], {"kind": "invoice"}))
    owner.get(NEW)

    for path in (f"{invoice.id}/copy", f"{invoice.id}/edit", f"drafts/{draft.id}", f"drafts/{draft.id}/drop"):
        assert owner.get(f"/applecorp/invoices/{path}").status_code == 404, path
    assert owner.post(NEW, draft=str(draft.id), **LINE).status_code == 404
    assert owner.post(TOTALS, changes=str(invoice.id), **LINE).status_code == 404


def test_a_document_of_a_thousand_lines_is_typed_and_issued(owner: Browser, service: Service, firm: Firm) -> None:
    contact = add(service, firm, "Karel")
    columns = {"name": "Práce na zahradě", "quantity": "1", "unit": "hod", "unit_price": "1", "vat_rate": "21"}
    lines = {f"lines-{n}-{name}": text for n in range(1000) for name, text in columns.items()}
    owner.get(NEW)
    done = owner.post(NEW, contact_id=str(contact.id), kind="invoice", **lines)

    assert done.status_code == 303
    [invoice] = documents(service, firm)
    assert (len(invoice.lines), invoice.net_total) == (1000, Decimal(1000))
