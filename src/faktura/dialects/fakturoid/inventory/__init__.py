"""Inventory items and moves as the dialect knows them (2.12, 2.13)."""
