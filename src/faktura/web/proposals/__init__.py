"""What programs propose: listed, looked at, confirmed and refused."""

from flask import Blueprint

pages = Blueprint("proposals", __name__)
