"""What a customer was sent and owes, all on one page, behind a link and no password."""

from flask import Blueprint

pages = Blueprint("portal", __name__)
