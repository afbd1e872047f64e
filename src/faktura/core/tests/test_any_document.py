"""What all papers share takes a sort of documents that it never heard of, and keeps it apart from every other sort."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.history import EVENT_NAMES, DocumentEvent, Happening, named_event
from faktura.core.books.uses import in_use, remove_whole
from faktura.core.documents.amounts import add_up
from faktura.core.documents.attachments import Attachment, GivenFile, attach, find_attachment
from faktura.core.documents.find import document_at, key_of, number_at
from faktura.core.documents.keeping import keep_change, name_new, spread, write_new
from faktura.core.documents.lines import copied_lines, given_lines
from faktura.core.documents.links import keep_links, link_to
from faktura.core.documents.numbers import next_place, number_format, put_in_place
from faktura.core.documents.parties import seller_of
from faktura.core.documents.payments import give_back, receive
from faktura.core.errors import Given, Problems
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import ShareLink, share
from faktura.core.messages import Message, Outgoing, messages_about, write_message
from faktura.core.tests.conftest import NOON, Firm, line
from faktura.store import schema
from faktura.store.check import check
from tests.samples import Slip, declared, lay_out

FILE = GivenFile("receipt.pdf", "application/pdf", b"%PDF")


@pytest.fixture
def firm(firm: Firm) -> Iterator[Firm]:
    """A firm in a database that has slips, too; their ids are those of its invoices."""
    with declared(Slip):
        lay_out(firm.database, Slip)
        yield firm


def write_slip(firm: Firm, *lines: Given, **values: Any) -> Slip:
    return firm.do(_write, lines or (line(100),), values)


def _write(books: Books, lines: Sequence[Given], values: dict[str, Any]) -> Slip:
    problems = Problems()
    day = {"issued_on": NOON.date(), "due_on": NOON.date()}
    slip = Slip(books.account.id, 0, 1, books.now, books.now, seller=seller_of(books), **(day | values))
    slip.lines = given_lines(books, slip, lines, (), problems)
    used = number_format(books, slip.kind, None, problems)
    problems.refuse()
    assert used is not None
    put_in_place(slip, next_place(books, add_up(slip), used))
    name_new(books, slip, [FILE])
    kept: Slip = write_new(books, slip, "issued")
    return kept


def the_same_id(firm: Firm) -> tuple[Invoice, Slip]:
    """An invoice and a slip of one id, each with a file and a message."""
    invoice = firm.issue(files=[FILE])
    slip = write_slip(firm)
    for document in (invoice, slip):
        firm.do(write_message, document, Outgoing("a@example.com", f"About {document.number}", "Body"))
    assert invoice.id == slip.id
    return invoice, slip


def again(firm: Firm, slip: Slip) -> Slip:
    found: Slip = firm.do(Books.find, Slip, slip.id)
    return found


def subjects(firm: Firm, document: Invoice | Slip) -> list[str]:
    return [message.subject for message in firm.do(Books.all, Message, messages_about(document))]


def findings(firm: Firm) -> list[str]:
    return check(firm.database, lambda _: None, AUDIT)


def test_a_slip_has_lines_sums_a_number_and_money_like_an_invoice(firm: Firm) -> None:
    slip = write_slip(firm, line(100), line(10, quantity=3))

    half, _ = firm.do(receive, slip, Given({"amount": Decimal(100)}))
    whole, (payment, is_paid) = firm.do(receive, half, Given({}))

    assert (slip.gross_total, slip.status, slip.left_to_pay) == (Decimal("157.3"), "open", Decimal("157.3"))
    assert (half.status, whole.status, is_paid, whole.left_to_pay) == ("open", "paid", True, 0)
    assert firm.do(give_back, whole, payment.id).status == "open"
    assert slip.number != firm.issue().number
    assert findings(firm) == []


def test_files_and_messages_of_two_sorts_with_one_id_stay_apart(firm: Firm) -> None:
    invoice, slip = the_same_id(firm)

    of_invoice, of_slip = (firm.do(find_attachment, d, d.attachments[0].id) for d in (invoice, slip))

    assert (of_invoice.kind, of_slip.kind) == ("invoices", "slips")
    assert of_invoice.document_id == of_slip.document_id
    assert subjects(firm, invoice) == [f"About {invoice.number}"]
    assert subjects(firm, slip) == [f"About {slip.number}"]
    assert firm.do(document_at, ("slips", slip.id)) == slip
    assert firm.do(document_at, ("invoices", slip.id)) == invoice
    assert firm.do(document_at, ("contacts", 1)) is None
    assert findings(firm) == []


def test_what_belongs_to_a_document_is_removed_with_it_and_nothing_else(firm: Firm) -> None:
    invoice, slip = the_same_id(firm)
    other = write_slip(firm)
    firm.do(share, invoice)

    firm.do(remove_whole, slip)

    assert slip.attachments[0].id not in {kept.id for kept in firm.do(Books.all, Attachment)}
    assert firm.do(find_attachment, invoice, invoice.attachments[0].id).content == FILE.content
    assert firm.do(Books.count, ShareLink) == 1
    firm.do(delete_invoice, invoice.id)
    assert firm.do(Books.count, ShareLink) == 0
    assert [(kept.kind, kept.document_id) for kept in firm.do(Books.all, Attachment)] == [("slips", other.id)]
    assert len(subjects(firm, slip)) == len(subjects(firm, invoice)) == 1, "what went out is remembered"


def test_a_file_that_lies_beside_no_document_is_found_by_the_check(firm: Firm) -> None:
    slip = write_slip(firm)

    with schema.engine_for(firm.database).begin() as connection:
        connection.execute(sa.text("UPDATE attachments SET kind = 'invoices'"))
        connection.execute(sa.text("UPDATE slips SET number = 'X'"))

    found = findings(firm)
    assert f"attachments account_id 1, id 1: document_id is {slip.id}, which is not among invoices" in found
    assert [line for line in found if line.startswith("slips account_id 1") and "has the number X" in line]


def test_links_keep_sorts_with_one_id_apart(firm: Firm) -> None:
    invoice, slip = the_same_id(firm)
    correction = write_slip(firm, line(-1), kind="correction")

    firm.do(keep_links, correction, [link_to(correction, slip, "corrects")])
    firm.do(spread, correction)

    assert again(firm, slip).correction_id == correction.id
    assert again(firm, correction).corrected_id == slip.id
    assert firm.again(invoice).correction_id is None
    assert (firm.do(in_use, slip), firm.do(in_use, invoice)) == (True, False)
    assert firm.do(number_at, key_of(slip)) == slip.number
    assert findings(firm) == []


def test_money_for_a_slip_is_taken_off_by_what_follows_it_and_by_no_invoice_of_its_id(firm: Firm) -> None:
    invoice, slip = the_same_id(firm)
    proforma = write_slip(firm, kind="proforma")
    following = write_slip(firm, line(300))
    firm.do(keep_links, following, [link_to(following, proforma, "follows")])

    firm.do(receive, proforma, Given({"amount": Decimal(21)}))

    assert again(firm, following).deducted == 21
    assert again(firm, slip).deducted == firm.again(invoice).deducted == 0
    assert findings(firm) == []


def test_an_invoice_takes_over_the_lines_of_any_other_paper(firm: Firm) -> None:
    slip = write_slip(firm, line(100), line(50))

    lines = firm.do(copied_lines, Invoice, slip)

    assert [copied.net for copied in lines] == [of_slip.net for of_slip in slip.lines]
    assert firm.do(copied_lines, Invoice, slip)[0].id > lines[-1].id


def test_every_event_of_a_document_has_its_name_and_no_other_can_be_written() -> None:
    for happened in DocumentEvent.__args__:  # type: ignore[attr-defined]
        nouns = [noun for noun in ("invoice", "expense") if f"{noun}_{happened}" in EVENT_NAMES]
        assert [named_event(noun, happened) for noun in nouns]
    with pytest.raises(KeyError):
        named_event("slip", "paid")


def test_a_change_is_noted_under_the_noun_of_the_sort(firm: Firm) -> None:
    slip = write_slip(firm)
    changed = again(firm, slip)
    changed.note = "Other"

    firm.do(keep_change, slip, changed)

    noted = firm.do(Books.all, Happening)[-1]
    assert (noted.name, noted.kind, noted.record_id) == ("invoice_changed", "slips", slip.id)


def test_a_file_is_added_to_an_invoice_whatever_lies_beside_others(firm: Firm) -> None:
    invoice, slip = the_same_id(firm)

    changed = firm.do(change_invoice, invoice.id, Given({"files": [FILE]}))

    assert len(changed.attachments) == 2
    assert again(firm, slip).attachments == slip.attachments
    [added] = firm.do(attach, slip, [FILE])
    assert firm.do(Books.find, Attachment, added.id).kind == "slips"
