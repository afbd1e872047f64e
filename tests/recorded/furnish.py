"""Makes the folder of a sandbox with two more firms, by whichever version of the program is imported.

It uses no helper of the tests, which go with this tree, and as little of the program as it can. Run as
`python -m tests.recorded.furnish FOLDER URL SEED`; what opens the firms is written to standard output.
"""

import contextlib
import datetime as dt
import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec
from pwdlib.hashers.argon2 import Argon2Hasher

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.numbering import NumberFormat
from faktura.core.people.accounts import open_account
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.applications import grant_access, register_application
from faktura.core.people.tokens import issue_access_token
from faktura.core.people.users import add_user, join
from faktura.dialects import installed
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.files import DATABASE, EXAMPLE
from faktura.sandbox.folder import prepare_folder
from faktura.store.chance import Seeded
from faktura.store.database import open_database
from faktura.store.transaction import Transaction

SLUGS = ("tradecorp", "quietcorp")
PASSWORD = "correct horse battery staple"

BEGIN = dt.datetime(2026, 5, 4, 8, tzinfo=dt.UTC)
OPENED = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
"""Far enough ahead that the tokens of the firms do not expire while the clock is moved."""


def furnish(folder: Path, url: str, seed: str) -> list[dict[str, Any]]:
    """A reset brings the two firms back, for they are in the example data."""
    installed()  # Who tells of events is known when their folders are imported.
    prepare_folder(folder, url, None, Beginning(seed, BEGIN))
    with contextlib.closing(open_database(f"sqlite:///{folder / EXAMPLE}", Seeded(f"recorded {seed}"))) as database:
        opened = [database.write(lambda tx, slug=slug: open_firm(tx, slug)) for slug in SLUGS]  # type: ignore[misc]
    shutil.copyfile(folder / EXAMPLE, folder / DATABASE)
    return opened


def open_firm(tx: Transaction, slug: str) -> dict[str, Any]:
    """A Polish firm that is let in at both doors and at the pages."""
    office, email = Office(tx, OPENED), f"owner@{slug}.example"
    account = open_account(
        office, slug, f"{slug.capitalize()} s.r.o.", country="PL", currency="PLN", vat_rate=23, invoice_language="pl"
    )
    hashed = Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    user = add_user(office, email, "Jan Novák", hashed, "cs")
    books = Books(tx, account, user.id, OPENED)
    join(books, user, "owner")
    books.add(NumberFormat, kind="invoice", pattern=f"{slug}-#yyyy#-#dddd#")
    application, _, _ = register_application(office, user, "recorded", "personal")
    scopes = tuple(scope for dialect in installed() for scope in dialect.key_scopes)
    return {
        "id": account.id,
        "slug": slug,
        "email": email,
        "token": issue_access_token(office, grant_access(office, application, user.id)),
        "key": add_api_key(office, account, user, "recorded", scopes),
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(furnish(Path(sys.argv[1]), sys.argv[2], sys.argv[3])))
