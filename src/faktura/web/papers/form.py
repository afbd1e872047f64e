"""A paper is written down or changed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.countries.pl.lists import transaction_kinds, vat_exemptions
from faktura.core.errors import Given
from faktura.core.papers.change import change_paper
from faktura.core.papers.enter import enter_paper
from faktura.core.papers.listing import day_to_come
from faktura.core.papers.record import Paper, PaperKind
from faktura.core.people.accounts import Account
from faktura.web.documents.fields import TREATMENTS, Desk, desk_of, typed_rate
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.names import CLASSIFICATIONS, PAPER_KINDS
from faktura.web.forms.fields import Choice, Date, Field, Lines, Money, Paragraphs, Text
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.numbers import typed_number
from faktura.web.forms.saving import save
from faktura.web.papers import pages
from faktura.web.papers.page import address_of
from faktura.web.products.form import told as with_vat

QUANTITY = Money("quantity", lazy_gettext("Quantity"))
UNIT_PRICE = Money("unit_price", lazy_gettext("Price of a unit"), required=True)
LUMP_SUM_RATE = Money("lump_sum_rate", lazy_gettext("Flat tax (%)"))
PRICES: dict[PaperKind, Money] = {
    "internal_invoice": Money("net", lazy_gettext("Without VAT")),
    "fiscal_report": Money("gross", lazy_gettext("With VAT")),
}


def paper_form(desk: Desk, kind: PaperKind) -> Form:
    return Form(
        Date("issued_on", lazy_gettext("Day"), required=True),
        *_FIELDS[kind](desk),
        Text("number", lazy_gettext("Number"), hint=lazy_gettext("Empty for the next one of its series.")),
        Paragraphs("note", lazy_gettext("Note")),
    )


def _of_daily_revenue(_desk: Desk) -> Iterator[Field]:
    yield Lines(
        "lines",
        lazy_gettext("Takings"),
        columns=(Money("unit_price", lazy_gettext("Amount")), QUANTITY, LUMP_SUM_RATE),
        telling=("unit_price",),
    )
    yield Text("description", lazy_gettext("Description"))
    yield Choice(
        "vat_exemption",
        lazy_gettext("Why no VAT is charged"),
        options=lambda: ((code, entry.name) for code, entry in vat_exemptions().items()),
        empty="",
    )


def _of_fiscal_report(desk: Desk) -> Iterator[Field]:
    yield _by_rate(desk, "fiscal_report", LUMP_SUM_RATE)


def _of_internal_invoice(desk: Desk) -> Iterator[Field]:
    yield Choice(
        "transaction_kind",
        lazy_gettext("Kind of transaction"),
        options=lambda: ((code, entry.name) for code, entry in transaction_kinds().items()),
    )
    yield _by_rate(desk, "internal_invoice")


def _of_internal_evidence(_desk: Desk) -> Iterator[Field]:
    yield Choice("classification", lazy_gettext("Classification"), options=CLASSIFICATIONS.items)
    yield Date("taxable_on", lazy_gettext("Date of supply"))
    yield Text("name", lazy_gettext("What"), required=True)
    yield from (UNIT_PRICE, QUANTITY, LUMP_SUM_RATE)


_FIELDS: dict[PaperKind, Any] = {
    "daily_revenue": _of_daily_revenue,
    "fiscal_report": _of_fiscal_report,
    "internal_invoice": _of_internal_invoice,
    "internal_evidence": _of_internal_evidence,
}


def _by_rate(desk: Desk, kind: PaperKind, *more: Field) -> Lines:
    rates = [(str(rate), f"{typed_number(rate)} %") for rate in desk.rates]
    vat, price = Choice("vat", lazy_gettext("VAT"), options=lambda: [*rates, *TREATMENTS.items()]), PRICES[kind]
    label = lazy_gettext("Amounts by rate")
    return Lines("lines", label, columns=(vat, price, *more), telling=(price.name,))


@pages.get("/<slug>/papers/new")
def new(slug: str) -> str:
    kind = _kind_asked()
    desk, day = read_books(slug, lambda books: (desk_of(books), day_to_come(books, kind)), "invoices", "write")
    rows = [{"vat": str(rate)} for rate in desk.rates or ["exempt"]] if kind in PRICES else []
    return _form(slug, kind, paper_form(desk, kind).filled(issued_on=day, lines=rows))


@pages.post("/<slug>/papers/new")
@keeps_typed
def add(slug: str) -> Response:
    kind = _kind_asked()
    return save(
        slug,
        paper_form(read_books(slug, desk_of), kind).posted(),
        lambda books, given: enter_paper(books, kind, told(kind, given)),
        then=lambda paper_id: address_of(slug, paper_id),
        again=lambda filled: _form(slug, kind, filled),
        done=lazy_gettext("The paper was written down."),
        scope="invoices",
    )


@pages.get("/<slug>/papers/<id:paper_id>/edit")
def edit(slug: str, paper_id: int) -> str:
    def work(books: Books) -> tuple[Desk, Paper]:
        return desk_of(books), books.find(Paper, paper_id)

    desk, paper = read_books(slug, work, "invoices", "write")
    return _form(slug, paper.kind, paper_form(desk, paper.kind).filled(shown_in(paper)), paper)


@pages.post("/<slug>/papers/<id:paper_id>/edit")
@keeps_typed
def change(slug: str, paper_id: int) -> Response:
    desk, old = read_books(slug, lambda books: (desk_of(books), books.find(Paper, paper_id)), "invoices")
    form = paper_form(desk, old.kind)

    def work(books: Books, given: Given) -> Paper:
        paper = books.find(Paper, paper_id)
        return change_paper(books, paper_id, told(paper.kind, given, form.filled(shown_in(paper)).given()))

    return save(
        slug,
        form.posted(),
        work,
        then=lambda _: address_of(slug, paper_id),
        again=lambda filled: _form(slug, old.kind, filled, old),
        done=lazy_gettext("The paper was changed."),
        scope="invoices",
    )


def told(kind: PaperKind, given: Given, shown: Given | None = None) -> Given:
    """In words of the core; lines that stand as they were `shown` are not computed again."""
    values = Given({name: value for name, value in given.items() if name not in _OF_THE_LINE}, given.unread)
    if kind == "internal_evidence":
        lines, before = [given.only(*_OF_THE_LINE)], None if shown is None else [shown.only(*_OF_THE_LINE)]
    else:
        lines, before = values.pop("lines", []), None if shown is None else shown["lines"]
    if lines != before:
        values["lines"] = [with_vat(line) for line in lines]
    return Given(values, {name: found for name, found in given.unread.items() if name not in _OF_THE_LINE})


def shown_in(paper: Paper) -> dict[str, Any]:
    """What the form shows of a paper."""
    values = {name: getattr(paper, name) for name in paper.__struct_fields__}
    if paper.kind == "internal_evidence":
        return values | _row(paper.lines[0])
    return values | {"lines": [_row(line) for line in paper.lines]}


def _row(line: Any) -> dict[str, Any]:
    shown: dict[str, Decimal | str] = {name: getattr(line, name) for name in ("name", "quantity", "lump_sum_rate")}
    prices = {"unit_price": line.unit_net_price, "net": line.net, "gross": line.gross}
    return shown | prices | {"vat": typed_rate(line.vat_rate, line.vat_treatment)}


def _kind_asked() -> PaperKind:
    return next((kind for kind in PAPER_KINDS if kind == request.args.get("kind")), "daily_revenue")


def _form(slug: str, kind: PaperKind, filled: Filled, paper: Paper | None = None) -> str:
    account: Account = read_books(slug, lambda books: books.account, "invoices", "write")
    action = url_for("papers.new", slug=slug, kind=kind) if paper is None else request.path
    return render_template("papers/form.html", account=account, kind=kind, paper=paper, filled=filled, action=action)


_OF_THE_LINE = ("name", "quantity", "unit_price", "lump_sum_rate")
"""What stands on the form of an internal evidence itself."""
