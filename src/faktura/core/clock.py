"""The one "now"."""

import datetime as dt


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
