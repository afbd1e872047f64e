"""Where the double differs from a real account: one walk of requests at both, compared without any value."""
