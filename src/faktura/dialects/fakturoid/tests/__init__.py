"""Tests of the dialect against its contract."""
