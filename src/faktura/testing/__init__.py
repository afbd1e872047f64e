"""A double of Fakturoid and inFakt in the tests of whoever integrates: docs/sandbox/testing.md."""

from faktura.outside.sandbox import Refused
from faktura.testing.sandbox import Sandbox, attached, started
from faktura.testing.world import Clock, Fakturoid, Fault, Infakt, World

__all__ = ["Clock", "Fakturoid", "Fault", "Infakt", "Refused", "Sandbox", "World", "attached", "started"]
