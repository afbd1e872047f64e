"""Days of recurring generators, the words in their texts, and the documents that come of them."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.history import Happening
from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.generators.change import add_generator, change_generator, find_generator
from faktura.core.generators.compose import compose_generator, compose_generator_change
from faktura.core.generators.documents import hindrances, made_by
from faktura.core.generators.plan import following
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import issue_due, pause, run_now, skip
from faktura.core.generators.words import filled
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, line

START = dt.date(2026, 11, 21)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def recurring(firm: Firm, *lines: Given, **values: Any) -> Generator:
    given = {"name": "Nájem", "contact_id": firm.contact.id, "recurring": True, "start_on": START, "months": 1}
    return firm.do(add_generator, Given(given | {"lines": list(lines) or [line(100)]} | values))


def issued(firm: Firm, generator: Generator) -> list[Invoice]:
    """All that is due, and what came of it."""
    found = []
    while (invoice := firm.do(issue_due, generator.id)) is not None:
        found.append(invoice)
    return found


def test_no_template_knows_what_goods_were_bought_for(firm: Firm) -> None:
    bought = Given({"name": "Octavia", "unit_price": Decimal(12000), "purchase_price": Decimal(10000)})
    with pytest.raises(Invalid) as refused:
        recurring(firm, bought)
    assert [problem.code for problem in refused.value.problems["lines.purchase_price"]] == ["malformed"]
    rent = recurring(firm)
    with pytest.raises(Invalid):
        firm.do(change_generator, rent.id, Given({"lines": [bought]}))
    assert firm.do(find_generator, rent.id) == rent


@pytest.mark.parametrize(
    ("start", "months", "last", "days"),
    [
        ("2027-01-31", 1, "as it is", ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]),
        ("2027-01-30", 1, "as it is", ["2027-02-28", "2027-03-30", "2027-04-30", "2027-05-30"]),
        ("2028-02-29", 12, "as it is", ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]),
        ("2027-04-30", 1, "as it is", ["2027-05-30", "2027-06-30"]),
        ("2027-04-30", 1, "always", ["2027-05-31", "2027-06-30"]),
        ("2027-11-05", 3, "as it is", ["2028-02-05", "2028-05-05"]),
    ],
)
def test_the_day_of_the_start_is_kept_where_a_month_has_it(
    start: str,
    months: int,
    last: str,
    days: list[str],
) -> None:
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    generator = Generator(
        1, 1, 1, now, now, recurring=True, start_on=day(start), months=months, on_last_day=last == "always"
    )

    found, at = [], day(start)
    for _ in days:
        at = following(generator, at)
        found.append(at.isoformat())
    assert found == days


@pytest.mark.parametrize(
    ("text", "issued_on", "said"),
    [
        ("#m-3#/#y#", "2021-08-10", "05/2021"),
        ("#d-1#. #m+1#. #y+1#", "2021-08-10", "9. 9. 2022"),
        ("Nájem za #m-1#/#y#", "2022-01-31", "Nájem za 12/2021"),
        ("#m+11#/#y#", "2021-08-10", "07/2022"),
        ("#d#.#m#.#y-11#", "2021-08-01", "1.8.2010"),
        ("#m+12# #x# # 50% #d", "2021-08-10", "#m+12# #x# # 50% #d"),
    ],
)
def test_words_for_day_month_and_year_follow_the_day_of_issue(text: str, issued_on: str, said: str) -> None:
    assert filled(text, day(issued_on)) == said


def test_a_document_has_the_terms_and_lines_of_its_generator(firm: Firm) -> None:
    generator = recurring(
        firm,
        line("99.7", name="Nájem za #m-1#/#y#"),
        note="Za #m#",
        tags=("nájem",),
        due_days=7,
        round_total=True,
        price_mode="from_total_with_vat",
        taxed_at_end_of_last_month=True,
        custom_id="own",
    )

    [invoice] = issued(firm, generator)
    assert (invoice.generator_id, invoice.kind, invoice.custom_id) == (generator.id, "invoice", None)
    assert (invoice.issued_on, invoice.taxable_on, invoice.due_on) == (START, day("2026-10-31"), day("2026-11-28"))
    assert (invoice.lines[0].name, invoice.note, invoice.tags) == ("Nájem za 10/2026", "Za 11", ("nájem",))
    assert (
        (invoice.gross_total, invoice.rounding) == (generator.gross_total, generator.rounding) == (100, Decimal("0.3"))
    )
    assert firm.do(find_generator, generator.id).next_on == day("2026-12-21")


def test_a_proforma_comes_of_one_that_makes_proformas(firm: Firm) -> None:
    [proforma] = issued(firm, recurring(firm, proforma=True))

    assert proforma.kind == "proforma"


def test_after_a_jump_of_the_clock_each_document_that_was_missed_is_issued_under_its_day(firm: Firm) -> None:
    generator = recurring(firm, end_on=day("2027-02-01"))
    firm.clock.stand_at(dt.datetime(2028, 1, 1, tzinfo=dt.UTC))

    days = [invoice.issued_on.isoformat() for invoice in issued(firm, generator)]
    assert days == ["2026-11-21", "2026-12-21", "2027-01-21"]
    over = firm.do(find_generator, generator.id)
    assert (over.active, over.next_on) == (False, None)
    assert [one.name for one in firm.do(lambda books: books.all(Happening)) if one.kind == "generators"] == [
        *("generator_added", "generator_issued", "generator_issued", "generator_issued", "generator_finished")
    ]
    firm.clock.stand_at(dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert issued(firm, generator) == []


def test_nothing_is_issued_before_its_day_or_while_it_is_paused(firm: Firm) -> None:
    later = recurring(firm, start_on=START + dt.timedelta(1))

    assert issued(firm, later) == []
    assert firm.do(change_generator, later.id, Given({"start_on": START})).next_on == START
    assert len(issued(firm, later)) == 1


def test_the_next_document_issued_by_hand_is_of_today_with_the_words_of_its_day_and_passes_that_day(firm: Firm) -> None:
    generator = recurring(firm, line(100, name="Nájem za #m#/#y#"), start_on=day("2026-12-24"))

    invoice = firm.do(run_now, generator.id, day("2026-12-24"))
    assert (invoice.issued_on, invoice.lines[0].name) == (START, "Nájem za 12/2026")
    assert invoice.generator_id == generator.id
    assert firm.do(find_generator, generator.id).next_on == day("2027-01-24")
    firm.clock.stand_at(dt.datetime(2026, 12, 31, tzinfo=dt.UTC))
    assert issued(firm, generator) == []


def test_what_is_late_is_issued_by_hand_under_its_day(firm: Firm) -> None:
    generator = recurring(firm, start_on=START)
    firm.clock.stand_at(dt.datetime(2026, 11, 25, tzinfo=dt.UTC))

    assert firm.do(run_now, generator.id, START).issued_on == START
    assert issued(firm, generator) == []


def test_nothing_is_issued_twice_for_one_day_by_hand_by_night_or_after_the_clock_went_back(firm: Firm) -> None:
    generator = recurring(firm)
    firm.do(run_now, generator.id, START)

    with pytest.raises(WrongState, match="not_next"):
        firm.do(run_now, generator.id, START)
    with pytest.raises(WrongState, match="not_next"):
        firm.do(skip, generator.id, START)
    firm.clock.stand_at(dt.datetime(2026, 11, 1, tzinfo=dt.UTC))
    assert issued(firm, generator) == []
    firm.clock.stand_at(dt.datetime(2026, 12, 21, tzinfo=dt.UTC))
    assert [one.issued_on for one in issued(firm, generator)] == [day("2026-12-21")]


@pytest.mark.parametrize("verb", [run_now, skip])
def test_of_many_at_one_time_one_passes_a_day(firm: Firm, verb: Any) -> None:
    generator = recurring(firm)

    def press(_: int) -> bool:
        try:
            firm.do(verb, generator.id, START)
        except WrongState:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(press, range(8))) == 1
    made = firm.do(lambda books: books.all(Invoice, made_by(generator)))
    assert len(made) == (1 if verb is run_now else 0)
    assert firm.do(find_generator, generator.id).next_on == day("2026-12-21")


def test_the_night_and_a_hand_at_one_time_issue_one_document(firm: Firm) -> None:
    generator = recurring(firm)

    def issue(n: int) -> bool:
        try:
            done = firm.do(issue_due, generator.id) if n % 2 else firm.do(run_now, generator.id, START)
        except WrongState:
            return False
        return done is not None

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(issue, range(8))) == 1
    assert len(firm.do(lambda books: books.all(Invoice, made_by(generator)))) == 1


def test_a_day_that_is_skipped_has_no_document_and_the_next_one_is_issued(firm: Firm) -> None:
    generator = recurring(firm)

    assert firm.do(skip, generator.id, START).next_on == day("2026-12-21")
    assert issued(firm, generator) == []
    firm.clock.stand_at(dt.datetime(2026, 12, 21, tzinfo=dt.UTC))
    assert [one.issued_on for one in issued(firm, generator)] == [day("2026-12-21")]
    happened = firm.do(lambda books: books.all(Happening))
    [skipped] = [one for one in happened if one.name == "generator_skipped"]
    assert skipped.details == {"next_on": ("2026-11-21", "2026-12-21")}


@pytest.mark.parametrize("verb", [run_now, skip])
def test_after_the_last_day_it_is_finished(firm: Firm, verb: Any) -> None:
    generator = recurring(firm, end_on=day("2026-12-01"))
    firm.do(verb, generator.id, START)

    over = firm.do(find_generator, generator.id)
    assert (over.active, over.next_on) == (False, None)
    with pytest.raises(WrongState, match="already_finished"):
        firm.do(verb, generator.id, START)


@pytest.mark.parametrize("verb", [run_now, skip])
def test_what_is_paused_stays_paused(firm: Firm, verb: Any) -> None:
    generator = recurring(firm)
    firm.do(pause, generator.id)
    firm.do(verb, generator.id, START)

    kept = firm.do(find_generator, generator.id)
    assert (kept.active, kept.next_on) == (False, day("2026-12-21"))


def test_what_hinders_the_next_document_is_known_before_it_is_tried_and_after_it_failed(firm: Firm) -> None:
    generator = recurring(firm, currency="CHF", exchange_rate=Decimal(25))
    assert firm.do(hindrances, generator) == {}
    firm.do(change_generator, generator.id, Given({"exchange_rate": None}))
    firm.clock.stand_at(dt.datetime(2026, 11, 22, tzinfo=dt.UTC))
    kept = firm.do(find_generator, generator.id)

    assert {name: one[0].code for name, one in firm.do(hindrances, kept).items()} == {"exchange_rate": "unknown_rate"}
    with pytest.raises(Invalid):
        firm.do(run_now, generator.id, START)
    assert firm.do(find_generator, generator.id).next_on == START


def test_a_generator_is_composed_with_its_next_document_and_days_and_nothing_is_written(firm: Firm) -> None:
    given = {"name": "Nájem", "recurring": True, "start_on": day("2027-01-31"), "months": 1, "note": "#m-1#/#y#"}
    ahead = firm.do(compose_generator, Given(given | {"lines": [line(100, name="Za #m#")]}))

    assert ahead.problems.keys() == {"contact_id"}
    assert ahead.days == [day("2027-01-31"), day("2027-02-28"), day("2027-03-31")]
    invoice = ahead.document.invoice
    assert (invoice.lines[0].name, invoice.note, invoice.gross_total) == ("Za 01", "12/2026", 121)
    assert firm.do(lambda books: books.count(Generator)) == 0


def test_a_change_of_a_generator_is_composed_and_a_plan_that_is_wrong_has_no_days(firm: Firm) -> None:
    generator = recurring(firm)
    ahead = firm.do(compose_generator_change, generator.id, Given({"months": 10**9, "note": "Za #m#"}))

    assert (list(ahead.problems), ahead.days) == (["months"], [])
    assert ahead.document.invoice.note == "Za 11"
    assert firm.do(find_generator, generator.id) == generator
