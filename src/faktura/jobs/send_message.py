"""A message goes out by e-mail; what the mail server answered is written beside it."""

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from faktura.core.books.books import Books
from faktura.core.contacts import is_email
from faktura.core.countries.known import day_in
from faktura.core.documents.find import document_at
from faktura.core.e_invoices import Profile
from faktura.core.invoices.agreed import profile_for
from faktura.core.invoices.record import Invoice
from faktura.core.messages import (
    PATIENCE,
    LeftOut,
    Message,
    begin_delivery,
    delayed,
    deliverable,
    delivered,
    give_up,
    on_one_line,
    wait_for_quota,
)
from faktura.core.people.accounts import Account
from faktura.jobs import Errand, Later, doubling, nothing_more
from faktura.outputs.mail.enclosed import for_programs
from faktura.outputs.mail.letters import Attached, Letter, NotNow, RefusedForGood, send
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.printing.printed import Copies
from faktura.outputs.reading.context import Context, context_of, told_context_of

LANE = "mail"

LONGEST_DELAY = dt.timedelta(hours=6)
DELAYS = doubling(dt.timedelta(seconds=10), LONGEST_DELAY, PATIENCE + LONGEST_DELAY)
"""More than the patience that a message is tried with, so that its own end comes first."""

PDF = "application/pdf"

PRINTING = 60.0
"""Seconds to wait for the print that goes with a message."""


class Enclosures(NamedTuple):
    """What goes with a letter, and what it goes without."""

    files: tuple[Attached, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


class _Found(NamedTuple):
    """A document to go along; a duplicate bears the day on which the letter was written, however late it is sent."""

    account: Account
    invoice: Invoice
    context: Context
    written_on: dt.date
    profile: Profile


def go_out(errand: Errand, message_id: int) -> Callable[[Books], None]:
    """Each attempt is counted before it is made, so that a worker that dies in the middle leaves a trace.

    Raises:
        Later: the account sent all that it may in an hour.
        NotNow: the server did not take it, and will be asked again.
        NotPrinted: what is to go with it cannot be printed now, which is tried again.
        TimeoutError: its printing waits for that of others.

    """
    server = errand.reach.mail_server
    if server is None:
        return lambda books: give_up(books, message_id, "E-mail is switched off: FAKTURA_SMTP_URL is not set")
    message = errand.read(lambda books: deliverable(books, message_id))
    if message is None:
        return nothing_more
    if errand.read(lambda books: document_at(books, message.about)) is None:
        return lambda books: give_up(books, message_id, "The document was deleted")
    _keep_to_quota(errand, message_id)
    letter = errand.read(lambda books: _letter(books, message))
    try:
        files, left_out = enclosures(errand, message)
    except (NotPrinted, TimeoutError) as delay:
        reason = f"The document is not printed: {delay or 'it waits'}"
        if errand.write(lambda books: delayed(books, message_id, reason, begun=False)):
            raise
        return nothing_more
    if not errand.write(lambda books: begin_delivery(books, message_id, left_out)):
        return nothing_more
    try:
        answer = send(server, msgspec.structs.replace(letter, attached=files))
    except RefusedForGood as refusal:
        reason = str(refusal)
        return lambda books: give_up(books, message_id, reason)
    except NotNow as delay:
        reason = str(delay)
        if errand.write(lambda books: delayed(books, message_id, reason)):
            raise
        return nothing_more
    return lambda books: delivered(books, message_id, answer)


def refused(books: Books, error: Exception, message_id: int) -> None:
    """What could not be tried in all that time is said to have failed."""
    give_up(books, message_id, f"{type(error).__name__}: {error}")


def _keep_to_quota(errand: Errand, message_id: int) -> None:
    most = errand.read(lambda books: books.account.mails_per_hour or errand.reach.mails_per_hour)
    wait = None if most is None else errand.read(lambda books: wait_for_quota(books, most))
    if wait is None:
        return
    why = f"Waits: {most} messages were sent within an hour"
    if errand.write(lambda books: delayed(books, message_id, why, begun=False)):
        raise Later(wait, why)


def enclosures(errand: Errand, message: Message) -> Enclosures:
    """The files that go with the message, without those that cannot be made; no transaction is open.

    Raises:
        NotPrinted: the document is to go with it and cannot be printed now.
        TimeoutError: it waits.

    """
    found = errand.read(lambda books: _document(books, message))
    if found is None:
        return Enclosures()
    told = for_programs(found.invoice, found.context, message.e_invoices, found.profile)
    if message.print_as is None or errand.reach.printer is None:
        return Enclosures(told.beside, told.left_out)
    copies = msgspec.convert(message.print_as, Copies)
    file = print_invoice(
        errand.reach.printer,
        *(found.account, found.invoice, found.context, message.language, copies, found.written_on),
        attached=told.inside,
    )
    printed = Attached(file_name(found.invoice), PDF, file.result(PRINTING))
    return Enclosures((printed, *told.beside), told.left_out)


def _document(books: Books, message: Message) -> _Found | None:
    invoice = document_at(books, message.about)
    if not isinstance(invoice, Invoice):
        return None
    context = told_context_of(books, invoice) if message.e_invoices else context_of(books, invoice)
    written_on = day_in(books.account.country, message.created_at)
    return _Found(books.account, invoice, context, written_on, profile_for(books, invoice))


def _letter(books: Books, message: Message) -> Letter:
    account, reply_to = books.account, books.account.invoice_email
    return Letter(
        reference=message.reference,
        written_at=message.created_at,
        recipient=message.recipient,
        copy=message.copy,
        subject=message.subject,
        body=message.body,
        language=message.language,
        sender_name=on_one_line(account.full_name or account.name),
        reply_to=reply_to if reply_to and is_email(reply_to) else None,
    )
