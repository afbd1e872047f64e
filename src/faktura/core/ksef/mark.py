"""What a document says of its way to KSeF, so that lists and prints need nothing else."""

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import msgspec

from faktura.core.errors import Reason

SendingState = Literal["waiting", "sending", "sent", "accepted", "rejected", "failed"]
"""Queued; on its way, so that it may have arrived; taken and not decided; decided; given up after a day of tries."""

LIVE: frozenset[SendingState] = frozenset({"waiting", "sending", "sent"})

Mode = Literal["online", "offline24", "unavailable", "emergency"]
"""Beside KSeF by choice (art. 106nda), while it was announced to be down (art. 106nh), while it failed (art. 106nf)."""


HOLDING: Mapping[SendingState, Reason] = {
    "waiting": "on_its_way_to_ksef",
    "sending": "on_its_way_to_ksef",
    "sent": "on_its_way_to_ksef",
    # It may have arrived, in the bytes that go out again.
    "failed": "on_its_way_to_ksef",
    "accepted": "accepted_by_ksef",
}
"""Why what a document says stays as it is; what KSeF refused is put right."""


class KsefMark(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far it has come.

    Behind `link` a reader sees that it is the invoice that KSeF holds (code I), behind `certificate_link` that its
    issuer is who signed it offline (code II). Since `accepted_at` it stays as it is.
    """

    state: SendingState
    link: str
    mode: Mode = "online"
    certificate_link: str = ""
    accepted_at: dt.datetime | None = None


def held_by_ksef(mark: KsefMark | None) -> Reason | None:
    """Why a document may not be changed, cancelled or thrown away, as far as KSeF is concerned."""
    return HOLDING.get(mark.state) if mark is not None else None
