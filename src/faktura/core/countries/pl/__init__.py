"""Poland, and the lists of codes that its law has."""
