"""The document that a generator makes on a day: what is said of it, and what would be wrong with it."""

import datetime as dt
from collections.abc import Mapping

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.documents.checks import Rules
from faktura.core.documents.lines import line_again
from faktura.core.documents.record import CORRECTIONS, UNDER_OSS
from faktura.core.errors import Given, Problem, WrongState
from faktura.core.generators.record import Generator
from faktura.core.generators.settle import TERMS
from faktura.core.generators.words import filled
from faktura.core.invoices.compose import Composition, compose_invoice
from faktura.core.invoices.record import Invoice
from faktura.store.queries import Condition, Order, Selection

RULES = Rules(rate_required=True)


def is_repeatable(invoice: Invoice) -> bool:
    """Whether a generator can make documents like it, which are invoices and proformas.

    What is sold under a margin scheme was bought once, for a price of its own; lines of a correction say what was and
    what is; and the rates of a one-stop shop invoice are those of another country.
    """
    return invoice.margin_kind is None and invoice.kind not in CORRECTIONS and invoice.kind not in UNDER_OSS


def find_repeatable(books: Books, invoice_id: int) -> Invoice:
    """The document that a generator is to be made of.

    Raises:
        NotFound: there is no such document.
        WrongState: no generator makes documents like it.

    """
    invoice = books.find(Invoice, invoice_id)
    if not is_repeatable(invoice):
        raise WrongState("not_repeated")
    return invoice


def given_on(books: Books, generator: Generator, day: dt.date) -> Given:
    """What is said of the document of a day; what is None is the usual of the day when it is issued."""
    values = {name: getattr(generator, name) for name in _COPIED}
    for name in ("note", "footer_note"):
        values[name] = values[name] and filled(values[name], day)
    if books.look_up(BankAccount, id=generator.bank_account_id or 0) is not None:
        values["bank_account_id"] = generator.bank_account_id
    if generator.exchange_rate_given:
        values["exchange_rate"] = generator.exchange_rate
    if generator.taxed_at_end_of_last_month:
        values["taxable_on"] = day.replace(day=1) - dt.timedelta(1)
    return Given(
        values
        | {
            "kind": "proforma" if generator.proforma else "invoice",
            "contact_id": generator.contact_id,
            "number_format_id": generator.number_format_id,
            "generator_id": generator.id,
            "issued_on": day,
            "lines": [Given(line_again(line) | {"name": filled(line.name, day)}) for line in generator.lines],
        }
    )


def document_of(books: Books, generator: Generator, day: dt.date | None = None) -> Composition:
    """The document as it would be issued on a day, or on the next one of the generator; nothing is written."""
    return compose_invoice(books, given_on(books, generator, day or generator.next_on or books.today), RULES)


def run_given(books: Books, generator: Generator, day: dt.date) -> Given:
    """What is said of the document of a day that is issued now: today, or under its day where that has come."""
    given = given_on(books, generator, day)
    given["issued_on"] = min(day, books.today)
    return given


def run_composed(books: Books, generator: Generator) -> Composition:
    """The next document as it would be issued now; nothing is written."""
    return compose_invoice(books, run_given(books, generator, generator.next_on or books.today), RULES)


def hindrances(books: Books, generator: Generator) -> Mapping[str, list[Problem]]:
    """What its next document could not be issued for if that were tried now, by the document's attributes."""
    return {} if generator.next_on is None else document_of(books, generator).problems


def made_by(generator: Generator) -> Selection:
    """The documents that were issued of it, the last first."""
    last_first = tuple(Order(name, descending=True) for name in ("issued_on", "number", "id"))
    return Selection((Condition("generator_id", "eq", generator.id),), order=last_first)


_OWN = {"custom_id", "private_note", "bank_account_id", "bank_account", "bank_name", "iban", "bic", "hide_bank_account"}
_COPIED = [
    name
    for name in TERMS
    if name not in _OWN | {"exchange_rate", "exchange_rate_given", "lines", "line_texts", "tag_lines"}
]
"""Terms that a document has from its generator as they are."""
