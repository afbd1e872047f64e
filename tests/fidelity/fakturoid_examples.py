"""What the house at the Fakturoid door is filled with: something of all that can be said of each resource."""

import datetime as dt
from typing import Any

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.contacts import note_reliability
from faktura.core.documents.numbering import NumberFormat
from faktura.core.generators.recur import issue_due
from faktura.core.invoices.record import Invoice
from faktura.core.people.users import User
from faktura.jobs import Reach, handlers
from faktura.outside.http import Client as Outside
from faktura.store.records import changed
from faktura.worker import Worker
from tests.fidelity.fakturoid_house import PDF, Fakturoid
from tests.fidelity.house import Values
from tests.http_double import Reply, host

SUBJECT: Values = {
    "custom_id": "CRM-1",
    "type": "both",
    "name": "Odběratel a.s.",
    "full_name": "Eva Nová",
    "email": "eva@odberatel.example",
    "email_copy": "kopie@odberatel.example",
    "phone": "+420 777 000 111",
    "web": "https://odberatel.example",
    "street": "Krátká 2",
    "city": "Brno",
    "zip": "602 00",
    "country": "CZ",
    "has_delivery_address": True,
    "delivery_name": "Sklad",
    "delivery_street": "Skladová 3",
    "delivery_city": "Zlín",
    "delivery_zip": "760 01",
    "delivery_country": "CZ",
    "due": 30,
    "currency": "CZK",
    "language": "cz",
    "private_note": "platí včas",
    "registration_no": "87654326",
    "vat_no": "CZ87654326",
    "local_vat_no": "2020317068",
    "legal_form": "121",
    "vat_mode": "vat_payer",
    "bank_account": "2000145399/0800",
    "iban": "CZ6508000000192000145399",
    "swift_bic": "GIBACZPX",
    "variable_symbol": "777",
    "custom_email_text": "Dobrý den",
    "overdue_email_text": "Prosíme o úhradu",
    "due_date_reminder_email_text": "Blíží se splatnost",
    "invoice_from_proforma_email_text": "Děkujeme",
    "thank_you_email_text": "Přišlo to",
    "custom_estimate_email_text": "Nabízíme",
    "webinvoice_history": "recent",
}


def fill(house: Fakturoid) -> None:
    house.past_the_door(_account)
    rich = house.made("subject", **SUBJECT)
    house.past_the_door(lambda books: note_reliability(books, rich["id"], unreliable=True))
    item = _items(house)
    _invoices(house, rich, item)
    _advances(house)
    _expenses(house, rich, item)
    _inbox(house)
    _templates(house, rich, item)
    _letters(house)
    _listeners(house)


def _account(books: Books) -> None:
    whole: Values = {"name": "Hlavní účet", "currency": "CZK", "number": "19-2000145399/0800", "default": True}
    books.add(BankAccount, iban="CZ6508000000192000145399", bic="GIBACZPX", **whole)
    books.add(BankAccount, name="Eura", currency="EUR", number="1234/2010")
    books.add(NumberFormat, kind="invoice", pattern="#yyyy#-#dddd#", default=True)
    books.add(NumberFormat, kind="invoice", pattern="VF-#yyyy#-#ddd#")
    office = Office(books.tx, books.now)
    office.change(office.find(User, id=books.user_id), avatar_url="https://applecorp.example/jan.png")


def _items(house: Fakturoid) -> Values:
    many: Values = {"article_number_type": "ean", "article_number": "8594000000017", "unit_name": "ks"}
    many |= {"track_quantity": True, "quantity": 4, "min_quantity": 2, "max_quantity": 50, "vat_rate": "standard"}
    prices = [{"amount": "5.5", "currency": "EUR"}]
    item = house.made("inventory_item", **many, retail_prices=prices, private_note="ve skladu")
    moves = f"/inventory_items/{item['id']}/inventory_moves.json"
    out = {"direction": "out", "moved_on": "2026-11-20", "quantity_change": 3, "purchase_price": 80}
    _done(house, "POST", moves, out | {"retail_price": 150, "native_retail_price": 150, "private_note": "vzorek"})
    house.made("inventory_item", **(many | {"quantity": 1}))
    house.made("inventory_move")
    old = house.made("inventory_item", **(many | {"article_number": "old"}))
    _done(house, "POST", f"/inventory_items/{old['id']}/archive.json", {})
    return item


def _invoices(house: Fakturoid, subject: Values, item: Values) -> None:
    files = [{"filename": "smlouva.pdf", "data_url": PDF}]
    lines: list[Any] = [{"inventory_item_id": item["id"], "quantity": 1, "unit_name": "ks"}]
    lines.append({"name": "Doprava", "unit_price": "82.5", "vat_rate": 12})
    said: Values = {"custom_id": "A-77", "order_number": "OBJ-1", "private_note": "pozor", "tags": ["vip"]}
    said |= {"payment_method": "custom", "custom_payment_method": "Zápočet", "supply_code": "4", "due": 30}
    rich = house.made("invoice", subject_id=subject["id"], lines=lines, attachments=files, **said)
    _done(house, "POST", f"/invoices/{rich['id']}/payments.json", {"amount": 10})
    credit = {"name": "Sleva", "unit_price": -10, "vat_rate": 21}
    of_rich = {"correction_id": rich["id"], "subject_id": subject["id"]}
    house.made("invoice", document_type="correction", lines=[credit], **of_rich)
    for event in ("mark_as_sent", "cancel", "lock", "mark_as_uncollectible"):
        made = house.made("invoice")
        _done(house, "POST", f"/invoices/{made['id']}/fire.json", {"event": event})
    paid = house.made("invoice")
    _done(house, "POST", f"/invoices/{paid['id']}/payments.json", {})
    late = house.made("invoice", issued_on="2026-10-01", due=5)
    house.past_the_door(lambda books: _reminded(books, late["id"]))


