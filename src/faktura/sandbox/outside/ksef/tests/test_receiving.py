"""Invoices of others fetched from the double: metadata, packages with marks and parts, single ones, each side apart."""

import datetime as dt
import io
import json
import tarfile
import urllib.error
import urllib.request
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from ksef_client import KsefClient
from ksef_client.exceptions import KsefHttpError
from ksef_client.openapi_models import (
    InvoiceExportRequest,
    InvoiceQueryDateRange,
    InvoiceQueryDateType,
    InvoiceQueryFilters,
    InvoiceQuerySubjectType,
)
from ksef_client.services import crypto

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.standing import Handed, HandedLine, Standing
from faktura.sandbox.outside.ksef.taking import Rejected
from faktura.sandbox.outside.ksef.tests.conftest import INSTANT, SUPPLIER, TAX_NO, Firm, encryption_of, signed_in
from faktura.sandbox.outside.ksef.tests.test_signing_in import code_of

DAY = dt.timedelta(days=1)


def purchases(count: int, *, first: int = 1) -> list[Handed]:
    return [Handed(number=f"Z/{number}", buyer_tax_no=TAX_NO) for number in range(first, first + count)]


def filters(side: str = "Subject2", *, start: dt.datetime = INSTANT - DAY, restricted: bool = True) -> Any:
    return InvoiceQueryFilters(
        subject_type=InvoiceQuerySubjectType(side),
        date_range=InvoiceQueryDateRange(
            date_type=InvoiceQueryDateType.PERMANENTSTORAGE,
            from_=start.isoformat(),
            restrict_to_permanent_storage_hwm_date=restricted,
        ),
    )


def metadata(firm: Firm, wanted: Any = None, **page: Any) -> Any:
    return firm.client.invoices.query_invoice_metadata(wanted or filters(), access_token=firm.access, **page)


class Fetched:
    """A package: what its status says, and its files."""

    def __init__(self, firm: Firm, wanted: Any = None, **more: Any) -> None:
        encryption = encryption_of(firm.client)
        assert encryption.encryption_info is not None
        request = InvoiceExportRequest(encryption=encryption.encryption_info, filters=wanted or filters(), **more)
        reference = firm.client.invoices.export_invoices(request, access_token=firm.access).reference_number
        self.status: Any = firm.client.invoices.get_export_status(reference, access_token=firm.access)
        self.package: Any = self.status.package
        if self.package is None:
            return
        packed = b""
        for part in self.package.parts:
            with urllib.request.urlopen(part.url, timeout=20) as answer:  # noqa: S310 (the double's own address)
                content = answer.read()
                assert answer.headers["x-ms-meta-hash"] == part.encrypted_part_hash == crypto.sha256_base64(content)
            plain = crypto.decrypt_aes_cbc_pkcs7(content, encryption.key, encryption.iv)
            assert (len(plain), crypto.sha256_base64(plain)) == (part.part_size, part.part_hash)
            packed += plain
        self.files = _unpacked(packed)
        self.metadata = json.loads(self.files.pop("_metadata.json"))["invoices"]


def _unpacked(packed: bytes) -> dict[str, bytes]:
    if packed.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        files = {one.name: archive.extractfile(one) for one in archive.getmembers()}
        return {name: file.read() for name, file in files.items() if file is not None}


def test_a_purchase_is_found_by_its_buyer_with_its_sums(firm: Firm, double: Double) -> None:
    lines = HandedLine("Kawa", Decimal("10.50"), Decimal(3), rate="8"), HandedLine("Młynek", Decimal("99.99"))
    [number] = double.hand_in(Handed(number="FV/7", buyer_tax_no=TAX_NO, seller_name="Palarnia", lines=lines))

    [found] = metadata(firm).invoices

    assert (found.ksef_number, found.invoice_number, found.seller.name) == (number, "FV/7", "Palarnia")
    assert (found.net_amount, found.vat_amount, found.gross_amount) == (131.49, 25.52, 157.01)
    assert metadata(firm, filters("Subject1")).invoices == []
    content = firm.client.invoices.get_invoice_bytes(number, access_token=firm.access)
    assert content.sha256_base64 == crypto.sha256_base64(content.content) == found.invoice_hash


def test_a_package_has_every_invoice_and_its_metadata(firm: Firm, double: Double) -> None:
    numbers = double.hand_in(*purchases(12))

    fetched = Fetched(firm)

    assert list(fetched.files) == [f"{number}.xml" for number in numbers]
    assert [row["ksefNumber"] for row in fetched.metadata] == numbers
    assert {crypto.sha256_base64(xml) for xml in fetched.files.values()} == {one.digest for one in double.invoices}
    assert (fetched.package.invoice_count, fetched.package.is_truncated) == (12, False)


