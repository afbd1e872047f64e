"""What goes to KSeF, the Polish national system of e-invoices, and how far it has come."""

from flask import Blueprint

pages = Blueprint("ksef", __name__)
