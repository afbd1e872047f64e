"""Papers without a buyer on paper (15.0, 16.0)."""

import msgspec

from faktura.core.papers.change import mark_paper_printed
from faktura.core.papers.record import Paper
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.invoices.printing import DOCUMENT_TYPE, LOCALE, chosen, printed
from faktura.outputs.printing.papers import print_paper
from faktura.outputs.printing.printed import Copies
from faktura.outputs.reading.context import look_of
from faktura.wire.endpoints import Answer

COPY = msgspec.structs.replace(DOCUMENT_TYPE, required=False)

PRINTING = (COPY, LOCALE)


def print_one(call: Call, paper: Paper) -> Answer:
    """In Polish, and without a word about copies, where nothing else is asked for."""
    copies = msgspec.convert(chosen(call, COPY) or "regular", Copies)
    language = chosen(call, LOCALE) or "pl"
    if call.marks:
        paper = mark_paper_printed(call.books, paper)
    printer, account, today = call.service.printer, call.account, call.books.today
    look = look_of(call.books)
    return printed(lambda: print_paper(printer, account, paper, look, language, copies, today))
