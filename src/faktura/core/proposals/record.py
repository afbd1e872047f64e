"""The record of a proposal: what a program would do in a firm's books, for a person to decide."""

import datetime as dt
from typing import Any, Literal

from faktura.store.records import KindIn, Tenant, index, record

Decision = Literal["confirmed", "refused"]
State = Literal["open", "confirmed", "refused", "expired"]

VALID = dt.timedelta(days=1)
"""How long a proposal can be confirmed."""


@record(
    "proposals",
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    refers={"user_id": "users", "decided_by": "users"},
    remembers={"record_id": KindIn("kind")},
)
class Proposal(Tenant):
    """A deed with its arguments, proposed by a program for the member `user_id`; `kind` is the table that it writes in.

    `details` are what attributes were and would be, as they were when it was checked. `record_id` is the record that
    it would change, or the one that it made.
    """

    deed: str
    arguments: dict[str, Any]
    kind: str
    details: dict[str, tuple[Any, Any]]
    program: str
    user_id: int
    expires_at: dt.datetime
    record_id: int | None = None
    decision: Decision | None = None
    decided_by: int | None = None
    decided_at: dt.datetime | None = None

    def state(self, now: dt.datetime) -> State:
        return self.decision or ("expired" if now >= self.expires_at else "open")
