"""The letter that a client asks for together with a sending: it goes out once KSeF has accepted (19.3)."""

from collections.abc import Mapping
from typing import Any

from faktura.core.contacts import Contact, is_email
from faktura.core.errors import Given, Problems
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.sendings import Wanted
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.values import BOOLEAN, TEXT
from faktura.dialects.infakt.invoices.printing import LOCALES, MAILED
from faktura.wire.endpoints import Parameter
from faktura.wire.fields import Field, Kind, Shape
from faktura.wire.values import choice, read_text

INFORM: Shape[Wanted, None] = Shape(
    "inform_via_email",
    Wanted,
    (
        Field("print_type", choice(*MAILED), "print_as", access="write", required=True),
        Field("recipient", TEXT, access="write"),
        Field("locale", choice(*LOCALES), "language", access="write"),
        Field("send_copy", BOOLEAN, access="write"),
        Field("content", TEXT, access="write"),
    ),
)

INFORMING = Parameter(
    INFORM.name,
    Kind({"type": "object"}, read_text),
    "A letter to the client once it is accepted: print_type, recipient, locale, send_copy, content",
)


def letter_in(call: Call, invoice: Invoice) -> Wanted | None:
    """What the request says of a letter, if it wants one.

    Raises:
        Invalid: a value breaks a rule, or nobody's address is known.

    """
    sent: Any = call.parameters.get(INFORM.name)
    if sent is None or sent == "":
        return None
    if not isinstance(sent, Mapping):
        raise errors.wrong_value(INFORM.name)
    given = INFORM.read(sent)
    problems = Problems({INFORM.spelled(name): found for name, found in given.unread.items()})
    if not given.get("print_as") and "print_type" not in problems:
        problems.add("print_type", "blank")
    _check_recipient(call, invoice, given, problems)
    problems.refuse()
    return Wanted(
        print_as=given["print_as"],
        recipient=given.get("recipient") or None,
        language=given.get("language"),
        send_copy=bool(given.get("send_copy")),
        content=given.get("content") or None,
    )


def _check_recipient(call: Call, invoice: Invoice, given: Given, problems: Problems) -> None:
    """The client's own address is what is meant where none is given."""
    if "recipient" in problems:
        return
    contact = call.books.look_up(Contact, id=invoice.contact_id)
    recipient = given.get("recipient") or (contact.email if contact else None)
    if not recipient:
        problems.add("recipient", "blank")
    elif not is_email(recipient):
        problems.add("recipient", "malformed_email")
