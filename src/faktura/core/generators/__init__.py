"""Templates from which documents are made."""
