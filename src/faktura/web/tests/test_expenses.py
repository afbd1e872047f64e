"""The expenses of an account: listed, entered beside their files, changed, paid, locked and deleted."""

import re
from decimal import Decimal
from functools import partial
from html import unescape
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.contacts import change_contact, find_contact
from faktura.core.documents.attachments import GivenFile
from faktura.core.errors import Given
from faktura.core.inventory.items import add_item
from faktura.core.people.users import add_user, join
from faktura.core.received.accounting import account_for
from faktura.core.received.change import let_happen_to_expense
from faktura.core.received.find import find_expense
from faktura.core.received.pay import pay_expense
from faktura.core.received.record import Expense
from faktura.web.tests.conftest import Browser, add, enter, in_books, in_office
from faktura.wire.service import Service
from tests.firm import Firm

LIST = "/applecorp/expenses"


def typed(supplier_id: int, **values: Any) -> dict[str, Any]:
    """What a browser sends of a form that is filled in."""
    return {
        "contact_id": str(supplier_id),
        "contact_id-words": "Dodavatel",
        "kind": "invoice",
        "issued_on": "2026-11-20",
        "received_on": "21. 11. 2026",
        "due_on": "2026-12-04",
        "payment_method": "bank",
        "currency": "CZK",
        "price_mode": "without_vat",
        "deductible_percent": "100",
        "lines-0-name": "Benzin",
        "lines-0-quantity": "2",
        "lines-0-unit_price": "1 250,50",
        "lines-0-vat_rate": "21",
        "lines-1-name": "",
    } | values


def kept(service: Service, firm: Firm, expense_id: int) -> Expense:
    return in_books(service, firm, lambda books: find_expense(books, expense_id))


