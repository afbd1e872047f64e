"""OAuth 2 (1.10): from a person's consent or a client's own credentials to tokens, and their end."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error

from faktura.core.people.applications import Grant
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.oauth_server import Asked, Server
from faktura.dialects.fakturoid.door.values import TEXT
from faktura.wire import security
from faktura.wire.endpoints import Answer, Endpoint, Parameter
from faktura.wire.fields import Field, Shape

TOKEN_REQUEST: Shape[Any, Any] = Shape(
    "token_request",
    dict,
    tuple(
        Field(name, TEXT, required=name == "grant_type")
        for name in (
            "grant_type",
            "code",
            "redirect_uri",
            "code_verifier",
            "refresh_token",
            "client_id",
            "client_secret",
        )
    ),
)

REVOCATION: Shape[Any, Any] = Shape(
    "revocation",
    dict,
    tuple(Field(name, TEXT, required=name == "token") for name in ("token", "client_id", "client_secret")),
)

ISSUED = {
    "type": "object",
    "properties": {
        "access_token": {"type": "string"},
        "token_type": {"const": "Bearer"},
        "expires_in": {"type": "integer", "description": "Seconds"},
        "refresh_token": {"type": "string", "description": "Given for a code only"},
    },
    "required": ["access_token", "token_type", "expires_in"],
}

RESPONSE_TYPE = Parameter("response_type", TEXT, "What is asked for: code", required=True)

PASSED_ON = (
    Parameter("client_id", TEXT, "The integration that asks", required=True),
    Parameter(
        "redirect_uri",
        TEXT,
        "Where the person is sent back to, exactly as registered, but for the port of the machine itself. With the "
        "answer comes `iss` (RFC 9207), the address of this server",
        required=True,
    ),
    Parameter("state", TEXT, "Comes back with the person"),
    Parameter("code_challenge", TEXT, "PKCE (RFC 7636); the code then needs its verifier, and no other code takes one"),
    Parameter("code_challenge_method", TEXT, "S256; needed with a challenge"),
)


def ask_for_consent(call: Call) -> Answer:
    """Send the person on to the page that asks them; back only to an address that is known to be the integration's."""
    server, asked = Server(call.office), Asked("GET", call.query)
    try:
        server.check_consent_request(asked)
    except OAuth2Error as error:
        if error.redirect_uri:
            return Answer(302, location=add_params_to_uri(error.redirect_uri, _told(error, asked, call.base_url)))
        return server.handle_error_response(asked, error)
    sent = {p.name: asked.parameters[p.name] for p in PASSED_ON if p.name in asked.parameters}
    return Answer(302, location=f"{call.base_url}/consent?{urlencode(sent)}")


def issue_token(call: Call) -> Answer:
    """A refused code is answered, not raised: a code that comes twice must have its grant ended all the same."""
    server = Server(call.office)
    answer = server.token_answer(_asked(call, TOKEN_REQUEST))
    return _noted(call, answer, "grant_refused", None) if server.refused_grant else answer


def revoke_token(call: Call) -> Answer:
    server = Server(call.office)
    answer = server.revocation_answer(_asked(call, REVOCATION))
    return _noted(call, answer, "consent_ended", server.ended) if server.ended else answer


def _noted(call: Call, answer: Answer, event: security.Event, grant: Grant | None) -> Answer:
    """The answer, once what it says is kept."""
    address, ids = call.request.remote_addr, {}
    if grant is not None:
        ids = {"user": grant.user_id, "application": grant.application_id}

    def finish() -> Answer:
        security.note(event, address, **ids)
        return answer

    return msgspec.structs.replace(answer, finish=finish)


def _told(error: OAuth2Error, asked: Asked, issuer: str) -> dict[str, str]:
    told = {"error": error.error or "", "error_description": error.get_error_description(), "iss": issuer}
    return told | {"state": asked.parameters["state"]} if "state" in asked.parameters else told


def _asked(call: Call, shape: Shape[Any, Any]) -> Asked:
    return Asked("POST", shape.read(call.body), call.request.get_header("Authorization"))


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/oauth",
        serve=ask_for_consent,
        about="Ask a person for access",
        parameters=(RESPONSE_TYPE, *PASSED_ON),
        answers={302: None},
        public=True,
    ),
    *(
        Endpoint(
            method="POST",
            path=f"/oauth/token{suffix}",
            serve=issue_token,
            about="Issue tokens",
            takes=TOKEN_REQUEST,
            answers={200: ISSUED},
            refuses=(401,),
            forms=True,
            public=True,
        )
        for suffix in ("", ".json")
    ),
    *(
        Endpoint(
            method="POST",
            path=f"/oauth/revoke{suffix}",
            serve=revoke_token,
            about="Revoke a token",
            takes=REVOCATION,
            answers={200: {"type": "object"}},
            refuses=(401,),
            forms=True,
            public=True,
        )
        for suffix in ("", ".json")
    ),
)
