"""What came in and went out of a product: all moves, one that a person writes down, and one that is taken back."""

from typing import NamedTuple

from flask import render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.inventory.moves import add_move, delete_move
from faktura.core.inventory.record import StockMove
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import Rows, rows_asked
from faktura.web.forms.fields import Choice, Date, Money, Paragraphs
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import Undoable, save
from faktura.web.history.records import Key, called
from faktura.web.products import pages
from faktura.web.products.page import address_of, moves_of, product_page, sources_of

DIRECTIONS = {"in": lazy_gettext("Into stock"), "out": lazy_gettext("Out of stock")}

MOVE = Form(
    Choice("direction", lazy_gettext("In or out"), options=DIRECTIONS.items),
    Date("moved_on", lazy_gettext("Day of the move"), required=True),
    Money("quantity_change", lazy_gettext("Quantity"), required=True),
    Money(
        "purchase_price",
        lazy_gettext("Purchase price of a unit"),
        hint=lazy_gettext("Of what goes out, empty means what one cost on average."),
    ),
    Paragraphs("private_note", lazy_gettext("Private note"), hint=lazy_gettext("Only members of the account see it.")),
)


class Listed(NamedTuple):
    account: Account
    product: Product
    rows: Rows[StockMove]
    sources: dict[Key, str]


@pages.get("/<slug>/inventory_items/<id:product_id>/moves")
def show_moves(slug: str, product_id: int) -> str:
    def work(books: Books) -> Listed:
        product = books.find(Product, product_id)
        rows = rows_asked(books, StockMove, moves_of(product))
        return Listed(books.account, product, rows, called(books, sources_of(rows.records)))

    return render_template("products/moves.html", **read_books(slug, work)._asdict(), filled=NOTHING.filled())


@pages.get("/<slug>/inventory_items/<id:product_id>/moves/new")
def new_move(slug: str, product_id: int) -> str:
    asked = request.args.get("direction", "in")
    today = read_books(slug, lambda books: books.today, deed="write")
    return _page(slug, product_id, MOVE.filled(direction=asked if asked in DIRECTIONS else "in", moved_on=today))


@pages.post("/<slug>/inventory_items/<id:product_id>/moves/new")
@keeps_typed
def move(slug: str, product_id: int) -> Response:
    return save(
        slug,
        MOVE.posted(),
        lambda books, given: add_move(books, product_id, given),
        then=lambda _: address_of(slug, product_id),
        again=lambda filled: _page(slug, product_id, filled),
        done=Undoable(
            lazy_gettext("The move was written down."),
            lambda made: url_for("inventory_items.take_back", slug=slug, product_id=product_id, move_id=made),
        ),
    )


@pages.post("/<slug>/inventory_items/<id:product_id>/moves/<id:move_id>/remove")
@keeps_typed
def take_back(slug: str, product_id: int, move_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_move(books, product_id, move_id),
        then=lambda _: address_of(slug, product_id),
        again=lambda filled: product_page(slug, product_id, filled),
        done=lazy_gettext("The move was taken back."),
    )


def _page(slug: str, product_id: int, filled: Filled) -> str:
    account, product = read_books(slug, lambda books: (books.account, books.find(Product, product_id)), deed="write")
    return render_template("products/move.html", account=account, product=product, filled=filled)
