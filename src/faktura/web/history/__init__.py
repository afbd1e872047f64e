"""What happened in an account, and what it changed."""

from flask import Blueprint

pages = Blueprint("history", __name__)
