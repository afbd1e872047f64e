"""Invoices sent to the double one by one: taken, refused, found again; with receipts that are valid."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from ksef_client.exceptions import KsefHttpError, KsefRateLimitError
from ksef_client.openapi_models import FormCode, OpenOnlineSessionRequest, SendInvoiceRequest
from ksef_client.services import crypto
from ksef_client.utils.ksef_number import is_valid_ksef_number
from lxml import etree

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.standing import Standing
from faktura.sandbox.outside.ksef.tests.conftest import (
    INSTANT,
    SUPPLIER,
    TAX_NO,
    Firm,
    encryption_of,
    sample,
    signed_in,
)
from faktura.sandbox.outside.ksef.tests.test_signing_in import code_of

FA3 = FormCode(system_code="FA (3)", schema_version="1-0E", value="FA")


class Sender:
    """An online session of a firm."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.encryption = encryption_of(firm.client)
        assert self.encryption.encryption_info is not None
        self.reference = firm.client.sessions.open_online_session(
            OpenOnlineSessionRequest(form_code=FA3, encryption=self.encryption.encryption_info),
            access_token=firm.access,
        ).reference_number

    def send(self, xml: bytes, **more: Any) -> str:
        request = crypto.build_send_invoice_request(xml, self.encryption.key, self.encryption.iv, **more)
        return self.firm.client.sessions.send_online_invoice(
            self.reference, request, access_token=self.firm.access
        ).reference_number

    def status(self, reference: str) -> Any:
        return self.firm.client.sessions.get_session_invoice_status(
            self.reference, reference, access_token=self.firm.access
        )

    def ended(self, xml: bytes, **more: Any) -> Any:
        """What became of an invoice."""
        return self.status(self.send(xml, **more)).status

    def close(self) -> Any:
        self.firm.client.sessions.close_online_session(self.reference, self.firm.access)
        return self.firm.client.sessions.get_session_status(self.reference, self.firm.access)


@pytest.fixture
def sender(firm: Firm) -> Sender:
    return Sender(firm)


@pytest.fixture
def invoice(shared_folder: Path) -> bytes:
    return sample(shared_folder, "vat-mixed-rates")


def number_of(xml: bytes) -> str:
    return str(etree.fromstring(xml).findtext(".//{*}P_2"))


def test_every_sample_gets_a_number_and_a_receipt_of_its_schema(
    sender: Sender, double: Double, shared_folder: Path
) -> None:
    """Twenty kinds and special cases of FA(3)."""
    receipts = etree.XMLSchema(etree.parse(shared_folder / "schemas" / "ksef" / "upo" / "upo-v4-3.xsd"))
    files = sorted((shared_folder / "schemas" / "samples-fa3").glob("*.xml"))
    double.standing = Standing(limits=False)
    sessions, access = sender.firm.client.sessions, sender.firm.access

    for file in files:
        reference = sender.send(file.read_bytes())
        shown = sender.status(reference)
        assert shown.status.code == 200, (file.name, shown.status)
        assert is_valid_ksef_number(shown.ksef_number)
        receipt = sessions.get_session_invoice_upo_by_ref(sender.reference, reference, access_token=access)
        receipts.assertValid(etree.fromstring(receipt))
        by_number = sessions.get_session_invoice_upo_by_ksef(sender.reference, shown.ksef_number, access_token=access)
        assert by_number == receipt

    status = sender.close()
    assert (status.status.code, status.successful_invoice_count) == (200, len(files))
    [page] = status.upo.pages
    whole = etree.fromstring(sessions.get_session_upo(sender.reference, page.reference_number, access_token=access))
    receipts.assertValid(whole)
    assert len(whole.findall("{*}Dokument")) == len(files)


def test_what_was_sent_is_kept_byte_for_byte(sender: Sender, double: Double, invoice: bytes) -> None:
    sender.send(invoice)

    [kept] = double.invoices
    assert (kept.xml, kept.digest, kept.session) == (invoice, crypto.sha256_base64(invoice), sender.reference)
    assert (kept.facts.seller.value, kept.facts.number) == (TAX_NO, number_of(invoice))


