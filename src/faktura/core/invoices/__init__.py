"""Documents that an account issues."""
