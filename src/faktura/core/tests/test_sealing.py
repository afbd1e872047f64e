"""Secrets are sealed for their place, and sealed anew when the server gets another key."""

from faktura.core.errors import Given
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import KsefConnection, required_connection, secret_of
from faktura.core.rotation import rotate_secrets, sealed_in
from faktura.core.sealing import is_sealed_by, sealed, unsealed
from faktura.core.subscriptions import Subscription
from faktura.core.tests.conftest import Firm, a_firm
from faktura.store.database import Database

KEY, OLD, OLDER = "k" * 40, "o" * 40, "p" * 40
PLACE = "subscriptions.authorization"
SECRET = "20261130-EC-s3cret"


def test_a_secret_is_read_by_its_key_in_its_account_and_at_its_place() -> None:
    kept = sealed(KEY, 1, PLACE, SECRET)

    assert SECRET.encode() not in kept
    assert unsealed(KEY, 1, PLACE, kept) == SECRET
    assert unsealed(OLD, 1, PLACE, kept) is None
    assert unsealed(KEY, 2, PLACE, kept) is None
    assert unsealed(KEY, 1, "ksef_connections.token", kept) is None
    assert unsealed(KEY, 1, PLACE, kept[:-1]) is None
    assert unsealed(KEY, 1, PLACE, b"") is None


def test_the_same_secret_is_never_sealed_alike() -> None:
    assert sealed(KEY, 1, PLACE, SECRET) != sealed(KEY, 1, PLACE, SECRET)


def test_keys_are_told_apart_by_what_is_kept() -> None:
    assert is_sealed_by(KEY, sealed(KEY, 1, PLACE, SECRET))
    assert not is_sealed_by(OLD, sealed(KEY, 1, PLACE, SECRET))


def test_every_record_with_secrets_says_which_they_are() -> None:
    assert sealed_in(Subscription) == ("authorization",)
    assert sealed_in(KsefConnection) == ("token", "private_key", "refresh_token", "offline_key", "enrolment_key")


def test_with_another_key_all_secrets_are_sealed_anew(database: Database) -> None:
    of_old, of_older, of_nobody = (
        connected(database, slug, key) for slug, key in (("old", OLD), ("older", OLDER), ("nobody", "n" * 40))
    )

    rotated = rotate_secrets(database, (OLD, OLDER), KEY)

    assert (rotated.done, rotated.already) == (2, 0)
    assert rotated.lost == (f"ksef_connections.token of account {of_nobody.account.id}",)
    for firm in (of_old, of_older):
        assert secret_of(firm.do(required_connection), "token", KEY) == SECRET
    assert secret_of(of_nobody.do(required_connection), "token", KEY) is None
    again = rotate_secrets(database, (OLD, OLDER), KEY)
    assert (again.done, again.already, len(again.lost)) == (0, 2, 1)


def connected(database: Database, slug: str, key: str) -> Firm:
    firm = a_firm(database, slug, country="PL", vat_no="1234563218")
    firm.do(lambda books: connect(books, Given({"environment": "test", "method": "token", "token": SECRET}), key))
    return firm
