"""Templates from which documents are made, shown to members; they are kept through the APIs."""

from flask import Blueprint

pages = Blueprint("generators", __name__)
