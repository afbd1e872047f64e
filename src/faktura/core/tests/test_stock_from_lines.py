"""What lines of documents move in stock: with every change of a document, and never more or less than they say."""

import datetime as dt
import random
import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest
from msgspec.structs import replace

from faktura.core.books.books import Books
from faktura.core.catalogue import Product, delete_product
from faktura.core.documents.record import Stocked
from faktura.core.errors import Given, InUse, Invalid, Refusal, WrongState
from faktura.core.generators.change import add_generator
from faktura.core.generators.recur import issue_due
from faktura.core.inventory.items import change_item
from faktura.core.inventory.moves import add_move, change_move, delete_move
from faktura.core.inventory.record import StockMove
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.compose import compose_invoice
from faktura.core.invoices.correct import correction_of
from faktura.core.invoices.events import fire
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.received.change import change_expense, delete_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.record import Expense
from faktura.core.tests.conftest import NOON, Firm, a_firm, change, line, pay
from faktura.core.tests.test_stock import findings, item, move, moves_of, now
from faktura.store.database import Database
from faktura.store.records import changed

T = TypeVar("T")


def of(product: Product, quantity: int | str = 1, price: int | str = 150, **values: Any) -> Given:
    return line(price, quantity=quantity, product_id=product.id, **values)


def stock(firm: Firm, product: Product) -> Decimal:
    return now(firm, product).stock


def enter(firm: Firm, *lines: Given, **values: Any) -> Expense:
    return firm.do(enter_expense, Given({"contact_id": firm.contact.id, "lines": list(lines)} | values))


def by_documents(firm: Firm, product: Product) -> list[StockMove]:
    return [one for one in moves_of(firm, product) if one.document_id is not None]


def test_what_is_sold_goes_out_on_the_day_of_issue_at_what_it_cost(firm: Firm) -> None:
    product = item(firm, 10, 100)
    invoice = firm.issue(of(product, 3, 150))

    [moved] = by_documents(firm, product)
    assert (moved.direction, moved.quantity_change, moved.moved_on) == ("out", 3, invoice.issued_on)
    assert (moved.purchase_price, moved.retail_price, moved.native_value) == (100, 150, 300)
    assert (moved.document_kind, moved.document_id, moved.line_id) == ("invoices", invoice.id, invoice.lines[0].id)
    assert invoice.lines[0].stocked == Stocked("MOST-1", move_id=moved.id)
    assert stock(firm, product) == 7
    assert findings(firm.database) == []


def test_what_is_bought_comes_in_and_counts_in_the_average_and_last_price(firm: Firm) -> None:
    product = item(firm, 10, 100)
    expense = enter(firm, of(product, 5, 130))

    found = now(firm, product)
    assert (found.stock, found.average_purchase_price, found.last_purchase_price) == (15, 110, 130)
    dearer = Given({"id": expense.lines[0].id, "unit_price": Decimal(160)})
    firm.do(change_expense, expense.id, Given({"lines": [dearer]}))
    assert now(firm, product).average_purchase_price == 120
    firm.do(delete_expense, expense.id)
    assert now(firm, product) == changed(product, version=now(firm, product).version)


def test_what_is_bought_abroad_costs_what_it_is_worth_here(firm: Firm) -> None:
    product = item(firm, 0, 100)
    enter(firm, of(product, 2, 4), currency="EUR", exchange_rate=Decimal(25))

    [moved] = by_documents(firm, product)
    assert (moved.purchase_price, moved.purchase_currency, moved.native_purchase_price) == (4, "EUR", 100)


@pytest.mark.parametrize("kind", ["proforma", "tax_document"])
def test_a_document_of_an_advance_moves_nothing(firm: Firm, kind: str) -> None:
    product = item(firm)
    invoice = firm.issue(of(product, 3), kind=kind)

    assert by_documents(firm, product) == []
    assert invoice.lines[0].stocked == Stocked("MOST-1")


def test_the_invoice_that_a_paid_proforma_has_issued_moves_once(firm: Firm) -> None:
    product = item(firm, 5)
    proforma = firm.issue(of(product, 3), kind="proforma")
    pay(firm, proforma)

    [moved] = by_documents(firm, product)
    assert moved.document_id != proforma.id
    assert stock(firm, product) == 2
    assert findings(firm.database) == []


