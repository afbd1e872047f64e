"""How far a document has come on its way to KSeF, as the contract tells it (19.4)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from faktura.core.invoices.record import Invoice
from faktura.core.ksef.mark import SendingState
from faktura.core.ksef.sendings import KsefSending
from faktura.dialects.infakt.door.values import TEXT, show_moment
from faktura.wire.fields import Kind, Shape, read_only
from faktura.wire.values import choice, read_text

SENDABLE: Mapping[str, str] = {
    "invoice": "vat",
    "correction": "corrective_invoice",
    "margin_invoice": "margin",
    "tax_document": "advance",
    "final_invoice": "final",
}
"""By kind of the core, the column "KSeF" of section 2."""

NOT_SENDABLE: Mapping[str, str] = {"oss_correction": "corrective_oss_invoice"}
"""What has no such word goes by that of its tasks, which most kinds have in the core, too."""

STATUSES: Mapping[SendingState, str] = {
    "waiting": "pending",
    "sending": "sent",
    "sent": "sent",
    "accepted": "success",
    "rejected": "error",
    "failed": "error",
}

DESCRIPTIONS = {
    "pending": "Faktura oczekuje na wysłanie do KSeF.",
    "sent": "Faktura została wysłana do przetworzenia w KSeF.",
    "success": "Faktura została przetworzona.",
    "rejected": "Faktura nie może zostać wysłana do KSeF.",
}

NOT_REACHED = "Wystąpił problem podczas otwarcia sesji."
"""Of what was given up without a word of KSeF."""

WITHDRAWN = "Wysyłka faktury do KSeF została anulowana."


class Progress(NamedTuple):
    """An attempt to send a document, or that there was none, for the document cannot be sent.

    One without an attempt was asked for `at` that time; `withdrawn` at one is that it is not sent any more.
    """

    uuid: str
    kind: str
    sending: KsefSending | None
    at: dt.datetime
    withdrawn: bool = False

    @property
    def status(self) -> str:
        return "rejected" if self.sending is None or self.withdrawn else STATUSES[self.sending.state]


def progress_of(invoice: Invoice, sending: KsefSending) -> Progress:
    return Progress(invoice.uuid, invoice.kind, sending, sending.created_at)


def ksef_data(invoice: Invoice, view: Any) -> dict[str, Any] | None:
    """The same inside of a document; of one that was never sent there is none."""
    sending: KsefSending | None = getattr(view, "sending", None)
    return None if sending is None else PROGRESS.show(progress_of(invoice, sending), None)


def _kind(progress: Progress, _view: None) -> str:
    return SENDABLE.get(progress.kind) or NOT_SENDABLE.get(progress.kind, progress.kind)


def _description(progress: Progress, _view: None) -> str:
    sending = progress.sending
    if progress.withdrawn:
        return WITHDRAWN
    if sending is not None and progress.status == "error":
        return _refusal(sending)
    return DESCRIPTIONS[progress.status]


def _refusal(sending: KsefSending) -> str:
    """`code:text` of KSeF, and behind it what it found in detail; what never left was not refused by KSeF itself."""
    if sending.state == "rejected" and sending.code is None and not sending.text:
        return DESCRIPTIONS["rejected"]
    said = "; ".join(filter(None, (sending.text, *sending.details))) or NOT_REACHED
    return said if sending.code is None else f"{sending.code}:{said}"


def _timestamps(progress: Progress, _view: None) -> dict[str, str | None]:
    finished = progress.at if progress.withdrawn else progress.sending and progress.sending.finished_at
    began = progress.sending.created_at if progress.sending else progress.at
    return {
        "request_created_at": show_moment(began),
        "request_finished_at": show_moment(finished) if finished else None,
    }


TIMESTAMPS = Kind(
    {
        "type": "object",
        "properties": {
            "request_created_at": {"type": "string"},
            "request_finished_at": {"type": ["string", "null"]},
        },
        "required": ["request_created_at", "request_finished_at"],
    },
    read_text,
)

PROGRESS: Shape[Progress, None] = Shape(
    "ksef_status",
    Progress,
    (
        read_only("request_uuid", TEXT, showing=lambda p, _: p.sending.uuid if p.sending else None),
        read_only("invoice_uuid", TEXT, "uuid", nullable=False),
        read_only("invoice_kind", TEXT, nullable=False, showing=_kind),
        read_only("ksef_number", TEXT, showing=lambda p, _: p.sending.ksef_number if p.sending else None),
        read_only(
            "status",
            choice("pending", "sent", "success", "error", "rejected"),
            nullable=False,
            showing=lambda p, _: p.status,
        ),
        read_only("status_description", TEXT, nullable=False, showing=_description),
        read_only("timestamps", TIMESTAMPS, nullable=False, showing=_timestamps),
    ),
)
