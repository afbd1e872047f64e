"""A document as a letter, and the server that takes it."""
