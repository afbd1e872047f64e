"""Every record of the business by import, so that the schema is whole wherever this module is imported."""

from faktura.core.accounts.logo import Logo
from faktura.core.accounts.reminders import ReminderText
from faktura.core.bank_accounts import BankAccount
from faktura.core.books.history import Happening
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.kept_answers import KeptAnswer
from faktura.core.books.side_notes import SideNote
from faktura.core.books.tasks import Task
from faktura.core.bulk_prints import BulkPrint
from faktura.core.catalogue import Product
from faktura.core.contact_links import ContactLink
from faktura.core.contacts import Contact
from faktura.core.deliveries import Delivery
from faktura.core.documents.attachments import Attachment
from faktura.core.documents.links import Link
from faktura.core.documents.numbering import NumberFormat, NumberSeries, NumbersLeftOut
from faktura.core.generators.record import Generator
from faktura.core.inventory.record import StockMove
from faktura.core.invoices.batch_files import BatchPart
from faktura.core.invoices.batches import Batch, BatchResult
from faktura.core.invoices.drafts import KeptDraft
from faktura.core.invoices.payment_links import PaymentLink
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import ShareLink
from faktura.core.ksef.collective import CollectiveIdentifier
from faktura.core.ksef.connection import KsefConnection
from faktura.core.ksef.pace import KsefPace, KsefRest
from faktura.core.ksef.received import KsefReceived
from faktura.core.ksef.sendings import KsefSending
from faktura.core.ksef.service import KsefService
from faktura.core.messages import Message
from faktura.core.money.exchange_rates import ExchangeRate
from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.applications import Application, Grant
from faktura.core.people.calls import CallsOfMonth
from faktura.core.people.first_secrets import FirstSecret
from faktura.core.people.invitations import Invitation
from faktura.core.people.own_password import PasswordReset
from faktura.core.people.sign_in import Session, SignInFailures
from faktura.core.people.tokens import Token
from faktura.core.people.users import Membership, User
from faktura.core.proposals.record import Proposal
from faktura.core.received.file_checks import FileCheck
from faktura.core.received.record import Expense
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.checks import Check
from faktura.core.registries.days import RegistryDay
from faktura.core.subscriptions import Subscription
from faktura.core.todos import Todo

__all__ = [
    "Account",
    "ApiKey",
    "Application",
    "Attachment",
    "BankAccount",
    "Batch",
    "BatchPart",
    "BatchResult",
    "BulkPrint",
    "CallsOfMonth",
    "Check",
    "CollectiveIdentifier",
    "Contact",
    "ContactLink",
    "Delivery",
    "ExchangeRate",
    "Expense",
    "FileCheck",
    "FirstSecret",
    "Generator",
    "Grant",
    "Happening",
    "Invitation",
    "Invoice",
    "Job",
    "KeptAnswer",
    "KeptDraft",
    "KsefConnection",
    "KsefPace",
    "KsefReceived",
    "KsefRest",
    "KsefSending",
    "KsefService",
    "Link",
    "Logo",
    "Membership",
    "Message",
    "NumberFormat",
    "NumberSeries",
    "NumbersLeftOut",
    "Paper",
    "PasswordReset",
    "PaymentLink",
    "Product",
    "Proposal",
    "RegistryAnswer",
    "RegistryDay",
    "ReminderText",
    "Session",
    "ShareLink",
    "SideNote",
    "SignInFailures",
    "StockMove",
    "Subscription",
    "Task",
    "Todo",
    "Token",
    "User",
]
