"""The business: no HTTP, no spelling of JSON, no dialect."""
