"""A check finds every pointer that leads nowhere: in a column, inside a row, by kind, into another account."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.side_notes import note
from faktura.core.bulk_prints import Printable, order_print
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.documents.attachments import GivenFile
from faktura.core.errors import Given
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import share
from faktura.core.messages import Outgoing, write_message
from faktura.core.people.accounts import Account
from faktura.store import schema
from faktura.store.check import check
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.transaction import Transaction
from tests.firm import open_firm

LINE = Given({"name": "Mošt", "unit_price": Decimal(100), "vat_rate": Decimal(21)})


@pytest.fixture
def filled(database: Database) -> Database:
    """A proforma, the tax document over its payment, an invoice with everything beside it; another account."""
    firm, _other = open_firm(database, Clock()), open_firm(database, Clock(), "other")

    def work(tx: Transaction) -> None:
        books = Books(tx, firm.account, firm.user.id, Clock().now())
        contact = add_contact(books, Given({"name": "Novák"}))
        terms = {"contact_id": contact.id, "lines": [LINE]}
        proforma = issue_invoice(books, Given(terms | {"kind": "proforma", "follow_up": "tax_document"}))
        add_payment(books, proforma.id, Given({}))
        invoice = issue_invoice(books, Given(terms | {"files": [GivenFile("a.txt", "text/plain", b"a")]}))
        order_print(books, Printable([invoice], []))
        share(books, invoice)
        write_message(books, invoice, Outgoing("a@example.com", "Subject", "Body"))
        note(books, "a door", invoice, {"a": 1})
        note(books, "a door", firm.account, {"a": 1})

    database.write(work)
    return database


def findings(database: Database) -> list[str]:
    return check(database, lambda _: None)


def run(database: Database, statement: str, **values: Any) -> None:
    with schema.engine_for(database).begin() as connection:
        connection.execute(sa.text(statement), values)


def test_what_is_there_is_found_by_all_that_point_to_it(filled: Database) -> None:
    assert findings(filled) == []


LOST = {
    "UPDATE invoices SET contact_id = 77 WHERE kind = 'invoice'": "contact_id is 77, which is not among contacts",
    "UPDATE invoices SET corrected_id = 77 WHERE kind = 'invoice'": "corrected_id is 77, which is not among invoices",
    "UPDATE invoices SET related_id = 77 WHERE kind = 'invoice'": "related_id is 77, which is not among invoices",
    "UPDATE invoices SET previous_advance_id = 77": "previous_advance_id is 77, which is not among invoices",
    "UPDATE invoices SET number_format_id = 77 WHERE kind = 'invoice'": "which is not among number_formats",
    "DELETE FROM attachments": "attachments.id is 1, which is not among attachments",
    "DELETE FROM invoices WHERE kind = 'tax_document'": "tax_document_id is {tax}, which is not among invoices",
    "UPDATE invoices SET bank_account_id = 1 WHERE kind = 'invoice'": (
        "bank_account_id is 1, which never was among bank_accounts"
    ),
    "UPDATE contacts SET created_by = 77": "contacts account_id 1, id 1: created_by is 77, which is not among users",
    "UPDATE messages SET document_id = 77": "1: document_id is 77, which never was among invoices",
    "UPDATE messages SET kind = 'dreams'": "messages: document_id leads to dreams, which is no table",
    "UPDATE share_links SET document_id = 77": "document_id is 77, which is not among invoices",
    "UPDATE attachments SET document_id = 77": "document_id is 77, which is not among invoices",
    "UPDATE attachments SET kind = 'dreams'": "attachments: document_id leads to dreams, which is no table",
    "UPDATE bulk_prints SET document_ids = '[77]'": (
        "bulk_prints account_id 1, id 1: document_ids is 77, which never was among invoices"
    ),
    "UPDATE bulk_prints SET paper_ids = '[77]'": (
        "bulk_prints account_id 1, id 1: paper_ids is 77, which never was among papers"
    ),
    "UPDATE side_notes SET record_id = 77": "record_id is 77, which never was among invoices",
    "UPDATE side_notes SET kind = 'dreams'": "side_notes: record_id leads to dreams, which is no table",
    "UPDATE history SET record_id = 77 WHERE kind = 'contacts'": "record_id is 77, which never was among contacts",
    "UPDATE history SET user_id = 77": "user_id is 77, which is not among users",
    "UPDATE number_series SET number_format_id = 77 WHERE id = 1": "which is not among number_formats",
    "UPDATE memberships SET user_id = 77 WHERE account_id = 1": "user_id is 77, which is not among users",
    "UPDATE tokens SET grant_id = 77": "tokens id 1: grant_id is 77, which never was among grants",
    "UPDATE grants SET application_id = 77": "grants id 1: application_id is 77, which never was among applications",
    "DELETE FROM users WHERE id = 1": "applications id 1: user_id is 1, which is not among users",
    "UPDATE users SET default_account_id = 77": "users id 1: default_account_id is 77, which is not among accounts",
    "DELETE FROM accounts WHERE id = 1": "contacts account_id 1, id 1: account_id is 1, which is not among accounts",
}


@pytest.mark.parametrize("statement", LOST)
def test_a_pointer_that_leads_nowhere_is_found_after(filled: Database, statement: str) -> None:
    with schema.engine_for(filled).connect() as connection:
        tax = connection.execute(sa.text("SELECT id FROM invoices WHERE kind = 'tax_document'")).scalar_one()

    run(filled, statement)

    assert any(found.endswith(LOST[statement].format(tax=tax)) for found in findings(filled))


def test_a_record_of_another_account_is_not_there(filled: Database) -> None:
    """The same id, in the account of somebody else."""
    run(filled, "UPDATE contacts SET account_id = 2")

    assert [found for found in findings(filled) if found.startswith("invoices") and "among contacts" in found]


def test_what_was_deleted_may_be_remembered_by_letters_links_and_notes(filled: Database) -> None:
    def work(tx: Transaction) -> None:
        account = tx.get(Account, id=1)
        assert account is not None
        books = Books(tx, account, None, Clock().now())
        [invoice] = books.all(Invoice, Selection((Condition("kind", "eq", "invoice"),)))
        delete_invoice(books, invoice.id)

    filled.write(work)

    assert findings(filled) == []
