"""An upgrade, a restored backup and a move between engines lose no record of any kind."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from faktura.store.records import RECORDS
from tests import needs
from tests.proofs.full_house import SECOND_DOOR, SERVICES, Tenant, rows_of, tenants_of
from tests.proofs.history import length
from tests.proofs.served import assert_whole, settings_for
from tests.running import Server, run, running

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(length(300, 600))]

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sqlite"))
TODAY = "today"
"""The file that the present version writes, as a release would."""


def test_the_house_has_every_kind_of_record(full_house: Path) -> None:
    rows = rows_of(f"sqlite:///{full_house}")

    assert [name for name in RECORDS if not rows[name]] == []


@pytest.mark.parametrize("version", [TODAY, *(file.stem for file in RELEASED)])
def test_the_file_of_every_version_is_upgraded_checked_and_served(
    version: str, full_house: Path, tmp_path: Path
) -> None:
    kept = full_house if version == TODAY else Path(__file__).parent / "released" / f"{version}.sqlite"
    file = tmp_path / "faktura.sqlite"
    shutil.copy(kept, file)
    url = f"sqlite:///{file}"

    upgraded = run("db", "upgrade", settings=settings_for(url))

    assert upgraded.returncode == 0, upgraded.stderr
    assert_whole(url)
    if version == TODAY:
        assert rows_of(url) == rows_of(f"sqlite:///{full_house}")
    with running(tmp_path, "serve", settings=settings_for(url)) as server:
        assert_served(server, tenants_of(kept))
    assert_whole(url)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_what_a_running_server_was_backed_up_with_is_served_again(
    engine: str, full_house: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url, new = fresh(engine, request, tmp_path / "faktura.sqlite"), f"sqlite:///{tmp_path / 'backup.sqlite'}"
    done("db", "copy", f"sqlite:///{full_house}", url)
    with running(tmp_path, "serve", settings=quiet(url)) as server:
        assert_served(server, tenants_of(full_house))
        before = rows_of(url)
        done("db", "backup", str(tmp_path / "backup.sqlite"), "--database", url)
        # What comes after the backup is lost with the disk, as its number is.
        lost = issue(server, tenants_of(full_house)[0])

    assert rows_of(new) == before
    assert_whole(new)
    with running(tmp_path, "serve", settings=quiet(new)) as server:
        assert_served(server, tenants_of(full_house))
        assert issue(server, tenants_of(full_house)[0])["number"] == lost["number"]
    assert_whole(new)


def test_from_sqlite_to_postgresql_and_back_every_row_is_the_same(
    full_house: Path, postgres_url: str, tmp_path: Path
) -> None:
    there, back = f"sqlite:///{full_house}", f"sqlite:///{tmp_path / 'back.sqlite'}"

    done("db", "copy", there, postgres_url)
    done("db", "copy", postgres_url, back)

    assert rows_of(postgres_url) == rows_of(there)
    assert rows_of(back) == rows_of(there)
    assert_whole(postgres_url)
    assert_whole(back)


def fresh(engine: str, request: pytest.FixtureRequest, file: Path) -> str:
    return f"sqlite:///{file}" if engine == "sqlite" else str(request.getfixturevalue("postgres_url"))


def quiet(url: str) -> dict[str, str]:
    """Nothing is done but what is asked for, so that rows can be compared."""
    return settings_for(url) | {"FAKTURA_WORKER": "false"}


def done(*arguments: str) -> None:
    ran = run(*arguments)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def issue(server: Server, tenant: Tenant) -> Any:
    sent = {"invoice": {"client_company_name": "Firma", "payment_method": "cash", "services": SERVICES}}
    answer = server.ask("POST", f"{SECOND_DOOR}/invoices.json", sent, tenant.keyed)
    assert answer.status == 201, answer.body
    return answer.json


def assert_served(server: Server, tenants: list[Tenant]) -> None:
    """Each firm reads what it has."""
    for tenant in tenants:
        for noun in ("invoices", "corrective_invoices", "advance_invoices", "final_invoices", "clients", "products"):
            listed = server.ask("GET", f"{SECOND_DOOR}/{noun}.json", headers=tenant.keyed)
            assert listed.status == 200
            assert listed.json["entities"] != [], noun
            for entity in listed.json["entities"]:
                one = server.ask("GET", f"{SECOND_DOOR}/{noun}/{entity['id']}.json", headers=tenant.keyed)
                assert {name: one.json[name] for name in entity} == entity
