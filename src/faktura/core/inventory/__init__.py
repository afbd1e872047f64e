"""What is in stock: moves in and out, and what they come to."""
