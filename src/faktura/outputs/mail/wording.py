"""Letters about documents: what they say, in the words of the document's language."""

import contextlib
import datetime as dt
import re

import msgspec

from faktura.core.accounts.reminders import texts_of
from faktura.core.books.books import Books
from faktura.core.codes import DocumentLanguage
from faktura.core.contacts import Contact
from faktura.core.errors import Given, Invalid
from faktura.core.generators.record import Generator
from faktura.core.invoices.agreed import e_invoices_for
from faktura.core.invoices.events import mark_reminded
from faktura.core.invoices.letters import Wording, write_letter
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import step_reached
from faktura.core.messages import Message, Outgoing
from faktura.core.people.accounts import ReminderStep
from faktura.outputs.reading.context import context_of
from faktura.outputs.reading.facts import Facts
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.reading.tables import remaining_of
from faktura.outputs.reading.tongue import Tongue
from faktura.outputs.words.words import days_in, letters_in, printed_language


def send_invoice(books: Books, invoice_id: int, given: Given, link: str) -> Message:
    """Write the letter that a document goes out with; what is not given is the contact's or the usual.

    A document that is overdue is reminded of. `link` is the address of its public page.

    Raises:
        NotFound: there is no such document.
        Invalid: no address is known, or one is none.

    """
    invoice = books.find(Invoice, invoice_id)
    contact = books.look_up(Contact, id=invoice.contact_id)
    facts = facts_of(invoice, context_of(books, invoice))
    usual = _usual_now(books, invoice, facts, contact)
    text = Wording(*(given.get(name) or getattr(usual, name) for name in Wording._fields))
    return write_letter(books, invoice, contact, given, _filled(text, facts, link, books.today))


def send_as_wanted(books: Books, invoice: Invoice, site: str) -> None:
    """Write the letter of a document that a generator issued, where that says so.

    Without an address the document is there all the same, and is not marked as sent.
    """
    generator = books.look_up(Generator, id=invoice.generator_id or 0)
    if generator is not None and generator.send_email:
        with contextlib.suppress(Invalid):
            send_invoice(books, invoice.id, Given(), f"{site}/{books.account.slug}/p/{invoice.token}")


def letter_for(books: Books, invoice_id: int, link: str, language: DocumentLanguage | None = None) -> Outgoing:
    """The letter that a document would go out with now, filled in and not sent; `language` goes before its own.

    Raises:
        NotFound: there is no such document.

    """
    invoice = books.find(Invoice, invoice_id)
    contact = books.look_up(Contact, id=invoice.contact_id)
    facts = facts_of(invoice, context_of(books, invoice))
    facts = facts if language is None else msgspec.structs.replace(facts, language=language)
    usual = _usual_now(books, invoice, facts, contact)
    return Outgoing(
        recipient=(contact.email if contact else None) or "",
        copy=contact.email_copy if contact else None,
        **_filled(usual, facts, link, books.today)._asdict(),
        language=facts.language,
        print_as=None if contact and contact.attach_invoice_pdf == "off" else "regular",
        e_invoices=e_invoices_for(books.account, contact),
    )


def send_reminder(books: Books, invoice: Invoice, step: ReminderStep, link: str) -> Message:
    """Write the letter of a step to whoever has to pay a document, and mark the document as reminded of.

    Raises:
        Invalid: no address is known, or one is none.

    """
    contact = books.look_up(Contact, id=invoice.contact_id)
    facts = facts_of(invoice, context_of(books, invoice))
    worded = _filled(_of_step(books, facts, contact, step), facts, link, books.today)
    return write_letter(books, invoice, contact, Given(), worded, mark_reminded)


def step_worded(
    books: Books, invoice: Invoice, step: ReminderStep, link: str, language: DocumentLanguage, said: Wording
) -> Wording:
    """What a step would say about a document on its day, in a language; `said` is what of it was typed so far."""
    facts = msgspec.structs.replace(facts_of(invoice, context_of(books, invoice)), language=language)
    day = invoice.due_on + dt.timedelta(step.days)
    usual = _reminder(facts, step.days)
    return _filled(Wording(said.subject or usual.subject, said.body or usual.body), facts, link, day)


