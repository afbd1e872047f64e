"""How every request of the dialect is answered: section 1, in the order of its rules."""

import zlib
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import nullcontext
from typing import Any, TypeVar

import falcon

from faktura.core import credentials
from faktura.core.books import Books
from faktura.core.errors import Blocked, Given, NotFound
from faktura.core.office import Office
from faktura.dialects.infakt import errors
from faktura.dialects.infakt.links import list_url
from faktura.dialects.infakt.paging import Page
from faktura.dialects.infakt.partial import part_of
from faktura.dialects.infakt.searching import Listing, conditions_of, order_of
from faktura.store.queries import Selection
from faktura.store.records import Tenant
from faktura.store.transaction import Transaction
from faktura.wire.conditional import etag, guarded_records, require_version, spared
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape
from faktura.wire.idempotency import answered_once, fingerprint_of, key_of
from faktura.wire.parameters import Pairs, flat, merged, nested
from faktura.wire.rendered import encode
from faktura.wire.requests import (
    FORM,
    MULTIPART,
    parse_form,
    parse_json,
    parse_multipart,
    parse_query,
    read_body,
    read_id,
)
from faktura.wire.service import Service

S = TypeVar("S")
T = TypeVar("T", bound=Tenant)

NAME = "infakt"

JSON = "application/json; charset=utf-8"
KEY_HEADER = "X-inFakt-ApiKey"
KEY_PARAMETER = "api_key"

WRITING_LETS_READ = {"api:sensitive:bank_accounts:read": "api:sensitive:bank_accounts:write"}
"""Only bank accounts: the scope for changing them is named for reading as well (1.2)."""


class Call:
    """One request on its way through an endpoint: what it asks, and by whose right."""

    def __init__(self, service: Service, endpoint: Endpoint, request: falcon.Request, ids: dict[str, str]) -> None:
        self.service = service
        self.endpoint = endpoint
        self.request = request
        self.ids = ids
        self.pairs: Pairs = []
        self.parameters: dict[str, Any] = {}
        self.marks = False

    def read(self) -> None:
        """Take in query and body, whatever the method; where both name a parameter, the body's counts (1.3)."""
        self.pairs = parse_query(self.request.query_string)
        body = _read_body(self.request, self.endpoint.most_bytes)
        self.parameters = merged(nested(self.pairs), body)
        self.pairs += flat({name: value for name, value in body.items() if name != KEY_PARAMETER})

    @property
    def key(self) -> str:
        """The key that the request brings (1.2).

        Raises:
            Failure: it brings none.

        """
        key = self.request.get_header(KEY_HEADER) or self.parameters.get(KEY_PARAMETER)
        if not key or not isinstance(key, str):
            raise errors.no_key()
        return key

    def enter(self, tx: Transaction) -> None:
        """Check the key in this transaction, and open the books of its account."""
        office = Office(tx, self.service.clock.now())
        database, visitors, hashed = self.service.database, self.service.visitors, credentials.secret_hash(self.key)
        holder = visitors.recall(database, hashed) or visitors.look_up(
            database, hashed, lambda: credentials.holder_of_key(office, self.key)
        )
        if holder is None:
            raise errors.wrong_key()
        account = self.service.account(office, holder.account_id, holder.account_version)
        if account.blocked:
            raise Blocked(account.unpaid_invoices)
        scope = self.endpoint.scope
        if scope not in holder.scopes and WRITING_LETS_READ.get(scope) not in holder.scopes:
            raise errors.lacking_scope(scope)
        self.account = account
        self.books = Books(tx, account, holder.user_id, office.now)

    @property
    def id(self) -> int:
        """The record that the path names.

        Raises:
            NotFound: what stands there cannot be an id.

        """
        return read_id(self.ids["id"])

    def version_of(self, cls: type[Tenant]) -> int:
        """The present version of the record that the path names by its id or its uuid.

        Raises:
            NotFound: there is none in this account.

        """
        named = self.ids.get("id") or self.ids["uuid"]
        if "-" not in named:
            return self.books.version(cls, read_id(named))
        found = self.books.look_up(cls, uuid=named.lower())
        if found is None:
            raise NotFound(cls.table_name)
        return found.version

    def given(self, shape: Shape[Any, None]) -> Given:
        """What stands under the wrapper key, by attribute of the core.

        Raises:
            Failure: there is no wrapper, it is no object, or a value in it is not of its attribute's type.

        """
        return given_in(self.parameters, shape)

    def page(self, listing: Listing) -> Answer:
        """The part of the list that the parameters ask for (1.4 to 1.7)."""
        page, record = Page(self.parameters), listing.shape.record
        conditions = (*listing.only, *conditions_of(listing, self.parameters.get("q")))
        chosen = Selection(conditions, order=order_of(listing, self.parameters.get("order")))
        part = self.part(listing.shape)
        stamps = self.books.stamps(record, chosen, page.limit, page.offset)
        entities = self.service.rendered.many(self.books, part, None, self._kept(part), stamps)
        total = page.known_total(len(stamps))
        if total is None:
            total = self.books.count(record, Selection(conditions))
        return Answer(200, page.envelope(list_url(self.service, self.request), self.pairs, entities, total))

    def one(self, shape: Shape[T, None], record_id: int) -> Answer:
        """The record, or the part of it that `fields` asks for."""
        part = self.part(shape)
        version, found = self.service.rendered.one(self.books, part, None, self._kept(part), record_id)
        return Answer(200, found, headers=(("ETag", self.tag(version)),))

    def tag(self, version: int) -> str:
        """Parts of a record have tags of their own."""
        fields = self.parameters.get("fields")
        return etag(version, zlib.crc32(fields.encode()) if isinstance(fields, str) else 0)

    def shown(self, shape: Shape[T, None], record: T, status: int = 200) -> Answer:
        """A record just created or changed."""
        return Answer(status, encode(shape.show(record, None)), headers=(("ETag", etag(record.version)),))

    def part(self, shape: Shape[S, None]) -> Shape[S, None]:
        """The resource, or the part of it that `fields` asks for."""
        fields = self.parameters.get("fields")
        if fields is None:
            return shape
        if not isinstance(fields, str):
            raise errors.wrong_value("fields")
        return part_of(shape, fields)

    def _kept(self, part: Shape[Any, None]) -> Hashable:
        """Answers hold no addresses and nothing of the account, so one rendering serves every way in."""
        return part, self.account.id


