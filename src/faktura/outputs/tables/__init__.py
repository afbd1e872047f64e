"""Documents as tables and as files packed together, for programs that compute with them."""
