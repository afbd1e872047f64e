"""A proof for each promise; README.md is the table."""
