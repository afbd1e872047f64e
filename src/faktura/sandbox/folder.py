"""The sandbox's folder: its database, the example that a reset goes back to, and sandbox.json with every secret."""

import contextlib
import datetime as dt
import functools
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import typer

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.users import hash_unguessable
from faktura.dialects import Dialect, installed
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.example.firms import OWNER, examples, fill
from faktura.sandbox.example.webhooks import lead_here
from faktura.sandbox.files import DATABASE, EXAMPLE, MANIFEST
from faktura.store import schema
from faktura.store.chance import SYSTEM, Chance, Seeded
from faktura.store.database import Database, open_database
from faktura.store.errors import Unready
from faktura.store.transaction import Transaction

Manifest = dict[str, Any]
"""What stands in sandbox.json."""


def prepare_folder(folder: Path, base_url: str, ca_file: Path | None, beginning: Beginning) -> Manifest:
    """Make what is missing in the folder, and tell in sandbox.json how to get in.

    The credentials are made once for each folder. The database holds their hashes, sandbox.json the credentials, and
    the seed that they follow from.

    Raises:
        Unready: the folder was made by another seed, or with other years, than is asked for now.

    """
    manifest = _begun(folder, beginning)
    if not (folder / EXAMPLE).exists():
        _make_example(folder, manifest, base_url, beginning)
    if not (folder / DATABASE).exists():
        copy = folder / f"{DATABASE}.new"
        copy.touch(mode=0o600)
        shutil.copyfile(folder / EXAMPLE, copy)
        copy.rename(folder / DATABASE)
    _admit_new_dialects(folder, manifest)
    if manifest.get("base_url") != base_url:
        _lead_here(folder, base_url)
    manifest = _addressed(manifest, base_url, ca_file)
    write_manifest(folder, manifest)
    return manifest


def _begun(folder: Path, beginning: Beginning) -> Manifest:
    """What stands in sandbox.json, or the first of it."""
    manifest = read_manifest(folder)
    if manifest and beginning.seed not in {"", manifest.get("seed")}:
        made = f"by the seed {manifest['seed']}" if "seed" in manifest else "without a seed"
        raise Unready(f"{folder} was made {made}. For another one name another folder, or leave --seed out.")
    if manifest and beginning.years not in {0, manifest.get("years", 0)}:
        raise Unready(f"{folder} was made with {manifest.get('years', 0)} years. For others name another folder.")
    manifest.setdefault("seed", beginning.seed or SYSTEM.digits("seed", 16))
    manifest.setdefault("web", {"email": OWNER, "password": chance_of(manifest).letters("password", 12)})
    return manifest


def chance_of(manifest: Manifest) -> Chance:
    """What the example data are drawn from: another row than that of the running sandbox, which never draws the same.

    Credentials that a folder has from earlier stay what they are.
    """
    return Seeded(f"example {manifest['seed']}")


def read_manifest(folder: Path) -> Manifest:
    file = folder / MANIFEST
    return msgspec.json.decode(file.read_bytes(), type=Manifest) if file.exists() else {}


@contextlib.contextmanager
def opened(file: Path, chance: Chance = SYSTEM) -> Iterator[Database]:
    database = open_database(f"sqlite:///{file}", chance)
    try:
        yield database
    finally:
        database.close()


def _make_example(folder: Path, manifest: Manifest, base_url: str, beginning: Beginning) -> None:
    """All of it in one commit: on a busy disk each takes longer than what is in it."""
    unfinished = folder / f"{EXAMPLE}.new"
    for leftover in folder.glob(f"{unfinished.name}*"):
        leftover.unlink()
    password_hash, now = hash_unguessable(manifest["web"]["password"]), beginning.instant or Clock().now()
    manifest |= {"years": beginning.years} if beginning.years else {}

    def work(tx: Transaction) -> Manifest:
        _fill(Office(tx, now), password_hash, beginning)
        told = {d.name: _admitted(tx, d, manifest.get(d.name, {}), now) for d in installed()}
        lead_here(tx, base_url, now)
        return told

    with opened(unfinished, chance_of(manifest)) as database:
        schema.prepare(database)
        manifest |= {"base_url": base_url, **database.write(work)}
    write_manifest(folder, manifest)
    unfinished.rename(folder / EXAMPLE)


def _fill(office: Office, password_hash: str, beginning: Beginning) -> None:
    """Who waits for years at a terminal sees how far they are."""
    days, length = fill(office, password_hash, beginning.years, documents=not beginning.empty), 365 * beginning.years
    with typer.progressbar(days, length=length, label="The firms live", hidden=length == 0) as passing:
        for _ in passing:
            pass


def _admit_new_dialects(folder: Path, manifest: Manifest) -> None:
    """A folder may be older than one of the dialects."""
    for dialect in installed():
        if dialect.name in manifest:
            continue
        for name in (EXAMPLE, DATABASE):
            with opened(folder / name) as database:
                work = functools.partial(
                    _admitted, dialect=dialect, known=manifest.get(dialect.name, {}), now=Clock().now()
                )
                manifest[dialect.name] = database.write(work)


def _lead_here(folder: Path, base_url: str) -> None:
    """It may have been reached elsewhere before."""
    for name in (EXAMPLE, DATABASE):
        with opened(folder / name) as database:
            database.write(lambda tx: lead_here(tx, base_url, Clock().now()))


def _admitted(tx: Transaction, dialect: Dialect, known: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    return dialect.sandbox(examples(Office(tx, now)), known)


def _addressed(manifest: Manifest, base_url: str, ca_file: Path | None) -> Manifest:
    told: Manifest = {"base_url": base_url, "web": manifest["web"]}
    for dialect in installed():
        told[dialect.name] = {"base_url": "", **manifest[dialect.name]}
        told[dialect.name]["base_url"] = base_url + dialect.mounts[0]
    told["control_url"] = f"{base_url}/sandbox"
    told |= {name: manifest[name] for name in ("seed", "years") if name in manifest}
    if ca_file is not None:
        told["ca_file"] = str(ca_file.resolve())
    return told


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Whole or not at all, and for nobody else's eyes."""
    unfinished = folder / f"{MANIFEST}.new"
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(folder / MANIFEST)
