"""Contacts: whom the account invoices, and whom it buys from."""

from flask import Blueprint

pages = Blueprint("contacts", __name__)
