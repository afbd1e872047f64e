"""Signing in at the double by a signature and by a token, as the library does it."""

import datetime as dt
from typing import Any

import pytest
from ksef_client import KsefClient
from ksef_client.exceptions import KsefApiError, KsefHttpError
from ksef_client.openapi_models import QueryCertificatesRequest, RevokeCertificateRequest
from ksef_client.services.person_token import PersonTokenService
from ksef_client.services.xades import sign_xades_enveloped

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.standing import Standing
from faktura.sandbox.outside.ksef.tests.conftest import (
    INSTANT,
    SUPPLIER,
    TAX_NO,
    Firm,
    begun_by,
    begun_by_token,
    signed_in,
)


def code_of(error: KsefHttpError) -> int:
    body: Any = error.response_body
    return int(body["exception"]["exceptionDetailList"][0]["exceptionCode"])


def test_who_signs_by_the_certificate_of_a_firm_has_all_its_rights(firm: Firm) -> None:
    claims = PersonTokenService().parse(firm.access)

    assert (claims.context_id_type, claims.context_id_value) == ("Nip", TAX_NO)
    assert {"InvoiceRead", "InvoiceWrite"} <= set(claims.permissions)


def test_tokens_are_redeemed_once_only(client: KsefClient, double: Double) -> None:
    _, operation = begun_by(client, double.certificate(TAX_NO))
    client.auth.redeem_token(operation)

    with pytest.raises(KsefHttpError) as caught:
        client.auth.redeem_token(operation)

    assert code_of(caught.value) == 21301


def test_a_token_signs_in_with_the_rights_that_it_was_given(client: KsefClient, double: Double) -> None:
    reference, operation = begun_by_token(client, double.token(TAX_NO, ("InvoiceRead",)))

    assert client.auth.get_auth_status(reference, operation).status.code == 200
    access = client.auth.redeem_token(operation).access_token.token
    assert PersonTokenService().parse(access).permissions == ["InvoiceRead"]


def test_a_token_of_another_firm_is_refused(client: KsefClient, double: Double) -> None:
    reference, operation = begun_by_token(client, double.token(SUPPLIER))

    status = client.auth.get_auth_status(reference, operation).status

    assert (status.code, status.details) == (450, ["Nieprawidłowy token"])


def test_tokens_end_with_2026(client: KsefClient, double: Double, clock: Clock) -> None:
    token = double.token(TAX_NO)
    clock.stand_at(dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC))
    reference, operation = begun_by_token(client, token)

    assert client.auth.get_auth_status(reference, operation).status.code == 450


def test_what_was_changed_after_it_was_signed_is_refused(client: KsefClient, double: Double) -> None:
    pair = double.certificate(TAX_NO)
    challenge = client.auth.get_challenge().challenge
    request = (
        '<AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/2.1">'
        f"<Challenge>{challenge}</Challenge><ContextIdentifier><Nip>{TAX_NO}</Nip></ContextIdentifier>"
        "<SubjectIdentifierType>certificateSubject</SubjectIdentifierType></AuthTokenRequest>"
    )
    signed = sign_xades_enveloped(request, *pair).replace(TAX_NO, SUPPLIER)

    with pytest.raises(KsefHttpError) as caught:
        client.auth.submit_xades_auth_request(signed)

    assert code_of(caught.value) == 9101


def test_what_was_signed_must_be_of_the_schema(client: KsefClient, double: Double) -> None:
    pair = double.certificate(TAX_NO)
    request = (
        '<AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/2.1"><Challenge>x</Challenge></AuthTokenRequest>'
    )

    with pytest.raises(KsefHttpError) as caught:
        client.auth.submit_xades_auth_request(sign_xades_enveloped(request, *pair))

    assert code_of(caught.value) == 21401


def test_a_challenge_is_used_once(client: KsefClient, double: Double) -> None:
    pair = double.certificate(TAX_NO)
    challenge = client.auth.get_challenge().challenge
    request = (
        '<AuthTokenRequest xmlns="http://ksef.mf.gov.pl/auth/token/2.1">'
        f"<Challenge>{challenge}</Challenge><ContextIdentifier><Nip>{TAX_NO}</Nip></ContextIdentifier>"
        "<SubjectIdentifierType>certificateSubject</SubjectIdentifierType></AuthTokenRequest>"
    )
    signed = sign_xades_enveloped(request, *pair)
    client.auth.submit_xades_auth_request(signed)

    with pytest.raises(KsefHttpError) as caught:
        client.auth.submit_xades_auth_request(signed)

    assert code_of(caught.value) == 21111


def test_the_certificate_of_another_firm_has_no_rights(client: KsefClient, double: Double) -> None:
    reference, operation = begun_by(client, double.certificate(SUPPLIER), TAX_NO)

    assert client.auth.get_auth_status(reference, operation).status.code == 415


def test_a_certificate_that_ended_or_was_revoked_is_refused(client: KsefClient, double: Double, clock: Clock) -> None:
    pair = double.certificate(TAX_NO, days=30)
    firm = signed_in(client, pair)
    [known] = firm.client.certificates.query_certificates(
        QueryCertificatesRequest(), access_token=firm.access
    ).certificates
    firm.client.certificates.revoke_certificate(
        known.certificate_serial_number, RevokeCertificateRequest(), access_token=firm.access
    )
    reference, operation = begun_by(firm.client, pair)
    assert firm.client.auth.get_auth_status(reference, operation).status.details == ["Certyfikat odwołany"]

    other = double.certificate(TAX_NO, days=30)
    clock.stand_at(INSTANT + dt.timedelta(days=31))
    reference, operation = begun_by(firm.client, other)
    assert firm.client.auth.get_auth_status(reference, operation).status.code == 460


def test_access_lasts_a_quarter_of_an_hour_and_is_renewed(firm: Firm, clock: Clock) -> None:
    clock.stand_at(INSTANT + dt.timedelta(minutes=16))
    with pytest.raises(KsefApiError) as caught:
        firm.client.rate_limits.get_rate_limits(firm.access)
    assert caught.value.status_code == 401

    renewed = firm.client.auth.refresh_access_token(firm.refresh).access_token.token
    assert firm.client.rate_limits.get_rate_limits(renewed).other.per_hour == 120


def test_a_sign_in_that_was_ended_is_not_renewed_and_its_access_goes_on(firm: Firm) -> None:
    firm.client.auth.revoke_current_session(firm.access)

    with pytest.raises(KsefHttpError) as caught:
        firm.client.auth.refresh_access_token(firm.refresh)

    assert code_of(caught.value) == 21301
    assert firm.client.rate_limits.get_rate_limits(firm.access)


def test_the_control_takes_rights_from_a_firm(client: KsefClient, double: Double) -> None:
    double.standing = Standing(rights={TAX_NO: ("InvoiceRead",)})
    firm = signed_in(client, double.certificate(TAX_NO))

    with pytest.raises(KsefApiError) as caught:
        firm.client.sessions.get_sessions(session_type="Online", access_token=firm.access)

    assert caught.value.status_code == 403


def test_a_sign_in_under_way_says_so(client: KsefClient, double: Double, clock: Clock) -> None:
    double.standing = Standing(status_after_s=5)
    reference, operation = begun_by(client, double.certificate(TAX_NO))
    assert client.auth.get_auth_status(reference, operation).status.code == 100

    clock.stand_at(INSTANT + dt.timedelta(seconds=5))
    assert client.auth.get_auth_status(reference, operation).status.code == 200
