"""What requests of this dialect have of their own in the common frame (section 1): tokens, headers, query and body."""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import falcon

from faktura.core.errors import Given, NotAllowed, NotFound
from faktura.core.people import tokens
from faktura.core.people.hashes import secret_hash
from faktura.core.people.tokens import Visitor
from faktura.core.people.users import User
from faktura.dialects.fakturoid.door import errors
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.paging import PAGE_LENGTH, offset_of
from faktura.store.errors import Unavailable
from faktura.store.queries import Selection
from faktura.store.records import Tenant
from faktura.wire import calls, doors
from faktura.wire.conditional import etag
from faktura.wire.endpoints import Answer, Parameter
from faktura.wire.fields import Shape, Unreadable
from faktura.wire.rate_limit import WINDOW, Allowance
from faktura.wire.rendered import encode
from faktura.wire.requests import FORM, JSON, media_type, parse_form, parse_json, parse_query
from faktura.wire.safety import Headers

S = TypeVar("S")
T = TypeVar("T", bound=Tenant)

UNAUTHORIZED = 401


class Call(calls.Call):
    """One request on its way through an endpoint of this dialect."""

    user: User
    query: dict[str, Any]
    body: dict[str, Any]
    language = "cs"

    def admit(self) -> None:
        endpoint, request, modes = self.endpoint, self.request, self.service.modes
        if not request.user_agent:
            raise errors.missing_user_agent()
        if not (_accepts_json(request.get_header("Accept")) or endpoint.sends_file):
            raise errors.not_acceptable()
        if self.brings_body and not self._is_readable():
            raise errors.unreadable_type()
        if not endpoint.public:
            self.secret = _bearer(request)
        # Signing in stays open: without tokens, reads would not keep working either.
        if modes.read_only and endpoint.writes and not endpoint.public:
            raise errors.read_only_mode()
        if modes.busy_search and endpoint.searches:
            raise errors.busy_search()
        query = request.query_string
        self.query = _read_query(endpoint.parameters, parse_query(query)) if query else {}

    def identify(self) -> Visitor | None:
        slug = self.ids.get("slug")
        if slug is None:
            user = tokens.user_with_token(self.office, self.secret)
            if user is None:
                raise errors.no_token()
            self.user = user
            return None
        if "\0" in slug:
            raise NotFound(slug)
        visitor = self._visitor(slug)
        if visitor is None or visitor.expires_at <= self.office.now:
            raise errors.no_token()
        self.expires_at = visitor.expires_at
        self.language = visitor.language
        return visitor

    def check_rights(self, caller: Visitor) -> None:
        endpoint = self.endpoint
        if self.writes and not caller.may_write:
            raise NotAllowed
        if endpoint.scope and endpoint.scope not in caller.scopes:
            raise NotAllowed

    @property
    def brings_body(self) -> bool:
        """A read has nothing to say in a body, whatever stands there."""
        return self.writes and super().brings_body

    def read(self, body: bytes) -> None:
        """Where the endpoint takes nothing, the body must make sense all the same."""
        self.body = self._object_in(body) if body else {}

    def _is_readable(self) -> bool:
        """JSON it must be said to be, or a form where those are taken (1.2); a lenient server takes it unsaid."""
        said = media_type(self.request)
        if said == FORM:
            return self.endpoint.forms
        return said == JSON or said.endswith("+json") or (not said and self.service.lenient_content_type)

    def _object_in(self, body: bytes) -> dict[str, Any]:
        if media_type(self.request) == FORM:
            return dict(parse_form(body))
        value = parse_json(body)
        if isinstance(value, dict):
            return value
        if self.endpoint.takes is None:
            return {}
        raise errors.no_object()

    def attributes_sent(self) -> dict[str, Any]:
        return self.attributes(self.endpoint.takes) if self.endpoint.takes is not None else {}

    def carried(self) -> tuple[Any, ...]:
        return self.request.query_string, self.body

    @property
    def view(self) -> View:
        pages = self.service.pages_url(self.request.forwarded_scheme, self.request.forwarded_host)
        return View(self.base_url + self.request.root_path, pages, self.account, self.service.secret_key)

    @property
    def base_url(self) -> str:
        """The address that links of the answer begin with."""
        return self.service.base_url(self.request.forwarded_scheme, self.request.forwarded_host)

    def given(self, shape: Shape[Any, View]) -> Given:
        """The body's values by attribute of the core; a body wrapped in the resource's name is unwrapped (1.8)."""
        return shape.read(self.attributes(shape))

    def attributes(self, shape: Shape[Any, View]) -> dict[str, Any]:
        """The body as it was sent, unwrapped."""
        inner = self.body.get(shape.name)
        return inner if len(self.body) == 1 and isinstance(inner, dict) else self.body

    def page(self, shape: Shape[T, View], chosen: Selection) -> Answer:
        """The page of 40 that the query asks for (1.5)."""
        stamps = self.books.stamps(shape.record, chosen, PAGE_LENGTH, offset_of(self.query))
        view = self.view
        found = self.service.rendered.many(self.books, shape, view, self._kept(shape, view), stamps)
        return Answer(200, b"[" + b",".join(found) + b"]")

    def one(self, shape: Shape[T, View], record_id: int, among: Callable[[T], bool] | None = None) -> Answer:
        """The record as it is kept rendered, or rendered now, where it is `among` those of the resource."""
        view = self.view
        version, found = self.service.rendered.one(self.books, shape, view, self._kept(shape, view), record_id, among)
        return self._tagged(200, found, version)

    def shown(self, shape: Shape[S, View], record: S) -> Answer:
        """A record at hand: just changed, or of a kind that is not kept rendered."""
        version = getattr(record, "version", None)
        return Answer(200, show=lambda: self._tagged(200, encode(shape.show(record, self.view)), version))

    def created(self, shape: Shape[T, View], record: T, at: str = "") -> Answer:
        """A record just created, with its address as Location (1.8); `at` is that of one which does not tell it."""

        def show() -> Answer:
            view = self.view
            shown = shape.show(record, view)
            return self._tagged(201, encode(shown), record.version, f"{view.api_url}/{at}" if at else shown["url"])

        return Answer(201, show=show)

    def _tagged(self, status: int, shown: bytes, version: int | None, location: str | None = None) -> Answer:
        headers = () if version is None else (("ETag", etag(version, self.account.version)),)
        return Answer(status, shown, location, headers)

    def _kept(self, shape: Shape[T, View], view: View) -> Hashable:
        """Answers hold addresses, and what the account says where the record says nothing."""
        return shape.name, view.api_url, self.account.id, self.account.version

    def _visitor(self, slug: str) -> Visitor | None:
        key = (secret_hash(self.secret), slug)
        return self.known(key, lambda: tokens.visitor_with_token(self.office, self.secret, slug))


