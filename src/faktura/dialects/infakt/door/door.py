"""What requests of this dialect have of their own in the common frame (section 1): keys, scopes, parameters."""

import zlib
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, TypeVar

import falcon

from faktura.core.errors import Given, NotFound
from faktura.core.people import api_keys, hashes
from faktura.core.people.api_keys import KeyHolder
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.links import list_url
from faktura.dialects.infakt.door.paging import Page
from faktura.dialects.infakt.door.partial import part_of
from faktura.dialects.infakt.door.searching import Listing, conditions_of, order_of
from faktura.store.errors import Unavailable
from faktura.store.queries import Selection
from faktura.store.records import Tenant
from faktura.wire import calls, doors
from faktura.wire.conditional import etag
from faktura.wire.endpoints import Answer
from faktura.wire.fields import Shape
from faktura.wire.parameters import Pairs, flat, merged, nested
from faktura.wire.rate_limit import Allowance
from faktura.wire.rendered import encode
from faktura.wire.requests import (
    FORM,
    MULTIPART,
    media_type,
    parse_form,
    parse_json,
    parse_multipart,
    parse_query,
    read_id,
)
from faktura.wire.safety import Headers

S = TypeVar("S")
V = TypeVar("V")
T = TypeVar("T", bound=Tenant)

NAME = "infakt"

KEY_HEADER = "X-inFakt-ApiKey"
KEY_PARAMETER = "api_key"

WRITING_LETS_READ = {"api:sensitive:bank_accounts:read": "api:sensitive:bank_accounts:write"}
"""Only bank accounts: the scope for changing them is named for reading as well (1.2)."""


class Call(calls.Call):
    """One request on its way through an endpoint of this dialect."""

    pairs: Pairs
    """The parameters as links to other pages spell them, without the key."""
    parameters: dict[str, Any]
    spelled_by: Shape[Any, Any] | None = None
    """The resource whose attributes a refusal names, where the endpoint does not take it."""

    def admit(self) -> None:
        """The key is in a header, in the query, or in a body that is small enough to look into (1.2)."""
        if self.endpoint.public:
            return
        pairs = parse_query(self.request.query_string)
        self.parameters = nested(pairs)
        if KEY_PARAMETER in self.parameters:
            pairs = [pair for pair in pairs if pair[0].partition("[")[0] != KEY_PARAMETER]
        self.pairs = pairs
        key = self.request.get_header(KEY_HEADER) or self.parameters.get(KEY_PARAMETER) or self._key_in_body()
        if not key or not isinstance(key, str):
            raise errors.no_key()
        self.secret = key

    def identify(self) -> KeyHolder:
        hashed = hashes.secret_hash(self.secret)
        holder = self.known(hashed, lambda: api_keys.holder_of_key(self.office, self.secret))
        if holder is None:
            raise errors.wrong_key()
        return holder

    def check_rights(self, caller: KeyHolder) -> None:
        scope = self.endpoint.scope
        if scope not in caller.scopes and WRITING_LETS_READ.get(scope) not in caller.scopes:
            raise errors.lacking_scope(scope)
        if self.endpoint.writes and not caller.may_write:
            raise errors.lacking_scope(scope)

    def read(self, body: bytes) -> None:
        """Whatever the method; where query and body both name a parameter, the body's counts (1.3)."""
        if self.endpoint.public:
            return
        if body:
            sent = self._wrapped(self._sent(body))
            self.parameters = merged(self.parameters, sent)
            self.pairs += flat({name: value for name, value in sent.items() if name != KEY_PARAMETER})
        modes = self.service.modes
        if modes.read_only and self.endpoint.writes:
            raise errors.read_only_mode()
        if modes.busy_search and self.endpoint.searches and "q" in self.parameters:
            raise errors.busy_search()

    def attributes_sent(self) -> dict[str, Any]:
        sent = self.parameters.get(self.endpoint.takes.name) if self.endpoint.takes is not None else None
        return sent if isinstance(sent, dict) else {}

    def carried(self) -> tuple[Any, ...]:
        return ({name: value for name, value in self.parameters.items() if name != KEY_PARAMETER},)

    def _key_in_body(self) -> object:
        body = self.small_body() if self.brings_body else None
        return self._sent(body).get(KEY_PARAMETER) if body else None

    def _sent(self, body: bytes) -> dict[str, Any]:
        """The body's parameters. Whatever is no form is JSON; `null` is as good as nothing."""
        if not body.strip():
            return {}
        said = media_type(self.request)
        if said == FORM:
            return nested(parse_form(body))
        if said == MULTIPART:
            return nested(parse_multipart(body, self.request.content_type or ""))
        value = parse_json(body)
        if value is not None and not isinstance(value, dict):
            raise errors.no_object()
        return value or {}

    def _wrapped(self, sent: dict[str, Any]) -> dict[str, Any]:
        """What is known of the resource goes under its wrapper key, where a client left that out."""
        shape = self.endpoint.takes
        if shape is None or shape.name in {*sent, *self.parameters} or sent.keys().isdisjoint(shape.written):
            return sent
        known = {field.name for field in shape.fields}
        inside = {name: value for name, value in sent.items() if name in known}
        return {name: value for name, value in sent.items() if name not in known} | {shape.name: inside}

    def version_of(self, cls: type[Tenant], named: str) -> int:
        """An id may stand where a uuid does, and the other way round."""
        said = self.ids[named]
        if "-" not in said or "uuid" not in cls.__struct_fields__:
            return self.books.version(cls, read_id(said))
        found = self.books.look_up(cls, uuid=said.lower())
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
        conditions = (*conditions_of(listing, self.parameters.get("q")), *listing.only)
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
        tag = (("ETag", etag(record.version)),)
        return Answer(status, show=lambda: Answer(status, encode(shape.show(record, None)), headers=tag))

    def part(self, shape: Shape[S, V]) -> Shape[S, V]:
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


class Door(doors.Door):
    """Answers the requests of the dialect."""

    call = Call

    def quota_name(self, request: falcon.Request) -> str:
        """Reads and all other requests of an address have each their own quota (1.9)."""
        return "get" if request.method == "GET" else "other"

    def rate_headers(self, left: Allowance) -> Headers:  # noqa: ARG002 (the frame's signature)
        """None: only a refusal says how long to wait."""
        return ()

    def too_many(self, left: Allowance) -> Exception:
        return errors.too_many_requests(left.resets_in)

    def refusal(self, error: Exception, call: Call) -> Answer:
        status, body = errors.answer(error, call.spelled_by or call.endpoint.takes)
        seconds = error.retry_after if isinstance(error, errors.Failure | Unavailable) else None
        return Answer(status, body, headers=() if seconds is None else (("Retry-After", str(seconds)),))


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
