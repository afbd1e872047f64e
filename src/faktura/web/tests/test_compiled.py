"""Templates are compiled once, and a page is shown also where that cannot be kept."""

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from faktura.web.door import compiled


@pytest.mark.parametrize("keeps", [True, False])
def test_a_template_is_compiled_once_or_where_its_folder_is_closed_with_every_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, keeps: bool
) -> None:
    folder = tmp_path / "__pycache__" if keeps else tmp_path / "gone" / "__pycache__"
    monkeypatch.setattr(compiled, "FOLDER", folder)
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    for _ in range(2):
        started = Environment(
            loader=DictLoader({"a": "{{ 1 + 1 }}"}), bytecode_cache=compiled.BesideTemplates(), autoescape=True
        )
        assert started.get_template("a").render() == "2"

    assert len(list(tmp_path.glob("__pycache__/*"))) == keeps
