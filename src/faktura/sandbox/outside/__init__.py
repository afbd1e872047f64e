"""Doubles of the world outside: where letters and messages end up."""
