"""Letters about documents: what they say, in the words of the document's language."""

import datetime as dt
import re

import msgspec

from faktura.core.books.books import Books
from faktura.core.codes import DocumentLanguage
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.invoices.letters import Outgoing, Wording, write_letter
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.outputs.reading.context import context_of
from faktura.outputs.reading.facts import Facts
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.reading.tables import remaining_of
from faktura.outputs.reading.tongue import Tongue
from faktura.outputs.words.words import days_overdue, letters_in


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
    text = {name: given.get(name) or getattr(usual, name) for name in ("subject", "body")}
    worded = Wording(*(filled(text[name], facts, link, books.today) for name in ("subject", "body")))
    return write_letter(books, invoice, contact, given, worded)


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
        subject=filled(usual.subject, facts, link, books.today),
        body=filled(usual.body, facts, link, books.today),
        language=facts.language,
        print_as=None if contact and contact.attach_invoice_pdf == "off" else "regular",
    )


def thanks_for(books: Books, invoice: Invoice, contact: Contact) -> Wording:
    """What whoever paid is thanked with."""
    facts, words = facts_of(invoice, context_of(books, invoice)), letters_in(invoice.language)
    body = contact.thank_you_email_text or words["thanks"]
    return Wording(*(filled(text, facts, "", books.today) for text in (words["subject_thanks"], body)))


def filled(text: str, facts: Facts, link: str, today: dt.date) -> str:
    """The text with the variables of the contract (2.8); words between hashes that are none stay as they are."""
    tongue = Tongue(facts.language)
    values = {
        "no": facts.number,
        "link": link,
        "vs": facts.variable_symbol,
        "price": remaining_of(facts, tongue)[1],
        "due": tongue.date(facts.due_on) if facts.due_on else "",
        "overdue": str(_days_overdue(facts, today)) if facts.due_on else "",
        "bank": facts.bank_account or facts.iban,
        "note": facts.note,
    }
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


_VARIABLE = re.compile(r"#(no|link|vs|price|due|overdue|bank|note)#")


def _days_overdue(facts: Facts, today: dt.date) -> int:
    return max((today - facts.due_on).days, 0) if facts.due_on else 0


def _usual_now(books: Books, invoice: Invoice, facts: Facts, contact: Contact | None) -> Wording:
    late = _days_overdue(facts, books.today)
    return _usual(facts, contact, late if invoice.status == "overdue" and facts.to_pay > 0 else None)


def _usual(facts: Facts, contact: Contact | None, late: int | None) -> Wording:
    """What a document goes out with; it is reminded of where it is so many days `late`."""
    words, title = letters_in(facts.language), Tongue(facts.language).labels[_TITLES.get(facts.title, facts.title)]
    own = (contact.overdue_email_text if late is not None else contact.custom_email_text) if contact else None
    sort = "document" if late is None else "reminder"
    first = words[sort].format(title=title, days=days_overdue(facts.language, late or 0))
    body = own or "\n\n".join((first, _terms(facts), "#link#\n"))
    return Wording(words[f"subject_{sort}"].format(title=title), body)


_TITLES = {"vat_invoice": "invoice", "vat_correction": "correction", "vat_final_invoice": "final_invoice"}
"""In a letter a document is called by the short one of its names."""


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
    return "\n".join(f"{label}: {value}" for label, value in said)
