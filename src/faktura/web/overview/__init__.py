"""What an account is owed, what it issued and was paid, and what happened last."""

from flask import Blueprint

pages = Blueprint("overview", __name__)
