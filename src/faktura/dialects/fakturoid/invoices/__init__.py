"""Documents as the dialect knows them (2.6 to 2.8)."""
