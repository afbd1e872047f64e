"""Expenses as the dialect knows them (2.9, 2.10)."""
