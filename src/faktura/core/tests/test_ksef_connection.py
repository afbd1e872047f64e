"""How an account reaches KSeF: what it is connected by, what it wants, who is put out, and how often it may call."""

import datetime as dt
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from faktura.core.books.audit import AUDIT
from faktura.core.books.history import Happening
from faktura.core.books.jobs_to_do import names_waiting
from faktura.core.books.office import Office
from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.ksef.certificates import KeyPair, ends_at, read_key_pair, serial_of
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import (
    KsefConnection,
    Mark,
    change_connection,
    disconnect,
    keep_offline_pair,
    note_sign_in,
    put_out,
    required_connection,
    secret_of,
)
from faktura.core.ksef.pace import PUBLISHED, Limit, Sort, calls_left, limit_of, note_rest, take_call
from faktura.core.tests.conftest import NOON, Firm, a_firm
from faktura.core.todos import Todo
from faktura.store.check import check
from faktura.store.database import Database
from faktura.store.records import changed

KEY = "k" * 40
TAX_NO = "1234563218"
PASSWORD = "hasło"
DAY = dt.timedelta(days=1)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database, "sprzedawca", country="PL", vat_no=f"PL{TAX_NO}")


def certified(key: PrivateKey, until: dt.datetime = NOON + 90 * DAY, serial: int = 5) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Firma")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(serial).not_valid_before(NOON - DAY).not_valid_after(until)
    return builder.sign(key, hashes.SHA256())


def pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def spelled(key: PrivateKey, password: str = "", form: str = "PEM") -> bytes:
    locked = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    return key.private_bytes(getattr(serialization.Encoding, form), serialization.PrivateFormat.PKCS8, locked)


KEY_OF_FIRM = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
CERTIFICATE = certified(KEY_OF_FIRM)
PAIR = KeyPair(pem(CERTIFICATE), spelled(KEY_OF_FIRM).decode())
DER = CERTIFICATE.public_bytes(serialization.Encoding.DER)


def in_one(password: str, *, with_key: bool = True) -> bytes:
    locked = serialization.BestAvailableEncryption(password.encode()) if password else serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"firma", KEY_OF_FIRM if with_key else None, CERTIFICATE, None, locked)


def by_certificate(**given: Any) -> Given:
    return Given({"environment": "test", "method": "certificate", **PAIR._asdict()} | given)


def by_token(**given: Any) -> Given:
    return Given({"environment": "test", "method": "token", "token": "20261130-EC-1|nip-1234563218|abc"} | given)


def found(firm: Firm) -> KsefConnection:
    return firm.do(required_connection)


def events(firm: Firm) -> list[str]:
    return [one.name for one in firm.do(lambda books: books.all(Happening)) if one.name.startswith("ksef")]


@pytest.mark.parametrize(
    "files",
    [
        (PAIR.certificate.encode(), PAIR.private_key.encode()),
        (PAIR.certificate.encode(), spelled(KEY_OF_FIRM, PASSWORD), PASSWORD),
        (PAIR.certificate.encode(), PAIR.private_key.encode(), "a password that it does not need"),
        (DER, spelled(KEY_OF_FIRM, form="DER")),
        (f"{PAIR.certificate}{PAIR.private_key}".encode(),),
        (f"{PAIR.private_key}{PAIR.certificate}".encode(),),
        (in_one(PASSWORD), b"", PASSWORD),
        (in_one(""),),
    ],
)
def test_certificate_and_key_are_read_however_they_are_filed(files: tuple[Any, ...]) -> None:
    assert read_key_pair(*files) == PAIR


