"""The products of an account: listed, added, changed and deleted."""

import re
from decimal import Decimal

from flask import Flask

from faktura.core.catalogue import Product, add_product
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.inventory.record import StockMove
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser, in_books, issue
from faktura.web.tests.test_export import signed_in
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

LIST = "/applecorp/inventory_items"


def product(service: Service, firm: Firm, name: str = "Práce", **values: object) -> Product:
    given = Given({"name": name, "unit_net_price": Decimal(100), "vat_rate": Decimal(21)} | values)
    return in_books(service, firm, lambda books: add_product(books, given))


def kept(service: Service, firm: Firm, product_id: int) -> Product:
    return in_books(service, firm, lambda books: books.find(Product, product_id))


def test_a_product_is_added_with_the_prices_that_follow(owner: Browser, service: Service, firm: Firm) -> None:
    page = owner.get(f"{LIST}/new").text
    rates = ["21", "12", "0", "exempt", "not_subject", "reverse_charge"]
    assert re.findall(r'<option value="(\w+)"', page)[: len(rates)] == rates
    typed = {"unit_net_price_before_discount": "1 250,50", "vat": "12", "discount": "10", "unit": "hod"}
    added = owner.post(f"{LIST}/new", name="Konzultace", **typed)
    shown = owner.get(added.location).text
    new = kept(service, firm, int(added.location.rpartition("/")[2]))

    assert "Konzultace" in shown
    assert "12 %" in shown
    assert (new.unit_net_price, new.vat_rate, new.gross_price, new.unit) == (
        Decimal("1125.45"),
        Decimal(12),
        Decimal("1260.50"),
        "hod",
    )


def test_a_price_that_nobody_touched_stays_to_the_last_place(owner: Browser, service: Service, firm: Firm) -> None:
    old = product(service, firm, unit_net_price=Decimal("0.333333"), quantity=Decimal(1000))
    owner.get(f"{LIST}/{old.id}/edit")
    changed = owner.post(
        f"{LIST}/{old.id}/edit",
        name="Šroub",
        unit="",
        unit_net_price_before_discount="0,333333",
        vat="21",
        discount="0",
    )
    new = kept(service, firm, old.id)

    assert changed.status_code == 303
    assert (new.name, new.unit_net_price, new.net_price) == ("Šroub", old.unit_net_price, old.net_price)


