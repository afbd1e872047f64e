"""An ISDOC in a ZIP with what belongs to it; nothing of it ever touches the disk."""

import io
import struct
import zipfile
import zlib
from typing import NamedTuple

from faktura.core.documents.media_types import media_type_of
from faktura.core.received.received_invoice import Enclosed
from faktura.inputs.e_invoices.elements import MOST_BYTES, root_of
from faktura.inputs.e_invoices.refusing import NoInvoice

BEGINS = b"PK\x03\x04"
MANIFEST = "manifest.xml"

MOST_UNPACKED = 20 << 20
MOST_ENTRIES = 100
MOST_RATIO = 100
"""Of unpacked bytes to packed ones."""

LONGEST_NAME = 255
UNKNOWN = "application/octet-stream"

_END, _END_OF_LARGE = b"PK\x05\x06", b"PK\x06\x07"
_LONGEST_LIST = MOST_ENTRIES * 1024
"""Bytes of the list of what is inside, which is read before anything can be counted."""

_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Others may ask for any amount of memory before the first byte is unpacked."""


class Unpacked(NamedTuple):
    """The XML, what is beside it, and the names of what could not be taken out."""

    main: bytes
    enclosed: tuple[Enclosed, ...]
    left_out: tuple[str, ...]


def unpacked(content: bytes) -> Unpacked:
    """What is inside.

    Raises:
        NoInvoice: it is too large, damaged, or has no ISDOC.

    """
    _check_list(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _read(packed)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise NoInvoice("damaged") from None


def plain_name(name: str) -> str:
    """A name that leads into no folder."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip(" .")[-LONGEST_NAME:]


def enclosed(filename: str, content: bytes, declared: str = "") -> Enclosed:
    """A file under a plain name, and of the type that it is."""
    return Enclosed(plain_name(filename), media_type_of(content) or declared or UNKNOWN, content)


def _check_list(content: bytes) -> None:
    """Before the list is read: no file of that size needs the larger format of lists."""
    at = content.rfind(_END)
    if at < 0 or len(content) < at + 16:
        raise NoInvoice("damaged")
    (size,) = struct.unpack_from("<L", content, at + 12)
    if len(content) > MOST_UNPACKED or size > _LONGEST_LIST or content[at - 20 : at - 16] == _END_OF_LARGE:
        raise NoInvoice("too_large")


def _read(packed: zipfile.ZipFile) -> Unpacked:
    files = [entry for entry in packed.infolist() if not entry.is_dir()]
    whole, compressed = sum(file.file_size for file in files), sum(file.compress_size for file in files)
    if len(files) > MOST_ENTRIES or whole > MOST_UNPACKED or whole > MOST_RATIO * max(compressed, 1):
        raise NoInvoice("too_large")
    main = _main(packed, files)
    if main.file_size > MOST_BYTES:
        raise NoInvoice("too_large")
    found, left_out = [], []
    for file in files:
        if file is main or file.filename == MANIFEST:
            continue
        try:
            found.append(enclosed(file.filename, _bytes_of(packed, file)))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
            left_out.append(plain_name(file.filename))
    return Unpacked(_bytes_of(packed, main), tuple(found), tuple(left_out))


def _main(packed: zipfile.ZipFile, files: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """What the manifest names, or without one the only ISDOC at the top."""
    named = {file.filename: file for file in files}
    if MANIFEST in named:
        root = root_of(_bytes_of(packed, named[MANIFEST]))
        if (main := named.get(root.one("maindocument").attribute("filename"))) is not None:
            return main
    top = [file for file in files if "/" not in file.filename and file.filename.lower().endswith(".isdoc")]
    if len(top) != 1:
        raise NoInvoice("not_an_e_invoice", ", ".join(sorted(named))[:200])
    return top[0]


def _bytes_of(packed: zipfile.ZipFile, file: zipfile.ZipInfo) -> bytes:
    if file.compress_type not in _METHODS:
        raise NotImplementedError
    return packed.read(file)
