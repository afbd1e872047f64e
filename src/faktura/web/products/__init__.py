"""Products: what the account sells, and for how much."""

from flask import Blueprint

pages = Blueprint("inventory_items", __name__)