def test_a_second_one_of_its_seller_kind_and_number_is_a_duplicate(sender: Sender, invoice: bytes) -> None:
    first = sender.status(sender.send(invoice))
    other = Sender(sender.firm)

    status = other.ended(invoice)

    assert status.code == 440
    assert status.extensions == {
        "originalSessionReferenceNumber": sender.reference,
        "originalKsefNumber": first.ksef_number,
    }


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"<P_15>", b"<P_15>x", 450),
        (b"1234563218", b"1234563219", 410),
        (b"<P_1>2026-", b"<P_1>2027-", 450),
        (b"</Nazwa>", "\x80</Nazwa>".encode(), 430),
        (b"<?xml", b"\xef\xbb\xbf<?xml", 430),
        (b"<Faktura", b"<!DOCTYPE Faktura><Faktura", 430),
        (b"</Faktura>", b"", 430),
    ],
    ids=["schema", "another firm", "a later day", "a forbidden character", "a mark", "a doctype", "no XML"],
)
def test_what_ksef_would_not_take_is_refused(sender: Sender, invoice: bytes, old: bytes, new: bytes, code: int) -> None:
    assert old in invoice

    assert sender.ended(invoice.replace(old, new)).code == code


def test_a_wrong_tax_number_of_the_buyer_is_refused(sender: Sender, invoice: bytes) -> None:
    buyer = etree.fromstring(invoice).findtext("{*}Podmiot2/{*}DaneIdentyfikacyjne/{*}NIP")
    assert buyer

    status = sender.ended(invoice.replace(buyer.encode(), b"1111111112"))

    assert (status.code, status.details) == (450, ["Nieprawidłowy NIP 1111111112."])


def test_a_hash_or_a_size_that_does_not_fit_is_refused_at_once(sender: Sender, invoice: bytes) -> None:
    request = crypto.build_send_invoice_request(invoice, sender.encryption.key, sender.encryption.iv).to_dict()

    for changed, code in (({"invoiceSize": 7}, 21402), ({"invoiceHash": crypto.sha256_base64(b"x")}, 21403)):
        with pytest.raises(KsefHttpError) as caught:
            sender.firm.client.sessions.send_online_invoice(
                sender.reference,
                SendInvoiceRequest.from_dict(request | changed),
                access_token=sender.firm.access,
            )
        assert code_of(caught.value) == code


def test_another_key_than_the_sessions_is_not_decrypted(sender: Sender, double: Double, invoice: bytes) -> None:
    sender.encryption = encryption_of(sender.firm.client)

    assert sender.ended(invoice).code == 435
    assert double.invoices == []


def test_a_closed_session_takes_nothing_and_an_empty_one_was_cancelled(sender: Sender, invoice: bytes) -> None:
    assert sender.close().status.code == 440

    with pytest.raises(KsefHttpError) as caught:
        sender.send(invoice)

    assert code_of(caught.value) == 21180


def test_a_session_whose_invoices_all_failed_says_so(sender: Sender, double: Double, invoice: bytes) -> None:
    double.standing = Standing(fail_next=(450,))
    sender.send(invoice)

    assert sender.close().status.code == 445
    failed = sender.firm.client.sessions.get_session_failed_invoices(
        sender.reference, access_token=sender.firm.access
    ).invoices
    assert [one.status.code for one in failed] == [450]


def test_invoices_of_a_session_are_paged(sender: Sender, double: Double, invoice: bytes) -> None:
    double.standing = Standing(limits=False)
    number = number_of(invoice).encode()
    sent = [sender.send(invoice.replace(number, b"P%d" % place)) for place in range(12)]
    sessions, access = sender.firm.client.sessions, sender.firm.access

    first = sessions.get_session_invoices(sender.reference, page_size=10, access_token=access)
    rest = sessions.get_session_invoices(
        sender.reference, page_size=10, continuation_token=first.continuation_token, access_token=access
    )

    assert [one.reference_number for one in (*first.invoices, *rest.invoices)] == sent
    assert rest.continuation_token is None


