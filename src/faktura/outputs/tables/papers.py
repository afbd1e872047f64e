"""A paper without a buyer as rows of a table: one for each rate of VAT, as bookkeeping adds them up."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from faktura.core.documents.record import VatSum
from faktura.core.papers.record import Paper
from faktura.outputs.tables.cells import Cell

Column = Callable[[Paper, VatSum], Cell]

COLUMNS: Mapping[str, Column] = {
    "number": lambda paper, _: paper.number,
    "kind": lambda paper, _: paper.kind,
    "status": lambda paper, _: paper.stage,
    "issued_on": lambda paper, _: paper.issued_on,
    "taxable_on": lambda paper, _: paper.taxable_on,
    "transaction_kind": lambda paper, _: paper.transaction_kind,
    "classification": lambda paper, _: paper.classification,
    "vat_rate": lambda _, sums: f"{sums.vat_rate.normalize():f} %" if sums.vat_treatment == "taxed" else None,
    "vat_treatment": lambda _, sums: None if sums.vat_treatment == "taxed" else sums.vat_treatment,
    "net_total": lambda _, sums: sums.net,
    "vat_total": lambda _, sums: sums.vat,
    "gross_total": lambda _, sums: sums.net + sums.vat,
    "description": lambda paper, _: paper.description,
    "note": lambda paper, _: paper.note,
}

CODES = ("kind", "status", "transaction_kind", "classification", "vat_treatment")


def heads_of(words: Mapping[str, str]) -> list[str]:
    """What the columns are called; one without a word stands for itself."""
    return [words.get(name, name) for name in COLUMNS]


def rows_of(papers: Iterable[Paper], words: Mapping[str, str]) -> list[Sequence[Cell]]:
    """Amounts are of the account's currency; codes are words as well."""
    return [_row(paper, sums, words) for paper in papers for sums in paper.vat_sums]


def _row(paper: Paper, sums: VatSum, words: Mapping[str, str]) -> list[Cell]:
    cells = {name: column(paper, sums) for name, column in COLUMNS.items()}
    return [*(cells | {name: words.get(str(cells[name]), cells[name]) for name in CODES}).values()]
