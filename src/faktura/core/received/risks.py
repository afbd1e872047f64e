"""What is to be known before an expense is paid: a payer who is not to be relied on, an account that is on no list.

Whoever pays may be liable for VAT that the supplier did not pay (§ 109 of the Czech act), or may not count the cost
(article 15d of the Polish act on income tax of persons).
"""

import re
from decimal import Decimal
from typing import Literal, NamedTuple

from faktura.core.bank_accounts import compact_number, iban_of
from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.received.record import Expense
from faktura.core.registries.answers import RegistryAnswer
from faktura.core.registries.checks import Check, keep_check, last_checks
from faktura.core.registries.facts import RegistryName
from faktura.core.registries.numbers import nip_of, payer_number
from faktura.core.registries.payers import note_payer

Risk = Literal["unreliable", "account_not_published", "account_not_listed", "not_checked"]

CHECK_PAYMENT = "check_payment"

LIMITS = {"CZ": Decimal(540_000), "PL": Decimal(15_000)}
"""In the country's own money: above that it matters which account is paid."""


class Question(NamedTuple):
    """Whom to ask before money leaves, and what."""

    registry: RegistryName
    question: str


def question_before_payment(books: Books, expense: Expense) -> Question | None:
    """In the registry of the country where both firms are; None where there is nothing to ask."""
    home = books.account.country
    if expense.progress != "entered" or (expense.seller.country or home) != home:
        return None
    if home == "CZ" and (number := payer_number(expense.seller.vat_no)):
        return Question("crpdph", number)
    if home == "PL" and (nip := nip_of(expense.seller.vat_no)) and (account := _polish_account(expense)):
        return Question("white_list_check", f"{nip}|{account}|{books.today}")
    return None


def is_large(expense: Expense, country: str) -> bool:
    total = expense.native_gross_total
    return total is not None and country in LIMITS and total > LIMITS[country]


def is_to_be_asked(books: Books, expense: Expense) -> bool:
    """Whether the white list is asked before a transfer, whatever it comes to: a Polish firm looks there on the day."""
    asked = question_before_payment(books, expense)
    if asked is None or asked.registry != "white_list_check" or expense.payment_method != "bank":
        return False
    last = last_checks(books, expense.contact_id or 0, expense, asked.registry, 1)
    return not last or last[0].question != asked.question


def look_before_payment(books: Books, old: Expense | None, new: Expense) -> None:
    """Have a job ask about a large expense that is new, or is to be paid otherwise than it was."""
    same = old is not None and _what_is_paid(old) == _what_is_paid(new)
    asks = not same and new.paid_on is None and is_large(new, books.account.country)
    if asks and question_before_payment(books, new) is not None:
        books.later(CHECK_PAYMENT, new.id)


def risks_of(books: Books, expense: Expense) -> tuple[Risk, ...]:
    """What the registries said of paying this expense, and whether they are still to be asked."""
    asked = question_before_payment(books, expense)
    if expense.paid_on is not None or asked is None:
        return ()
    checks = last_checks(books, expense.contact_id or 0, expense, asked.registry, 1)
    if asked.registry == "crpdph":
        return _czech_risks(books, expense, checks)
    return _polish_risks(expense, asked, checks)


def note_before_payment(books: Books, expense_id: int, answer: RegistryAnswer) -> Check | None:
    """Keep the proof with the expense, and with its supplier whether they are to be relied on."""
    expense = books.look_up(Expense, id=expense_id)
    if expense is None or expense.contact_id is None:
        return None
    if answer.registry == "crpdph":
        note_payer(books, expense.contact_id, answer)
    return keep_check(books, expense.contact_id, answer, expense)


def _czech_risks(books: Books, expense: Expense, checks: list[Check]) -> tuple[Risk, ...]:
    contact = books.look_up(Contact, id=expense.contact_id)
    unreliable = (contact is not None and contact.unreliable) or any(one.said.get("unreliable") for one in checks)
    risks: list[Risk] = ["unreliable"] if unreliable else []
    account = _as_compared(expense.iban or expense.bank_account or "")
    if account and is_large(expense, "CZ"):
        if not checks:
            risks.append("not_checked")
        elif account not in map(_as_compared, checks[0].said.get("accounts", ())):
            risks.append("account_not_published")
    return tuple(risks)


def _polish_risks(expense: Expense, asked: Question, checks: list[Check]) -> tuple[Risk, ...]:
    """A proof counts for the day of the payment alone; that an account was not there counts until it is asked again."""
    of_account = asked.question.rpartition("|")[0]
    said = checks[0] if checks and checks[0].question.rpartition("|")[0] == of_account else None
    if said is not None and said.state != "found":
        return ("account_not_listed",)
    if (said is None or said.question != asked.question) and is_large(expense, "PL"):
        return ("not_checked",)
    return ()


def _polish_account(expense: Expense) -> str:
    number = compact_number(expense.iban or expense.bank_account or "").replace("-", "").removeprefix("PL")
    return number if _POLISH.fullmatch(number) else ""


def _as_compared(number: str) -> str:
    """A Czech number as its IBAN, however it is written."""
    compact = compact_number(number)
    return iban_of(compact, "CZ") or compact


def _what_is_paid(expense: Expense) -> tuple[object, ...]:
    return expense.contact_id, expense.seller.vat_no, expense.iban, expense.bank_account, expense.native_gross_total


_POLISH = re.compile(r"[0-9]{26}")
