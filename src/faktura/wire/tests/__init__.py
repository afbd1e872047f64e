"""Tests of what every machine door needs."""
