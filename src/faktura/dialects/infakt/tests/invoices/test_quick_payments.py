"""6.1: links to pay an invoice at once, and what cannot be sent on paper."""

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import NOON, again, issue

PAGE = "https://pay.example/{number}?sum={amount}&in={currency}&vs={variable_symbol}"
NOT_CONFIGURED = "Szybkie płatności nie są skonfigurowane na tym koncie."


def take_payments(client: Client, page: str | None = PAGE) -> None:
    def change(books: Books) -> None:
        change_account(books, Given({"payment_page": page}))

    client.service.database.write(lambda tx: change(Books(tx, client.firm.account, None, NOON)))


def path_of(client: Client) -> str:
    return f"/invoices/{issue(client)['uuid']}/quick_payments.json"


def test_no_link_is_made_up_where_the_account_has_no_payment_page(client: Client) -> None:
    created = issue(client)
    path = f"/invoices/{created['uuid']}/quick_payments.json"

    refused = client.post(path)
    assert refused.status_code == 422
    assert refused.json == {"error": NOT_CONFIGURED, "errors": {"base": [NOT_CONFIGURED]}}
    assert client.get(path).status_code == 404
    assert again(client, created)["extensions"]["payments"] == {"link": None, "available": False}


def test_the_link_leads_to_the_payment_page_with_what_is_left_to_pay(client: Client) -> None:
    take_payments(client)
    created = issue(client, number="7/2026 a")
    path = f"/invoices/{created['uuid']}/quick_payments.json"

    made = client.post(path)
    address = f"https://pay.example/7%2F2026%20a?sum={created['left_to_pay'] / 100:.2f}&in=PLN&vs="
    assert (made.status_code, list(made.json)) == (201, ["payment_link"])
    assert made.json["payment_link"].startswith(address)
    assert (client.get(path).status_code, client.get(path).json) == (200, made.json)
    assert client.post(path).json == made.json
    payments = {"link": made.json["payment_link"], "available": True}
    assert again(client, created)["extensions"]["payments"] == payments


def test_the_link_asks_for_what_is_left_when_it_is_read(client: Client) -> None:
    take_payments(client)
    created = issue(client)
    path = f"/invoices/{created['uuid']}"
    client.post(f"{path}/quick_payments.json")

    client.put(f"{path}.json", {"invoice": {"paid_price": 2300}})
    assert "?sum=100.00&" in client.get(f"{path}/quick_payments.json").json["payment_link"]
    assert "?sum=100.00&" in again(client, created)["extensions"]["payments"]["link"]


def test_a_link_that_was_made_stays_when_the_page_is_taken_away(client: Client) -> None:
    take_payments(client)
    path = path_of(client)
    made = client.post(path).json

    take_payments(client, None)
    assert client.get(path).json == made


def test_a_link_is_deleted_once(client: Client) -> None:
    take_payments(client)
    path = path_of(client)
    client.post(path)

    deleted = client.delete(path)
    assert (deleted.status_code, deleted.text) == (204, "")
    assert (client.get(path).status_code, client.delete(path).status_code) == (404, 404)


def test_a_link_goes_with_its_invoice(client: Client) -> None:
    take_payments(client)
    path = path_of(client)
    client.post(path)

    assert client.delete(path.replace("/quick_payments", "")).status_code == 204
    assert client.get(path).status_code == 404


def test_nobody_is_asked_to_pay_what_is_paid(client: Client) -> None:
    take_payments(client)
    path = path_of(client)
    client.post(path.replace("quick_payments", "paid"))

    refused = client.post(path)
    assert refused.status_code == 422
    assert refused.json["errors"] == {"status": ["Faktura już została oznaczona jako zapłacona."]}


@pytest.mark.parametrize("method", ["post", "get", "delete"])
def test_of_an_unknown_invoice_there_is_no_link(client: Client, method: str) -> None:
    assert getattr(client, method)("/invoices/999/quick_payments.json").status_code == 404


def test_sending_on_paper_is_no_part_of_the_plan(client: Client) -> None:
    created = issue(client)

    refused = client.post(f"/invoices/{created['uuid']}/deliver_via_post.json")
    assert refused.status_code == 402
    assert refused.json == {"error": "Wysyłka dokumentów pocztą nie jest dostępna w Twoim planie."}
    assert again(client, created) == created
    assert client.post("/invoices/999/deliver_via_post.json").status_code == 404