def test_what_is_under_way_says_so_until_it_is_ready(
    sender: Sender, double: Double, clock: Clock, invoice: bytes
) -> None:
    double.standing = Standing(status_after_s=10)
    reference = sender.send(invoice)
    codes = []
    for seconds in (0, 6, 10):
        clock.stand_at(INSTANT + dt.timedelta(seconds=seconds))
        codes.append(sender.status(reference).status.code)

    assert codes == [100, 150, 200]


def test_an_invoice_of_an_earlier_day_is_offline(sender: Sender, double: Double, invoice: bytes) -> None:
    """Whatever was said; the samples were issued days ago."""
    sender.send(invoice)
    today = etree.fromstring(invoice).findtext(".//{*}P_1")
    assert today
    newer = invoice.replace(f"<P_1>{today}".encode(), b"<P_1>2026-11-30").replace(number_of(invoice).encode(), b"N1")
    sender.send(newer)
    sender.send(newer.replace(b">N1<", b">N2<"), offline_mode=True)

    assert [one.mode for one in double.invoices] == ["Offline", "Online", "Offline"]


def test_the_connection_ends_after_an_invoice_was_taken(sender: Sender, double: Double, invoice: bytes) -> None:
    double.standing = Standing(drop_after_post=1)

    with pytest.raises(KsefHttpError) as caught:
        sender.send(invoice)

    assert caught.value.status_code == 0
    listed = sender.firm.client.sessions.get_session_invoices(sender.reference, access_token=sender.firm.access)
    assert [one.invoice_hash for one in listed.invoices] == [crypto.sha256_base64(invoice)]


@pytest.mark.parametrize("state", ["down", "maintenance"])
def test_who_is_down_answers_nothing_and_who_is_maintained_503(firm: Firm, double: Double, state: Any) -> None:
    double.standing = Standing(state=state)

    with pytest.raises(KsefHttpError) as caught:
        firm.client.rate_limits.get_rate_limits(firm.access)

    assert caught.value.status_code == {"down": 0, "maintenance": 503}[state]


def test_the_next_calls_fail_as_they_were_ordered(firm: Firm, double: Double) -> None:
    double.standing = Standing(refuse_next=(503, 401, 403, 429))
    seen = []
    for _ in range(4):
        with pytest.raises(KsefHttpError) as caught:
            firm.client.rate_limits.get_rate_limits(firm.access)
        seen.append(caught.value.status_code)

    assert seen == [503, 401, 403, 429]
    assert firm.client.rate_limits.get_rate_limits(firm.access)


def test_above_the_published_limits_nothing_is_answered_until_the_time_has_passed(
    firm: Firm, double: Double, clock: Clock
) -> None:
    """10 a second, 30 a minute, 120 an hour of other calls."""
    ask = firm.client.rate_limits.get_rate_limits
    for _ in range(10):
        ask(firm.access)
    with pytest.raises(KsefRateLimitError) as caught:
        ask(firm.access)
    assert caught.value.retry_after == 1
    with pytest.raises(KsefRateLimitError) as caught:
        ask(firm.access)
    assert caught.value.retry_after == 2

    clock.stand_at(INSTANT + dt.timedelta(seconds=2))
    assert ask(firm.access)
    assert (double.counts["other"], double.refusals["other"], double.early_calls["other"]) == (13, 2, 1)


def test_limits_are_counted_for_each_firm(firm: Firm, double: Double, clock: Clock) -> None:
    firm.client.testdata.restore_production_rate_limits(access_token=firm.access)
    clock.stand_at(INSTANT + dt.timedelta(seconds=1))
    for minute in range(4):
        clock.stand_at(INSTANT + dt.timedelta(minutes=minute, seconds=1))
        for second in range(3):
            clock.stand_at(INSTANT + dt.timedelta(minutes=minute, seconds=2 * second + 1))
            for _ in range(8):
                firm.client.rate_limits.get_rate_limits(firm.access)

    assert double.refusals == {}


def test_another_firm_sees_nothing_of_a_session(sender: Sender, double: Double) -> None:
    other = signed_in(sender.firm.client, double.certificate(SUPPLIER), SUPPLIER)

    with pytest.raises(KsefHttpError) as caught:
        other.client.sessions.get_session_status(sender.reference, other.access)

    assert code_of(caught.value) == 21173
