"""Section 1.10: the end of tokens."""

import hashlib
import logging
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from faktura.dialects.fakturoid.tests.oauth import (
    Grants,
    everything,
    refusal,
)
from faktura.store.database import Database


def kept_of(database: Database) -> tuple[int, int]:
    """How many grants and tokens there are."""
    _, grants, tokens = database.read(lambda tx: [len(tx.rows(query)) for query in everything()])
    return grants, tokens


@pytest.mark.parametrize("path", ["/oauth/revoke", "/oauth/revoke.json"])
def test_revoking_a_refresh_token_ends_its_grant_and_no_other(
    shop: Grants, consent: Callable[..., str], path: str
) -> None:
    given, other = shop.exchange(consent()).json, shop.exchange(consent()).json
    second = shop.token("refresh_token", refresh_token=given["refresh_token"]).json

    assert shop.post(path, {"token": given["refresh_token"]}).status_code == 200
    assert not shop.opens(given["access_token"])
    assert not shop.opens(second["access_token"])
    assert refusal(shop.token("refresh_token", refresh_token=given["refresh_token"])) == (400, "invalid_grant")
    assert shop.opens(other["access_token"])


def test_revoking_an_access_token_drops_it_alone(shop: Grants, consent: Callable[..., str]) -> None:
    given = shop.exchange(consent()).json

    assert shop.revoke(given["access_token"]).status_code == 200
    assert not shop.opens(given["access_token"])
    again = shop.token("refresh_token", refresh_token=given["refresh_token"])
    assert shop.opens(again.json["access_token"])


def test_revoking_takes_a_form_and_a_hint(shop: Grants, consent: Callable[..., str]) -> None:
    given = shop.exchange(consent()).json
    form = urlencode({"token": given["refresh_token"], "token_type_hint": "nonsense"})

    revoked = shop.post("/oauth/revoke", raw=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert revoked.status_code == 200
    assert not shop.opens(given["access_token"])


def test_revoking_what_is_unknown_or_somebody_elses_is_answered_200_and_changes_nothing(
    shop: Grants, personal: Grants, consent: Callable[..., str]
) -> None:
    code = consent()
    mine = personal.token("client_credentials").json["access_token"]
    for token in ("nonsense", mine, code):
        assert shop.revoke(token).status_code == 200
    assert personal.opens(mine)

    given = shop.exchange(code).json
    assert personal.revoke(given["refresh_token"]).status_code == 200
    assert shop.opens(given["access_token"])
    assert shop.revoke(given["refresh_token"]).status_code == 200
    assert shop.revoke(given["refresh_token"]).status_code == 200


def test_revoking_nothing_is_an_invalid_request(shop: Grants) -> None:
    assert refusal(shop.post("/oauth/revoke", {})) == (400, "invalid_request")


def test_nothing_is_kept_of_a_grant_that_was_ended(
    shop: Grants, consent: Callable[..., str], database: Database
) -> None:
    given = shop.exchange(consent()).json
    before, _ = kept_of(database)
    shop.revoke(given["refresh_token"])

    assert kept_of(database) == (before - 1, 1)


# Secrets


def test_no_secret_is_kept_as_it_is_or_written_into_a_log(
    shop: Grants, personal: Grants, consent: Callable[..., str], database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = consent()
    given = shop.exchange(code).json
    again = shop.token("refresh_token", refresh_token=given["refresh_token"]).json
    own = personal.token("client_credentials").json
    kept = str(database.read(lambda tx: [tx.rows(query) for query in everything()]))
    shop.exchange(code)
    shop.revoke(given["refresh_token"])

    written = caplog.text
    assert "Issue token" in written
    for secret in (shop.secret, personal.secret, code, given["access_token"], given["refresh_token"]):
        assert secret not in written
        assert secret not in kept
        assert hashlib.sha256(secret.encode()).hexdigest() in kept
    for token in (again["access_token"], own["access_token"]):
        assert token not in written + kept
