"""Polish working days, and by when what was issued beside KSeF must be there."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faktura.core.countries.pl.poland import POLAND
from faktura.core.countries.pl.working_days import easter, holidays, is_working_day, working_day_after
from faktura.core.ksef.deadlines import Outage, deadline_of, mode_at
from faktura.core.ksef.mark import Mode
from tests import needs

pytestmark = needs.ONE_ENGINE

DAYS = st.dates(dt.date(2026, 2, 1), dt.date(2075, 12, 31))
MODES = st.sampled_from(("offline24", "unavailable", "emergency"))
NOON = dt.time(12, tzinfo=POLAND.zone)


def outages() -> st.SearchStrategy[list[Outage]]:
    instants = st.datetimes(dt.datetime(2026, 2, 1), dt.datetime(2030, 1, 1), timezones=st.just(dt.UTC))  # noqa: DTZ001
    lasting = st.timedeltas(dt.timedelta(minutes=1), dt.timedelta(days=5))
    sorts = st.sampled_from(("maintenance", "failure"))
    return st.lists(st.builds(lambda sort, since, span: Outage(1, sort, since, since + span), sorts, instants, lasting))


def last_day(mode: Mode, issued_on: str, *known: tuple[str, str, str | None], first: dt.time = NOON) -> str | None:
    """The day of the deadline; outages begin and end at noon."""
    told = [
        Outage(number, sort, at_noon(since, first), at_noon(until, first) if until else None)  # type: ignore[arg-type]
        for number, (sort, since, until) in enumerate(known)
    ]
    deadline = deadline_of(mode, dt.date.fromisoformat(issued_on), told)
    return None if deadline is None else POLAND.day_of(deadline).isoformat()


def at_noon(day: str, time: dt.time = NOON) -> dt.datetime:
    return dt.datetime.combine(dt.date.fromisoformat(day), time).astimezone(dt.UTC)


@pytest.mark.parametrize(
    "sunday", ["2011-04-24", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2038-04-25", "2049-04-18"]
)
def test_easter_moves(sunday: str) -> None:
    assert easter(int(sunday[:4])).isoformat() == sunday


def test_holidays_of_a_year_are_those_of_the_act() -> None:
    assert [day.strftime("%d.%m.") for day in sorted(holidays(2027))] == [
        *("01.01.", "06.01.", "28.03.", "29.03.", "01.05.", "03.05.", "16.05.", "27.05."),
        *("15.08.", "01.11.", "11.11.", "24.12.", "25.12.", "26.12."),
    ]


def test_christmas_eve_is_free_since_2025_and_epiphany_since_2011() -> None:
    assert is_working_day(dt.date(2024, 12, 24))
    assert not is_working_day(dt.date(2025, 12, 24))
    assert is_working_day(dt.date(2010, 1, 6))
    assert not is_working_day(dt.date(2011, 1, 6))


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_between_its_first_and_its_last_day(year: int) -> None:
    assert easter(year).isoweekday() == 7
    assert dt.date(year, 3, 22) <= easter(year) <= dt.date(year, 4, 25)


@given(DAYS, st.integers(1, 20))
def test_so_many_working_days_lie_between_a_day_and_the_one_after_it(day: dt.date, count: int) -> None:
    found = working_day_after(day, count)
    between = [day + dt.timedelta(n) for n in range(1, (found - day).days + 1)]

    assert is_working_day(found)
    assert sum(map(is_working_day, between)) == count


@pytest.mark.parametrize(
    ("issued_on", "deadline"),
    [
        ("2026-11-27", "2026-11-30"),
        ("2026-11-10", "2026-11-12"),
        ("2026-11-11", "2026-11-12"),
        ("2026-04-03", "2026-04-07"),
        ("2026-12-23", "2026-12-28"),
        ("2026-12-31", "2027-01-04"),
        ("2027-01-05", "2027-01-07"),
        ("2026-06-03", "2026-06-05"),
    ],
    ids=["friday", "before_11_november", "on_11_november", "easter", "christmas", "new_year", "epiphany", "corpus"],
)
def test_what_is_issued_by_choice_beside_ksef_is_there_on_the_next_working_day(issued_on: str, deadline: str) -> None:
    assert last_day("offline24", issued_on) == deadline


def test_the_deadline_is_the_last_second_of_its_day_in_poland() -> None:
    assert deadline_of("offline24", dt.date(2026, 11, 27)) == dt.datetime(2026, 11, 30, 22, 59, 59, tzinfo=dt.UTC)
    assert deadline_of("offline24", dt.date(2026, 7, 3)) == dt.datetime(2026, 7, 6, 21, 59, 59, tzinfo=dt.UTC)


def test_after_an_announced_maintenance_the_next_working_day_counts() -> None:
    planned = ("maintenance", "2026-11-09", "2026-11-10")
    assert last_day("unavailable", "2026-11-09", planned) == "2026-11-12"
    assert last_day("unavailable", "2026-11-09", ("maintenance", "2026-11-09", None)) is None


def test_after_a_failure_seven_working_days_remain() -> None:
    assert last_day("emergency", "2026-11-03", ("failure", "2026-11-03", "2026-11-04")) == "2026-11-16"
    assert last_day("emergency", "2026-11-03", ("failure", "2026-11-03", None)) is None


def test_a_failure_before_the_deadline_moves_it_as_the_ministry_reckons() -> None:
    """Its example: issued on 8 July 2025, a failure from the 9th to Saturday the 12th, then seven working days."""
    assert last_day("offline24", "2025-07-08", ("failure", "2025-07-09", "2025-07-12")) == "2025-07-22"


def test_a_second_failure_within_the_seven_days_begins_them_again() -> None:
    first, second = ("failure", "2026-11-03", "2026-11-04"), ("failure", "2026-11-13", "2026-11-16")
    assert last_day("emergency", "2026-11-03", second, first) == "2026-11-25"


@pytest.mark.parametrize(
    "failure",
    [("failure", "2026-11-20", "2026-11-21"), ("failure", "2026-11-01", "2026-11-02")],
    ids=["after_the_deadline", "before_the_issue"],
)
def test_a_failure_at_another_time_moves_nothing(failure: tuple[str, str, str]) -> None:
    assert last_day("offline24", "2026-11-03", failure) == "2026-11-04"


def test_a_failure_that_may_have_ended_before_the_issue_moves_no_deadline_of_choice() -> None:
    failure = ("failure", "2026-11-02", "2026-11-03")
    assert last_day("offline24", "2026-11-03", failure) == "2026-11-04"
    assert last_day("emergency", "2026-11-03", failure) == "2026-11-13"


def test_after_a_total_failure_nothing_need_be_told() -> None:
    assert last_day("offline24", "2026-11-03", ("total_failure", "2026-11-04", "2026-11-05")) is None


@given(MODES, st.dates(dt.date(2026, 2, 1), dt.date(2030, 1, 1)), outages())
def test_a_deadline_is_a_working_day_after_the_issue_and_no_failure_shortens_it(
    mode: Mode, issued_on: dt.date, known: list[Outage]
) -> None:
    deadline = deadline_of(mode, issued_on, known)

    assert deadline is not None
    assert is_working_day(POLAND.day_of(deadline))
    without = deadline_of(mode, issued_on, [one for one in known if one.sort == "maintenance"])
    assert without is not None
    assert issued_on < POLAND.day_of(without) <= POLAND.day_of(deadline)


def test_how_a_document_is_issued_beside_ksef_follows_from_what_the_ministry_says() -> None:
    planned = Outage(1, "maintenance", at_noon("2026-11-09"), at_noon("2026-11-10"))
    failure = Outage(2, "failure", at_noon("2026-11-10"), None)

    assert mode_at([planned, failure], at_noon("2026-11-08")) == "offline24"
    assert mode_at([planned, failure], at_noon("2026-11-09")) == "unavailable"
    assert mode_at([planned, failure], at_noon("2026-11-10")) == "emergency"
