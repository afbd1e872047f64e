"""What a document says of its way to KSeF, so that lists and prints need nothing else."""

from typing import Literal

import msgspec

SendingState = Literal["waiting", "sending", "sent", "accepted", "rejected", "failed"]
"""Queued; on its way, so that it may have arrived; taken and not decided; decided; given up after a day of tries."""

LIVE: frozenset[SendingState] = frozenset({"waiting", "sending", "sent"})

Mode = Literal["online", "offline24", "unavailable", "emergency"]
"""Beside KSeF by choice (art. 106nda), while it was announced to be down (art. 106nh), while it failed (art. 106nf)."""


class KsefMark(msgspec.Struct, frozen=True, omit_defaults=True):
    """How far it has come.

    Behind `link` a reader sees that it is the invoice that KSeF holds (code I), behind `certificate_link` that its
    issuer is who signed it offline (code II).
    """

    state: SendingState
    link: str
    mode: Mode = "online"
    certificate_link: str = ""
