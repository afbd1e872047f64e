"""Authlib's OAuth 2 server over one transaction: which application asks, what it shows, what it is given."""

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import msgspec
from authlib.oauth2 import AuthorizationServer, OAuth2Error, OAuth2Request
from authlib.oauth2.base import invalid_error_characters
from authlib.oauth2.rfc6749 import (
    ClientMixin,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    TokenMixin,
    UnauthorizedClientError,
    UnsupportedResponseTypeError,
    grants,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge, create_s256_code_challenge

from faktura.core.books.office import Office
from faktura.core.people import applications, hashes, tokens
from faktura.core.people.applications import Application, Grant
from faktura.core.people.tokens import ACCESS_LIFETIME, Token
from faktura.wire.endpoints import Answer

UNAUTHORIZED = 401

# Authlib refuses plain http and looks at nothing else of an address. Whether there is TLS before this server is its
# operator's choice, which granian or a proxy carries out.
_ADDRESS = "https://localhost"

_SENTENCES = {
    "invalid_client": "The client id or secret is wrong, or this kind of client may not do this",
    "invalid_grant": "The code or token is unknown, expired, used or revoked, or was given to another client",
}

_GRANT_TYPES = {
    "personal": {"client_credentials"},
    "integration": {"authorization_code", "refresh_token"},
}


class Asked(OAuth2Request):
    """What Authlib is told of a request, and what it finds out about it."""

    client: Any
    authorization_code: Any
    refresh_token: Any

    def __init__(self, method: str, parameters: Mapping[str, str], authorization: str | None = None) -> None:
        super().__init__(method, _ADDRESS, headers={"Authorization": authorization or ""})
        self.payload = BasicOAuth2Payload({name: value for name, value in parameters.items() if value})

    @property
    def form(self) -> dict[str, str]:
        return self.parameters

    @property
    def parameters(self) -> dict[str, str]:
        """Those that have a value; one without counts as left out (RFC 6749, 3.2)."""
        return self.payload.data if self.payload else {}


class Client(ClientMixin):
    """An application as Authlib asks about it."""

    def __init__(self, application: Application) -> None:
        self.application = application

    def check_client_secret(self, client_secret: str) -> bool:
        return hashes.secret_fits(self.application.secret_hash, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 (Authlib's signature)
        return True

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in _GRANT_TYPES[self.application.kind]

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return applications.may_return_to(self.application, redirect_uri)

    def get_default_redirect_uri(self) -> str:
        """None: the address is always sent."""
        return ""

    def get_allowed_scope(self, scope: object) -> str:  # noqa: ARG002 (Authlib's signature)
        return ""


class Found(NamedTuple):
    """A code or a token that stands, as Authlib asks about it."""

    token: Token
    grant: Grant

    @property
    def code_challenge(self) -> str | None:
        return self.token.challenge

    @property
    def code_challenge_method(self) -> str:
        return "S256"

    def get_redirect_uri(self) -> str | None:
        return self.token.redirect_uri

    def get_scope(self) -> str:
        return ""

    def check_client(self, client: Client) -> bool:
        return self.grant.application_id == client.application.id


class Issued(dict[str, Any]):
    """What a token request is answered. Authlib writes it into its log while debugging; there it keeps its secrets."""

    def __repr__(self) -> str:
        return "<token>"


class Server(AuthorizationServer):
    """Answers a request with what it finds in one transaction, and keeps there what it gives out.

    `refused_grant` says whether a code or a token was refused, `ended` which grant a client gave back.
    """

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.refused_grant = False
        self.ended: Grant | None = None
        self.register_client_auth_method("client_secret_basic", _authenticated)
        self.register_grant(CodeGrant, [Challenge(required=False)])
        self.register_grant(RefreshGrant)
        self.register_grant(ClientGrant)
        self.register_endpoint(Revocation)

    def query_client(self, client_id: str) -> Client | None:  # type: ignore[override] # the stubs know no "nobody"
        application = self.office.look_up(Application, client_id=client_id)
        return None if application is None else Client(application)

    def create_oauth2_request(self, request: Asked) -> Asked:
        return request

    def save_token(self, token: object, request: object) -> None:
        """Nothing: a token is kept when it is issued."""

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nothing: nobody listens."""

    def handle_response(self, status: int, body: Mapping[str, object], headers: object) -> Answer:  # noqa: ARG002 (Authlib's signature)
        return Answer(status, msgspec.json.encode(body))

    def handle_error_response(self, request: OAuth2Request, error: OAuth2Error) -> Answer:  # noqa: ARG002 (Authlib's signature)
        """Section 1.10 knows no unauthorized_client: a client of the wrong kind counts as an unknown one."""
        if isinstance(error, UnauthorizedClientError):
            error = InvalidClientError(status_code=UNAUTHORIZED)
        self.refused_grant = isinstance(error, InvalidGrantError)
        description = error.get_error_description() or _SENTENCES[error.error or ""]
        body = {"error": error.error, "error_description": description}
        answer = self.handle_response(error.status_code, body, None)
        if error.status_code != UNAUTHORIZED:
            return answer
        return msgspec.structs.replace(answer, headers=(*answer.headers, ("WWW-Authenticate", 'Basic realm="oauth"')))

    def check_consent_request(self, asked: Asked) -> None:
        """Look at what an integration asks of a person before the person does.

        Raises:
            OAuth2Error: something is wrong; it has a redirect address where one is known to be the integration's.

        """
        for name in ("client_id", "redirect_uri", "response_type"):
            if invalid_error_characters(asked.parameters.get(name, "")):
                raise InvalidRequestError(f"Invalid '{name}' in request.")
        try:
            self.get_consent_grant(asked)  # type: ignore[no-untyped-call]
        except UnsupportedResponseTypeError as error:
            code = error.error if "response_type" in asked.parameters else InvalidRequestError.error
            description = "The 'response_type' must be code."
            raise OAuth2Error(description, redirect_uri=error.redirect_uri, error=code) from None

    def token_answer(self, asked: Asked) -> Answer:
        if "grant_type" not in asked.parameters:
            return self.handle_error_response(asked, InvalidRequestError("Missing 'grant_type' in request."))
        return cast("Answer", self.create_token_response(asked))

    def revocation_answer(self, asked: Asked) -> Answer:
        return cast("Answer", self.create_endpoint_response("revocation", asked))  # type: ignore[no-untyped-call]

    def issue(self, grant: Grant, *, refresh: bool = False) -> Issued:
        issued = Issued(
            access_token=tokens.issue_access_token(self.office, grant),
            token_type="Bearer",  # noqa: S106 (no password)
            expires_in=int(ACCESS_LIFETIME.total_seconds()),
        )
        if refresh:
            issued["refresh_token"] = tokens.issue_refresh_token(self.office, grant)
        return issued


class CodeGrant(grants.AuthorizationCodeGrant):
    """A code, once, for an access token and a refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)
    request: Asked
    server: Server

    def query_authorization_code(self, code: str, client: Client) -> Found | None:  # type: ignore[override] # ours
        found = tokens.code_to_exchange(self.server.office, client.application, code)
        return None if found is None else Found(*found)

    def authenticate_user(self, authorization_code: Found) -> int:
        return authorization_code.grant.user_id

    def generate_token(self, *_: object, **__: object) -> Issued:
        return self.server.issue(self.request.authorization_code.grant, refresh=True)

    def delete_authorization_code(self, authorization_code: Found) -> None:
        tokens.use_code(self.server.office, authorization_code.token)


class RefreshGrant(grants.RefreshTokenGrant):
    """A refresh token, as often as wanted, for an access token."""

    request: Asked
    server: Server

    def authenticate_refresh_token(self, refresh_token: str) -> TokenMixin | None:  # type: ignore[override] # as above
        found = tokens.standing_token(self.server.office, refresh_token, "refresh")
        return None if found is None else Found(*found)  # type: ignore[return-value] # has what is asked of it

    def authenticate_user(self, refresh_token: Found) -> int:
        return refresh_token.grant.user_id

    def generate_token(self, *_: object, **__: object) -> Issued:
        return self.server.issue(self.request.refresh_token.grant)

    def revoke_old_credential(self, refresh_token: object) -> None:
        """Nothing: a refresh token lives until it is revoked."""


class ClientGrant(grants.ClientCredentialsGrant):
    """Nothing but the client's own credentials for an access token of its user."""

    request: Asked
    server: Server

    def generate_token(self, *_: object, **__: object) -> Issued:
        application = self.request.client.application
        return self.server.issue(applications.grant_to_itself(self.server.office, application))


class Challenge(CodeChallenge):
    """PKCE as RFC 9700, 2.1.1, asks: one method, and never a verifier without a challenge."""

    DEFAULT_CODE_CHALLENGE_METHOD = ""
    SUPPORTED_CODE_CHALLENGE_METHOD = ["S256"]  # noqa: RUF012 (as Authlib declares it)
    CODE_CHALLENGE_METHODS = {  # noqa: RUF012 (as above)
        "S256": lambda verifier, challenge: hmac.compare_digest(create_s256_code_challenge(verifier), challenge),  # type: ignore[no-untyped-call]
    }

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """A challenge without a method would be of the method plain (RFC 7636, 4.3)."""
        sent = grant.request.parameters
        if "code_challenge" in sent and "code_challenge_method" not in sent:
            raise InvalidRequestError("The 'code_challenge_method' must be S256.")
        super().validate_code_challenge(grant, redirect_uri)

    def validate_code_verifier(self, grant: CodeGrant, result: object) -> None:
        """One guess is all there is: a code that came with another verifier, or without one, is used up."""
        try:
            super().validate_code_verifier(grant, result)
        except OAuth2Error:
            tokens.end_grant(grant.server.office, grant.request.authorization_code.grant)
            raise


class Revocation(RevocationEndpoint):
    """A refresh token ends its whole grant, an access token itself; whatever else is brought changes nothing."""

    server: Server

    def authenticate_token(self, request: Asked, client: Client) -> Found | None:
        if "token" not in request.parameters:
            raise InvalidRequestError("Missing 'token' in request.")
        found = tokens.standing_token(self.server.office, request.parameters["token"], "access", "refresh")
        return Found(*found) if found and Found(*found).check_client(client) else None

    def revoke_token(self, token: Found, request: object) -> None:  # noqa: ARG002 (Authlib's signature)
        if token.token.kind == "refresh":
            tokens.end_grant(self.server.office, token.grant)
            self.server.ended = token.grant
        else:
            tokens.drop_token(self.server.office, token.token)


def _authenticated(query_client: Any, request: Asked) -> Client:
    """By Basic, or else by client_id and client_secret of the body."""
    scheme, _, encoded = (request.headers or {}).get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client_id, _, secret = _decoded(encoded).partition(":")
    else:
        client_id, secret = (request.parameters.get(name, "") for name in ("client_id", "client_secret"))
    client: Client | None = query_client(client_id) if client_id else None
    if client is None or not client.check_client_secret(secret):
        raise InvalidClientError(status_code=UNAUTHORIZED)
    return client


def _decoded(encoded: str) -> str:
    """The text in Base64, of the standard or the URL-safe alphabet, with or without padding; empty where it is none."""
    plain = encoded.strip().rstrip("=").translate(str.maketrans("-_", "+/"))
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return "" if "\0" in text else text
