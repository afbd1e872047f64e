"""What a firm says of itself: its numbers and address, its logo, and what it still lacks to issue a document."""
