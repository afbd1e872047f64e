"""A finished document in another shape, and how it leaves the house."""
