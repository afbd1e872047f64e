"""Documents as the dialect knows them."""
