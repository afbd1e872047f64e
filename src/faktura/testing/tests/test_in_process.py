"""The same world in the process of the tests."""

import threading
import urllib.request

from faktura.testing import World
from faktura.testing.in_process import in_process


def test_a_world_in_this_process_has_the_same_verbs() -> None:
    sandbox = in_process()
    assert sandbox is in_process()
    assert "sandbox" in {thread.name for thread in threading.enumerate()}
    with sandbox.world() as world:
        assert isinstance(world, World)
        world.clock.stand_at("2027-01-01T00:00:00Z")
        assert world.state["clock"] == "2027-01-01T00:00:00Z"
        with urllib.request.urlopen(f"{world.base_url}/readyz") as answer:  # noqa: S310 (here)
            assert answer.status == 200
    assert sandbox.main.state["clock"] is None
    assert sandbox.told["base_url"].startswith("http://127.0.0.1:")