class Door:
    """Answers the requests of the dialect."""

    def __init__(self, service: Service, name: str, endpoints: Iterable[Endpoint]) -> None:
        self.service = service
        self.name = name
        self._guarded = guarded_records(endpoints)

    def respond(
        self, endpoint: Endpoint, request: falcon.Request, response: falcon.Response, ids: dict[str, str]
    ) -> None:
        try:
            self._count(request)
            answer = spared(self._answer(Call(self.service, endpoint, request, ids)), request)
        except Exception as error:  # noqa: BLE001 (whatever is raised has an answer)
            if isinstance(error, errors.Failure) and error.retry_after is not None:
                response.set_header("Retry-After", str(error.retry_after))
            answer = Answer(*errors.answer(error, endpoint.takes))
        response.status = answer.status
        if answer.headers:
            response.set_headers(answer.headers)
        if answer.body:
            response.data = answer.body
            response.content_type = answer.content_type or JSON

    def _count(self, request: falcon.Request) -> None:
        """Reads and all other requests of an address have each their own quota (1.9)."""
        kind = "get" if request.method == "GET" else "other"
        quota = self.service.modes.rate_limits.get(self.name, {}).get(kind)
        if quota is None:
            return
        now = self.service.clock.now()
        left = self.service.rate_limit.take(f"{self.name} {kind}", request.remote_addr, quota, now)
        if not left.allowed:
            raise errors.too_many_requests(left.resets_in)

    def _answer(self, call: Call) -> Answer:
        endpoint, modes = call.endpoint, self.service.modes
        if endpoint.public:
            refused: Answer = endpoint.serve(call)
            return refused
        call.read()
        _ = call.key
        if modes.read_only and endpoint.writes:
            raise errors.read_only_mode()
        if modes.busy_search and endpoint.searches and "q" in call.parameters:
            raise errors.busy_search()
        call.marks = endpoint.marks and not modes.read_only
        key = key_of(endpoint, call.request)
        run = self.service.database.write if endpoint.writes or call.marks else self.service.database.read

        def work(tx: Transaction) -> Answer:
            call.enter(tx)
            if key is None:
                return self._served(call)
            carried = {name: value for name, value in call.parameters.items() if name != KEY_PARAMETER}
            return answered_once(call.books, key, fingerprint_of(call.request, carried), lambda: self._served(call))

        with self.service.running.hold((call.key, key)) if key else nullcontext():
            answer = run(work)
        return answer.finished()

    def _served(self, call: Call) -> Answer:
        """What the endpoint answers, where the record is still as the request has it."""
        guarded = self._guarded.get(call.endpoint.path) if call.endpoint.writes else None
        if guarded is not None and (condition := call.request.get_header("If-Match")) is not None:
            require_version(condition, call.version_of(guarded))
        answer: Answer = call.endpoint.serve(call)
        return answer


def given_in(parameters: Mapping[str, Any], shape: Shape[Any, None]) -> Given:
    """As `Call.given`, for parameters of whatever came in before."""
    sent = parameters.get(shape.name)
    if sent is None:
        raise errors.missing(shape.name)
    if not isinstance(sent, dict):
        raise errors.wrong_value(shape.name)
    given = shape.read(sent)
    for attribute in _of_wrong_type(given):
        path = shape.spelled(attribute).split(".")
        raise errors.wrong_value("".join((shape.name, *(f"[{name}]" for name in path))))
    return given


def _of_wrong_type(given: Given) -> Iterator[str]:
    """The attributes whose values are of another type, also those of resources inside."""
    for attribute, problems in given.unread.items():
        if any(problem.code.startswith("not_a_") for problem in problems):
            yield attribute
    for attribute, value in given.items():
        for inner in value if isinstance(value, list) else ():
            if isinstance(inner, Given):
                yield from (f"{attribute}.{name}" for name in _of_wrong_type(inner))


def _read_body(request: falcon.Request, most_bytes: int) -> dict[str, Any]:
    """Whatever is no form is JSON; `null` is as good as nothing."""
    body = read_body(request, most_bytes)
    if not body.strip():
        return {}
    content_type = request.content_type or ""
    if content_type.startswith(FORM):
        return nested(parse_form(body))
    if content_type.startswith(MULTIPART):
        return nested(parse_multipart(body, content_type))
    value = parse_json(body)
    if value is not None and not isinstance(value, dict):
        raise errors.Failure(400, "Treść zapytania musi być obiektem JSON.")
    return value or {}
