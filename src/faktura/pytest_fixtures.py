"""Fixtures of pytest, which finds them wherever faktura is installed; who asks for none imports and starts nothing."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from faktura.testing import Sandbox, World


@pytest.fixture(scope="session")
def faktura_sandbox() -> "Iterator[Sandbox]":
    """One for all tests: by the address in FAKTURA_SANDBOX, where that says so in this process, else by command."""
    from faktura.testing import attached, started

    where = os.environ.get("FAKTURA_SANDBOX", "")
    if where == "in-process":
        from faktura.testing.in_process import in_process

        yield in_process()
    elif where:
        yield attached(where)
    else:
        with started() as sandbox:
            yield sandbox


@pytest.fixture
def faktura_world(faktura_sandbox: "Sandbox") -> "Iterator[World]":
    """A world of this test's own, with the example data and the usual state; it is gone at the end."""
    with faktura_sandbox.world() as world:
        yield world
