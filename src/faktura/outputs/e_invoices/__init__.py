"""Finished documents as files that other programs read."""
