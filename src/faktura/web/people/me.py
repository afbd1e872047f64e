"""The person: how the pages look to them."""

from flask import Blueprint, render_template

pages = Blueprint("me", __name__)


@pages.get("/me")
def show() -> str:
    return render_template("people/me.html")


@pages.get("/me/shortcuts")
def shortcuts() -> str:
    return render_template("people/shortcuts.html")
