"""Costs (section 20)."""