def thanks_for(books: Books, invoice: Invoice, contact: Contact) -> Wording:
    """What whoever paid is thanked with."""
    facts, words = facts_of(invoice, context_of(books, invoice)), letters_in(invoice.language)
    body = contact.thank_you_email_text or words["thanks"]
    return Wording(*(filled(text, facts, "", books.today) for text in (words["subject_thanks"], body)))


def filled(text: str, facts: Facts, link: str, today: dt.date) -> str:
    """The text with the variables of the contract (2.8) and `days`; other words between hashes stay as they are.

    `days` are those that it is late, or those until it is due, counted as the language does: "1 den", "3 dny".
    """
    tongue = Tongue(facts.language)
    values = {
        "no": facts.number,
        "link": link,
        "vs": facts.variable_symbol,
        "price": remaining_of(facts, tongue)[1],
        "due": tongue.date(facts.due_on) if facts.due_on else "",
        "overdue": str(max(_late(facts, today), 0)) if facts.due_on else "",
        "days": days_in(facts.language, abs(_late(facts, today))) if facts.due_on else "",
        "bank": facts.bank_account or facts.iban,
        "note": facts.note,
    }
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


_VARIABLE = re.compile(r"#(no|link|vs|price|due|overdue|days|bank|note)#")


def _filled(worded: Wording, facts: Facts, link: str, today: dt.date) -> Wording:
    return Wording(*(filled(text, facts, link, today) for text in worded))


def _late(facts: Facts, today: dt.date) -> int:
    """How many days; below zero until it is due."""
    return (today - facts.due_on).days if facts.due_on else 0


def _usual_now(books: Books, invoice: Invoice, facts: Facts, contact: Contact | None) -> Wording:
    """What a document goes out with; one that is overdue is reminded of by the step that it has reached."""
    late = _late(facts, books.today)
    if invoice.status != "overdue" or facts.to_pay <= 0:
        usual = _worded(facts, "document")
        return usual._replace(body=(contact.custom_email_text if contact else None) or usual.body)
    return _of_step(books, facts, contact, step_reached(books.account, late))


def _of_step(books: Books, facts: Facts, contact: Contact | None, step: ReminderStep | None) -> Wording:
    """What the contact is written goes before what the account writes, and that before the usual words."""
    late = _late(facts, books.today)
    usual = _reminder(facts, late)
    said = None if step is None else texts_of(books, step).get(printed_language(facts.language))
    own = (contact.overdue_email_text if late > 0 else contact.due_date_reminder_email_text) if contact else None
    return Wording((said and said.subject) or usual.subject, own or (said and said.body) or usual.body)


def _reminder(facts: Facts, late: int) -> Wording:
    """The usual words of a day: of one that is so many days after the due date, or before it."""
    return _worded(facts, "reminder" if late > 0 else "due_soon" if late < 0 else "due_today", abs(late))


def _worded(facts: Facts, sort: str, days: int = 0) -> Wording:
    words, title = letters_in(facts.language), Tongue(facts.language).labels[_TITLES.get(facts.title, facts.title)]
    first = words[sort].format(title=title, days=days_in(facts.language, days))
    body = "\n\n".join(filter(None, (first, _ksef_number(facts), _terms(facts), "#link#\n")))
    return Wording(words[f"subject_{sort}"].format(title=title), body)


_TITLES = {"vat_invoice": "invoice", "vat_correction": "correction", "vat_final_invoice": "final_invoice"}
"""In a letter a document is called by the short one of its names."""


def _ksef_number(facts: Facts) -> str:
    said = Tongue(facts.language).fact("ksef_number", facts.ksef_number)
    return "\n".join(f"{label}: {value}" for label, value in said)


def _terms(facts: Facts) -> str:
    """What is to be paid and how, or to be returned; nothing is asked for that is not owed."""
    tongue, words = Tongue(facts.language), letters_in(facts.language)
    if facts.to_pay == 0:
        return words["cancelled"] if facts.cancelled else words["paid"]
    said = [remaining_of(facts, tongue)]
    if facts.to_pay > 0:
        said += tongue.fact("due_on", facts.due_on)
        said += tongue.fact("variable_symbol", facts.variable_symbol)
        said += tongue.fact("bank_account", facts.bank_account or facts.iban)
        said += tongue.fact("payment_link", facts.payment_link)
    return "\n".join(f"{label}: {value}" for label, value in said)
