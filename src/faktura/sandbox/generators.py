"""Templates of the example firms, from which their documents are made."""

from collections.abc import Mapping, Sequence
from typing import Any

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator
from faktura.core.generators.record import Generator
from faktura.sandbox.days import ago, line

Contacts = Sequence[Contact]


def add_generators(books: Mapping[str, Books], contacts: Mapping[str, Contacts]) -> None:
    """Let two firms have templates: of an invoice, and of a proforma."""
    _, _, _, pharmacy, optician, *_ = contacts["applecorp"]
    jams = [line("Sada marmelád", "20", "149", rate=12), line("Doprava", "1", 250)]
    _add(books["applecorp"], 70, pharmacy, "Marmelády do lékárny", jams, tags=("marmelády",), due_days=21)
    talk = [line("Konzultace", "2", 1250, "h")]
    _add(books["applecorp"], 15, optician, "Záloha na konzultace", talk, proforma=True, note="Děkujeme za objednávku.")
    labels = [line("Sok jabłkowy", "60", "4.9", "but.", rate=5)]
    _add(books["jabluszko"], 40, contacts["jabluszko"][0], "Soki na sklep", labels)


def _add(books: Books, days: int, customer: Contact, name: str, lines: list[Given], **values: Any) -> Generator:
    given = {"contact_id": customer.id, "name": name, "lines": lines, **values}
    return add_generator(ago(books, days), Given(given))
