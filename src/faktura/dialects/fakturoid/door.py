"""How every request of the dialect is answered: section 1, in the order of its rules."""

from collections.abc import Hashable, Iterable
from contextlib import nullcontext
from typing import Any, TypeVar

import falcon

from faktura.core import credentials
from faktura.core.books import Books
from faktura.core.credentials import Visitor, secret_hash
from faktura.core.errors import Blocked, Given, NotAllowed, NotFound
from faktura.core.office import Office
from faktura.core.users import User
from faktura.dialects.fakturoid import errors
from faktura.dialects.fakturoid.links import View
from faktura.dialects.fakturoid.paging import PAGE_LENGTH, offset_of
from faktura.store.queries import Selection
from faktura.store.records import Tenant
from faktura.store.transaction import Transaction
from faktura.wire.conditional import etag, guarded_records, require_version, spared
from faktura.wire.endpoints import Answer, Endpoint, Parameter
from faktura.wire.fields import Shape, Unreadable
from faktura.wire.idempotency import answered_once, fingerprint_of, key_of
from faktura.wire.rendered import encode
from faktura.wire.requests import FORM, parse_form, parse_json, parse_query, read_body, read_id
from faktura.wire.service import Service

S = TypeVar("S")
T = TypeVar("T", bound=Tenant)

JSON = "application/json; charset=utf-8"


class Call:
    """One request on its way through an endpoint: what it asks, and by whose right."""

    def __init__(self, service: Service, endpoint: Endpoint, request: falcon.Request, ids: dict[str, str]) -> None:
        self.service = service
        self.endpoint = endpoint
        self.request = request
        self.ids = ids
        self.query: dict[str, Any] = {}
        self.body: dict[str, Any] = {}
        self.secret = ""
        self.language = "cs"

    def begin(self, tx: Transaction) -> None:
        self.office = Office(tx, self.service.clock.now())

    def enter(self) -> None:
        """Check the credentials in this transaction, and open the books of the account that the path names."""
        tx, now = self.office.tx, self.office.now
        slug = self.ids.get("slug")
        if slug is None:
            user = credentials.user_with_token(self.office, self.secret)
            if user is None:
                raise errors.no_token()
            self.user: User = user
            return
        if "\0" in slug:
            raise NotFound(slug)
        visitor = self._visitor(slug)
        if visitor is None or visitor.expires_at <= now:
            raise errors.no_token()
        self.language = visitor.language
        account = self.service.account(self.office, visitor.account_id, visitor.account_version)
        if account.blocked:
            raise Blocked(account.unpaid_invoices)
        if self.endpoint.writes and not visitor.may_write:
            raise NotAllowed
        if self.endpoint.scope and self.endpoint.scope not in visitor.scopes:
            raise NotAllowed
        self.account = account
        self.books = Books(tx, account, visitor.user_id, now)

    @property
    def id(self) -> int:
        """The record that the path names.

        Raises:
            NotFound: what stands there cannot be an id.

        """
        return read_id(self.ids["id"])

    @property
    def view(self) -> View:
        base = self.base_url
        return View(base + self.request.root_path, base, self.account)

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

    def one(self, shape: Shape[T, View], record_id: int) -> Answer:
        """The record as it is kept rendered, or rendered now."""
        view = self.view
        version, found = self.service.rendered.one(self.books, shape, view, self._kept(shape, view), record_id)
        return self._tagged(200, found, version)

    def shown(self, shape: Shape[S, View], record: S) -> Answer:
        """A record at hand: just changed, or of a kind that is not kept rendered."""
        return self._tagged(200, encode(shape.show(record, self.view)), getattr(record, "version", None))

    def created(self, shape: Shape[T, View], record: T) -> Answer:
        """A record just created, with its address as Location (1.8)."""
        shown = shape.show(record, self.view)
        return self._tagged(201, encode(shown), record.version, shown["url"])

    def _tagged(self, status: int, shown: bytes, version: int | None, location: str | None = None) -> Answer:
        headers = () if version is None else (("ETag", etag(version, self.account.version)),)
        return Answer(status, shown, location, headers)

    def _kept(self, shape: Shape[T, View], view: View) -> Hashable:
        """Answers hold addresses, and what the account says where the record says nothing."""
        return shape.name, view.api_url, self.account.id, self.account.version

    def _visitor(self, slug: str) -> Visitor | None:
        database, visitors = self.service.database, self.service.visitors
        key = (secret_hash(self.secret), slug)
        return visitors.recall(database, key) or visitors.look_up(
            database, key, lambda: credentials.visitor_with_token(self.office, self.secret, slug)
        )


