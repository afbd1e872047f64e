"""What the API document tells beyond the endpoints: the common rules of section 1."""

import functools
from collections.abc import Iterator
from typing import Any

from faktura.dialects.fakturoid.door import oauth
from faktura.dialects.fakturoid.door.application import ALIASES, ENDPOINTS, EXTENSIONS
from faktura.wire.endpoints import Endpoint
from faktura.wire.openapi import Description, Refusal, document
from faktura.wire.values import LARGEST_INTEGER

ABOUT = """\
The Fakturoid API v3 as faktura speaks it: this document holds all of it, every other path answers 404.

* Every request needs a `User-Agent`, with the name of the application and an address to write to.
* Lists are pages of 40 records; a page past the end is an empty list.
* In requests, attributes that are unknown or read-only are passed over, and `null` stands for the default of an
  attribute. Numbers and booleans may be sent as strings, a body may be wrapped in the name of its resource.
* `/oauth/token` and `/oauth/revoke` answer with `.json` at their end as well, and take the client's credentials in the
  body, too.
* A write that is sent again with its `Idempotency-Key` takes effect once, and `ETag`, `If-Match` and `If-None-Match`
  work as HTTP says. The contract has neither; who sends none of these headers sees no difference.
* What bears the mark `x-extension` is ours, and not of the contract: invoices as files that other programs read.
* Messages about attributes are in the language of the user, all others in English.
"""

_CODE = {"type": "object", "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}}}

SCHEMAS: dict[str, dict[str, Any]] = {
    "Error": _CODE | {"required": ["error", "error_description"], "additionalProperties": False},
    "AttributeErrors": {
        "type": "object",
        "properties": {
            "errors": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "string"}},
            }
        },
        "required": ["errors"],
        "additionalProperties": False,
    },
    "Refused": {"anyOf": [{"$ref": "#/components/schemas/AttributeErrors"}, {"$ref": "#/components/schemas/Error"}]},
    "AccountBlocked": {
        "type": "object",
        "properties": {
            "status": {"const": "Account blocked"},
            "overdue_invoices": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"invoice_url": {"type": "string"}},
                    "required": ["invoice_url"],
                },
            },
        },
        "required": ["status", "overdue_invoices"],
    },
}

HEADERS: dict[str, dict[str, Any]] = {
    "X-RateLimit-Policy": {
        "description": "Requests (q) allowed in a window of seconds (w); missing where the limit is switched off",
        "schema": {"type": "string", "pattern": r"^default;q=\d+;w=\d+$"},
        "example": "default;q=200;w=60",
    },
    "X-RateLimit": {
        "description": "Requests that remain (r) and seconds until the window begins anew (t)",
        "schema": {"type": "string", "pattern": r"^default;r=\d+;t=\d+$"},
        "example": "default;r=198;t=55",
    },
}

_ID = {"type": "integer", "minimum": 1, "maximum": LARGEST_INTEGER}
_WAIT = {"description": "Seconds", "required": True, "schema": {"type": "integer", "minimum": 1}}
_BEARER = {"description": "How to sign in", "required": True, "schema": {"type": "string"}}

REFUSALS = {
    400: Refusal("No User-Agent, a parameter that cannot be read, or a body that is no JSON object", "Error"),
    401: Refusal("The access token is missing, expired or revoked", "Error", {"WWW-Authenticate": _BEARER}),
    402: Refusal("The account is blocked over unpaid invoices", "AccountBlocked"),
    403: Refusal("The user may not do this in the account, or its plan or the record does not allow it", "Refused"),
    404: Refusal("There is no such record or account, or not for this user", "Error"),
    405: Refusal("The path does not take this method", "Error"),
    409: Refusal("The first request with this Idempotency-Key is not done yet", "Error"),
    412: Refusal("The record is another than If-Match has it", "Error"),
    413: Refusal("The body is too large", "Error"),
    415: Refusal("Another representation than JSON is asked for, or a body is not said to be JSON", "Error"),
    422: Refusal("What is wrong, by attribute; or the Idempotency-Key was sent with another request", "Refused"),
    429: Refusal("Too many requests", "Error", {"Retry-After": _WAIT}),
    503: Refusal("Maintenance, or an overloaded search", "Error"),
}


def refused(endpoint: Endpoint) -> Iterator[int]:
    """The statuses of 1.3 that the endpoint may answer."""
    yield from (400, 415, 429)
    if not endpoint.public:
        yield 401
    if "{slug}" in endpoint.path:
        yield from (402, 404)
        if endpoint.writes or endpoint.scope:
            yield 403
    if endpoint.writes:
        yield 413
    if endpoint.takes is not None and not endpoint.public:
        yield 422
    if endpoint.searches or (endpoint.writes and not endpoint.public):
        yield 503
    yield from endpoint.refuses


@functools.lru_cache(maxsize=16)
def openapi(address: str) -> dict[str, Any]:
    """The document for the address of the API, the one that `/accounts/{slug}` is below.

    It is made once, and is not to be changed.
    """
    user_agent = {
        "name": "User-Agent",
        "in": "header",
        "description": "Every request needs one; most HTTP clients send one of their own where none is set",
        "schema": {"type": "string", "minLength": 1},
        "example": "AppName (contact@example.com)",
    }
    flows = {
        "clientCredentials": {"tokenUrl": f"{address}/oauth/token", "scopes": {}},
        "authorizationCode": {
            "authorizationUrl": f"{address}/oauth",
            "tokenUrl": f"{address}/oauth/token",
            "refreshUrl": f"{address}/oauth/token",
            "scopes": {},
        },
    }
    description = Description(
        title="Fakturoid API v3",
        version="3",
        about=ABOUT,
        requires=(user_agent,),
        headers=HEADERS,
        ids={
            "slug": {"type": "string", "description": "The account"},
            **dict.fromkeys(("id", "attachment_id", "payment_id", "move_id"), _ID),
            "failed_deliveries_uuid": {"type": "string", "format": "uuid"},
        },
        security={"oauth2": {"type": "oauth2", "flows": flows}, "client": {"type": "http", "scheme": "basic"}},
        signed={"/oauth/token": "client", "/oauth/revoke": "client"},
        schemas=SCHEMAS,
        refusals=REFUSALS,
        refused=refused,
    )
    signing_in = (endpoint for endpoint in oauth.ENDPOINTS if not endpoint.path.endswith(".json"))
    return document(description, (*signing_in, *ENDPOINTS, *EXTENSIONS), ALIASES, address)
