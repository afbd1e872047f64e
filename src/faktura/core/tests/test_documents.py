"""Documents: what is copied, what follows from what, and what others have to do with them."""

import datetime as dt
from decimal import Decimal

import pytest

from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.contacts import change_contact
from faktura.core.documents.events import restate_due
from faktura.core.documents.parties import bank_accounts
from faktura.core.documents.payments import mark_paid
from faktura.core.errors import Given, InUse, Invalid, NotFound, Problem, WrongState
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import FIRINGS, fire, mark_printed, mark_seen, mark_sent
from faktura.core.invoices.follow_up import add_payment, create_tax_document, remove_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, a_firm, line
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection

TODAY = NOON.date()


def codes(refused: pytest.ExceptionInfo[Invalid]) -> dict[str, list[str]]:
    return {name: [problem.code for problem in found] for name, found in refused.value.problems.items()}


def test_parties_are_copied_and_stay_when_the_contact_changes(firm: Firm) -> None:
    issued = firm.issue()
    firm.do(change_contact, firm.contact.id, Given({"name": "Jiný a.s.", "vat_no": "CZ12345678"}))

    kept = firm.again(issued)
    assert (kept.buyer_name, kept.buyer_street, kept.buyer_vat_no) == ("Odběratel a.s.", "Krátká 2", None)
    assert kept.seller.name == "Applecorp s.r.o."
    assert firm.issue().buyer_tax_digits == "12345678"


def test_terms_are_the_documents_else_the_contacts_else_the_accounts(firm: Firm) -> None:
    assert (firm.issue().due_days, firm.issue().due_on) == (14, TODAY + dt.timedelta(days=14))
    firm.do(change_contact, firm.contact.id, Given({"due_days": 30, "currency": "EUR", "language": "de"}))

    issued = firm.issue(exchange_rate=Decimal("24.5"))
    assert (issued.due_days, issued.currency, issued.language) == (30, "EUR", "de")
    assert firm.issue(due_days=0, currency="CZK").due_on == TODAY


def test_the_bank_account_in_the_documents_currency_is_taken_before_the_default(firm: Firm) -> None:
    czk = firm.do(add_bank_account, Given({"name": "CZK", "number": "19-2000145399/0800", "default": True}))
    eur = firm.do(add_bank_account, Given({"name": "EUR", "number": "123/0100", "currency": "EUR"}))

    assert firm.issue().bank_account_id == czk.id
    assert firm.issue(currency="EUR", exchange_rate=Decimal(25)).bank_account == eur.number
    assert firm.issue(bank_account_id=eur.id, bank_account="9/0100").bank_account == "9/0100"
    with pytest.raises(Invalid):
        firm.issue(bank_account_id=999)


def test_a_bank_account_added_in_the_transaction_is_taken_though_it_was_asked_for_before(firm: Firm) -> None:
    def work(books: Books) -> tuple[int, str | None]:
        before = bank_accounts(books)
        add_bank_account(books, Given({"name": "CZK", "number": "19-2000145399/0800"}))
        given = Given({"contact_id": firm.contact.id, "lines": [line(100)]})
        return len(before), issue_invoice(books, given).bank_account

    assert firm.do(work) == (0, "19-2000145399/0800")


def test_the_bank_on_a_document_is_the_banks_name_and_not_what_its_owner_calls_the_account(firm: Firm) -> None:
    firm.do(add_bank_account, Given({"name": "Hlavní účet", "number": "19-2000145399/0800"}))
    assert firm.issue().bank_name is None
    named = firm.do(add_bank_account, Given({"name": "Druhý", "number": "123/0100", "bank_name": "Komerční banka"}))
    assert firm.issue(bank_account_id=named.id).bank_name == "Komerční banka"


def test_a_foreign_currency_has_native_amounts_by_its_rate(firm: Firm) -> None:
    lines = [line("82.005", 0), line("18.22", 0), line("54.67", 0), line("0.1", 0)]
    issued = firm.issue(*lines, currency="USD", exchange_rate=Decimal("21.95"))

    assert [kept.net for kept in issued.lines] == [Decimal(t) for t in ("82.01", "18.22", "54.67", "0.10")]
    assert [kept.native_net for kept in issued.lines] == [Decimal(t) for t in ("1800.12", "399.93", "1200.01", "2.20")]
    assert (issued.net_total, issued.native_net_total) == (Decimal(155), Decimal("3402.25"))


