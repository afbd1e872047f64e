"""Files of others, read into plain values."""
