"""Files for other programs, in this process: written, checked by the official rules, and read."""

import contextlib
import datetime as dt
import os
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path

from bench.rows import Failed, Mark, Row
from bench.run import Step
from bench.servers import Servers
from faktura.core.documents.amounts import add_up
from faktura.core.documents.record import Line, Seller
from faktura.core.invoices.record import Invoice
from faktura.inputs.e_invoices.read import read_invoice
from faktura.outputs.e_invoices.checking import faults_of_schema
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.official_rules import OfficialRules, rules_in
from faktura.outputs.e_invoices.syntaxes import standard_file
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.settling import settle

TIMES = 101
WARM_UP = 300
"""Files after which the compiler of the rules has found what is asked often."""

MOST_WRITING, MOST_CHECKING, MOST_READING = 5, 30, 10
"""Milliseconds of the processor."""

DAY = dt.date(2026, 11, 21)
NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
SELLER = Seller("Prodávající s.r.o.", street="Dlouhá 1", city="Praha", country="CZ", vat_no="CZ12345679")
BUYER = {"buyer_name": "Kupující a.s.", "buyer_country": "CZ", "buyer_vat_no": "CZ87654326"}

WRITERS: Mapping[str, Callable[[Invoice], bytes]] = {
    "ISDOC": lambda invoice: isdoc(settle(invoice, Context())),
    "UBL": lambda invoice: standard_file(settle(invoice, Context()), "ubl", "en16931"),
    "CII": lambda invoice: standard_file(settle(invoice, Context()), "cii", "en16931"),
}


def steps(_servers: Servers) -> Iterator[Step]:
    yield Step("e-invoices", "files for programs of ten lines", _writing_and_reading)
    yield Step("e-invoices-rules", "the same with the official rules", partial(_checking, _rules_folder()))


def ten_lines() -> Invoice:
    lines = tuple(
        Line(place, f"Práce {place}", Decimal(100 * place), quantity=Decimal(place), vat_rate=Decimal(21))
        for place in range(1, 11)
    )
    about = {"issued_on": DAY, "due_on": DAY, "number": "2026-0042", "seller": SELLER, "lines": lines}
    return add_up(Invoice(1, 7, 1, NOON, NOON, exchange_rate=Decimal(1), **about, **BUYER))  # type: ignore[arg-type]


def _writing_and_reading() -> list[Row]:
    invoice = ten_lines()
    rows: list[Row] = []
    for name, write in WRITERS.items():
        what, file = f"{name} of ten lines", write(invoice)
        rows.append(_mark(f"{what}, written: CPU", _milliseconds(partial(write, invoice)), MOST_WRITING))
        reading = partial(read_invoice, file, faults_of_schema)
        rows.append(_mark(f"{what}, read with its schema: CPU", _milliseconds(reading), MOST_READING))
    return rows


def _checking(folder: str) -> list[Row]:
    rules, what = rules_in(folder), "UBL of ten lines, written and checked by the official rules, warm: CPU"
    if not isinstance(rules, OfficialRules):
        return [Failed(what, "FAKTURA_RULES_DIR names no folder of rules", is_ours=False)]
    invoice, write = ten_lines(), WRITERS["UBL"]
    with contextlib.closing(rules):
        for _ in range(WARM_UP):
            rules.broken_by(write(invoice), "UBL")
        began = time.thread_time() + _seconds_of(rules)
        for _ in range(TIMES):
            rules.broken_by(write(invoice), "UBL")
        spent = time.thread_time() + _seconds_of(rules) - began
    return [_mark(what, spent / TIMES * 1000, MOST_CHECKING)]


def _rules_folder() -> str:
    """Where the operator has them, or beside the repository."""
    beside = Path(__file__).parent.parent.parent / "shared"
    return os.environ.get("FAKTURA_RULES_DIR") or str(
        Path(os.environ.get("FAKTURA_SHARED", beside)) / "schemas" / "en16931"
    )


def _milliseconds(work: Callable[[], object]) -> float:
    spent = []
    for _ in range(TIMES):
        began = time.thread_time()
        work()
        spent.append(time.thread_time() - began)
    return statistics.median(spent) * 1000


def _seconds_of(rules: OfficialRules) -> float:
    """What the process of the rules took of a processor so far."""
    figures = Path(f"/proc/{rules.process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(figures[11]) + int(figures[12])) / os.sysconf("SC_CLK_TCK")


def _mark(what: str, milliseconds: float, most: float) -> Mark:
    return Mark(what, milliseconds, most, unit=" ms")
