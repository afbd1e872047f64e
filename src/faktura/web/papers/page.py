"""A paper by itself, with all that happened to it, and its print."""

import io
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from flask import abort, render_template, send_file, url_for
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.countries.pl.lists import transaction_kinds, vat_exemptions
from faktura.core.errors import NotFound
from faktura.core.papers.record import ACCOUNTED, PRINTED, Paper
from faktura.core.people.accounts import Account
from faktura.outputs.printing.document import file_name
from faktura.outputs.printing.papers import print_paper
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.reading.context import Context, look_of
from faktura.store.queries import Condition, Order, Selection
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.waiting import is_done
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.history.events import Done, done_in
from faktura.web.papers import pages

MOST_EVENTS = 100

log = logging.getLogger(__name__)

PRINTING = 20.0
"""Seconds that somebody waits for a print, which goes on after them."""


class Looked(NamedTuple):
    account: Account
    paper: Paper
    happened: list[Done]


@pages.get("/<slug>/papers/<id:paper_id>")
def show(slug: str, paper_id: int) -> str:
    return paper_page(slug, paper_id, NOTHING.filled())


def paper_page(slug: str, paper_id: int, filled: Filled) -> str:
    """The page, also after a verb that has no page of its own was refused."""

    def work(books: Books) -> Looked:
        paper = books.find(Paper, paper_id)
        happened = books.some_in_order(Happening, _about(paper), MOST_EVENTS)
        return Looked(books.account, paper, done_in(books, happened))

    looked = read_books(slug, work, "invoices")
    paper = looked.paper
    return render_template(
        "papers/page.html",
        **looked._asdict(),
        filled=filled,
        may_be_accounted=paper.stage == "draft" and paper.kind in ACCOUNTED,
        is_printed=paper.kind in PRINTED,
        named=_named(paper),
    )


@pages.get("/<slug>/papers/<id:paper_id>/print.pdf")
def pdf(slug: str, paper_id: int) -> Response:
    """The paper on paper, in the language of its law."""

    def work(books: Books) -> tuple[Account, Paper, Context]:
        paper = books.find(Paper, paper_id)
        if paper.kind not in PRINTED:
            raise NotFound(Paper.table_name)
        return books.account, paper, look_of(books)

    account, paper, look = read_books(slug, work, "invoices")
    file = print_paper(service().printer, account, paper, look, "pl")
    if not is_done(file, PRINTING):
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    try:
        content = file.result()
    except NotPrinted as error:
        log.warning("paper %s was not printed: %s", paper.id, error)
        abort(HTTPStatus.SERVICE_UNAVAILABLE)
    return send_file(io.BytesIO(content), "application/pdf", download_name=file_name(paper), etag=False)


def address_of(slug: str, paper_id: int) -> str:
    return url_for("papers.show", slug=slug, paper_id=paper_id)


def _named(paper: Paper) -> Mapping[str, str]:
    """The entries of lists of law that it names."""
    kind = transaction_kinds().get(paper.transaction_kind or "")
    exemption = vat_exemptions().get(paper.vat_exemption or "")
    return {"transaction_kind": kind.name if kind else "", "vat_exemption": exemption.name if exemption else ""}


def _about(paper: Paper) -> Selection:
    named = Condition("kind", "eq", Paper.table_name), Condition("record_id", "eq", paper.id)
    return Selection(named, order=(Order("id", descending=True),))
