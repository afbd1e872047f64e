"""What a list of documents is chosen by finds those that it says, in any combination."""

import datetime as dt
from decimal import Decimal

import pytest

from faktura.core.contacts import add_contact
from faktura.core.documents.payments import mark_paid
from faktura.core.errors import Given
from faktura.core.invoices.listing import PARTS, Filters, Part, chosen_by, counts, part_of
from faktura.core.invoices.record import Invoice
from faktura.core.tests.conftest import NOON, Firm, line
from faktura.store.narrowest import MANY
from faktura.store.queries import Condition, Order, Selection
from faktura.store.sums import told_by_sums
from tests.copies import copy, copying

TODAY = NOON.date()


def found(firm: Firm, *order: Order, **filters: object) -> list[str]:
    chosen = chosen_by(Filters(**filters), TODAY, order)  # type: ignore[arg-type]
    return [document.number for document in firm.do(lambda books: books.all(Invoice, chosen))]


@pytest.mark.parametrize("text", ["1 250,50", "1250,5", "1250.50", "1250", "brno", "12345678", "CZ123", "Novák brno"])
def test_a_text_finds_amounts_cities_and_registration_numbers(firm: Firm, text: str) -> None:
    contact = firm.do(
        add_contact,
        Given({"name": "Novák", "city": "Brno", "registration_no": "12345678", "vat_no": "CZ12345678"}),
    )
    firm.issue(line(99))
    wanted = firm.issue(line("1250.50", 0), contact_id=contact.id)

    assert found(firm, text=text) == [wanted.number]


def test_the_heads_of_the_list_count_what_they_lead_to(firm: Firm) -> None:
    firm.issue(issued_on=TODAY - dt.timedelta(days=60), due_days=14)
    firm.issue()
    firm.do(mark_paid, firm.issue(), TODAY)
    firm.issue(kind="proforma")
    firm.issue(line(-1), kind="correction", corrected_number="1")

    counted = firm.do(counts)
    assert counted == {"all": 5, "unpaid": 2, "overdue": 1, "paid": 1, "proformas": 1, "corrections": 1}
    for part in PARTS:
        assert len(found(firm, part=part)) == counted[part]
        assert firm.do(lambda books, part=part: books.count(Invoice, part_of(part, TODAY))) == counted[part]


def test_filters_are_joined(firm: Firm) -> None:
    other = firm.do(add_contact, Given({"name": "Jiný"}))
    for n, day in enumerate((1, 10, 20), 1):
        firm.issue(line(100 * n, 0), issued_on=dt.date(2026, 11, day), tags=["web"] if n > 1 else ["shop"])
    firm.issue(line(300, 0), contact_id=other.id, currency="EUR", exchange_rate=Decimal(25))

    assert found(firm, since=dt.date(2026, 11, 1), until=dt.date(2026, 11, 10)) == ["2026-0001", "2026-0002"]
    assert found(firm, day="due_on", since=dt.date(2026, 12, 4), until=dt.date(2026, 12, 4)) == ["2026-0003"]
    assert found(firm, least=Decimal(200), most=Decimal(299)) == ["2026-0002"]
    assert found(firm, contact_id=other.id) == ["2026-0004"] == found(firm, currency="EUR")
    assert found(firm, tag="web") == ["2026-0002", "2026-0003"]
    assert found(firm, tag="we") == []
    assert found(firm, tag="web", text="300") == ["2026-0003"]
    assert found(firm, Order("gross_total", descending=True), kind="invoice", currency="CZK")[0] == "2026-0003"


@pytest.mark.parametrize("part", PARTS)
def test_what_stands_under_a_head_of_the_list_is_told_by_kept_sums(part: Part) -> None:
    """However many documents there are, nobody adds them up."""
    november = Filters(part=part, since=TODAY, until=TODAY)
    for chosen in (part_of(part, TODAY), *([] if part == "overdue" else [chosen_by(november, TODAY)])):
        assert told_by_sums(Invoice, 1, chosen, ("net_total", "gross_total", "left_to_pay"), ("currency", "status"))


def test_pages_of_several_kinds_follow_each_other_in_one_order(firm: Firm) -> None:
    """However many there are of each, and of others."""
    one = firm.issue()
    kinds = ("invoice", "correction", "oss_correction", "oss_correction", "correction")
    ids = firm.do(lambda books: books.next_ids(Invoice, MANY * 2))
    with copying(firm.database) as tx:
        told = [
            {
                "id": n,
                "uuid": f"u{n}",
                "token": f"t{n}",
                "counter": None,
                "number": f"{n % 7}",
                "kind": kinds[n % len(kinds)],
                "issued_on": TODAY - dt.timedelta(days=n % 40),
            }
            for n in ids
        ]
        copy(tx, one, told)
    order = (Order("issued_on", descending=True), Order("number", descending=True), Order("id", descending=True))
    corrections = Condition("kind", "in", ("correction", "oss_correction"))
    wanted = sorted(
        ((row["issued_on"], row["number"], row["id"]) for row in told if row["kind"] != "invoice"), reverse=True
    )

    for others in ((), (Condition("issued_on", "lteq", TODAY - dt.timedelta(days=3)),)):
        chosen = Selection((corrections, *others), order=order)
        pages = [
            firm.do(lambda books, chosen=chosen, at=at: books.stamps(Invoice, chosen, 100, at)) for at in (0, 100, 900)
        ]
        fit = [row[-1] for row in wanted if not others or row[0] <= others[0].value]
        assert [[stamp[0] for stamp in page] for page in pages] == [fit[at : at + 100] for at in (0, 100, 900)]
