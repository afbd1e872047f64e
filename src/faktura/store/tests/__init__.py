"""Tests of how data is kept."""
