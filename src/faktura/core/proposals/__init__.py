"""Changes that a program proposes: nothing is written until a person confirms them."""
