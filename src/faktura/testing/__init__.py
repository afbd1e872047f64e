"""A double of Fakturoid and inFakt in the tests of whoever integrates: docs/sandbox/testing.md."""

from faktura.testing.control import Refused
from faktura.testing.sandbox import Sandbox, attached, started
from faktura.testing.world import Clock, Fakturoid, Infakt, World

__all__ = ["Clock", "Fakturoid", "Infakt", "Refused", "Sandbox", "World", "attached", "started"]
