"""What a firm still has to say before it can issue a document that stands before its tax office."""

from typing import Literal

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.countries.known import country_of
from faktura.core.errors import Refusal
from faktura.store.queries import EVERYTHING

Missing = Literal["registration_no", "vat_no", "street", "city", "postcode", "bank_account"]


class Incomplete(Refusal):
    """The firm has not said all that its documents must name; `missing` are the attributes, in their order."""

    def __init__(self, missing: tuple[Missing, ...]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


def what_is_missing(books: Books) -> tuple[Missing, ...]:
    """The attributes of the account that documents need, and `bank_account` where it has none to be paid on."""
    account = books.account
    needed: list[Missing] = [country_of(account.country).identified_by]
    if account.vat_mode != "non_vat_payer" and "vat_no" not in needed:
        needed.append("vat_no")
    needed += ["street", "city", "postcode"]
    missing: list[Missing] = [name for name in needed if not (getattr(account, name) or "").strip()]
    if not books.stamps(BankAccount, EVERYTHING, limit=1, offset=0):
        missing.append("bank_account")
    return tuple(missing)


def require_whole(books: Books) -> None:
    """Do nothing where nothing is missing: what people ask before they issue. Programs issue by their contract.

    Raises:
        Incomplete: something is.

    """
    missing = what_is_missing(books)
    if missing:
        raise Incomplete(missing)
