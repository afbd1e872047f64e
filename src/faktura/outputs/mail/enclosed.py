"""What a letter about a document carries for programs: files beside its PDF, and inside of it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from faktura.core.e_invoices import EInvoice, Profile
from faktura.core.errors import WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.messages import LeftOut
from faktura.outputs.e_invoices import en16931, isdoc
from faktura.outputs.e_invoices.embedding import with_files
from faktura.outputs.e_invoices.syntaxes import standard_file
from faktura.outputs.mail.letters import Attached
from faktura.outputs.printing.document import file_name
from faktura.outputs.printing.printed import Attached as Carried
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import Unbalanced, settle

log = logging.getLogger(__name__)


class ForPrograms(NamedTuple):
    """Files `beside` the PDF and `inside` of it, and which there are none of."""

    beside: tuple[Attached, ...] = ()
    inside: tuple[Carried, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def for_programs(invoice: Invoice, context: Context, wanted: Sequence[EInvoice], profile: Profile) -> ForPrograms:
    """Those that are wanted of the document; what it cannot be is left out, since a letter does not wait for it."""
    told = ForPrograms()
    for name in wanted:
        try:
            told = _MADE[name](told, invoice, settle(invoice, context), profile)
        except WrongState as refusal:
            told = told._replace(left_out=(*told.left_out, LeftOut(name, refusal.reason)))
        except Unbalanced:
            log.exception("no e-invoice of a document", extra={"id": invoice.id})
            told = told._replace(left_out=(*told.left_out, LeftOut(name, "rounding_too_large")))
    return told


def _with_isdoc_inside(told: ForPrograms, _invoice: Invoice, settled: Settled, _profile: Profile) -> ForPrograms:
    return told._replace(inside=with_files(settled, ("isdoc",)))


def _with_isdoc(told: ForPrograms, invoice: Invoice, settled: Settled, _profile: Profile) -> ForPrograms:
    file = Attached(file_name(invoice, ".isdoc"), isdoc.MEDIA_TYPE, isdoc.isdoc(settled))
    return told._replace(beside=(*told.beside, file))


def _with_ubl(told: ForPrograms, invoice: Invoice, settled: Settled, profile: Profile) -> ForPrograms:
    file = Attached(file_name(invoice, ".ubl.xml"), en16931.MEDIA_TYPE, standard_file(settled, "ubl", profile))
    return told._replace(beside=(*told.beside, file))


_MADE: Mapping[EInvoice, Callable[[ForPrograms, Invoice, Settled, Profile], ForPrograms]] = {
    "isdoc_in_pdf": _with_isdoc_inside,
    "isdoc": _with_isdoc,
    "ubl": _with_ubl,
}