class Door(doors.Door):
    """Answers the requests of the dialect."""

    call = Call

    def quota_name(self, request: falcon.Request) -> str:  # noqa: ARG002 (the frame's signature)
        return "all"

    def rate_headers(self, left: Allowance) -> Headers:
        """On every answer (1.4)."""
        told = (
            ("X-RateLimit-Policy", f"default;q={left.quota};w={WINDOW}"),
            ("X-RateLimit", f"default;r={left.remaining};t={left.resets_in}"),
        )
        return told if left.allowed else (*told, ("Retry-After", str(left.resets_in)))

    def too_many(self, left: Allowance) -> Exception:  # noqa: ARG002 (the frame's signature)
        return errors.too_many_requests()

    def refusal(self, error: Exception, call: Call) -> Answer:
        status, body = errors.answer(error, call.language, call.endpoint.takes)
        headers: Headers = (("WWW-Authenticate", "Bearer"),) if status == UNAUTHORIZED else ()
        if isinstance(error, Unavailable):
            headers = (("Retry-After", str(error.retry_after)),)
        return Answer(status, body, headers=headers)


def _accepts_json(accept: str | None) -> bool:
    """Only an Accept that names neither JSON nor a wildcard is refused (C21)."""
    return not accept or "json" in accept or "*" in accept


def _bearer(request: falcon.Request) -> str:
    scheme, _, secret = (request.get_header("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise errors.no_token()
    return secret.strip()


def _read_query(known: tuple[Parameter, ...], pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """The values of the parameters that the endpoint knows; others are passed over (1.5)."""
    sent = dict(pairs)
    query = {}
    for parameter in known:
        text = sent.get(parameter.name)
        if text is None:
            continue
        try:
            query[parameter.name] = parameter.kind.read(text)
        except Unreadable:
            raise errors.invalid_parameter(parameter.name) from None
    return query
