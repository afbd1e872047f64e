"""Bank accounts (2.3), which the API only reads."""

from faktura.core.bank_accounts import BankAccount
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.paging import PAGE
from faktura.dialects.fakturoid.door.values import BOOLEAN, INTEGER, MOMENT, TEXT
from faktura.store.queries import Selection
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape, read_only

BANK_ACCOUNT: Shape[BankAccount, View] = Shape(
    "bank_account",
    BankAccount,
    (
        read_only("id", INTEGER, nullable=False),
        read_only("name", TEXT, nullable=False),
        read_only("currency", TEXT, nullable=False),
        read_only("number", TEXT, nullable=False),
        read_only("iban", TEXT),
        read_only("swift_bic", TEXT, "bic"),
        read_only("pairing", BOOLEAN, nullable=False),
        read_only("expense_pairing", BOOLEAN, nullable=False),
        read_only("payment_adjustment", BOOLEAN, nullable=False),
        read_only("default", BOOLEAN, nullable=False),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)


def list_bank_accounts(call: Call) -> Answer:
    return call.page(BANK_ACCOUNT, Selection())


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/bank_accounts.json",
        serve=list_bank_accounts,
        about="List bank accounts",
        parameters=(PAGE,),
        answers={200: [BANK_ACCOUNT]},
    ),
)
