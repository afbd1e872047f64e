"""What comes in: expenses, and the scans and costs that are the same rows."""
