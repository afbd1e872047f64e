"""A document as a file that other programs read: ours, beside the FA(3) that the contract has at the same address."""

from collections.abc import Callable, Mapping
from typing import cast, get_args

from faktura.core.e_invoices import Profile
from faktura.core.errors import WrongState
from faktura.core.invoices.agreed import profile_for
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.invoices.capabilities import Named, words
from faktura.dialects.infakt.invoices.documents import Resource, found
from faktura.dialects.infakt.invoices.printing import chosen
from faktura.dialects.infakt.invoices.resources import INVOICES
from faktura.outputs.e_invoices.en16931 import MEDIA_TYPE
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.e_invoices.syntaxes import standard_file
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import settled_in
from faktura.wire.endpoints import Answer, Endpoint, File, Parameter
from faktura.wire.values import choice

FORMATS: Mapping[str, Callable[[Settled, Profile | None, Profile], bytes]] = {
    "isdoc": lambda settled, _named, _agreed: isdoc(settled),
    "ubl": lambda settled, named, agreed: standard_file(settled, "ubl", named or agreed),
    "cii": lambda settled, named, _agreed: standard_file(settled, "cii", named),
}

FORMAT = Parameter("format", choice(*FORMATS), "Another file than the FA(3), which is not built yet", extension=True)
PROFILE = Parameter(
    "profile",
    choice(*get_args(Profile)),
    "Whose rules a UBL or CII keeps; a UBL those of the client or of the account where it is left out",
    extension=True,
)


def download_xml(call: Call, resource: Resource) -> Answer:
    """Drafts, too: the file says nothing of it. Without a format it is what is to come."""
    asked = chosen(call, FORMAT)
    if asked is None:
        raise errors.not_built()
    invoice = found(call, resource)
    try:
        return Answer(200, _file(call, invoice, asked), content_type=MEDIA_TYPE)
    except WrongState as refusal:
        raise errors.no_e_invoice(refusal.reason) from None


def _file(call: Call, invoice: Invoice, asked: str) -> bytes:
    named = cast("Profile | None", chosen(call, PROFILE))
    return FORMATS[asked](settled_in(call.books, invoice), named, profile_for(call.books, invoice))


def extension(resource: Resource) -> Endpoint:
    one, _ = words(resource)
    return Endpoint(
        method="GET",
        path=f"{resource.path}/{{uuid}}/download_xml.json",
        serve=Named(resource)("download_{one}_as_xml", lambda call: download_xml(call, resource)),
        about=f"Download a {one} as ISDOC, UBL or CII",
        parameters=(FORMAT, PROFILE),
        answers={200: File(MEDIA_TYPE)},
        refuses=(422, 501),
        scope=INVOICES.read,
        extension=True,
    )
