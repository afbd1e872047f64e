"""Public registers that are asked."""
