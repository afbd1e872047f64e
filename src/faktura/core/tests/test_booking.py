"""An e-invoice becomes an expense that comes to what the file tells, or a person looks at it first."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from faktura.core.accounts.change import change_account
from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.contacts import Contact, add_contact
from faktura.core.documents.attachments import find_attachment
from faktura.core.errors import Given, NotFound, WrongState
from faktura.core.money.amounts import rounded
from faktura.core.people.accounts import Account
from faktura.core.received.book import attach_scan, book_scan, readiness_of
from faktura.core.received.booking import booking_of
from faktura.core.received.change import let_happen_to_expense
from faktura.core.received.enter import enter_expense
from faktura.core.received.extraction import extraction_of
from faktura.core.received.find import find_expense
from faktura.core.received.propose import proposed_for
from faktura.core.received.reading import ask_to_read, read_as
from faktura.core.received.received_invoice import (
    ZERO,
    Enclosed,
    Named,
    ReceivedInvoice,
    ToldLine,
    ToldRate,
    Warned,
)
from faktura.core.received.record import Expense
from faktura.core.received.scans import INBOX, add_scan, find_scan
from faktura.core.tests.conftest import Firm, line
from faktura.store.check import check

XML = b"<?xml version='1.0'?><Invoice/>"
ISSUED = dt.date(2026, 11, 5)
D = Decimal


def told(*lines: ToldLine, **values: Any) -> ReceivedInvoice:
    """An invoice of a Czech supplier over 1000 and 21 %, where nothing else is said."""
    said: dict[str, Any] = {
        "format": "isdoc",
        "number": "F/77",
        "uuid": "7C6F5B5A-1111-4222-8333-944444444444",
        "supplier": Named(
            name="Kovárna Brda", street="Dlouhá 1", city="Příbram", country="CZ", registration_no="27074358"
        ),
        "issued_on": ISSUED,
        "due_on": dt.date(2026, 11, 19),
        "currency": "CZK",
        "lines": lines or (ToldLine(name="Práce", unit_price=D(1000), net=D(1000), vat_rate=D(21)),),
        "rates": (ToldRate(vat_rate=D(21), net=D(1000), vat=D(210)),),
    }
    return ReceivedInvoice(**(said | values))


def put(firm: Firm, invoice: ReceivedInvoice, enclosed: Sequence[Enclosed] = ()) -> Expense:
    """A scan that was read."""
    scan = firm.do(add_scan, Given({"content": XML, "filename": "faktura.isdoc", "read": True}))
    firm.do(read_as, scan.id, extraction_of(invoice), invoice, enclosed)
    return scan


def book(firm: Firm, invoice: ReceivedInvoice, **said: bool) -> Expense:
    scan = put(firm, invoice)
    return firm.do(lambda books: book_scan(books, scan.id, **said))


def sums(expense: Expense) -> dict[tuple[Decimal, str], tuple[Decimal, Decimal]]:
    return {(s.vat_rate, s.vat_treatment): (s.net, s.vat) for s in expense.vat_sums if s.net or s.vat}


def test_one_press_enters_what_the_file_tells_with_its_supplier(firm: Firm) -> None:
    expense = book(firm, told(variable_symbol="77", iban="CZ6508000000192000145399", order_number="O-1"))

    assert (expense.original_number, expense.variable_symbol, expense.order_number) == ("F/77", "77", "O-1")
    assert (expense.issued_on, expense.taxable_on, expense.due_on) == (ISSUED, ISSUED, dt.date(2026, 11, 19))
    assert (expense.iban, expense.gross_total) == ("CZ6508000000192000145399", D(1210))
    assert (expense.told, expense.original_uuid) == (None, "7c6f5b5a-1111-4222-8333-944444444444")
    assert [file.filename for file in expense.attachments] == ["faktura.isdoc"]
    [supplier] = [one for one in firm.do(Books.all, Contact) if one.role == "supplier"]
    assert (supplier.name, supplier.city, supplier.registration_no) == ("Kovárna Brda", "Příbram", "27074358")
    assert (expense.contact_id, supplier.iban) == (supplier.id, "CZ6508000000192000145399")
    assert firm.do(Books.all, Expense, INBOX) == []
    assert check(firm.database, lambda _: None, AUDIT) == []


def test_the_bytes_stay_as_they_came_and_enclosed_files_lie_beside_them(firm: Firm) -> None:
    scan = put(firm, told(), [Enclosed("list.pdf", "application/pdf", b"%PDF-1"), Enclosed("", "image/png", b"x")])
    firm.do(ask_to_read, scan.id)
    firm.do(read_as, scan.id, extraction_of(told()), told(), [Enclosed("list.pdf", "application/pdf", b"%PDF-1")])
    expense = firm.do(lambda books: book_scan(books, scan.id))

    assert [file.filename for file in expense.attachments] == ["faktura.isdoc", "list.pdf", "attachment2"]
    kept = firm.do(lambda books: find_attachment(books, expense, expense.attachments[0].id))
    assert kept.content == XML


def test_what_does_not_fit_beside_it_is_left_out_and_said(firm: Firm) -> None:
    large = Enclosed("sken.png", "image/png", b"\0" * 20_000_000)
    scan = put(firm, told(), [large, Enclosed("list.pdf", "application/pdf", b"%PDF-1")])

    kept = firm.do(find_scan, scan.id)
    assert [file.filename for file in kept.attachments] == ["faktura.isdoc", "list.pdf"]
    assert kept.told is not None
    assert kept.told.warnings == (Warned("file_left_out", "sken.png"),)


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ({"vat_no": "CZ 27074358", "registration_no": "1"}, {"vat_no": "CZ27074358", "registration_no": "27074358"}),
        ({"registration_no": "27074358"}, {"registration_no": "27074358", "vat_no": "CZ27074358"}),
        ({}, {"registration_no": "27074358"}),
        ({"registration_no": "27074358"}, {}),
    ],
    ids=["VAT number", "number of the register", "name", "name alone"],
)
def test_the_supplier_is_who_goes_by_the_numbers_and_else_by_the_name(
    firm: Firm, known: dict[str, str], named: dict[str, str]
) -> None:
    supplier = firm.do(add_contact, Given({"name": "kovarna brda"} | known))

    assert book(firm, told(supplier=Named(name="Kovárna Brda", **named))).contact_id == supplier.id


@pytest.mark.parametrize(
    ("scheme", "address", "kept"),
    [("9929", "CZ27074358", ("9929", "CZ27074358")), ("9999", "x", (None, None)), ("", "", (None, None))],
)
def test_a_new_supplier_has_the_electronic_address_of_the_file(
    firm: Firm, scheme: str, address: str, kept: tuple[str | None, str | None]
) -> None:
    named = Named(name="Kovárna", electronic_scheme=scheme, electronic_address=address, email="x", postcode="1" * 30)
    expense = book(firm, told(supplier=named))

    supplier = firm.do(lambda books: books.find(Contact, expense.contact_id or 0))
    assert (supplier.electronic_scheme, supplier.electronic_address) == kept
    assert (supplier.email, supplier.postcode) == (None, None)


def test_another_firm_of_the_same_name_is_another_supplier(firm: Firm) -> None:
    other = firm.do(add_contact, Given({"name": "Kovárna Brda", "registration_no": "25596641"}))

    assert book(firm, told()).contact_id != other.id


def test_nothing_is_booked_twice(firm: Firm) -> None:
    first = book(firm, told())

    for again in (told(number="F/78"), told(uuid=""), told(uuid="00000000-0000-0000-0000-000000000000")):
        scan = put(firm, again)
        with pytest.raises(WrongState, match="booked_before"):
            firm.do(lambda books, scan_id=scan.id: book_scan(books, scan_id))
        typed = {"original_number": again.number, "issued_on": ISSUED, "scan_id": scan.id}
        typed |= {"contact_id": first.contact_id, "lines": [line(1)]}
        with pytest.raises(WrongState, match="booked_before"):
            firm.do(enter_expense, Given(typed))
    assert firm.do(Books.count, Expense) == 4
    assert book(firm, told(uuid="", issued_on=ISSUED + dt.timedelta(days=1))).id != first.id


def test_the_same_file_goes_to_the_expense_that_is_there(firm: Firm) -> None:
    first, scan = book(firm, told()), put(firm, told())

    expense = firm.do(attach_scan, scan.id, first.id)

    assert [file.filename for file in expense.attachments] == ["faktura.isdoc", "faktura.isdoc"]
    with pytest.raises(NotFound):
        firm.do(find_scan, scan.id)
    assert firm.do(find_expense, first.id) == expense
    assert check(firm.database, lambda _: None, AUDIT) == []


def test_no_file_goes_to_an_expense_that_is_locked(firm: Firm) -> None:
    first, scan = book(firm, told()), put(firm, told())
    firm.do(let_happen_to_expense, first.id, "lock")

    with pytest.raises(WrongState, match="locked"):
        firm.do(attach_scan, scan.id, first.id)
    assert firm.do(find_scan, scan.id).attachments


@pytest.mark.parametrize("doubt", ["sums_differ", "unknown_rate", "no_currency", "not_for_us"])
def test_what_is_to_be_checked_is_booked_once_somebody_says_so(firm: Firm, doubt: Any) -> None:
    scan = put(firm, told(warnings=(Warned(doubt),)))

    with pytest.raises(WrongState, match="to_be_checked"):
        firm.do(lambda books: book_scan(books, scan.id))
    assert firm.do(lambda books: book_scan(books, scan.id, confirmed=True)).gross_total == D(1210)


@pytest.mark.parametrize("doubt", ["older_version", "breaks_schema", "signature_not_verified", "file_left_out"])
def test_what_is_only_to_be_known_is_booked_by_one_press(firm: Firm, doubt: Any) -> None:
    assert book(firm, told(warnings=(Warned(doubt),))).gross_total == D(1210)


@pytest.mark.parametrize(
    "values",
    [
        {"number": ""},
        {"issued_on": None},
        {"due_on": dt.date(2026, 11, 1)},
        {"supplier": Named()},
        {"rates": (ToldRate(vat_rate=D(21), net=D(1000), vat=D(300)),)},
    ],
    ids=["no number", "no day", "due before that", "no supplier", "VAT that no expense comes to"],
)
def test_what_no_expense_can_say_is_entered_by_its_form(firm: Firm, values: dict[str, Any]) -> None:
    scan = put(firm, told(**values))

    with pytest.raises(WrongState, match="to_be_checked"):
        firm.do(lambda books: book_scan(books, scan.id, confirmed=True))
    proposed = firm.do(lambda books: proposed_for(books, find_scan(books, scan.id)))
    assert proposed["lines"]


def test_who_says_so_pays_what_was_paid_before(firm: Firm) -> None:
    invoice = told(prepaid=D(210), payable=D(1000))

    assert book(firm, invoice).payments == ()
    other = replace(invoice, uuid="", number="F/78")
    [payment] = book(firm, other, prepaid=True).payments
    assert (payment.amount, payment.paid_on) == (D(210), ISSUED)


def test_a_credit_note_is_an_expense_below_zero(firm: Firm) -> None:
    expense = book(
        firm,
        told(
            ToldLine(name="Vráceno", quantity=D(-2), unit_price=D(500), net=D(-1000), vat_rate=D(21)),
            sort="credit_note",
            rates=(ToldRate(vat_rate=D(21), net=D(-1000), vat=D(-210)),),
        ),
    )

    assert sums(expense) == {(D(21), "taxed"): (D(-1000), D(-210))}
    assert [(one.quantity, one.unit_net_price) for one in expense.lines] == [(D(2), D(-500))]


@pytest.mark.parametrize("rate", [21, 0])
def test_where_we_owe_the_vat_of_all_of_it_the_expense_says_so(firm: Firm, rate: int) -> None:
    given: dict[str, Any] = {"vat_rate": D(rate), "treatment": "reverse_charge", "net": D(1000)}
    expense = book(firm, told(ToldLine(name="Práce", unit_price=D(1000), **given), rates=(ToldRate(**given),)))

    assert (expense.reverse_charge, expense.gross_total) == (True, D(1000))
    assert sums(expense) == {(D(rate), "taxed"): (D(1000), ZERO)}


def test_rates_win_over_lines_and_a_line_makes_up_for_the_difference(firm: Firm) -> None:
    rates = (ToldRate(vat_rate=D(21), net=D("999.98"), vat=D(210)), ToldRate(treatment="exempt", net=D(50)))
    expense = book(firm, told(rates=rates))

    assert [(one.name, one.net) for one in expense.lines] == [
        ("Práce", D(1000)),
        ("Zaokrouhlení", D("-0.02")),
        ("F/77", D(50)),
    ]
    assert sums(expense) == {(D(21), "taxed"): (D("999.98"), D(210)), (ZERO, "exempt"): (D(50), ZERO)}


def test_what_an_advance_took_is_called_so(firm: Firm) -> None:
    expense = book(firm, told(advances=("D-3",), rates=(ToldRate(vat_rate=D(21), net=D(600), vat=D(126)),)))

    assert [(one.name, one.net) for one in expense.lines][1:] == [("Odpočet zálohy D-3", D(-400))]


def test_who_deducts_no_vat_pays_it_as_a_part_of_the_price(firm: Firm) -> None:
    firm.do(lambda books: change_account(books, Given({"vat_mode": "non_vat_payer"})))
    firm.account = firm.do(lambda books: books.tx.get(Account, id=books.account.id))
    expense = book(firm, told())

    assert (expense.gross_total, expense.vat_total) == (D(1210), ZERO)
    assert [(one.name, one.gross) for one in expense.lines] == [("Práce", D(1210))]


@pytest.mark.parametrize(
    ("values", "rate"),
    [
        ({"currency": "EUR", "exchange_rate": D("24.5")}, D("24.5")),
        ({"currency": "EUR", "exchange_rate": D(1), "supplier": Named(name="X", country="DE")}, None),
        ({"currency": "CZK", "exchange_rate": D(1)}, D(1)),
    ],
    ids=["of our bank", "to the money of another country", "our own money"],
)
def test_a_rate_counts_where_it_is_to_our_money(firm: Firm, values: dict[str, Any], rate: Decimal | None) -> None:
    assert book(firm, told(**values)).exchange_rate == rate


CENTS = st.integers(-100_000, 100_000).map(lambda cents: D(cents) / 100)
QUANTITIES = st.integers(1, 5000).map(lambda thousandths: D(thousandths) / 1000)
PERCENTS = st.sampled_from([D(21), D(12), D(23), D(8), D(0)])


@st.composite
def lines(draw: st.DrawFn) -> ToldLine:
    price, quantity, percent = draw(CENTS), draw(QUANTITIES), draw(PERCENTS)
    return ToldLine(name="Věc", unit_price=price, quantity=quantity, net=rounded(price * quantity), vat_rate=percent)


@st.composite
def invoices(draw: st.DrawFn) -> ReceivedInvoice:
    """Counted in any of the ways that suppliers have; some are a cent or much more off."""
    bought = draw(st.lists(lines(), min_size=1, max_size=6))
    way = draw(st.sampled_from(["by_rate", "by_line", "inside"]))
    rates = []
    for percent in {one.vat_rate for one in bought}:
        nets = [one.net for one in bought if one.vat_rate == percent]
        net = sum(nets, ZERO) + draw(st.sampled_from([ZERO, ZERO, D("0.01"), D("-250.5")]))
        vat = rounded(net * percent / 100)
        if way == "by_line" and net == sum(nets, ZERO):
            vat = sum((rounded(one * percent / 100) for one in nets), ZERO)
        elif way == "inside":
            gross = rounded(net * (100 + percent) / 100)
            vat = rounded(gross * percent / (100 + percent))
            net = gross - vat
        rates.append(ToldRate(vat_rate=percent, net=net, vat=vat))
    whole = sum((one.net + one.vat for one in rates), ZERO)
    rounding = draw(st.sampled_from([ZERO, D("0.03"), rounded(whole, D(1)) - whole]))
    return told(*bought, rates=tuple(rates), rounding=rounding, uuid="")


def expected(invoice: ReceivedInvoice, expense: Expense) -> dict[tuple[Decimal, str], tuple[Decimal, Decimal]]:
    said = {(rate.vat_rate, "taxed"): (rate.net, rate.vat) for rate in invoice.rates if rate.net or rate.vat}
    left = invoice.rounding - expense.rounding
    return said | ({(ZERO, "not_subject"): (left, ZERO)} if left else {})


@given(invoice=invoices())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_an_expense_comes_to_what_is_told_at_each_rate(firm: Firm, invoice: ReceivedInvoice) -> None:
    """However the supplier counted; nothing else is entered by one press."""
    booking = booking_of(invoice, firm.account)
    if not booking.agrees:
        assert firm.do(lambda books: readiness_of(books, invoice)) == "by_form"
        return
    expense = firm.do(enter_expense, Given(booking.values | {"contact_id": firm.contact.id}))

    assert expense.gross_total == invoice.total
    assert sums(expense) == expected(invoice, expense)


@given(invoice=invoices().filter(lambda one: one.rounding == 0))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whoever_counts_in_one_way_throughout_is_agreed_with(firm: Firm, invoice: ReceivedInvoice) -> None:
    counted = tuple(replace(rate, vat=rounded(rate.net * rate.vat_rate / 100)) for rate in invoice.rates)

    assert booking_of(replace(invoice, rates=counted), firm.account).agrees
