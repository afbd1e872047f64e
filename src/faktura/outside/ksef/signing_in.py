"""Signing in at KSeF by a token or a certificate, and renewing that."""

import datetime as dt
import time
from typing import TYPE_CHECKING, NamedTuple

from faktura.core.ksef.certificates import read_certificate
from faktura.core.ksef.connection import NEEDED, KsefConnection, Right
from faktura.outside.ksef.calling import Caller
from faktura.outside.ksef.failures import Refused, Unreachable

if TYPE_CHECKING:
    from ksef_client.models import AuthenticationInitResponse, PublicKeyCertificate, StatusInfo, TokenInfo

WAITS = (0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 4.0)
"""Seconds between two looks whether KSeF has made up its mind."""

OK, GOING_ON, DONE, FAILED_ITSELF = 200, 100, 200, 500
"""Of HTTP, and what KSeF says of a sign-in; from 500 on it is KSeF that has failed, not whoever signs in."""

OF_SUBJECT = ("2.5.4.5", "2.5.4.97")
"""Where a certificate says whose it is: the number of a person, or of a firm."""


class Pass(NamedTuple):
    """A token that opens for a while."""

    token: str
    until: dt.datetime


class Tokens(NamedTuple):
    access: Pass
    refresh: Pass


class Opener(NamedTuple):
    """What a connection signs in by, in the clear: a token with the key of KSeF that hides it, or a private key."""

    token: str = ""
    hidden_by: "PublicKeyCertificate | None" = None
    private_key: str = ""


def sign_in(caller: Caller, connection: KsefConnection, opener: Opener) -> Tokens:
    """A whole sign-in, from a fresh challenge on.

    Raises:
        Refused: KSeF does not let the firm in; its code says why.
        Unreachable: it does not answer, or has not made up its mind in time.

    """
    begin = _by_token if connection.method == "token" else _by_certificate
    begun = begin(caller, connection, opener)
    operation = begun.authentication_token.token
    _wait_for(caller, begun.reference_number, operation)
    # A second call would be refused, and the tokens be lost: what fails here begins again with a challenge.
    tokens = caller.make("sign_in", lambda client: client.auth.redeem_token(operation))
    return Tokens(_pass_of(tokens.access_token), _pass_of(tokens.refresh_token))


def renew(caller: Caller, refresh_token: str) -> Pass:
    """Another access token.

    Raises:
        Refused: the refresh token is no longer good.

    """
    renewed = caller.make("sign_in", lambda client: client.auth.refresh_access_token(refresh_token))
    return _pass_of(renewed.access_token)


def rights_of(caller: Caller, access_token: str) -> tuple[Right, ...] | None:
    """Those of the needed rights that KSeF names; None where it names none at all.

    Nobody without a right is let in, so that where none is named it only does not say.
    """
    from ksef_client.models import PersonalPermissionsQueryRequest  # noqa: PLC0415 (not without KSeF)

    wanted = PersonalPermissionsQueryRequest()
    try:
        said = caller.make(
            "other",
            lambda client: client.permissions.query_personal_grants(wanted, page_size=100, access_token=access_token),
        )
    except Refused:
        return None
    active = [one.permission_scope for one in said.permissions if one.permission_state.value == "Active"]
    named = {scope.value for scope in (*active, *(said.owner_permissions or ()))}
    return tuple(right for right in NEEDED if right in named) if named else None


def _by_token(caller: Caller, connection: KsefConnection, opener: Opener) -> "AuthenticationInitResponse":
    from ksef_client.services.auth import (  # noqa: PLC0415 (not without KSeF)
        build_ksef_token_auth_request,
        encrypt_ksef_token,
    )

    if opener.hidden_by is None:
        message = "a token is hidden by a key of KSeF"
        raise TypeError(message)
    key = opener.hidden_by
    challenge = caller.make("sign_in", lambda client: client.auth.get_challenge())
    request = build_ksef_token_auth_request(
        challenge=challenge.challenge,
        context_identifier_type="nip",
        context_identifier_value=connection.tax_no,
        encrypted_token_base64=encrypt_ksef_token(
            public_certificate=key.certificate, token=opener.token, timestamp_ms=challenge.timestamp_ms
        ),
        public_key_id=key.public_key_id,
    )
    return caller.make("sign_in", lambda client: client.auth.submit_ksef_token_auth(request))


def _by_certificate(caller: Caller, connection: KsefConnection, opener: Opener) -> "AuthenticationInitResponse":
    from ksef_client.services.auth import build_auth_token_request_xml  # noqa: PLC0415 (not without KSeF)
    from ksef_client.services.xades import sign_xades_enveloped  # noqa: PLC0415

    certificate = connection.certificate or ""
    challenge = caller.make("sign_in", lambda client: client.auth.get_challenge())
    document = build_auth_token_request_xml(
        challenge=challenge.challenge,
        context_identifier_type="nip",
        context_identifier_value=connection.tax_no,
        subject_identifier_type=_found_by(certificate),
    )
    signed = sign_xades_enveloped(document, certificate, opener.private_key)
    begun = caller.make("sign_in", lambda client: client.auth.submit_xades_auth_request(signed))
    if begun is None:
        message = "KSeF took the signature and said nothing of it"
        raise Unreachable(message)
    return begun


def _found_by(certificate: str) -> str:
    """By what KSeF finds whose certificate it is: by the number in it, or where there is none by its fingerprint."""
    named = {attribute.oid.dotted_string for attribute in read_certificate(certificate).subject}
    return "certificateSubject" if named.intersection(OF_SUBJECT) else "certificateFingerprint"


def _wait_for(caller: Caller, reference: str, operation: str) -> None:
    for wait in (*WAITS, None):
        status = caller.make("sign_in", lambda client: client.auth.get_auth_status(reference, operation)).status
        if status.code == DONE:
            return
        if status.code >= FAILED_ITSELF:
            message = f"KSeF could not sign in: {status.code}"
            raise Unreachable(message)
        if status.code != GOING_ON:
            raise _refused(status)
        if wait is not None:
            time.sleep(wait)
    message = "KSeF has not made up its mind about the sign-in"
    raise Unreachable(message)


def _refused(status: "StatusInfo") -> Refused:
    details = tuple(status.details or ())
    return Refused(OK, status.code, ": ".join((status.description, *details)), details)


def _pass_of(told: "TokenInfo") -> Pass:
    return Pass(told.token, moment(told.valid_until))


def moment(text: str | None) -> dt.datetime:
    """An instant as KSeF writes it.

    Raises:
        ValueError: it is none.

    """
    from ksef_client.utils.datetime_parsing import parse_api_datetime  # noqa: PLC0415 (not without KSeF)

    return parse_api_datetime(text or "")
