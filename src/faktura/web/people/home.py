"""The first page: the accounts of the person, or the only one."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from faktura.core.people.first_run import no_account_is_open
from faktura.core.people.users import accounts_of
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
    return render_template("home.html", places=read(lambda office: accounts_of(office, user)))
