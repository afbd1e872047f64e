"""What machines find in the files of others, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.received.extraction import WhyUnread
from faktura.core.received.file_checks import RulesAsked
from faktura.core.received.received_invoice import Doubt, Format, Sort

FORMATS: Mapping[Format, str] = {"isdoc": "ISDOC", "ubl": "UBL", "cii": "CII", "fa3": "FA (KSeF)"}

SORTS: Mapping[Sort, LazyString] = {
    "invoice": lazy_gettext("Invoice"),
    "credit_note": lazy_gettext("Credit note"),
    "debit_note": lazy_gettext("Debit note"),
    "proforma": lazy_gettext("Proforma invoice"),
    "tax_document": lazy_gettext("Tax document on an advance"),
}

UNREAD: Mapping[WhyUnread, LazyString] = {
    "not_an_e_invoice": lazy_gettext("This is no e-invoice: it is neither ISDOC, UBL nor CII, and has none inside."),
    "no_reader": lazy_gettext("This is an e-invoice of a format that is not read here."),
    "too_large": lazy_gettext("This is too large: XML may have 5 MB, a PDF 15 MB, a ZIP 20 MB and 100 files inside."),
    "doctype": lazy_gettext("The file declares a document type, which no e-invoice may. It is not read."),
    "damaged": lazy_gettext("The file is damaged, so that it cannot be read."),
}

DOUBTS: Mapping[Doubt, LazyString] = {
    "older_version": lazy_gettext("An older version, which is read as far as it can be"),
    "breaks_schema": lazy_gettext("Not as its format has it"),
    "sums_differ": lazy_gettext("Its sums do not add up"),
    "unknown_rate": lazy_gettext("It has a VAT rate that is not known"),
    "no_currency": lazy_gettext("It does not say its currency"),
    "not_for_us": lazy_gettext("It is for another buyer"),
    "signature_not_verified": lazy_gettext("It is signed; the signature is not verified"),
    "file_left_out": lazy_gettext("A file inside could not be taken out"),
}

NOT_ASKED: Mapping[RulesAsked, LazyString] = {
    "no_rules_of_it": lazy_gettext("There are no official rules of this format or version."),
    "not_set": lazy_gettext("The official rules were not asked: the server has none (FAKTURA_RULES_DIR is not set)."),
    "no_files": lazy_gettext("The official rules were not asked: they are not in the folder of FAKTURA_RULES_DIR."),
    "no_library": lazy_gettext(
        "The official rules were not asked: what runs them is not installed (faktura[einvoice-rules])."
    ),
    "no_answer": lazy_gettext("The official rules gave no answer about this file. Try it again."),
}
"""Why the official rules were not asked about a file."""
