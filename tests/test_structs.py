"""Threads may read a record for the first time together."""

import subprocess
import sys

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
