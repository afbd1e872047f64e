"""What needs a person: listed, and done by one press."""

from flask import Blueprint

pages = Blueprint("todos", __name__)
