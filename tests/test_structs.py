"""Threads may read a record for the first time together."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import environment, run

READERS = """
import os, sys, threading
import msgspec
import faktura.core.tables
from faktura.core.documents.record import Line
from faktura.core.invoices.record import Invoice
from faktura.structs import know_structs

def read_together():
    sys.setswitchinterval(1e-6)
    start = threading.Barrier(4)
    def read():
        start.wait()
        msgspec.json.Decoder(tuple[Line, ...]).decode(b"[]")
        try:
            msgspec.json.Decoder(Invoice).decode(b'{"id": 1, "lines": [{"id": 1}]}')
        except msgspec.ValidationError:
            pass
    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

if sys.argv[1] == "known":
    know_structs()
ended = []
for _ in range(200):
    process = os.fork()
    if process == 0:
        read_together()
        os._exit(0)
    ended.append(os.waitpid(process, 0)[1])
print(sum(map(os.WIFSIGNALED, ended)), len(ended))
"""


def test_no_process_dies_where_threads_read_a_struct_for_the_first_time_together() -> None:
    """Without `know_structs` one to four of 200 die of a null pointer in msgspec."""
    done = subprocess.run(  # noqa: S603 (Python itself)
        [sys.executable, "-W", "ignore", "-c", READERS, "known"],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )

    assert done.stdout.split() == ["0", "200"]


BEGINNING = """
import os, sys
from pathlib import Path
import msgspec
from faktura.assembly.house import house, work
from faktura.assembly.sandbox import sandbox
from faktura.sandbox.beginning import Beginning
from faktura.settings import read_settings
from faktura.store.board import common_to

looked_at = []

def look():
    looked_at.append("Watched")
    return int

class Watched(msgspec.Struct):
    number: "look()"

settings = read_settings(os.environ)
begin = {
    "house": lambda: house(settings, common_to(1)),
    "sandbox": lambda: sandbox(settings, Path(sys.argv[2]), Beginning()),
    "work": lambda: work(settings, lambda: True),
}
begin[sys.argv[1]]()
print("looked at:", *looked_at, flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("process", ["house", "sandbox", "work"])
def test_every_sort_of_process_looks_at_its_structs_when_it_begins(process: str, tmp_path: Path) -> None:
    folder = tmp_path / "sandbox"
    folder.mkdir()
    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'faktura.sqlite'}", "FAKTURA_WORKER": "false"}
    assert run("db", "upgrade", settings=settings).returncode == 0
    done = subprocess.run(  # noqa: S603 (Python itself)
        [sys.executable, "-W", "ignore", "-c", BEGINNING, process, str(folder)],
        env=environment(settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert done.stdout.splitlines()[-1:] == ["looked at: Watched"], done.stderr