def plain(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ").split())


def last_of(address: str | None) -> int:
    return int((address or "").rpartition("/")[2])


@pytest.fixture
def supplier_id(service: Service, firm: Firm) -> int:
    return add(service, firm, "Dodavatel", iban="CZ6508000000192000145399").id


def test_an_expense_is_entered_with_its_file(owner: Browser, service: Service, firm: Firm, supplier_id: int) -> None:
    owner.get(f"{LIST}/new")
    said = typed(supplier_id, original_number="77", tags="auto, cesta")
    name = "C:\\scans\\účtenka.pdf"
    entered = owner.send_file(f"{LIST}/new", content=b"%PDF", filename=name, under="file", **said)
    assert entered.status_code == 303
    new = kept(service, firm, last_of(entered.location))
    page = owner.get(entered.location or "")

    assert (new.gross_total, new.received_on.isoformat(), new.tags) == (
        Decimal("3026.21"),
        "2026-11-21",
        ("auto", "cesta"),
    )
    assert (new.seller.name, new.iban, new.original_number) == ("Dodavatel", "CZ6508000000192000145399", "77")
    text = plain(page.text)
    assert "The expense was entered." in text
    assert "3,026.21" in text
    fetched = owner.get(f"{LIST}/{new.id}/files/{new.attachments[0].id}")
    assert (fetched.data, fetched.headers["Content-Type"]) == (b"%PDF", "application/pdf")
    assert fetched.headers["Content-Disposition"].startswith("attachment;")


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    owner.get(f"{LIST}/new")
    wrong = typed(supplier_id, due_on="2026-01-01", exchange_rate="moc", description="Cesta do Písku")
    refused = owner.post(f"{LIST}/new", **(wrong | {"contact_id": "", "contact_id-words": "Dodav"}))

    assert refused.status_code == 422
    for name in ("contact_id", "exchange_rate"):
        assert f'id="{name}-wrong"' in refused.text
    assert "Cesta do Písku" in refused.text
    assert "Dodavatel" in refused.text, "what was typed fits a contact, which is offered"
    late = owner.post(f"{LIST}/new", **typed(supplier_id, due_on="2026-01-01"))
    assert 'id="due_on-wrong"' in late.text
    assert in_books(service, firm, lambda books: books.count(Expense)) == 0


def test_a_form_that_is_sent_twice_enters_once(owner: Browser, service: Service, firm: Firm, supplier_id: int) -> None:
    addresses = set()
    for _ in range(2):
        owner.get(f"{LIST}/new")
        addresses.add(owner.post(f"{LIST}/new", **typed(supplier_id, once="twice")).location)

    assert len(addresses) == 1
    assert in_books(service, firm, lambda books: books.count(Expense)) == 1


def test_totals_are_seen_before_anything_is_kept(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    owner.get(f"{LIST}/new")
    part = owner.post_part(f"{LIST}/totals", **typed(supplier_id))
    whole = owner.post(f"{LIST}/totals", **typed(supplier_id))

    assert "3,026.21" in plain(part.text)
    assert "<html" not in part.text
    assert "3,026.21" in plain(whole.text)
    assert in_books(service, firm, lambda books: books.count(Expense)) == 0


def test_a_change_adds_changes_and_removes_lines(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    two = [Given({"name": name, "unit_price": Decimal(100), "vat_rate": Decimal(21)}) for name in ("A", "B")]
    expense = enter(service, firm, supplier, lines=two)
    page = owner.get(f"{LIST}/{expense.id}/edit").text
    assert f'value="{expense.lines[0].id}"' in page

    lines = {"lines-0-id": str(expense.lines[0].id), "lines-0-unit_price": "50", "lines-2-name": "C"}
    changed = owner.post(f"{LIST}/{expense.id}/edit", **typed(supplier_id, **lines, **{"lines-2-unit_price": "7"}))

    new = kept(service, firm, expense.id)
    assert changed.status_code == 303
    assert [(line.name, str(line.entered)) for line in new.lines] == [("Benzin", "50"), ("C", "7")]
    assert new.lines[0].id == expense.lines[0].id


def test_money_is_written_down_and_taken_back(owner: Browser, service: Service, firm: Firm, supplier_id: int) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    expense = enter(service, firm, supplier)
    assert 'value="121"' in owner.get(f"{LIST}/{expense.id}/payments/new").text

    paid = owner.post(f"{LIST}/{expense.id}/payments/new", amount="121", paid_on="2026-11-20")
    assert paid.location == f"{LIST}/{expense.id}"
    [payment] = kept(service, firm, expense.id).payments
    assert "Paid" in plain(owner.get(f"{LIST}/{expense.id}").text)
    twice = owner.post(f"{LIST}/{expense.id}/payments/new", amount="1", paid_on="2026-11-20")
    assert twice.status_code == 409
    owner.post(f"{LIST}/{expense.id}/payments/{payment.id}/remove")
    assert kept(service, firm, expense.id).payments == ()


def test_what_is_locked_is_neither_changed_nor_deleted_until_it_is_unlocked(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    expense = enter(service, firm, supplier)
    owner.get(f"{LIST}/{expense.id}")
    owner.post(f"{LIST}/{expense.id}/lock")

    assert "Locked" in plain(owner.get(f"{LIST}/{expense.id}").text)
    assert owner.get(f"{LIST}/{expense.id}/edit").status_code == 409
    assert owner.post(f"{LIST}/{expense.id}/edit", **typed(supplier_id)).status_code == 409
    assert owner.post(f"{LIST}/{expense.id}/delete").status_code == 409
    owner.post(f"{LIST}/{expense.id}/unlock")
    owner.get(f"{LIST}/{expense.id}/delete")
    assert owner.post(f"{LIST}/{expense.id}/delete").location == LIST
    assert owner.get(f"{LIST}/{expense.id}").status_code == 404


def test_a_list_is_under_heads_searched_and_filtered(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    first = enter(service, firm, supplier, description="Benzin", kind="bill", tags=("auto",))
    second = enter(service, firm, supplier, original_number="FV-9")
    in_books(service, firm, lambda books: let_happen_to_expense(books, first.id, "lock"))

    def listed(query: str) -> set[str]:
        return set(re.findall(r"N\d{8}", plain(owner.get(f"{LIST}?{query}").text)))

    both = {first.number, second.number}
    assert listed("") == listed("part=unpaid") == listed(f"subject={supplier_id}") == listed("query=dodavatel") == both
    assert listed("part=paid") == listed("part=overdue") == listed("query=nikde") == set()
    assert listed("query=fv-9") == listed("kind=invoice") == {second.number}
    assert listed("kind=bill") == listed("tag=auto") == {first.number}
    assert "There is no such day." in plain(owner.get(f"{LIST}?since=x").text)


def _say(expense_id: int, accounting: str, category: str, books: Books) -> Expense:
    return account_for(books, find_expense(books, expense_id), accounting, category=category)


def test_a_list_is_chosen_by_the_books_and_by_what_was_bought(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    fuel, lunch, taxi = (enter(service, firm, supplier) for _ in range(3))
    in_books(service, firm, lambda books: pay_expense(books, lunch.id, Given({})))
    booked = ((fuel, "accounted", "paliwo"), (lunch, "accounted", "inne"), (taxi, "to_clarify", "paliwo"))
    for one, said, category in booked:
        in_books(service, firm, partial(_say, one.id, said, category))

    def listed(query: str) -> set[str]:
        return set(re.findall(r"N\d{8}", plain(owner.get(f"{LIST}?{query}").text)))

    for order in ("entered", "-entered", "total", "-due"):
        assert listed(f"accounting=accounted&sort={order}") == {fuel.number, lunch.number}
        assert listed(f"category=paliwo&sort={order}") == {fuel.number, taxi.number}
        assert listed(f"category=paliwo&accounting=accounted&sort={order}") == {fuel.number}
    assert listed("accounting=accounted&part=paid") == {lunch.number}
    assert listed("accounting=rejected") == listed("category=internet") == set()
    assert listed("accounting=nonsense&category=nonsense") == {fuel.number, lunch.number, taxi.number}
    page = owner.get(f"{LIST}?accounting=to_clarify&category=paliwo").text
    chips = plain(page[page.index('<p class="count">') : page.index("<table")])
    assert all(words in chips for words in ("1 expense", "To be cleared up", "Paliwo"))


def test_an_expense_is_found_by_the_search_and_from_its_supplier(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    expense = enter(service, firm, supplier, original_number="FV-9")
    in_books(service, firm, lambda books: change_contact(books, supplier_id, Given({"role": "both"})))

    assert f'href="{LIST}/{expense.id}"' in owner.get("/applecorp/search?query=fv-9").text
    assert f'href="{LIST}?subject={supplier_id}"' in owner.get(f"/applecorp/subjects/{supplier_id}").text


def test_whoever_may_not_see_expenses_sees_nothing_of_them(
    browser: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    expense = enter(service, firm, supplier, files=[GivenFile("a.pdf", "application/pdf", b"x")])
    user = in_office(service, lambda office: add_user(office, "u@x.example", "Eva", firm.user.password_hash, "en"))
    in_books(service, firm, lambda books: join(books, user, "write", ("invoices",)))
    browser.sign_in("u@x.example")

    for path in (
        "",
        "/new",
        f"/{expense.id}",
        f"/{expense.id}/edit",
        f"/{expense.id}/files/{expense.attachments[0].id}",
    ):
        assert browser.get(f"{LIST}{path}").status_code == 403, path
    for path in ("history", "search?query=dodavatel"):
        assert expense.number not in browser.get(f"/applecorp/{path}").text


def test_whoever_only_reads_sees_no_verb(browser: Browser, service: Service, firm: Firm, supplier_id: int) -> None:
    supplier = in_books(service, firm, lambda books: find_contact(books, supplier_id))
    expense = enter(service, firm, supplier)
    user = in_office(service, lambda office: add_user(office, "u@x.example", "Eva", firm.user.password_hash, "en"))
    in_books(service, firm, lambda books: join(books, user, "read"))
    browser.sign_in("u@x.example")
    page = browser.get(f"{LIST}/{expense.id}").text

    for verb in ("edit", "delete", "payments/new", "lock"):
        assert f"{expense.id}/{verb}" not in page
        ask = browser.post if verb == "lock" else browser.get
        assert ask(f"{LIST}/{expense.id}/{verb}").status_code == 403, verb


def test_a_product_is_offered_at_what_it_costs_and_comes_into_stock(
    owner: Browser, service: Service, firm: Firm, supplier_id: int
) -> None:
    said = {"name": "Mošt", "sku": "M-1", "track_quantity": True, "stock": Decimal(5), "unit_net_price": Decimal(80)}
    said |= {"purchase_unit_net_price": Decimal(40), "vat_rate": Decimal(21)}
    item = in_books(service, firm, lambda books: add_item(books, Given(said)))
    sold = Given(said | {"name": "Mošt pro hosty", "sku": "M-2", "suggested_for": "invoices"})
    in_books(service, firm, lambda books: add_item(books, sold))

    offered = owner.get(f"{LIST}/lines?query=most").text
    assert f'data-product="{item.id}"' in offered
    assert 'data-net="40"' in offered
    assert "Mošt pro hosty" not in offered
    page = owner.get(f"{LIST}/new").text
    assert f'data-pick="{LIST}/lines"' in page
    line = {"lines-0-name": "Mošt", "lines-0-product": str(item.id), "lines-0-unit_price": "45"}
    new = last_of(owner.post(f"{LIST}/new", **typed(supplier_id, **line)).location)
    found = in_books(service, firm, lambda books: books.find(Product, item.id))
    assert (found.stock, found.bought_value) == (Decimal(7), Decimal(290))

    line_id = kept(service, firm, new).lines[0].id
    again = line | {"lines-0-id": str(line_id), "lines-0-quantity": "3"}
    owner.get(f"{LIST}/{new}/edit")
    owner.post(f"{LIST}/{new}/edit", **typed(supplier_id, **again))
    assert in_books(service, firm, lambda books: books.find(Product, item.id)).stock == Decimal(8)


def test_how_it_stands_in_the_books_is_said_with_a_note(owner: Browser, service: Service, firm: Firm) -> None:
    made = enter(service, firm, add(service, firm, "Benzina"))
    page = f"{LIST}/{made.id}"
    assert "Not in the books" in plain(owner.get(page).text)

    assert owner.get(f"{page}/accounting").status_code == 200
    said = owner.post(f"{page}/accounting", accounting="rejected", content="Nečitelné <b>")
    assert said.status_code == 303
    shown = owner.get(page).text
    assert "Sent back" in plain(shown)
    assert "Nečitelné &lt;b&gt;" in shown
    assert firm.user.full_name in plain(shown)
    assert kept(service, firm, made.id).notes[0].kind == "rejected_reason"

    owner.post(f"{page}/accounting", accounting="accounted", content="", category="paliwo")
    after = kept(service, firm, made.id)
    assert (after.accounting, after.category, after.accounted_on) == ("accounted", "paliwo", service.clock.now().date())
    assert "Paliwo" in plain(owner.get(page).text)


def test_a_state_that_the_books_do_not_know_changes_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    made = enter(service, firm, add(service, firm, "Benzina"))
    address = f"{LIST}/{made.id}/accounting"

    owner.get(address)
    assert owner.post(address, accounting="nonsense").status_code == 422
    assert owner.post(address, accounting="open", content="x" * 2001).status_code == 422
    assert owner.post(address, accounting="open", category="nonsense").status_code == 422
    assert kept(service, firm, made.id) == made
