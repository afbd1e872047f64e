"""Numbers: taken in order, never twice, and without a gap in what was given out (2.4 of the contract)."""

import datetime as dt
import threading

import pytest

from faktura.core.books.books import Books
from faktura.core.documents.checks import Rules
from faktura.core.documents.numbering import NumberFormat, NumberSeries, counter_in, next_number
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, a_firm, line
from faktura.store.database import Database

NOVEMBER = dt.date(2026, 11, 21)
STRICT = Rules(number_fits_format=True)


def test_numbers_go_up_by_one_and_begin_anew_each_year(firm: Firm) -> None:
    numbers = [firm.issue(issued_on=day).number for day in (NOVEMBER, NOVEMBER, dt.date(2027, 1, 1), NOVEMBER)]
    assert numbers == ["2026-0001", "2026-0002", "2027-0001", "2026-0003"]


def test_proformas_have_a_series_of_their_own(firm: Firm) -> None:
    assert firm.issue(kind="proforma").number == "1-2026-0001"
    assert firm.issue().number == "2026-0001"


def test_corrections_are_numbered_with_the_invoices(firm: Firm) -> None:
    original = firm.issue()
    assert firm.issue(line(-100), kind="correction", corrected_id=original.id).number == "2026-0002"


def test_polish_kinds_are_counted_apart_and_by_month(database: Database) -> None:
    firm = a_firm(database, country="PL", currency="PLN", invoice_language="pl")
    december = dt.date(2026, 12, 1)
    original = firm.issue(issued_on=NOVEMBER)

    assert original.number == "1/11/2026"
    assert firm.issue(issued_on=NOVEMBER).number == "2/11/2026"
    assert firm.issue(issued_on=december).number == "1/12/2026"
    assert firm.issue(kind="proforma", issued_on=NOVEMBER).number == "1/PROF/11/2026"
    assert firm.issue(kind="correction", corrected_id=original.id, issued_on=NOVEMBER).number == "1/KOR/11/2026"
    assert firm.issue(kind="tax_document", issued_on=NOVEMBER).number == "1/ZAL/11/2026"
    assert firm.issue(kind="final_invoice", issued_on=NOVEMBER).number == "1/RZL/11/2026"


def test_the_next_number_is_told_and_not_taken(firm: Firm) -> None:
    told = [firm.do(next_number, "invoice", NOVEMBER) for _ in range(2)]
    assert told == ["2026-0001", "2026-0001"]
    assert firm.issue().number == "2026-0001"
    assert firm.do(next_number, "invoice", NOVEMBER) == "2026-0002"


def test_a_refused_document_uses_no_number_up(firm: Firm) -> None:
    with pytest.raises(Invalid):
        firm.issue(line(100, quantity=0))
    with pytest.raises(Invalid):
        firm.issue(line(100), currency="XXQ")
    assert firm.issue().number == "2026-0001"


def test_a_deleted_number_is_never_given_out_again(firm: Firm) -> None:
    deleted = firm.issue()
    firm.do(delete_invoice, deleted.id)

    assert firm.issue().number == "2026-0002"
    with pytest.raises(Invalid) as refused:
        firm.issue(number=deleted.number)
    assert [p.code for p in refused.value.problems["number"]] == ["number_used"]


def test_a_number_given_from_outside_lets_the_series_go_on_behind_it(firm: Firm) -> None:
    assert firm.issue(number="2026-0041").number == "2026-0041"
    assert firm.issue().number == "2026-0042"
    assert firm.issue(number="2026-0007").counter == 7
    assert firm.issue().number == "2026-0043"


def test_a_number_that_must_fit_its_format_fits_it_and_the_year_of_issue(firm: Firm) -> None:
    for number in ("2025-0001", "2026-1", "FV-2026-0001", "2026/0001"):
        given = {"contact_id": firm.contact.id, "lines": [line(1)], "number": number}
        with pytest.raises(Invalid) as refused:
            firm.do(issue_invoice, Given(given), STRICT)
        assert [p.code for p in refused.value.problems["number"]] == ["wrong_number"]


def test_a_number_is_refused_twice_unless_it_may_repeat(firm: Firm) -> None:
    first = firm.issue(number="3924/2026")
    assert first.counter is None
    with pytest.raises(Invalid):
        firm.issue(number="3924/2026")
    given = Given({"contact_id": firm.contact.id, "number": "3924/2026"})
    assert firm.do(issue_invoice, given, Rules(number_may_repeat=True)).number == "3924/2026"


