"""What several nouns of the dialect have inside them or are looked for by (1.5, 2.0)."""
