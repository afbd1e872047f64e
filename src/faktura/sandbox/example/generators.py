"""Templates of the example firms, from which their documents are made."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import fail, pause
from faktura.sandbox.example.days import ago, line

Contacts = Sequence[Contact]


def add_generators(books: Mapping[str, Books], contacts: Mapping[str, Contacts]) -> None:
    """Let two firms have templates, of an invoice and of a proforma, and some that recur: active, paused and failed.

    The last one is in a currency that no central bank has a rate of.
    """
    _, _, _, pharmacy, optician, *_ = contacts["applecorp"]
    jams = [line("Sada marmelád", "20", "149", rate=12), line("Doprava", "1", 250)]
    _add(books["applecorp"], 70, pharmacy, "Marmelády do lékárny", jams, tags=("marmelády",), due_days=21)
    talk = [line("Konzultace", "2", 1250, "h")]
    _add(books["applecorp"], 15, optician, "Záloha na konzultace", talk, proforma=True, note="Děkujeme za objednávku.")
    labels = [line("Sok jabłkowy", "60", "4.9", "but.", rate=5, sku="SOK-1")]
    _add(books["jabluszko"], 40, contacts["jabluszko"][0], "Soki na sklep", labels)
    rent = [line("Pronájem lisu za #m#/#y#", "1", 4800, "měsíc")]
    _repeat(books["applecorp"], pharmacy, "Pronájem lisu", rent, on_last_day=True)
    store = [line("Przechowanie jabłek za #m#/#y#", "1", 950, "mies.", rate=23)]
    _repeat(books["jabluszko"], contacts["jabluszko"][0], "Chłodnia", store, taxed_at_end_of_last_month=True)

    paused = _repeat(books["applecorp"], optician, "Úklid prodejny", [line("Úklid za #m#/#y#", "1", 1800)], months=3)
    pause(books["applecorp"], paused.id)
    cider = [line("Cidre za #m#/#y#", "24", "7.5")]
    yesterday = books["applecorp"].today - dt.timedelta(days=1)
    failed = _repeat(books["applecorp"], optician, "Cidre do Tbilisi", cider, currency="GEL", start_on=yesterday)
    fail(books["applecorp"], failed.id)


def _repeat(books: Books, customer: Contact, name: str, lines: list[Given], **values: Any) -> Generator:
    """One that issues every month from some day of the next two weeks on: the panel may move the clock there."""
    start = books.today + dt.timedelta(days=10)
    return _add(books, 3, customer, name, lines, **{"recurring": True, "start_on": start, "months": 1, **values})


def _add(books: Books, days: int, customer: Contact, name: str, lines: list[Given], **values: Any) -> Generator:
    given = {"contact_id": customer.id, "name": name, "lines": lines, **values}
    return add_generator(ago(books, days), Given(given))
