"""The inbox: files that nobody has entered as an expense yet."""

from flask import Blueprint

pages = Blueprint("inbox", __name__)
