"""The bank accounts that an account is paid on."""

from faktura.store.records import Tenant, record


@record("bank_accounts")
class BankAccount(Tenant):
    """`pairing` and `expense_pairing` match incoming and outgoing payments with documents by themselves."""

    name: str
    currency: str
    number: str
    iban: str | None = None
    bic: str | None = None
    pairing: bool = False
    expense_pairing: bool = False
    payment_adjustment: bool = False
    default: bool = False