def test_whoever_is_no_payer_has_no_rates_and_no_vat(database: Database) -> None:
    firm = a_firm(database, vat_mode="non_vat_payer", vat_price_mode="from_total_with_vat")
    issued = firm.issue(line(600))

    assert (issued.lines[0].vat_rate, issued.net_total, issued.gross_total) == (0, 600, 600)
    assert [(s.vat_rate, s.net, s.vat) for s in issued.vat_sums] == [(0, 600, 0)]


def test_reverse_charge_leaves_the_rate_on_the_line_and_computes_no_vat(firm: Firm) -> None:
    issued = firm.issue(line(100), reverse_charge=True)
    assert (issued.lines[0].vat_rate, issued.vat_total, issued.gross_total) == (21, 0, 100)


def test_the_total_is_rounded_once_and_the_difference_told_apart(firm: Firm) -> None:
    lines = [line("833.67", 0, "1.5") for _ in range(3)]
    issued = firm.issue(*lines, round_total=True)

    assert (issued.net_total, issued.gross_total) == (Decimal("3751.53"), 3752)
    assert issued.rounding == Decimal("0.47")


def test_what_is_wrong_is_told_at_once_and_by_attribute(firm: Firm) -> None:
    with pytest.raises(Invalid) as refused:
        firm.issue(line(1, quantity=0), Given({"name": " "}), currency="QQQ", payment_method="gold", due_days=-1)
    assert codes(refused) == {
        "lines.quantity": ["not_positive"],
        "lines.unit_price": ["blank"],
        "lines.name": ["blank"],
        "due_on": ["before_issue"],
        "currency": ["not_in_list"],
        "payment_method": ["not_in_list"],
    }
    assert firm.do(lambda books: books.count(Invoice)) == 0


def test_without_a_contact_nothing_is_issued(firm: Firm) -> None:
    with pytest.raises(Invalid) as missing:
        firm.issue(contact_id=None)
    assert codes(missing) == {"contact_id": ["blank", "no_such_contact"], "buyer_name": ["blank"]}
    with pytest.raises(Invalid) as unknown:
        firm.issue(contact_id=999)
    assert codes(unknown) == {"contact_id": ["no_such_contact"], "buyer_name": ["blank"]}


def test_a_contact_is_named_by_its_own_id_as_well(firm: Firm) -> None:
    firm.do(change_contact, firm.contact.id, Given({"custom_id": "C-1"}))
    assert firm.issue(contact_id=None, buyer_custom_id="C-1").contact_id == firm.contact.id


def test_lines_are_changed_added_and_taken_away_one_by_one(firm: Firm) -> None:
    issued = firm.issue(line(1), line(2), line(3))
    first, second, third = issued.lines
    given = [
        Given({"id": third.id, "quantity": Decimal(2)}),
        Given({"id": first.id, "remove": True}),
        line(4),
    ]
    changed = firm.do(change_invoice, issued.id, Given({"lines": given}))

    assert [(kept.id, kept.net) for kept in changed.lines[:2]] == [(second.id, 2), (third.id, 6)]
    assert changed.lines[2].net == 4
    assert len({kept.id for kept in (*issued.lines, *changed.lines)}) == 4
    with pytest.raises(NotFound):
        firm.do(change_invoice, issued.id, Given({"lines": [Given({"id": 9999, "name": "?"})]}))


def test_a_net_price_sent_back_as_it_was_shown_keeps_the_gross_one_that_was_entered(firm: Firm) -> None:
    issued = firm.issue(line(600), price_mode="from_total_with_vat")
    kept = issued.lines[0]
    assert (kept.unit_net_price, kept.gross) == (Decimal("495.87"), 600)

    back = Given({"lines": [Given({"id": kept.id, "unit_price": Decimal("495.87"), "quantity": Decimal(2)})]})
    assert firm.do(change_invoice, issued.id, back).gross_total == 1200


def test_taking_away_what_a_document_needs_changes_nothing(firm: Firm) -> None:
    issued = firm.issue(note="Text")
    taken = dict.fromkeys(("number", "issued_on", "due_days", "currency", "language", "note"))
    changed = firm.do(change_invoice, issued.id, Given(taken))

    assert changed.note is None
    assert (changed.number, changed.issued_on, changed.due_days) == (issued.number, issued.issued_on, 14)


