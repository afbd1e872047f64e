"""What becomes of documents that are sent to KSeF: one by one, and many in a package."""
