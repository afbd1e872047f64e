"""Letters about documents: what they say, and to whom."""

import datetime as dt
import re
from decimal import Decimal
from typing import NamedTuple

from babel.dates import format_date
from babel.numbers import format_currency

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, is_email
from faktura.core.errors import Given, Problems
from faktura.core.invoices.events import mark_sent
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message, write_message
from faktura.core.texts import check_texts


class Wording(NamedTuple):
    """Subject and body of a letter, with the variables of the contract (2.8)."""

    subject: str
    body: str


def send_invoice(books: Books, invoice_id: int, given: Given, link: str) -> Message:
    """Write the letter that a document goes out with, and mark the document as sent.

    Given may be `recipient`, `copy`, `subject` and `body`; else they are the contact's and the usual ones, those of a
    reminder where the document is overdue. `language` and `print_as` are of the print that goes with it, else those of
    the document. `link` is the address of its public page.

    Raises:
        NotFound: there is no such document.
        Invalid: no address is known, or one is none.

    """
    invoice = books.find(Invoice, invoice_id)
    contact = books.look_up(Contact, id=invoice.contact_id)
    values = {name: value for name, value in given.items() if value}
    usual = _usual(invoice, contact)
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
    subject, body = (
        filled(values.get(name, text), invoice, link, books.today)
        for name, text in (("subject", usual.subject), ("body", usual.body))
    )
    message = write_message(
        books,
        invoice.id,
        recipient or "",
        subject,
        body,
        copy=copy,
        language=values.get("language", invoice.language),
        print_as=None if contact and contact.attach_invoice_pdf == "off" else values.get("print_as", "regular"),
    )
    mark_sent(books, invoice)
    return message


def thank_for_payment(books: Books, invoice: Invoice) -> Message | None:
    """Thank whoever paid, where an address is known; nothing else becomes of the document."""
    contact = books.look_up(Contact, id=invoice.contact_id)
    if contact is None or not contact.email:
        return None
    wording = _THANKS.get(invoice.language, _THANKS["en"])
    subject, body = (
        filled(text, invoice, "", books.today)
        for text in (wording.subject, contact.thank_you_email_text or wording.body)
    )
    return write_message(books, invoice.id, contact.email, subject, body, language=invoice.language, print_as=None)


def filled(text: str, invoice: Invoice, link: str, today: dt.date) -> str:
    """The text with its variables; words between hashes that are none stay as they are."""
    values = {
        "no": invoice.number,
        "link": link,
        "vs": invoice.variable_symbol or "",
        "price": _money(invoice.left_to_pay, invoice),
        "due": format_date(invoice.due_on, "medium", locale=invoice.language),
        "overdue": str(max((today - invoice.due_on).days, 0)),
        "bank": invoice.bank_account or invoice.iban or "",
        "note": invoice.note or "",
    }
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def _usual(invoice: Invoice, contact: Contact | None) -> Wording:
    kind = "proforma" if invoice.kind == "proforma" else "invoice"
    late = invoice.status == "overdue"
    wording = _WORDINGS.get((invoice.language, late), _WORDINGS["en", late])
    own = (contact.overdue_email_text if late else contact.custom_email_text) if contact else None
    title = _TITLES.get(invoice.language, _TITLES["en"])[kind]
    return Wording(wording.subject.format(title=title), own or wording.body.format(title=title))


def _money(amount: Decimal, invoice: Invoice) -> str:
    return format_currency(amount, invoice.currency, locale=invoice.language)


_VARIABLE = re.compile(r"#(no|link|vs|price|due|overdue|bank|note)#")

_TITLES: dict[str, dict[str, str]] = {
    "cs": {"invoice": "Faktura", "proforma": "Zálohová faktura"},
    "sk": {"invoice": "Faktúra", "proforma": "Zálohová faktúra"},
    "pl": {"invoice": "Faktura", "proforma": "Faktura proforma"},
    "de": {"invoice": "Rechnung", "proforma": "Proforma-Rechnung"},
    "en": {"invoice": "Invoice", "proforma": "Proforma invoice"},
}

