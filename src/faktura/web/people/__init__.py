"""Sign-in, consent and what a person let in."""
