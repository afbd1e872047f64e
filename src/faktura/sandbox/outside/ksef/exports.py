"""Packages of many invoices: found, packed when they are asked for, encrypted in parts by the key that was given."""

import datetime as dt
import io
import tarfile
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from faktura.sandbox.outside.ksef.calls import Answer, Refused, gone, not_valid, spelled, told
from faktura.sandbox.outside.ksef.held import Export, Status, Stored
from faktura.sandbox.outside.ksef.keys import digest_of, encrypted
from faktura.sandbox.outside.ksef.queries import BEYOND, BeyondMark, Filters, date_of, find, metadata
from faktura.sandbox.outside.ksef.sessions import Encryption, opened_key
from faktura.sandbox.outside.ksef.signing_in import require_key
from faktura.sandbox.outside.ksef.system import Asked, System

MOST_AT_ONCE = 10

KEPT = dt.timedelta(days=7)

SUCCESS = Status(200, "Eksport faktur zakończony sukcesem")

LAST = {
    "PermanentStorage": "lastPermanentStorageDate",
    "Invoicing": "lastInvoicingDate",
    "Issue": "lastIssueDate",
}

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class Exporting(msgspec.Struct, rename="camel"):
    encryption: Encryption
    filters: Filters
    only_metadata: bool = False
    compression_type: Literal["Zip", "TarGz"] = "Zip"


class Part(NamedTuple):
    """As it was packed, and encrypted."""

    plain_size: int
    plain_digest: str
    content: bytes


def begin(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Exporting)
    held = system.held
    running = [one for one in held.exports.values() if one.tax_no == asked.tax_no and asked.now < one.ready_at]
    if len(running) >= MOST_AT_ONCE:
        detail = f"Osiągnięto maksymalny limit {MOST_AT_ONCE} równoczesnych eksportów faktur. Spróbuj ponownie później."
        raise Refused(21182, "Osiągnięto limit trwających eksportów.", detail)
    require_key(system, "SymmetricKeyEncryption", wanted.encryption.public_key_id)
    made = _made(system, asked, wanted)
    held.add(held.exports, made.reference, made)
    return told({"referenceNumber": made.reference}, 201)


def _made(system: System, asked: Asked, wanted: Exporting) -> Export:
    key, iv = opened_key(system, wanted.encryption)
    name, ready_at = system.reference("EH", asked.now), system.ready_at(asked.now)
    if key is None:
        status = Status(415, "Błąd odszyfrowania dostarczonego klucza")
        return Export(name, asked.tax_no, status, asked.now, ready_at)
    try:
        found = find(system, wanted.filters, asked.tax_no, asked.now)
    except BeyondMark:
        status = Status(420, "Zakres filtrowania wykracza poza dostępny zakres danych", (BEYOND,))
        return Export(name, asked.tax_no, status, asked.now, ready_at)
    most = system.standing.export_most
    return Export(
        reference=name,
        tax_no=asked.tax_no,
        status=SUCCESS,
        made_at=asked.now,
        ready_at=ready_at,
        key=key,
        iv=iv,
        numbers=tuple(one.ksef_number for one in found.invoices[:most]),
        only_metadata=wanted.only_metadata,
        compression=wanted.compression_type,
        date_sort=wanted.filters.date_range.date_type,
        truncated=len(found.invoices) > most,
        mark=found.mark,
    )


def show(system: System, asked: Asked) -> Answer:
    found = system.held.exports.get(asked.path[0])
    if found is None or found.tax_no != asked.tax_no:
        raise Refused(21175, "Wynik zapytania o podanym identyfikatorze nie istnieje.")
    if asked.now > found.made_at + KEPT:
        raise gone()
    if asked.now < found.ready_at:
        return told({"status": {"code": 100, "description": "Eksport faktur w toku"}})
    shown: dict[str, Any] = {
        "status": msgspec.to_builtins(found.status),
        "completedDate": spelled(found.ready_at),
    }
    if found.status.code != SUCCESS.code:
        return told(shown)
    return told({**shown, "packageExpirationDate": spelled(found.made_at + KEPT), "package": _package(system, found)})


def _package(system: System, export: Export) -> dict[str, Any]:
    parts = parts_of(system, export)
    stored = _stored(system, export)
    shown: dict[str, Any] = {
        "compressionType": export.compression,
        "invoiceCount": len(stored),
        "size": sum(part.plain_size for part in parts),
        "isTruncated": export.truncated,
        "permanentStorageHwmDate": export.mark and spelled(export.mark),
        "parts": [_shown(system, export, number, part) for number, part in enumerate(parts, start=1)],
    }
    if stored and export.truncated:
        last = date_of(stored[-1], export.date_sort)
        name = LAST[export.date_sort]
        shown[name] = last.date().isoformat() if export.date_sort == "Issue" else spelled(last)
    return shown


def _shown(system: System, export: Export, number: int, part: Part) -> dict[str, Any]:
    ending = "zip" if export.compression == "Zip" else "tar.gz"
    return {
        "ordinalNumber": number,
        "partName": f"{export.reference}-{number:03}.{ending}.aes",
        "method": "GET",
        "url": system.link(f"exports/{export.reference}/{number}"),
        "partSize": part.plain_size,
        "partHash": part.plain_digest,
        "encryptedPartSize": len(part.content),
        "encryptedPartHash": digest_of(part.content),
        "expirationDate": spelled(export.made_at + KEPT),
    }


def download(system: System, asked: Asked) -> Answer:
    """A part, by the address that the status named."""
    reference, number = asked.path
    parts = parts_of(system, system.held.exports[reference])
    if not number.isdigit() or not 1 <= int(number) <= len(parts):
        raise not_valid(f"Nie ma części {number}.")
    content = parts[int(number) - 1].content
    return Answer(200, content, "application/octet-stream", (("x-ms-meta-hash", digest_of(content)),))


def parts_of(system: System, export: Export) -> list[Part]:
    """Packed when the first of them is asked for; the last few packages are kept."""
    packed = system.packages.get(export.reference)
    if packed is None:
        packed = list(_parts(system, export))
        system.packages[export.reference] = packed
        while len(system.packages) > system.MOST_PACKAGES:
            del system.packages[next(iter(system.packages))]
    return packed


def _parts(system: System, export: Export) -> Iterator[Part]:
    files = dict(_files(export, _stored(system, export)))
    content = _zipped(files) if export.compression == "Zip" else _tarred(files)
    most = system.standing.part_most
    for place in range(0, len(content), most):
        part = content[place : place + most]
        yield Part(len(part), digest_of(part), encrypted(part, export.key, export.iv))


def _stored(system: System, export: Export) -> list[Stored]:
    return [system.held.invoices[number] for number in export.numbers]


def _files(export: Export, stored: Sequence[Stored]) -> Iterator[tuple[str, bytes]]:
    if not export.only_metadata:
        for one in stored:
            yield f"{one.ksef_number}.xml", one.xml
    yield "_metadata.json", _ENCODER.encode({"invoices": [_without_none(metadata(one)) for one in stored]})


def _without_none(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _zipped(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _tarred(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
