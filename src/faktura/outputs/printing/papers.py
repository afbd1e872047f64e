"""Papers without a buyer on paper."""

import datetime as dt
from concurrent.futures import Future

from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account
from faktura.outputs.printing.printed import COPIES, Copies, PrintedDocument
from faktura.outputs.printing.printer import Printer
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.papers import facts_of


def print_paper(
    printer: Printer,
    account: Account,
    paper: Paper,
    look: Context,
    language: str,
    copies: Copies = "regular",
    today: dt.date | None = None,
) -> Future[bytes]:
    """The paper as a file, now or later; `today` dates a duplicate."""
    duplicated_on = today if "duplicate" in COPIES[copies] else None
    key = (
        Paper.table_name,
        account.id,
        paper.id,
        paper.version,
        account.version,
        look.key,
        language,
        copies,
        duplicated_on,
    )
    return printer.submit(
        account.id,
        key,
        lambda: PrintedDocument(
            facts=facts_of(paper, account, look), language=language, copies=copies, duplicated_on=duplicated_on
        ),
        account.print_seconds_per_hour,
    )
