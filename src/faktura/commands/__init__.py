"""What `faktura` does on the command line: one file for each group of commands."""
