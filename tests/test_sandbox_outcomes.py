"""Some values have an outcome by themselves: nobody calls the control address for it, but perhaps moves the clock."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from tests import needs
from tests.running import wait_until
from tests.sandboxes import API, SUBJECTS, Sandbox, mails

INVOICES = f"{API}/accounts/applecorp/invoices"

pytestmark = needs.FAKTUROID

TODAY = dt.date(2031, 3, 3)
DUE = TODAY + dt.timedelta(days=14)


@pytest.fixture
def standing(sandbox: Sandbox) -> Iterator[Sandbox]:
    """Where it is noon of one day until somebody moves the clock."""
    _move(sandbox, TODAY)
    yield sandbox
    sandbox.reset()
    sandbox.token = sandbox.sign_in()


def _move(sandbox: Sandbox, day: dt.date) -> None:
    """A token that was given before has ended by then."""
    assert sandbox.control({"clock": f"{day}T12:00:00Z"}).status == 200
    sandbox.token = sandbox.sign_in()


def _issue(sandbox: Sandbox, price: int = 500, email: str = "anybody@story.example") -> Any:
    buyer = sandbox.call("POST", SUBJECTS, {"name": "Kdokoli", "email": email}).json
    line = {"name": "Jablka", "quantity": "1", "unit_price": str(price), "vat_rate": 0}
    body = {"subject_id": buyer["id"], "lines": [line], "due": 14}
    answer = sandbox.call("POST", f"{INVOICES}.json", body)
    assert answer.status == 201, answer.body
    return answer.json


def _paid(sandbox: Sandbox, invoice: Any) -> tuple[str, list[tuple[str, str]]]:
    now = sandbox.call("GET", f"{INVOICES}/{invoice['id']}.json").json
    return now["status"], [(payment["paid_on"], payment["amount"]) for payment in now["payments"]]


def _days(count: int) -> dt.date:
    return DUE + dt.timedelta(days=count)


@pytest.mark.parametrize(("email", "price"), [("pays-now@outcome.example", 500), ("anybody@story.example", 1111)])
def test_it_is_paid_before_the_answer_is_given(standing: Sandbox, email: str, price: int) -> None:
    invoice = _issue(standing, price, email)

    assert _paid(standing, invoice) == ("paid", [(f"{TODAY}", f"{price}.0")])


@pytest.mark.parametrize(
    ("email", "price", "days", "status", "share"),
    [
        ("pays-on-time@outcome.example", 500, 0, "paid", 1),
        ("anybody@story.example", 2222, 0, "paid", 1),
        ("pays-late@outcome.example", 500, 10, "paid", 1),
        ("anybody@story.example", 3333, 10, "paid", 1),
        ("pays-half@outcome.example", 500, 0, "open", 0.5),
        ("anybody@story.example", 4444, 0, "open", 0.5),
    ],
)
def test_it_is_paid_on_its_day_and_not_before(
    standing: Sandbox, email: str, price: int, days: int, status: str, share: float
) -> None:
    invoice = _issue(standing, price, email)

    _move(standing, _days(days - 1))
    assert _paid(standing, invoice)[1] == []
    _move(standing, _days(days))
    assert _paid(standing, invoice) == (status, [(f"{_days(days)}", f"{float(price * share)}")])
    _move(standing, _days(days + 30))
    assert len(_paid(standing, invoice)[1]) == 1


def test_what_has_no_such_value_stays_unpaid(standing: Sandbox) -> None:
    invoice = _issue(standing, 500)

    _move(standing, _days(60))

    assert _paid(standing, invoice) == ("overdue", [])


@pytest.mark.parametrize("number", [{"registration_no": "90909097"}, {"vat_no": "CZ90909097"}])
def test_the_register_of_payers_has_a_contact_as_unreliable(sandbox: Sandbox, number: dict[str, str]) -> None:
    added = sandbox.call("POST", SUBJECTS, {"name": "Neplatí s.r.o.", **number}).json

    shown = sandbox.call("GET", SUBJECTS.replace(".json", f"/{added['id']}.json")).json

    assert shown["unreliable"] is True
    assert shown["unreliable_checked_at"] is not None
    assert sandbox.call("GET", f"{API}/accounts/applecorp/todos.json").json[0]["name"] == "subject_unreliable_vat_payer"


@pytest.mark.parametrize(
    ("email", "answer"),
    [
        ("unknown@outcome.example", "550 5.1.1 Nobody of that name is here"),
        ("full@outcome.example", "452 4.2.2 The mailbox is full"),
    ],
)
def test_a_letter_is_refused_for_whom_it_goes_to(sandbox: Sandbox, email: str, answer: str) -> None:
    invoice = _issue(sandbox, 500, email)
    sent = sandbox.call("POST", f"{INVOICES}/{invoice['id']}/message.json", {"subject": "Faktura", "message": "Zde"})
    assert sent.status in {201, 204}, sent.body

    wait_until(lambda: bool(mails(sandbox)))

    assert [(mail["to"], mail["answer"]) for mail in mails(sandbox)][:1] == [(email, answer)]