def test_the_same_values_make_no_new_version(firm: Firm) -> None:
    issued = firm.issue(note="Text")
    assert firm.do(change_invoice, issued.id, Given({"note": "Text", "due_days": 14})).version == 1


def test_status_follows_the_dates_from_top_to_bottom(firm: Firm) -> None:
    issued = firm.issue(due_days=1)
    assert issued.status == "open"
    assert firm.do(fire, issued.id, "mark_as_sent").status == "sent"
    firm.clock.stand_at(NOON + dt.timedelta(days=2))
    assert firm.again(issued).status == "sent"
    assert firm.do(restate_due) is False
    assert firm.again(issued).status == "overdue"
    assert firm.do(fire, issued.id, "mark_as_uncollectible").status == "uncollectible"
    assert firm.do(fire, issued.id, "undo_uncollectible").status == "overdue"
    assert firm.do(fire, issued.id, "cancel").status == "cancelled"
    assert firm.do(fire, issued.id, "undo_cancel").status == "overdue"
    assert add_payment_of(firm, issued).status == "paid"


def test_a_clock_that_goes_back_takes_overdue_back(firm: Firm) -> None:
    issued = firm.issue(due_days=1)
    firm.clock.stand_at(NOON + dt.timedelta(days=2))
    firm.do(restate_due)
    firm.clock.stand_at(NOON)
    firm.do(restate_due)
    assert firm.again(issued).status == "open"


def test_a_document_is_due_through_the_whole_of_its_day(firm: Firm) -> None:
    issued = firm.issue(due_days=0)
    firm.clock.stand_at(dt.datetime(2026, 11, 21, 22, 59, tzinfo=dt.UTC))
    firm.do(restate_due)
    assert firm.again(issued).status == "open"
    firm.clock.stand_at(dt.datetime(2026, 11, 21, 23, 1, tzinfo=dt.UTC))
    firm.do(restate_due)
    assert firm.again(issued).status == "overdue"


@pytest.mark.parametrize("event", [*FIRINGS, "deliver", "pay", ""])
def test_a_locked_document_can_only_be_unlocked(firm: Firm, event: str) -> None:
    issued = firm.issue()
    firm.do(fire, issued.id, "lock")
    if event == "unlock":
        assert firm.do(fire, issued.id, event).locked_at is None
        return
    with pytest.raises(WrongState):
        firm.do(fire, issued.id, event)
    with pytest.raises(WrongState):
        firm.do(change_invoice, issued.id, Given({"note": "x"}))
    with pytest.raises(InUse):
        firm.do(delete_invoice, issued.id)


def test_the_stage_is_that_of_the_paper(firm: Firm) -> None:
    issued = firm.issue()
    assert issued.stage == "draft"
    printed = firm.do(lambda books: mark_printed(books, books.find(Invoice, issued.id)))
    assert printed.stage == "printed"
    sent = firm.do(lambda books: mark_sent(books, books.find(Invoice, issued.id)))
    assert (sent.stage, sent.status) == ("sent", "sent")
    paid = firm.do(lambda books: mark_paid(books, books.find(Invoice, issued.id)))
    assert (paid.stage, paid.paid_on, paid.paid_amount) == ("paid", TODAY, 0)
    with pytest.raises(WrongState):
        firm.do(lambda books: mark_paid(books, books.find(Invoice, issued.id)))


def test_a_message_about_an_overdue_document_is_a_reminder(firm: Firm) -> None:
    issued = firm.issue(issued_on=TODAY - dt.timedelta(days=30), due_days=1)
    reminded = firm.do(lambda books: mark_sent(books, books.find(Invoice, issued.id)))
    assert (reminded.status, reminded.sent_at, reminded.reminded_at) == ("overdue", None, NOON)
    firm.clock.stand_at(NOON + dt.timedelta(days=1))
    again = firm.do(lambda books: mark_sent(books, books.find(Invoice, issued.id)))
    assert (again.reminded_at, again.last_reminded_at) == (NOON, NOON + dt.timedelta(days=1))


