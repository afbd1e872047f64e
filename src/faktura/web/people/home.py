"""The first page: the accounts of the person, with what each is owed, or the only one."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.invoices.debts import UNPAID, Debt, owed
from faktura.core.people.first_run import no_account_is_open
from faktura.core.people.users import Seat, accounts_of
from faktura.web.door.database import read
from faktura.web.door.frame import first_page
from faktura.web.door.people import person

pages = Blueprint("home", __name__)


@pages.get("/")
def show() -> Response:
    user = person().user
    places = read(lambda office: accounts_of(office, user))
    if not places and read(no_account_is_open):
        return redirect(url_for("setup.firm"))
    return redirect(first_page(places[0]) if len(places) == 1 else url_for("home.accounts"))


@pages.get("/me/accounts")
def accounts() -> str:
    user = person().user

    def work(office: Office) -> list[tuple[Seat, Debt | None]]:
        return [(seat, _owed(office, seat)) for seat in accounts_of(office, user)]

    return render_template("home.html", places=read(work))


def _owed(office: Office, seat: Seat) -> Debt | None:
    """What customers owe the account, where the person may see that."""
    account, membership = seat
    if account.blocked or "invoices" not in membership.scopes:
        return None
    return owed(Books(office.tx, account, membership.user_id, office.now, way=office.way), UNPAID)
