"""What answers below /sandbox."""
