"""How documents are paid: what is still owed, where to, and the code that a bank reads."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from stdnum import iban

from faktura.core.documents.numbers import digits_of
from faktura.core.documents.record import ZERO, Document
from faktura.core.invoices.record import Invoice
from faktura.core.received.record import Expense
from faktura.outputs.reading.facts import Code, Facts
from faktura.outputs.reading.qr import CAPTIONS, PaymentCode, Transfer, payment_code


def with_payment(invoice: Invoice, facts: Facts) -> Facts:
    """The facts with those of the payment; where the account is hidden, nothing of it is said anywhere."""
    code, shown = code_of(invoice), not invoice.hide_bank_account
    with_iban = shown and _shows_iban(invoice)
    return msgspec.structs.replace(
        facts,
        payment_method=invoice.custom_payment_method or invoice.payment_method,
        bank_name=(invoice.bank_name or "") if shown and (invoice.bank_account or invoice.iban) else "",
        bank_account=(invoice.bank_account or "") if shown else "",
        iban=(invoice.iban or "") if with_iban else "",
        bic=(invoice.bic or "") if with_iban and invoice.iban else "",
        variable_symbol=title_of(invoice),
        do_not_pay=invoice.show_paid_note and _is_paid(invoice),
        paid=invoice.paid_amount,
        to_pay=invoice.left_to_pay if _says_what_is_left(invoice) else ZERO,
        codes=(Code(code.payload, CAPTIONS[code.standard]),) if code else (),
    )


def title_of(invoice: Invoice) -> str:
    """What a payment is to be called: in Poland by the whole number, unless a symbol of another kind was agreed on.

    Before it stands the number of KSeF, by which one Polish payer of VAT pays another (art. 108g).
    """
    symbol = invoice.variable_symbol or ""
    follows = symbol.startswith(digits_of(invoice.number))
    usual = invoice.number if invoice.seller.country == "PL" and follows else symbol
    return " ".join(filter(None, (_quoted(invoice), usual)))


def title_to_pay(expense: Expense) -> str:
    """What the account's payment to its supplier is to be called."""
    return " ".join(filter(None, (expense.ksef_number, expense.original_number or expense.variable_symbol)))


def _quoted(invoice: Invoice) -> str:
    """The number of KSeF that the buyer quotes; who has no Polish tax number need not."""
    abroad = (invoice.buyer_country or invoice.seller.country) != "PL"
    return "" if abroad or not invoice.buyer_vat_no else invoice.ksef_number or ""


class Together(NamedTuple):
    """Documents that one transfer pays, as they are of one currency and to one account.

    `reference` is what the payment is to be called, where they have it in common; else the message of the transfer
    names them. The code is None where no bank reads one.
    """

    invoices: tuple[Invoice, ...]
    transfer: Transfer
    bank_account: str
    iban: str
    bic: str
    reference: str
    code: PaymentCode | None


def transfers_for(invoices: Iterable[Invoice]) -> list[Together]:
    """The fewest transfers that pay the documents; what is not paid by one is left out."""
    groups: dict[Any, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        if _asks_for_transfer(invoice) and (invoice.bank_account or invoice.iban):
            groups[invoice.currency, invoice.iban, invoice.bank_account].append(invoice)
    return [_together(group) for group in groups.values()]


def code_of(invoice: Invoice) -> PaymentCode | None:
    """The payment code, where there is something to be paid by bank transfer."""
    return _code_for([invoice]) if _asks_for_transfer(invoice) else None


def code_to_pay(expense: Expense, payer_country: str) -> PaymentCode | None:
    """The payment code by which the account pays its supplier what is left."""
    if _is_settled(expense) or expense.payment_method != "bank" or not iban.is_valid(expense.iban or ""):
        return None
    transfer = Transfer(
        amount=expense.left_to_pay,
        currency=expense.currency,
        iban=expense.iban or "",
        recipient=expense.seller.name,
        bic=expense.bic or "",
        variable_symbol=expense.variable_symbol or "",
        message=expense.original_number or "",
        ksef_number=expense.ksef_number or "",
        due_on=expense.due_on,
        tax_no=expense.seller.vat_no or "",
        payer_country=payer_country,
    )
    return payment_code(transfer)


def _together(invoices: Sequence[Invoice]) -> Together:
    first, titles = invoices[0], {title_of(invoice) for invoice in invoices}
    with_iban = any(_shows_iban(invoice) for invoice in invoices)
    return Together(
        invoices=tuple(invoices),
        transfer=_transfer_for(invoices),
        bank_account=first.bank_account or "",
        iban=(first.iban or "") if with_iban else "",
        bic=(first.bic or "") if with_iban and first.iban else "",
        reference=titles.pop() if len(titles) == 1 else "",
        code=_code_for(invoices),
    )


def _code_for(invoices: Sequence[Invoice]) -> PaymentCode | None:
    transfer = _transfer_for(invoices)
    return payment_code(transfer) if transfer.iban and iban.is_valid(transfer.iban) else None


def _transfer_for(invoices: Sequence[Invoice]) -> Transfer:
    """One for all of them: its symbol is that which they have in common, its day the first on which one is due."""
    first, symbols = invoices[0], {invoice.variable_symbol or "" for invoice in invoices}
    return Transfer(
        amount=sum((invoice.left_to_pay for invoice in invoices), ZERO),
        currency=first.currency,
        iban=first.iban or "",
        recipient=first.seller.name,
        bic=first.bic or "",
        variable_symbol=symbols.pop() if len(symbols) == 1 else "",
        message=", ".join(invoice.number for invoice in invoices),
        ksef_number=_quoted(first) if len(invoices) == 1 else "",
        due_on=min(invoice.due_on for invoice in invoices),
        tax_no=first.seller.vat_no or "",
        payer_country=first.buyer_country or first.seller.country,
    )


def _asks_for_transfer(invoice: Invoice) -> bool:
    return not (_is_settled(invoice) or invoice.hide_bank_account) and invoice.payment_method == "bank"


def _is_settled(invoice: Document) -> bool:
    """A document that is paid or cancelled asks for nothing."""
    return invoice.paid_on is not None or invoice.cancelled_at is not None


def _says_what_is_left(invoice: Invoice) -> bool:
    """An advance, which asks for nothing, says what is left of its order (art. 106f (1))."""
    of_order = invoice.advance_amount is not None and invoice.cancelled_at is None
    return of_order or not _is_settled(invoice)


def _is_paid(invoice: Invoice) -> bool:
    return invoice.cancelled_at is None and (invoice.paid_on is not None or not invoice.left_to_pay)


def _shows_iban(invoice: Invoice) -> bool:
    """It stands there for those abroad, or where it is all that is known, or always if so wanted."""
    abroad = (invoice.buyer_country or invoice.seller.country) != invoice.seller.country
    foreign = invoice.currency != invoice.native_currency
    return abroad or foreign or not invoice.bank_account or invoice.iban_visibility == "always"
