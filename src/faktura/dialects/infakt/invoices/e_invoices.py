"""A document as a file that other programs read: ours, where the contract has FA(3) alone."""

from collections.abc import Callable, Mapping
from typing import cast, get_args

from faktura.core.e_invoices import Profile
from faktura.core.errors import WrongState
from faktura.core.invoices.agreed import profile_for
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.invoices.printing import chosen
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.syntaxes import standard_file
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import settled_in
from faktura.wire.endpoints import Parameter
from faktura.wire.values import choice

FORMATS: Mapping[str, Callable[[Settled, Profile | None, Profile], bytes]] = {
    "isdoc": lambda settled, _named, _agreed: isdoc(settled),
    "ubl": lambda settled, named, agreed: standard_file(settled, "ubl", named or agreed),
    "cii": lambda settled, named, _agreed: standard_file(settled, "cii", named),
}

FORMAT = Parameter("format", choice(*FORMATS), "Another file than the FA(3)", extension=True)
PROFILE = Parameter(
    "profile",
    choice(*get_args(Profile)),
    "Whose rules a UBL or CII keeps; a UBL those of the client or of the account where it is left out",
    extension=True,
)


def foreign_file(call: Call, invoice: Invoice) -> bytes | None:
    """The document in the format that the request asks for, if it asks for any; of drafts, too: it says nothing of it.

    Raises:
        Failure: no program can be told of this document, or not in that format.

    """
    asked = chosen(call, FORMAT)
    if asked is None:
        return None
    try:
        return _file(call, invoice, asked)
    except WrongState as refusal:
        raise errors.no_e_invoice(refusal.reason) from None


def _file(call: Call, invoice: Invoice, asked: str) -> bytes:
    named = cast("Profile | None", chosen(call, PROFILE))
    return FORMATS[asked](settled_in(call.books, invoice), named, profile_for(call.books, invoice))
