"""What is found when a file is looked through, in words."""

from collections.abc import Mapping

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.received.file_checks import RulesAsked
from faktura.core.received.received_invoice import Sort

SORTS: Mapping[Sort, LazyString] = {
    "invoice": lazy_gettext("Invoice"),
    "credit_note": lazy_gettext("Credit note"),
    "debit_note": lazy_gettext("Debit note"),
    "proforma": lazy_gettext("Proforma invoice"),
    "tax_document": lazy_gettext("Tax document on an advance"),
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
