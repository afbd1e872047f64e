"""One search over everything of an account."""

from flask import Blueprint

pages = Blueprint("search", __name__)
