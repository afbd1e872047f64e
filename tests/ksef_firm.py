"""A Polish firm that is connected to KSeF, and what it sells."""

from typing import Any

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.ksef.connection import KsefConnection
from faktura.core.tests.conftest import Firm, line
from faktura.store.database import Database
from tests.firm import open_firm

TAX_NO = "1234563218"
SELLER = {
    "name": "Firma Testowa sp. z o.o.",
    "vat_no": TAX_NO,
    "street": "Długa 1/2",
    "city": "Kraków",
    "postcode": "30-001",
}
BUYER = {"name": "Nabywca SA", "vat_no": "1111111111", "street": "Prosta 3", "city": "Warszawa", "postcode": "00-001"}
NOWHERE = {"api_url": "https://api.example", "qr_url": "https://qr.example", "status_url": "https://status.example"}


def polish_firm(database: Database, clock: Clock, slug: str = "firma") -> Firm:
    """One that is not connected."""
    firm = Firm(database, open_firm(database, clock, slug, country="PL").account, clock)
    firm.account = firm.do(change_account, Given(SELLER))
    firm.contact = firm.do(add_contact, Given(BUYER))
    return firm


def connected(firm: Firm, **values: Any) -> KsefConnection:
    """As if it had signed in."""
    usual = {"environment": "test", "tax_no": TAX_NO, "method": "token", "active": True, **NOWHERE}
    return firm.do(lambda books: _added(books, usual | values))


def _added(books: Books, values: dict[str, Any]) -> KsefConnection:
    return books.add(KsefConnection, **values)


def sold(price: str | int = 100, **values: Any) -> Given:
    return line(price, 23, **({"name": "Usługa", "unit": "szt."} | values))
