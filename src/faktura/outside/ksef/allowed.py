"""How often KSeF lets a firm call, as it says itself."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from faktura.core.ksef.pace import Limit, Sort
from faktura.outside.ksef.line import Line

if TYPE_CHECKING:
    from ksef_client.models import EffectiveApiRateLimits

GROUPS: tuple[tuple[Sort, str], ...] = (
    ("send", "invoice_send"),
    ("session", "online_session"),
    ("session", "online_session_close"),
    ("batch", "batch_session"),
    ("batch", "batch_session_close"),
    ("status", "invoice_status"),
    ("session_invoices", "session_invoice_list"),
    ("session_misc", "session_misc"),
    ("metadata", "invoice_metadata"),
    ("export", "invoice_export"),
    ("export_status", "invoice_export_status"),
    ("download", "invoice_download"),
    ("other", "other"),
)
"""The calls that we count together, and what KSeF calls those."""


def limits_of(line: Line) -> tuple[Limit, ...]:
    """Of windows without a limit nothing is said; where KSeF parts what we count together, both are there."""
    said = line.call("other", lambda client, access: client.rate_limits.get_rate_limits(access))
    return tuple(_limits(said))


def _limits(said: "EffectiveApiRateLimits") -> Iterator[Limit]:
    for sort, group in GROUPS:
        values = getattr(said, group)
        numbers = (values.per_second, values.per_minute, values.per_hour)
        if min(numbers) > 0:
            yield Limit(sort, *numbers)
