"""An invoice as a file that other programs read: ours, for the contract has none."""

from typing import cast, get_args

from faktura.core.documents.attachments import find_attachment
from faktura.core.e_invoices import Profile
from faktura.core.errors import Invalid
from faktura.core.invoices.agreed import profile_for
from faktura.core.invoices.find import find_invoice
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.invoices.fields import INVOICE
from faktura.dialects.fakturoid.invoices.pdf import PATIENCE, sent, sent_when_printed
from faktura.outputs.e_invoices.en16931 import MEDIA_TYPE as XML
from faktura.outputs.e_invoices.fa3.prepare import file_for_ksef
from faktura.outputs.e_invoices.isdoc import MEDIA_TYPE, isdoc
from faktura.outputs.e_invoices.isdocx import MEDIA_TYPE as ZIP
from faktura.outputs.e_invoices.isdocx import isdocx
from faktura.outputs.e_invoices.syntaxes import Name, standard_file
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.reading.context import told_context_of
from faktura.outputs.reading.settling import settle, settled_in
from faktura.wire.endpoints import Answer, Endpoint, File, Parameter
from faktura.wire.values import choice


def download_isdoc(call: Call) -> Answer:
    """Made again each time, which takes less than to keep it."""
    invoice = find_invoice(call.books, call.id)
    file = isdoc(settled_in(call.books, invoice))
    return sent(file, file_name(invoice, ".isdoc"), MEDIA_TYPE)


def download_isdocx(call: Call) -> Answer:
    """With the document on paper and its attachments; 204 says that it is not printed yet."""
    invoice, printer, account = find_invoice(call.books, call.id), call.service.printer, call.account
    context = told_context_of(call.books, invoice)
    settled = settle(invoice, context)
    kept = [find_attachment(call.books, invoice, file.id) for file in invoice.attachments]
    beside = [(file.filename, file.content) for file in kept]

    def print_it() -> Answer:
        paper = print_invoice(printer, account, invoice, context)

        def pack(printed: bytes) -> Answer:
            archive = isdocx(settled, file_name(invoice, ""), printed, beside)
            return sent(archive, file_name(invoice, ".isdocx"), ZIP)

        return Answer(200, finish=lambda: sent_when_printed(invoice, paper, pack), waits_for=paper, patience=PATIENCE)

    return Answer(200, finish=print_it)


PROFILE = Parameter("profile", choice(*get_args(Profile)), "Whose rules the file keeps", extension=True)


def download_ubl(call: Call) -> Answer:
    return _standard_file(call, "ubl")


def download_cii(call: Call) -> Answer:
    return _standard_file(call, "cii")


def _standard_file(call: Call, syntax: Name) -> Answer:
    invoice = find_invoice(call.books, call.id)
    usual = profile_for(call.books, invoice) if syntax == "ubl" else None
    profile = cast("Profile | None", call.query.get(PROFILE.name)) or usual
    file = standard_file(settled_in(call.books, invoice), syntax, profile)
    return sent(file, file_name(invoice, f".{syntax}.xml"), XML)


def download_fa3(call: Call) -> Answer:
    """What KSeF was sent, or would be."""
    invoice = find_invoice(call.books, call.id)
    try:
        file = file_for_ksef(call.books, invoice)
    except Invalid as invalid:
        raise Invalid({INVOICE.spelled(name): found for name, found in invalid.problems.items()}) from None
    return sent(file, file_name(invoice, ".fa3.xml"), XML)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/download.isdoc",
        serve=download_isdoc,
        about="Download an invoice as ISDOC 6.0.2",
        answers={200: File(MEDIA_TYPE)},
        refuses=(422,),
        scope="invoices",
        extension=True,
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/download.isdocx",
        serve=download_isdocx,
        about="Download an invoice as ISDOCX, with its PDF and attachments",
        answers={200: File(ZIP), 204: None},
        refuses=(422,),
        scope="invoices",
        extension=True,
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/download.ubl.xml",
        serve=download_ubl,
        about="Download an invoice as UBL 2.1 of EN 16931, by the profile of its subject or of the account",
        parameters=(PROFILE,),
        answers={200: File(XML)},
        refuses=(422,),
        scope="invoices",
        extension=True,
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/download.cii.xml",
        serve=download_cii,
        about="Download an invoice as CII of EN 16931, which Factur-X and ZUGFeRD are made of",
        parameters=(PROFILE,),
        answers={200: File(XML)},
        refuses=(422,),
        scope="invoices",
        extension=True,
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/invoices/{id}/download.fa3.xml",
        serve=download_fa3,
        about="Download an invoice of a Polish account as FA(3), as KSeF was sent it or would be",
        answers={200: File(XML)},
        refuses=(422,),
        scope="invoices",
        extension=True,
    ),
)
