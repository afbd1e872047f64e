"""Firms that issue documents as the samples tell: who sells, who buys, on which terms."""

import datetime as dt
from decimal import Decimal
from typing import Any

from faktura.core.accounts.change import change_account
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, line
from faktura.store.records import changed

SELLER = {
    "name": "Prodávající s.r.o.",
    "registration_no": "12345679",
    "vat_no": "CZ12345679",
    "street": "Dlouhá 1",
    "city": "Praha",
    "postcode": "11000",
    "invoice_email": "a@example.cz",
    "phone": "+420123456789",
}
LITTLE_SELLER = {
    "name": "Jan Novák",
    "registration_no": "11111119",
    "street": "Lesní 5",
    "city": "Olomouc",
    "postcode": "77900",
    "vat_mode": "non_vat_payer",
}
BUYER = {
    "name": "Kupující a.s.",
    "registration_no": "87654326",
    "vat_no": "CZ87654326",
    "street": "Krátká 2/3",
    "city": "Brno",
    "postcode": "60200",
}
GERMAN_BUYER = {
    "name": "Käufer GmbH",
    "vat_no": "DE123456788",
    "street": "Straße 1",
    "city": "Berlin",
    "postcode": "10115",
    "country": "DE",
}
TERMS = {
    "issued_on": dt.date(2026, 11, 21),
    "due_days": 14,
    "bank_account": "2000145399/0800",
    "bank_name": "Česká spořitelna",
    "iban": "CZ6508000000192000145399",
    "bic": "GIBACZPX",
}


class Story:
    """A firm that issues documents to one buyer."""

    def __init__(self, firm: Firm, seller: dict[str, Any], buyer: dict[str, Any]) -> None:
        self.firm = firm
        firm.account = firm.do(change_account, Given(seller))
        firm.contact = firm.do(add_contact, Given(buyer))

    def issue(self, *lines: Given, **values: Any) -> Invoice:
        return self.firm.issue(*lines, **(TERMS | values))

    def paid_proforma(self, amount: str, follow_up: str = "none") -> Invoice:
        own = {"number": "Z2026-01", "variable_symbol": "202601", "follow_up": follow_up}
        proforma = self.issue(line(1000), kind="proforma", **own)
        return self.firm.do(add_payment, proforma.id, Given({"amount": Decimal(amount)})).invoice

    def taxed_proforma(self, number: str) -> Invoice:
        """The tax document over what was paid, which the sample calls by that number."""
        payment = self.paid_proforma("1210", "tax_document").payments[0]
        document = self.firm.do(find_invoice, payment.tax_document_id)
        self.firm.do(lambda books: books.change(document, changed(document, number=number)))
        return self.firm.again(document)


def named(name: str, price: str | int, rate: int = 21, quantity: str | int = 1, **values: Any) -> Given:
    return line(price, rate, quantity, name=name, **values)
