"""Client libraries that come from npm."""
