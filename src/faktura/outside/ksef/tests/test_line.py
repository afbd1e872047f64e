"""The line of an account to KSeF: signing in, renewing, pace, and what can come of a call."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from faktura.core.errors import Invalid, WrongState
from faktura.core.ksef.connection import (
    active_connection,
    connection_of,
    disconnect,
    secret_of,
)
from faktura.core.todos import Todo
from faktura.outside.ksef.failures import NoRight, Refused, Rests, Unreachable
from faktura.outside.ksef.tests.conftest import HOUR, KEY, SECOND, TAX_NO, Connected
from faktura.sandbox.outside.ksef.standing import Standing

BY_TOKEN, BY_CERTIFICATE, RENEWAL = 5, 4, 1
"""How many calls that takes: for a token the keys of KSeF are asked for as well."""

METADATA_A_MINUTE = 16


def signing_in(firm: Connected) -> int:
    return firm.double.counts["anonymous"]


def todos(firm: Connected) -> list[tuple[str, bool]]:
    return [(todo.name, todo.done_at is not None) for todo in firm.do(lambda books: books.all(Todo))]


@pytest.mark.parametrize("method", ["token", "certificate"])
def test_an_account_connects_and_is_let_in(firm: Connected, method: str) -> None:
    made = firm.connect_by_token() if method == "token" else firm.connect_by_certificate()
    assert not made.active
    with pytest.raises(WrongState, match="not_connected"):
        firm.do(active_connection)

    firm.work()

    found = firm.do(active_connection)
    assert found.rights == ("InvoiceRead", "InvoiceWrite")
    assert (found.method, found.tax_no, found.last_error) == (method, TAX_NO, None)
    assert found.checked_at == firm.clock.now()


def test_what_lets_in_is_used_as_long_as_it_holds(firm: Connected) -> None:
    firm.connect_by_token()
    for _ in range(3):
        firm.ask()

    assert signing_in(firm) == BY_TOKEN


def test_of_many_at_once_one_signs_in_for_all(firm: Connected) -> None:
    firm.connect_by_token()
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: firm.ask(), range(6)))

    assert signing_in(firm) == BY_TOKEN


def test_another_process_renews_what_the_first_was_let_in_by(firm: Connected) -> None:
    firm.connect_by_token()
    firm.ask()
    firm.as_another_process()
    firm.ask()

    assert signing_in(firm) == BY_TOKEN + RENEWAL


def test_a_pass_that_ends_is_renewed(firm: Connected) -> None:
    firm.connect_by_certificate()
    firm.ask()
    firm.pass_time(HOUR)
    firm.ask()

    assert signing_in(firm) == BY_CERTIFICATE + RENEWAL


def test_who_is_put_out_signs_in_again_and_then_gives_up(firm: Connected) -> None:
    firm.connect_by_token()
    firm.work()
    firm.double.standing = Standing(refuse_next=(401, 401))
    firm.ask()
    assert firm.connection().active

    firm.double.standing = Standing(refuse_next=(401,) * 10)
    with pytest.raises(NoRight):
        firm.ask()

    assert not firm.connection().active
    assert todos(firm) == [("ksef_disconnected", False)]


def test_a_token_that_nobody_gave_is_refused_in_the_words_of_ksef(firm: Connected) -> None:
    firm.connect_by_token("20261130-EC-0000000000-0000000000-00|nip-1234563218|" + "0" * 64)
    firm.work()

    found = firm.connection()
    assert not found.active
    assert (found.last_error or "").startswith("450")


def test_a_right_that_is_missing_is_named(firm: Connected) -> None:
    firm.connect_by_token(firm.double.token(TAX_NO, ("InvoiceRead",)))
    firm.work()

    assert (firm.connection().active, firm.connection().last_error) == (False, "no_right InvoiceWrite")
    assert firm.connection().rights == ("InvoiceRead",)


def test_a_call_that_is_not_let_through_says_which_right_it_wants(firm: Connected) -> None:
    firm.connect_by_token()
    firm.work()
    firm.double.standing = Standing(refuse_next=(403,))
    with pytest.raises(NoRight) as refused:
        firm.ask("send")

    assert refused.value.right == "InvoiceWrite"
    assert firm.connection().last_error == "no_right InvoiceWrite"
    assert not firm.connection().active


def test_while_ksef_wants_none_no_call_is_made(firm: Connected) -> None:
    firm.connect_by_token()
    firm.ask()
    firm.double.standing = Standing(refuse_next=(429,))
    with pytest.raises(Rests) as first:
        firm.ask()
    asked = firm.double.counts.total()
    with pytest.raises(Rests):
        firm.ask()
    assert firm.double.counts.total() == asked

    firm.clock.stand_at(first.value.until)
    firm.double.standing = Standing(refuse_next=(429,))
    with pytest.raises(Rests) as second:
        firm.ask()
    assert second.value.delay == 2 * first.value.delay
    assert not firm.double.early_calls


def test_our_own_limit_is_kept_before_anything_is_called(firm: Connected) -> None:
    firm.connect_by_token()
    firm.ask()
    for _ in range(METADATA_A_MINUTE):
        firm.ask("metadata")
        firm.pass_time(SECOND)
    asked = firm.double.counts.total()
    with pytest.raises(Rests) as rests:
        firm.ask("metadata")

    assert firm.double.counts.total() == asked
    assert rests.value.delay < 62 * SECOND - METADATA_A_MINUTE * SECOND + SECOND
    assert not firm.double.refusals


@pytest.mark.parametrize("state", ["down", "maintenance"])
def test_who_does_not_answer_has_perhaps_been_reached(firm: Connected, state: str) -> None:
    firm.connect_by_token()
    firm.ask()
    firm.double.standing = Standing(state=state)  # type: ignore[arg-type]

    with pytest.raises(Unreachable):
        firm.ask()
    assert firm.connection().last_error is None


def test_what_ksef_refuses_is_told_with_its_code(firm: Connected) -> None:
    firm.connect_by_token()
    with pytest.raises(Refused) as refused:
        firm.line().call("status", lambda client, access: client.sessions.get_session_status("20261130-SO-0", access))

    assert refused.value.code
    assert refused.value.text


def test_with_another_key_of_the_server_it_says_that_the_key_is_lost(firm: Connected) -> None:
    firm.connect_by_token()
    firm.as_another_process("another" * 8)
    with pytest.raises(NoRight, match="key_lost"):
        firm.ask()

    assert firm.connection().last_error == "key_lost"


def test_a_certificate_that_has_ended_is_not_even_tried(firm: Connected) -> None:
    pair = firm.double.certificate(TAX_NO, days=1)
    firm.connect(certificate=pair[0], private_key=pair[1])
    firm.pass_time(48 * HOUR)
    with pytest.raises(NoRight, match="certificate_ended"):
        firm.ask()
    assert not signing_in(firm)

    with pytest.raises(Invalid, match="has_ended"):
        firm.connect(certificate=pair[0], private_key=pair[1])


def test_who_disconnects_keeps_no_secret(firm: Connected) -> None:
    firm.connect_by_token()
    firm.work()
    firm.do(disconnect)

    assert firm.do(connection_of) is None
    with pytest.raises(WrongState):
        firm.line()


def test_secrets_are_kept_sealed_and_read_by_their_key(firm: Connected) -> None:
    token = firm.double.token(TAX_NO)
    firm.connect_by_token(token)

    kept = firm.connection()
    assert token.encode() not in (kept.token or b"")
    assert secret_of(kept, "token", KEY) == token
    assert secret_of(kept, "token", KEY[:-1]) is None


def test_nothing_of_a_sign_in_stands_in_the_log(firm: Connected, caplog: pytest.LogCaptureFixture) -> None:
    token = firm.double.token(TAX_NO)
    with caplog.at_level(logging.DEBUG):
        firm.connect_by_token(token)
        firm.work()
        firm.ask()

    held = firm.ksef._passes[firm.account.id].opens.token  # noqa: SLF001 (what must stand nowhere)
    refresh = secret_of(firm.connection(), "refresh_token", KEY)
    assert refresh
    for secret in (token, held, refresh):
        assert secret not in caplog.text
