"""Worlds of a sandbox are apart: what one has is answered in another exactly as what nobody has."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from faktura.store.counters import numbered, set_last_ids
from faktura.store.database import open_database
from tests import needs
from tests.proofs.full_house import APART, rows_of
from tests.proofs.history import length
from tests.proofs.operations import Dialect
from tests.proofs.test_tenancy import (
    NAME_NONE,
    NAMES_A_RECORD,
    SHARE,
    TENANTS,
    Firm,
    Place,
    Values,
    chosen,
    difference,
    look_alike,
    telling,
)
from tests.running import Server, running, wait_until
from tests.sandboxes import JSON

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(length(400, 3000))]


LONG = 20
"""Letters of a uuid or a token at least: shorter ids of the example data are also numbers that name no record."""


class Two(NamedTuple):
    """Two worlds side by side: the own one is empty, the foreign one has the example data."""

    server: Server
    own: Any
    foreign: Any
    own_url: str
    foreign_url: str


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    data = tmp_path / "sandbox"
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        orders = [{"name": "own", "empty": True}, {"name": "foreign"}]
        own, foreign = (server.ask("POST", "/sandbox/worlds", order, JSON).json for order in orders)
        off = {"rate_limits": dict.fromkeys(server.ask("GET", "/sandbox").json["rate_limits"])}
        for one in (own, foreign):
            assert server.ask("PATCH", f"/worlds/{one['name']}/sandbox", off, JSON).status == 200
        urls = [f"sqlite:///{data}/worlds/{one['name']}/faktura.sqlite" for one in (own, foreign)]
        keep_ids_apart(urls[0])
        # Its example data leave files to read and numbers to ask about.
        wait_until(lambda: not rows_of(urls[1])["jobs"])
        yield Two(server, own, foreign, *urls)


def keep_ids_apart(url: str) -> None:
    """What the own world makes meanwhile gets ids that no other world has."""
    database = open_database(url)
    database.write(lambda tx: set_last_ids(tx, {name: APART * n for n, name in enumerate(numbered(), 10)}))
    database.close()


def firms(two: Two) -> Iterator[Firm]:
    """Those of the own world, one at each door."""
    part = two.own["fakturoid"]
    pair = {"client_id": part["client_id"], "client_secret": part["client_secret"], "grant_type": "client_credentials"}
    token = two.server.ask("POST", "/worlds/own/fakturoid/api/v3/oauth/token", pair, JSON).json["access_token"]
    key = {"X-inFakt-ApiKey": two.own["infakt"]["api_key"]}
    ways = {"fakturoid": {"Authorization": f"Bearer {token}"}, "infakt": key}
    for name, credentials in ways.items():
        document = two.server.ask("GET", f"/worlds/own/{name}/openapi.json").json
        mount = two.own[name]["base_url"].removeprefix(two.server.url)
        yield Firm(two.server, Dialect(name, document, mount, credentials, "applecorp"))


def values_only_in(url: str, other: str) -> Values:
    """What names a record in the one database and none in the other."""
    found: dict[tuple[str, str], list[str]] = {}
    here, there = rows_of(url), rows_of(other)
    for table, cls in TENANTS.items():
        both: list[dict[str, set[str]]] = [{}, {}]
        for texts, rows in zip(both, (here[table], there[table]), strict=True):
            for row in rows:
                for name, text in telling(zip(cls.__struct_fields__, row, strict=False)):
                    if NAMES_A_RECORD.search(name):
                        texts.setdefault(name, set()).add(text)
        for name, texts_here in both[0].items():
            if only := sorted(texts_here - both[1].get(name, set())):
                found[table, name] = only
    return found


def test_what_another_world_has_is_answered_as_what_is_missing(two: Two, chance: random.Random) -> None:
    foreign, own = values_only_in(two.foreign_url, two.own_url), values_only_in(two.own_url, two.foreign_url)
    own_ids = {str(row[1]) for rows in rows_of(two.own_url).values() for row in rows}
    known = {value for values in (foreign, own) for some in values.values() for value in some}
    before = rows_of(two.foreign_url)
    wrong: list[str] = []
    written: set[str] = set()
    asked = 0
    for firm in firms(two):
        for place in sorted(firm.places(), key=Place.turn):
            if place.part != "path" and chance.random() > SHARE:
                continue
            for value in chosen(foreign, place, chance):
                if place.operation.path in NAME_NONE or (place.part != "path" and len(value) < LONG):
                    continue
                # Where an endpoint names a record of another table, that number may be one of its own.
                if value in own_ids:
                    continue
                asked += 1
                told = difference(firm, place, value, lambda one: missing(one, chance, known))
                wrong += [f"{place}: {value} {told}"] if told and value not in written else []
                written |= {value} if place.part != "path" and place.operation.writes else set()
    assert wrong == []
    assert asked > 300
    assert rows_of(two.foreign_url) == before


def missing(value: str, chance: random.Random, known: set[str]) -> str:
    """A value of the same look that is nobody's; ids of the example data are too short for there to be such."""
    return str(chance.randrange(900_000_000, 999_999_999)) if value.isdecimal() else look_alike(value, chance, known)


def test_links_letters_and_webhooks_of_another_world_are_not_there(two: Two) -> None:
    links = list(values_only_in(two.foreign_url, two.own_url)["invoices", "token"])

    def statuses(world: str, path: str) -> set[int]:
        return {two.server.ask("GET", f"/worlds/{world}{path}{one}").status for one in links[:20]}

    assert statuses("foreign", "/applecorp/p/") | statuses("foreign", "/jabluszko/p/") >= {200}
    assert statuses("own", "/applecorp/p/") | statuses("own", "/jabluszko/p/") == {404}
    assert two.server.ask("POST", "/worlds/foreign/sandbox/webhooks", {"told": "there"}, JSON).status == 200
    assert two.server.ask("GET", "/worlds/foreign/sandbox/webhooks").json["webhooks"] != []
    assert two.server.ask("GET", "/worlds/own/sandbox/webhooks").json["webhooks"] == []
    assert two.server.ask("GET", "/sandbox/webhooks").json["webhooks"] == []