def test_a_number_written_by_hand_is_passed_over(firm: Firm) -> None:
    taken = firm.issue()
    firm.do(lambda books: _write_by_hand(books, taken, "2026-0002"))
    assert firm.issue().number == "2026-0003"


def test_a_changed_number_keeps_the_rules(firm: Firm) -> None:
    first, second = firm.issue(), firm.issue()
    with pytest.raises(Invalid):
        firm.do(change_invoice, second.id, Given({"number": first.number}))
    changed = firm.do(change_invoice, second.id, Given({"number": "2026-0010"}))
    assert (changed.number, changed.counter) == ("2026-0010", 10)
    assert firm.issue().number == "2026-0011"


@pytest.mark.parametrize("rules", [STRICT, Rules(number_may_repeat=True)])
def test_a_number_from_a_series_stays_in_the_period_that_it_says(database: Database, rules: Rules) -> None:
    firm = a_firm(database, country="PL", currency="PLN", invoice_language="pl")
    issued, written = firm.issue(issued_on=NOVEMBER), firm.issue(issued_on=NOVEMBER, number="F-7")
    december = {"issued_on": dt.date(2026, 12, 1)}

    with pytest.raises(Invalid) as told:
        firm.do(change_invoice, issued.id, Given(december), rules)
    assert [problem.code for problem in told.value.problems["number"]] == ["wrong_number"]
    assert firm.do(change_invoice, issued.id, Given({"issued_on": dt.date(2026, 11, 2)}), rules).number == "1/11/2026"
    assert firm.do(change_invoice, written.id, Given(december), rules).number == "F-7"
    moved = firm.do(change_invoice, issued.id, Given(december | {"number": "1/12/2026"}), rules)
    assert (moved.period, moved.counter) == ("2026-12", 1)


def test_a_format_is_chosen_by_its_id_and_an_archived_one_refused(firm: Firm) -> None:
    chosen = firm.do(lambda books: books.add(NumberFormat, kind="invoice", pattern="FV#yy##mm##ddd#"))
    archived = firm.do(lambda books: books.add(NumberFormat, kind="invoice", pattern="OLD-#d#", archived=True))

    assert firm.issue(number_format_id=chosen.id).number == "FV2611001"
    with pytest.raises(Invalid):
        firm.issue(number_format_id=archived.id)


@pytest.mark.parametrize(
    ("pattern", "number", "counter"),
    [
        ("#yyyy#-#dddd#", "2026-0007", 7),
        ("#yyyy#-#dddd#", "2026-12345", 12345),
        ("#yyyy#-#dddd#", "2026-0000", None),
        ("#yyyy#-#dddd#", "2025-0007", None),
        ("#d#/#mm#/#yyyy#", "12/11/2026", 12),
        ("#d#/#mm#/#yyyy#", "12/10/2026", None),
        ("VF1-#ddd#-#yy#", "VF1-042-26", 42),
        ("A.#d#", "AX1", None),
    ],
)
def test_a_counter_is_read_from_a_number_of_its_pattern(pattern: str, number: str, counter: int | None) -> None:
    assert counter_in(pattern, number, NOVEMBER) == counter


def test_the_variable_symbol_is_the_digits_of_the_number_or_the_contacts_own(firm: Firm) -> None:
    assert firm.issue(kind="proforma").variable_symbol == "120260001"
    assert firm.issue(variable_symbol="777").variable_symbol == "777"


def test_sixteen_writers_at_once_get_numbers_without_gap_or_double(firm: Firm) -> None:
    numbers: list[str] = []
    failures: list[Exception] = []

    def write() -> None:
        try:
            numbers.extend(firm.issue(line(1)).number for _ in range(5))
        except Exception as failure:  # noqa: BLE001 (told below)
            failures.append(failure)

    threads = [threading.Thread(target=write) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sorted(numbers) == [f"2026-{n:04}" for n in range(1, 81)]
    series = firm.do(lambda books: books.all(NumberSeries))
    assert [(s.period, s.last) for s in series] == [("2026", 80)]


def _write_by_hand(books: Books, invoice: Invoice, number: str) -> None:
    given = Given({"contact_id": invoice.contact_id, "number": number})
    kept = issue_invoice(books, given)
    series = books.all(NumberSeries)[0]
    books.remove(series)
    books.add(NumberSeries, number_format_id=series.number_format_id, period=series.period, last=1)
    assert kept.counter == 2
