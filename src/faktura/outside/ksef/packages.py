"""A package of invoices: fetched in parts, each compared with its digest, decrypted, and unpacked within limits."""

import contextlib
import json
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from faktura.core.ksef.connection import Side
from faktura.outside.http import Client
from faktura.outside.ksef.failures import Unreachable
from faktura.outside.ksef.receiving import Entry, Lost, digest_of, entry_of, verified

if TYPE_CHECKING:
    from ksef_client.models import InvoicePackage, InvoicePackagePart

METADATA = "_metadata.json"

MOST_INVOICES = 10_000
LARGEST_PART = 101_000_000
MOST_PACKED = 512 << 20
MOST_UNPACKED = 2 << 30
MOST_RATIO = 200
LARGEST_INVOICE = 5 << 20
LARGEST_METADATA = 64 << 20
"""Bytes: several times what KSeF itself takes or hands over."""

LONGEST_PART = 300.0
"""Seconds for one part."""

IN_MEMORY = 16 << 20
"""Bytes of a package; a larger one is written to a file without a name meanwhile."""

_END, _LARGE_END = b"PK\x05\x06", b"PK\x06\x07"
_LONGEST_LIST = (MOST_INVOICES + 1) * 400
_TAIL = 22 + 65_535
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Others may ask for any amount of memory before the first byte is unpacked."""


@contextlib.contextmanager
def fetched(client: Client, package: "InvoicePackage", key: tuple[bytes, bytes]) -> Iterator[IO[bytes]]:
    """The archive of a package, as a file that is gone afterwards.

    Raises:
        Unreachable: a part cannot be had, or is not what KSeF said of it.
        Lost: it cannot be decrypted.

    """
    parts = sorted(package.parts or (), key=lambda part: int(part.ordinal_number or 0))
    if sum(int(part.part_size or 0) for part in parts) > MOST_PACKED:
        message = "a package of KSeF is too large"
        raise Unreachable(message)
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as archive:
        for part in parts:
            archive.write(_part(client, part, key))
        archive.seek(0)
        yield archive


def unpacked(archive: IO[bytes], tax_no: str, side: Side) -> Iterator[tuple[Entry, bytes]]:
    """Invoices of an archive as they were stored, the oldest first; of all that are named in it each is there.

    Raises:
        Unreachable: it is damaged, too large, lacks an invoice, or has another one in its place.

    """
    try:
        _check_list(archive)
        with zipfile.ZipFile(archive) as packed:
            files = _files(packed)
            if METADATA not in files:
                message = "a package of KSeF does not say what is in it"
                raise Unreachable(message)
            for entry in _entries(_bytes_of(packed, files[METADATA], LARGEST_METADATA), tax_no, side):
                name = f"{entry.ksef_number}.xml"
                if name not in files:
                    message = f"a package of KSeF lacks {entry.ksef_number}"
                    raise Unreachable(message)
                yield entry, verified(_bytes_of(packed, files[name], LARGEST_INVOICE), entry)
    except (*_DAMAGED, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"a package of KSeF is damaged: {type(error).__name__}"
        raise Unreachable(message) from None


_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error)


def _part(client: Client, part: "InvoicePackagePart", key: tuple[bytes, bytes]) -> bytes:
    from ksef_client.services.crypto import decrypt_aes_cbc_pkcs7  # noqa: PLC0415 (not without KSeF)

    answer = client.fetch(part.url or "", LARGEST_PART, LONGEST_PART)
    if answer.status != _OK:
        message = f"a part of a package of KSeF: HTTP {answer.status}"
        raise Lost(message)
    if digest_of(answer.body) != part.encrypted_part_hash:
        message = "a part of a package of KSeF has another digest"
        raise Unreachable(message)
    try:
        found = decrypt_aes_cbc_pkcs7(answer.body, *key)
    except ValueError:
        message = "a part of a package of KSeF cannot be decrypted"
        raise Lost(message) from None
    if digest_of(found) != part.part_hash:
        message = "a part of a package of KSeF has another digest once it is decrypted"
        raise Unreachable(message)
    return found


_OK = 200


def _check_list(archive: IO[bytes]) -> None:
    """Before the list of what is inside is read: of no package it is longer."""
    size = archive.seek(0, 2)
    archive.seek(max(size - _TAIL, 0))
    tail = archive.read(_TAIL)
    at = tail.rfind(_END)
    if at < 0:
        raise zipfile.BadZipFile
    (listed,) = struct.unpack_from("<L", tail, at + 12)
    if listed > _LONGEST_LIST or tail[max(at - 20, 0) : max(at - 16, 0)] == _LARGE_END:
        message = "a package of KSeF lists too much"
        raise Unreachable(message)
    archive.seek(0)


def _files(packed: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    files = [entry for entry in packed.infolist() if not entry.is_dir()]
    whole, compressed = sum(file.file_size for file in files), sum(file.compress_size for file in files)
    if len(files) > MOST_INVOICES + 1 or whole > MOST_UNPACKED or whole > MOST_RATIO * max(compressed, 1):
        message = "a package of KSeF is too large once it is unpacked"
        raise Unreachable(message)
    return {file.filename: file for file in files}


def _bytes_of(packed: zipfile.ZipFile, file: zipfile.ZipInfo, most: int) -> bytes:
    """What is unpacked is never more than the list says, which is looked at first."""
    if file.compress_type not in _METHODS:
        raise NotImplementedError
    if file.file_size > most:
        message = f"{file.filename[:100]} of a package of KSeF is too large"
        raise Unreachable(message)
    return packed.read(file)


def _entries(content: bytes, tax_no: str, side: Side) -> list[Entry]:
    from ksef_client.models import InvoiceMetadata  # noqa: PLC0415 (not without KSeF)

    said = [InvoiceMetadata.from_dict(one) for one in json.loads(content)["invoices"]]
    return sorted((entry_of(one, tax_no, side) for one in said), key=lambda entry: entry.stored_at)
