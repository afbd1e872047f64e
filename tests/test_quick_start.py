"""What a sandbox leaves out of its start, so that it is ready soon."""

import subprocess
import sys
from pathlib import Path

from tests.running import environment

LEFT_OUT = {
    "alembic",
    "faktura.web",
    "flask",
    "jinja2",
    "openpyxl",
    "pypdfium2",
    "trustme",
    "typst",
    "wtforms",
    "xlsxwriter",
}

BUILT = """
import os, sys
from pathlib import Path
from faktura import assembly
from faktura.sandbox.beginning import Beginning
from faktura.settings import read_settings

assembly.sandbox(read_settings({}, port=1), Path(sys.argv[1]), Beginning())
print(" ".join(sys.modules), flush=True)
os._exit(0)
"""


def test_what_no_program_asks_for_is_not_imported_before_the_port_opens(tmp_path: Path) -> None:
    """To import and build them took a quarter of the start."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", BUILT, str(tmp_path)],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    imported = set(done.stdout.split())

    assert "faktura.dialects" in imported
    assert imported & LEFT_OUT == set()
