"""Issue a document: everything about it is settled, and only then its number is taken."""

from collections.abc import Sequence
from typing import Any, NamedTuple, cast

from faktura.core.accounts.missing import require_whole
from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.contacts import Contact, add_contact
from faktura.core.documents.amounts import add_up, free_of_vat
from faktura.core.documents.attachments import GivenFile, check_files
from faktura.core.documents.checks import (
    RULES,
    Rules,
    check,
    check_currency,
    check_dates,
    check_rate,
    due_days_between,
    tidy,
)
from faktura.core.documents.exchange import set_rate
from faktura.core.documents.find import key_of
from faktura.core.documents.lines import copied_lines, given_lines
from faktura.core.documents.numbering import NumberFormat
from faktura.core.documents.numbers import number_format, number_new
from faktura.core.documents.parties import bank_of, usual_bank_account
from faktura.core.documents.record import CORRECTIONS, DocumentKind
from faktura.core.documents.stock import check_restock
from faktura.core.errors import Given, Invalid, NotFound, Problems
from faktura.core.invoices.abroad import look_at_buyer
from faktura.core.invoices.buyer import check_buyer, read_street_line
from faktura.core.invoices.completion import complete
from faktura.core.invoices.making import blank_invoice, keep_new
from faktura.core.invoices.margin import check_margin
from faktura.core.invoices.oss import check_oss
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import (
    Named,
    Relations,
    find_relations,
    named_original,
    taken_names,
)
from faktura.core.invoices.symbols import check_symbol, usual_symbol
from faktura.core.texts import check_texts


class Composed(NamedTuple):
    """A document that lacks only its number, and the format that the number will be of."""

    invoice: Invoice
    related: Relations
    used: NumberFormat | None


def issue_invoice(books: Books, given: Given, rules: Rules = RULES) -> Invoice:
    """Issue a document; a None among the given values is the attribute's default.

    Besides the attributes of a document: `lines` (as `given_lines` takes them), `files` to attach, `tax_document_ids`
    that a final invoice settles, `street_line`. The contact is named by `contact_id` or `buyer_custom_id`, or added
    with the document: a `new_contact`, as `add_contact` takes it.

    Raises:
        Invalid: a value breaks a rule; no number was used up.
        NotFound: a line has an id.
        Incomplete: by these rules the firm has to say more of itself first.

    """
    if rules.whole_seller:
        require_whole(books)
    problems = Problems(given.unread)
    values = told(given, problems)
    files: Sequence[GivenFile] = values.pop("files", ())
    contact = buyer_named(books, values, problems)
    if contact is None:
        problems.refuse()
    composed = compose(books, cast("Contact", contact), values, rules, problems)
    invoice, related, used = composed
    check_files((), files, problems)
    check_buyer(invoice, given.keys(), problems)
    check(invoice, given.keys(), problems)
    if used is not None:
        number_new(books, invoice, used, values.get("number"), rules, problems)
    problems.refuse()
    if not invoice.variable_symbol:
        invoice.variable_symbol = usual_symbol(books, invoice, cast("Contact", contact), related.proforma)
    issued = complete(books, None, keep_new(books, invoice, files, related))
    look_at_buyer(books, issued)
    return issued


def told(given: Given, problems: Problems) -> dict[str, Any]:
    """What is said of a new document; a None says nothing."""
    check_texts(Invoice, given, problems)
    return {name: value for name, value in given.items() if value is not None}


def compose(books: Books, contact: Contact, values: dict[str, Any], rules: Rules, problems: Problems) -> Composed:
    """All of a document but its number: its terms, lines, rate and sums, and what it has to do with others."""
    values = dict(values)
    lines: Sequence[Given] = values.pop("lines", ())
    named = taken_names(values)
    _take_over_currency(books, values, named, contact.id)
    invoice = _begun(books, contact, values, problems)
    related = find_relations(books, invoice, named, problems)
    check_currency(invoice, related.original.currency if related.original else None, rules, problems)
    set_rate(books, invoice, related.original, related.proforma)
    check_rate(invoice, rules, problems)
    invoice.lines = given_lines(books, invoice, lines, (), problems)
    if related.advances and not lines:
        invoice.lines = copied_lines(books, Invoice, related.advances[-1])
    free_of_vat(invoice)
    check_margin(invoice, problems)
    check_oss(invoice, problems)
    used = number_format(books, invoice.kind, values.get("number_format_id"), problems)
    check_dates(invoice, problems)
    check_symbol(books, invoice, [key_of(end) for _, end in related.ends()], problems)
    check_restock(books, None, add_up(invoice), problems)
    return Composed(invoice, related, used)