def test_the_first_look_of_the_customer_counts(firm: Firm) -> None:
    issued = firm.issue()
    seen = firm.do(lambda books: mark_seen(books, books.find(Invoice, issued.id)))
    firm.clock.stand_at(NOON + dt.timedelta(days=1))
    again = firm.do(lambda books: mark_seen(books, books.find(Invoice, issued.id)))
    assert (again.seen_on, again.version) == (TODAY, seen.version)


def add_payment_of(firm: Firm, invoice: Invoice, **given: object) -> Invoice:
    return firm.do(add_payment, invoice.id, Given(given)).invoice


def test_a_proforma_paid_by_two_transfers_is_followed_by_a_final_invoice(firm: Firm) -> None:
    proforma = firm.issue(line(100), line(100, 12), kind="proforma")
    part = add_payment_of(firm, proforma, amount=Decimal(33))
    assert (part.status, part.left_to_pay, part.related_id) == ("open", 200, None)
    paid = add_payment_of(firm, proforma)

    assert (paid.status, paid.paid_amount, paid.remaining_amount, len(paid.payments)) == ("paid", 233, 233, 2)
    final = firm.do(lambda books: books.find(Invoice, paid.related_id))
    assert (final.kind, final.number, final.variable_symbol) == ("final_invoice", "2026-0001", "120260001")
    assert (final.status, final.paid_on, final.show_paid_note, final.related_id) == ("paid", TODAY, True, proforma.id)
    assert (final.gross_total, final.remaining_amount, final.payments, final.deductions) == (233, 0, (), ())
    with pytest.raises(WrongState):
        add_payment_of(firm, proforma)
    with pytest.raises(InUse):
        firm.do(delete_invoice, proforma.id)


def test_a_tax_document_over_part_of_a_proforma_splits_it_by_rate(firm: Firm) -> None:
    proforma = firm.issue(line(100), line(100, 12), line(50, 0), kind="proforma", follow_up="none")
    payment = firm.do(add_payment, proforma.id, Given({"amount": Decimal(100)})).payment
    settled = firm.do(create_tax_document, proforma.id, payment.id)
    document = firm.do(lambda books: books.find(Invoice, settled.payment.tax_document_id))

    assert (document.kind, document.gross_total, document.status) == ("tax_document", 100, "paid")
    assert [(s.vat_rate, s.gross) for s in document.vat_sums] == [
        (21, Decimal("42.76")),
        (12, Decimal("39.58")),
        (0, Decimal("17.66")),
    ]
    assert document.variable_symbol == proforma.variable_symbol
    for verb in (create_tax_document, remove_payment):
        with pytest.raises(WrongState):
            firm.do(verb, proforma.id, payment.id)
    with pytest.raises(InUse):
        firm.do(delete_invoice, proforma.id)


def test_what_a_final_invoice_deducts_stays_what_the_tax_document_says(firm: Firm) -> None:
    proforma = firm.issue(line(100), kind="proforma", follow_up="tax_document")
    tax_document_id = firm.do(add_payment, proforma.id, Given({})).payment.tax_document_id
    final = firm.issue(line(300), kind="final_invoice", tax_document_ids=[tax_document_id])

    with pytest.raises(Invalid) as refused:
        firm.do(change_invoice, tax_document_id, Given({"all_lines": [line(10)]}))
    assert [problem.code for problem in refused.value.problems["lines"]] == ["relied_on"]
    assert firm.do(change_invoice, tax_document_id, Given({"note": "x"})).note == "x"
    firm.do(delete_invoice, final.id)
    assert firm.do(change_invoice, tax_document_id, Given({"all_lines": [line(10)]})).gross_total == 10


def test_a_final_invoice_settles_tax_documents_which_no_other_can(firm: Firm) -> None:
    proforma = firm.issue(line(100), kind="proforma", follow_up="tax_document")
    tax_document_id = firm.do(add_payment, proforma.id, Given({})).payment.tax_document_id
    final = firm.issue(line(300), kind="final_invoice", tax_document_ids=[tax_document_id])

    assert (final.gross_total, final.remaining_amount) == (363, 242)
    assert [(d.document_id, d.net, d.vat) for d in final.deductions] == [(tax_document_id, 100, 21)]
    assert firm.do(lambda books: books.find(Invoice, tax_document_id)).related_id == final.id
    with pytest.raises(Invalid):
        firm.issue(line(300), kind="final_invoice", tax_document_ids=[tax_document_id])
    with pytest.raises(InUse):
        firm.do(delete_invoice, tax_document_id)
    firm.do(delete_invoice, final.id)
    assert firm.do(lambda books: books.find(Invoice, tax_document_id)).related_id is None


