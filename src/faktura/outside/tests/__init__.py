"""Tests of what the outside world is asked."""