class Door:
    """Answers the requests of the dialect."""

    def __init__(self, service: Service, name: str, endpoints: Iterable[Endpoint]) -> None:
        self.service = service
        self.name = name
        self._guarded = guarded_records(endpoints)

    def respond(
        self, endpoint: Endpoint, request: falcon.Request, response: falcon.Response, ids: dict[str, str]
    ) -> None:
        call = Call(self.service, endpoint, request, ids)
        try:
            self._count(request, response)
            answer = spared(self._answer(call), request)
        except Exception as error:  # noqa: BLE001 (whatever is raised has an answer)
            status, body = errors.answer(error, call.language, endpoint.takes)
            answer = Answer(status, body)
            if status == falcon.http_status_to_code(falcon.HTTP_401):
                response.set_header("WWW-Authenticate", "Bearer")
        response.status = answer.status
        if answer.headers:
            response.set_headers(answer.headers)
        if answer.location:
            response.set_header("Location", answer.location)
        if answer.body:
            response.data = answer.body
            response.content_type = answer.content_type or JSON

    def _count(self, request: falcon.Request, response: falcon.Response) -> None:
        """The headers of 1.4 on every answer, and 429 above the quota."""
        quota = self.service.modes.rate_limits.get(self.name, {}).get("all")
        if quota is None:
            return
        left = self.service.rate_limit.take(self.name, request.remote_addr, quota, self.service.clock.now())
        response.set_header("X-RateLimit-Policy", f"default;q={left.quota};w=60")
        response.set_header("X-RateLimit", f"default;r={left.remaining};t={left.resets_in}")
        if not left.allowed:
            response.set_header("Retry-After", str(left.resets_in))
            raise errors.too_many_requests()

    def _answer(self, call: Call) -> Answer:
        self._admit(call)
        endpoint, request = call.endpoint, call.request
        key = key_of(endpoint, request)
        run = self.service.database.write if endpoint.writes else self.service.database.read

        def work(tx: Transaction) -> Answer:
            call.begin(tx)
            if not endpoint.public:
                call.enter()
            if key is None:
                return self._served(call)
            return answered_once(
                call.books, key, fingerprint_of(request, request.query_string, call.body), lambda: self._served(call)
            )

        with self.service.running.hold((call.secret, key)) if key else nullcontext():
            answer = run(work)
        return answer.finished()

    def _admit(self, call: Call) -> None:
        """Look at what the request says of itself, and read it; whose it is, is asked later."""
        endpoint, request, modes = call.endpoint, call.request, self.service.modes
        if not request.user_agent:
            raise errors.missing_user_agent()
        if not endpoint.sends_file and not _accepts_json(request.get_header("Accept")):
            raise errors.not_acceptable()
        if not endpoint.public:
            call.secret = _bearer(request)
        # Signing in stays open: without tokens, reads would not keep working either.
        if modes.read_only and endpoint.writes and not endpoint.public:
            raise errors.read_only_mode()
        if modes.busy_search and endpoint.searches:
            raise errors.busy_search()
        if request.query_string:
            call.query = _read_query(endpoint.parameters, parse_query(request.query_string))
        if endpoint.takes is not None:
            call.body = _read_object(request, endpoint)

    def _served(self, call: Call) -> Answer:
        """What the endpoint answers, where the record is still as the request has it."""
        guarded = self._guarded.get(call.endpoint.path) if call.endpoint.writes else None
        if guarded is not None and (condition := call.request.get_header("If-Match")) is not None:
            require_version(condition, call.books.version(guarded, call.id))
        answer: Answer = call.endpoint.serve(call)
        return answer


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


def _read_object(request: falcon.Request, endpoint: Endpoint) -> dict[str, Any]:
    body = read_body(request, endpoint.most_bytes)
    if not body:
        return {}
    if (request.content_type or "").startswith(FORM):
        return dict(parse_form(body))
    value = parse_json(body)
    if not isinstance(value, dict):
        raise errors.Failure(400, "invalid_request", "The request body must be a JSON object")
    return value
