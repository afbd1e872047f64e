"""What is done with a paper by one press: it is put into the accounts or printed; and it is thrown away."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.papers.change import account_for_paper, delete_paper, mark_paper_printed
from faktura.core.papers.record import Paper
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save
from faktura.web.papers import pages
from faktura.web.papers.page import address_of, paper_page


@pages.post("/<slug>/papers/<id:paper_id>/account")
@keeps_typed
def account_now(slug: str, paper_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: account_for_paper(books, paper_id),
        then=lambda _: address_of(slug, paper_id),
        again=lambda filled: paper_page(slug, paper_id, filled),
        done=lazy_gettext("The paper is in the accounts."),
        scope="invoices",
    )


@pages.post("/<slug>/papers/<id:paper_id>/print")
@keeps_typed
def print_now(slug: str, paper_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: mark_paper_printed(books, books.find(Paper, paper_id)),
        then=lambda _: url_for("papers.pdf", slug=slug, paper_id=paper_id),
        again=lambda filled: paper_page(slug, paper_id, filled),
        scope="invoices",
    )


@pages.get("/<slug>/papers/<id:paper_id>/delete")
def delete(slug: str, paper_id: int) -> str:
    return _before_deleting(slug, paper_id, NOTHING.filled())


@pages.post("/<slug>/papers/<id:paper_id>/delete")
@keeps_typed
def delete_now(slug: str, paper_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_paper(books, paper_id),
        then=lambda _: url_for("papers.show_all", slug=slug),
        again=lambda filled: _before_deleting(slug, paper_id, filled),
        done=lazy_gettext("The paper was deleted."),
        scope="invoices",
    )


def _before_deleting(slug: str, paper_id: int, filled: Filled) -> str:
    account, paper = read_books(slug, lambda books: (books.account, books.find(Paper, paper_id)), "invoices", "write")
    return render_template("papers/delete.html", account=account, paper=paper, filled=filled)
