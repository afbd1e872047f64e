"""Firms looked up in a registry: what it says, and everything that it may say instead."""

import datetime as dt
import json
import threading
from typing import Any

import pytest

from faktura.core.registries.facts import Facts, Said
from faktura.outside.http import Client
from faktura.outside.registries.adapter import LONGEST
from faktura.outside.registries.firms import AT_ONCE, NOBODY, LookUps, NumberName, facts_of
from tests.http_double import Reply, host
from tests.registry_double import FIRM, Register
from tests.running import wait_until

NOW = dt.datetime(2026, 11, 28, 12, tzinfo=dt.UTC)


def ask(reply: Reply, country: str = "CZ", patience: float = 30) -> Facts | str:
    with host(lambda _path: reply) as there:
        look_ups = LookUps({"CZ": Register(there.url)}, Client(loopback=True), patience)
        return look_ups.look_up(country, "12345679", NOW)


def test_facts_have_their_source_and_their_time() -> None:
    facts = ask(Reply(200, FIRM))

    assert isinstance(facts, Facts)
    assert (facts.source, facts.asked_at) == ("REGISTER", NOW)
    assert (facts.name, facts.city, facts.ended_on) == ("Karel <b>Novák</b> s.r.o.", "Praha", None)


def test_a_firm_that_is_not_there_is_no_fault() -> None:
    assert ask(Reply(404)) == "not_there"


def test_a_country_without_a_registry_is_asked_nowhere() -> None:
    assert ask(Reply(200, FIRM), "DE") == "not_configured"
    assert NOBODY.look_up("CZ", "12345679", NOW) == "not_configured"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500),
        Reply(503, b"<html>Maintenance</html>"),
        Reply(200, b"<html>Maintenance</html>"),
        Reply(200, b""),
        Reply(200, b"[]"),
        Reply(200, b'{"name": 5}'),
        Reply(200, b'{"name": ["Karel"]}'),
        Reply(200, b'{"name": null}'),
        Reply(200, b'{"ended_on": "yesterday"}'),
        Reply(200, json.dumps({"name": "x" * (LONGEST + 1)}).encode()),
        Reply(200, b'{"name": "' + b"x" * 2_000_000 + b'"}'),
        Reply(200, b'{"name": "Karel"', promised=900),
        Reply(200, b'{"name": "\xff"}'),
        Reply(302, location="http://127.0.0.1:1/elsewhere"),
    ],
    ids=str,
)
def test_what_is_no_answer_as_agreed_is_never_taken_for_facts(reply: Reply) -> None:
    assert ask(reply) == "not_reachable"


class Silent:
    """A registry that answers when it is let."""

    name = "SILENT"
    by: NumberName = "registration_no"
    read = staticmethod(str)

    def __init__(self) -> None:
        self.let = threading.Event()
        self.asked = 0

    def ask(self, _client: Client, number: str) -> Said | None:
        self.asked += 1
        self.let.wait(60)
        return Said(registration_no=number)


def test_nobody_waits_for_a_slow_registry_and_a_few_slow_answers_take_no_further_threads() -> None:
    silent = Silent()
    look_ups = LookUps({"CZ": silent}, patience=0.05)
    assert {look_ups.look_up("CZ", "1", NOW) for _ in range(AT_ONCE + 3)} == {"not_reachable"}
    assert silent.asked == AT_ONCE
    silent.let.set()
    wait_until(lambda: isinstance(look_ups.look_up("CZ", "1", NOW), Facts))


@pytest.mark.parametrize(
    ("name", "kept"),
    [("Dlouhá\n  ulice\t1", "Dlouhá ulice 1"), ("a\u202eb\x00c\x1b[0m", "abc[0m"), ("<script>alert(1)</script>",) * 2],
)
def test_a_text_becomes_one_line_without_what_no_text_may_hold(name: str, kept: str) -> None:
    assert facts_of(Said(name=name), "REGISTER", NOW).name == kept


@pytest.mark.parametrize("value", [5, None, ["x"], {"a": 1}])
def test_an_adapter_that_lets_another_type_through_is_found_out(value: Any) -> None:
    with pytest.raises(Exception, match="Expected `str`"):
        facts_of(Said(name=value), "REGISTER", NOW)
