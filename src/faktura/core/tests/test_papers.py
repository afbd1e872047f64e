"""Papers without a buyer: written down, changed, put into the accounts, thrown away, and what their lines come to."""

import datetime as dt
import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.documents.checks import Rules
from faktura.core.documents.lines import MOST_LINES
from faktura.core.documents.record import ZERO, Line
from faktura.core.errors import Given, Invalid, NotFound, Problem
from faktura.core.money.amounts import CENT
from faktura.core.papers.change import account_for_paper, change_paper, delete_paper, mark_paper_printed
from faktura.core.papers.enter import enter_paper
from faktura.core.papers.find import find_paper
from faktura.core.papers.lines import add_up
from faktura.core.papers.listing import Filters, chosen_by, counts, day_to_come
from faktura.core.papers.record import WITH_VAT, Paper, PaperKind
from faktura.core.tests.conftest import NOON, Firm, a_firm
from faktura.store.check import check
from faktura.store.database import Database

KINDS: tuple[PaperKind, ...] = get_args(PaperKind)

RATES = ("0", "5", "8", "23")

LEAST: dict[PaperKind, dict[str, Any]] = {
    "internal_invoice": {"transaction_kind": "free_transfer_of_goods", "lines": [{"net": 100, "vat_rate": 23}]},
    "fiscal_report": {"lines": [{"gross": 108, "vat_rate": 8}]},
    "internal_evidence": {"classification": "sold", "lines": [{"name": "Złom", "unit_price": 50, "quantity": 2}]},
    "daily_revenue": {"lines": [{"unit_price": Decimal("482.5")}]},
}

every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database, country="PL", currency="PLN")


def given_of(values: dict[str, Any]) -> Given:
    given = Given(values)
    if values.get("lines"):
        given["lines"] = [_line(line) for line in values["lines"]]
    return given


def _line(values: dict[str, Any]) -> Given:
    return Given({name: Decimal(value) if isinstance(value, int) else value for name, value in values.items()})


def enter(firm: Firm, kind: PaperKind, **values: Any) -> Paper:
    return firm.do(enter_paper, kind, given_of(LEAST[kind] | values))


def change(firm: Firm, paper: Paper, **values: Any) -> Paper:
    return firm.do(change_paper, paper.id, given_of(values))


def again(firm: Firm, paper: Paper) -> Paper:
    return firm.do(find_paper, paper.kind, paper.id)


def events(firm: Firm, paper: Paper) -> list[str]:
    happened = firm.do(Books.all, Happening)
    return [one.name for one in happened if (one.kind, one.record_id) == (Paper.table_name, paper.id)]


def refusal(firm: Firm, verb: Callable[..., Any], *arguments: Any) -> dict[str, list[str]]:
    """What is wrong with it by attribute; nothing is written, and no number used up."""
    before = firm.do(Books.all, Paper), len(firm.do(Books.all, Happening))
    with pytest.raises(Invalid) as refused:
        firm.do(verb, *arguments)
    assert (firm.do(Books.all, Paper), len(firm.do(Books.all, Happening))) == before
    return {name: [problem.code for problem in found] for name, found in refused.value.problems.items()}


@every_kind
def test_a_paper_is_kept_as_it_was_entered(firm: Firm, kind: PaperKind) -> None:
    entered = enter(firm, kind)

    assert again(firm, entered) == entered
    assert firm.do(find_paper, kind, entered.uuid.upper()) == entered
    assert (entered.stage, entered.issued_on, entered.counter) == ("draft", NOON.date(), 1)
    assert events(firm, entered) == ["paper_entered"]


@every_kind
def test_it_is_found_by_its_own_kind_alone(firm: Firm, kind: PaperKind) -> None:
    entered = enter(firm, kind)
    for other in KINDS:
        for named in (entered.id, entered.uuid):
            if other != kind:
                with pytest.raises(NotFound):
                    firm.do(find_paper, other, named)


