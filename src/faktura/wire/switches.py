"""What a page may switch in the sandbox, and from where; a program for real use has no switches."""

import datetime as dt
import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class SignIn(NamedTuple):
    """A person of the example data; `firm` is the name of their account."""

    email: str
    name: str
    firm: str
    permission: str
    language: str


class SentFile(NamedTuple):
    """A file that came with a letter, by its place among them."""

    place: int
    name: str
    content_type: str
    bytes: int


class SentLetter(NamedTuple):
    """A letter that the program sent, which reaches nobody from a sandbox, and what was answered to it."""

    id: int
    written_at: dt.datetime
    sender: str
    recipient: str
    copy: str
    subject: str
    text: str
    html: str
    files: tuple[SentFile, ...]
    answer: str
    accepted: bool


class Received(NamedTuple):
    """A message that the sandbox's own receiver of webhooks was told, and the status that it answered with."""

    id: int
    at: dt.datetime
    headers: Mapping[str, str]
    body: str
    status: int


class AskedHere(NamedTuple):
    """A request that came to the sandbox, or a webhook that left it, with its answer and a line that asks again.

    `result` says how its connection ended, `faults` are the rules that it met, and both texts are cut where they are
    long.
    """

    id: int
    at: dt.datetime
    method: str
    path: str
    status: int | None
    result: str
    faults: tuple[int, ...]
    milliseconds: float
    request: str
    answer: str
    curl: str


class OtherWorld(NamedTuple):
    """A throw-away world beside this one: where its own panel is, and until when it is there."""

    name: str
    panel: str
    expires_at: dt.datetime


class Checkpoint(NamedTuple):
    """What everything was, kept under a name."""

    name: str
    made_at: dt.datetime


class Changed(NamedTuple):
    """A record that was "added", "changed" or "deleted"; what became of it is `told` as JSON."""

    deed: str
    record: str
    id: Any
    account: str | None
    told: str


class ChangesSince(NamedTuple):
    """The first of them, and whether there are more."""

    first: Sequence[Changed]
    more: bool


class Switches(Protocol):
    """The control of a sandbox in the hands of its panel."""

    @property
    def password(self) -> str:
        """Of everybody in the example data."""

    @property
    def sign_ins(self) -> Sequence[SignIn]: ...

    @property
    def control_url(self) -> str: ...

    @property
    def usual_limits(self) -> Mapping[str, Mapping[str, int]]: ...

    def state(self) -> dict[str, Any]: ...

    def change(self, patch: Mapping[str, Any]) -> None:
        """Merge the patch into the state.

        Raises:
            ValueError: the state would not be one; says why. Nothing was changed.

        """

    def reset(self) -> None: ...

    def worlds(self) -> list[OtherWorld] | None:
        """Those that were made here; None where none can be, as in one of them."""

    def make_world(self, name: str) -> str:
        """Make one, and give its name, which may be left to chance by saying nothing.

        Raises:
            ValueError: there is one of that name, or too many; says what to do.

        """

    def remove_world(self, name: str) -> None:
        """End one.

        Raises:
            ValueError: there is none of that name.

        """

    def checkpoints(self) -> Sequence[Checkpoint]:
        """As they were made."""

    def make_checkpoint(self, name: str) -> None:
        """Keep everything.

        Raises:
            ValueError: that is not possible; says why.

        """

    def rewind(self, name: str) -> None:
        """Make everything what it was; ValueError as above."""

    def changes_since(self, name: str) -> ChangesSince:
        """What differs from then; ValueError as above."""

    def next_due(self) -> dt.date | None:
        """The day on which an unpaid document of any account is due next."""

    def letters(self) -> list[SentLetter]:
        """The last that were sent, the newest first."""

    def rules(self) -> list[dict[str, Any]]:
        """The fault rules, with how often each was hit."""

    def add_rule(self, terms: Any) -> None:
        """Make a fault rule.

        Raises:
            ValueError: it would be none; says why.

        """

    def delete_rule(self, number: int) -> None: ...

    def asked(self, text: str, most: int) -> list[AskedHere]:
        """What programs asked last and what webhooks told, with that text in it, the newest first."""

    def received(self) -> list[Received]:
        """What webhooks told the sandbox itself last, the newest first."""


def why_not_from_here(environ: Mapping[str, Any]) -> str:
    """Why a request may switch nothing, or an empty text: it comes from the network or from another site.

    A page of another site can have a browser on this machine ask: under a name of its own that leads here, which the
    Host header gives away, or across sites, which Origin and Sec-Fetch-Site give away.
    """
    netloc = str(environ.get("HTTP_HOST", ""))
    host = netloc.rpartition(":")[0] if netloc.rpartition(":")[2].isdigit() else netloc
    if not is_loopback(environ.get("REMOTE_ADDR", "")):
        return "can be reached from this machine only"
    if not (host == "localhost" or host.endswith(".localhost") or is_loopback(host.strip("[]"))):
        return "is reached as localhost or 127.0.0.1 only"
    own = f"{environ['wsgi.url_scheme']}://{netloc}"
    if environ.get("HTTP_ORIGIN", own) != own or environ.get("HTTP_SEC_FETCH_SITE") not in OWN_SITE:
        return "takes nothing from pages of other sites"
    return ""


OWN_SITE = {None, "same-origin", "none"}
"""A program, a page of the sandbox, or an address that somebody typed."""


def is_loopback(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped.is_loopback
    return found.is_loopback
