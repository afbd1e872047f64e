"""Every record of the business by import, so that the schema is whole wherever this module is imported."""

from faktura.core.accounts import Account
from faktura.core.bank_accounts import BankAccount
from faktura.core.catalogue import Product
from faktura.core.contacts import Contact
from faktura.core.credentials import ApiKey, Application, Grant, Token
from faktura.core.history import Happening
from faktura.core.invoices.record import Invoice
from faktura.core.jobs_to_do import Job
from faktura.core.numbering import NumberFormat
from faktura.core.side_notes import SideNote
from faktura.core.sign_in import Session, SignInFailures
from faktura.core.tasks import Task
from faktura.core.users import Membership, User

__all__ = [
    "Account",
    "ApiKey",
    "Application",
    "BankAccount",
    "Contact",
    "Grant",
    "Happening",
    "Invoice",
    "Job",
    "Membership",
    "NumberFormat",
    "Product",
    "Session",
    "SideNote",
    "SignInFailures",
    "Task",
    "Token",
    "User",
]
