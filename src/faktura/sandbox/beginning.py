"""How a sandbox begins in a new folder."""

import datetime as dt
from typing import NamedTuple


class Beginning(NamedTuple):
    """By which `seed`, or by a random one; at which instant, or now; after how many years of the firms' life.

    One that is `empty` has no contacts and documents. At such an instant the clock stands from the start, and again
    after a reset.
    """

    seed: str = ""
    instant: dt.datetime | None = None
    empty: bool = False
    years: int = 0