def test_an_invoice_deducts_the_paid_proforma_that_it_follows(firm: Firm) -> None:
    proforma = firm.issue(line(100), kind="proforma", follow_up="final_invoice")
    add_payment_of(firm, proforma)
    invoice = firm.issue(line(150), related_id=proforma.id)

    assert (invoice.gross_total, invoice.remaining_amount) == (Decimal("181.5"), Decimal("60.5"))
    assert invoice.variable_symbol == proforma.variable_symbol
    assert firm.again(proforma).related_id == invoice.id
    late = firm.issue(line(150))
    with pytest.raises(Invalid):
        firm.do(change_invoice, late.id, Given({"related_id": proforma.id}))
    firm.do(delete_invoice, invoice.id)
    related = firm.do(change_invoice, late.id, Given({"related_id": proforma.id}))
    assert related.remaining_amount == Decimal("60.5")


def test_a_payment_taken_back_opens_the_document_again(firm: Firm) -> None:
    issued = firm.issue()
    payment = firm.do(add_payment, issued.id, Given({})).payment
    opened = firm.do(remove_payment, issued.id, payment.id)

    assert (opened.status, opened.paid_on, opened.paid_amount, opened.payments) == ("open", None, 0, ())
    with pytest.raises(NotFound):
        firm.do(remove_payment, issued.id, payment.id)
    firm.do(fire, issued.id, "cancel")
    with pytest.raises(WrongState):
        add_payment_of(firm, issued)


def test_a_correction_and_its_original_point_at_each_other(firm: Firm) -> None:
    original = firm.issue(line(100), currency="EUR", exchange_rate=Decimal("24.1"))
    correction = firm.issue(line(-20), kind="correction", corrected_id=original.id, currency="EUR")

    assert (correction.gross_total, correction.exchange_rate) == (Decimal("-24.2"), Decimal("24.1"))
    assert (correction.corrected_number, correction.corrected_gross_total) == (original.number, 121)
    assert firm.again(original).correction_id == correction.id
    with pytest.raises(InUse):
        firm.do(delete_invoice, original.id)
    back = add_payment_of(firm, correction, amount=Decimal(-10))
    assert back.status == "open"
    assert add_payment_of(firm, correction).status == "paid"
    firm.do(delete_invoice, correction.id)
    firm.do(delete_invoice, original.id)
    with pytest.raises(Invalid):
        firm.issue(line(-20), kind="correction")


def test_a_correction_tells_what_was_before_and_what_is_after(firm: Firm) -> None:
    original = firm.issue()
    pairs = [
        line("66.23", 23, group=1, after=False),
        line("66.00", 23, group=1, after=True),
        line("66.23", 23, group=2, after=False),
        line("66.23", 23, quantity=0, group=2, after=True),
    ]
    correction = firm.issue(*pairs, kind="correction", corrected_id=original.id, tally="by_line")

    sums = (correction.net_total, correction.vat_total, correction.gross_total)
    assert sums == (Decimal("-66.46"), Decimal("-15.28"), Decimal("-81.74"))


def test_advances_are_a_chain_that_a_final_invoice_ends(firm: Firm) -> None:
    first = firm.issue(line(100, 23), kind="tax_document", advance_amount=Decimal(400))
    second = firm.issue(kind="tax_document", advance_amount=Decimal(400), previous_advance_id=first.id, lines=[])
    final = firm.issue(kind="final_invoice", previous_advance_id=second.id, lines=[])

    assert (first.left_to_pay, second.left_to_pay) == (Decimal(-277), Decimal(-677))
    assert [link.document_id for link in final.previous_advances] == [first.id, second.id]
    assert (final.gross_total, final.left_to_pay) == (123, Decimal(-677))
    assert [link.document_id for link in firm.again(first).next_advances] == [second.id, final.id]
    assert {kept.id for kept in final.lines}.isdisjoint({kept.id for kept in first.lines})
    with pytest.raises(InUse):
        firm.do(delete_invoice, second.id)
    more = firm.do(change_invoice, second.id, Given({"advance_amount": Decimal(500)}))
    assert more.left_to_pay == Decimal(-777)
    assert {link.document_id: link.amount for link in firm.again(first).next_advances} == {final.id: 0, second.id: 500}


