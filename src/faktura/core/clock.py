"""The one "now"."""

import datetime as dt
from zoneinfo import ZoneInfo


class Clock:
    """Tells the time in UTC, to the millisecond; can be made to stand still."""

    def __init__(self) -> None:
        self._standing: dt.datetime | None = None

    def now(self) -> dt.datetime:
        instant = self._standing or dt.datetime.now(dt.UTC)
        return instant.replace(microsecond=instant.microsecond // 1000 * 1000)

    def stand_at(self, instant: dt.datetime | None) -> None:
        """Make "now" stand at an aware instant, or go again at None."""
        self._standing = None if instant is None else instant.astimezone(dt.UTC)

    @property
    def standing(self) -> dt.datetime | None:
        return self._standing


def day_in(country: str, instant: dt.datetime) -> dt.date:
    """The calendar day of an instant in a country; one that is not listed keeps Central European time."""
    return instant.astimezone(_ZONES.get(country, _CENTRAL)).date()


_CENTRAL = ZoneInfo("Europe/Prague")
_ZONES = {"PL": ZoneInfo("Europe/Warsaw"), "SK": ZoneInfo("Europe/Bratislava"), "DE": ZoneInfo("Europe/Berlin")}
