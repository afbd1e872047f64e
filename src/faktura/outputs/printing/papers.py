"""Papers without a buyer on paper."""

import datetime as dt
from concurrent.futures import Future

from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account
from faktura.outputs.printing.printed import COPIES, Copies, Print, PrintedDocument
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
    wanted = print_of_paper(account, paper, look, language, copies, today)
    return printer.submit(account.id, *wanted, account.print_seconds_per_hour)


def print_of_paper(
    account: Account,
    paper: Paper,
    look: Context,
    language: str,
    copies: Copies = "regular",
    today: dt.date | None = None,
) -> Print:
    duplicated_on = today if "duplicate" in COPIES[copies] else None
    versions = paper.version, account.version
    key = (Paper.table_name, account.id, paper.id, *versions, look.key, language, copies, duplicated_on)
    return Print(
        key,
        lambda: PrintedDocument(
            facts=facts_of(paper, account, look), language=language, copies=copies, duplicated_on=duplicated_on
        ),
    )