def test_a_treatment_without_vat_takes_the_rate_away(owner: Browser, service: Service, firm: Firm) -> None:
    old = product(service, firm)
    assert '<option value="21" selected>' in owner.get(f"{LIST}/{old.id}/edit").text
    owner.post(f"{LIST}/{old.id}/edit", name="Práce", vat="exempt")
    new = kept(service, firm, old.id)

    assert (new.vat_treatment, new.vat_rate, new.gross_price) == ("exempt", Decimal(0), Decimal(100))
    assert '<option value="exempt" selected>' in owner.get(f"{LIST}/{old.id}/edit").text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_kept(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{LIST}/new")
    refused = owner.post(f"{LIST}/new", name=" ", unit_net_price_before_discount="drahé", vat="sto")

    assert refused.status_code == 422
    for name in ("name", "unit_net_price_before_discount", "vat"):
        assert f'id="{name}-wrong"' in refused.text
    assert 'value="drahé"' in refused.text
    assert in_books(service, firm, lambda books: books.count(Product)) == 0


def test_who_charges_no_vat_is_asked_for_none(app: Flask, database: Database, clock: Clock) -> None:
    firm = open_firm(database, clock, "small", language="en", vat_mode="non_vat_payer")
    owner = signed_in(app, firm)
    assert 'name="vat"' not in owner.get("/small/inventory_items/new").text
    added = owner.post("/small/inventory_items/new", name="Med", unit_net_price_before_discount="200")
    assert "CZK" in owner.get(added.location).text


def test_the_list_is_looked_through_and_sorted(owner: Browser, service: Service, firm: Firm) -> None:
    assert "There are no products yet" in owner.get(LIST).text
    for name, price in (("Bota", 30), ("Botník", 10), ("Klobouk", 20)):
        product(service, firm, name, unit_net_price=Decimal(price))

    def listed(path: str) -> list[str]:
        return re.findall(r'class="name"><a href="[^"]*">([^<]*)</a>', owner.get(path).text)

    assert listed(LIST) == ["Bota", "Botník", "Klobouk"]
    assert listed(f"{LIST}?sort=-price") == ["Bota", "Klobouk", "Botník"]
    assert listed(f"{LIST}?query=bot") == ["Bota", "Botník"]
    assert "No product fits" in owner.get(f"{LIST}?query=auto").text
    offered = owner.get(f"{LIST}/pick?query=boty").text
    assert "Nothing fits" in offered
    assert re.findall(r'data-label="([^"]*)"', owner.get(f"{LIST}/pick?query=bot").text) == ["Bota", "Botník"]


def test_a_product_is_deleted_after_it_was_named(owner: Browser, service: Service, firm: Firm) -> None:
    old = product(service, firm)
    assert "Delete Práce" in owner.get(f"{LIST}/{old.id}/delete").text
    assert owner.post(f"{LIST}/{old.id}/delete").location == LIST
    assert owner.get(f"{LIST}/{old.id}").status_code == 404


def test_products_of_others_are_not_found_and_a_reader_sees_no_verb(
    owner: Browser, service: Service, app: Flask, database: Database, clock: Clock
) -> None:
    firm = open_firm(database, clock, "readers", permission="read", language="en")
    old = product(service, firm)
    for path in (f"{LIST}/{old.id}", f"{LIST}/{old.id}/edit", f"{LIST}/{old.id}/delete", "/readers/inventory_items"):
        assert owner.get(path).status_code == 404
    reader = signed_in(app, firm)
    address = f"/readers/inventory_items/{old.id}"
    assert "/edit" not in reader.get(address).text
    assert "New product" not in reader.get("/readers/inventory_items").text
    reader.get(f"{address}/delete")
    assert reader.post(f"{address}/delete").status_code == 403


MOST = {"name": "Mošt", "sku": "M-1", "track_quantity": "yes", "unit_net_price_before_discount": "80", "vat": "21"}


def counted(owner: Browser, service: Service, firm: Firm, **values: str) -> Product:
    """A product of which ten are in stock, typed in the form."""
    typed = MOST | {"stock": "10", "purchase_unit_net_price": "40", "min_quantity": "5", "unit": "l"} | values
    owner.get(f"{LIST}/new")
    added = owner.post(f"{LIST}/new", **typed)
    assert added.status_code == 303
    return kept(service, firm, int(added.location.rpartition("/")[2]))


def test_a_product_that_is_counted_begins_with_what_is_there(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(f"{LIST}/new")
    refused = owner.post(f"{LIST}/new", **MOST | {"sku": ""})
    assert refused.status_code == 422
    assert "Fill this in." in refused.text
    assert owner.get(LIST).text.count("Mošt") == 0
    new = counted(owner, service, firm)
    page = owner.get(f"{LIST}/{new.id}").text

    assert (new.stock, new.sku, new.average_purchase_price) == (Decimal(10), "M-1", Decimal(40))
    assert ">10 l<" in page
    assert "by hand" in page
    assert f"{LIST}/{new.id}/delete" not in page


def test_goods_are_put_in_stock_and_taken_out_and_that_is_undone(owner: Browser, service: Service, firm: Firm) -> None:
    new = counted(owner, service, firm)
    moves = f"{LIST}/{new.id}/moves"
    assert '<option value="out" selected' in owner.get(f"{moves}/new?direction=out").text
    out = {"direction": "out", "moved_on": "2026-11-28"}
    refused = owner.post(f"{moves}/new", quantity_change="10,5", **out)
    assert refused.status_code == 422
    assert "There are not so many in stock." in refused.text
    assert 'value="10,5"' in refused.text

    owner.post(f"{moves}/new", quantity_change="6,5", **out)
    assert kept(service, firm, new.id).stock == Decimal("3.5")
    page = owner.get(f"{LIST}/{new.id}").text
    assert "Running low" in page
    assert "−6.5 l" in page
    [taken_back] = re.findall(rf'action="({moves}/\d+/remove)"', page)[:1]
    owner.post(taken_back)
    assert kept(service, firm, new.id).stock == Decimal(10)
    owner.get(f"{moves}/new")
    owner.post(f"{moves}/new", direction="in", moved_on="2026-11-28", quantity_change="2", purchase_price="52")
    found = kept(service, firm, new.id)
    assert (found.stock, found.average_purchase_price) == (Decimal(12), Decimal(42))
    assert owner.get(moves).text.count("by hand") == 2


def test_a_move_of_a_document_names_it_and_is_not_taken_back(owner: Browser, service: Service, firm: Firm) -> None:
    new = counted(owner, service, firm)
    line = Given({"product_id": new.id, "quantity": Decimal(4)})
    invoice = issue(service, firm, "Karel", lines=[line])
    page = owner.get(f"{LIST}/{new.id}").text

    assert f'<a href="/applecorp/invoices/{invoice.id}">{invoice.number}</a>' in page
    [moved] = [one for one in in_books(service, firm, lambda books: books.all(StockMove)) if one.document_id]
    address = f"{LIST}/{new.id}/moves/{moved.id}/remove"
    assert address not in page
    refused = owner.post(address)
    assert refused.status_code == 409
    assert "A document made this move. Change the document." in refused.text


def test_what_is_low_and_what_was_set_aside_are_listed_by_themselves(
    owner: Browser, service: Service, firm: Firm
) -> None:
    low, other = counted(owner, service, firm, min_quantity="11"), counted(owner, service, firm, sku="M-2", name="Ocet")
    assert "Mošt" in owner.get(f"{LIST}?part=low").text
    assert "Ocet" not in owner.get(f"{LIST}?part=low").text
    owner.post(f"{LIST}/{other.id}/aside")
    assert "Ocet" in owner.get(f"{LIST}?part=aside").text
    assert "There is no such product." in owner.get(f"{LIST}?part=aside&query=zz").text
    owner.post(f"{LIST}/{other.id}/offer")
    assert not kept(service, firm, other.id).archived
    fresh = product(service, firm, "Nový")
    owner.get(f"{LIST}/{fresh.id}/edit")
    assert owner.post(f"{LIST}/{fresh.id}/aside").status_code == 409
    assert low.low_since is not None


def test_a_change_of_a_product_that_is_counted_moves_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    new = counted(owner, service, firm)
    page = owner.get(f"{LIST}/{new.id}/edit").text
    assert 'name="stock"' not in page
    typed = MOST | {"purchase_unit_net_price": "40", "min_quantity": "12", "unit": "l", "stock": "99"}
    owner.post(f"{LIST}/{new.id}/edit", **typed)

    found = kept(service, firm, new.id)
    assert (found.stock, found.min_quantity, found.low_since is None) == (Decimal(10), Decimal(12), False)


def test_who_may_only_read_moves_nothing(app: Flask, database: Database, clock: Clock, service: Service) -> None:
    firm = open_firm(database, clock, permission="read", language="en")
    reader = signed_in(app, firm)
    item = product(service, firm, sku="M-1", track_quantity=True)

    assert "moves/new" not in reader.get(f"{LIST}/{item.id}").text
    assert reader.get(f"{LIST}/{item.id}/moves").status_code == 200
    assert reader.get(f"{LIST}/{item.id}/moves/new").status_code == 403
    assert reader.post(f"{LIST}/{item.id}/moves/new", direction="in", quantity_change="1").status_code == 403
