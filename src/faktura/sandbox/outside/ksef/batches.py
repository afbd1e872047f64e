"""Batches: a package of many invoices, uploaded in encrypted parts and taken apart when the session is closed."""

import io
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from faktura.sandbox.outside.ksef.calls import DONE, Answer, Refused, not_valid, told
from faktura.sandbox.outside.ksef.held import Part, Session, Status
from faktura.sandbox.outside.ksef.keys import decrypted, digest_of
from faktura.sandbox.outside.ksef.sessions import Digest, Encryption, Form, begun, session_of, status_of
from faktura.sandbox.outside.ksef.system import Asked, System
from faktura.sandbox.outside.ksef.taking import MOST_WITH_ATTACHMENT, Coming, Told, add_sent

MOST_PARTS = 50
MOST_OF_PART = 100 * 1024 * 1024 + 16

MOST_INVOICES = 10_000
MOST_UNPACKED = 256 * 1024 * 1024
"""Bytes of all files of a package."""

WRONG_PARTS = Status(405, "Błąd weryfikacji poprawności dostarczonych elementów paczki")
TOO_MANY = Status(420, "Przekroczony limit faktur w sesji")
NOT_UNPACKED = Status(430, "Błąd dekompresji pierwotnego archiwum")
NOT_DECRYPTED = Status(435, "Błąd odszyfrowania zaszyfrowanych części archiwum")

Size = Annotated[int, Meta(ge=1, le=5_000_000_000)]


class FilePart(msgspec.Struct, rename="camel"):
    ordinal_number: Annotated[int, Meta(ge=1)]
    file_size: Size
    file_hash: Digest


class BatchFile(msgspec.Struct, rename="camel"):
    file_size: Size
    file_hash: Digest
    file_parts: Annotated[list[FilePart], Meta(min_length=1)]
    compression_type: Literal["Zip", "TarGz"] | None = None


class Opening(msgspec.Struct, rename="camel"):
    form_code: Form
    encryption: Encryption
    batch_file: BatchFile
    offline_mode: bool = False


class Broken(Exception):  # noqa: N818 (says what a package is)
    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


def open_batch(system: System, asked: Asked) -> Answer:
    wanted = asked.call.read(Opening)
    file = wanted.batch_file
    if len(file.file_parts) > MOST_PARTS:
        raise Refused(21161, "Przekroczono dozwoloną liczbę części pakietu.")
    if any(part.file_size > MOST_OF_PART for part in file.file_parts):
        raise Refused(21157, "Nieprawidłowy rozmiar części pakietu.", "Część przekracza 100MB.")
    if [part.ordinal_number for part in file.file_parts] != list(range(1, len(file.file_parts) + 1)):
        raise not_valid("Części muszą być ponumerowane kolejno od 1.")
    made = begun(system, asked, wanted.form_code, wanted.encryption, batch=True)
    made.parts = [Part(part.ordinal_number, part.file_size, part.file_hash) for part in file.file_parts]
    made.size, made.digest, made.offline = file.file_size, file.file_hash, wanted.offline_mode
    made.compression = file.compression_type or "Zip"
    uploads = [
        {
            "ordinalNumber": part.place,
            "method": "PUT",
            "url": system.link(f"batch/{made.reference}/{part.place}"),
            "headers": {"x-ms-blob-type": "BlockBlob"},
        }
        for part in made.parts
    ]
    return told({"referenceNumber": made.reference, "partUploadRequests": uploads}, 201)


def upload(system: System, asked: Asked) -> Answer:
    """A part, by the address that the opening named."""
    reference, place = asked.path
    session = system.held.sessions[reference]
    part = next((one for one in session.parts if str(one.place) == place), None)
    if part is None or session.closed_at is not None:
        raise not_valid("Nie ma takiej części.")
    system.held.require_room(len(asked.call.body))
    part.content = asked.call.body
    return Answer(201, content_type="")


def close(system: System, asked: Asked) -> Answer:
    session = session_of(system, asked, sort="Batch")
    status = status_of(session, asked.now)
    if status.code != 100:  # noqa: PLR2004 (open)
        detail = f"Status sesji {status.code} uniemożliwia jej zamknięcie."
        raise Refused(21180, "Status sesji nie pozwala na wykonanie operacji.", detail)
    _require_parts(session)
    session.closed_at = session.updated_at = asked.now
    try:
        files = list(_files(session))
    except Broken as broken:
        session.failure = broken.status
        files = []
    coming = Coming(session.tax_no, session.form, offline=session.offline, session=session.reference, has_part=True)
    for name, content in files:
        add_sent(system, session, content, coming, Told(digest_of(content), name))
    for part in session.parts:
        part.content = None
    return DONE


def _require_parts(session: Session) -> None:
    for part in session.parts:
        if part.content is None:
            detail = f"Nie przesłano zadeklarowanej '{part.place}' części pliku."
            raise Refused(21205, "Pakiet nie może być pusty.", detail)
        if len(part.content) != part.size:
            detail = f"Zadeklarowany rozmiar części '{part.place}' nie zgadza się z rzeczywistym."
            raise Refused(21157, "Nieprawidłowy rozmiar części pakietu.", detail)


def _files(session: Session) -> Iterator[tuple[str, bytes]]:
    """The invoices of a package by the names of their files."""
    package = _package(session)
    try:
        yield from _unzipped(package) if session.compression == "Zip" else _untarred(package)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError):
        raise Broken(NOT_UNPACKED) from None


def _package(session: Session) -> bytes:
    contents = [part.content or b"" for part in session.parts]
    if any(digest_of(content) != part.digest for part, content in zip(session.parts, contents, strict=True)):
        raise Broken(WRONG_PARTS)
    assert session.key is not None  # noqa: S101 (one without is not open)
    try:
        package = b"".join(decrypted(content, session.key, session.iv) for content in contents)
    except ValueError:
        raise Broken(NOT_DECRYPTED) from None
    if (len(package), digest_of(package)) != (session.size, session.digest):
        raise Broken(WRONG_PARTS)
    return package


def _unzipped(package: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _require_small([entry.file_size for entry in entries], len(entries))
        for entry in entries:
            yield entry.filename, archive.read(entry)


def _untarred(package: bytes) -> Iterator[tuple[str, bytes]]:
    left, count = MOST_UNPACKED, 0
    with tarfile.open(fileobj=io.BytesIO(package), mode="r|gz") as archive:
        for entry in archive:
            file = archive.extractfile(entry) if entry.isfile() else None
            if file is not None:
                left, count = left - entry.size, count + 1
                _require_small([entry.size], count, left)
                yield entry.name, file.read()


def _require_small(sizes: list[int], count: int, left: int = MOST_UNPACKED) -> None:
    """Refuse what grows beyond what an invoice may be, and all of them together."""
    if count > MOST_INVOICES:
        raise Broken(TOO_MANY)
    if any(size > MOST_WITH_ATTACHMENT for size in sizes) or sum(sizes) > MOST_UNPACKED or left < 0:
        raise Broken(NOT_UNPACKED)
