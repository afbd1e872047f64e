"""The line of an account to KSeF: signed in where that is needed, as often and as fast as is allowed."""

import datetime as dt
import functools
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar

from faktura import __version__
from faktura.core.ksef.connection import (
    NEEDED,
    KsefConnection,
    Right,
    Secret,
    note_refresh_token,
    note_sign_in,
    put_out,
    required_connection,
    secret_of,
)
from faktura.core.ksef.pace import Sort
from faktura.outside.ksef.calling import FORBIDDEN, UNAUTHORIZED, AtWork, Caller, Turns
from faktura.outside.ksef.failures import NoRight, Refused
from faktura.outside.ksef.signing_in import OK, Opener, Pass, Tokens, moment, renew, rights_of, sign_in

if TYPE_CHECKING:
    from ksef_client import KsefClient
    from ksef_client.models import PublicKeyCertificate

T = TypeVar("T")

Usage = Literal["KsefTokenEncryption", "SymmetricKeyEncryption"]
"""What a key of KSeF's own hides: tokens that one signs in by, or the keys of sessions and exports."""

DAY = dt.timedelta(days=1)

EARLY = dt.timedelta(minutes=1)
"""A pass is renewed so long before it ends."""

ONCE_MORE = frozenset({21111, 21470})
"""What a whole sign-in begins again after: the challenge was too old, or the key of KSeF."""

RIGHT_FOR: Mapping[Sort, Right] = {
    "send": "InvoiceWrite",
    "session": "InvoiceWrite",
    "batch": "InvoiceWrite",
    "metadata": "InvoiceRead",
    "export": "InvoiceRead",
    "export_status": "InvoiceRead",
    "download": "InvoiceRead",
}


class Held(NamedTuple):
    """A pass, and what it was got by."""

    got_by: tuple[object, ...]
    opens: Pass


class Ksef:
    """KSeF as this process reaches it: passes and KSeF's own keys are kept in its memory alone.

    The `secret_key` opens what is sealed. The certificates of an `authority` in a file are trusted beside those of the
    system, for a double.
    """

    def __init__(self, secret_key: str, authority: str = "") -> None:
        self.secret_key = secret_key
        self.turns = Turns()
        self._authority = authority
        self._clients: dict[tuple[str, str], KsefClient] = {}
        self._passes: dict[int, Held] = {}
        self._keys: dict[str, tuple[dt.datetime, list[PublicKeyCertificate]]] = {}
        self._signing_in: dict[int, threading.Lock] = {}
        self._changing = threading.Lock()

    def line(self, errand: AtWork) -> "Line":
        """That of the account that a job is done for, active or not.

        Raises:
            WrongState: it has no connection.

        """
        return Line(self, errand, errand.read(required_connection))

    def client(self, connection: KsefConnection) -> "KsefClient":
        from ksef_client import KsefClient, KsefClientOptions  # noqa: PLC0415 (not without KSeF)

        where = connection.api_url, connection.status_url
        with self._changing:
            if where not in self._clients:
                options = KsefClientOptions(
                    connection.api_url,
                    base_qr_url=connection.qr_url,
                    base_lighthouse_url=connection.status_url,
                    verify_ssl=self._trusted(),  # type: ignore[arg-type]  # (handed on to what takes a context, too)
                    user_agent=f"faktura/{__version__}",
                )
                self._clients[where] = KsefClient(options)
            return self._clients[where]

    def signing_in(self, account_id: int) -> threading.Lock:
        """Nobody else of an account signs in meanwhile."""
        with self._changing:
            return self._signing_in.setdefault(account_id, threading.Lock())

    def held(self, account_id: int, got_by: tuple[object, ...]) -> Pass | None:
        held = self._passes.get(account_id)
        return held.opens if held is not None and held.got_by == got_by else None

    def hold(self, account_id: int, held: Held) -> None:
        self._passes[account_id] = held

    def keys(
        self, api_url: str, now: dt.datetime, ask: "Callable[[], list[PublicKeyCertificate]]"
    ) -> "list[PublicKeyCertificate]":
        """KSeF's own, which hold for a day."""
        until, keys = self._keys.get(api_url, (now, []))
        if until <= now or not keys:
            keys = ask()
            self._keys[api_url] = now + DAY, keys
        return keys

    def close(self) -> None:
        """End the connections that are kept open for the next call."""
        with self._changing:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def forget_keys(self, api_url: str) -> None:
        self._keys.pop(api_url, None)

    def _trusted(self) -> object:
        import ssl  # noqa: PLC0415 (not without KSeF)

        return ssl.create_default_context(cafile=self._authority) if self._authority else True