@pytest.mark.parametrize(
    ("files", "attribute", "code"),
    [
        ((b"", b""), "certificate", "malformed"),
        ((b"no certificate", b"no key"), "certificate", "malformed"),
        ((PAIR.certificate.encode(), b"no key"), "private_key", "malformed"),
        ((PAIR.certificate.encode(), spelled(KEY_OF_FIRM, PASSWORD), "another"), "password", "malformed"),
        ((PAIR.certificate.encode(), spelled(KEY_OF_FIRM, PASSWORD)), "password", "blank"),
        ((in_one(PASSWORD), b"", "another"), "password", "malformed"),
        ((in_one(PASSWORD),), "password", "blank"),
        ((in_one(PASSWORD, with_key=False), b"", PASSWORD), "private_key", "blank"),
        ((PAIR.certificate.encode(), spelled(OTHER_KEY)), "private_key", "not_together"),
        ((PAIR.certificate.encode(), spelled(ec.generate_private_key(ec.SECP384R1()))), "private_key", "not_in_list"),
        ((b"x" * 100_000,), "certificate", "too_large"),
    ],
)
def test_what_is_wrong_with_the_files_is_said_at_the_right_one(
    files: tuple[Any, ...], attribute: str, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_key_pair(*files)

    assert [(name, [p.code for p in problems]) for name, problems in refused.value.problems.items()] == [
        (attribute, [code])
    ]


def test_a_certificate_says_when_it_ends_and_its_number() -> None:
    assert ends_at(PAIR.certificate) == NOON + 90 * DAY
    assert serial_of(pem(certified(KEY_OF_FIRM, serial=0x01A2B3))) == "000000000001A2B3"


def test_an_account_connects_as_itself_and_is_not_active_before_ksef_let_it_in(firm: Firm) -> None:
    made = firm.do(connect, by_certificate(), KEY)

    assert (made.tax_no, made.method, made.active) == (TAX_NO, "certificate", False)
    assert made.certificate_until == NOON + 90 * DAY
    assert made.api_url == "https://api-test.ksef.mf.gov.pl"
    assert secret_of(made, "private_key", KEY) == PAIR.private_key
    assert events(firm) == ["ksef_connected"]
    assert "check_ksef" in firm.database.read(names_waiting)


@pytest.mark.parametrize(
    ("given", "attribute", "code"),
    [
        (by_certificate(environment="nowhere"), "environment", "not_in_list"),
        (by_certificate(method="handshake"), "method", "not_in_list"),
        (by_certificate(tax_no="1234563219"), "tax_no", "wrong_check_digit"),
        (by_certificate(tax_no="12"), "tax_no", "malformed"),
        (by_certificate(certificate=""), "certificate", "blank"),
        (by_certificate(private_key=None), "private_key", "blank"),
        (by_certificate(certificate=pem(certified(KEY_OF_FIRM, NOON))), "certificate", "has_ended"),
        (by_certificate(private_key=spelled(OTHER_KEY).decode()), "private_key", "not_together"),
        (by_token(token=" "), "token", "blank"),
        (by_token(token="two words"), "token", "malformed"),
        (by_token(token="ż"), "token", "malformed"),
        (by_token(token="a" * 1001), "token", "too_long"),
        (by_token(send_mode="at_night"), "send_mode", "not_in_list"),
        (by_token(send_delay=-1), "send_delay", "too_small"),
        (by_token(send_delay=86401), "send_delay", "too_large"),
        (by_token(receive_every=14), "receive_every", "too_small"),
        (by_token(receive_every=1441), "receive_every", "too_large"),
    ],
)
def test_what_is_wrong_is_refused_and_changes_nothing(firm: Firm, given: Given, attribute: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        firm.do(connect, given, KEY)

    assert {name: [p.code for p in problems] for name, problems in refused.value.problems.items()} == {
        attribute: [code]
    }
    with pytest.raises(WrongState):
        found(firm)


def test_who_connects_by_something_else_keeps_what_was_fetched_and_no_old_secret(firm: Firm) -> None:
    firm.do(connect, by_token(send_mode="at_issue"), KEY)
    marks = (Mark("Subject2", NOON),)
    firm.do(lambda books: books.change(old := required_connection(books), changed(old, marks=marks)))
    firm.do(connect, by_certificate(), KEY)

    now = found(firm)
    assert (now.method, now.token, now.marks, now.send_mode) == ("certificate", None, marks, "at_issue")
    firm.do(connect, by_token(tax_no="1111111111"), KEY)
    assert (found(firm).marks, found(firm).private_key, found(firm).certificate) == ((), None, None)


def test_with_a_double_everything_is_found_below_its_address(firm: Firm) -> None:
    made = firm.do(lambda books: connect(books, by_token(), KEY, double="http://127.0.0.1:1/world/ksef"))

    addresses = (made.api_url, made.qr_url, made.status_url)
    assert addresses == tuple(f"http://127.0.0.1:1/world/ksef{part}" for part in ("", "/qr", "/latarnia"))


def test_what_the_firm_wants_is_changed_and_nothing_else(firm: Firm) -> None:
    firm.do(connect, by_token(), KEY)
    firm.do(change_connection, Given({"send_mode": "at_printing", "send_delay": 60}))
    with pytest.raises(Invalid, match="immutable"):
        firm.do(change_connection, Given({"tax_no": "1111111111"}))

    assert (found(firm).send_mode, found(firm).send_delay, found(firm).tax_no) == ("at_printing", 60, TAX_NO)
    firm.do(change_connection, Given({"send_delay": 60}))
    assert events(firm) == ["ksef_connected", "ksef_changed"]


def test_who_was_let_in_and_is_put_out_is_put_on_the_list_once(firm: Firm) -> None:
    firm.do(connect, by_token(), KEY)
    firm.do(put_out, "450: Nieprawidłowy token")
    assert firm.do(lambda books: books.all(Todo)) == []
    firm.do(note_sign_in, ("InvoiceRead", "InvoiceWrite"))
    for _ in range(2):
        firm.do(put_out, "450: Token unieważniony")

    [todo] = firm.do(lambda books: books.all(Todo))
    assert (todo.name, todo.done_at) == ("ksef_disconnected", None)
    assert events(firm) == ["ksef_connected", "ksef_disconnected"]
    firm.do(note_sign_in, None)
    [todo] = firm.do(lambda books: books.all(Todo))
    assert (todo.done_at, found(firm).active, found(firm).last_error) == (NOON, True, None)


def test_a_connection_without_a_needed_right_is_not_active(firm: Firm) -> None:
    firm.do(connect, by_token(), KEY)
    firm.do(note_sign_in, ("InvoiceWrite",))

    assert (found(firm).active, found(firm).last_error) == (False, "no_right InvoiceRead")


def test_an_offline_certificate_is_kept_beside_the_other_one(firm: Firm) -> None:
    with pytest.raises(WrongState):
        firm.do(keep_offline_pair, *PAIR, KEY)
    firm.do(connect, by_token(), KEY)
    kept = firm.do(keep_offline_pair, *PAIR, KEY)

    assert (kept.offline_certificate, kept.offline_until) == (PAIR.certificate, NOON + 90 * DAY)
    assert secret_of(kept, "offline_key", KEY) == PAIR.private_key
    with pytest.raises(Invalid, match="has_ended"):
        firm.do(keep_offline_pair, pem(certified(KEY_OF_FIRM, NOON)), PAIR.private_key, KEY)


def test_after_the_end_of_a_connection_the_books_are_whole(firm: Firm) -> None:
    firm.do(connect, by_token(), KEY)
    firm.do(note_sign_in, None)
    firm.do(put_out, "key_lost")
    firm.do(disconnect)

    assert list(check(firm.database, lambda _: None, AUDIT)) == []
    with pytest.raises(WrongState):
        firm.do(disconnect)


@pytest.mark.parametrize("sort", ["send", "batch", "metadata"])
def test_no_window_ever_holds_more_calls_than_may_be(firm: Firm, sort: Sort) -> None:
    limit, made = PUBLISHED[sort], list[dt.datetime]()
    now = NOON
    while now < NOON + dt.timedelta(minutes=75):
        until = firm.database.write(lambda tx, now=now: take_call(Office(tx, now), "test 1", sort, limit))  # type: ignore[misc]
        made += [now] if until is None else []
        assert until is None or until > now
        now = now + dt.timedelta(milliseconds=300) if until is None else until

    for most, length in ((limit.per_second, 1), (limit.per_minute, 60), (limit.per_hour, 3600)):
        for at in made:
            assert sum(at <= other < at + dt.timedelta(seconds=length) for other in made) <= most
    assert len(made) >= limit.per_hour
    left = firm.database.read(lambda tx: calls_left(Office(tx, now), "test 1", sort, limit))
    assert 0 <= left <= limit.per_hour


def test_who_wants_rest_again_soon_gets_twice_as_much(firm: Firm) -> None:
    def rest(seconds: int) -> dt.timedelta:
        now = firm.clock.now()
        return firm.do(lambda books: note_rest(Office(books.tx, books.now), "test 1", seconds)) - now

    assert rest(5) == dt.timedelta(seconds=30)
    firm.clock.stand_at(NOON + dt.timedelta(seconds=40))
    assert rest(5) == dt.timedelta(seconds=60)
    firm.clock.stand_at(firm.clock.now() + DAY)
    assert rest(90) == dt.timedelta(seconds=90)


def test_of_two_limits_the_lower_one_holds() -> None:
    assert limit_of("send", (Limit("send", 5, 100, 7), Limit("status", 1, 1, 1))) == Limit("send", 5, 30, 7)
