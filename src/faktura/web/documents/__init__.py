"""Documents that the account issued, for its members, and for the customer of each."""

from flask import Blueprint

pages = Blueprint("invoices", __name__)
