"""Tests of the business alone."""