def test_a_payment_whose_invoice_takes_what_is_not_there_is_refused(firm: Firm) -> None:
    product = item(firm, 1)
    proforma = firm.issue(of(product, 3), kind="proforma")

    with pytest.raises(Invalid):
        pay(firm, proforma)
    assert firm.again(proforma) == proforma
    assert stock(firm, product) == 1


def test_a_credit_note_brings_back_what_it_corrects(firm: Firm) -> None:
    product = item(firm, 10)
    invoice = firm.issue(of(product, 4))
    chosen = Given({"quantities": {invoice.lines[0].id: Decimal(3)}, "reason": "Vráceno"})
    firm.do(lambda books: issue_invoice(books, correction_of(books, invoice.id, chosen)))

    assert [(m.direction, m.quantity_change) for m in by_documents(firm, product)] == [("out", 4), ("in", 3)]
    assert stock(firm, product) == 9


def test_of_a_line_before_and_after_the_difference_comes_back(database: Database) -> None:
    firm = a_firm(database, country="PL", currency="PLN")
    product = item(firm, 10)
    invoice = firm.issue(of(product, 4))
    chosen = Given({"quantities": {invoice.lines[0].id: Decimal(3)}, "reason": "Zwrot"})
    firm.do(lambda books: issue_invoice(books, correction_of(books, invoice.id, chosen)))

    assert [(m.direction, m.quantity_change) for m in by_documents(firm, product)] == [("out", 4), ("in", 3)]
    assert findings(firm.database) == []


@pytest.mark.parametrize("country", ["CZ", "PL"])
def test_what_a_correction_of_a_correction_puts_back_goes_out_again(database: Database, country: str) -> None:
    firm = a_firm(database, country=country)
    product = item(firm, 10)
    corrected = firm.issue(of(product, 4))
    for quantity in (3, 2):
        chosen = Given({"quantities": {corrected.lines[0].id: Decimal(quantity)}, "reason": "Vráceno"})
        corrected = firm.do(issue_invoice, firm.do(correction_of, corrected.id, chosen))

    assert [(m.direction, m.quantity_change) for m in by_documents(firm, product)] == [
        ("out", 4),
        ("in", 3),
        ("out", 2),
    ]
    assert (stock(firm, product), findings(firm.database)) == (7, [])


def test_what_is_given_back_at_a_negative_price_moves_the_other_way(firm: Firm) -> None:
    product = item(firm, 10)
    firm.issue(of(product, 2, -150))
    enter(firm, of(product, 5, -100))

    assert [m.direction for m in by_documents(firm, product)] == ["in", "out"]
    assert stock(firm, product) == 7


def test_a_change_of_a_line_changes_its_move_and_a_removed_line_removes_it(firm: Firm) -> None:
    product, other = item(firm, 10), item(firm, 10, sku="MOST-2")
    invoice = firm.issue(of(product, 4), of(product, 1))
    [first, second] = by_documents(firm, product)
    ids = [one.id for one in invoice.lines]

    change(firm, invoice, lines=[Given({"id": ids[0], "quantity": Decimal(6)}), Given({"id": ids[1], "remove": True})])
    [left] = by_documents(firm, product)
    assert (left.id, left.quantity_change, left.created_at) == (first.id, 6, first.created_at)
    assert second.id != left.id

    now_of_other = change(firm, invoice, lines=[Given({"id": ids[0], "product_id": other.id})])
    assert (stock(firm, product), stock(firm, other)) == (10, 4)
    assert now_of_other.lines[0].name == "Práce"
    change(firm, invoice, lines=[Given({"id": ids[0], "product_id": None})])
    assert (stock(firm, product), stock(firm, other)) == (10, 10)
    assert findings(firm.database) == []


def test_a_change_of_something_else_moves_nothing(firm: Firm) -> None:
    product = item(firm, 10)
    invoice = firm.issue(of(product, 4))
    before = now(firm, product), moves_of(firm, product)

    change(firm, invoice, note="Jinak", lines=[Given({"id": invoice.lines[0].id, "name": "Mošt"})])
    firm.do(fire, invoice.id, "mark_as_sent")
    pay(firm, invoice)

    assert (now(firm, product), moves_of(firm, product)) == before


def test_another_day_of_issue_is_another_day_of_the_move(firm: Firm) -> None:
    product = item(firm, 10)
    invoice = firm.issue(of(product, 4))
    day = invoice.issued_on.replace(day=2)
    change(firm, invoice, issued_on=day)

    assert [m.moved_on for m in by_documents(firm, product)] == [day]


