"""The parts of a batch put together into its file, one after the other: memory holds one of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import IO, NamedTuple

import msgspec

from faktura.core.invoices.batches import Batch, BatchResult, Verb
from faktura.outputs.accounting import pohoda
from faktura.outputs.printing.merging import merged
from faktura.outputs.tables.cells import csv_file
from faktura.outputs.tables.packing import write_zip


class Whole(NamedTuple):
    """What a file is put together of; `left_out` are members that are missing in it."""

    batch: Batch
    registration_no: str
    parts: Iterable[bytes]
    left_out: Sequence[BatchResult]


def assemble(whole: Whole, out: IO[bytes]) -> None:
    _ASSEMBLERS[whole.batch.verb](whole, out)


def _merge(whole: Whole, out: IO[bytes]) -> None:
    out.write(merged(content for _, content in _files(whole)))


def _zip(whole: Whole, out: IO[bytes]) -> None:
    write_zip(out, _files(whole), whole.batch.created_at)


def _zip_told(whole: Whole, out: IO[bytes]) -> None:
    """With the list of what could not be told, and a manifest."""
    words: dict[str, str] = whole.batch.given.get("reasons", {})
    listed = []
    if whole.left_out:
        heads = [words.get("number", "number"), words.get("reason", "reason")]
        rows = [(one.number, words.get(str(one.refused), one.refused)) for one in whole.left_out]
        table = csv_file(heads, rows, whole.batch.given.get("decimal", "."))
        listed = [(f"{words.get('left_out', 'left-out')}.csv", table)]
    write_zip(out, chain(_files(whole), listed), whole.batch.created_at, squeezed=True, manifest=True)


def _pack(whole: Whole, out: IO[bytes]) -> None:
    name = f"faktura-{whole.batch.given.get('period') or whole.batch.id}"
    out.writelines(pohoda.pack(name, whole.registration_no, whole.parts))


def _files(whole: Whole) -> Iterator[tuple[str, bytes]]:
    for part in whole.parts:
        yield from msgspec.msgpack.decode(part, type=list[tuple[str, bytes]])


_ASSEMBLERS: Mapping[Verb, Callable[[Whole, IO[bytes]], None]] = {
    "pdf": _merge,
    "zip": _zip,
    "isdoc": _zip_told,
    "isdoc_pdf": _zip_told,
    "pohoda": _pack,
}
