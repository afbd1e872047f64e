"""Papers without a buyer: what a Polish firm writes down for its own books."""

from flask import Blueprint

pages = Blueprint("papers", __name__)
