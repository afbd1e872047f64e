"""Tools that write: each makes a deed of its arguments, which is proposed to a person, or done in a sandbox."""

from collections.abc import Callable
from typing import Annotated, Any, NamedTuple

import msgspec
from msgspec import Meta

from faktura.agents.reading import Sight
from faktura.core.invoices.find import find_invoice
from faktura.core.people.users import Scope
from faktura.core.proposals import deeds
from faktura.core.proposals.deeds import AnyDeed, Id
from faktura.outputs.mail.wording import letter_for


class Writing(NamedTuple):
    """A tool that writes; who asks needs its scope, and the permission to write."""

    name: str
    says: str
    takes: type[msgspec.Struct]
    deed: Callable[[Sight, Any], AnyDeed]
    scope: Scope | None = None


class Letter(msgspec.Struct, forbid_unknown_fields=True):
    invoice_id: Id
    recipient: Annotated[str, Meta(description="The contact's address where none is given.")] = ""
    subject: Annotated[str, Meta(description="The firm's usual one where none is given.")] = ""
    body: Annotated[str, Meta(description="The firm's usual text where none is given.")] = ""


def letter(sight: Sight, asked: Letter) -> AnyDeed:
    """The letter that the document would go out with now, filled in, so that whoever confirms it sees it."""
    invoice = find_invoice(sight.books, asked.invoice_id)
    usual = letter_for(sight.books, invoice.id, f"{sight.site}/{sight.slug}/p/{invoice.token}")
    return deeds.SendLetter(
        invoice_id=invoice.id,
        recipient=asked.recipient or usual.recipient,
        copy=usual.copy or "",
        subject=asked.subject or usual.subject,
        body=asked.body or usual.body,
        language=invoice.language,
        attached=usual.print_as is not None,
    )


def _as_it_is(_: Sight, deed: AnyDeed) -> AnyDeed:
    return deed


def _of(name: str, deed: type[deeds.Deed]) -> Writing:
    return Writing(name, (deed.__doc__ or "").strip(), deed, _as_it_is, deed.scope)


WRITINGS = (
    _of("issue_invoice", deeds.IssueInvoice),
    _of("enter_expense", deeds.EnterExpense),
    _of("add_contact", deeds.AddContact),
    _of("change_contact", deeds.ChangeContact),
    _of("pay_invoice", deeds.PayInvoice),
    _of("pay_expense", deeds.PayExpense),
    Writing(
        "send_letter",
        "Send an invoice to its customer; of an overdue one they are reminded by it.",
        Letter,
        letter,
        "invoices",
    ),
)
