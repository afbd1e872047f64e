"""KSeF's double as one WSGI application: whoever asks is counted, let in or not, and answered by what stands beside."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef import (
    allowances,
    batches,
    certificates,
    collective,
    exports,
    handing,
    latarnia,
    pages,
    queries,
    sessions,
    signing_in,
    tokens,
)
from faktura.sandbox.outside.ksef.calls import Answer, Call, Refusal, Reply, Stopped, TooMany, not_allowed, told
from faktura.sandbox.outside.ksef.held import Full, Held, Stored
from faktura.sandbox.outside.ksef.keys import KeyPair
from faktura.sandbox.outside.ksef.limits import UNLIMITED, Line
from faktura.sandbox.outside.ksef.standing import Handed, Standing
from faktura.sandbox.outside.ksef.system import OWNERS_RIGHTS, Asked, System

BESIDE = ("/latarnia/", "/qr/")
"""Services of their own, which stand when the API does not."""

STORAGE = "/storage/"

TAKEN = 202

SLOW = 5.0
"""Seconds: longer than a page waits."""

REST = 30
"""Seconds that whoever is told to come later is told to wait."""

Handle = Callable[[System, Asked], Answer]

WRITE = ("InvoiceWrite", "Introspection")
READ = ("InvoiceRead",)
SEND = ("InvoiceWrite",)
PAY = ("CollectiveIdentifierManage",)

COLLECTIVE = "collectiveIdentifier"


class Route(NamedTuple):
    """Who may ask what: by no token, by that of an operation, of access, or by the one that renews it."""

    method: str
    path: str
    sort: str
    handle: Handle
    by: Literal["nothing", "OperationToken", "ContextToken", "RefreshToken", "link"] = "ContextToken"
    rights: tuple[str, ...] = ()


def _public_keys(system: System, _asked: Asked) -> Answer:
    return told([one.shown() for one in system.keys.public])


ROUTES: tuple[Route, ...] = (
    Route("GET", "/v2/security/public-key-certificates", "anonymous", _public_keys, "nothing"),
    Route("POST", "/v2/auth/challenge", "anonymous", signing_in.challenge, "nothing"),
    Route("POST", "/v2/auth/xades-signature", "anonymous", signing_in.by_signature, "nothing"),
    Route("POST", "/v2/auth/ksef-token", "anonymous", signing_in.by_token, "nothing"),
    Route("POST", "/v2/auth/token/redeem", "anonymous", signing_in.redeem, "OperationToken"),
    Route("POST", "/v2/auth/token/refresh", "anonymous", signing_in.renew, "RefreshToken"),
    Route("GET", "/v2/auth/sessions", "other", signing_in.active),
    Route("DELETE", "/v2/auth/sessions/current", "other", signing_in.end_current),
    Route("DELETE", "/v2/auth/sessions/{}", "other", signing_in.end),
    Route("GET", "/v2/auth/{}", "anonymous", signing_in.status, "OperationToken"),
    Route("POST", "/v2/sessions/online", "onlineSession", sessions.open_online, rights=SEND),
    Route("POST", "/v2/sessions/online/{}/invoices", "invoiceSend", sessions.send, rights=SEND),
    Route("POST", "/v2/sessions/online/{}/close", "onlineSessionClose", sessions.close_online, rights=SEND),
    Route("GET", "/v2/sessions", "sessionList", sessions.list_sessions, rights=WRITE),
    Route("GET", "/v2/sessions/{}", "sessionMisc", sessions.show, rights=WRITE),
    Route("GET", "/v2/sessions/{}/invoices", "sessionInvoiceList", sessions.list_invoices, rights=WRITE),
    Route("GET", "/v2/sessions/{}/invoices/failed", "sessionInvoiceList", sessions.list_failed, rights=WRITE),
    Route("GET", "/v2/sessions/{}/invoices/{}", "invoiceStatus", sessions.show_invoice, rights=WRITE),
    Route("GET", "/v2/sessions/{}/invoices/{}/upo", "sessionMisc", sessions.receipt_by_reference, rights=WRITE),
    Route("GET", "/v2/sessions/{}/invoices/ksef/{}/upo", "sessionMisc", sessions.receipt_by_number, rights=WRITE),
    Route("GET", "/v2/sessions/{}/upo/{}", "sessionMisc", sessions.receipt_of_session, rights=WRITE),
    Route("GET", "/storage/upo/{}/{}", UNLIMITED, sessions.receipt_by_link, "link"),
    Route("POST", "/v2/sessions/batch", "batchSession", batches.open_batch, rights=SEND),
    Route("POST", "/v2/sessions/batch/{}/close", "batchSessionClose", batches.close, rights=SEND),
    Route("PUT", "/storage/batch/{}/{}", UNLIMITED, batches.upload, "link"),
    Route("GET", "/v2/invoices/ksef/{}", "invoiceDownload", queries.show, rights=READ),
    Route("POST", "/v2/invoices/query/metadata", "invoiceMetadata", queries.query, rights=READ),
    Route("POST", "/v2/invoices/exports", "invoiceExport", exports.begin, rights=READ),
    Route("GET", "/v2/invoices/exports/{}", "invoiceExportStatus", exports.show, rights=READ),
    Route("GET", "/storage/exports/{}/{}", UNLIMITED, exports.download, "link"),
    Route("POST", "/v2/collective-identifiers", COLLECTIVE, collective.generate, rights=PAY),
    Route("POST", "/v2/collective-identifiers/query", COLLECTIVE, collective.query, rights=PAY),
    Route("POST", "/v2/collective-identifiers/invoices", COLLECTIVE, collective.list_invoices, rights=PAY),
    Route("GET", "/v2/collective-identifiers/ksef/{}", COLLECTIVE, collective.list_of_invoice, rights=PAY),
    Route("GET", "/latarnia/status", UNLIMITED, latarnia.status, "nothing"),
    Route("GET", "/latarnia/messages", UNLIMITED, latarnia.messages, "nothing"),
    Route("GET", "/qr/invoice/{}/{}/{}", UNLIMITED, pages.invoice, "nothing"),
    Route("GET", "/qr/certificate/{}/{}/{}/{}/{}/{}", UNLIMITED, pages.certificate, "nothing"),
    Route("GET", "/v2/certificates/limits", "other", certificates.limits),
    Route("GET", "/v2/certificates/enrollments/data", "other", certificates.data),
    Route("POST", "/v2/certificates/enrollments", "other", certificates.enrol),
    Route("GET", "/v2/certificates/enrollments/{}", "other", certificates.enrolment),
    Route("POST", "/v2/certificates/retrieve", "other", certificates.retrieve),
    Route("POST", "/v2/certificates/query", "other", certificates.query),
    Route("POST", "/v2/certificates/{}/revoke", "other", certificates.revoke),
    Route("PUT", "/v2/testdata/certificates/{}", "other", certificates.set_end),
    Route("GET", "/v2/rate-limits", "other", allowances.rate_limits),
    Route("GET", "/v2/limits/context", "other", allowances.context_limits),
    Route("GET", "/v2/limits/subject", "other", allowances.subject_limits),
    Route("POST", "/v2/permissions/query/personal/grants", "other", allowances.own_rights),
    Route("POST", "/v2/testdata/rate-limits", "other", allowances.set_rate_limits),
    Route("DELETE", "/v2/testdata/rate-limits", "other", allowances.usual_rate_limits),
    Route("POST", "/v2/testdata/rate-limits/production", "other", allowances.usual_rate_limits),
    Route("POST", "/v2/testdata/permissions", "anonymous", allowances.grant, "nothing"),
    Route("POST", "/v2/testdata/permissions/revoke", "anonymous", allowances.take_back, "nothing"),
    Route("POST", "/v2/testdata/context/block", "anonymous", allowances.block, "nothing"),
    Route("POST", "/v2/testdata/context/unblock", "anonymous", allowances.unblock, "nothing"),
    Route("POST", "/v2/testdata/subject", "anonymous", allowances.taken_as_said, "nothing"),
    Route("POST", "/v2/testdata/subject/remove", "anonymous", allowances.taken_as_said, "nothing"),
    Route("POST", "/v2/testdata/person", "anonymous", allowances.taken_as_said, "nothing"),
    Route("POST", "/v2/testdata/person/remove", "anonymous", allowances.taken_as_said, "nothing"),
    Route("POST", "/v2/tokens", "other", tokens.generate),
    Route("GET", "/v2/tokens", "other", tokens.list_tokens),
    Route("GET", "/v2/tokens/{}", "other", tokens.show),
    Route("DELETE", "/v2/tokens/{}", "other", tokens.revoke),
)
"""In the order that they are tried in."""


class Double:
    """KSeF for whoever asks at `base`; `standing` says how it is, and may be set at any time.

    Its clock is the one given.
    """

    def __init__(self, clock: Clock, base: str) -> None:
        self._system = System(clock, base.rstrip("/"))

    @property
    def base(self) -> str:
        """Its address; the API is `/v2` below, pages of codes `/qr`, Latarnia `/latarnia`."""
        return self._system.base

    @property
    def standing(self) -> Standing:
        return self._system.standing

    @standing.setter
    def standing(self, standing: Standing) -> None:
        with self._system.lock:
            self._system.standing = standing

    @property
    def invoices(self) -> list[Stored]:
        """All that have a number, in the order in which they were stored."""
        with self._system.lock:
            return list(self._system.held.invoices.values())

    @property
    def counts(self) -> Counter[str]:
        """Every call that reached the double, by KSeF's own names of sorts."""
        return self._by_sort(self._system.held.calls.made)

    @property
    def refusals(self) -> Counter[str]:
        """Calls above a limit."""
        return self._by_sort(self._system.held.calls.refused)

    @property
    def early_calls(self) -> Counter[str]:
        """Calls before the time that `Retry-After` had said."""
        return self._by_sort(self._system.held.calls.early)

    def _by_sort(self, calls: Counter[Line]) -> Counter[str]:
        counted: Counter[str] = Counter()
        with self._system.lock:
            for line, count in calls.items():
                counted[line.sort] += count
        return counted

    def certificate(
        self,
        tax_no: str,
        sort: Literal["Authentication", "Offline"] = "Authentication",
        days: int = 730,
        name: str = "Firma przykładowa",
    ) -> KeyPair:
        """A certificate that the double gives a firm, with its key."""
        with self._system.lock:
            return certificates.given(self._system, tax_no, sort, days, name)

    def token(self, tax_no: str, rights: Sequence[str] = OWNERS_RIGHTS) -> str:
        """A token that the firm signs in by."""
        with self._system.lock:
            return tokens.given(self._system, tax_no, rights, "Token symulatora")[1]

    def hand_in(self, *handed: Handed, now: dt.datetime | None = None) -> list[str]:
        """Have others send invoices, at once or at that instant, all or none; their numbers.

        Raises:
            Rejected: KSeF would not take one of them; says why.

        """
        with self._system.lock:
            return handing.hand_in(self._system, handed, now or self._system.now())

    def keep(self) -> tuple[Standing, Held | None]:
        """What a checkpoint keeps; the keys stay what they are."""
        with self._system.lock:
            return self._system.standing, self._system.held.copied()

    def bring_back(self, kept: tuple[Standing, Held | None]) -> None:
        """What was kept; it held nothing where none of it was kept."""
        with self._system.lock:
            standing, held = kept
            self._system.standing = standing
            self._system.held = Held() if held is None else held.copied()
            self._system.packages.clear()

    def reply(self, call: Call) -> Reply:
        system = self._system
        with system.lock:
            standing = system.standing
            if call.path.startswith(BESIDE):
                return Reply(self._answer(call))
            if standing.state == "down":
                return Reply(None)
            pause = SLOW if standing.state == "slow" else 0
            answer = self._answer(call)
            lost = system.take("lose_answers")
            if answer.status == TAKEN and call.path.endswith("/invoices"):
                lost = system.take("drop_after_post") or lost
            return Reply(None if lost else answer, pause)

    def _answer(self, call: Call) -> Answer:
        now = self._system.now()
        try:
            return self._found(call, now)
        except Refusal as refusal:
            return refusal.answer(call, now)
        except Full:
            return Stopped(503, "Service Unavailable", "Pamięć symulatora jest pełna.").answer(call, now)

    def _found(self, call: Call, now: dt.datetime) -> Answer:
        system = self._system
        route, path = _route(call)
        if route.by == "link":
            system.require_link(call, call.path.removeprefix(STORAGE))
            system.held.calls.count(Line(call.address, UNLIMITED), now, limited=False)
            return route.handle(system, Asked(call, path, now))
        if route.sort == UNLIMITED:
            return route.handle(system, Asked(call, path, now))
        self._fail_as_ordered(call, route)
        sign_in = None if route.by == "nothing" else system.sign_in_by(route.by, call, now)
        subject = call.address if sign_in is None or route.sort == "anonymous" else sign_in.tax_no
        system.held.calls.count(Line(subject, route.sort), now, limited=system.standing.limits)
        if sign_in is not None and route.by == "ContextToken":
            system.require_right(sign_in, route.rights)
        return route.handle(system, Asked(call, path, now, sign_in))

    def _fail_as_ordered(self, call: Call, route: Route) -> None:
        system = self._system
        if system.standing.state == "maintenance":
            raise Stopped(503, "Service Unavailable", "Trwają prace serwisowe.")
        ordered = system.take_first("refuse_next")
        if ordered is None:
            return
        system.held.calls.made[Line(call.address, route.sort)] += 1
        if ordered == 429:  # noqa: PLR2004 (too many)
            raise TooMany(f"Przekroczono limit żądań. Spróbuj ponownie po {REST} sekundach.", REST)
        if ordered == 403:  # noqa: PLR2004 (not allowed)
            raise not_allowed("missing-permissions", "Brak wymaganych uprawnień.")
        raise Stopped(ordered, f"Błąd {ordered}", f"Status {ordered} na żądanie sterowania.")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer as a WSGI application, mounted where `base` says.

        Raises:
            ConnectionAbortedError: the connection is to end without an answer.

        """
        reply = self.reply(_call(environ))
        time.sleep(reply.pause)
        if reply.answer is None:
            raise ConnectionAbortedError
        answer = reply.answer
        content = [("Content-Type", answer.content_type)] if answer.content_type else []
        length = [("Content-Length", str(len(answer.body)))]
        start_response(f"{answer.status} KSeF", [*content, *length, *answer.headers])
        return [answer.body]


def double(clock: Clock, base: str) -> Double:
    """A double that holds nothing yet."""
    return Double(clock, base)


def _route(call: Call) -> tuple[Route, tuple[str, ...]]:
    parts = call.path.strip("/").split("/")
    for route in ROUTES:
        pattern = route.path.strip("/").split("/")
        if route.method == call.method and len(pattern) == len(parts):
            pairs = list(zip(pattern, parts, strict=True))
            if all(one in {"{}", part} for one, part in pairs):
                return route, tuple(part for one, part in pairs if one == "{}")
    raise Stopped(404, "Not Found", "Nie ma takiego zasobu.")


def _call(environ: dict[str, Any]) -> Call:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return Call(
        environ["REQUEST_METHOD"],
        environ.get("PATH_INFO", ""),
        parse_qs(environ.get("QUERY_STRING", "")),
        headers,
        environ["wsgi.input"].read(length) if length else b"",
        environ.get("REMOTE_ADDR", ""),
    )
