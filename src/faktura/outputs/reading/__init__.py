"""What a document says, once: paper, page and letter only spell it."""
