"""Templates, and those that issue by themselves: listed, typed, shown with what comes of them."""

from flask import Blueprint

pages = Blueprint("generators", __name__)
