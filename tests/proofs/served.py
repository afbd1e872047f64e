"""A started server that a proof works on, and whether its data is whole afterwards."""

import contextlib

from faktura.core.clock import Clock
from faktura.store.database import open_database
from tests.firm import Firm, open_firm
from tests.running import run

KEY = "a key for tests that has enough letters"


def settings_for(url: str) -> dict[str, str]:
    """What a server is started with that counts no requests."""
    return {"FAKTURA_SECRET_KEY": KEY, "FAKTURA_RATE_LIMITS": "false", "FAKTURA_DATABASE_URL": url}


def make_firm(url: str) -> Firm:
    with contextlib.closing(open_database(url)) as database:
        return open_firm(database, Clock())


def contacts_path(firm: Firm) -> str:
    return f"/fakturoid/api/v3/accounts/{firm.account.slug}/subjects.json"


def headers_of(firm: Firm) -> dict[str, str]:
    return {"Authorization": f"Bearer {firm.token}", "Content-Type": "application/json", "User-Agent": "tests"}


def assert_whole(url: str) -> None:
    """Fail where `faktura db check` finds anything."""
    checked = run("db", "check", settings=settings_for(url))
    assert checked.returncode == 0, checked.stdout + checked.stderr
