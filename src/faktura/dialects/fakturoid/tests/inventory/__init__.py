"""Inventory items and moves."""