def test_a_deleted_document_is_kept_whole_in_the_history(firm: Firm) -> None:
    issued = firm.issue()
    firm.do(delete_invoice, issued.id)
    with pytest.raises(NotFound):
        firm.again(issued)
    noted = firm.do(lambda books: books.all(Happening, Selection((Condition("kind", "eq", "invoices"),))))

    assert [(h.name, h.number) for h in noted] == [("invoice_issued", None), ("invoice_deleted", issued.number)]
    assert [h.snapshot and h.snapshot["gross_total"] for h in noted] == [None, "121"]


def test_a_problem_that_several_lines_share_is_told_once_and_a_price_that_cannot_be_read_is_not_blank(
    firm: Firm,
) -> None:
    unread = Given({"name": "x"}, {"unit_price": [Problem("blank"), Problem("not_a_number")]})

    with pytest.raises(Invalid) as refused:
        firm.issue(line(1, quantity=0), line(2, quantity=0), unread)
    assert codes(refused) == {"lines.quantity": ["not_positive"], "lines.unit_price": ["blank", "not_a_number"]}


def test_an_exchange_rate_is_kept_to_six_places(firm: Firm) -> None:
    issued = firm.issue(currency="EUR", exchange_rate=Decimal("25.123456789"))

    assert firm.again(issued).exchange_rate == Decimal("25.123457")


def test_a_proforma_is_never_without_a_follow_up_and_nothing_else_has_one(firm: Firm) -> None:
    proforma, invoice = firm.issue(kind="proforma", follow_up="none"), firm.issue(follow_up="none")

    assert firm.do(change_invoice, proforma.id, Given({"follow_up": None})).follow_up == "final_invoice_paid"
    assert firm.do(change_invoice, invoice.id, Given({"follow_up": "none"})).follow_up is None


def test_a_deleted_tax_document_frees_its_payment_for_another(firm: Firm) -> None:
    proforma = firm.issue(kind="proforma", follow_up="tax_document")
    payment = firm.do(add_payment, proforma.id, Given()).payment
    assert payment.tax_document_id is not None

    firm.do(delete_invoice, payment.tax_document_id)

    assert firm.again(proforma).payments[0].tax_document_id is None
    assert firm.do(create_tax_document, proforma.id, payment.id).payment.tax_document_id is not None


@pytest.mark.parametrize(("kind", "name"), [("invoice", "related_id"), ("correction", "corrected_id")])
def test_no_document_has_to_do_with_itself(firm: Firm, kind: str, name: str) -> None:
    issued = firm.issue(kind=kind, corrected_number="1" if kind == "correction" else None)

    with pytest.raises(Invalid) as refused:
        firm.do(change_invoice, issued.id, Given({name: issued.id}))
    assert codes(refused) == {name: ["not_in_list"]}


def test_what_is_too_large_to_be_written_out_is_refused(firm: Firm) -> None:
    lines = [line(999_999_999_999, 100)] * 900

    with pytest.raises(Invalid) as refused:
        firm.issue(*lines, currency="EUR", exchange_rate=Decimal(999_999_999_999))
    assert codes(refused) == {"lines": ["too_large"]}


@pytest.mark.parametrize("day", [dt.date.min, dt.date(2201, 1, 1)])
def test_a_payment_is_of_a_day_that_can_be_counted_with(firm: Firm, day: dt.date) -> None:
    issued = firm.issue()

    with pytest.raises(Invalid) as refused:
        firm.do(add_payment, issued.id, Given({"paid_on": day}))
    assert codes(refused) == {"paid_on": ["not_a_date"]}


def test_a_correction_of_another_document_tells_the_number_and_the_day_of_that_one(firm: Firm) -> None:
    first, second = firm.issue(), firm.issue(issued_on=dt.date(2026, 11, 2))
    correction = firm.issue(line(-1), kind="correction", corrected_id=first.id)

    turned = firm.do(change_invoice, correction.id, Given({"corrected_id": second.id}))

    assert (turned.corrected_number, turned.corrected_on) == (second.number, second.issued_on)
    assert (firm.again(first).correction_id, firm.again(second).correction_id) == (None, correction.id)
