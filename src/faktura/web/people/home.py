"""The first page: the accounts of the person."""

from flask import Blueprint, render_template

from faktura.core.people.users import accounts_of
from faktura.web.door.database import read
from faktura.web.door.people import person

pages = Blueprint("home", __name__)


@pages.get("/")
def show() -> str:
    user = person().user
    return render_template("home.html", places=read(lambda office: accounts_of(office, user)))