def test_lines_that_replace_all_others_go_on_with_their_products(firm: Firm) -> None:
    """A program that knows no products sends the lines as they were, but for what it changes."""
    product = item(firm, 10)
    invoice = firm.issue(of(product, 4), line(100, name="Doprava"))
    change(firm, invoice, all_lines=[line(100, name="Doprava"), line(150, quantity=6)])
    assert stock(firm, product) == 4
    change(firm, invoice, all_lines=[line(150, quantity=6, name="Jiné")])
    assert stock(firm, product) == 10


@pytest.mark.parametrize("event", ["cancel", "delete"])
def test_what_is_cancelled_or_deleted_is_in_stock_again(firm: Firm, event: str) -> None:
    product = item(firm, 10)
    invoice = firm.issue(of(product, 4))
    if event == "delete":
        firm.do(delete_invoice, invoice.id)
        assert now(firm, product).stock == 10
        assert by_documents(firm, product) == []
        return
    cancelled = firm.do(fire, invoice.id, "cancel")
    assert (stock(firm, product), cancelled.lines[0].stocked) == (10, Stocked("MOST-1"))
    firm.do(fire, invoice.id, "undo_cancel")
    assert stock(firm, product) == 6
    assert findings(firm.database) == []


def test_more_than_there_is_is_not_sold_and_no_number_is_used_up(firm: Firm) -> None:
    product = item(firm, 3)
    for lines in ([of(product, 4)], [of(product, 2), of(product, 2)]):
        with pytest.raises(Invalid) as refused:
            firm.issue(*lines)
        assert [(name, [p.code for p in found]) for name, found in refused.value.problems.items()] == [
            ("lines.quantity", ["below_zero"])
        ]
    assert now(firm, product) == product

    first = firm.issue(of(product, 3))
    assert first.number.endswith("1")
    with pytest.raises(Invalid):
        change(firm, first, lines=[Given({"id": first.lines[0].id, "quantity": Decimal(4)})])
    assert firm.again(first) == first

    firm.do(change_item, product.id, Given({"allow_below_zero": True}))
    firm.issue(of(product, 4))
    assert stock(firm, product) == -4


def test_what_came_in_and_has_gone_out_since_is_not_taken_back(firm: Firm) -> None:
    product = item(firm, 0)
    expense = enter(firm, of(product, 4))
    invoice = firm.issue(of(product, 3))

    with pytest.raises(InUse):
        firm.do(delete_expense, expense.id)
    with pytest.raises(Invalid):
        firm.do(change_expense, expense.id, Given({"lines": [Given({"id": expense.lines[0].id, "remove": True})]}))
    firm.do(fire, invoice.id, "cancel")
    firm.issue(of(product, 4))
    with pytest.raises(WrongState, match="not_fired"):
        firm.do(fire, invoice.id, "undo_cancel")
    assert stock(firm, product) == 0
    assert findings(firm.database) == []


def test_the_move_of_a_document_is_changed_by_the_document_alone(firm: Firm) -> None:
    product = item(firm)
    firm.issue(of(product, 4))
    [moved] = by_documents(firm, product)

    with pytest.raises(WrongState, match="of_a_document"):
        firm.do(change_move, product.id, moved.id, Given({"quantity_change": Decimal(1)}))
    with pytest.raises(WrongState, match="of_a_document"):
        firm.do(delete_move, product.id, moved.id)
    assert stock(firm, product) == 6


def test_a_line_of_what_is_not_counted_moves_nothing_also_once_it_is_counted(firm: Firm) -> None:
    product = item(firm, track_quantity=False)
    invoice = firm.issue(of(product, 4))
    assert (invoice.lines[0].product_id, invoice.lines[0].stocked) == (product.id, None)

    firm.do(change_item, product.id, Given({"track_quantity": True}))
    change(firm, invoice, lines=[Given({"id": invoice.lines[0].id, "quantity": Decimal(5)})])
    assert moves_of(firm, product) == []


def test_what_was_deleted_is_on_no_new_line_and_stays_on_a_copy_as_words(firm: Firm) -> None:
    product = item(firm, track_quantity=False)
    proforma = firm.issue(of(product, 4), kind="proforma")
    firm.do(delete_product, product.id)

    with pytest.raises(Invalid) as refused:
        firm.issue(of(product))
    assert list(refused.value.problems) == ["lines.product_id"]
    pay(firm, proforma)
    assert findings(firm.database) == []


