"""What every request of the dialect has in common: credentials, errors, values, pages, addresses."""
