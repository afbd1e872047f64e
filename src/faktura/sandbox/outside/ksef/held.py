"""What KSeF's double holds, in memory and bounded: invoices for good, everything else as long as it is of use."""

import copy
import datetime as dt
import zlib
from collections.abc import Iterable, MutableMapping
from decimal import Decimal
from typing import Literal, Self, TypeVar

import msgspec

from faktura.sandbox.outside.ksef.limits import Calls

MOST_BYTES = 256 * 1024 * 1024
"""Of invoices, compressed."""

MOST_UPLOADED = 64 * 1024 * 1024
"""Bytes of parts that were uploaded and not unpacked yet."""

MOST_OTHERS = 2000
"""Challenges, sign-ins, sessions, exports: of each the newest."""

T = TypeVar("T")

Mode = Literal["Online", "Offline"]

DateSort = Literal["Issue", "Invoicing", "PermanentStorage"]


class Status(msgspec.Struct, frozen=True, omit_defaults=True):
    """As KSeF tells it."""

    code: int
    description: str
    details: tuple[str, ...] | None = None
    extensions: dict[str, str] | None = None


class Party(msgspec.Struct, frozen=True):
    """A firm on an invoice: how it is identified (`Nip`, `VatUe`, `Other`, `None`), by what, and as what it stands."""

    sort: str
    value: str | None
    name: str | None
    role: int = 0


class Facts(msgspec.Struct, frozen=True):
    """What is read out of an invoice; `net` and `gross` in its currency, `vat` in złoty."""

    form: str
    seller: Party
    buyer: Party
    third: tuple[Party, ...]
    number: str
    kind: str
    issued_on: dt.date
    currency: str
    net: Decimal
    vat: Decimal
    gross: Decimal
    self_invoiced: bool = False
    has_attachment: bool = False


class Stored(msgspec.Struct, frozen=True):
    """An invoice that has its number; `session` is None where somebody else sent it."""

    ksef_number: str
    digest: str
    facts: Facts
    mode: Mode
    taken_at: dt.datetime
    numbered_at: dt.datetime
    stored_at: dt.datetime
    packed: bytes
    session: str | None = None
    corrected_digest: str | None = None

    @property
    def xml(self) -> bytes:
        """As it came."""
        return zlib.decompress(self.packed)

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class SignIn(msgspec.Struct):
    """Who signed in as whom: `proof` is the digest of what was signed, or the reference of the token."""

    reference: str
    tax_no: str
    method: Literal["Token", "InternalCertificate", "QualifiedSeal"]
    proof: str
    status: Status
    started_at: dt.datetime
    ready_at: dt.datetime
    rights: tuple[str, ...] = ()
    certificate: bytes | None = None
    redeemed: bool = False
    refreshed_at: dt.datetime | None = None
    refresh_until: dt.datetime | None = None
    revoked: bool = False


class Token(msgspec.Struct):
    reference: str
    tax_no: str
    digest: str
    rights: tuple[str, ...]
    description: str
    created_at: dt.datetime
    used_at: dt.datetime | None = None
    revoked: bool = False


class Certificate(msgspec.Struct):
    """One that the double's authority gave, as DER."""

    serial: str
    tax_no: str
    name: str
    sort: Literal["Authentication", "Offline"]
    der: bytes
    requested_at: dt.datetime
    begins: dt.datetime
    ends: dt.datetime
    revoked: bool = False
    used_at: dt.datetime | None = None


class Enrolment(msgspec.Struct, frozen=True):
    reference: str
    tax_no: str
    serial: str
    requested_at: dt.datetime
    ready_at: dt.datetime


class Sent(msgspec.Struct):
    """An invoice of a session; before `ready_at` nobody knows how it ended."""

    reference: str
    place: int
    digest: str
    taken_at: dt.datetime
    ready_at: dt.datetime
    status: Status
    number: str | None = None
    file_name: str | None = None
    ksef_number: str | None = None


class Part(msgspec.Struct):
    """Of a batch: what was said of it, and its bytes once they came."""

    place: int
    size: int
    digest: str
    content: bytes | None = None


