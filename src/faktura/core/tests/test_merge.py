"""Two people change one document: both changes are kept, and what both changed otherwise is shown to the second."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.books.history import Happening
from faktura.core.documents.merge import as_it_was, price_of
from faktura.core.errors import Clash, Given, Invalid, WrongState
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.events import fire, mark_seen
from faktura.core.invoices.merge import change_since
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import Firm, line, pay
from faktura.store.queries import Condition, Selection


def typed(invoice: Invoice, **values: Any) -> Given:
    """All that a form has of a document, with some of it changed."""
    shown = {name: getattr(invoice, name) for name in ("note", "order_number", "due_days", "issued_on", "currency")}
    return Given(shown | {"lines": rows(invoice)} | values)


def rows(invoice: Invoice, **changes: Any) -> list[Given]:
    """Its lines as they stand in a form; the first of them is changed."""
    found = [
        Given(
            {
                "id": one.id,
                "name": one.name,
                "quantity": one.quantity,
                "unit_price": price_of(one),
                "vat_rate": one.vat_rate,
            }
        )
        for one in invoice.lines
    ]
    found[0].update(changes)
    return found


def test_what_the_other_changed_elsewhere_is_kept(firm: Firm) -> None:
    seen = firm.issue(line(100), line(200, name="Cesta"), note="A", order_number="1", due_days=10)
    firm.do(change_since, seen.id, seen.version, typed(seen, note="Eva", lines=rows(seen, quantity=Decimal(2))))
    second = typed(seen, order_number="Jan", lines=[*rows(seen), line(5, name="Navíc")])
    kept = firm.do(change_since, seen.id, seen.version, second)

    assert (kept.note, kept.order_number, kept.due_days) == ("Eva", "Jan", 10)
    assert [(one.name, one.quantity) for one in kept.lines] == [("Práce", 2), ("Cesta", 1), ("Navíc", 1)]


def test_what_both_changed_is_refused_with_what_there_is_now(firm: Firm) -> None:
    seen = firm.issue(line(100), note="A")
    firm.do(change_since, seen.id, seen.version, typed(seen, note="Eva", due_days=3, lines=rows(seen, name="Eva")))
    before = firm.again(seen)
    with pytest.raises(Clash) as refused:
        firm.do(change_since, seen.id, seen.version, typed(seen, note="Jan", lines=rows(seen, name="Jan")))

    assert dict(refused.value.theirs) == {"note": "Eva"}
    assert [one.name for one in refused.value.lines.values()] == ["Eva"]
    assert firm.again(seen) == before


@pytest.mark.parametrize("how", ["sent", "opened", "paid in part"])
def test_what_the_customer_has_is_changed_only_where_that_is_confirmed(firm: Firm, how: str) -> None:
    seen = firm.issue(note="A")
    if how == "sent":
        firm.do(fire, seen.id, "mark_as_sent")
    elif how == "opened":
        firm.do(lambda books: mark_seen(books, seen))
    else:
        pay(firm, seen, 5)
    seen = firm.again(seen)
    with pytest.raises(Invalid) as refused:
        firm.do(change_since, seen.id, seen.version, typed(seen, note="B"))

    assert list(refused.value.problems) == ["confirmed"]
    assert firm.again(seen) == seen
    assert firm.do(change_since, seen.id, seen.version, typed(seen)) == seen
    assert firm.do(change_since, seen.id, seen.version, typed(seen, private_note="ours")).private_note == "ours"
    confirmed = firm.do(lambda books: change_since(books, seen.id, seen.version, typed(seen, note="B"), confirmed=True))
    assert confirmed.note == "B"


def test_the_same_change_by_both_is_no_clash(firm: Firm) -> None:
    seen = firm.issue(note="A")
    for _ in range(2):
        kept = firm.do(change_since, seen.id, seen.version, typed(seen, note="B"))
    assert (kept.note, kept.version) == ("B", seen.version + 1)


def test_a_line_that_one_took_away_and_the_other_changed_clashes(firm: Firm) -> None:
    seen = firm.issue(line(100), line(200, name="Cesta"))
    firm.do(change_since, seen.id, seen.version, typed(seen, lines=rows(seen)[1:]))
    with pytest.raises(Clash) as refused:
        firm.do(change_since, seen.id, seen.version, typed(seen, lines=rows(seen, name="Jinak")))
    assert dict(refused.value.lines) == {seen.lines[0].id: None}

    kept = firm.do(change_since, seen.id, seen.version, typed(seen, note="Jen text"))
    assert [one.name for one in kept.lines] == ["Cesta"]


def test_lines_stand_in_the_order_that_was_typed(firm: Firm) -> None:
    seen = firm.issue(line(100), line(200, name="Cesta"))
    kept = firm.do(change_since, seen.id, seen.version, typed(seen, lines=rows(seen)[::-1]))
    assert [one.name for one in kept.lines] == ["Cesta", "Práce"]


def test_nothing_typed_changes_nothing(firm: Firm) -> None:
    seen = firm.issue(line(100), line("33.333", unit="h", discount=None), note="A")
    assert firm.do(change_since, seen.id, seen.version, typed(seen)) == seen


def test_a_locked_document_is_not_changed(firm: Firm) -> None:
    seen = firm.issue()
    firm.do(fire, seen.id, "lock")
    with pytest.raises(WrongState, match="locked"):
        firm.do(change_since, seen.id, seen.version, typed(seen, note="B"))


def test_a_document_is_known_as_it_was_at_each_version(firm: Firm) -> None:
    states = [firm.issue(line(100), line(7, name="Cesta"), note="A", tags=("x",))]
    changes: list[dict[str, Any]] = [
        {"note": None, "issued_on": states[0].issued_on.replace(day=1)},
        {"lines": [Given({"id": states[0].lines[0].id, "unit_price": Decimal("1.25")})]},
        {"lines": [Given({"id": states[0].lines[1].id, "remove": True}), line(3)], "tags": ("y", "z")},
    ]
    for change in changes:
        states.append(firm.do(change_invoice, states[0].id, Given(change)))
    for state in states:
        before = firm.do(as_it_was, states[-1], state.version)
        assert (before.note, before.issued_on, before.tags) == (state.note, state.issued_on, state.tags)
        assert sorted(before.lines, key=lambda one: one.id) == sorted(state.lines, key=lambda one: one.id)


def test_two_at_one_time_lose_nothing_and_only_one_of_a_clash_is_kept(firm: Firm) -> None:
    seen = firm.issue(note="A", order_number="1")

    def save(**values: str) -> bool:
        try:
            firm.do(change_since, seen.id, seen.version, typed(seen, **values))
        except Clash:
            return False
        return True

    with ThreadPoolExecutor(4) as several:
        apart = [several.submit(save, note="Eva"), several.submit(save, order_number="Jan")]
        assert all(one.result() for one in apart)
        assert (firm.again(seen).note, firm.again(seen).order_number) == ("Eva", "Jan")
        seen = firm.again(seen)
        both = [several.submit(save, note=f"{n}") for n in range(4)]
        assert sum(one.result() for one in both) == 1

    of_it = Selection((Condition("kind", "eq", "invoices"), Condition("record_id", "eq", seen.id)))
    versions = [one.record_version for one in firm.do(lambda books: books.all(Happening, of_it))]
    assert versions == sorted(set(versions))
