"""Tests of what spans folders, and what they stand on."""
