"""Papers without a buyer (sections 13 to 16)."""