def test_a_preview_says_that_there_are_not_so_many_and_moves_nothing(firm: Firm) -> None:
    product = item(firm, 3)
    composed = firm.do(compose_invoice, Given({"contact_id": firm.contact.id, "lines": [of(product, 4)]}))

    assert [p.code for p in composed.problems["lines.quantity"]] == ["below_zero"]
    assert (now(firm, product), by_documents(firm, product)) == (product, [])


def test_a_line_says_of_its_product_what_nobody_said(firm: Firm) -> None:
    number: dict[str, Any] = {"article_number": "8590000000017", "article_number_type": "ean"}
    item(firm, unit="l", vat_rate=Decimal(12), **number)
    found = firm.issue(Given({"sku": "MOST-1"})).lines[0]

    assert found.name == "Mošt\r\nSKU: MOST-1\r\nEAN: 8590000000017"
    assert (found.unit, found.vat_rate, found.unit_net_price, found.quantity) == ("l", 12, 150, 1)
    said = firm.issue(Given({"sku": "MOST-1", "name": "Sleva", "unit": "", "unit_price": Decimal(1)})).lines[0]
    assert (said.name, said.unit, said.entered) == ("Sleva", "l", 1)


def test_the_price_of_a_product_is_without_vat_on_a_document_whose_prices_are_with_it(firm: Firm) -> None:
    item(firm, vat_rate=Decimal(21))
    found = firm.issue(Given({"sku": "MOST-1"}), price_mode="from_total_with_vat").lines[0]

    assert (found.unit_net_price, found.net, found.gross) == (150, 150, Decimal("181.5"))


def test_abroad_a_product_costs_its_price_in_that_currency_or_what_it_is_worth(firm: Firm) -> None:
    said = Given({"currency": "EUR", "amount": Decimal(7)})
    item(firm, retail_prices=[said])
    item(firm, sku="MOST-2")
    euro = {"currency": "EUR", "exchange_rate": Decimal(25)}
    lines = firm.issue(Given({"sku": "MOST-1"}), Given({"sku": "MOST-2"}), **euro).lines

    assert [one.entered for one in lines] == [7, 6]
    assert enter(firm, Given({"sku": "MOST-1"}), **euro).lines[0].entered == 4


def test_a_check_finds_a_move_that_is_not_what_its_line_says(firm: Firm) -> None:
    product = item(firm, 10)
    invoice = firm.issue(of(product, 4))

    def alter(books: Books) -> None:
        old = books.find(Invoice, invoice.id)
        books.change(old, changed(old, lines=tuple(replace(one, stocked=None) for one in old.lines)))

    firm.do(alter)
    assert any("its moves are not its lines'" in found for found in findings(firm.database))


def test_a_template_moves_nothing_and_what_it_issues_by_itself_does(firm: Firm) -> None:
    product = item(firm, 5)
    plan = {"recurring": True, "start_on": NOON.date(), "months": 1, "name": "Mošt", "contact_id": firm.contact.id}
    template = firm.do(add_generator, Given(plan | {"lines": [of(product, 3)]}))
    assert (stock(firm, product), template.lines[0].product_id) == (5, product.id)

    first = firm.do(issue_due, template.id)
    assert first is not None
    [moved] = by_documents(firm, product)
    assert (moved.document_id, moved.moved_on, stock(firm, product)) == (first.id, NOON.date(), 2)
    firm.clock.stand_at(NOON + dt.timedelta(days=31))
    with pytest.raises(Invalid):
        firm.do(issue_due, template.id)
    enter(firm, of(product, 10))
    assert firm.do(issue_due, template.id) is not None
    assert stock(firm, product) == 9
    assert findings(firm.database) == []


