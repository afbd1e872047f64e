"""What accounting programs are told of an expense: the same as of a document, seen from the other side."""

from faktura.core.errors import WrongState
from faktura.core.people.accounts import Account
from faktura.core.received.record import Expense
from faktura.outputs.reading.facts import Facts, Party
from faktura.outputs.reading.invoices import rate_sum
from faktura.outputs.reading.settled import Address, Firm, Settled
from faktura.outputs.reading.settling import items_of, rate_of, rounding_of, seller_firm, taxes_of, unfit
from faktura.outputs.reading.texts import in_one_line


def settle_received(expense: Expense, account: Account) -> Settled:
    """Under the supplier's number; what is paid back is a credit note, whose amounts are positive as any other's.

    Raises:
        WrongState: something that every format needs is not known of it.
        Unbalanced: its lines do not come to its sums.

    """
    if (reason := unfit(expense)) is not None:
        raise WrongState(reason)
    rate, is_credit = rate_of(expense), expense.gross_total < 0
    factor, sums = -1 if is_credit else 1, [rate_sum(one) for one in expense.vat_sums]
    return Settled(
        facts=_facts(expense),
        uuid=expense.uuid,
        sort="credit_note" if is_credit else "invoice",
        is_taxed=expense.vat_mode == "vat_payer",
        seller=seller_firm(expense.seller),
        buyer=_buyer(account),
        taxed_on=expense.taxable_on or expense.issued_on,
        from_gross=expense.price_mode == "from_total_with_vat",
        supply_code=expense.supply_code or "",
        currency=expense.currency,
        native_currency=expense.native_currency,
        exchange_rate=rate,
        items=tuple(items_of(expense, sums, rate, factor)),
        taxes=tuple(taxes_of(expense, sums, rate, factor).values()),
        rounding=rounding_of(expense, rate).times(factor),
        payment_method=expense.payment_method,
        bank_account=in_one_line(expense.bank_account),
        bank_name=in_one_line(expense.bank_name),
        iban=in_one_line(expense.iban),
        bic=in_one_line(expense.bic),
        variable_symbol=in_one_line(expense.variable_symbol),
    )


def _facts(expense: Expense) -> Facts:
    return Facts(
        title="invoice",
        number=expense.original_number or expense.number,
        seller=Party(name=expense.seller.name),
        buyer=None,
        issued_on=expense.issued_on,
        due_on=expense.due_on,
        language=expense.language,
        currency=expense.currency,
        note=expense.description or "",
        order_number=expense.order_number or "",
    )


def _buyer(account: Account) -> Firm:
    address = Address(
        street=in_one_line(account.street),
        city=in_one_line(account.city),
        postcode=in_one_line(account.postcode),
        country=account.country,
    )
    return Firm(
        name=in_one_line(account.name),
        address=address,
        registration_no=in_one_line(account.registration_no),
        vat_no=in_one_line(account.vat_no),
        local_vat_no=in_one_line(account.local_vat_no),
    )
