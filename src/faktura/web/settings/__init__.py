"""Settings of an account: what the firm says of itself, how its documents look, and who works with it."""

from flask import Blueprint

pages = Blueprint("settings", __name__)
