"""The set-up of a new server in the browser: its first person, their firm, where it is paid, how its documents look."""

from flask import Blueprint

pages = Blueprint("setup", __name__)
