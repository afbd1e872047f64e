"""Generators as the dialect knows them (2.14, 2.15)."""
