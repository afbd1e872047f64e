"""The documents of the example firms: one of every kind and in every state, issued in the last three months."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.correct import correction_of
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import reminder_due
from faktura.core.messages import delivered
from faktura.jobs.restate_account import bring_up_to_today
from faktura.outputs.mail.wording import send_reminder
from faktura.sandbox.example.days import ago, line
from faktura.sandbox.example.expenses import add_expenses
from faktura.sandbox.example.generators import add_generators
from faktura.sandbox.example.inbox import fill_inboxes
from faktura.sandbox.example.papers import add_papers
from faktura.sandbox.example.todos import add_todos
from faktura.store.search import folded

Contacts = Sequence[Contact]


def add_documents(books: Mapping[str, Books], contacts: Mapping[str, Contacts]) -> None:
    """Let the firms have traded for a while; every day is counted back from today."""
    _trade_in_advance(books["applecorp"], contacts["applecorp"])
    _trade(books["applecorp"], contacts["applecorp"])
    _issue(books["pearcorp"], 6, contacts["pearcorp"][0], [line("Hrušky", "120", 100, "kg", rate=12)])
    _trade_in_poland(books["jabluszko"], contacts["jabluszko"])
    add_expenses(books, contacts)
    add_papers(books["jabluszko"])
    fill_inboxes(books)
    add_generators(books, contacts)
    for own in books.values():
        while bring_up_to_today(own):
            pass
    add_todos(books, contacts)


def _trade(books: Books, contacts: Contacts) -> None:
    """Invoices that were paid, reminded of, sent, corrected, cancelled and given up; the last one is of today."""
    carpenter, _, _, pharmacy, optician, brewery, *_ = contacts
    lost = _issue(books, 40, brewery, [line("Servis pump", "4", 850, "h")])
    fire(books, lost.id, "mark_as_uncollectible")
    paid = _issue(books, 38, carpenter, [line("Jablka", "320", "18.5", "kg", rate=12), line("Doprava", "1", 1450)])
    _pay(books, 30, paid)
    fire(books, paid.id, "lock")
    vinegar = [line("Jablečný ocet", "24", "82.005", "l", rate=12), line("Lahve", "24", "12.4")]
    _remind(books, 19, _issue(books, 36, pharmacy, vinegar))
    sent = _issue(
        books,
        12,
        optician,
        [line("Konzultace", "1.5", "833.67", "h"), line("Konzultace", "1.5", "833.67", "h")],
        due_days=30,
        order_number="OBJ-2214",
        tags=("služby", "důležité"),
    )
    fire(ago(books, 11), sent.id, "mark_as_sent")
    wrong = _issue(books, 10, carpenter, [line("Bedny", "40", 95, sku="PREP-01")], due_days=30)
    back = [line("Vrácené bedny", "3", -95, sku="PREP-01")]
    _issue(books, 8, carpenter, back, kind="correction", corrected_id=wrong.id)
    cancelled = _issue(books, 7, pharmacy, [line("Mošt", "10", 39, "l", rate=12)])
    fire(ago(books, 6), cancelled.id, "cancel")
    cash = _issue(
        books,
        3,
        brewery,
        [line("Jablka na mošt", "75.5", "21.9", "kg", rate=12), line("Sud", "2", 1210)],
        price_mode="from_total_with_vat",
        payment_method="cash",
        round_total=True,
    )
    _pay(books, 3, cash)
    _issue(books, 0, optician, [line("Jablka", "60", "19.9", "kg", rate=12)], custom_id="ESHOP-1")


def _trade_in_advance(books: Books, contacts: Contacts) -> None:
    """Proformas that became invoices each in its own way, and an invoice in another currency."""
    _, _, german, _, optician, brewery, *_ = contacts
    abroad = _issue(
        books,
        60,
        german,
        [line("Äpfel", "1000", "0.79", "kg", rate=12)],
        exchange_rate=Decimal("25.135"),
        reverse_charge=True,
        due_days=90,
    )
    _pay(books, 50, abroad, amount=Decimal(400))
    proforma = _issue(books, 58, optician, [line("Předplatné", "12", 450, "měsíc")], kind="proforma")
    _pay(books, 55, proforma)
    order = [line("Lis na jablka", "1", 48000)]
    proforma = _issue(books, 54, brewery, order, kind="proforma", follow_up="tax_document")
    _pay(books, 52, proforma)
    advance = books.find(Invoice, proforma.id).payments[0].tax_document_id
    rest = [*order, line("Montáž", "6", 650, "h")]
    final = _issue(books, 45, brewery, rest, kind="final_invoice", tax_document_ids=(advance,))
    _pay(books, 41, final)
    _issue(books, 5, brewery, [line("Náhradní síta", "2", 1990)], kind="proforma", due_days=21)


def _trade_in_poland(books: Books, contacts: Contacts) -> None:
    _trade_over_oss(books)
    music, florist, warehouse, *_ = contacts
    paid = _issue(books, 35, music, [line("Jabłka", "200", "3.4", "kg", rate=5), line("Transport", "1", 180, rate=23)])
    _pay(books, 28, paid)
    _issue(books, 20, florist, [line("Skrzynki", "50", "12.5", "szt.", rate=23)], due_days=14)
    _issue(books, 4, warehouse, [line("Sok jabłkowy", "96", "4.2", "l", rate=5, sku="SOK-1")], due_days=30)
    _issue(books, 2, florist, [line("Dekoracja sali", "1", 2400, rate=8)], kind="proforma", due_days=7)
    press = Given({"name": "Prasa do soku, używana", "unit_price": Decimal(4800), "purchase_price": Decimal(3500)})
    _issue(books, 1, warehouse, [press], kind="margin_invoice", margin_kind="second_hand_goods")


def _trade_over_oss(books: Books) -> None:
    """A juicer to Germany that came back, boxes of juice to France, recipes to Germany: with the VAT of either."""
    berlin = _consumer(books, "Jürgen Groß", "Lindenallee 5", "Berlin", "10115", "DE")
    lyon = _consumer(books, "Élise Moreau", "12 rue des Pommiers", "Lyon", "69002", "FR")
    terms = {"kind": "oss_invoice", "currency": "EUR", "payment_method": "card"}
    goods = terms | {"oss": "goods", "supply_place": "Lindenallee 5, 10115 Berlin"}
    juicer = [line("Wyciskarka", "1", 149, "szt.", rate=19), line("Butelki", "6", "2.5", "szt.", rate=19)]
    sold = _issue(books, 26, berlin, juicer, **goods)
    _pay(books, 26, sold)
    back = {"quantities": {sold.lines[0].id: Decimal(1)}, "reason": "Zwrot w ciągu 14 dni"}
    issue_invoice(ago(books, 15), correction_of(ago(books, 15), sold.id, Given(back)))
    juice = Given({"name": "Sok jabłkowy", "quantity": Decimal(24), "unit": "l", "vat_rate": Decimal("5.5")})
    juice["unit_price"] = Decimal("3.2")
    _issue(books, 9, lyon, [juice], **goods | {"supply_place": "12 rue des Pommiers, 69002 Lyon"})
    recipes = [line("Przepisy na cydr, e-book", "1", 12, "szt.", rate=7)]
    electronic = {"oss": "service", "oss_service": "electronic", "supply_place": "Berlin", "due_days": 7}
    _issue(books, 3, berlin, recipes, **terms | electronic, supply_place_secondary="IP 203.0.113.7")


def _consumer(books: Books, name: str, *address: str) -> Contact:
    """Whoever buys for themselves."""
    first, last = name.split()
    said = {"name": name, "first_name": first, "last_name": last, "activity_kind": "private_person"}
    where = dict(zip(("street", "city", "postcode", "country"), address, strict=True))
    return add_contact(books, Given(said | where | {"email": f"{folded(first)}@{folded(last)}.example"}))


def _issue(books: Books, days: int, contact: Contact, lines: list[Given], **values: Any) -> Invoice:
    return issue_invoice(ago(books, days), Given({"contact_id": contact.id, "lines": lines, **values}))


def _pay(books: Books, days: int, invoice: Invoice, **values: Any) -> None:
    add_payment(ago(books, days), invoice.id, Given(values))


def _remind(books: Books, days: int, invoice: Invoice) -> None:
    """By the step of that day; the letter went out then."""
    then = ago(books, days)
    if (step := reminder_due(then, invoice.id, then.today)) is not None:
        message = send_reminder(then, then.find(Invoice, invoice.id), step, "")
        delivered(then, message.id, "250 2.0.0 Ok")
