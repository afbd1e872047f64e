"""Invoice messages (2.8), sentence by sentence."""

from typing import Any

from faktura.core.messages import Message
from faktura.dialects.fakturoid.tests.conftest import Desk
from faktura.jobs import handlers
from faktura.store.queries import Order, Selection
from faktura.worker import Worker


def send(desk: Desk, invoice: Any, body: Any = None) -> Any:
    return desk.client.post(f"/invoices/{invoice['id']}/message.json", body)


def letters(desk: Desk) -> list[Message]:
    return desk.client.write(lambda books: books.all(Message, Selection(order=(Order("id"),))))


def thank(desk: Desk) -> None:
    """Have the letters of thanks written that are due."""
    service, job = desk.client.service, "thank_for_payment"
    worker = Worker(service.database, service.clock, {job: handlers()[job]})
    while worker.do_next():
        pass


def give_address(desk: Desk, **values: str) -> None:
    desk.client.patch(f"/subjects/{desk.subject_id}.json", {"email": "ucetni@odberatel.example"} | values)


def test_the_body_may_be_empty_and_the_subject_is_written_to(desk: Desk) -> None:
    give_address(desk, email_copy="kopie@odberatel.example")
    invoice = desk.issue()

    answer = send(desk, invoice)
    assert (answer.status_code, answer.content) == (204, b"")
    letter = letters(desk)[0]
    assert (letter.recipient, letter.copy) == ("ucetni@odberatel.example", "kopie@odberatel.example")
    assert invoice["public_html_url"] in letter.body


def test_the_invoice_is_sent_from_then_on(desk: Desk) -> None:
    give_address(desk)
    invoice = desk.issue()
    send(desk, invoice)

    sent = desk.client.get(f"/invoices/{invoice['id']}.json").json
    assert sent["status"] == "sent"
    assert sent["sent_at"] is not None


def test_an_overdue_invoice_is_reminded_of(desk: Desk) -> None:
    give_address(desk)
    invoice = desk.issue(issued_on="2020-01-01", due=1)
    assert invoice["status"] == "overdue"
    send(desk, invoice)

    reminded = desk.client.get(f"/invoices/{invoice['id']}.json").json
    assert (reminded["status"], reminded["sent_at"]) == ("overdue", None)
    assert reminded["reminder_sent_at"] is not None
    assert reminded["reminder_sent_at"] == reminded["last_reminder_sent_at"]


def test_variables_are_replaced_in_subject_and_message(desk: Desk) -> None:
    invoice = desk.issue()
    send(desk, invoice, {"email": "sef@odberatel.example", "subject": "Doklad #no#", "message": "VS #vs#: #link#"})

    letter = letters(desk)[0]
    assert letter.subject == f"Doklad {invoice['number']}"
    assert letter.body == f"VS {invoice['variable_symbol']}: {invoice['public_html_url']}"


def test_without_an_address_or_with_a_bad_one_it_is_a_422_and_nothing_is_marked(desk: Desk) -> None:
    invoice = desk.issue()
    nobody = send(desk, invoice, {"subject": "Text"})
    assert (nobody.status_code, nobody.json) == (422, {"errors": {"email": ["je povinná položka"]}})
    bad = send(desk, invoice, {"email": "nikdo", "email_copy": "@"})
    assert bad.json == {
        "errors": {"email": ["Prosím zkontrolujte email."], "email_copy": ["Prosím zkontrolujte email."]}
    }
    assert desk.client.get(f"/invoices/{invoice['id']}.json").json["status"] == "open"
    assert letters(desk) == []


def test_an_unknown_invoice_is_a_404(desk: Desk) -> None:
    assert send(desk, {"id": 999}).status_code == 404


def test_a_paid_invoice_thanks_only_where_it_is_wished(desk: Desk) -> None:
    give_address(desk, thank_you_email_text="Díky za #no#")
    desk.pay(desk.issue())
    assert letters(desk) == []
    invoice = desk.issue()
    desk.pay(invoice, send_thank_you_email=True)
    thank(desk)
    assert [letter.body for letter in letters(desk)] == [f"Díky za {invoice['number']}"]
    desk.pay(desk.issue(), send_thank_you_email=True, mark_document_as_paid=False)
    thank(desk)
    assert len(letters(desk)) == 1
