"""What the API document tells beyond the endpoints: the common rules of section 1."""

import functools
from collections.abc import Iterator

from faktura.dialects.infakt.door.application import ALIASES, ENDPOINTS
from faktura.dialects.infakt.door.door import KEY_HEADER
from faktura.wire.endpoints import Endpoint
from faktura.wire.openapi import Description, Json, Refusal, document
from faktura.wire.values import LARGEST_INTEGER

ABOUT = """\
The inFakt API v3 as faktura speaks it: this document holds what is built. Every other endpoint of the contract answers
501, every other path 404, and a path that does not end in `.json` 406.

* Lists have an envelope of `metainfo` and `entities`. `q[attribute_modifier]=value` searches them (`eq`, `cont`, `lt`,
  `gt`, `lteq`, `gteq`, `null`, `in`), `order=attribute desc` sorts them, `fields=id,name` narrows what is answered.
* Query and body are merged for every method; a body may be JSON or a form. What is created or changed stands under the
  name of its resource and comes back without it.
* In requests, attributes that are unknown or read-only are passed over. Numbers and booleans may be sent as strings.
* A write that is sent again with its `Idempotency-Key` takes effect once, and `ETag`, `If-Match` and `If-None-Match`
  work as HTTP says. The contract has neither; who sends none of these headers sees no difference.
* What bears the mark `x-extension` is ours, and not of the contract: documents as files that other programs read.
* Documents go to KSeF in the background: `status` says how far they have come, and so does `ksef_data` inside of them.
* Amounts are whole grosze. Messages are Polish.
"""

_ERROR = {"error": {"type": "string"}}

SCHEMAS: dict[str, Json] = {
    "Error": {"type": "object", "properties": _ERROR, "required": ["error"], "additionalProperties": False},
    "ValidationError": {
        "type": "object",
        "properties": {
            **_ERROR,
            "errors": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            },
        },
        "required": ["error", "errors"],
        "additionalProperties": False,
    },
    "Refused": {"anyOf": [{"$ref": "#/components/schemas/ValidationError"}, {"$ref": "#/components/schemas/Error"}]},
}

_WAIT = {"Retry-After": {"description": "Seconds", "required": True, "schema": {"type": "integer", "minimum": 1}}}

REFUSALS = {
    400: Refusal("A parameter has a wrong value, or the body cannot be read", "Error"),
    401: Refusal("The key is missing, unknown, or has not the scope", "Error"),
    402: Refusal("The limit of the plan is used up", "Error"),
    403: Refusal("The account is blocked over unpaid invoices", "Error"),
    404: Refusal("There is no such record in this account", "Error"),
    409: Refusal("The first request with this Idempotency-Key is not done yet", "Error"),
    412: Refusal("The record is another than If-Match has it", "Error"),
    413: Refusal("The body is too large", "Error"),
    422: Refusal("What is wrong, by attribute; or the Idempotency-Key was sent with another request", "Refused"),
    423: Refusal("The document is locked", "ValidationError"),
    429: Refusal("Too many requests", "Error", _WAIT),
    501: Refusal("It is not built yet", "Error"),
    503: Refusal("Maintenance, or an overloaded search", "Error", _WAIT),
}


METAINFO = {
    "type": "object",
    "properties": {
        "count": {"type": "integer", "minimum": 0, "description": "Records on this page"},
        "total_count": {"type": "integer", "minimum": 0, "description": "Records that the search finds"},
        "next": {"type": "string", "format": "uri"},
        "previous": {"type": "string", "format": "uri"},
    },
    "required": ["count", "total_count", "next", "previous"],
}


def _envelope(record: Json) -> Json:
    entities = {"type": "array", "items": record}
    return {
        "type": "object",
        "properties": {"metainfo": METAINFO, "entities": entities},
        "required": ["metainfo", "entities"],
    }


def _wrapped(name: str, sent: Json) -> Json:
    return {"type": "object", "properties": {name: sent}, "required": [name]}


def refused(endpoint: Endpoint) -> Iterator[int]:
    """The statuses of 1.8 that the endpoint may answer."""
    yield from (400, 403, 413, 429)
    if not endpoint.public:
        yield 401
    if "{" in endpoint.path:
        yield 404
    if endpoint.takes is not None:
        yield 422
    if endpoint.writes or endpoint.searches:
        yield 503
    yield from endpoint.refuses


@functools.lru_cache(maxsize=16)
def openapi(address: str) -> Json:
    """The document for the address of the API. It is made once, and is not to be changed."""
    description = Description(
        title="inFakt API v3",
        version="3",
        about=ABOUT,
        requires=(),
        headers={},
        ids={
            "id": {"type": "integer", "minimum": 1, "maximum": LARGEST_INTEGER},
            "uuid": {"type": "string", "description": "The document's uuid, or its id"},
            "reference": {"type": "string", "format": "uuid"},
            "attachment_id": {"type": "integer", "minimum": 1, "maximum": LARGEST_INTEGER},
            "ticket": {"type": "string", "description": "As it stands in a download link"},
            "ksef_number": {"type": "string", "description": "As KSeF numbered it"},
            "token": {"type": "string", "description": "As it was told when the printing was ordered"},
        },
        security={"key": {"type": "apiKey", "in": "header", "name": KEY_HEADER}},
        schemas=SCHEMAS,
        refusals=REFUSALS,
        refused=refused,
        many=_envelope,
        wrapped=_wrapped,
        located=False,
        narrowed=True,
    )
    return document(description, ENDPOINTS, ALIASES, address)
