"""Files for bookkeeping: of a month, a quarter, or whatever documents were chosen."""

from flask import Blueprint

pages = Blueprint("export", __name__)
