"""The sandbox's folder: its database, the example that a reset goes back to, and sandbox.json with every secret."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.users import hash_password
from faktura.dialects import Dialect, installed
from faktura.sandbox.example.firms import OWNER, examples, fill
from faktura.sandbox.example.webhooks import lead_here
from faktura.sandbox.files import DATABASE, EXAMPLE, MANIFEST
from faktura.store import schema
from faktura.store.chance import SYSTEM
from faktura.store.database import Database, open_database
from faktura.store.transaction import Transaction

Manifest = dict[str, Any]
"""What stands in sandbox.json."""


def prepare_folder(folder: Path, base_url: str, ca_file: Path | None) -> Manifest:
    """Make what is missing in the folder, and tell in sandbox.json how to get in.

    The credentials are made once for each folder. The database holds their hashes, sandbox.json the credentials.
    """
    manifest = read_manifest(folder)
    manifest.setdefault("web", {"email": OWNER, "password": SYSTEM.letters("password", 12)})
    if not (folder / EXAMPLE).exists():
        _make_example(folder, manifest)
    if not (folder / DATABASE).exists():
        copy = folder / f"{DATABASE}.new"
        copy.touch(mode=0o600)
        shutil.copyfile(folder / EXAMPLE, copy)
        copy.rename(folder / DATABASE)
    _admit_new_dialects(folder, manifest)
    if manifest.get("base_url") != base_url:
        _lead_here(folder, base_url)
    manifest = _addressed(manifest, base_url, ca_file)
    _write_manifest(folder, manifest)
    return manifest


def read_manifest(folder: Path) -> Manifest:
    file = folder / MANIFEST
    return msgspec.json.decode(file.read_bytes(), type=Manifest) if file.exists() else {}


@contextlib.contextmanager
def opened(file: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{file}")
    try:
        yield database
    finally:
        database.close()


def _make_example(folder: Path, manifest: Manifest) -> None:
    unfinished = folder / f"{EXAMPLE}.new"
    for leftover in folder.glob(f"{unfinished.name}*"):
        leftover.unlink()
    password_hash = hash_password(manifest["web"]["password"])
    with opened(unfinished) as database:
        schema.prepare(database)
        database.write(lambda tx: fill(_office(tx), password_hash))
        for dialect in installed():
            manifest[dialect.name] = _admit(database, dialect, manifest.get(dialect.name, {}))
    _write_manifest(folder, manifest)
    unfinished.rename(folder / EXAMPLE)


def _admit_new_dialects(folder: Path, manifest: Manifest) -> None:
    """A folder may be older than one of the dialects."""
    for dialect in installed():
        if dialect.name in manifest:
            continue
        for name in (EXAMPLE, DATABASE):
            with opened(folder / name) as database:
                manifest[dialect.name] = _admit(database, dialect, manifest.get(dialect.name, {}))


def _lead_here(folder: Path, base_url: str) -> None:
    """It may have been reached elsewhere before."""
    for name in (EXAMPLE, DATABASE):
        with opened(folder / name) as database:
            database.write(lambda tx: lead_here(tx, base_url, Clock().now()))


def _admit(database: Database, dialect: Dialect, known: Mapping[str, Any]) -> dict[str, Any]:
    def work(tx: Transaction) -> dict[str, Any]:
        return dialect.sandbox(examples(_office(tx)), known)

    return database.write(work)


def _office(tx: Transaction) -> Office:
    return Office(tx, Clock().now())


def _addressed(manifest: Manifest, base_url: str, ca_file: Path | None) -> Manifest:
    told: Manifest = {"base_url": base_url, "web": manifest["web"]}
    for dialect in installed():
        told[dialect.name] = {"base_url": "", **manifest[dialect.name]}
        told[dialect.name]["base_url"] = base_url + dialect.mounts[0]
    told["control_url"] = f"{base_url}/sandbox"
    if ca_file is not None:
        told["ca_file"] = str(ca_file.resolve())
    return told


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    unfinished = folder / f"{MANIFEST}.new"
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(folder / MANIFEST)
