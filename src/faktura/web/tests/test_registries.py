"""What registries said stands beside contacts, expenses and documents, and is seen before money leaves."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.test import TestResponse

from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.core.errors import Given
from faktura.core.received.find import find_expense
from faktura.core.received.record import Expense
from faktura.core.registries.checks import Check
from faktura.jobs import Reach, handlers
from faktura.outside.registries.asking import Registries
from faktura.outside.registries.firms import firms_in
from faktura.outside.registries.known import adapters
from faktura.sandbox.outside.registries import SESSION, Doubles, Standing
from faktura.web.tests.conftest import Browser, add, enter, in_books, issue
from faktura.wire.service import Service
from faktura.worker import Worker
from tests.firm import Firm, open_firm
from tests.registry_double import SOURCES, AskingDoubles

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
OTHER_ACCOUNT = "1234567890/0100"
POLISH_ACCOUNT = "61109010140000071219812874"

LIABLE = "has not published this bank account"
UNRELIABLE = "The supplier is an unreliable VAT payer"
NOT_ON_LIST = "The white list does not have this bank account"
NOT_ASKED = "has not been asked yet"


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def doubles(service: Service, clock: Clock) -> Doubles:
    doubles = Doubles(clock)
    service.registries = Registries(service.database, clock, AskingDoubles(doubles=doubles), adapters(SOURCES, SESSION))
    service.look_ups = firms_in(service.registries, 30)
    return doubles


@pytest.fixture
def supplier(service: Service, firm: Firm) -> Contact:
    return add(service, firm, "Optika", vat_no="CZ17985765", bank_account=OTHER_ACCOUNT)


def large(service: Service, firm: Firm, supplier: Contact, price: int = 600_000, **values: Any) -> Expense:
    line = Given({"name": "Stroj", "unit_price": Decimal(price), "vat_rate": Decimal(0)})
    return enter(service, firm, supplier, lines=[line], **values)


def work(service: Service, clock: Clock) -> None:
    worker = Worker(service.database, clock, handlers(), Reach(registries=service.registries))
    while worker.do_next("outside"):
        pass


def pay(browser: Browser, expense: Expense, **typed: str) -> TestResponse:
    address = f"/{'applecorp' if 'slug' not in typed else typed.pop('slug')}/expenses/{expense.id}/payments/new"
    browser.get(address)
    return browser.post(address, amount=str(expense.left_to_pay), paid_on="2026-11-21", **typed)


def left(service: Service, firm: Firm, expense: Expense) -> Decimal:
    return in_books(service, firm, lambda books: find_expense(books, expense.id)).left_to_pay


def test_a_firm_is_loaded_from_the_registry_of_its_country(owner: Browser, doubles: Doubles) -> None:
    new = "/applecorp/subjects/new"
    assert "ARES (CZ), GUS (PL), VIES (EU)" in owner.get(new).text
    page = owner.post(new, country="CZ", registration_no="17985765", look_up="ask").text
    assert "Optika Čočka" in page
    assert "ARES, asked on" in page
    assert "Piekarnia Źródło" in owner.post(new, country="PL", vat_no="521-301-70-56", look_up="ask").text
    assert "knows no firm" in owner.post(new, country="DE", vat_no="DE123456788", look_up="ask").text
    assert owner.post(new, country="DE", vat_no="DE123456780", look_up="ask").status_code == 422
    doubles.world["ares"] = Standing(state="down")
    assert "does not answer" in owner.post(new, country="CZ", registration_no="16115210", look_up="ask").text


@pytest.mark.usefixtures("doubles")
def test_a_czech_firm_is_picked_from_those_of_a_name_and_loaded_by_its_number(owner: Browser) -> None:
    new = "/applecorp/subjects/new"
    assert "Czech firms are found by their names, too." in owner.get(new).text
    page = owner.post(new, country="CZ", name="optika", email="a@b.cz", look_up="ask").text
    assert 'name="picked" value="17985765"' in page
    assert "Optika Čočka" in page
    page = owner.post(new, country="CZ", name="optika", email="a@b.cz", picked="17985765").text
    assert "ARES, asked on" in page
    assert 'name="registration_no" value="17985765"' in page.replace('type="text" ', "")
    assert "instead of optika" in page
    assert 'value="a@b.cz"' in page
    assert "knows no firm of this name" in owner.post(new, country="CZ", name="nikdo takový", look_up="ask").text
    for country, name in (("CZ", "op"), ("PL", "piekarnia")):
        assert owner.post(new, country=country, name=name, look_up="ask").status_code == 422


def test_names_are_looked_for_no_longer_than_a_moment_and_not_without_end(owner: Browser, doubles: Doubles) -> None:
    new = "/applecorp/subjects/new"
    owner.get(new)
    doubles.world["ares"] = Standing(state="down")
    assert "does not answer" in owner.post(new, country="CZ", name="optika", look_up="ask").text
    statuses = [owner.post(new, country="CZ", name="optika", look_up="ask").status_code for _ in range(20)]
    assert statuses == [200] * 19 + [429]


@pytest.mark.usefixtures("doubles")
def test_how_a_polish_firm_is_reached_is_taken_from_its_report(owner: Browser) -> None:
    new = "/applecorp/subjects/new"
    owner.get(new)
    page = owner.post(new, country="PL", vat_no="521-301-70-56", look_up="ask").text
    for name, value in (("email", "biuro@firma.test"), ("phone", "221234567"), ("web", "www.firma.test")):
        assert f'name="found-{name}" value="{value}"' in page


@pytest.mark.usefixtures("doubles")
def test_a_large_payment_to_an_account_that_was_not_published_is_confirmed_first(
    owner: Browser, service: Service, firm: Firm, supplier: Contact, clock: Clock
) -> None:
    expense = large(service, firm, supplier)
    assert NOT_ASKED in owner.get(f"/applecorp/expenses/{expense.id}").text
    work(service, clock)

    shown = owner.get(f"/applecorp/expenses/{expense.id}").text
    assert LIABLE in shown
    assert "Czech register of VAT payers" in shown
    refused = pay(owner, expense)
    assert refused.status_code == 422
    assert LIABLE in refused.text
    assert 'name="confirmed"' in refused.text
    assert left(service, firm, expense) == 600_000
    assert pay(owner, expense, confirmed="yes").status_code == 303
    assert left(service, firm, expense) == 0
    assert LIABLE not in owner.get(f"/applecorp/expenses/{expense.id}").text


def test_who_pays_asks_the_registry_from_the_form_and_nothing_typed_is_lost(
    owner: Browser, service: Service, firm: Firm, supplier: Contact, doubles: Doubles
) -> None:
    expense = large(service, firm, supplier, 100)
    page = pay(owner, expense, ask_registry="yes")
    assert page.status_code == 200
    assert "Reliable VAT payer" in page.text
    assert 'value="2026-11-21"' in page.text
    assert left(service, firm, expense) == 100
    doubles.world["crpdph"] = Standing(unreliable=("17985765",))
    other = large(service, firm, add(service, firm, "Pivovar", vat_no="CZ16115210"), 100)
    assert UNRELIABLE not in pay(owner, other, ask_registry="yes").text
    contact = owner.get(f"/applecorp/subjects/{supplier.id}").text
    assert "Reliable VAT payer" in contact
    assert "VAT payer checked" in contact


@pytest.mark.parametrize("state", ["down", "refuse"])
def test_a_registry_that_does_not_answer_hinders_no_payment(
    owner: Browser, service: Service, firm: Firm, supplier: Contact, doubles: Doubles, state: Any
) -> None:
    doubles.world["crpdph"] = Standing(state=state)
    expense = large(service, firm, supplier)
    assert "does not answer as it should" in pay(owner, expense, ask_registry="yes").text
    assert pay(owner, expense).status_code == 303
    assert in_books(service, firm, lambda books: books.all(Check)) == []


def test_nobody_waits_longer_than_a_moment(
    owner: Browser, service: Service, firm: Firm, supplier: Contact, doubles: Doubles
) -> None:
    service.look_ups = firms_in(service.registries or Registries(service.database, service.clock), 0.05)
    doubles.world["crpdph"] = Standing(state="slow")
    assert "does not answer as it should" in pay(owner, large(service, firm, supplier), ask_registry="yes").text


def test_an_account_that_is_not_on_the_white_list_is_seen_before_money_leaves(
    browser: Browser, service: Service, doubles: Doubles
) -> None:
    firm = open_firm(service.database, service.clock, "jabluszko", country="PL", currency="PLN", language="en")
    browser.sign_in(firm.user.email)
    bakery = add(service, firm, "Piekarnia", vat_no="PL5213017056", country="PL", bank_account=POLISH_ACCOUNT)
    expense = large(service, firm, bakery, 100)
    doubles.world["white_list"] = Standing(not_found=(POLISH_ACCOUNT,))
    page = pay(browser, expense, slug="jabluszko", ask_registry="yes").text
    assert NOT_ON_LIST in page
    assert "The bank account is not on the list" in page
    assert "double-" in page
    assert pay(browser, expense, slug="jabluszko").status_code == 422
    assert pay(browser, expense, slug="jabluszko", confirmed="yes").status_code == 303


def test_a_polish_transfer_of_any_amount_is_looked_up_before_it_is_written_down(
    browser: Browser, service: Service, doubles: Doubles
) -> None:
    firm = open_firm(service.database, service.clock, "jabluszko", country="PL", currency="PLN", language="en")
    browser.sign_in(firm.user.email)
    bakery = add(service, firm, "Piekarnia", vat_no="PL5213017056", country="PL", bank_account=POLISH_ACCOUNT)
    by_transfer, again, in_cash = (
        large(service, firm, bakery, 100, payment_method=method) for method in ("bank", "bank", "cash")
    )
    doubles.world["white_list"] = Standing(not_found=(POLISH_ACCOUNT,))
    refused = pay(browser, by_transfer, slug="jabluszko")
    assert refused.status_code == 422
    assert NOT_ON_LIST in refused.text
    assert left(service, firm, by_transfer) == 100
    assert pay(browser, by_transfer, slug="jabluszko", confirmed="yes").status_code == 303
    assert pay(browser, in_cash, slug="jabluszko").status_code == 303
    doubles.world["white_list"] = Standing(state="down")
    service.clock.stand_at(NOON + dt.timedelta(days=1))
    assert pay(browser, again, slug="jabluszko").status_code == 303, "nobody is hindered by a registry that is away"
    assert [check.document_id for check in in_books(service, firm, lambda books: books.all(Check))] == [by_transfer.id]


@pytest.mark.usefixtures("doubles")
def test_the_proof_of_a_number_abroad_stands_beside_its_document(
    owner: Browser, service: Service, firm: Firm, clock: Clock
) -> None:
    buyer = add(service, firm, "Müller", vat_no="DE123456780", country="DE")
    line = Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(0)})
    invoice = issue(service, firm, buyer, lines=[line], reverse_charge=True)
    work(service, clock)
    assert "The VAT number is valid" in owner.get(f"/applecorp/invoices/{invoice.id}").text


def test_who_may_ask_nobody_is_offered_no_button(
    owner: Browser, service: Service, firm: Firm, supplier: Contact
) -> None:
    expense = large(service, firm, supplier)
    address = f"/applecorp/expenses/{expense.id}/payments/new"
    assert "ask_registry" not in owner.get(address).text
    assert pay(owner, expense, ask_registry="yes").status_code == 200
    assert left(service, firm, expense) == 600_000


CHECK_NOW = "Check this payer now"


def test_a_payer_is_checked_from_their_page_and_the_proof_is_kept(
    owner: Browser, service: Service, firm: Firm, supplier: Contact, doubles: Doubles
) -> None:
    page = f"/applecorp/subjects/{supplier.id}"
    assert CHECK_NOW in owner.get(page).text
    assert owner.post(f"{page}/check").location == page
    assert "Czech register of VAT payers: Reliable VAT payer" in owner.get(page).text
    doubles.world["crpdph"] = Standing(unreliable=("16115210",))
    other = f"/applecorp/subjects/{add(service, firm, 'Pivovar', vat_no='CZ16115210').id}"
    owner.get(other)
    assert owner.post(f"{other}/check").status_code == 303
    assert "Czech register of VAT payers: Unreliable VAT payer" in owner.get(other).text
    checks = in_books(service, firm, lambda books: books.all(Check))
    assert [(check.contact_id, check.document_id, check.registry) for check in checks] == [
        (supplier.id, None, "crpdph"),
        (int(other.rpartition("/")[2]), None, "crpdph"),
    ]


@pytest.mark.usefixtures("doubles")
@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"vat_no": "PL5213017056", "country": "PL"}, "Polish white list: VAT payer"),
        ({"vat_no": "DE123456780", "country": "DE"}, "VIES: The VAT number is valid"),
        ({"vat_no": "DE123456788", "country": "DE"}, "VIES: The VAT number is not valid"),
        ({"vat_no": "CZ27074358"}, "Czech register of VAT payers: Not a VAT payer"),
    ],
    ids=str,
)
def test_each_country_has_its_registry(
    owner: Browser, service: Service, firm: Firm, values: dict[str, str], says: str
) -> None:
    page = f"/applecorp/subjects/{add(service, firm, 'Firma', **values).id}"
    owner.get(page)
    owner.post(f"{page}/check")
    assert says in owner.get(page).text


@pytest.mark.usefixtures("doubles")
@pytest.mark.parametrize("values", [{}, {"vat_no": "CZ1"}, {"vat_no": "123", "country": "US"}], ids=str)
def test_who_has_no_number_is_not_asked_about(
    owner: Browser, service: Service, firm: Firm, values: dict[str, str]
) -> None:
    page = f"/applecorp/subjects/{add(service, firm, 'Firma', **values).id}"
    assert CHECK_NOW not in owner.get(page).text
    assert owner.post(f"{page}/check").status_code == 303
    assert in_books(service, firm, lambda books: books.all(Check)) == []


def test_a_supplier_is_checked_from_an_expense_and_it_is_kept_with_it(
    owner: Browser, service: Service, firm: Firm, supplier: Contact, doubles: Doubles
) -> None:
    expense = large(service, firm, supplier)
    page = f"/applecorp/expenses/{expense.id}"
    assert CHECK_NOW in owner.get(page).text
    doubles.world["crpdph"] = Standing(state="down")
    owner.post(f"{page}/check")
    assert "does not answer as it should" in owner.get(page).text
    doubles.world["crpdph"] = Standing()
    owner.post(f"{page}/check")
    shown = owner.get(page).text
    assert "Czech register of VAT payers: Reliable VAT payer" in shown
    assert LIABLE in shown
    kept = {check.document_id for check in in_books(service, firm, lambda books: books.all(Check))}
    assert kept == {None, expense.id}


def test_who_only_reads_checks_nobody_and_in_maintenance_nobody_does(
    owner: Browser, service: Service, supplier: Contact, doubles: Doubles
) -> None:
    page = f"/applecorp/subjects/{supplier.id}"
    owner.get(page)
    service.modes.read_only = True
    assert owner.post(f"{page}/check").status_code == 503
    service.modes.read_only = False
    assert sum(doubles.keep()[1].values()) == 0
