"""What is done to many documents is done to each by itself, and each has a result."""

import datetime as dt
from collections.abc import Callable

import pytest

from faktura.core.books.books import Books
from faktura.core.errors import Invalid, NotFound, Refusal
from faktura.core.invoices import batches
from faktura.core.invoices.batch_files import (
    add_part,
    files_made,
    keep_file,
    keep_piece,
    kept_file,
    parts_made,
    piece_at,
    progress_of,
)
from faktura.core.invoices.batches import (
    KEPT_FOR,
    VERBS,
    Batch,
    Verb,
    complete_batch,
    do_one,
    find_batch,
    left_of,
    order_batch,
    refuse_one,
    results_of,
)
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.tests.conftest import Firm
from faktura.store.queries import Condition, Order, Selection

EVERYTHING = Selection(order=(Order("number"),))


def do_all(firm: Firm, batch: Batch) -> list[tuple[str, str | None]]:
    """As a job does it: the number of each, and why not."""
    for document_id in firm.do(left_of, batch):
        try:
            firm.do(do_one, batch, document_id, VERBS[batch.verb])
        except Refusal as refusal:
            firm.do(refuse_one, batch, document_id, refusal)
    return [(one.number, one.refused) for one in firm.do(results_of, batch)]


def order(firm: Firm, verb: Verb, chosen: Selection = EVERYTHING, **given: object) -> Batch:
    return firm.do(order_batch, chosen, verb, given)


def test_a_refused_document_says_why_and_keeps_nobody_else_back(firm: Firm) -> None:
    first, locked, last = firm.issue(), firm.issue(), firm.issue()
    firm.do(fire, locked.id, "lock")

    assert do_all(firm, order(firm, "tag", tag=" month ")) == [
        (first.number, None),
        (locked.number, "locked"),
        (last.number, None),
    ]
    assert [firm.again(one).tags for one in (first, locked, last)] == [("month",), (), ("month",)]


def test_what_is_done_already_is_done_once(firm: Firm) -> None:
    invoice = firm.issue()
    batch = order(firm, "pay", paid_on="2026-11-20")

    do_all(firm, batch)
    firm.do(do_one, batch, invoice.id, VERBS["pay"])

    assert [payment.paid_on for payment in firm.again(invoice).payments] == [dt.date(2026, 11, 20)]
    assert firm.do(left_of, batch) == []


def test_what_is_paid_cancelled_or_deleted_meanwhile_says_so(firm: Firm) -> None:
    paid, cancelled, gone = firm.issue(), firm.issue(), firm.issue()
    firm.do(fire, cancelled.id, "cancel")
    do_all(firm, order(firm, "pay", Selection((Condition("id", "eq", paid.id),))))
    batch = order(firm, "pay")
    firm.do(delete_invoice, gone.id)

    assert do_all(firm, batch) == [(paid.number, "already_paid"), (cancelled.number, "cancelled"), ("", "gone")]
    assert firm.do(progress_of, batch).refused == 3


def test_what_is_issued_after_the_order_is_not_in_it(firm: Firm) -> None:
    first = firm.issue()
    batch = order(firm, "lock")
    later = firm.issue()
    do_all(firm, batch)

    assert firm.again(first).locked_at is not None
    assert firm.again(later).locked_at is None


@pytest.mark.parametrize("verb", ["csv", "zip"])
def test_no_document_or_too_many_are_refused(firm: Firm, monkeypatch: pytest.MonkeyPatch, verb: Verb) -> None:
    with pytest.raises(Invalid) as none:
        order(firm, verb)
    monkeypatch.setattr(batches, "MOST", 1)
    firm.issue()
    firm.issue()
    with pytest.raises(Invalid) as many:
        order(firm, verb)
    with pytest.raises(Invalid) as untold:
        order(firm, "tag", tag=" ")

    assert none.value.problems["documents"][0].code == "nothing"
    assert (many.value.problems["documents"][0].code, many.value.problems["documents"][0].limit) == ("too_large", 1)
    assert untold.value.problems["tag"][0].code == "blank"


def test_a_file_is_whole_and_takes_the_place_of_its_parts(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faktura.core.invoices.batch_files.PIECE", 3)
    firm.issue()
    batch = order(firm, "zip")
    firm.do(add_part, batch, 0, 0, b"some")
    with pytest.raises(NotFound):
        firm.do(kept_file, batch)
    for _ in range(2):
        firm.do(keep_piece, batch, 0, 1, b"345")
    firm.do(keep_piece, batch, 0, 2, b"6")
    with pytest.raises(NotFound):
        firm.do(kept_file, batch)
    assert firm.do(files_made, batch) == 0
    firm.do(keep_file, batch, b"012")

    done = firm.do(find_batch, batch.id)
    assert firm.do(kept_file, done) == (3, 7)
    assert b"".join(firm.do(piece_at, done, 0, place) for place in range(3)) == b"0123456"
    assert firm.do(parts_made, done) == 0


def test_only_whoever_asked_for_a_batch_finds_it_and_for_a_day(firm: Firm) -> None:
    firm.issue()
    batch = order(firm, "csv")
    firm.do(complete_batch, batch)

    def by(user_id: int | None, after: dt.timedelta) -> Callable[[Books], Batch]:
        return lambda books: find_batch(Books(books.tx, books.account, user_id, books.now + after), batch.id)

    assert firm.do(by(None, KEPT_FOR - dt.timedelta(seconds=1))).state == "done"
    for user_id, after in ((77, dt.timedelta()), (None, KEPT_FOR)):
        with pytest.raises(NotFound):
            firm.do(by(user_id, after))
