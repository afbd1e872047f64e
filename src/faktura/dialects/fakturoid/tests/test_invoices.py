"""Section 2.6: invoices."""

from faktura.core.bank_accounts import BankAccount
from faktura.dialects.fakturoid.tests.conftest import Client


def test_an_invoice_is_issued_read_listed_and_paid(client: Client) -> None:
    client.write(lambda books: books.add(BankAccount, name="Účet", currency="CZK", number="123/0100", default=True))
    subject = client.post("/subjects.json", {"name": "Karel"}).json
    line = {"name": "Práce", "quantity": "2.5", "unit_name": "h", "unit_price": 100, "vat_rate": "21"}

    issued = client.post("/invoices.json", {"subject_id": subject["id"], "lines": [line]})

    assert issued.status_code == 201, issued.text
    assert client.get(f"/invoices/{issued.json['id']}.json").json == issued.json
    assert client.get("/invoices.json").json == [issued.json]
    paid = client.post(f"/invoices/{issued.json['id']}/payments.json", {})
    assert (paid.status_code, paid.json["amount"]) == (201, "302.5")