def _reminded(books: Books, invoice_id: int) -> None:
    """What letters and the reader of a public page leave behind."""
    old = books.find(Invoice, invoice_id)
    moments = {"reminded_at": books.now, "last_reminded_at": books.now, "due_date_reminded_at": books.now}
    books.change(old, changed(old, seen_on=dt.date(2026, 11, 2), **moments))


def _advances(house: Fakturoid) -> None:
    proforma = house.made("invoice", document_type="proforma")
    _done(house, "POST", f"/invoices/{proforma['id']}/payments.json", {})
    taxed = house.made("invoice", document_type="proforma", proforma_followup_document="tax_document")
    payment = _done(house, "POST", f"/invoices/{taxed['id']}/payments.json", {})
    house.made("invoice", document_type="final_invoice", tax_document_ids=[payment["tax_document_id"]])


def _expenses(house: Fakturoid, subject: Values, item: Values) -> None:
    lines = [{"inventory_item_id": item["id"], "quantity": 2, "unit_price": 70, "vat_rate": 21}]
    said: Values = {"custom_id": "E-1", "original_number": "FA-9", "variable_symbol": "99", "description": "nákup"}
    said |= {"private_note": "zkontrolovat", "tags": ["sklad"], "payment_method": "custom"}
    said |= {"custom_payment_method": "Zápočet", "attachments": [{"filename": "doklad.pdf", "data_url": PDF}]}
    rich = house.made("expense", subject_id=subject["id"], lines=lines, **said)
    _done(house, "POST", f"/expenses/{rich['id']}/payments.json", {"amount": 10})
    house.made("expense", document_type="bill", issued_on="2026-10-01", due_on="2026-10-15")
    house.made("expense", document_type="other")
    paid = house.made("expense")
    _done(house, "POST", f"/expenses/{paid['id']}/payments.json", {})
    _done(house, "POST", f"/expenses/{paid['id']}/fire.json", {"event": "lock"})


def _inbox(house: Fakturoid) -> None:
    house.made("inbox_file", filename="scan.pdf", send_to_ocr=True)
    _work(Worker(house.service.database, house.clock, handlers()), "reading")


def _templates(house: Fakturoid, subject: Values, item: Values) -> None:
    [account, *_] = house.door.read("/bank_accounts.json")
    [numbers, *_] = house.door.read("/number_formats/invoices.json")
    said: Values = {"subject_id": subject["id"], "custom_id": "T-1", "number_format_id": numbers["id"]}
    said |= {"note": "Dobrý den", "footer_note": "Děkujeme", "bank_account_id": account["id"], "tags": ["vip"]}
    said |= {"order_number": "OBJ-2", "payment_method": "custom", "custom_payment_method": "Zápočet"}
    said |= {"supply_code": "4", "lines": [{"inventory_item_id": item["id"], "quantity": 1, "vat_rate": 21}]}
    house.made("generator", **said)
    house.made("recurring_generator", **said, end_date="2028-01-31")
    due = house.made("recurring_generator", start_date="2026-11-21")
    house.past_the_door(lambda books: issue_due(books, due["id"]), by_nobody=True)


def _letters(house: Fakturoid) -> None:
    sent = house.made("invoice")
    letter = {"email": "eva@odberatel.example", "subject": "Doklad", "message": "Dobrý den"}
    _done(house, "POST", f"/invoices/{sent['id']}/message.json", letter)
    [todo, *_] = house.door.read("/todos.json")
    _done(house, "POST", f"/todos/{todo['id']}/toggle_completion.json", {})


def _listeners(house: Fakturoid) -> None:
    """One that answered with a fault until it was given up, and one that was not there."""
    house.made("webhook")
    reach = Reach(client=Outside(loopback=True), secret_key=house.service.secret_key)
    worker = Worker(house.service.database, house.clock, handlers(), reach)
    _work(worker)
    now = house.clock.now()
    with host(lambda _path: Reply(500, b"broken")) as shop:
        url = f"{shop.url}/hooks"
        house.made("webhook", webhook_url=url, auth_header="Bearer abc", events=["subject_created"])
        house.made("webhook", webhook_url="http://127.0.0.1:9/hooks", events=["subject_created"])
        house.made("subject", name="Slyšený")
        for _ in range(7):
            _work(worker)
            house.clock.stand_at(house.clock.now() + dt.timedelta(hours=1))
    house.clock.stand_at(now)


def _work(worker: Worker, *lanes: str) -> None:
    while worker.do_next(*lanes):
        pass


def _done(house: Fakturoid, method: str, path: str, body: Values) -> Values:
    answer = house.door.call(method, path, body)
    assert answer.status_code < 300, answer.text
    shown: Values = answer.json if answer.text else {}
    return shown
