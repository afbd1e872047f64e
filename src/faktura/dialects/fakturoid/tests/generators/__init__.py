"""Generators at the door (2.14)."""
