"""Schemas and samples that are kept beside the repository, not in it."""

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("FAKTURA_SHARED", Path(__file__).parent.parent.parent / "shared"))


def shared_or_skip() -> Path:
    """The folder; whoever asks for it where there is none is skipped, a whole file as well as a test."""
    if not SHARED.is_dir():
        pytest.skip("FAKTURA_SHARED names no folder of schemas and samples", allow_module_level=True)
    return SHARED
