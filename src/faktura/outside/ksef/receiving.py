"""What KSeF holds for a firm: which invoices came since a mark, each by itself, or many of them in a package."""

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from faktura.core.ksef.connection import Side
from faktura.core.ksef.received import Metadata
from faktura.outside.ksef.failures import Refused, Unreachable
from faktura.outside.ksef.signing_in import moment

if TYPE_CHECKING:
    from ksef_client.models import EncryptionInfo, InvoiceMetadata, InvoicePackage, InvoiceQueryFilters

    from faktura.outside.ksef.line import Line

FEW = 10
"""Of so many new invoices each is fetched by itself; it is the least that a list of them can be asked for."""

LONGEST_WINDOW = dt.timedelta(days=89)
"""KSeF looks through three months at a time."""

NOTHING_YET = frozenset({420, 21183})
"""The mark is later than what KSeF has settled: there is nothing new."""

KEY, VECTOR = 32, 16

BUYS = frozenset({2, 4, 6, 8, 10, 11})
"""Roles of third parties on the side of who buys: who receives, buys too, pays, is a part of them, or works there."""


class Entry(NamedTuple):
    """What KSeF says of an invoice; `is_cost` where the firm that asks is the one to pay it."""

    ksef_number: str
    stored_at: dt.datetime
    digest: str
    metadata: Metadata
    is_cost: bool


class Window(NamedTuple):
    """What is looked through at once; without an `end` it is all until this moment."""

    since: dt.datetime
    end: dt.datetime | None = None

    def settled(self, mark: str | None) -> dt.datetime:
        """Until when everything is known, by the mark that KSeF names; never more than was looked through."""
        known = moment(mark) if mark else self.since
        return known if self.end is None else min(known, self.end)


class News(NamedTuple):
    """The first invoices of a window, whether there are `more`, and until when nothing can come in between."""

    entries: list[Entry]
    more: bool
    until: dt.datetime


class Export(NamedTuple):
    """A package that is being made of a window: its name, and the salt that its key follows from."""

    reference: str
    salt: str
    window: Window


class Lost(Unreachable):
    """The package is not to be had any more, and another one is to be asked for."""


def window_from(since: dt.datetime, now: dt.datetime) -> Window:
    """As much as may be looked through at once. KSeF's library counts the days of an open end by the system's clock."""
    end = since + LONGEST_WINDOW
    if end < now:
        return Window(since, end)
    return Window(since, now if since < now and end < dt.datetime.now(dt.UTC) else None)


def news(line: "Line", side: Side, window: Window) -> News:
    """What came within a window, as far as it is known for good.

    Raises:
        Rests, Unreachable, NoRight, Refused: as of any call.

    """
    asked = _filters(side, window)
    try:
        page = line.call(
            "metadata",
            lambda client, access: client.invoices.query_invoice_metadata(
                asked, access_token=access, page_offset=0, page_size=FEW, sort_order="Asc"
            ),
        )
    except Refused as refused:
        if refused.code in NOTHING_YET:
            return News([], more=False, until=window.since)
        raise
    entries = [entry_of(one, line.connection.tax_no, side) for one in page.invoices]
    return News(entries, bool(page.has_more), window.settled(page.permanent_storage_hwm_date))


def fetch_one(line: "Line", entry: Entry) -> bytes:
    """The invoice as it was sent.

    Raises:
        Unreachable: it is not the one that KSeF spoke of.
        Rests, NoRight, Refused: as of any call.

    """
    number = entry.ksef_number
    found = line.call("download", lambda client, access: client.invoices.get_invoice_bytes(number, access_token=access))
    return verified(found.content, entry)


def verified(content: bytes, entry: Entry) -> bytes:
    """The content, where it is that of the entry.

    Raises:
        Unreachable: it is not.

    """
    if digest_of(content) != entry.digest:
        message = f"what KSeF calls {entry.ksef_number} has another digest"
        raise Unreachable(message)
    return content


def ask_for_export(line: "Line", side: Side, window: Window, secret_key: str, salt: str) -> Export:
    """Have a package made of all that came within a window.

    Its key follows from the server's own and from a salt, so that it is written down nowhere.

    Raises:
        Rests, Unreachable, NoRight, Refused: as of any call.

    """
    from ksef_client.models import InvoiceExportRequest  # noqa: PLC0415 (not without KSeF)

    request = InvoiceExportRequest(encryption=_encryption(line, secret_key, salt), filters=_filters(side, window))
    begun = line.call("export", lambda client, access: client.invoices.export_invoices(request, access_token=access))
    return Export(str(begun.reference_number), salt, window)


