"""The formats that documents are numbered by: added, changed, set aside, and the next numbers that they give."""

from typing import Any, cast, get_args

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.documents.numbering import (
    TOKEN,
    Numbered,
    NumberFormat,
    NumberSeries,
    begin_series,
    counted,
    first_patterns,
    number,
)
from faktura.core.errors import Given, InUse, Problems
from faktura.core.texts import check_texts
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed

LONGEST_PATTERN = 60
LARGEST_COUNTER = 999_999_999
PREVIEWED = 3


def formats_of(books: Books, kind: Numbered | None = None, *, archived: bool = False) -> list[NumberFormat]:
    """Those in use, or those set aside, of a kind or of all; the oldest first."""
    kinds = () if kind is None else (Condition("kind", "eq", kind),)
    return books.all(NumberFormat, Selection((*kinds, Condition("archived", "eq", value=archived))))


def add_number_format(books: Books, given: Given) -> NumberFormat:
    """Add a format of a `kind`, which counts on from `next` where a counter is given.

    The first of its kind is the default; so is one that is given as `default`, and no other then.

    Raises:
        Invalid: a value breaks a rule.

    """
    problems = Problems(given.unread)
    pattern, kind = (given.get("pattern") or "").strip(), cast("Numbered", given.get("kind") or "invoice")
    _check_pattern(books, pattern, None, problems, given)
    if kind not in _KINDS:
        problems.add("kind", "not_in_list")
    _check_next(given.get("next"), problems)
    problems.refuse()
    is_first = not formats_of(books, kind)
    added = books.add(NumberFormat, kind=kind, pattern=pattern, default=is_first)
    if given.get("next"):
        begin_series(books, added, books.today, given["next"])
    books.note_event(Event("number_format_added", added, {"pattern": (None, pattern)}))
    return make_default(books, added) if given.get("default") else added


def change_number_format(books: Books, format_id: int, given: Given) -> NumberFormat:
    """Change the pattern of a format that has numbered nothing yet, or its `next` counter, or make it the default.

    Raises:
        NotFound: there is no such format.
        Invalid: a value breaks a rule; numbers that were given out rest on the pattern, or on the counter.

    """
    old = books.find(NumberFormat, format_id)
    problems = Problems(given.unread)
    pattern = (given.get("pattern") or old.pattern).strip()
    if pattern != old.pattern:
        _check_pattern(books, pattern, old, problems, given)
        for series in books.all(NumberSeries, _series_of(old))[:1]:
            problems.add("pattern", "relied_on", number=number(old.pattern, series.last, books.today))
    following = given.get("next")
    _check_next(following, problems)
    if following and following <= counted(books, old, books.today):
        problems.add("next", "number_used")
    problems.refuse()
    kept = _keep(books, old, changed(old, pattern=pattern))
    if following:
        begin_series(books, kept, books.today, following)
    return make_default(books, kept) if given.get("default") else kept


def make_default(books: Books, chosen: NumberFormat) -> NumberFormat:
    """Have documents of its kind numbered by this format where they name no other."""
    for other in formats_of(books, chosen.kind):
        if other.default and other.id != chosen.id:
            _keep(books, other, changed(other, default=False))
    return _keep(books, chosen, changed(chosen, default=True))


def archive_number_format(books: Books, format_id: int) -> NumberFormat:
    """Set a format aside: no document is numbered by it any more. Where it was the default, the oldest other is.

    Raises:
        NotFound: there is no such format.
        InUse: it is the only one of a kind that has to have one.

    """
    chosen = books.find(NumberFormat, format_id)
    others = [other for other in formats_of(books, chosen.kind) if other.id != chosen.id]
    if not others and chosen.kind in first_patterns(books.account.country):
        raise InUse(NumberFormat.table_name)
    kept = _keep(books, chosen, changed(chosen, archived=True, default=False))
    if chosen.default and others:
        make_default(books, others[0])
    return kept


def bring_back_number_format(books: Books, format_id: int) -> NumberFormat:
    """Use a format again that was set aside.

    Raises:
        NotFound: there is no such format.

    """
    chosen = books.find(NumberFormat, format_id)
    return _keep(books, chosen, changed(chosen, archived=False))


def preview_numbers(books: Books, used: NumberFormat | str, following: int | None = None) -> tuple[str, ...]:
    """The next three numbers of a format, or of a pattern that nobody uses yet, on this day."""
    if isinstance(used, str):
        pattern, last = used, 0
    else:
        pattern, last = used.pattern, counted(books, used, books.today)
    first = following or last + 1
    return tuple(number(pattern, counter, books.today) for counter in range(first, first + PREVIEWED))


def _keep(books: Books, old: NumberFormat, new: NumberFormat) -> NumberFormat:
    kept = books.change(old, new)
    if kept is not old:
        books.note_event(Event("number_format_changed", kept, differences(old, kept)))
    return kept


def _check_pattern(books: Books, pattern: str, old: NumberFormat | None, problems: Problems, given: Given) -> None:
    """A number must tell its year, or the first of each year would be there already."""
    check_texts(NumberFormat, given, problems)
    tokens = TOKEN.findall(pattern)
    counters = [token for token in tokens if token.startswith("d")]
    if not pattern:
        problems.add("pattern", "blank")
    elif len(pattern) > LONGEST_PATTERN:
        problems.add("pattern", "too_long", LONGEST_PATTERN)
    elif "#" in TOKEN.sub("", pattern) or len(counters) > 1:
        problems.add("pattern", "malformed")
    elif not counters:
        problems.add("pattern", "without_counter")
    elif not {"yyyy", "yy"} & set(tokens):
        problems.add("pattern", "without_year")
    same = books.all(NumberFormat, Selection((Condition("pattern", "eq", pattern),)))
    if any(old is None or other.id != old.id for other in same):
        problems.add("pattern", "taken")


def _check_next(following: Any, problems: Problems) -> None:
    if following is not None and not 1 <= following <= LARGEST_COUNTER:
        problems.add("next", "too_large" if following > LARGEST_COUNTER else "not_positive")


def _series_of(used: NumberFormat) -> Selection:
    return Selection((Condition("number_format_id", "eq", used.id),))


_KINDS: frozenset[str] = frozenset(get_args(Numbered))
