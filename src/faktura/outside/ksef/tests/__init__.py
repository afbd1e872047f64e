"""Tests of how KSeF is reached."""
