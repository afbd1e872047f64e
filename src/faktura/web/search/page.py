"""The search: as a page, and as what the palette offers."""

from flask import render_template, request

from faktura.core.books.books import Books
from faktura.core.people.accounts import Account
from faktura.web.documents.showing import Entry, entries_of
from faktura.web.door.books import read_books
from faktura.web.search import pages
from faktura.web.search.find import Found, find

ON_THE_PAGE = 20


@pages.get("/<slug>/search")
def show(slug: str) -> str:
    text = request.args.get("query", "").strip()

    def work(books: Books) -> tuple[Account, Found, list[Entry]]:
        found = find(books, text, ON_THE_PAGE)
        return books.account, found, entries_of(books, found.documents)

    account, found, documents = read_books(slug, work)
    return render_template("search/page.html", account=account, query=text, found=found, documents=documents)


@pages.get("/<slug>/search/pick")
def pick(slug: str) -> str:
    text = request.args.get("query", "").strip()
    found = read_books(slug, lambda books: find(books, text))
    return render_template("pick.html", options=found.options(slug))
