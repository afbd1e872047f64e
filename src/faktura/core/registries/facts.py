"""What a public registry says, in words of the core; whoever asks it is outside."""

import datetime as dt
from typing import Any, Literal

import msgspec

from faktura.core.codes import ActivityKind

RegistryName = Literal["ares", "ares_search", "crpdph", "vies", "white_list", "white_list_check", "gus"]
"""Czech firms, the same by name, Czech payers of VAT, VAT numbers of the EU, Polish payers of VAT, their bank accounts,
Polish firms."""

State = Literal["found", "not_found", "invalid"]
"""That nobody answered is no state: then nothing is known."""


class Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of a firm, as it was said, which nobody has looked at yet.

    `ended_on` is the day on which the firm ceased to be, `said_at` when it was said, where that was not now.
    """

    name: str = ""
    registration_no: str = ""
    vat_no: str = ""
    street: str = ""
    city: str = ""
    postcode: str = ""
    legal_form: str = ""
    email: str = ""
    phone: str = ""
    web: str = ""
    activity_kind: ActivityKind | None = None
    pays_vat: bool | None = None
    ended_on: dt.date | None = None
    said_at: dt.datetime | None = None


class Facts(Said, frozen=True, kw_only=True):
    """Texts of one line and no great length, by which registry, and when."""

    source: str
    asked_at: dt.datetime


class Payer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payer of VAT: whether not to be relied on, since when, and the bank accounts that it published."""

    unreliable: bool = False
    since: dt.date | None = None
    accounts: tuple[str, ...] = ()


class Heard(msgspec.Struct, frozen=True):
    """An answer to a question: what it comes to, what was said in plain values, and by what it can be proved."""

    state: State
    said: dict[str, Any] = {}
    proof: str | None = None


Unknown = Literal["not_there", "not_reachable", "not_configured"]
"""Why nothing is known: the registry has no such firm, no answer came that can be read, or none is asked there."""

NUMBERS = ("registration_no", "vat_no")
TEXTS = ("name", *NUMBERS, "street", "city", "postcode", "legal_form", "email", "phone", "web")
