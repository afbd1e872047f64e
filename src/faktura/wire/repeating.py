"""Whether an answer that was given a moment ago is still the one that its door would give."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faktura.wire.calls import Call

REPEATED_FOR = dt.timedelta(minutes=1)


def holds(call: "Call") -> Callable[[dt.datetime], bool]:
    """Tell of a time whether the answer to the call holds then.

    It does for a while, as long as nobody has written in the account, and whoever asks may ask as before. It asked the
    database nothing: what was remembered of it is remembered on. What moves with time alone stands in no answer.
    """
    # Nothing of the call itself is held: it would hold its request, and the request what is made here.
    service, caller, mark = call.service, call.caller, call.mark
    database, visitors = service.database, service.visitors
    account_id, key, generation, made = call.account.id, call.visits_as, call.generation, call.office.now
    until = made + REPEATED_FOR if call.expires_at is None else min(made + REPEATED_FOR, call.expires_at)

    def holds_at(now: dt.datetime) -> bool:
        nonlocal generation
        if not made <= now < until or service.modes.busy_search or database.state(account_id) is not mark:
            return False
        if (current := database.generation) != generation or not database.meets_others:
            if visitors.recall(database, key) != caller:
                return False
            generation = current
        return True

    return holds_at
