"""Amounts and what they are worth in another currency."""
