"""What a project uses of the services, by a recording of its requests."""