_WORDINGS: dict[tuple[str, bool], Wording] = {
    ("cs", False): Wording(
        "{title} #no#",
        "Dobrý den,\n\nposíláme Vám doklad {title} č. #no#.\n\n"
        "K úhradě: #price#\nSplatnost: #due#\nVariabilní symbol: #vs#\nBankovní účet: #bank#\n\n#link#\n",
    ),
    ("cs", True): Wording(
        "Upomínka: {title} #no#",
        "Dobrý den,\n\ndoklad {title} č. #no# je #overdue# dnů po splatnosti.\n\n"
        "K úhradě: #price#\nSplatnost: #due#\nVariabilní symbol: #vs#\nBankovní účet: #bank#\n\n#link#\n",
    ),
    ("sk", False): Wording(
        "{title} #no#",
        "Dobrý deň,\n\nposielame Vám doklad {title} č. #no#.\n\n"
        "Na úhradu: #price#\nSplatnosť: #due#\nVariabilný symbol: #vs#\nBankový účet: #bank#\n\n#link#\n",
    ),
    ("sk", True): Wording(
        "Upomienka: {title} #no#",
        "Dobrý deň,\n\ndoklad {title} č. #no# je #overdue# dní po splatnosti.\n\n"
        "Na úhradu: #price#\nSplatnosť: #due#\nVariabilný symbol: #vs#\nBankový účet: #bank#\n\n#link#\n",
    ),
    ("pl", False): Wording(
        "{title} #no#",
        "Dzień dobry,\n\nprzesyłamy dokument {title} nr #no#.\n\n"
        "Do zapłaty: #price#\nTermin płatności: #due#\nRachunek bankowy: #bank#\n\n#link#\n",
    ),
    ("pl", True): Wording(
        "Przypomnienie: {title} #no#",
        "Dzień dobry,\n\ntermin płatności dokumentu {title} nr #no# minął #overdue# dni temu.\n\n"
        "Do zapłaty: #price#\nTermin płatności: #due#\nRachunek bankowy: #bank#\n\n#link#\n",
    ),
    ("de", False): Wording(
        "{title} #no#",
        "Guten Tag,\n\nwir senden Ihnen das Dokument {title} Nr. #no#.\n\n"
        "Zu zahlen: #price#\nFällig am: #due#\nVerwendungszweck: #vs#\nBankkonto: #bank#\n\n#link#\n",
    ),
    ("de", True): Wording(
        "Zahlungserinnerung: {title} #no#",
        "Guten Tag,\n\ndas Dokument {title} Nr. #no# ist seit #overdue# Tagen überfällig.\n\n"
        "Zu zahlen: #price#\nFällig am: #due#\nVerwendungszweck: #vs#\nBankkonto: #bank#\n\n#link#\n",
    ),
    ("en", False): Wording(
        "{title} #no#",
        "Hello,\n\nwe are sending you the document {title} no. #no#.\n\n"
        "To pay: #price#\nDue on: #due#\nPayment reference: #vs#\nBank account: #bank#\n\n#link#\n",
    ),
    ("en", True): Wording(
        "Reminder: {title} #no#",
        "Hello,\n\nthe document {title} no. #no# is #overdue# days overdue.\n\n"
        "To pay: #price#\nDue on: #due#\nPayment reference: #vs#\nBank account: #bank#\n\n#link#\n",
    ),
}
"""By language of the document, and whether it is overdue; other languages get the English one."""

_THANKS: dict[str, Wording] = {
    "cs": Wording("Děkujeme za úhradu #no#", "Dobrý den,\n\nděkujeme za úhradu dokladu č. #no#.\n"),
    "sk": Wording("Ďakujeme za úhradu #no#", "Dobrý deň,\n\nďakujeme za úhradu dokladu č. #no#.\n"),
    "pl": Wording("Dziękujemy za zapłatę #no#", "Dzień dobry,\n\ndziękujemy za zapłatę dokumentu nr #no#.\n"),
    "de": Wording("Danke für die Zahlung #no#", "Guten Tag,\n\nwir danken für die Zahlung des Dokuments Nr. #no#.\n"),
    "en": Wording("Thank you for paying #no#", "Hello,\n\nthank you for paying the document no. #no#.\n"),
}
