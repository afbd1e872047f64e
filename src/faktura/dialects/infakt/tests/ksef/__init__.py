"""Tests of section 19: KSeF."""
