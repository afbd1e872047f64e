"""The tests of the inFakt dialect."""
