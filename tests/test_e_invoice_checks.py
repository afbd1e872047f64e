"""Where an account wants it, a document is checked as an e-invoice after its issue; what it breaks needs a person."""

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.books.jobs_to_do import Job
from faktura.core.errors import Given
from faktura.core.invoices.e_invoice import CHECK, faults_of
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, a_firm, change, line
from faktura.core.todos import Todo
from faktura.jobs import Reach, handlers
from faktura.outputs.e_invoices.official_rules import OfficialRules
from faktura.store.database import Database
from faktura.worker import Worker

pytestmark = pytest.mark.timeout(300)

NO_COUNTRY = "QQ123456"
"""Begins with the letters of no country, which is against BR-CO-09."""


@pytest.fixture(scope="module")
def rules(shared_folder: Path) -> Iterator[OfficialRules]:
    with contextlib.closing(OfficialRules(shared_folder / "schemas" / "en16931", 60)) as found:
        yield found


@pytest.fixture
def firm(database: Database) -> Firm:
    firm = a_firm(database, vat_no="CZ12345679", registration_no="12345679")
    firm.account = firm.do(change_account, Given({"check_e_invoices": True}))
    return firm


def work(firm: Firm, reach: Reach) -> None:
    worker = Worker(firm.database, firm.clock, handlers(), reach)
    while worker.do_next():
        pass


def todos(firm: Firm) -> list[tuple[str, int, bool]]:
    found = firm.do(lambda books: books.all(Todo))
    return [(todo.name, todo.record_id, todo.done_at is not None) for todo in found]


def said_of(firm: Firm, invoice: Invoice) -> dict[str, Any]:
    todo = firm.do(faults_of, invoice)
    return {} if todo is None else todo.params


def checks(firm: Firm) -> list[Job]:
    return [job for job in firm.do(lambda books: books.all(Job)) if job.name == CHECK]


def test_nobody_checks_what_no_account_wants_checked(database: Database) -> None:
    firm = a_firm(database)
    firm.issue()
    assert checks(firm) == []


def test_a_document_that_breaks_nothing_leaves_nothing_to_do(firm: Firm, rules: OfficialRules) -> None:
    firm.issue()
    assert len(checks(firm)) == 1
    work(firm, Reach(rules=rules))
    assert (checks(firm), todos(firm)) == ([], [])


def test_a_proforma_is_no_e_invoice(firm: Firm) -> None:
    firm.issue(kind="proforma")
    assert checks(firm) == []


def test_what_is_broken_is_to_be_done_in_the_words_of_the_rule(firm: Firm, rules: OfficialRules) -> None:
    invoice = firm.issue(buyer_country="US", buyer_vat_no=NO_COUNTRY)
    work(firm, Reach(rules=rules))

    assert todos(firm) == [("e_invoice_faulty", invoice.id, False)]
    [rule] = said_of(firm, invoice)["rules"].splitlines()
    assert rule.startswith("BR-CO-09: The Seller VAT identifier")


def test_what_was_mended_is_checked_again_and_done(firm: Firm, rules: OfficialRules) -> None:
    invoice = firm.issue(buyer_country="US", buyer_vat_no=NO_COUNTRY)
    work(firm, Reach(rules=rules))
    change(firm, invoice, buyer_vat_no="US123456")
    work(firm, Reach(rules=rules))

    assert todos(firm) == [("e_invoice_faulty", invoice.id, True)]
    assert said_of(firm, invoice) == {}


def test_a_document_that_no_e_invoice_can_say_is_to_be_done_with_the_reason(firm: Firm) -> None:
    firm.account = firm.do(change_account, Given({"vat_no": None}))
    invoice = firm.issue()
    work(firm, Reach())
    assert said_of(firm, invoice) == {"reason": "without_vat_no"}


def test_without_rules_the_schema_alone_is_asked(firm: Firm) -> None:
    firm.issue(buyer_country="US", buyer_vat_no=NO_COUNTRY)
    work(firm, Reach(rules="not_set"))
    assert (checks(firm), todos(firm)) == ([], [])


def test_what_ksef_would_refuse_is_to_be_done_where_a_firm_is_polish(database: Database) -> None:
    seller = {"name": "Firma", "street": "Długa 1", "city": "Kraków", "vat_no": "1234563218", "check_e_invoices": True}
    firm = a_firm(database, country="PL", currency="PLN")
    firm.account = firm.do(change_account, Given(seller))
    good = firm.issue(line(100, 23))
    bad = firm.issue(line(100, 23), buyer_phone="1" * 17)
    work(firm, Reach(rules="not_set"))

    assert said_of(firm, good) == {}
    assert said_of(firm, bad) == {"rules": "FA(3): buyer_phone has more than 16 letters"}


def test_a_check_whose_process_is_killed_is_made_again(firm: Firm, shared_folder: Path) -> None:
    with contextlib.closing(OfficialRules(shared_folder / "schemas" / "en16931", 0.01)) as rules:
        invoice = firm.issue(buyer_country="US", buyer_vat_no=NO_COUNTRY)
        work(firm, Reach(rules=rules))
        if rules.process_id is not None:
            os.kill(rules.process_id, signal.SIGKILL)
        assert todos(firm) == []
        [waiting] = checks(firm)
        assert (waiting.attempts, waiting.last_error) == (1, "NoAnswer: ")

        rules.patience = 60
        firm.clock.stand_at(NOON.replace(minute=1))
        work(firm, Reach(rules=rules))
    assert todos(firm) == [("e_invoice_faulty", invoice.id, False)]
