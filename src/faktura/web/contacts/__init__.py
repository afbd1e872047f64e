"""Contacts for members."""
