"""Makes the folder of a sandbox with two more firms, by whichever version of the program is imported.

Run as `python -m tests.recorded.furnish FOLDER URL SEED`; what opens the firms is written to standard output.
"""

import contextlib
import datetime as dt
import shutil
import sys
from pathlib import Path

import msgspec

from faktura.core.clock import Clock
from faktura.dialects import installed
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.files import DATABASE, EXAMPLE
from faktura.sandbox.folder import prepare_folder
from faktura.store.chance import Seeded
from faktura.store.database import open_database
from tests.proofs.full_house import Tenant, open_tenant

SLUGS = ("tradecorp", "quietcorp")

BEGIN = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC)
OPENED = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
"""Far enough ahead that the tokens of the firms do not expire while the clock is moved."""


def furnish(folder: Path, url: str, seed: str) -> list[Tenant]:
    """A reset brings the two firms back, for they are in the example data."""
    installed()  # Who tells of events is known when their folders are imported.
    prepare_folder(folder, url, None, Beginning(seed, BEGIN))
    clock = Clock()
    clock.stand_at(OPENED)
    with contextlib.closing(open_database(f"sqlite:///{folder / EXAMPLE}", Seeded(f"recorded {seed}"))) as database:
        tenants = [open_tenant(database, slug, clock) for slug in SLUGS]
    shutil.copyfile(folder / EXAMPLE, folder / DATABASE)
    return tenants


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(furnish(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
