"""What the Polish example firm bought: the papers of suppliers with what was said of each since it came."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.received.accounting import account_for
from faktura.core.received.compose import compose_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.pay import pay_expense
from faktura.core.received.record import Expense
from faktura.core.received.scans import add_scan
from faktura.sandbox.example.days import ago, line
from faktura.sandbox.example.drawn import invoice_of, receipt


def add_costs(books: Books, suppliers: Mapping[str, Contact]) -> None:
    """Costs in every state of payment and of the books, each with the paper that it was entered from."""
    boards = _invoiced(
        books,
        33,
        suppliers["Tartak Sosna"],
        [line("Deski", "2.4", 890, "m3", rate=23)],
        original_number="FV/118/2026",
        iban="PL83101010230000261395100000",
        category="zakup_towarow_i_lub_materialow",
    )
    pay_expense(ago(books, 20), boards.id, Given())
    _say(ago(books, 18), boards, "accounted")
    labels = _invoiced(
        books,
        26,
        suppliers["Drukarnia Litera"],
        [line("Etykiety", "5000", "0.18", "szt.", rate=23, sku="ETYK-1")],
        original_number="77/10/2026",
        category="reklama",
    )
    _say(ago(books, 21), labels, "to_clarify", "Czy to etykiety na sok, czy na ocet?")
    _repair(books, suppliers["Warsztat Klucz"])
    sugar = _invoiced(
        books,
        8,
        suppliers["Sklep Jagoda"],
        [line("Cukier", "60", "4.2", "kg", rate=8), line("Skrzynki", "20", "14.9", "szt.", rate=23)],
        original_number="FS/2291/2026",
        category="zakup_towarow_i_lub_materialow",
    )
    pay_expense(ago(books, 5), sugar.id, Given({"amount": Decimal(300)}))
    _invoiced(
        books,
        3,
        suppliers["Biuro Rachunkowe Cyfra"],
        [line("Obsługa rachunkowa", "1", 650, "mies.", rate=23)],
        original_number="F/2026/3312",
        iban="PL27114020040000300201355387",
        category="uslugi_ksiegowe",
    )


def _repair(books: Books, workshop: Contact) -> None:
    """Paid in cash at the workshop, half of whose VAT is deducted."""
    then = ago(books, 15)
    picture = receipt(
        (workshop.name, ""),
        (f"{workshop.street}, {workshop.postcode} {workshop.city}", ""),
        (f"NIP {workshop.vat_no}", ""),
        (f"{then.today}", "nr 004128"),
        ("PARAGON FISKALNY", ""),
        ("Wymiana opon 4 x 40,00", "160,00A"),
        ("Wywazenie kol", "86,00A"),
        ("PTU A 23,00%", "46,00"),
        ("SUMA PLN", "246,00"),
        ("GOTOWKA", "246,00"),
        (f"NIP NABYWCY {books.account.vat_no}", ""),
    )
    repair = _entered(
        then,
        picture,
        "paragon.png",
        {
            "contact_id": workshop.id,
            "lines": [line("Wymiana opon", "4", 40, "szt.", rate=23), line("Wyważenie kół", "1", 86, "usł.", rate=23)],
            "kind": "bill",
            "original_number": "004128",
            "price_mode": "from_total_with_vat",
            "payment_method": "cash",
            "deductible_percent": 50,
            "category": "koszty_pojazdu",
        },
    )
    pay_expense(then, repair.id, Given())
    _say(ago(books, 14), repair, "accounted")


def _invoiced(books: Books, days: int, supplier: Contact, lines: list[Given], **values: Any) -> Expense:
    """A cost of so many days ago, with the invoice of which it was entered."""
    then, given = ago(books, days), {"contact_id": supplier.id, "lines": lines, **values}
    paper = invoice_of(compose_expense(then, Given(given)).expense, then.account)
    return _entered(then, paper, f"{values['original_number'].replace('/', '-')}.pdf", given)


def _entered(books: Books, content: bytes, filename: str, given: Mapping[str, Any]) -> Expense:
    scan = add_scan(books, Given({"content": content, "filename": filename}))
    return enter_expense(books, Given({**given, "scan_id": scan.id}))


def _say(books: Books, cost: Expense, accounting: str, why: str = "") -> None:
    account_for(books, books.find(Expense, cost.id), accounting, why)