def buyer_named(books: Books, values: dict[str, Any], problems: Problems) -> Contact | None:
    """Who buys, by id or by the client's own id, or who is added with the document."""
    contact_id, custom_id = values.get("contact_id"), values.get("buyer_custom_id")
    if (new := values.pop("new_contact", None)) is not None:
        return _buyer_added(books, new, contact_id, problems)
    if contact_id is not None:
        try:
            return books.find(Contact, contact_id)
        except NotFound:
            pass
    elif custom_id is not None and (found := books.look_up(Contact, custom_id=custom_id.strip())) is not None:
        return found
    elif "contact_id" not in problems:
        problems.add("contact_id", "blank")
    if not values.get("buyer_name"):
        problems.add("buyer_name", "blank")
    problems.add("contact_id", "no_such_contact")
    return None


def _buyer_added(books: Books, given: Given, contact_id: int | None, problems: Problems) -> Contact | None:
    """A new contact; what is wrong with it is told as of `new_contact`."""
    if contact_id is not None:
        problems.add("new_contact.name", "not_together")
        return None
    try:
        return add_contact(books, given)
    except Invalid as invalid:
        for name, found in invalid.problems.items():
            for problem in found:
                problems.add(f"new_contact.{name}", problem.code, problem.limit)
        return None


def _take_over_currency(books: Books, values: dict[str, Any], named: Named, contact_id: int) -> None:
    """A correction is in the currency of what it corrects, where it does not say."""
    if values.get("kind") in CORRECTIONS and "currency" not in values:
        names = values.get("corrected_uuid"), values.get("corrected_number")
        if (original := named_original(books, named.corrected_id, *names, contact_id)) is not None:
            values["currency"] = original.currency


def _begun(books: Books, contact: Contact, values: dict[str, Any], problems: Problems) -> Invoice:
    values = dict(values)
    kind: DocumentKind = values.pop("kind", "invoice")
    for name in ("number", "number_format_id", "contact_id", "buyer_custom_id"):
        values.pop(name, None)
    if values.get("has_delivery_address") is not False and contact.has_delivery_address:
        values = {name: value for name, value in values.items() if not name.startswith("delivery_")}
    read_street_line(values)
    issued_on = values.setdefault("issued_on", books.today)
    values.setdefault("taxable_on", issued_on)
    if "due_on" in values:
        values["due_days"] = due_days_between(issued_on, values.pop("due_on"))
    invoice = blank_invoice(books, kind, contact, **values)
    invoice.show_paid_note = invoice.show_paid_note and kind != "proforma"
    if "hide_bank_account" not in values:
        invoice.hide_bank_account = invoice.payment_method in (books.account.hide_bank_account_for or ())
    tidy_terms(invoice)
    _choose_bank_account(books, invoice, values, problems)
    return invoice


def tidy_terms(invoice: Invoice) -> None:
    """Bring what was given into the form that is kept."""
    invoice.follow_up = (invoice.follow_up or "final_invoice_paid") if invoice.kind == "proforma" else None
    tidy(invoice)


def _choose_bank_account(books: Books, invoice: Invoice, values: dict[str, Any], problems: Problems) -> None:
    """The account named, else the usual one; what is said of it beside that counts more."""
    if invoice.bank_account_id is not None:
        chosen = books.look_up(BankAccount, id=invoice.bank_account_id)
        if chosen is None:
            problems.add("bank_account_id", "not_in_list")
    else:
        chosen = None if "bank_account" in values else usual_bank_account(books, invoice.currency)
    if chosen is not None:
        for name, value in bank_of(chosen).items():
            if name not in values:
                setattr(invoice, name, value)
