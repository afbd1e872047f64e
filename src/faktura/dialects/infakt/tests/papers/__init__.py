"""Tests of papers without a buyer at this door."""