class Heard:
    """A cursor that remembers what is asked of it."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)

    def execute(self, sql: Any, *parameters: Any) -> Any:
        self.asked.append(str(sql))
        return self.cursor.execute(sql, *parameters)


def asked_of_stock(firm: Firm, verb: Callable[..., object], *arguments: Any) -> int:
    """How often a verb asks or writes about products and their moves."""

    def work(books: Books) -> int:
        heard = Heard(books.tx.cursor)
        books.tx.cursor = heard
        try:
            verb(books, *arguments)
        finally:
            books.tx.cursor = heard.cursor
        assert heard.asked
        return sum(" products" in sql or " stock_moves" in sql for sql in heard.asked)

    return firm.do(work)


def test_a_document_without_products_asks_nothing_about_stock(firm: Firm) -> None:
    given = Given({"contact_id": firm.contact.id, "lines": [line(100), line(50)]})
    assert asked_of_stock(firm, issue_invoice, given) == 0
    assert asked_of_stock(firm, enter_expense, given) == 0
    invoice = firm.issue()
    assert asked_of_stock(firm, change_invoice, invoice.id, Given({"lines": [line(30)]})) == 0
    assert asked_of_stock(firm, fire, invoice.id, "cancel") == 0
    # What belongs to it is removed unread.
    assert asked_of_stock(firm, delete_invoice, invoice.id) == 1


def test_a_change_beside_its_products_asks_nothing_about_stock(firm: Firm) -> None:
    invoice = firm.issue(of(item(firm), 2))

    assert asked_of_stock(firm, change_invoice, invoice.id, Given({"note": "Jinak"})) == 0
    assert asked_of_stock(firm, fire, invoice.id, "lock") == 0


def delete_that(books: Books, expense: Expense | None) -> None:
    if expense is not None:
        delete_expense(books, expense.id)


def deeds(firm: Firm, chosen: random.Random, products: list[Product]) -> Callable[[Books], object]:
    """Something that moves stock, by hand or by a document: of those that there are when it is done."""
    quantity = Decimal(chosen.randint(1, 4000)).scaleb(-3)
    product, roll = chosen.choice(products), chosen.random()

    def one_of(books: Books, cls: type[Any]) -> Any:
        found = books.all(cls)
        return found[int(roll * len(found))] if found else None

    def on_invoice(verb: Callable[[Books, Invoice], object]) -> Callable[[Books], object]:
        def work(books: Books) -> object:
            invoice = one_of(books, Invoice)
            return None if invoice is None else verb(books, invoice)

        return work

    lines = [of(product, str(quantity)), of(chosen.choice(products), 1)]
    said: dict[str, Any] = {"contact_id": firm.contact.id, "lines": lines}
    rewritten = {"all_lines": [of(chosen.choice(products), str(quantity))]}
    return chosen.choice(
        [
            lambda books: issue_invoice(books, Given(said)),
            lambda books: issue_invoice(books, Given(said | {"kind": "correction"})),
            lambda books: enter_expense(books, Given(said)),
            lambda books: add_move(books, product.id, move(chosen.choice(["in", "out"]), quantity, 10)),
            on_invoice(lambda books, invoice: change_invoice(books, invoice.id, Given(rewritten))),
            on_invoice(lambda books, invoice: delete_invoice(books, invoice.id)),
            on_invoice(lambda books, invoice: fire(books, invoice.id, "cancel")),
            on_invoice(lambda books, invoice: fire(books, invoice.id, "undo_cancel")),
            lambda books: delete_that(books, one_of(books, Expense)),
        ]
    )


@pytest.mark.parametrize("seed", range(4))
def test_stock_is_what_any_documents_and_moves_come_to(firm: Firm, seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    products = [item(firm, 10, sku=f"S{n}") for n in range(2)]
    refused = 0
    for _ in range(40):
        try:
            firm.do(deeds(firm, chosen, products))
        except Refusal:
            refused += 1

    assert 0 < refused < 40
    assert all(stock(firm, product) >= 0 for product in products)
    assert findings(firm.database) == []


def test_stock_is_what_documents_and_moves_at_the_same_time_come_to(firm: Firm) -> None:
    """Six threads, each with connections of its own."""
    products = [item(firm, 10, sku=f"S{n}") for n in range(2)]
    done: list[bool] = []

    def trade(seed: int) -> None:
        chosen = random.Random(seed)  # noqa: S311 (no secret)
        for _ in range(8):
            deed, at = deeds(firm, chosen, products), firm.clock.now()
            try:
                firm.database.write(lambda tx: deed(Books(tx, firm.account, None, at)), firm.account.id)  # noqa: B023
                done.append(True)
            except Refusal:
                done.append(False)

    threads = [threading.Thread(target=trade, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(done) == 48
    assert {True, False} == set(done)
    assert all(stock(firm, product) >= 0 for product in products)
    assert findings(firm.database) == []
