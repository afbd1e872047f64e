"""How a document is paid: what is still owed, where to, and the code that a bank reads."""

import msgspec
from stdnum import iban

from faktura.core.documents.numbers import digits_of
from faktura.core.documents.record import ZERO
from faktura.core.invoices.record import Invoice
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
    """What a payment is to be called: in Poland by the whole number, unless a symbol of another kind was agreed on."""
    symbol = invoice.variable_symbol or ""
    follows = symbol.startswith(digits_of(invoice.number))
    return invoice.number if invoice.seller.country == "PL" and follows else symbol


def code_of(invoice: Invoice) -> PaymentCode | None:
    """The payment code, where there is something to be paid by bank transfer."""
    if _is_settled(invoice) or invoice.hide_bank_account or invoice.payment_method != "bank":
        return None
    if not invoice.iban or not iban.is_valid(invoice.iban):
        return None
    transfer = Transfer(
        amount=invoice.left_to_pay,
        currency=invoice.currency,
        iban=invoice.iban,
        recipient=invoice.seller.name,
        bic=invoice.bic or "",
        variable_symbol=invoice.variable_symbol or "",
        message=invoice.number,
        due_on=invoice.due_on,
        tax_no=invoice.seller.vat_no or "",
        payer_country=invoice.buyer_country or invoice.seller.country,
    )
    return payment_code(transfer)


def _is_settled(invoice: Invoice) -> bool:
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
