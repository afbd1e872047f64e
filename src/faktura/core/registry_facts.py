"""What a public registry says of a firm, in words of the core; whoever asks it is outside."""

import datetime as dt
from typing import Literal

import msgspec


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """As it was said, which nobody has looked at yet; `ended_on` is the day on which the firm ceased to be."""

    name: str = ""
    registration_no: str = ""
    vat_no: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    ended_on: dt.date | None = None


class Facts(Said, frozen=True, kw_only=True):
    """Texts of one line and no great length, by which registry, and when."""

    source: str
    asked_at: dt.datetime


Unknown = Literal["not_there", "not_reachable", "not_configured"]
"""Why nothing is known: the registry has no such firm, no answer came that can be read, or none is asked there."""

NUMBERS = ("registration_no", "vat_no")
TEXTS = ("name", *NUMBERS, "street", "city", "postcode")