@every_kind
def test_a_change_is_told_with_what_it_was_and_what_changes_nothing_is_not(firm: Firm, kind: PaperKind) -> None:
    entered = enter(firm, kind)
    changed = change(firm, entered, note="Uwaga")

    assert (changed.note, changed.version) == ("Uwaga", entered.version + 1)
    assert change(firm, changed, note="Uwaga").version == changed.version
    assert change(firm, changed, note=None).note is None
    assert sorted(events(firm, entered)) == ["paper_changed", "paper_changed", "paper_entered"]


@every_kind
def test_what_a_paper_cannot_be_without_stays_when_it_is_taken_away(firm: Firm, kind: PaperKind) -> None:
    entered = enter(firm, kind)
    assert change(firm, entered, number=None, issued_on=None, lines=None) == entered
    assert change(firm, entered, number=" ") == entered


def test_lines_that_are_given_take_the_place_of_all(firm: Firm) -> None:
    entered = enter(firm, "fiscal_report", lines=[{"gross": 108, "vat_rate": 8}, {"gross": 123, "vat_rate": 23}])
    changed = change(firm, entered, lines=[{"gross": 105, "vat_rate": 5}])

    assert [sums.vat_rate for sums in changed.vat_sums] == [Decimal(5)]
    assert (changed.net_total, changed.vat_total, changed.gross_total) == (100, 5, 105)
    assert {line.id for line in entered.lines}.isdisjoint(line.id for line in changed.lines)


def test_a_number_moves_with_no_month_and_leaves_a_reason_for_its_gap(firm: Firm) -> None:
    entered = enter(firm, "daily_revenue", issued_on=dt.date(2026, 3, 31))
    assert change(firm, entered, issued_on=dt.date(2026, 4, 1)).number == "1/UD/03/2026"
    assert change(firm, entered, number="7/UD/04/2026").counter == 7
    assert enter(firm, "daily_revenue", issued_on=dt.date(2026, 4, 2)).number == "8/UD/04/2026"
    assert enter(firm, "daily_revenue", issued_on=dt.date(2026, 3, 2)).number == "2/UD/03/2026"
    assert check(firm.database, lambda _: None, AUDIT) == []


@every_kind
def test_a_number_is_used_twice_only_where_the_rules_let_it(firm: Firm, kind: PaperKind) -> None:
    number = enter(firm, kind).number
    given = given_of(LEAST[kind] | {"number": number})
    assert refusal(firm, enter_paper, kind, given) == {"number": ["number_used"]}
    assert firm.do(enter_paper, kind, given, Rules(number_may_repeat=True)).number == number
    for other in KINDS:
        if other != kind:
            assert enter(firm, other, number=number).number == number


@pytest.mark.parametrize(("kind", "stage"), [("internal_invoice", "printed"), ("fiscal_report", "paid")])
def test_what_is_put_into_the_accounts_stays_there(firm: Firm, kind: PaperKind, stage: str) -> None:
    entered = enter(firm, kind)
    kept = firm.do(account_for_paper, entered.id)

    assert (kept.stage, kept.version) == (stage, entered.version + 1)
    assert firm.do(account_for_paper, entered.id) == kept
    assert events(firm, entered).count("paper_accounted") == 1


@pytest.mark.parametrize("kind", ["internal_evidence", "daily_revenue"])
def test_what_is_printed_is_put_into_no_accounts_by_hand(firm: Firm, kind: PaperKind) -> None:
    entered = enter(firm, kind)
    with pytest.raises(NotFound):
        firm.do(account_for_paper, entered.id)

    printed = firm.do(mark_paper_printed, entered)
    assert printed.stage == "printed"
    assert firm.do(mark_paper_printed, printed) == printed
    assert events(firm, entered).count("paper_printed") == 1


@every_kind
def test_a_deleted_paper_keeps_its_number_and_nothing_else(firm: Firm, kind: PaperKind) -> None:
    entered = enter(firm, kind)
    firm.do(delete_paper, entered.id)

    assert firm.do(Books.all, Paper) == []
    assert refusal(firm, enter_paper, kind, given_of(LEAST[kind] | {"number": entered.number})) == {
        "number": ["number_used"]
    }
    assert enter(firm, kind).counter == 2
    assert check(firm.database, lambda _: None, AUDIT) == []


