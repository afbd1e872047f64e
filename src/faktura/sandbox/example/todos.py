"""What the example firms have to look after: a letter that came back, an unreliable customer, an agent's proposal."""

from collections.abc import Mapping, Sequence

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, note_reliability
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.messages import give_up
from faktura.core.proposals.deeds import ChangeContact
from faktura.core.proposals.verbs import Outcome, propose
from faktura.outputs.mail.wording import send_invoice
from faktura.store.queries import Condition, Order, Selection

NEWEST = Selection((Condition("kind", "eq", "invoice"),), order=(Order("id", descending=True),))


def add_todos(books: Mapping[str, Books], contacts: Mapping[str, Sequence[Contact]]) -> None:
    """Besides what follows from the documents: those that are overdue, and expenses to be paid."""
    for slug in ("applecorp", "jabluszko"):
        _send_in_vain(books[slug])
    _propose_move(books["applecorp"], contacts["applecorp"][6])
    note_reliability(books["applecorp"], contacts["applecorp"][5].id, unreliable=True)


def _propose_move(books: Books, contact: Contact) -> None:
    """An agent has read somewhere that a customer has moved, and nobody has confirmed it yet."""
    deed = ChangeContact(contact_id=contact.id, street="Sadová 8")
    agent = Books(books.tx, books.account, books.user_id, books.now, "faktura mcp")
    propose(agent, deed, Outcome(contact, {"street": (contact.street, deed.street)}))


def _send_in_vain(books: Books) -> None:
    [invoice] = books.some_in_order(Invoice, NEWEST, 1)
    letter = send_invoice(books, invoice.id, Given({"recipient": "fakturace@zrusena.example"}), "")
    give_up(books, letter.id, "550 5.1.1 The mailbox does not exist")
