"""A document as a member of its account sees it, with all that happened to it and what can be done with it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask import render_template, url_for
from flask_babel import get_locale

from faktura.core.books.books import Books
from faktura.core.codes import country_name
from faktura.core.errors import Reason
from faktura.core.generators.documents import is_repeatable
from faktura.core.generators.record import Generator
from faktura.core.invoices.abroad import is_untaxed_abroad
from faktura.core.invoices.chain import chain_of
from faktura.core.invoices.correct import is_copyable, is_correctable
from faktura.core.invoices.e_invoice import faults_of
from faktura.core.invoices.events import possible_events
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.payment_links import address_to_pay, asks_for_money
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import ShareLink, find_share_link
from faktura.core.people.accounts import Account
from faktura.core.registries.checks import last_checks
from faktura.core.todos import Todo
from faktura.outputs.e_invoices.lacking import Format, why_not
from faktura.web.documents import pages
from faktura.web.documents.fields import CONSUMED, OSS_SERVICES, SOLD
from faktura.web.documents.showing import Entry, Shown, entries_of, shown
from faktura.web.documents.timeline import Moment, timeline_of
from faktura.web.door.addresses import origin
from faktura.web.door.books import read_books
from faktura.web.door.people import person
from faktura.web.forms.fields import Words
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.sentences import REASONS
from faktura.web.ksef.passage import Passage, passage_of
from faktura.web.registries.proofs import Proof, proofs_of
from faktura.web.todos.list import why


class Looked(NamedTuple):
    """A document as a member sees it; `possible` are the events that may happen to it now.

    `pay_at` is where its customer pays, empty where that is not offered; `payable` is whether it can be. `generator` is
    the template that it was made of, if that is there; `faulty` is what is to be done about it as an e-invoice.
    """

    account: Account
    document: Shown
    chain: list[Entry]
    timeline: list[Moment]
    possible: list[str]
    link: ShareLink | None
    pay_at: str
    payable: bool
    correctable: bool
    copyable: bool
    repeatable: bool
    generator: Generator | None
    found: list[Proof]
    faulty: Todo | None
    hindered: Mapping[Format, Reason]
    passage: Passage | None


@pages.get("/<slug>/invoices/<id:invoice_id>")
def show(slug: str, invoice_id: int) -> str:
    return document_page(slug, invoice_id, NOTHING.filled())


def document_page(slug: str, invoice_id: int, filled: Filled) -> str:
    """The page, also after a verb that has no page of its own was refused."""
    language = person().user.language

    def work(books: Books) -> Looked:
        invoice = find_invoice(books, invoice_id)
        return Looked(
            books.account,
            shown(books, invoice, language),
            entries_of(books, chain_of(books, invoice)),
            timeline_of(books, invoice),
            possible_events(invoice),
            find_share_link(books, invoice),
            address_to_pay(books, invoice),
            asks_for_money(invoice),
            is_correctable(invoice),
            is_copyable(invoice),
            is_repeatable(invoice),
            books.look_up(Generator, id=invoice.generator_id) if invoice.generator_id else None,
            proofs_of(last_checks(books, invoice.contact_id, invoice)) if is_untaxed_abroad(invoice) else [],
            faults_of(books, invoice) if books.account.check_e_invoices else None,
            why_not(books, invoice),
            passage_of(books, invoice),
        )

    looked = read_books(slug, work, "invoices")
    told = {"filled": filled, "site": origin(), "consumption": _consumption(looked.document.invoice)}
    told["faults"] = why(looked.faulty) if looked.faulty else ()
    told["why_not"] = {name: REASONS[reason]() for name, reason in looked.hindered.items()}
    return render_template("documents/page.html", **looked._asdict(), **told)


def _consumption(invoice: Invoice) -> Sequence[tuple[Words, Words]]:
    """Where it is consumed and what shows that, of what is sold under the one-stop shop."""
    if invoice.oss == "disabled":
        return ()
    named = {
        "buyer_country": country_name(invoice.buyer_country or "", str(get_locale())),
        "oss": SOLD[invoice.oss],
        "oss_service": OSS_SERVICES.get(invoice.oss_service or "", ""),
    }
    return [(f.label, named[f.name] if f.name in named else getattr(invoice, f.name) or "") for f in CONSUMED]


def address_of(slug: str, invoice_id: int) -> str:
    return url_for("invoices.show", slug=slug, invoice_id=invoice_id)


def public_address(invoice: Invoice, slug: str) -> str:
    """Where its customer opens it."""
    return origin() + url_for("public_invoice.show", slug=slug, token=invoice.token, number=invoice.number)