def package_of(line: "Line", export: Export) -> "InvoicePackage | None":
    """The package once it is made; None while it is not.

    Raises:
        Lost: it is gone, or could not be made.
        Refused: nothing came since then (`NOTHING_YET`), or as of any call.
        Rests, Unreachable, NoRight: as of any call.

    """
    try:
        found = line.call(
            "export_status",
            lambda client, access: client.invoices.get_export_status(export.reference, access_token=access),
        )
    except Refused as refused:
        raise Lost(str(refused)) from None
    code, text = found.status.code, found.status.description
    if code in NOTHING_YET:
        raise Refused(_OK, code, text)
    if code >= _OK and (code != _OK or found.package is None):
        line.forget_public_keys()
        message = f"a package of KSeF cannot be had: {code} {text}"
        raise Lost(message)
    return found.package if code == _OK else None


def entry_of(said: "InvoiceMetadata", tax_no: str, side: Side) -> Entry:
    """What KSeF says of an invoice, whether it stands in a list or in a package.

    Raises:
        ValueError: something that every invoice has is not said.

    """
    seller: Any = said.seller
    buyer: Any = said.buyer
    if not said.ksef_number or not said.invoice_hash or seller is None or buyer is None:
        message = "an invoice without a number, a digest, a seller or a buyer"
        raise ValueError(message)
    metadata = Metadata(
        number=said.invoice_number or "",
        kind=str(getattr(said.invoice_type, "value", "")),
        issued_on=dt.date.fromisoformat((said.issue_date or "")[:10]),
        seller_name=seller.name or "",
        seller_tax_no=seller.nip or "",
        buyer_name=buyer.name or "",
        buyer_tax_no=(buyer.identifier.value if buyer.identifier else None) or "",
        net_total=_amount(said.net_amount),
        vat_total=_amount(said.vat_amount),
        gross_total=_amount(said.gross_amount),
        currency=said.currency or "",
        schema=said.form_code.system_code if said.form_code else "",
    )
    is_cost = side == "Subject2" or (side == "Subject3" and _buys(said, tax_no))
    return Entry(said.ksef_number, moment(said.permanent_storage_date), said.invoice_hash, metadata, is_cost)


def key_of(secret_key: str, salt: str) -> tuple[bytes, bytes]:
    """The key of a package, and its first vector."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415 (not without a secret)
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

    made = HKDF(hashes.SHA256(), KEY + VECTOR, bytes.fromhex(salt), b"faktura ksef export").derive(secret_key.encode())
    return made[:KEY], made[KEY:]


def digest_of(content: bytes) -> str:
    """As KSeF writes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


_OK = 200


def _filters(side: Side, window: Window) -> "InvoiceQueryFilters":
    from ksef_client.models import (  # noqa: PLC0415 (not without KSeF)
        InvoiceQueryDateRange,
        InvoiceQueryDateType,
        InvoiceQueryFilters,
        InvoiceQuerySubjectType,
    )

    days = InvoiceQueryDateRange(
        date_type=InvoiceQueryDateType.PERMANENTSTORAGE,
        from_=_text(window.since),
        to=None if window.end is None else _text(window.end),
        restrict_to_permanent_storage_hwm_date=True,
    )
    return InvoiceQueryFilters(subject_type=InvoiceQuerySubjectType(side), date_range=days)


def _encryption(line: "Line", secret_key: str, salt: str) -> "EncryptionInfo":
    from ksef_client.models import EncryptionInfo  # noqa: PLC0415 (not without KSeF)
    from ksef_client.services.crypto import encrypt_rsa_oaep  # noqa: PLC0415

    public, (key, vector) = line.public_key("SymmetricKeyEncryption"), key_of(secret_key, salt)
    return EncryptionInfo(
        encrypted_symmetric_key=base64.b64encode(encrypt_rsa_oaep(public.certificate, key)).decode(),
        initialization_vector=base64.b64encode(vector).decode(),
        public_key_id=public.public_key_id,
    )


def _buys(said: "InvoiceMetadata", tax_no: str) -> bool:
    return any(role in BUYS for role in _roles(said, tax_no))


def _roles(said: "InvoiceMetadata", tax_no: str) -> Iterator[int]:
    for third in said.third_subjects or ():
        identifier = third.identifier
        if identifier is not None and (identifier.value or "").partition("-")[0] == tax_no:
            yield int(third.role or 0)


def _amount(value: float | None) -> Decimal:
    return Decimal(str(value or 0))


def _text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat()
