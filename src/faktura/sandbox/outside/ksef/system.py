"""KSeF's double put together: its keys, what it holds, its clock, and who it lets do what."""

import base64
import datetime as dt
import hmac
import threading
from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

import msgspec

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.calls import Call, Refused, not_allowed, not_known, not_valid
from faktura.sandbox.outside.ksef.held import Held, SignIn
from faktura.sandbox.outside.ksef.keys import own_keys
from faktura.sandbox.outside.ksef.numbers import Sort, reference
from faktura.sandbox.outside.ksef.standing import Standing
from faktura.store.chance import SYSTEM

T = TypeVar("T")

ACCESS = dt.timedelta(minutes=15)
REFRESH = dt.timedelta(days=7)
LINK = dt.timedelta(hours=1)

OWNERS_RIGHTS = (
    "InvoiceRead",
    "InvoiceWrite",
    "CredentialsRead",
    "CredentialsManage",
    "Introspection",
    "SubunitManage",
    "CollectiveIdentifierManage",
)


class Asked(NamedTuple):
    """A call that was let in: what stands in its path, who asks, and the instant."""

    call: Call
    path: tuple[str, ...]
    now: dt.datetime
    sign_in: SignIn | None = None

    @property
    def who(self) -> SignIn:
        """Who asks, where nobody else is let in."""
        assert self.sign_in is not None  # noqa: S101 (the route says so)
        return self.sign_in

    @property
    def tax_no(self) -> str:
        return self.who.tax_no


class System:
    """`base` is the address that API, storage and pages stand below.

    Whoever changes anything holds `lock`. The last `packages` that were packed are kept.
    """

    MOST_PACKAGES = 4

    def __init__(self, clock: Clock, base: str) -> None:
        self.clock = clock
        self.base = base
        self.keys = own_keys()
        self.held = Held()
        self.standing = Standing()
        self.lock = threading.RLock()
        self.packages: dict[str, list[Any]] = {}
        self._secret = SYSTEM.draw("ksef signature", 32)

    def now(self) -> dt.datetime:
        return self.clock.now()

    def ready_at(self, now: dt.datetime) -> dt.datetime:
        return now + dt.timedelta(seconds=self.standing.status_after_s)

    def reference(self, sort: Sort, now: dt.datetime) -> str:
        return reference(sort, now, self.held.next_place(), SYSTEM.digits("ksef reference", 5))

    def take(self, name: str) -> bool:
        """Whether this happens once more: one of so many that the control has ordered."""
        left = getattr(self.standing, name)
        if left:
            self.standing = msgspec.structs.replace(self.standing, **{name: left - 1})
        return bool(left)

    def take_first(self, name: str) -> Any:
        """The next of those that the control has ordered, or nothing."""
        first, *rest = getattr(self.standing, name) or (None,)
        if first is not None:
            self.standing = msgspec.structs.replace(self.standing, **{name: tuple(rest)})
        return first

    def rights_of(self, tax_no: str, given: Iterable[str]) -> tuple[str, ...]:
        """Those of what is given that the control leaves the firm."""
        left = self.standing.rights.get(tax_no)
        return tuple(one for one in given if left is None or one in left)

    def signature(self, text: str) -> str:
        return _base64url(hmac.digest(self._secret, text.encode(), "sha256"))

    def link(self, path: str) -> str:
        """An address that is asked without a token, for an hour."""
        until = int((self.now() + LINK).timestamp())
        return f"{self.base}/storage/{path}?se={until}&sig={self.signature(f'{path} {until}')}"

    def require_link(self, call: Call, path: str) -> None:
        """Do nothing where the address was given by the double, and not long ago.

        Raises:
            Stopped: it was not: 403.

        """
        until, signature = call.first("se") or "", call.first("sig") or ""
        fits = hmac.compare_digest(signature.encode(), self.signature(f"{path} {until}").encode())
        if not fits or int(until) < self.now().timestamp():
            raise not_allowed("insufficient-resource-access", "Adres wygasł lub jest nieprawidłowy.")

    def token(self, sort: str, sign_in: SignIn, now: dt.datetime, until: dt.datetime) -> dict[str, str]:
        """A token of that sort, as a JWT, with its end."""
        claims = {
            "typ": sort,
            "cit": "Nip",
            "civ": sign_in.tax_no,
            "aum": sign_in.method,
            "arn": sign_in.reference,
            "per": msgspec.json.encode(sign_in.rights).decode(),
            "iat": int(now.timestamp()),
            "exp": until.timestamp(),
            "iss": "ksef-double",
            "aud": "ksef-double",
        }
        text = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
        return {"token": f"{text}.{self.signature(text)}", "validUntil": until.isoformat()}

    def sign_in_by(self, sort: str, call: Call, now: dt.datetime) -> SignIn:
        """The sign-in that the token of a call belongs to.

        Raises:
            Stopped: there is none, or it has ended: 401.

        """
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        text, _, signature = token.strip().rpartition(".")
        if kind.lower() != "bearer" or not hmac.compare_digest(signature.encode(), self.signature(text).encode()):
            raise not_known()
        claims: dict[str, Any] = msgspec.json.decode(_unpacked(text.partition(".")[2]))
        found = self.held.sign_ins.get(claims["arn"])
        if found is None or claims["typ"] != sort:
            raise not_known("Token nie jest przeznaczony do tej operacji.")
        if claims["exp"] <= now.timestamp():
            raise not_known("Token wygasł.")
        return found

    def require_right(self, sign_in: SignIn, rights: tuple[str, ...]) -> None:
        """Do nothing where who signed in has one of them.

        Raises:
            Stopped: it has none: 403.

        """
        has = self.rights_of(sign_in.tax_no, sign_in.rights)
        if rights and not set(has) & set(rights):
            raise not_allowed(
                "missing-permissions",
                "Brak wymaganych uprawnień do wykonania operacji w bieżącym kontekście.",
                requiredAnyOfPermissions=list(rights),
                presentPermissions=list(has),
            )


def _part(value: Any) -> str:
    return _base64url(msgspec.json.encode(value))


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def page_of(rows: list[T], call: Call, *, usual: int = 10, most: int = 1000) -> tuple[list[T], str | None]:
    """A page of them by the token that the page before has ended with, and the token of the next page.

    Raises:
        Refused: that is no such token, or no size of a page.

    """
    start, size = _start(call), call.number("pageSize", usual, 10, most)
    rest = start + size < len(rows)
    return rows[start : start + size], _base64url(f"from {start + size}".encode()) if rest else None


def _start(call: Call) -> int:
    token = call.headers.get("x-continuation-token")
    if not token:
        return 0
    try:
        word, _, number = _unpacked(token).decode().partition(" ")
        if word == "from":
            return int(number)
    except ValueError:
        pass
    raise Refused(21418, "Przekazany token kontynuacji ma nieprawidłowy format.")


def unpacked_base64(text: str, what: str) -> bytes:
    """What a text in base64 says.

    Raises:
        Refused: it is none.

    """
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise not_valid(f"{what} nie jest zakodowane w Base64.") from None
