"""Expenses: what was bought, typed beside its files, and paid."""

from flask import Blueprint

pages = Blueprint("expenses", __name__)
