"""What a generator comes to, and what is wrong with it: as the document that would be issued of it today."""

from collections.abc import Mapping, Sequence
from typing import Any

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.amounts import add_up, free_of_vat, reprices
from faktura.core.documents.checks import Rules, check, check_currency, check_dates, check_rate, tidy
from faktura.core.documents.exchange import set_rate, set_rate_again
from faktura.core.documents.lines import given_lines
from faktura.core.documents.numbers import number_format
from faktura.core.documents.record import Draft
from faktura.core.errors import Given, Problems
from faktura.core.generators.record import Generator
from faktura.core.invoices.making import blank_invoice
from faktura.core.invoices.margin import check_margin
from faktura.core.invoices.record import Invoice
from faktura.store.records import Tenant

Lines = Sequence[Given] | None


def settle(
    books: Books,
    old: Generator | None,
    new: Generator,
    contact: Contact,
    values: Mapping[str, Any],
    lines: Lines,
    rules: Rules,
    problems: Problems,
) -> None:
    """Bring the terms into the form that is kept, with the lines and what they come to; `old` is what it was before."""
    before = None if old is None else _paper(books, old, contact)
    paper = _paper(books, new, contact)
    tidy(paper)
    check_currency(paper, None if before is None else before.currency, rules, problems)
    if before is None:
        set_rate(books, paper)
    if before is None or set_rate_again(books, before, paper, values):
        check_rate(paper, rules, problems)
    if lines is not None:
        repriced = before is not None and reprices(before, paper)
        paper.lines = given_lines(books, paper, lines, new.lines, problems, kept_in=Generator, repriced=repriced)
    free_of_vat(paper)
    check_margin(paper, problems)
    check_dates(paper, problems)
    check(add_up(paper), values.keys(), problems)
    _check_names(books, old, new, paper, problems)
    for name in (*TERMS, *_TOTALS):
        setattr(new, name, getattr(paper, name))


def _paper(books: Books, generator: Generator, contact: Contact) -> Invoice:
    terms = {name: getattr(generator, name) for name in TERMS}
    return blank_invoice(books, "proforma" if generator.proforma else "invoice", contact, **terms)


def _check_names(books: Books, old: Generator | None, new: Generator, paper: Invoice, problems: Problems) -> None:
    """What it is called, and what it names that may be gone since."""
    if not new.name.strip() and "name" not in problems:
        problems.add("name", "blank")
    named = new.bank_account_id
    is_other = old is None or named != old.bank_account_id
    if named is not None and is_other and books.look_up(BankAccount, id=named) is None:
        problems.add("bank_account_id", "not_in_list")
    used = new.number_format_id
    if used is not None and (old is None or used != old.number_format_id):
        number_format(books, paper.kind, used, problems)


TERMS = tuple(name for name in Draft.__struct_fields__ if name not in Tenant.__struct_fields__)

_TOTALS = ("net_total", "gross_total", "rounding", "native_net_total", "native_gross_total")
