"""What one test does at a door that is built once is nothing to the next."""

import gc
import weakref
from typing import Any

from falcon import testing

from faktura.core.clock import Clock
from faktura.dialects import Dialect
from faktura.outputs.printing.printer import Printer
from faktura.outside.registries.firms import LookUps
from faktura.store.database import open_database
from faktura.wire.service import Modes, Service
from tests.built_once import built_once
from tests.needs import EACH_DIALECT


def service_at(url: str) -> Service:
    parts = open_database(url), Clock(), "http://faktura.example", frozenset({url})
    return Service(*parts, printer=Printer(1), look_ups=LookUps({}))


def ask_everything(dialect: Dialect, service: Service) -> None:
    """Each operation of the document, by somebody with a credential that is none, and a path that is not there."""
    door = testing.TestClient(built_once(dialect.application, service))
    who = {"User-Agent": "Tests", "Authorization": "Bearer nobody's", "X-inFakt-ApiKey": "nobody's"}
    for path, item in dialect.openapi("http://faktura.example")["paths"].items():
        for method in item.keys() - {"parameters"}:
            door.simulate_request(method.upper(), path.replace("{", "").replace("}", ""), headers=who, json={})
    door.simulate_get("/nowhere", headers=who)


@EACH_DIALECT
def test_a_door_keeps_no_part_of_a_service_that_it_served(dialect: Dialect, sqlite_url: str) -> None:
    first = service_at(sqlite_url)
    ask_everything(dialect, first)
    parts = {name: getattr(first, name) for name in Service.__struct_fields__}
    kept = {
        name: weakref.ref(part)
        for name, part in parts.items()
        if type(part).__weakrefoffset__ and name not in {"mounts", "of_programs"}
    }
    assert kept.keys() >= {"database", "clock", "rate_limit", "visitors", "running", "rendered", "printer"}
    first.database.close()
    second = service_at(sqlite_url)
    ask_everything(dialect, second)

    del first, parts
    gc.collect()
    assert [name for name, part in kept.items() if part() is not None] == []
    second.database.close()


@EACH_DIALECT
def test_what_is_switched_for_one_service_is_not_for_another(dialect: Dialect, sqlite_url: str) -> None:
    limited, free = service_at(sqlite_url), service_at(sqlite_url)
    limited.modes = Modes(rate_limits={dialect.name: dict.fromkeys(dialect.rate_limits, 0)})

    def statuses() -> Any:
        return [
            testing.TestClient(built_once(dialect.application, service)).simulate_get("/nowhere.json").status_code
            for service in (limited, free, limited)
        ]

    first, second, third = statuses()
    assert first == third == 429
    assert second != 429
    limited.database.close()
    free.database.close()
