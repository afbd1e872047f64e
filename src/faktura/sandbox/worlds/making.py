"""The folder of a new world: a copy of an example database that only credentials of its own open."""

import shutil
from pathlib import Path

import msgspec
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.applications import Application
from faktura.core.people.users import User, hash_unguessable
from faktura.dialects import installed
from faktura.sandbox.example.firms import OWNER, examples
from faktura.sandbox.example.webhooks import lead_here
from faktura.sandbox.files import DATABASE, EXAMPLE, PLAN
from faktura.sandbox.folder import Manifest, chance_of, opened, read_manifest, write_manifest
from faktura.sandbox.worlds.world import Place, Plan
from faktura.store.chance import SYSTEM
from faktura.store.database import Database
from faktura.store.records import Shared
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of


def make_world(place: Place, base: Path) -> None:
    """Whole or not at all: the folder gets its name last. A world that has a seed has the credentials of that."""
    folder = place.folder.with_name(f".{place.folder.name}.new")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    _copy(base / EXAMPLE, folder / EXAMPLE)
    manifest = read_manifest(base) if place.plan.seed else {"seed": SYSTEM.digits("seed", 16)}
    with opened(folder / EXAMPLE, chance_of(manifest)) as database:
        if not place.plan.seed:
            _admit(database, manifest)
        database.write(lambda tx: lead_here(tx, place.url, Clock().now()))
    _copy(folder / EXAMPLE, folder / DATABASE)
    (folder / PLAN).write_bytes(msgspec.json.encode(place.plan))
    write_manifest(folder, manifest | {"base_url": place.url})
    folder.rename(place.folder)


def read_plan(folder: Path) -> Plan | None:
    """None where no world lies in the folder, or one that was not made to its end."""
    file = folder / PLAN
    return msgspec.json.decode(file.read_bytes(), type=Plan) if file.exists() else None


def _copy(source: Path, target: Path) -> None:
    target.touch(mode=0o600)
    shutil.copyfile(source, target)


def _admit(database: Database, manifest: Manifest) -> None:
    """End the credentials that came with the copy, and give others, which are this world's alone."""
    password = chance_of(manifest).letters("password", 12)
    manifest["web"] = {"email": OWNER, "password": password}
    password_hash = hash_unguessable(password)

    def work(tx: Transaction) -> None:
        office = Office(tx, Clock().now())
        for cls in (ApiKey, Application):
            for record in _all(tx, cls):
                tx.remove(record)
        for user in _all(tx, User):
            office.change(user, password_hash=password_hash)
        for dialect in installed():
            manifest[dialect.name] = dialect.sandbox(examples(office), {})

    database.write(work)


def _all(tx: Transaction, cls: type[Shared]) -> list[Shared]:
    return tx.records(cls, Query(sa.select(*columns_of(cls)).order_by(cls.table.c.id)))