class Line:
    """Calls KSeF as the firm of an account; `connection` is as it was read when the line was opened."""

    def __init__(self, ksef: Ksef, errand: AtWork, connection: KsefConnection) -> None:
        self.connection = connection
        self._ksef = ksef
        self._errand = errand
        self._caller = Caller(ksef.client(connection), ksef.turns, errand)

    def call(self, sort: Sort, ask: "Callable[[KsefClient, str], T]") -> T:
        """What KSeF answers to whoever has an access token: `ask(client, access_token)` calls its library once.

        Where the token is no longer good it is renewed, then got by a whole sign-in, and then given up.

        Raises:
            Rests: as many calls were made as may be; nothing was called, and nothing is until then.
            Unreachable: nobody answered as agreed; the call may have arrived.
            NoRight: KSeF does not let the firm in, or not to this; the connection is inactive from now on.
            Refused: KSeF understood, and does not do it.
            WrongState: the account has no connection any more.

        """
        refused, why = "", ""
        for get in (self._pass, self._renewed, self._new):
            access = get(refused)
            try:
                return self._caller.make(sort, functools.partial(_with_token, ask, access))
            except Refused as refusal:
                if refusal.status == FORBIDDEN:
                    raise self._shut_out(RIGHT_FOR.get(sort), refusal) from None
                if refusal.status != UNAUTHORIZED:
                    raise
                refused, why = access, str(refusal)
        raise self._given_up(why)

    def calls_left(self, sort: Sort) -> int:
        """How many more of a sort may be made within this hour."""
        return self._caller.left(sort)

    def ask(self, question: "Callable[[KsefClient], T]") -> T:
        """The same of what KSeF tells anybody, without a token."""
        return self._caller.make("sign_in", question)

    def public_key(self, usage: Usage) -> "PublicKeyCertificate":
        """The newest of KSeF's own keys that hides such things.

        Raises:
            Refused: it has none.

        """
        now, api_url = self._errand.clock.now(), self.connection.api_url
        known = self._ksef.keys(api_url, now, lambda: self.ask(lambda c: c.security.get_public_key_certificates()))
        fitting = [
            key
            for key in known
            if usage in {of.value for of in key.usage} and moment(key.valid_from) <= now < moment(key.valid_to)
        ]
        if not fitting:
            raise Refused(OK, 0, f"KSeF has no key for {usage}")
        return max(fitting, key=lambda key: moment(key.valid_from))

    def forget_public_keys(self) -> None:
        """Ask for them again: KSeF has others by now."""
        self._ksef.forget_keys(self.connection.api_url)

    def secret(self, name: Secret) -> str | None:
        """A secret of the connection in the clear; None where it has none.

        Raises:
            NoRight: it was sealed by another key; the connection is inactive from now on.

        """
        if getattr(self.connection, name) is None:
            return None
        text = secret_of(self.connection, name, self._ksef.secret_key)
        if text is None:
            raise self._given_up("key_lost")
        return text

    def check(self) -> tuple[Right, ...] | None:
        """Sign in from the beginning, and write down with which rights; those that are needed, None for not said.

        Raises:
            NoRight: KSeF does not let the firm in, or a right is missing.
            Rests, Unreachable: as for `call`.

        """
        rights = rights_of(self._caller, self._new(""))
        self._errand.write(lambda books: note_sign_in(books, rights))
        if rights is not None and (missing := [right for right in NEEDED if right not in rights]):
            raise NoRight(missing[0], f"no_right {' '.join(missing)}")
        return rights

    def _pass(self, _refused: str) -> str:
        """The one that is at hand, or another."""
        held = self._ksef.held(self._errand.account_id, self._got_by)
        if held is not None and held.until - EARLY > self._errand.clock.now():
            return held.token
        return self._renewed("")

    def _renewed(self, refused: str) -> str:
        """Another than the one that was refused, without a whole sign-in where that is enough."""
        with self._ksef.signing_in(self._errand.account_id):
            held = self._ksef.held(self._errand.account_id, self._got_by)
            if held is not None and held.token != refused and held.until - EARLY > self._errand.clock.now():
                return held.token
            refresh_token = self._refresh_token()
            if refresh_token is not None:
                try:
                    return self._hold(renew(self._caller, refresh_token))
                except Refused:
                    pass  # it was put out, and a whole sign-in is needed
            return self._signed_in()

    def _new(self, _refused: str) -> str:
        with self._ksef.signing_in(self._errand.account_id):
            return self._signed_in()

    def _signed_in(self) -> str:
        try:
            tokens = self._signed_in_once_more()
        except Refused as refusal:
            raise self._given_up(str(refusal)) from None
        key, refresh = self._ksef.secret_key, tokens.refresh
        self._errand.write(lambda books: note_refresh_token(books, refresh.token, refresh.until, key))
        return self._hold(tokens.access)

    def _signed_in_once_more(self) -> Tokens:
        try:
            return sign_in(self._caller, self.connection, self._opener())
        except Refused as refusal:
            if refusal.code not in ONCE_MORE:
                raise
            self.forget_public_keys()
            return sign_in(self._caller, self.connection, self._opener())

    def _opener(self) -> Opener:
        if self.connection.method == "token":
            return Opener(self.secret("token") or "", self.public_key("KsefTokenEncryption"))
        until = self.connection.certificate_until
        if until is not None and until <= self._errand.clock.now():
            raise self._given_up("certificate_ended")
        return Opener(private_key=self.secret("private_key") or "")

    def _refresh_token(self) -> str | None:
        """The one that was kept last, by whichever process; None where it is over, or of no use here."""
        now, kept = self._errand.clock.now(), self._errand.read(required_connection)
        if kept.refresh_until is None or kept.refresh_until <= now:
            return None
        return secret_of(kept, "refresh_token", self._ksef.secret_key)

    @property
    def _got_by(self) -> tuple[object, ...]:
        connection = self.connection
        return connection.api_url, connection.tax_no, connection.token, connection.certificate

    def _hold(self, opens: Pass) -> str:
        self._ksef.hold(self._errand.account_id, Held(self._got_by, opens))
        return opens.token

    def _shut_out(self, right: Right | None, refusal: Refused) -> NoRight:
        """Without a right that is needed nothing goes on; without another one only what was asked for does not."""
        if right is not None:
            self._errand.write(lambda books: put_out(books, f"no_right {right}"))
        return NoRight(right, refusal.text)

    def _given_up(self, why: str) -> NoRight:
        self._errand.write(lambda books: put_out(books, why))
        return NoRight(None, why)


def _with_token(ask: "Callable[[KsefClient, str], T]", access: str, client: "KsefClient") -> T:
    return ask(client, access)
