"""Letters about documents: to whom they are sent, and what becomes of the document."""

from collections.abc import Callable
from typing import NamedTuple, get_args

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, is_email
from faktura.core.e_invoices import EInvoice
from faktura.core.errors import Given, Problems
from faktura.core.invoices.agreed import e_invoices_for
from faktura.core.invoices.events import mark_sent
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message, Outgoing, write_message
from faktura.core.texts import check_texts
from faktura.store.queries import Selection

THANKS = "thank_for_payment"
"""The job that writes the letter, as its words are no matter of the core."""


Mark = Callable[[Books, Invoice, int], Invoice]
"""What becomes of the document that a letter is about; the letter is named by its id."""


class Wording(NamedTuple):
    """Subject and body of a letter."""

    subject: str
    body: str


def write_letter(
    books: Books, invoice: Invoice, contact: Contact | None, given: Given, worded: Wording, mark: Mark = mark_sent
) -> Message:
    """Write the letter that a document goes out with, and mark the document as sent, or as reminded of.

    Given may be `recipient` and `copy`, else they are the contact's. `language` and `print_as` are of the print that
    goes with it, else those of the document.

    Raises:
        Invalid: no address is known, one is none, or a text cannot be kept.

    """
    values = {name: value for name, value in given.items() if value}
    problems = Problems(given.unread)
    # The subject is brought onto one line, whatever is in it.
    check_texts(Message, {name: value for name, value in given.items() if name != "subject"}, problems)
    recipient = values.get("recipient") or (contact.email if contact else None)
    copy = values.get("copy") or (contact.email_copy if contact else None)
    if not recipient:
        problems.add("recipient", "blank")
    for name, address in (("recipient", recipient), ("copy", copy)):
        if address and name not in problems and not is_email(address):
            problems.add(name, "malformed_email")
    problems.refuse()
    language = values.get("language", invoice.language)
    print_as = None if contact and contact.attach_invoice_pdf == "off" else values.get("print_as", "regular")
    carried = e_invoices_for(books.account, contact)
    return _sent(books, invoice, Outgoing(recipient or "", *worded, copy, language, print_as, carried), mark)


def send_letter(books: Books, invoice_id: int, given: Given) -> Message:
    """Send a letter as somebody has seen it: nothing is filled in, and the document is marked as sent.

    Given are `recipient`, `copy`, `subject`, `body`, `language`, and whether the document goes along as `attached`, and
    beside it `isdoc` and `ubl`.

    Raises:
        NotFound: there is no such document.
        Invalid: an address is missing or is none, or a text is missing or cannot be kept.

    """
    invoice = books.find(Invoice, invoice_id)
    problems = Problems(given.unread)
    check_texts(Message, {name: value for name, value in given.items() if name != "subject"}, problems)
    values = {name: given.get(name) or "" for name in ("recipient", "copy", "subject", "body")}
    for name in ("subject", "body"):
        if not values[name].strip() and name not in problems:
            problems.add(name, "blank")
    problems.refuse()
    language = given.get("language") or invoice.language
    print_as = "regular" if given["attached"] else None
    usual = e_invoices_for(books.account, books.look_up(Contact, id=invoice.contact_id))
    carried = tuple(name for name in get_args(EInvoice) if given.get(name, name in usual))
    letter = Outgoing(**values, language=language, print_as=print_as, e_invoices=carried)
    return _sent(books, invoice, letter)


def _sent(books: Books, invoice: Invoice, letter: Outgoing, mark: Mark = mark_sent) -> Message:
    message = write_message(books, invoice, letter)
    mark(books, invoice, message.id)
    return message


def without_address(books: Books, chosen: Selection) -> list[Contact]:
    """The contacts of the documents that no letter can be sent to, by name."""
    of_contacts = books.sums(Invoice, chosen, ("gross_total",), ("contact_id",))
    ids = [one.group[0] for one in of_contacts]
    some = (books.some(Contact, ids[begins : begins + _READ]) for begins in range(0, len(ids), _READ))
    silent = (contact for contacts in some for contact in contacts if not contact.email)
    return sorted(silent, key=lambda contact: contact.name)


_READ = 500
"""Contacts that are read at a time."""


def thank_for_payment(books: Books, invoice: Invoice) -> None:
    """Have whoever paid thanked, where an address is known; nothing else becomes of the document."""
    contact = books.look_up(Contact, id=invoice.contact_id)
    if contact is not None and contact.email:
        books.later(THANKS, invoice.id)