@every_kind
@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"lines": []}, {"lines": ["blank"]}),
        ({"issued_on": dt.date(1899, 12, 31)}, {"issued_on": ["not_a_date"]}),
        ({"taxable_on": dt.date(2201, 1, 1)}, {"taxable_on": ["not_a_date"]}),
        ({"number": "9" * 101}, {"number": ["too_long"]}),
        ({"transaction_kind": "gift"}, {"transaction_kind": ["not_in_list"]}),
        ({"classification": "gift"}, {"classification": ["not_in_list"]}),
    ],
)
def test_what_breaks_a_rule_is_refused(
    firm: Firm, kind: PaperKind, values: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    assert refusal(firm, enter_paper, kind, given_of(LEAST[kind] | values)) == wrong
    entered = enter(firm, kind)
    assert refusal(firm, change_paper, entered.id, given_of(values)) == wrong
    assert entered.number == firm.do(find_paper, kind, entered.id).number


@pytest.mark.parametrize(
    ("kind", "attribute"), [("internal_invoice", "transaction_kind"), ("internal_evidence", "classification")]
)
def test_what_a_kind_needs_is_not_left_out(firm: Firm, kind: PaperKind, attribute: str) -> None:
    entered = enter(firm, kind)
    assert refusal(firm, change_paper, entered.id, Given({attribute: None})) == {attribute: ["blank"]}
    assert refusal(firm, enter_paper, kind, given_of(LEAST[kind] | {attribute: None})) == {attribute: ["blank"]}


@pytest.mark.parametrize(
    ("kind", "line", "wrong"),
    [
        ("fiscal_report", {"gross": 1}, {"lines.vat_treatment": ["blank"]}),
        ("fiscal_report", {"vat_rate": 8}, {"lines.net": ["blank"]}),
        ("fiscal_report", {"gross": 1, "vat_rate": 101}, {"lines.vat_rate": ["not_in_list"]}),
        ("fiscal_report", {"gross": 1, "vat_rate": 8, "lump_sum_rate": 101}, {"lines.lump_sum_rate": ["not_in_list"]}),
        ("fiscal_report", {"gross": 10**12, "vat_rate": 8}, {"lines.net": ["too_large"]}),
        ("internal_invoice", {"net": 1}, {"lines.vat_treatment": ["blank"]}),
        ("daily_revenue", {"quantity": 1}, {"lines.unit_price": ["blank"]}),
        ("daily_revenue", {"unit_price": 1, "quantity": 0}, {"lines.quantity": ["not_positive"]}),
        ("daily_revenue", {"unit_price": 10**6, "quantity": 10**6}, {"lines.unit_price": ["too_large"]}),
        ("internal_evidence", {"name": " ", "unit_price": 1}, {"lines.name": ["blank"]}),
        ("internal_evidence", {"name": "x"}, {"lines.unit_price": ["blank"]}),
    ],
)
def test_what_is_wrong_with_a_line_is_said_of_its_attribute(
    firm: Firm, kind: PaperKind, line: dict[str, Any], wrong: dict[str, list[str]]
) -> None:
    assert refusal(firm, enter_paper, kind, given_of(LEAST[kind] | {"lines": [line]})) == wrong


def test_all_lines_together_may_be_too_many_and_too_large(firm: Firm) -> None:
    line = {"unit_price": 1}
    assert refusal(firm, enter_paper, "daily_revenue", given_of({"lines": [line] * (MOST_LINES + 1)})) == {
        "lines": ["too_long"]
    }
    large = {"unit_price": 6 * 10**11}
    assert refusal(firm, enter_paper, "daily_revenue", given_of({"lines": [large, large]})) == {"lines": ["too_large"]}


def test_what_could_not_be_read_is_refused_with_the_rest(firm: Firm) -> None:
    line = Given({"unit_price": Decimal(1)}, {"quantity": [Problem("not_a_number")]})
    assert refusal(firm, enter_paper, "daily_revenue", Given({"lines": [line]})) == {"lines.quantity": ["not_a_number"]}


def test_who_is_no_payer_reports_takings_without_vat(database: Database) -> None:
    firm = a_firm(database, country="PL", currency="PLN", vat_mode="non_vat_payer")
    report = enter(firm, "fiscal_report")
    assert (report.net_total, report.vat_total, report.gross_total) == (108, 0, 108)
    assert report.lines[0].vat_rate == 0


@pytest.mark.parametrize(
    ("line", "sums"),
    [
        ({"net": "66.23", "vat_rate": "23"}, ("66.23", "15.23", "81.46")),
        ({"net": "8.12", "vat_rate": "23"}, ("8.12", "1.87", "9.99")),
        ({"gross": "81.46", "vat_rate": "23"}, ("66.23", "15.23", "81.46")),
        ({"gross": "12840", "vat_rate": "8"}, ("11888.89", "951.11", "12840")),
        ({"gross": "0.01", "vat_rate": "23"}, ("0.01", "0", "0.01")),
        ({"gross": "-123", "vat_rate": "23"}, ("-100", "-23", "-123")),
        ({"net": "100", "gross": "999", "vat_rate": "8"}, ("100", "8", "108")),
        ({"unit_price": "0.05", "quantity": "3", "vat_rate": "23"}, ("0.15", "0.03", "0.18")),
        ({"gross": "50", "vat_treatment": "exempt"}, ("50", "0", "50")),
        ({"net": "50", "vat_rate": "23", "vat_treatment": "reverse_charge"}, ("50", "0", "50")),
    ],
)
def test_worked_examples_come_out_to_the_grosz(firm: Firm, line: dict[str, str], sums: tuple[str, str, str]) -> None:
    values = {name: text if name == "vat_treatment" else Decimal(text) for name, text in line.items()}
    report = enter(firm, "fiscal_report", lines=[values])
    assert (report.net_total, report.vat_total, report.gross_total) == tuple(map(Decimal, sums))


AMOUNTS = st.decimals("-1000000", "1000000", allow_nan=False, allow_infinity=False, places=2)

LINES = st.lists(
    st.builds(
        Line,
        st.integers(1, 1000),
        st.just(""),
        AMOUNTS,
        basis=st.sampled_from(["net", "gross", "unit"]),
        quantity=st.decimals("0.001", "1000", allow_nan=False, allow_infinity=False, places=3),
        vat_rate=st.sampled_from([Decimal(rate) for rate in RATES]),
        vat_treatment=st.sampled_from(["taxed", "taxed", "taxed", "exempt", "not_subject", "reverse_charge"]),
    ),
    min_size=1,
    max_size=8,
)


def come_to(lines: list[Line], kind: PaperKind = "fiscal_report") -> Paper:
    return add_up(Paper(1, 1, 1, NOON, NOON, kind=kind, lines=tuple(lines)))


def half_up(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


@given(LINES)
def test_each_line_keeps_what_was_entered_and_rounds_once(lines: list[Line]) -> None:
    for line in come_to(lines).lines:
        rate = line.vat_rate if line.vat_treatment == "taxed" else ZERO
        assert line.net + line.vat == line.gross
        if line.basis == "gross":
            assert line.gross == line.entered
            assert line.net == half_up(line.gross * 100 / (100 + rate))
        else:
            assert line.net == half_up(line.entered * (line.quantity if line.basis == "unit" else 1))
            assert line.vat == half_up(line.net * rate / 100)


@given(LINES)
def test_sums_are_those_of_the_lines_by_rate_and_in_whole(lines: list[Line]) -> None:
    paper = come_to(lines)
    for sums in paper.vat_sums:
        of_rate = [
            one for one in paper.lines if (one.vat_rate, one.vat_treatment) == (sums.vat_rate, sums.vat_treatment)
        ]
        assert sums.net == sum(one.net for one in of_rate)
        assert sums.vat == sum(one.vat for one in of_rate)
    assert paper.net_total == sum(one.net for one in paper.lines) == sum(sums.net for sums in paper.vat_sums)
    assert paper.vat_total == sum(one.vat for one in paper.lines) == sum(sums.vat for sums in paper.vat_sums)
    assert paper.gross_total == paper.net_total + paper.vat_total


@given(LINES)
def test_a_report_of_takings_comes_to_what_was_taken_in(lines: list[Line]) -> None:
    """Whatever the rates: VAT is inside what the cash register counted."""
    taken = [msgspec.structs.replace(line, basis="gross") for line in lines]
    assert come_to(taken).gross_total == sum(line.entered for line in lines)


@given(LINES, st.randoms())
def test_the_order_of_lines_changes_no_sum(lines: list[Line], chance: random.Random) -> None:
    one, other = come_to(lines), come_to(chance.sample(lines, len(lines)))
    assert (one.net_total, one.vat_total, one.gross_total) == (other.net_total, other.vat_total, other.gross_total)
    assert {*one.vat_sums} == {*other.vat_sums}


def some_line(chance: random.Random, kind: PaperKind) -> Given:
    amount = Decimal(chance.randrange(1, 10**7)) / 100
    if kind in WITH_VAT:
        taxed = {"vat_rate": Decimal(chance.choice(RATES))}
        treated = {"vat_treatment": chance.choice(["exempt", "not_subject"])}
        return Given({chance.choice(["net", "gross"]): amount} | chance.choice([taxed, taxed, treated]))
    return Given({"name": "x", "unit_price": amount, "quantity": Decimal(chance.randrange(1, 5000)) / 100})


@pytest.mark.parametrize("seed", range(4))
def test_random_papers_are_kept_with_the_sums_that_they_were_entered_with(firm: Firm, seed: int) -> None:
    """Written down, changed and thrown away; the check of the database computes every sum again."""
    chance, kept = random.Random(seed), {}  # noqa: S311 (the same each time)
    for _ in range(24):
        kind = chance.choice(KINDS)
        lines = [some_line(chance, kind) for _ in range(1 if kind == "internal_evidence" else chance.randint(1, 6))]
        paper = firm.do(enter_paper, kind, Given(LEAST[kind] | {"lines": lines}))
        if chance.random() < 0.4:
            paper = firm.do(change_paper, paper.id, Given({"lines": [some_line(chance, kind)]}))
        kept[paper.id] = paper
        if chance.random() < 0.2:
            firm.do(delete_paper, kept.pop(chance.choice([*kept])).id)

    assert {paper.id: paper for paper in firm.do(Books.all, Paper)} == kept
    assert check(firm.database, lambda _: None, AUDIT) == []


def test_lists_show_a_kind_and_a_month(firm: Firm) -> None:
    days = [dt.date(2026, 10, 31), dt.date(2026, 11, 1), dt.date(2026, 11, 30), dt.date(2026, 12, 1)]
    papers = [enter(firm, "daily_revenue", issued_on=day) for day in days]
    report = enter(firm, "fiscal_report", issued_on=days[1])

    def listed(**filters: Any) -> list[int]:
        found = firm.do(Books.some_in_order, Paper, chosen_by(Filters(**filters)), 10)
        return [paper.id for paper in found]

    ids = [paper.id for paper in papers]
    assert listed(kind="daily_revenue") == ids[::-1]
    assert listed(since=days[1], until=days[2]) == [ids[2], report.id, ids[1]]
    assert listed(kind="fiscal_report", since=days[2]) == []
    assert firm.do(counts) == {"internal_invoice": 0, "fiscal_report": 1, "internal_evidence": 0, "daily_revenue": 4}


def test_the_day_to_come_follows_the_newest_of_its_kind_and_is_never_ahead(firm: Firm) -> None:
    today = NOON.date()
    assert firm.do(day_to_come, "daily_revenue") == today
    enter(firm, "daily_revenue", issued_on=today - dt.timedelta(days=3))
    enter(firm, "fiscal_report", issued_on=today - dt.timedelta(days=9))
    assert firm.do(day_to_come, "daily_revenue") == today - dt.timedelta(days=2)
    enter(firm, "daily_revenue", issued_on=today)
    assert firm.do(day_to_come, "daily_revenue") == today
