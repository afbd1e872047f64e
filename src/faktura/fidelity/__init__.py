"""How near the double is to the services: what a project uses of them, and where a real account differs."""
