"""What registries said, shown where it matters, and asked before money leaves."""
