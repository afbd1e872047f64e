"""The last requests of programs in an account."""

from flask import render_template, request

from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.settings import pages

ROWS = 50
FIRST_REFUSAL = 400


@pages.get("/<slug>/settings/requests")
def requests(slug: str) -> str:
    account, log = read_books(slug, lambda books: books.account, deed="manage"), service().requests
    entries, refused = log.of(account.id), request.args.get("refused") == "yes"
    shown = [one for one in entries if not refused or one.asked.status >= FIRST_REFUSAL]
    begin = min(max(request.args.get("from", 0, int), 0), len(shown))
    return render_template(
        "settings/requests.html",
        account=account,
        entries=shown[begin : begin + ROWS],
        count=len(shown),
        refused=refused,
        before=max(begin - ROWS, 0) if begin else None,
        after=begin + ROWS if begin + ROWS < len(shown) else None,
        processes=log.processes,
    )
