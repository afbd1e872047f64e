"""Documents at this door."""