class Session(msgspec.Struct):
    """One that invoices are sent in; `key` is None where it could not be decrypted."""

    reference: str
    sort: Literal["Online", "Batch"]
    tax_no: str
    proof: str
    by_token: bool
    form: str
    created_at: dt.datetime
    updated_at: dt.datetime
    valid_until: dt.datetime
    upo_reference: str
    key: bytes | None = None
    iv: bytes = b""
    offline: bool = False
    closed_at: dt.datetime | None = None
    failure: Status | None = None
    sent: list[Sent] = []
    parts: list[Part] = []
    size: int = 0
    digest: str = ""
    compression: str = "Zip"


class Export(msgspec.Struct, frozen=True):
    """Which invoices a package holds, and by what it is encrypted; it is packed when it is asked for."""

    reference: str
    tax_no: str
    status: Status
    made_at: dt.datetime
    ready_at: dt.datetime
    key: bytes = b""
    iv: bytes = b""
    numbers: tuple[str, ...] = ()
    only_metadata: bool = False
    compression: str = "Zip"
    date_sort: DateSort = "PermanentStorage"
    truncated: bool = False
    mark: dt.datetime | None = None


class Collective(msgspec.Struct, frozen=True):
    number: str
    tax_no: str
    made_at: dt.datetime
    invoices: tuple[dict[str, object], ...]


class Full(Exception):  # noqa: N818 (says what the memory is)
    """No more is kept."""


class Held:
    """All of it. Whoever asks holds the double's lock."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.count = 0
        self.challenges: dict[str, dt.datetime] = {}
        self.sign_ins: dict[str, SignIn] = {}
        self.tokens: dict[str, Token] = {}
        self.certificates: dict[str, Certificate] = {}
        self.enrolments: dict[str, Enrolment] = {}
        self.sessions: dict[str, Session] = {}
        self.exports: dict[str, Export] = {}
        self.collectives: dict[str, Collective] = {}
        self.grants: dict[tuple[str, str], tuple[str, ...]] = {}
        self.blocked: set[str] = set()
        self.invoices: dict[str, Stored] = {}
        self._taken: dict[tuple[str, str, str], str] = {}
        self._digests: dict[str, str] = {}
        self._bytes = 0

    def next_place(self) -> int:
        self.count += 1
        return self.count

    def add(self, where: MutableMapping[str, T], name: str, one: T) -> None:
        """Keep something, and drop the oldest where there are too many."""
        where[name] = one
        while len(where) > MOST_OTHERS:
            del where[next(iter(where))]

    def twin(self, facts: Facts) -> Stored | None:
        """The invoice that was taken under the same number."""
        found = self._taken.get(_unique(facts))
        return None if found is None else self.invoices[found]

    def store(self, one: Stored) -> None:
        """Keep an invoice.

        Raises:
            Full: there is no more room.

        """
        if self._bytes + len(one.packed) > MOST_BYTES:
            raise Full
        self._bytes += len(one.packed)
        self.invoices[one.ksef_number] = one
        self._taken[_unique(one.facts)] = one.ksef_number
        self._digests[one.digest] = one.ksef_number

    def with_digest(self, digest: str) -> Stored | None:
        found = self._digests.get(digest)
        return None if found is None else self.invoices[found]

    @property
    def last_stored_at(self) -> dt.datetime | None:
        return next((one.stored_at for one in reversed(self.invoices.values())), None)

    def require_room(self, more: int) -> None:
        """Do nothing where so many bytes can be uploaded.

        Raises:
            Full: they cannot.

        """
        parts: Iterable[Part] = (part for session in self.sessions.values() for part in session.parts)
        if sum(len(part.content or b"") for part in parts) + more > MOST_UPLOADED:
            raise Full

    def copied(self) -> "Held":
        return copy.deepcopy(self)


def _unique(facts: Facts) -> tuple[str, str, str]:
    """What no second invoice may have."""
    return facts.seller.value or "", facts.kind, facts.number
