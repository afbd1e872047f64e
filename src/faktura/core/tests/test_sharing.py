"""Links under which anybody may look at a document for some time; what corrections tell of dates."""

import datetime as dt

import pytest

from faktura.core.errors import Given, Invalid, NotFound
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.find import find_invoice_by_token
from faktura.core.invoices.sharing import (
    TERM,
    find_share_link,
    find_shared_invoice,
    prolong_share_link,
    share,
    stop_sharing,
)
from faktura.core.tests.conftest import NOON, Firm, a_firm
from faktura.store.database import Database

DAY = dt.timedelta(days=1)


def later(firm: Firm, days: int) -> None:
    firm.clock.stand_at(NOON + days * DAY)


def test_a_link_opens_its_document_until_the_end_of_its_last_day(firm: Firm) -> None:
    invoice = firm.issue()
    link = firm.do(share, invoice)

    assert link.valid_until == NOON.date() + TERM
    for days in (0, TERM.days):
        later(firm, days)
        assert firm.do(find_shared_invoice, link.secret) == invoice
        assert firm.do(find_invoice_by_token, link.secret) == invoice
    later(firm, TERM.days + 1)
    for find in (find_shared_invoice, find_invoice_by_token):
        with pytest.raises(NotFound):
            firm.do(find, link.secret)


def test_a_document_opens_by_its_own_token_whether_shared_or_not(firm: Firm) -> None:
    invoice = firm.issue()
    firm.do(share, invoice)
    firm.do(stop_sharing, invoice)

    assert firm.do(find_invoice_by_token, invoice.token) == invoice


def test_secrets_are_long_and_no_two_alike(firm: Firm) -> None:
    links = [firm.do(share, firm.issue()) for _ in range(3)]

    assert len({link.secret for link in links}) == 3
    assert min(len(link.secret) for link in links) >= 32


def test_sharing_again_keeps_the_secret_as_long_as_it_is_good(firm: Firm) -> None:
    invoice = firm.issue()
    first = firm.do(share, invoice)
    later(firm, 5)
    second = firm.do(share, invoice)
    assert (second.secret, second.valid_until) == (first.secret, first.valid_until + 5 * DAY)

    later(firm, 100)
    assert firm.do(find_share_link, invoice) is None
    assert firm.do(share, invoice).secret != first.secret


def test_sharing_again_never_shortens_a_prolonged_link(firm: Firm) -> None:
    invoice = firm.issue()
    firm.do(share, invoice)

    prolonged = firm.do(prolong_share_link, invoice)
    assert prolonged.valid_until == NOON.date() + 2 * TERM
    assert firm.do(share, invoice).valid_until == prolonged.valid_until


def test_what_is_not_shared_is_neither_prolonged_nor_stopped(firm: Firm) -> None:
    invoice = firm.issue()
    for verb in (prolong_share_link, stop_sharing):
        with pytest.raises(NotFound):
            firm.do(verb, invoice)


def test_a_deleted_document_is_opened_by_no_link(firm: Firm) -> None:
    invoice = firm.issue()
    link = firm.do(share, invoice)
    firm.do(delete_invoice, invoice.id)

    with pytest.raises(NotFound):
        firm.do(find_invoice_by_token, link.secret)


def test_a_link_opens_nothing_in_another_account(firm: Firm, database: Database) -> None:
    link = firm.do(share, firm.issue())

    with pytest.raises(NotFound):
        a_firm(database, "pearcorp").do(find_shared_invoice, link.secret)


def test_a_date_before_correction_is_that_of_the_corrected_document(firm: Firm) -> None:
    original = firm.issue()
    with pytest.raises(Invalid) as refused:
        firm.issue(kind="correction", corrected_id=original.id, sale_date_before=NOON.date() - DAY)
    assert list(refused.value.problems) == ["sale_date_before"]

    correction = firm.issue(kind="correction", corrected_id=original.id, sale_date_before=NOON.date())
    with pytest.raises(Invalid):
        firm.do(change_invoice, correction.id, Given({"sale_date_before": NOON.date() - DAY}))


def test_a_number_that_is_too_long_to_be_kept_is_refused(firm: Firm) -> None:
    with pytest.raises(Invalid) as refused:
        firm.issue(number="9" * 501)

    assert list(refused.value.problems) == ["number"]