def test_a_package_comes_in_parts_each_encrypted_by_itself(firm: Firm, double: Double) -> None:
    double.standing = Standing(part_most=1000)
    double.hand_in(*purchases(5))

    fetched = Fetched(firm)

    assert len(fetched.package.parts) > 1
    assert len(fetched.files) == 5


def test_a_package_may_be_a_tar_or_have_metadata_only(firm: Firm, double: Double) -> None:
    double.hand_in(*purchases(2))

    assert len(Fetched(firm, compression_type="TarGz").files) == 2
    assert Fetched(firm, only_metadata=True).files == {}


def test_what_is_too_much_for_a_package_is_fetched_from_its_last_date(firm: Firm, double: Double) -> None:
    double.standing = Standing(export_most=5)
    numbers = double.hand_in(*purchases(12))
    seen: list[str] = []
    start = INSTANT - DAY
    while True:
        fetched = Fetched(firm, filters(start=start))
        seen += [row["ksefNumber"] for row in fetched.metadata]
        if not fetched.package.is_truncated:
            break
        start = dt.datetime.fromisoformat(fetched.package.last_permanent_storage_date)

    assert list(dict.fromkeys(seen)) == numbers
    assert dt.datetime.fromisoformat(fetched.package.permanent_storage_hwm_date) >= double.invoices[-1].stored_at


def test_nothing_newer_than_the_mark_is_found_and_all_of_it_later(firm: Firm, double: Double, clock: Clock) -> None:
    """Who does not keep to the mark sees about half of what is new, and never the rest."""
    double.standing = Standing(hwm_lag_s=60)
    double.hand_in(*purchases(20))
    assert metadata(firm, page_size=50).invoices == []
    assert 0 < len(metadata(firm, filters(restricted=False), page_size=50).invoices) < 20

    clock.stand_at(INSTANT + dt.timedelta(seconds=61))
    found = metadata(firm, page_size=50)
    assert len(found.invoices) == 20
    assert dt.datetime.fromisoformat(found.permanent_storage_hwm_date) == INSTANT + dt.timedelta(seconds=1)


def test_a_range_that_begins_after_the_mark_is_refused(firm: Firm, double: Double) -> None:
    double.standing = Standing(hwm_lag_s=60)

    with pytest.raises(KsefHttpError) as caught:
        metadata(firm, filters(start=INSTANT))

    assert code_of(caught.value) == 21183
    assert Fetched(firm, filters(start=INSTANT)).status.status.code == 420


def test_pages_of_metadata_go_on_until_there_is_no_more(firm: Firm, double: Double) -> None:
    numbers = double.hand_in(*purchases(25))
    pages = [metadata(firm, page_size=10, page_offset=place) for place in range(3)]

    assert [one.ksef_number for page in pages for one in page.invoices] == numbers
    assert [page.has_more for page in pages] == [True, True, False]


def test_no_firm_sees_what_belongs_to_another(client: KsefClient, double: Double) -> None:
    stranger = "5265877635"
    [number] = double.hand_in(*purchases(1))
    other = signed_in(client, double.certificate(stranger), stranger)

    assert metadata(other).invoices == []
    with pytest.raises(KsefHttpError) as caught:
        client.invoices.get_invoice(number, access_token=other.access)
    assert code_of(caught.value) == 21164


def test_a_package_is_not_handed_out_without_its_signature(firm: Firm, double: Double) -> None:
    double.hand_in(*purchases(1))
    [part] = Fetched(firm).package.parts

    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(part.url[:-2], timeout=20)  # noqa: S310 (the double's own address)

    caught.value.close()
    assert caught.value.code == 403


def test_invoices_are_handed_in_all_or_none(double: Double) -> None:
    with pytest.raises(Rejected):
        double.hand_in(*purchases(2), *purchases(1))
    with pytest.raises(Rejected):
        double.hand_in(*purchases(1), Handed(number="x", buyer_tax_no="1111111112"))

    assert double.invoices == []


def test_what_is_not_checked_is_kept_as_it_is(firm: Firm, double: Double) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'
    [number] = double.hand_in(Handed(number="B", buyer_tax_no=TAX_NO, xml=bomb, checked=False))

    assert Fetched(firm).files == {f"{number}.xml": bomb.encode()}


def test_another_firm_is_supplied_by_its_own_number(double: Double) -> None:
    [number] = double.hand_in(*purchases(1))

    assert number.startswith(f"{SUPPLIER}-20261130-")
