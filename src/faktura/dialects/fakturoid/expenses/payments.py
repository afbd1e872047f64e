"""Payments of expenses (2.10), which are read inside them."""

from faktura.core.received.pay import pay_expense, take_payment_back
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.expenses.fields import EXPENSE_PAYMENT
from faktura.dialects.fakturoid.parts.payments import Paid, created, given_payment
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint
from faktura.wire.requests import read_id


def create_expense_payment(call: Call) -> Answer:
    expense, paid = pay_expense(call.books, call.id, given_payment(call, EXPENSE_PAYMENT))
    return created(call, EXPENSE_PAYMENT, Paid(paid.payment, expense), "expenses")


def delete_expense_payment(call: Call) -> Answer:
    take_payment_back(call.books, call.id, read_id(call.ids["payment_id"]))
    return NO_CONTENT


SCOPE = "expenses"

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/accounts/{slug}/expenses/{id}/payments.json",
        serve=create_expense_payment,
        about="Pay an expense",
        takes=EXPENSE_PAYMENT,
        answers={201: EXPENSE_PAYMENT},
        scope=SCOPE,
    ),
    Endpoint(
        method="DELETE",
        path="/accounts/{slug}/expenses/{id}/payments/{payment_id}.json",
        serve=delete_expense_payment,
        about="Take a payment of an expense back",
        answers={204: None},
        refuses=(422,),
        scope=SCOPE,
    ),
)
